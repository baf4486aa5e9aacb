"""What a problem does to a customer, and what a recovery saves: satisfaction and chance of return, after the fact."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np

from sim.flow.log import Cause, EncounterLog, Ended, Severity
from sim.quality.levels import TOP
from sim.quality.marks import Marks
from sim.quality.tables import Flags, Floats, Ints, Judgement
from sim.units import MICROSECONDS_PER_MINUTE

_REACHED_THE_CUSTOMER = 1  # of log.error


class Case(IntEnum):
    """How an encounter stands as to problems."""

    NO_PROBLEM = 0
    SILENT = 1  # a problem, and she said nothing
    UNRESOLVED = 2  # she spoke up in vain
    RESOLVED = 3
    QUICK = 4  # resolved soon enough to impress


def cases_of(log: EncounterLog) -> Ints:
    """(n,) the Case of each encounter; without recovery in the scenario nobody has a problem."""
    rule: Any = log.site.scenario.management.recovery
    if rule is None:
        return np.zeros(len(log.problem), dtype=np.int64)
    resolved = log.resolved > 0
    quick = resolved & (log.recovered_us <= rule.quick * MICROSECONDS_PER_MINUTE)
    spoke = np.where(quick, Case.QUICK, np.where(resolved, Case.RESOLVED, Case.UNRESOLVED))
    return np.where(log.problem == Severity.NONE, Case.NO_PROBLEM, np.where(log.voiced > 0, spoke, Case.SILENT))


def harmed(log: EncounterLog) -> Ints:
    """Rows of the completed encounters that had a problem."""
    return np.flatnonzero((log.problem != Severity.NONE) & (log.ended_as == Ended.COMPLETED))


def failures(table: Judgement, marks: Marks) -> Flags:
    """(r,) which marks were problems: errors, and lapses of what matters, that reached the customer."""
    wrong: Flags = (marks.cause >= Cause.KNOWLEDGE) & (marks.cause <= Cause.ERROR)
    return wrong & table.grave[marks.action]


def only_once(log: EncounterLog, table: Judgement, marks: Marks) -> Flags:
    """(n,) encounters in which one visit alone had problems, so that what was put right was the first and last."""
    bad = (log.error == _REACHED_THE_CUSTOMER) & table.has_problems[log.stage]
    bad[marks.visit[failures(table, marks)]] = True
    once: Flags = np.bincount(log.encounter[bad], minlength=len(log.segment)) == 1
    return once


def after_paradox(unharmed: Floats, paradox: float) -> Floats:
    """Satisfaction after a quick solution of the only problem (E37): beyond what it would have been without it.

    Direction from de Matos, Henrique and Rossi 2007, for satisfaction alone.
    """
    return np.minimum(TOP, unharmed + paradox)


def retained(severity: Ints, case: Ints, unharmed_chance: Floats, retention: Any) -> Floats:
    """Chance of return of customers with a problem (E36), of minor or major severity and any case but NO_PROBLEM.

    Never more than `retention.bonus` above `unharmed_chance`, theirs had there been no problem (NaN: not known).
    """
    after = np.array([[of.silent, of.unresolved, of.resolved, of.quick] for of in (retention.minor, retention.major)])
    chance: Floats = np.fmin(after[severity - Severity.MINOR, case - Case.SILENT], unharmed_chance + retention.bonus)
    return chance
