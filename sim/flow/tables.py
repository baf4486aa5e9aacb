"""The log as tables for people: names for positions, minutes for microseconds, empty for what never was."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.flow.log import AUTOMATED, FIXED, Cause, EncounterLog, Ended, Severity, VisitEnded
from sim.units import MICROSECONDS_PER_MINUTE

Columns = dict[str, NDArray[Any]]


def encounter_columns(log: EncounterLog) -> Columns:
    """One row per encounter. Columns ending in ``_min`` count minutes from midnight of day 0, but ``recovered_min``
    from speaking up. What has to do with problems is there where the scenario has recovery."""
    columns: Columns = {
        "replication": np.full(len(log.number), log.replication),
        "encounter": log.number,
        "segment": _names(log.site.segments, log.segment),
        "day": log.day,
        "group": log.group,
        "arrived_min": _minutes(log.arrived_us),
        "left_min": _minutes(log.left_us),
        "away_min": _minutes(log.away_us),
        "ended_as": _words(Ended, log.ended_as),
        "return_lost": log.return_lost == 1,
    }
    if log.site.scenario.management.recovery is not None:
        severity = ["" if kind == Severity.NONE else kind.name.lower() for kind in Severity]
        columns["problem"] = np.array(severity, dtype=object)[log.problem]
        columns["voiced"] = log.voiced == 1
        columns["resolved"] = log.resolved == 1
        columns["recovered_min"] = _minutes(log.recovered_us)
    return columns


def visit_columns(log: EncounterLog) -> Columns:
    """One row per visit, with a column ``action.NAME`` for each action: hit, the cause of its miss, or empty."""
    member_names = tuple(member.name for member in log.site.members)
    stages = tuple(stage.name for stage in log.site.stages)
    columns: Columns = {
        "replication": np.full(len(log.stage), log.replication),
        "encounter": log.number[log.encounter],
        "segment": _names(log.site.segments, log.segment[log.encounter]),
        "stage": _names(stages, log.stage),
        "visit": log.visit + 1,
        "joined_min": _minutes(log.joined_us),
        "started_min": _minutes(log.started_us),
        "ended_min": _minutes(log.ended_us),
        "wait_min": log.wait_us / MICROSECONDS_PER_MINUTE,
        "ended_as": _words(VisitEnded, log.visit_ended_as),
        "member": _names(member_names, log.member),
        "announced": _announced(log),
        "present": log.present,
        "hands": log.capacity,
        "on_shift_min": _minutes(log.shift_us),
        "checked": log.checked == 1,
        "error": np.array(["", "uncaught", "caught"])[log.error],
    }
    for s, stage in enumerate(log.site.stages):
        for k, action in enumerate(stage.actions):
            here = (log.stage == s) & (log.started_us >= 0)
            words = _causes(log.causes[:, k])
            words[~here] = None
            columns[f"action.{action.name}"] = words
    return columns


def _announced(log: EncounterLog) -> NDArray[np.float64]:
    """Minutes of expected wait, or places ahead, as the stage announces; nothing where nothing was said."""
    unit = np.array([1 if stage.announces == "position" else MICROSECONDS_PER_MINUTE for stage in log.site.stages])
    return np.where(log.announced_us >= 0, log.announced_us / unit[log.stage], np.nan)


def _minutes(instants_us: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(instants_us >= 0, instants_us / MICROSECONDS_PER_MINUTE, np.nan)


def _names(names: tuple[str, ...], positions: NDArray[np.int64]) -> NDArray[Any]:
    table = np.array([*names, None], dtype=object)  # NOBODY, -1, is the last
    return table[positions]


def _words(kinds: type[Ended] | type[VisitEnded], codes: NDArray[np.int64]) -> NDArray[Any]:
    return np.array([kind.name.lower() for kind in kinds], dtype=object)[codes]


def _causes(codes: NDArray[np.uint8]) -> NDArray[Any]:
    words = np.full(2 * AUTOMATED, None, dtype=object)
    for cause in Cause:
        words[cause] = cause.name.lower()
        words[cause | FIXED] = f"{cause.name.lower()}, fixed"
        words[cause | AUTOMATED] = f"{cause.name.lower()}, automated"
    found: NDArray[Any] = words[codes]
    return found
