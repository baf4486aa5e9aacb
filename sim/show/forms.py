"""How a figure is written: by what factor, with how many decimals and in which unit."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from sim.show.figures import Figure
from sim.show.text import Signs


class Form(NamedTuple):
    """A figure is shown ``scale`` times as large, with so many decimals, before its unit."""

    scale: float = 1.0
    digits: int = 2
    unit: str = ""

    def cell(self, figure: Figure | None, signs: Signs) -> str:
        """A figure with its half-width; a dash where it is undefined, nothing where there is none."""
        if figure is None:
            return ""
        if math.isnan(figure.mean):
            return signs.dash
        mean = f"{self._number(figure.mean)}{self.unit}".replace("-", signs.minus)
        if math.isnan(figure.half_width):
            return mean
        return f"{mean} {signs.plus_minus}{self._number(figure.half_width)}{self.unit}"

    @property
    def per_one(self) -> float:
        """So many units of the last decimal printed make one."""
        return float(self.scale * 10**self.digits)

    def units(self, value: float) -> int:
        """The value as it is printed, in units of its last decimal."""
        return int(self._number(value).replace(".", ""))

    def _number(self, value: float) -> str:
        return f"{self.scale * value:z.{self.digits}f}"


NUMBER = Form()
PERCENT = Form(scale=100.0, digits=1)
WHOLE = Form(digits=0)
TENTHS = Form(digits=1)

SIZES: tuple[tuple[float, Form], ...] = (
    (1e8, Form(1e-6, 1, "M")),
    (1e6, Form(1e-3, 0, "k")),
    (1e5, Form(1e-3, 1, "k")),
    (1e3, WHOLE),
    (0.0, NUMBER),
)
"""From which size on figures are shown in which form."""


def largest(figures: Iterable[Figure | None]) -> float:
    """The largest size among the figures that are known; 0 where none is."""
    return max((abs(one.mean) for one in figures if one is not None and not math.isnan(one.mean)), default=0.0)


def fitting(figures: Iterable[Figure | None]) -> Form:
    """The form that shows all these figures in one unit."""
    most = largest(figures)
    return next(form for least, form in SIZES if most >= least)
