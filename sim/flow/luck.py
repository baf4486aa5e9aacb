"""What a customer brings to a stage: her work, her patience and the uniform of every decision there.

First passages, and second ones where customers come round again, are drawn for a whole day at once; later ones one
by one, with the same bits.
"""

from __future__ import annotations

import math
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.chance.keys import stream_key
from sim.chance.laws import Law
from sim.chance.philox import pair, uniform_pairs
from sim.errors import ModelError
from sim.flow.blueprint import TimedLaw
from sim.flow.site import Site
from sim.units import MICROSECONDS_PER_MINUTE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rows = list[list[float]]

FOR_EVER_US = 1 << 62
"""Patience without end, and anything else that does not come; beyond every horizon."""

_HALF = 0.5  # stands for the uniform of a constant law, which asks for none


class Luck:
    """The chance of the first visits of n customers to a stage, or of one later visit: columns, one row a visit.

    Laws by time of day have a column each; the one in force on joining counts. A purpose that nothing asks for has no
    column.
    """

    __slots__ = (
        "actions", "balk", "caught", "check", "choose", "error", "error_caught", "patience_us", "retry", "retry_after",
        "return_after", "returns", "route", "silent", "work_min",
    )  # fmt: skip
    # Those of the subclass, which is drawn where anything asks for them.
    voice: list[float]
    authority: list[float]
    resolve: list[float]
    severity: list[float]
    reflect: list[float]
    automated: list[tuple[float, ...]]  # a row for each visit; 1 for an action that is not automated

    def __init__(
        self, luck: StageLuck, first: Rows, second: Rows, work: list[list[float]], patience: list[list[int]]
    ) -> None:
        """``first`` and ``second`` are the two halves of each key's block: a row for each key, n numbers in each."""

        column = partial(_column, luck)
        self.work_min = work
        self.patience_us = patience
        self.balk = column(first, _BALK)
        self.route = column(first, _ROUTE)
        self.error, self.error_caught = column(first, _ERROR), column(second, _ERROR)
        self.returns, self.return_after = column(first, _RETURN), column(second, _RETURN)
        self.retry, self.retry_after = column(first, _RETRY), column(second, _RETRY)
        self.check = column(first, _CHECK)
        self.silent = column(first, _SILENT)
        self.choose = column(first, _CHOOSE)
        start = len(luck.keys) - luck.n_actions
        self.actions = list(zip(*first[start:], strict=True))  # a row for each visit
        self.caught = list(zip(*second[start:], strict=True))


class WiderLuck(Luck):
    """The same where machines serve, problems are heard, or services are thought over."""

    __slots__ = ("authority", "automated", "reflect", "resolve", "severity", "voice")

    def __init__(
        self, luck: StageLuck, first: Rows, second: Rows, work: list[list[float]], patience: list[list[int]]
    ) -> None:
        """As for ``Luck``."""
        super().__init__(luck, first, second, work, patience)

        column = partial(_column, luck)
        self.voice, self.authority = column(first, _VOICE), column(second, _VOICE)
        self.resolve, self.severity = column(first, _RESOLVE), column(second, _RESOLVE)
        self.reflect = column(first, _REFLECT)
        actions = len(luck.keys) - luck.n_actions
        own = dict(zip(luck.automated, first[actions - len(luck.automated) : actions], strict=True))
        people = [1.0] * len(work[0])
        self.automated = list(zip(*(own.get(k, people) for k in range(luck.n_actions)), strict=True))


def _column(luck: StageLuck, u: Rows, purpose: int) -> list[float]:
    row = luck.rows[purpose]
    return [] if row < 0 else u[row]


_PURPOSES = (
    "work", "patience", "balk", "route", "error", "return", "retry", "check", "silent", "choose",
    "voice", "resolve", "reflect",
)  # fmt: skip
(
    _WORK, _PATIENCE, _BALK, _ROUTE, _ERROR, _RETURN, _RETRY, _CHECK, _SILENT, _CHOOSE,
    _VOICE, _RESOLVE, _REFLECT,
) = range(len(_PURPOSES))  # fmt: skip


class StageLuck(NamedTuple):
    """The keys and laws of one segment at one stage. A purpose that nothing asks for is not drawn."""

    element: str  # for messages: segment and stage
    keys: NDArray[np.uint64]  # of the purposes asked for, of the automated actions, then of all actions
    rows: tuple[int, ...]  # row of each purpose in ``keys``; -1: not asked for
    n_actions: int
    automated: tuple[int, ...]  # columns of the actions that a machine may do
    made_as: type[Luck]
    work: TimedLaw
    waits: tuple[Law, ...]  # laws of patience; none: infinite


