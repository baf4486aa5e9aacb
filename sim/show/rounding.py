"""Rounding of parts and their whole, so that what is printed adds up."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.show.figures import Figure
from sim.show.forms import NUMBER, Form


def adding_up(
    parts: Sequence[Sequence[Figure | None]],
    whole: Sequence[Figure | None],
    start: Sequence[Figure | None] | None = None,
    form: Form = NUMBER,
) -> list[list[Figure | None]]:
    """The parts, by policy, rounded so that ``start`` and they, printed in ``form``, add up to the printed ``whole``.

    Each is rounded to the nearest; the least certain takes what is then missing, so that constants stay what they
    are. Where a figure of a policy is missing or undefined, its parts stay as they are.
    """
    columns = [
        _of_one(column, total, Figure(0.0, 0.0) if start is None else start[place], form)
        for place, (*column, total) in enumerate(zip(*parts, whole, strict=True))
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _of_one(
    parts: Sequence[Figure | None], whole: Figure | None, start: Figure | None, form: Form
) -> list[Figure | None]:
    known = [one for one in (*parts, whole, start) if one is not None and not math.isnan(one.mean)]
    if len(known) < len(parts) + 2:
        return list(parts)
    *shares, total, first = known
    units = [form.units(one.mean) for one in shares]
    missing = form.units(total.mean) - form.units(first.mean) - sum(units)

    def gives_way(place: int) -> tuple[float, float]:
        one = shares[place]
        rounded_off = form.per_one * one.mean - units[place]
        return (0.0 if math.isnan(one.half_width) else one.half_width, missing * rounded_off)

    units[max(range(len(units)), key=gives_way)] += missing
    return [one._replace(mean=n / form.per_one) for one, n in zip(shares, units, strict=True)]
