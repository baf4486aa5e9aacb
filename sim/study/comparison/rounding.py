"""Rounding of many parts at once, so that what is printed adds up."""

from __future__ import annotations

import math
from collections.abc import Sequence


def rounded(values: Sequence[float], whole: float, digits: int) -> list[float]:
    """Values that add up to ``whole``, so rounded that they add up to the rounded whole.

    Each is rounded down or up, those with the largest remainders up; so none moves by a unit of the last digit.
    """
    scale = 10**digits
    units = [math.floor(scale * value) for value in values]
    missing = round(scale * whole) - sum(units)
    for place in sorted(range(len(values)), key=lambda k: units[k] - scale * values[k])[:missing]:
        units[place] += 1
    return [n / scale for n in units]