def stage_luck(site: Site, segment: int, stage: int, seed: int, replication: int) -> StageLuck:
    """Prepare the keys of what a segment's customers bring to a stage. The policy is in none of them."""
    names = site.segments[segment], site.stages[stage].name
    patience = site.customers[segment].patience[stage]
    asked = _asked_for(site, segment, stage)
    purposes = [p for p in range(len(_PURPOSES)) if p in asked]
    keys = [stream_key(seed, replication, _PURPOSES[p], *names) for p in purposes]
    actions = site.stages[stage].actions
    machines = site.scenario.management.automation
    automated = tuple(k for k, action in enumerate(actions) if action.name in machines)
    keys += [stream_key(seed, replication, "automation", *names, actions[k].name) for k in automated]
    keys += [stream_key(seed, replication, "action", *names, action.name) for action in actions]
    return StageLuck(
        element=f"stage {names[1]}, segment {names[0]}",
        keys=np.array(keys, dtype=np.uint64),
        rows=tuple(purposes.index(p) if p in asked else -1 for p in range(len(_PURPOSES))),
        n_actions=len(actions),
        automated=automated,
        made_as=WiderLuck if automated or asked & {_VOICE, _RESOLVE, _REFLECT} else Luck,
        work=site.stages[stage].work,
        waits=patience.laws if patience else (),
    )


def _asked_for(site: Site, segment: int, stage_at: int) -> set[int]:
    stage, customer = site.stages[stage_at], site.customers[segment]
    management = site.scenario.management
    recovery = management.recovery
    recovers = recovery is not None and recovery.stage == stage.name
    problems = recovery is not None and not recovers and stage.may_raise_problems
    asked = {
        _WORK: not all(law.is_constant for law in stage.work.laws),
        _PATIENCE: customer.patience[stage_at] is not None,
        _BALK: stage.balks,
        _ROUTE: len(stage.routes[segment].targets) > 1,
        _ERROR: stage.error > 0,
        _RETURN: stage.returns > 0,
        _RETRY: stage.retry > 0,
        _CHECK: management.self_check.share > 0,
        _SILENT: customer.silent[stage_at] is not None,
        _CHOOSE: site.choose.name == "RANDOM",
        _VOICE: problems,
        _RESOLVE: problems or recovers,
        _REFLECT: management.reflection is not None and stage.has_queue and bool(stage.actions),
    }
    return {purpose for purpose, wanted in asked.items() if wanted}


def passages(luck: StageLuck, day: Ints, index: Ints, visit: int) -> Luck:
    """The luck of n customers of a day on their visit number ``visit`` (0 is the first), drawn in one go."""
    n = len(index)
    first, second = uniform_pairs(luck.keys, index, day, visit) if len(luck.keys) else np.empty((2, 0, n))

    def drawn(law: Law, purpose: int) -> Floats:
        row = luck.rows[purpose]
        return law.quantiles(np.full(n, _HALF) if row < 0 else first[row])

    work = [drawn(law, _WORK) for law in luck.work.laws]
    for values in work:
        _check(values, luck.element, "work")
    patience = [_patience_us(drawn(law, _PATIENCE)).tolist() for law in luck.waits]
    return luck.made_as(luck, first.tolist(), second.tolist(), [values.tolist() for values in work], patience)


def later_passage(luck: StageLuck, day: int, index: int, visit: int) -> Luck:
    """The luck of one customer on her visit number ``visit`` to the stage: a single row, the same bits."""
    pairs = [pair(key, index, day, visit) for key in luck.keys.tolist()]
    first, second = [[u] for u, _ in pairs], [[u] for _, u in pairs]

    def drawn(law: Law, purpose: int) -> float:
        row = luck.rows[purpose]
        return law.quantile(_HALF if row < 0 else first[row][0])

    work = [drawn(law, _WORK) for law in luck.work.laws]
    for minutes in work:
        if not 0.0 <= minutes < math.inf:
            _check(np.array([minutes]), luck.element, "work")
    patience = [[_whole_us(drawn(law, _PATIENCE))] for law in luck.waits]
    return luck.made_as(luck, first, second, [[minutes] for minutes in work], patience)


def _whole_us(minutes: float) -> int:
    microseconds = minutes * MICROSECONDS_PER_MINUTE
    return FOR_EVER_US if microseconds >= FOR_EVER_US else math.floor(microseconds + 0.5)


def _patience_us(minutes: Floats) -> Ints:
    endless = minutes * MICROSECONDS_PER_MINUTE >= FOR_EVER_US
    counted = np.floor(np.where(endless, 0.0, minutes) * MICROSECONDS_PER_MINUTE + 0.5)
    return np.where(endless, FOR_EVER_US, counted.astype(np.int64))


def _check(minutes: Floats, element: str, what: str) -> None:
    """SimPy takes a negative or undefined delay without a word; here it is an error that names its source."""
    wrong = ~(np.isfinite(minutes) & (minutes >= 0))
    if wrong.any():
        raise ModelError(
            f"{element}: {what} of customer {int(np.argmax(wrong))} came out as {minutes[wrong][0]} minutes"
        )
