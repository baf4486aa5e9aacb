"""Parameters moved all at once over their ranges: how much each matters, alone and in interplay."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from sim.study.cases import Case
from sim.study.desk import Desk
from sim.study.keys import text_of
from sim.study.meanings import meaning
from sim.study.sensitivity.ranges import Range
from sim.study.sensitivity.variants import Setting
from sim.study.statistics.morris_sobol import COLUMNS, Floats, Method, indices
from sim.study.tallies.rows import Key

if TYPE_CHECKING:
    import pandas as pd

AT_ONCE = 200  # cases on one desk: thousands of measured replications would not fit into memory


class Points(NamedTuple):
    """The cases of a design: those as written by policy, and by point and policy."""

    cases: Sequence[Case]  # as written; the first is the baseline
    ranges: Sequence[Range]
    points: Floats  # shares of the way from low to high, a row for each point
    positions: Sequence[Sequence[int]]  # by point and policy, among all cases


def settings_of_points(ranges: Sequence[Range], points: Floats) -> list[Setting]:
    """The values of all parameters at each point of a design."""
    return [{of.path: of.at(float(share)) for of, share in zip(ranges, row, strict=True)} for row in points]


def means(
    cases: Sequence[Case], keys: Sequence[Key], n: int, desk_of: Callable[[Sequence[Case]], Desk]
) -> tuple[dict[Key, list[float]], list[Desk]]:
    """The mean of each measure over the replications of each case, NaN where one failed; and desks with failures."""
    found: dict[Key, list[float]] = {key: [] for key in keys}
    failed = []
    for begin in range(0, len(cases), AT_ONCE):
        desk = desk_of(cases[begin : begin + AT_ONCE])
        desk.collect(range(n))
        for key, values in found.items():
            values += [math.fsum(desk.values(case, key, n)) / n for case in range(len(desk.cases))]
        if desk.failures():
            failed.append(desk)
    return found, failed


def effects(of: Points, found: dict[Key, list[float]], method: Method, seed: int, confidence: float) -> pd.DataFrame:
    """One row per measure, policy or difference from the baseline, and range; columns of the method's indices.

    ``against`` is missing where a row is about the baseline alone; else it is about the difference policy − against.
    """
    import pandas as pd

    first, *others = range(len(of.cases))
    rows = []
    for key, means_ in found.items():
        for policy in (first, *others):
            responses = _responses(of, means_, policy) if policy == first else _gaps(of, means_, first, policy)
            against = None if policy == first else of.cases[first].name
            values = indices(method, of.points, responses, seed, confidence)
            for place, one in enumerate(values):
                rows.append((text_of(key), of.cases[policy].name, against, of.ranges[place].path, *one))
    frame = pd.DataFrame(rows, columns=["measure", "policy", "against", "parameter", *COLUMNS[method]])
    frame["against"] = frame["against"].astype("string")
    return frame


def sentences(of: Points, found: dict[Key, list[float]]) -> tuple[str, ...]:
    """For every pair of policies and measure: at how many of the points which one comes out ahead."""
    return tuple(
        _counted(of.cases[first].name, of.cases[second].name, text_of(key), _gaps(of, means_, first, second))
        for key, means_ in found.items()
        for first, second in combinations(range(len(of.cases)), 2)
    )


def _responses(of: Points, found: Sequence[float], policy: int) -> list[float]:
    return [found[there[policy]] for there in of.positions]


def _gaps(of: Points, found: Sequence[float], against: int, policy: int) -> list[float]:
    return [found[there[policy]] - found[there[against]] for there in of.positions]


def _counted(first: str, second: str, measure: str, gaps: Sequence[float]) -> str:
    good = meaning(measure.partition("[")[0]).good
    ahead = sum(gap * (good or 1) > 0 for gap in gaps)
    behind = sum(gap * (good or 1) < 0 for gap in gaps)
    winner, other, wins = (second, first, ahead) if ahead >= behind else (first, second, behind)
    if wins == 0:
        return f"{second} and {first} come out alike on {measure} at all {len(gaps)} points"
    verb = "is better than" if good else "is higher than"
    share = "all" if wins == len(gaps) else f"{wins} of"
    return f"{winner} {verb} {other} on {measure} at {share} {len(gaps)} points"
