"""Where a difference between two policies comes from, as tables: by gap and cause, by stage and by action."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from sim.show.figures import Figure
from sim.show.forms import Form
from sim.show.layout import Row, Section, markdown, terminal
from sim.show.text import Signs, one_line, signs_for, spoken
from sim.study.comparison.attribution_words import CAUSES, digits_of
from sim.study.comparison.rounding import rounded

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.comparison.attribution import Attribution

MOST_ACTIONS = 12
"""So many actions, those that change most, have lines of their own; the others share one."""

_TITLE = "Customer gap, points on the scale of 7 (more is worse)"


class Line(NamedTuple):
    """A part of the gap as it is printed."""

    name: str
    baseline: float
    change: float
    half_width: float  # of the change

    def row(self, label: str, form: Form, signs: Signs) -> Row:
        """The line of a table: under the baseline, under the policy, and the change."""
        figures = (
            Figure(self.baseline, math.nan),
            Figure(self.baseline + self.change, math.nan),
            Figure(self.change, self.half_width),
        )
        before, after, change = (form.cell(figure, signs) for figure in figures)
        return Row(label, (before, after, f"+{change}" if form.units(self.change) > 0 else change))


def attribution_table(found: Attribution, *, columns: int = 80, encoding: str = "utf-8") -> str:
    """Return the tables for a terminal of so many columns, in signs that ``encoding`` can say."""
    names = [spoken(name, encoding) for name in _heads(found)]
    return "\n".join(terminal(sections(found, encoding), names, columns=columns, signs=signs_for(encoding)))


def attribution_markdown(found: Attribution) -> str:
    """Return the same tables as Markdown."""
    return "\n".join(markdown(sections(found), _heads(found)))


def sections(found: Attribution, encoding: str = "utf-8") -> list[Section]:
    """Return the views of the change; in each the figures add up as printed, downwards and from left to right."""
    signs, form = signs_for(encoding), Form(digits=digits_of(found))
    whole = whole_of(found, form)

    def rows(lines: list[Line]) -> list[Row]:
        return [line.row(spoken(one_line(line.name), encoding), form, signs) for line in printed(lines, form, whole)]

    by_gap = [
        line.row("  " * depth + CAUSES.get(line.name, line.name), form, signs)
        for depth, line in gaps_and_causes(found, whole, form)
    ]
    stages, actions = rows(lines_of(found.by("stage"))), rows(_largest(lines_of(found.by("action"))))
    told = [Section(_TITLE, by_gap), Section("The same by stage", stages), Section("The same by action", actions)]
    return [section for section in told if len(section.rows) > 1]


def whole_of(found: Attribution, form: Form) -> Line:
    """The customer gap and its change, as printed."""
    total = found.total
    (whole,) = printed([Line("customer gap", total.baseline, total.difference, total.half_width)], form)
    return whole


def gaps_and_causes(found: Attribution, whole: Line, form: Form) -> Iterator[tuple[int, Line]]:
    """Yield the whole, each gap, and under it its causes, with how far in they stand."""
    yield 0, whole
    causes = found.by("gap", "cause")
    for gap in printed(lines_of(found.by("gap")), form, whole):
        yield 1, gap
        of_gap = lines_of(causes[causes["gap"] == gap.name].drop(columns="gap"))
        if len(of_gap) > 1:
            yield from ((2, line) for line in printed(of_gap, form, gap) if line.baseline or line.change)


def lines_of(table: pd.DataFrame) -> list[Line]:
    """A view as lines, not yet rounded."""
    columns = (table[name].tolist() for name in (table.columns[0], "baseline", "difference", "half_width"))
    return [Line(*line) for line in zip(*columns, strict=True)]


def printed(lines: list[Line], form: Form, whole: Line | None = None) -> list[Line]:
    """The lines rounded as ``form`` prints them, so that they add up to ``whole``, which is so already."""
    total = _sum("", lines) if whole is None else whole
    before = rounded([line.baseline for line in lines], total.baseline, form.digits)
    change = rounded([line.change for line in lines], total.change, form.digits)
    return [line._replace(baseline=b, change=c) for line, b, c in zip(lines, before, change, strict=True)]


def _sum(name: str, lines: list[Line]) -> Line:
    return Line(name, math.fsum(line.baseline for line in lines), math.fsum(line.change for line in lines), math.nan)


def _largest(lines: list[Line]) -> list[Line]:
    """Those that change most first; beyond `MOST_ACTIONS` all others share a line."""
    ordered = sorted(lines, key=lambda line: -abs(line.change))
    if len(ordered) <= MOST_ACTIONS + 1:
        return ordered
    kept, others = ordered[:MOST_ACTIONS], ordered[MOST_ACTIONS:]
    return [*kept, _sum(f"{len(others)} others", others)]


def _heads(found: Attribution) -> list[str]:
    return [*(one_line(name) for name in (found.baseline, found.policy)), "change"]
