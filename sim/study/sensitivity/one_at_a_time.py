"""Parameters moved one at a time to the ends of their ranges: what measures and comparisons make of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.study.cases import Case
from sim.study.desk import Desk
from sim.study.keys import text_of
from sim.study.sensitivity.ranges import Range, amount_of, shown_about, value_in_force, written_position
from sim.study.sensitivity.turns import Conclusion, Turn
from sim.study.sensitivity.variants import Setting
from sim.study.statistics.intervals import interval
from sim.study.statistics.multiplicity import simultaneous_confidence
from sim.study.statistics.paired import paired
from sim.study.statistics.turning import clear_sign, crossing, outcome
from sim.study.tallies.rows import Key

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "measure", "policy", "against", "parameter", "end", "value", "as_written", "mean", "change", "half_width", "n",
    "difference_half_width", "verdict",
)  # fmt: skip


class Ends(NamedTuple):
    """The cases of a study of ends: those as written by policy, and by range and end and policy."""

    cases: Sequence[Case]  # as written; the first is the baseline
    ranges: Sequence[Range]
    positions: Sequence[Sequence[int]]  # of the settings, in the order of `settings_of_ends`, by policy
    set_by: Sequence[frozenset[str]]  # by policy, the parameters that it sets itself

    def at(self, place: int, end: int) -> Sequence[int]:
        """Positions of the cases, by policy, with that range at low (0) or high (1)."""
        return self.positions[2 * place + end]


class _Series:
    """The values of one measure, by case, over replications."""

    def __init__(self, desk: Desk, key: Key, n: int) -> None:
        self._found = [desk.values(case, key, n) for case in range(len(desk.cases))]

    def __getitem__(self, case: int) -> list[float]:
        return self._found[case]

    def gap(self, against: int, policy: int) -> list[float]:
        """policy − against, of two cases, by replication."""
        return [b - a for a, b in zip(self._found[against], self._found[policy], strict=True)]


def settings_of_ends(ranges: Sequence[Range]) -> list[Setting]:
    """Every range at low, then at high, the rest as written."""
    return [{of.path: value} for of in ranges for _, value in of.ends]


def effects(
    desk: Desk, ends: Ends, keys: Sequence[Key], n: int, confidence: float, concluded: Sequence[Conclusion]
) -> pd.DataFrame:
    """One row per measure, policy or pair of policies, range and end, in that order.

    ``against`` is missing where a row is about a policy alone; else the measure is the difference policy − against.
    ``change`` = ``mean`` − ``as_written``, by pairs of replications with the same customers, with the half-width of
    its own interval. Of a difference, ``difference_half_width`` is that of ``mean``, as wide as its conclusion has it,
    and ``verdict`` what becomes of the conclusion there: "holds", "reversed", "no longer clear", "becomes clear",
    "not clear", or "left out" where one of the two sets the parameter itself.
    """
    import pandas as pd

    said = {(one.measure, one.policy, one.against): one for one in concluded}
    rows = [row for key in keys for row in _rows(_Series(desk, key, n), ends, text_of(key), confidence, said)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    texts = ("against", "verdict")
    return frame.astype({"difference_half_width": float, **dict.fromkeys(texts, "string")})


def _rows(
    series: _Series, ends: Ends, measure: str, confidence: float, said: Mapping[tuple[str, str, str], Conclusion]
) -> Iterator[tuple[Any, ...]]:
    for policy, case in enumerate(ends.cases):
        for place, end, name, value in _each_end(ends):
            of = ends.ranges[place]
            one = paired(series[policy], series[ends.at(place, end)[policy]], confidence)
            yield (measure, case.name, None, of.path, name, of.shown(value), *_found(one), None, None)
    for first, second in combinations(range(len(ends.cases)), 2):
        names = ends.cases[second].name, ends.cases[first].name
        for place, end, name, value in _each_end(ends):
            of, there = ends.ranges[place], ends.at(place, end)
            one = paired(series.gap(first, second), series.gap(there[first], there[second]), confidence)
            concluded = said[measure, *names].at(of.path, name)
            yield (measure, *names, of.path, name, of.shown(value), *_found(one), *concluded)


def _found(one: Any) -> tuple[float | int, ...]:
    return one.baseline_mean, one.mean, one.difference, one.half_width, one.n


def _each_end(ends: Ends) -> Iterator[tuple[int, int, str, Any]]:
    for place, of in enumerate(ends.ranges):
        for end, (name, value) in enumerate(of.ends):
            yield place, end, name, value


def conclusions(desk: Desk, ends: Ends, keys: Sequence[Key], n: int, confidence: float) -> tuple[Conclusion, ...]:
    """What is to be said of every pair of policies and measure; within each, all holds together (Bonferroni)."""
    return tuple(
        _conclusion(_Series(desk, key, n), ends, first, second, text_of(key), confidence)
        for key in keys
        for first, second in combinations(range(len(ends.cases)), 2)
    )


def _conclusion(series: _Series, ends: Ends, first: int, second: int, measure: str, confidence: float) -> Conclusion:
    own = ends.set_by[first] | ends.set_by[second]
    free = [at for at in _each_end(ends) if ends.ranges[at[0]].path not in own]
    moved = [(at, there) for at in free if (there := _pair(ends, at, first, second)) != (first, second)]
    each = simultaneous_confidence(confidence, 1 + len(moved))
    start = interval(series.gap(first, second), each)
    clear, turns = clear_sign(start), []
    for (place, _, name, value), there in moved:
        found = interval(series.gap(*there), each)
        about = None
        if start.mean is not None and found.mean is not None:
            way = crossing(start.mean, found.mean)
            about = None if way is None else _crossed(ends, place, name, (first, second), way)
        side = _side(ends, place, value, (first, second))
        became = outcome(clear, clear_sign(found))
        turns.append(Turn(ends.ranges[place].path, name, ends.ranges[place].shown(value), found, became, side, about))
    names = ends.cases[second].name, ends.cases[first].name
    currency = ends.cases[first].scenario.currency
    return Conclusion(measure, *names, start, clear, tuple(turns), tuple(sorted(own)), currency)


def _pair(ends: Ends, at: tuple[int, int, str, Any], first: int, second: int) -> tuple[int, int]:
    there = ends.at(at[0], at[1])
    return there[first], there[second]


def _crossed(ends: Ends, place: int, end: str, pair: tuple[int, int], way: float) -> str | None:
    """The value so far on the way from as written to the end; None where it is not written alike in both policies."""
    of = ends.ranges[place]
    known = {written_position(ends.cases[policy].scenario, of) for policy in pair} - {None}
    if len(known) != 1 or not of.has_middle:
        return None
    (start,) = known
    assert start is not None
    return shown_about(of, start + way * ((0.0 if end == "low" else 1.0) - start))


def _side(ends: Ends, place: int, value: Any, pair: tuple[int, int]) -> str:
    """Whether the end lies above or below what is written; "" where the values have no order."""
    of = ends.ranges[place]
    other = of.high if value is of.low else of.low
    written = [value_in_force(ends.cases[policy].scenario, of.path) for policy in pair]
    amounts = [amount_of(one) for one in ([other] if isinstance(value, dict) else [*written, other])]
    own, start = amount_of(value), next((one for one in amounts if one is not None), None)
    if own is None or start is None or own == start or math.isnan(start):
        return ""
    return "above" if own > start else "below"
