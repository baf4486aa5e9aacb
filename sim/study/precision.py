"""How many replications are enough: until the chosen measures are known within a part of themselves, and stay so."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.study.intervals import CONFIDENCE

LEAST = 20
"""No stop before so many: with fewer the half-width itself is too uncertain."""
LOOK_AHEAD = 5
"""Having become precise, the measures must stay so for this many further replications (for n above 100, n/20)."""


@dataclass(frozen=True)
class Goal:
    """Half-widths of the measures of the whole site, as a part of their means, and the most replications."""

    of: tuple[str, ...] = ("wait_mean",)
    within: float = 0.05
    at_most: int = 500


@dataclass(frozen=True)
class Reached:
    """How a search for precision ended."""

    goal: Goal
    replications: int
    precise: bool
    message: str


def goal_of(wish: object) -> Goal:
    """Read ``"5%"``, ``0.05``, ``{"of": [...], "within": "5%", "at_most": 500}`` or a scenario's ``precision``.

    InputError where it is none of these.
    """
    if isinstance(wish, Goal):
        return wish
    if isinstance(wish, Mapping):
        unknown = set(wish) - {"of", "within", "at_most"}
        if unknown:
            raise InputError(f"precision: unknown key '{sorted(unknown)[0]}'; there are of, within, at_most")
        of = wish.get("of", Goal.of)
        return _checked((of,) if isinstance(of, str) else of, wish.get("within", Goal.within), wish.get("at_most"))
    if hasattr(wish, "within"):
        return _checked(wish.of, wish.within, wish.at_most)  # type: ignore[attr-defined]
    return _checked(Goal.of, wish, None)


def _checked(of: Any, within: Any, at_most: Any) -> Goal:
    share = within
    if isinstance(share, str):
        try:
            share = float(share.strip().removesuffix("%")) / (100 if share.strip().endswith("%") else 1)
        except ValueError:
            raise InputError(f"precision '{within}' is not a share; write for example 5%") from None
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share < 1:
        raise InputError(f"precision {within!r} must be a share between 0 and 1, for example 5%")
    most = Goal.at_most if at_most is None else at_most
    if isinstance(most, bool) or not isinstance(most, int) or most < 2:
        raise InputError(f"precision.at_most: {at_most!r} is not a whole number of at least 2")
    if not of or not all(isinstance(name, str) for name in of):
        raise InputError("precision.of: a list of measures is due")
    return Goal(tuple(of), float(share), most)


def look_ahead(n: int) -> int:
    """For how many further replications precision must last that was first reached at n."""
    return max(LOOK_AHEAD, n * LOOK_AHEAD // 100)


def enough(series: Sequence[Sequence[float]], goal: Goal) -> int | None:
    """Replications at which the search stops, or None to go on: a function of the values in order alone.

    ``series`` holds each chosen measure (under each policy) over replications 0, 1, 2 …; NaN is a replication
    without a value. Precision must be reached by all of them and last for `look_ahead` further replications
    (after Hoad, Robinson and Davies 2010); these count too. At ``goal.at_most`` the search stops in any case.
    """
    available = min(goal.at_most, *(len(values) for values in series))
    least = min(LEAST, goal.at_most)
    widths = [running_widths(values[:available]) for values in series]
    since: int | None = None
    for n in range(least, available + 1):
        if not all(width[n - 1] <= goal.within for width in widths):
            since = None
            continue
        since = n if since is None else since
        if n >= since + look_ahead(since):
            return n
    return goal.at_most if available == goal.at_most else None


def running_widths(values: Sequence[float]) -> NDArray[np.float64]:
    """Relative half-width after 1, 2, 3 … replications, infinite where it is undefined, 0 where nothing varied."""
    from scipy.special import stdtrit

    numbers = np.asarray(values, dtype=float)
    there = ~np.isnan(numbers)
    n = np.cumsum(there)
    origin = numbers[there][0] if there.any() else 0.0  # keeps the squares small; a constant gives exactly 0
    moved = np.where(there, numbers - origin, 0.0)
    sums, squares = np.cumsum(moved), np.cumsum(moved * moved)
    widths = np.full(len(numbers), np.inf)
    enough = n >= 2
    count, total = n[enough], sums[enough]
    spread = np.sqrt(np.maximum(0.0, squares[enough] - total * total / count) / (count - 1))
    half = stdtrit(count - 1, 0.5 + CONFIDENCE / 2) * spread / np.sqrt(count)
    mean = np.abs(origin + total / count)
    widths[enough] = np.where(half == 0, 0.0, np.where(mean > 0, half / np.where(mean > 0, mean, 1.0), np.inf))
    return widths


def next_batch(done: int, goal: Goal) -> int:
    """How many replications there should be before looking again; no part of the result depends on it."""
    first = LEAST + LOOK_AHEAD
    return min(goal.at_most, first if done < first else done + max(LOOK_AHEAD, done // 4))


def reached(series: Mapping[str, Sequence[float]], goal: Goal, n: int) -> Reached:
    """Say how the search ended: precise, or at its cap with the widths it got to."""
    widths = {name: float(running_widths(values[:n])[-1]) for name, values in series.items()}
    lasting = n < goal.at_most or enough([values[:n] for values in series.values()], _uncapped(goal)) is not None
    if lasting:
        return Reached(goal, n, True, f"{n} replications: every half-width is within {_percent(goal.within)}")
    worst = ", ".join(
        f"{name} {_percent(width) if width < math.inf else 'undefined'}"
        for name, width in widths.items()
        if width > goal.within
    )
    so_far = f"half-width of {worst}" if worst else "the widths have not yet lasted"
    return Reached(
        goal, n, False, f"precision of {_percent(goal.within)} not reached at the cap of {n} replications: {so_far}"
    )


def _uncapped(goal: Goal) -> Goal:
    return Goal(goal.of, goal.within, 1 << 62)


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
