"""What precision is asked for: of the means of some measures, or of their differences from the baseline."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from sim.errors import InputError
from sim.study.keys import key_of, text_of
from sim.study.statistics.intervals import CONFIDENCE
from sim.study.statistics.precision import Floats, beyond, lasts, running
from sim.study.tallies.rows import Key

Values = Callable[[int, Key, int], Sequence[float]]
"""(case, measure, n) -> its values over the first n replications; NaN where there is none."""


class Wish(NamedTuple):
    """One measure, and the half-width wished for it."""

    key: Key
    within: float
    relative: bool = True  # as a part of the mean (of a difference: of the baseline's mean); else in its own unit


@dataclass(frozen=True)
class Goal:
    """Half-widths of measures, and the most replications that may be spent on them."""

    wishes: tuple[Wish, ...] = (Wish(Key("wait_mean"), 0.05),)
    at_most: int = 500
    paired: bool = False  # of the differences from the first case, replication by replication
    all_pairs: bool = False  # of the differences of each case from each, not from the first alone
    confidence: float = CONFIDENCE

    def described(self) -> list[Any]:
        """The goal in plain values, for what identifies a run; what is as usual goes without saying."""
        of = [text_of(wish.key) for wish in self.wishes]
        usual = {"all_pairs": False, "confidence": CONFIDENCE}
        more = {name: getattr(self, name) for name, value in usual.items() if getattr(self, name) != value}
        said = [more] if more else []
        if not self.paired and len({wish[1:] for wish in self.wishes}) == 1 and self.wishes[0].relative:
            return [of, self.wishes[0].within, self.at_most, *said]
        wishes = [[text, *wish[1:]] for text, wish in zip(of, self.wishes, strict=True)]
        return [wishes, self.at_most, self.paired, *said]

    def excess(self, cases: Sequence[str], values: Values, n: int) -> dict[str, Floats]:
        """How many times wider than wished each figure is after 1 … n replications, by what it is called."""
        pairs = list(self._pairs(len(cases)))
        return {
            f"{text_of(wish.key)} ({_label(cases, case, against)})": self._one(wish, case, against, values, n)
            for wish in self.wishes
            for case, against in pairs
        }

    def _pairs(self, cases: int) -> Iterator[tuple[int, int | None]]:
        """Each case by itself, or with the one that it is compared with."""
        for case in range(cases):
            if not self.paired:
                yield case, None
            elif case:
                yield from ((case, against) for against in (range(case) if self.all_pairs else (0,)))

    def _one(self, wish: Wish, case: int, against: int | None, values: Values, n: int) -> Floats:
        own = np.asarray(values(case, wish.key, n), dtype=float)
        base = own if against is None else np.asarray(values(against, wish.key, n), dtype=float)
        course = running(own if against is None else own - base, self.confidence)
        if not wish.relative:
            return beyond(course.half_width, np.full(n, wish.within))
        return beyond(course.half_width, wish.within * np.nan_to_num(np.abs(running(base).mean)))


def _label(cases: Sequence[str], case: int, against: int | None) -> str:
    """What a figure is of; the baseline goes without saying."""
    return f"{cases[case]} − {cases[against]}" if against else cases[case]


class Reached(NamedTuple):
    """How a search for precision ended."""

    precise: bool
    message: str


def reached(goal: Goal, excess: Mapping[str, Floats], n: int) -> Reached:
    """Say how the search ended: precise, or at its cap with the widths it got to."""
    if n < goal.at_most or lasts(list(excess.values()), n):
        return Reached(True, f"{n} replications: every half-width is as narrow as wished")
    last = {name: float(course[n - 1]) for name, course in excess.items()}
    worst = ", ".join(
        f"{name} is {f'{times:.3g} times as wide' if times < math.inf else 'undefined'}"
        for name, times in last.items()
        if times > 1
    )
    so_far = f"the half-width of {worst}" if worst else "the widths have not yet lasted"
    return Reached(False, f"the precision asked for is not reached at the cap of {n} replications: {so_far}")


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
        of = wish.get("of", ("wait_mean",))
        return _checked((of,) if isinstance(of, str) else of, wish.get("within", 0.05), wish.get("at_most"))
    if hasattr(wish, "within"):
        return _checked(wish.of, wish.within, wish.at_most)  # type: ignore[attr-defined]
    return _checked(("wait_mean",), wish, None)


def _checked(of: Any, within: Any, at_most: Any) -> Goal:
    share, most = share_of(within), budget_of(at_most)
    if not of or not all(isinstance(name, str) for name in of):
        raise InputError("precision.of: a list of measures is due")
    return Goal(tuple(Wish(key_of(name), share) for name in of), most)


def share_of(within: Any) -> float:
    """A share of the mean, ``5%`` or 0.05. InputError where it is none."""
    share = within
    if isinstance(share, str):
        try:
            share = float(share.strip().removesuffix("%")) / (100 if share.strip().endswith("%") else 1)
        except ValueError:
            raise InputError(f"precision '{within}' is not a share; write for example 5%") from None
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share < 1:
        raise InputError(f"precision {within!r} must be a share between 0 and 1, for example 5%")
    return float(share)


def budget_of(at_most: Any) -> int:
    """The most replications; absent, 500. InputError where it is no number of at least 2."""
    most = Goal.at_most if at_most is None else at_most
    if isinstance(most, bool) or not isinstance(most, int) or most < 2:
        raise InputError(f"precision.at_most: {at_most!r} is not a whole number of at least 2")
    return most


def like(goal: Goal, within: Any) -> Goal:
    """The same measures and budget with another share. InputError where it is none."""
    share = share_of(within)
    return replace(goal, wishes=tuple(Wish(wish.key, share) for wish in goal.wishes))
