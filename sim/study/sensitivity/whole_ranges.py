"""Parameters moved all at once over their ranges: how much each matters, alone and in interplay."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

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


class Average(NamedTuple):
    """The mean of a measure in each case, over the same replications: differences of cases are not other customers'."""

    means: list[float]  # by case; NaN where it is undefined in some of those replications, and where nobody asks
    replications: int  # that each mean is over


def values_of(
    cases: Sequence[Case], keys: Sequence[Key], n: int, desk_of: Callable[[Sequence[Case]], Desk]
) -> tuple[dict[Key, Floats], list[Desk]]:
    """Each measure, (cases, n), NaN where it is undefined or the replication failed; and the desks with failures.

    ``desk_of`` gives the desk of some cases, their replications done.
    """
    found: dict[Key, list[list[float]]] = {key: [] for key in keys}
    failed = []
    for begin in range(0, len(cases), AT_ONCE):
        desk = desk_of(cases[begin : begin + AT_ONCE])
        for key, values in found.items():
            values += [desk.values(case, key, n) for case in range(len(desk.cases))]
        if desk.failures():
            failed.append(desk)
    return {key: np.array(values) for key, values in found.items()}, failed


def average(of: Points, values: Floats) -> Average:
    """The means over the replications that the cases of all points have.

    A case without the replication that most cases have is undefined, so that it does not take that from the rest.
    """
    asked = np.unique(np.array(of.positions))
    defined = ~np.isnan(values[asked])
    kept = defined[:, np.argmax(defined.sum(axis=0))]
    used = defined[kept].all(axis=0) if kept.any() else np.zeros(values.shape[1], bool)
    means, many = np.full(len(values), math.nan), int(used.sum())
    for case in asked[kept]:
        means[case] = math.fsum(values[case, used]) / many
    return Average(means.tolist(), many)


def told(of: Points, found: Mapping[Key, Average], n: int) -> Iterator[str]:
    """What to warn of: measures that some replications or some points do not have."""
    asked = np.unique(np.array(of.positions))
    for key, average in found.items():
        lacking = int(np.isnan(np.array(average.means)[asked]).sum())
        if lacking == len(asked):
            yield f"{text_of(key)} is undefined at every point"
            continue
        if average.replications < n:
            which = "all cases" if not lacking else f"all but {lacking} of {len(asked)} cases"
            yield f"{text_of(key)} is averaged over {average.replications} of {n} replications, those that {which} have"
        if lacking:
            yield (
                f"{text_of(key)} is undefined in {lacking} of {len(asked)} cases (points under a policy): there are no "
                "indices where a point has none"
            )


def effects(of: Points, found: Mapping[Key, Average], method: Method, seed: int, confidence: float) -> pd.DataFrame:
    """One row per measure, policy or difference from the baseline, and range; columns of the method's indices.

    ``against`` is missing where a row is about the baseline alone; else it is about the difference policy − against.
    """
    import pandas as pd

    first, *others = range(len(of.cases))
    rows = []
    for key, (means, _) in found.items():
        for policy in (first, *others):
            responses = _responses(of, means, policy) if policy == first else _gaps(of, means, first, policy)
            against = None if policy == first else of.cases[first].name
            values = indices(method, of.points, responses, seed, confidence)
            for place, one in enumerate(values):
                rows.append((text_of(key), of.cases[policy].name, against, of.ranges[place].path, *one))
    frame = pd.DataFrame(rows, columns=["measure", "policy", "against", "parameter", *COLUMNS[method]])
    frame["against"] = frame["against"].astype("string")
    return frame


def sentences(of: Points, found: Mapping[Key, Average]) -> tuple[str, ...]:
    """For every pair of policies and measure: at how many of the points which one comes out ahead."""
    return tuple(
        _counted(of.cases[first].name, of.cases[second].name, text_of(key), _gaps(of, means, first, second))
        for key, (means, _) in found.items()
        for first, second in combinations(range(len(of.cases)), 2)
    )


def _responses(of: Points, found: Sequence[float], policy: int) -> list[float]:
    return [found[there[policy]] for there in of.positions]


def _gaps(of: Points, found: Sequence[float], against: int, policy: int) -> list[float]:
    return [found[there[policy]] - found[there[against]] for there in of.positions]


def _counted(first: str, second: str, measure: str, gaps: Sequence[float]) -> str:
    known = [gap for gap in gaps if not math.isnan(gap)]
    if not known:
        return f"{second} and {first} cannot be compared on {measure}: at no point is it defined for both"
    good = meaning(measure.partition("[")[0]).good
    ahead = sum(gap * (good or 1) > 0 for gap in known)
    behind = sum(gap * (good or 1) < 0 for gap in known)
    winner, other, wins = (second, first, ahead) if ahead >= behind else (first, second, behind)
    share = f"{wins} of {len(known)} points" if wins and wins < len(known) else _all(len(known))
    missing = len(gaps) - len(known)
    where = share + (f" where it is defined for both ({missing} more are not)" if missing else "")
    if wins == 0:
        return f"{second} and {first} come out alike on {measure} at {where}"
    return f"{winner} is {'better' if good else 'higher'} than {other} on {measure} at {where}"


def _all(points: int) -> str:
    return f"all {points} points" if points > 1 else "the only point"
