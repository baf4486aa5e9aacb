"""The lines of a table: a label, and for each policy a figure with its half-width in as few signs as say it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sim.show.figures import Figure, Figures
from sim.show.layout import Row
from sim.show.text import Signs, one_line, signs_for, spoken

if TYPE_CHECKING:
    from sim.study.result import Result

SIZES: tuple[tuple[float, float, int, str], ...] = (
    (1e8, 1e-6, 1, "M"),
    (1e5, 1e-3, 0, "k"),
    (1e3, 1.0, 0, ""),
    (0.0, 1.0, 2, ""),
)
"""From which size on a line's figures are shown by what factor, with how many decimals and which unit."""


class Lines:
    """Makes the lines of one result's table."""

    def __init__(self, result: Result, encoding: str) -> None:
        self.result = result
        self.figures = Figures(result)
        self.signs: Signs = signs_for(encoding)
        self._encoding = encoding

    def name(self, text: str) -> str:
        """A name of the scenario, fit for the screen."""
        return spoken(one_line(text), self._encoding)

    def of_all(self, measure: str, **scope: str) -> list[Figure | None]:
        """A figure of every policy; None where there is none."""
        return [self.figures.get(policy, measure, **scope) for policy in self.result.policies]

    def row(self, label: str, measure: str, *, percent: bool = False, whole: bool = False, **scope: str) -> Row:
        """The line of a measure."""
        return self.line(label, self.of_all(measure, **scope), percent=percent, whole=whole)

    def line(self, label: str, found: Sequence[Figure | None], *, percent: bool = False, whole: bool = False) -> Row:
        """The line of the figures of every policy; ``whole`` ones have no decimals, ``percent`` ones have one."""
        if percent or whole:
            scale, digits = (100.0, 1) if percent else (1.0, 0)
            return Row(label, tuple(self._cell(figure, scale, digits, "") for figure in found))
        known = [abs(figure.mean) for figure in found if figure is not None and not math.isnan(figure.mean)]
        most = max(known, default=0.0)
        scale, digits, unit = next((scale, digits, unit) for least, scale, digits, unit in SIZES if most >= least)
        return Row(label, tuple(self._cell(figure, scale, digits, unit) for figure in found))

    def _cell(self, figure: Figure | None, scale: float, digits: int, unit: str) -> str:
        """A figure with its half-width; a dash where it is undefined, nothing where there is none."""
        if figure is None:
            return ""
        if math.isnan(figure.mean):
            return self.signs.dash
        mean = f"{scale * figure.mean:z.{digits}f}{unit}".replace("-", self.signs.minus)
        if math.isnan(figure.half_width):
            return mean
        return f"{mean} {self.signs.plus_minus}{scale * figure.half_width:.{digits}f}{unit}"

    def bars(self, heights: Sequence[float] | None) -> str:
        """Heights as a row of bars; whatever is above nothing shows: it never rounds down to the empty sign."""
        if heights is None:
            return ""
        top, bars = max(heights), self.signs.bars
        return "".join(bars[math.ceil((len(bars) - 1) * height / top)] for height in heights) if top > 0 else ""

    def each(self, label: str, text: Callable[[str], str]) -> Row:
        """A line of a text for each policy."""
        return Row(label, tuple(text(policy) for policy in self.result.policies))


def present(rows: list[Row], dash: str = "–") -> list[Row]:
    """The lines that say anything."""
    return [row for row in rows if any(cell not in {"", dash} for cell in row.cells)]


def under(heading: str, rows: list[Row]) -> list[Row]:
    """Put the lines that say anything below a heading; nothing if none does."""
    rows = present(rows)
    blank = ("",) * len(rows[0].cells) if rows else ()
    return [Row(heading, blank), *(Row("  " + row.label, row.cells) for row in rows)] if rows else []
