"""What a customer brings to a stage: her work, her patience and the uniform of every decision there.

First passages are drawn for a whole day at once; later ones one by one, with the same bits.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.chance.keys import stream_key
from sim.chance.philox import uniform, uniform_pairs
from sim.errors import ModelError
from sim.flow.site import Site, TimedLaw
from sim.units import MICROSECONDS_PER_MINUTE

Floats = NDArray[np.float64]

FOR_EVER_US = 1 << 62
"""Patience without end, and anything else that does not come; beyond every horizon."""

_HALF = 0.5  # stands for a uniform that nothing asks for


class Luck(NamedTuple):
    """One visit's chance. Laws by time of day give one value each; the one in force on joining counts."""

    work_min: tuple[float, ...]
    patience_us: tuple[int, ...]
    balk: float
    route: float
    error: float
    error_caught: float
    returns: float
    return_after: float
    retry: float
    retry_after: float
    check: float
    silent: float
    choose: float
    actions: tuple[float, ...]
    caught: tuple[float, ...]


_PURPOSES = ("work", "patience", "balk", "route", "error", "return", "retry", "check", "silent", "choose")
(_WORK, _PATIENCE, _BALK, _ROUTE, _ERROR, _RETURN, _RETRY, _CHECK, _SILENT, _CHOOSE) = range(len(_PURPOSES))


class StageLuck(NamedTuple):
    """The keys and laws of one segment at one stage. A purpose that nothing asks for is not drawn."""

    element: str  # for messages: segment and stage
    keys: NDArray[np.uint64]  # of the purposes asked for, then of the actions
    rows: tuple[int, ...]  # row of each purpose in ``keys``; -1: not asked for
    n_actions: int
    work: TimedLaw
    patience: TimedLaw | None


def stage_luck(site: Site, segment: int, stage: int, seed: int, replication: int) -> StageLuck:
    """Prepare the keys of what a segment's customers bring to a stage. The policy is in none of them."""
    names = site.segments[segment], site.stages[stage].name
    asked = _asked_for(site, segment, stage)
    purposes = [p for p in range(len(_PURPOSES)) if p in asked]
    keys = [stream_key(seed, replication, _PURPOSES[p], *names) for p in purposes]
    actions = site.stages[stage].actions
    keys += [stream_key(seed, replication, "action", *names, action.name) for action in actions]
    return StageLuck(
        element=f"stage {names[1]}, segment {names[0]}",
        keys=np.array(keys, dtype=np.uint64),
        rows=tuple(purposes.index(p) if p in asked else -1 for p in range(len(_PURPOSES))),
        n_actions=len(actions),
        work=site.stages[stage].work,
        patience=site.customers[segment].patience[stage],
    )


def _asked_for(site: Site, segment: int, stage_at: int) -> set[int]:
    stage, customer = site.stages[stage_at], site.customers[segment]
    asked = {
        _WORK: not all(law.is_constant for law in stage.work.laws),
        _PATIENCE: customer.patience[stage_at] is not None,
        _BALK: stage.balks,
        _ROUTE: len(stage.routes[segment].targets) > 1,
        _ERROR: stage.error > 0,
        _RETURN: stage.returns > 0,
        _RETRY: stage.retry > 0,
        _CHECK: site.scenario.management.self_check.share > 0,
        _SILENT: customer.silent[stage_at] is not None,
        _CHOOSE: site.choose.name == "RANDOM",
    }
    return {purpose for purpose, wanted in asked.items() if wanted}


def first_passages(luck: StageLuck, day: NDArray[np.int64], index: NDArray[np.int64]) -> list[Luck]:
    """The luck of n customers of a day on their first visit to the stage, drawn in one go."""
    n = len(index)
    first, second = uniform_pairs(luck.keys, index, day) if len(luck.keys) else np.empty((2, 0, n))
    actions = len(luck.keys) - luck.n_actions

    def column(u: Floats, purpose: int) -> list[float]:
        row = luck.rows[purpose]
        return [_HALF] * n if row < 0 else u[row].tolist()

    work = [_drawn(law, first, luck.rows[_WORK], n) for law in luck.work.laws]
    waits = luck.patience.laws if luck.patience else ()
    patience = [_patience_us(_drawn(law, first, luck.rows[_PATIENCE], n)) for law in waits]
    for values in work:
        _check(values, luck.element, "work")
    none: list[tuple[float, ...]] = [()] * n
    return list(
        map(
            Luck,
            zip(*(values.tolist() for values in work), strict=True),
            zip(*(values.tolist() for values in patience), strict=True) if patience else [()] * n,
            column(first, _BALK),
            column(first, _ROUTE),
            column(first, _ERROR),
            column(second, _ERROR),
            column(first, _RETURN),
            column(second, _RETURN),
            column(first, _RETRY),
            column(second, _RETRY),
            column(first, _CHECK),
            column(first, _SILENT),
            column(first, _CHOOSE),
            map(tuple, first[actions:].T.tolist()) if luck.n_actions else none,
            map(tuple, second[actions:].T.tolist()) if luck.n_actions else none,
        )
    )


def later_passage(luck: StageLuck, day: int, index: int, visit: int) -> Luck:
    """The luck of one customer on her visit number ``visit`` (0 is the first) to the stage."""

    def u(purpose: int, k: int = 0) -> float:
        row = luck.rows[purpose]
        return _HALF if row < 0 else uniform(int(luck.keys[row]), index, day, visit, k)

    keys = [int(key) for key in luck.keys[len(luck.keys) - luck.n_actions :]] if luck.n_actions else []
    work = tuple(law.quantile(u(_WORK)) for law in luck.work.laws)
    _check(np.array(work), luck.element, "work")
    waits = luck.patience.laws if luck.patience else ()
    return Luck(
        work_min=work,
        patience_us=tuple(int(_patience_us(np.array([law.quantile(u(_PATIENCE))]))[0]) for law in waits),
        balk=u(_BALK),
        route=u(_ROUTE),
        error=u(_ERROR),
        error_caught=u(_ERROR, 1),
        returns=u(_RETURN),
        return_after=u(_RETURN, 1),
        retry=u(_RETRY),
        retry_after=u(_RETRY, 1),
        check=u(_CHECK),
        silent=u(_SILENT),
        choose=u(_CHOOSE),
        actions=tuple(uniform(key, index, day, visit, 0) for key in keys),
        caught=tuple(uniform(key, index, day, visit, 1) for key in keys),
    )


def _drawn(law: object, u: Floats, row: int, n: int) -> Floats:
    values: Floats = law.quantiles(np.full(n, _HALF) if row < 0 else u[row])  # type: ignore[attr-defined]
    return values


def _patience_us(minutes: Floats) -> NDArray[np.int64]:
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
