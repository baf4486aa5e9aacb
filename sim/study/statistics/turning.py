"""Whether a comparison turns out differently when a parameter moves: surely, perhaps, and about where."""

from __future__ import annotations

from typing import Literal

from sim.study.statistics.intervals import Interval

Outcome = Literal["holds", "reversed", "no longer clear", "becomes clear", "not clear"]


def clear_sign(found: Interval) -> int:
    """1 or -1 where the whole interval lies on one side of 0; 0 where it does not, or nothing is known of its width."""
    if found.mean is None or found.half_width is None or abs(found.mean) <= found.half_width:
        return 0
    return 1 if found.mean > 0 else -1


def outcome(before: int, after: int) -> Outcome:
    """What became of a comparison, by its clear signs before and after."""
    if before == 0:
        return "not clear" if after == 0 else "becomes clear"
    if after == 0:
        return "no longer clear"
    return "holds" if after == before else "reversed"


def crossing(start: float, end: float) -> float | None:
    """How far from start (0) to end (1) a straight line passes 0; None where it does not, or never leaves it."""
    if start == end or start * end > 0:
        return None
    return start / (start - end)
