"""Rounding of parts and their whole, so that what is printed adds up."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.show.figures import Figure

DIGITS = 2  # hence units of a hundredth
"""Decimals of the parts and of their whole as they are printed."""


def adding_up(
    parts: Sequence[Sequence[Figure | None]],
    whole: Sequence[Figure | None],
    start: Sequence[Figure | None] | None = None,
) -> list[list[Figure | None]]:
    """The parts, by policy, rounded so that ``start`` and they add up to the rounded ``whole``.

    Each part is rounded down or up; those are rounded up that lose most by rounding down. Where a figure of a policy
    is missing or undefined, its parts stay as they are.
    """
    columns = [
        _of_one(column, total, 0.0 if start is None else _mean(start[place]))
        for place, (*column, total) in enumerate(zip(*parts, whole, strict=True))
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _of_one(parts: Sequence[Figure | None], whole: Figure | None, start: float) -> list[Figure | None]:
    known = [part for part in parts if part is not None and not math.isnan(part.mean)]
    if len(known) < len(parts) or math.isnan(_mean(whole)) or math.isnan(start):
        return list(parts)
    unit = 100
    exact = [part.mean * unit for part in known]
    down = [math.floor(value) for value in exact]
    missing = _printed(_mean(whole)) - _printed(start) - sum(down)
    most_lost = sorted(range(len(exact)), key=lambda place: down[place] - exact[place])
    for place in most_lost[: max(0, missing)]:
        down[place] += 1
    return [part._replace(mean=value / unit) for part, value in zip(known, down, strict=True)]


def _printed(value: float) -> int:
    """The value as its decimals will say it, in units of the last one."""
    return round(100 * float(f"{value:.{DIGITS}f}"))


def _mean(figure: Figure | None) -> float:
    return math.nan if figure is None else figure.mean
