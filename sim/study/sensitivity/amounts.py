"""How differences of a measure are written: in its unit, all that stand together with the same decimals."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from sim.study.meanings import meaning

_UNITS = {
    "minutes": ("min", 1.0, 2),
    "points": ("points", 1.0, 2),
    "share": ("percentage points", 100.0, 1),
    "chance": ("percentage points", 100.0, 1),
    "hours": ("h", 1.0, 2),
    "hours a day": ("h a day", 1.0, 2),
}
_SIZES = ((1e8, 1e-6, 1, "M"), (1e6, 1e-3, 0, "k"), (1e5, 1e-3, 1, "k"), (1e3, 1.0, 0, ""), (0.0, 1.0, 2, ""))
"""Of money, from which size on: factor, decimals and mark, as in all other tables."""
_NOISE = 1e-9  # of the size of a mean: a half-width below is what floating point leaves of none

Found = tuple[float | None, float | None]
"""A mean and its half-width, each None where it is unknown."""


class Amounts(NamedTuple):
    """Amounts are shown ``scale`` times as large, with so many decimals and a mark for thousands; and their unit."""

    scale: float = 1.0
    digits: int = 2
    mark: str = ""
    unit: str = ""

    def change(self, mean: float, half: float | None = None) -> str:
        """A change with its sign and half-width; a bare 0 where nothing changes at all."""
        if mean == 0.0 and not half:
            return "0"
        text = self.level(mean)
        sign = "+" if mean > 0 and text.strip("0.kM") else ""
        return f"{sign}{text}" + ("" if half is None else f" ±{self.level(half)}")

    def level(self, value: float) -> str:
        """The value as it is, without its unit."""
        return f"{self.scale * value:z.{self.digits}f}{self.mark}".replace("-", "−")

    def with_unit(self, text: str) -> str:
        """The text followed by the unit, if there is one."""
        return f"{text} {self.unit}".rstrip()


def amounts(measure: str, found: Iterable[Found], currency: str = "") -> Amounts:
    """What writes these means and half-widths of a measure alike: minutes and points with two decimals, percentage
    points with one, money as its size asks; one more where a half-width would round to nothing.
    """
    known = [(mean, half) for mean, half in found if mean is not None and not math.isnan(mean)]
    most = max((abs(mean) for mean, _ in known), default=0.0)
    unit, scale = unit_of(measure, currency)
    if meaning(measure.partition("[")[0]).unit.startswith("money"):
        return Amounts(*next(of[1:] for of in _SIZES if most >= of[0]), unit)
    digits = _UNITS.get(meaning(measure.partition("[")[0]).unit, ("", 1.0, 2))[2]
    return finer(Amounts(scale, digits, "", unit), known)


def finer(of: Amounts, found: Iterable[Found]) -> Amounts:
    """With one more decimal where a half-width would round to nothing."""
    vanishing = (
        half is not None and half > _NOISE * abs(mean or 0.0) and not of.level(half).strip("0.") for mean, half in found
    )
    return of._replace(digits=of.digits + 1) if any(vanishing) else of


def unit_of(measure: str, currency: str = "") -> tuple[str, float]:
    """The unit in which differences of a measure are told, and how many of it are one."""
    unit = meaning(measure.partition("[")[0]).unit
    if unit.startswith("money"):
        return f"{currency}{unit.removeprefix('money')}".strip(), 1.0
    name, scale, _ = _UNITS.get(unit, ("", 1.0, 2))
    return name, scale
