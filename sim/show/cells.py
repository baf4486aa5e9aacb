"""The lines of a table: a label, and for each policy a figure with its half-width in as few signs as say it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sim.show.figures import Figure, Figures
from sim.show.forms import Form, fitting
from sim.show.layout import Row
from sim.show.text import Signs, one_line, signs_for, spoken

if TYPE_CHECKING:
    from sim.study.results.result import Result


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

    def row(self, label: str, measure: str, form: Form | None = None, **scope: str) -> Row:
        """The line of a measure."""
        return self.line(label, self.of_all(measure, **scope), form)

    def line(self, label: str, found: Sequence[Figure | None], form: Form | None = None) -> Row:
        """The line of the figures of every policy; without a ``form``, in the one that fits their size."""
        form = form or fitting(found)
        return Row(label, tuple(form.cell(figure, self.signs) for figure in found))

    def bars(self, heights: Sequence[float] | None) -> str:
        """Heights as a row of bars; whatever is above nothing shows: it never rounds down to the empty sign."""
        if heights is None:
            return ""
        top, bars = max(heights), self.signs.bars
        return "".join(bars[math.ceil((len(bars) - 1) * height / top)] for height in heights) if top > 0 else ""

    def course(self, levels: Sequence[float]) -> str:
        """Levels from 0 to 1 as a row of bars; level 0 shows too."""
        shown = self.signs.bars[1:]
        return "".join(shown[round((len(shown) - 1) * level)] for level in levels)

    def each(self, label: str, text: Callable[[str], str]) -> Row:
        """A line of a text for each policy."""
        return Row(label, tuple(text(policy) for policy in self.result.policies))


def under(heading: str, rows: list[Row]) -> list[Row]:
    """Put lines below a heading, one step further in."""
    blank = ("",) * len(rows[0].cells) if rows else ()
    step = " " * (len(heading) - len(heading.lstrip()) + 2)
    return [Row(heading, blank), *(Row(step + row.label, row.cells) for row in rows)]
