"""The table of a selection: what was chosen and how surely, one column for each policy."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sim.show.figures import Figure
from sim.show.forms import NUMBER, Form, fitting
from sim.show.layout import Row, Section, escaped, markdown, terminal
from sim.show.text import UNICODE, Signs, one_line, signs_for, spoken, width

if TYPE_CHECKING:
    from sim.study.selection.selection import Selection

_SHARE = Form(scale=100.0, digits=1, unit="%")
_SAID_OF_ONE = ("share", "chance")


def table(selection: Selection, *, columns: int = 80, encoding: str = "utf-8") -> str:
    """Return the table for a terminal of so many columns, in signs that ``encoding`` can say."""
    signs = signs_for(encoding)
    names = [spoken(one_line(name), encoding) for name in selection.policies]
    told = [spoken(line, encoding) for line in headline(selection, signs)]
    said = [spoken(one_line(text), encoding) for text in (selection.verdict, selection.guarantee)]
    body = terminal(sections(selection, signs, encoding), names, columns=columns, signs=signs)
    verdict, guarantee = ("\n".join(wrapped(text, columns)) for text in said)
    return "\n".join([*told, "", verdict, "", *body, "", guarantee])


def markdown_table(selection: Selection) -> str:
    """Return the same as Markdown tables."""
    title, how = headline(selection, UNICODE)
    names = [one_line(name) for name in selection.policies]
    body = markdown(sections(selection, UNICODE), names)
    verdict, guarantee = escaped(one_line(selection.verdict)), escaped(one_line(selection.guarantee))
    return "\n".join([f"## {escaped(title)}", "", escaped(how), "", f"**{verdict}**", "", *body, guarantee])


def headline(selection: Selection, signs: Signs) -> tuple[str, str]:
    """Return what was looked for, and in how many replications, in two lines."""
    scenario, days = selection.scenario, selection.scenario.calendar.days
    title = f"{one_line(scenario.name)}: {one_line(selection.question)}"
    size = f"{selection.replications} replications in all, of {days} day{'' if days == 1 else 's'}"
    sure = f"{signs.plus_minus} {100 * selection.confidence:.6g} % half-width"
    return title, f"{size}, seed {selection.seed}, engine {selection.engine}; {sure}"


def sections(selection: Selection, signs: Signs, encoding: str = "utf-8") -> list[Section]:
    """Return the parts of the table; names in ``encoding``."""
    column: dict[str, list[Any]] = {str(name): of.tolist() for name, of in selection.table.items()}
    figures = [Figure(*both) for both in zip(column["mean"], column["half_width"], strict=True)]
    unit = _unit(selection.measure)
    form = _form(unit, figures)
    choice = [
        Row("status", tuple(column["status"])),
        Row("replications", tuple(map(str, column["n"]))),
        Row("out after", tuple(map(_whole, column["left_after"]))),
    ]
    lines = [
        Row(_with_unit("mean", unit), tuple(form.cell(one, signs) for one in figures)),
        Row(
            "dearer by" if len(selection.limits) else "worse by",
            tuple(form.cell(Figure(one, math.nan), signs) for one in column["behind"]),
        ),
    ]
    limits = Section(
        f"Limits (at {100 * selection.confidence:.6g} % all ends 'from' hold at once, and so do all ends 'to')",
        [*_limits(selection, signs, encoding)],
    )
    measure = Section(spoken(one_line(selection.measure), encoding), lines)
    parts = [Section("Choice", [row for row in choice if any(row.cells)]), limits, measure]
    return [part for part in parts if part.rows]


def _limits(selection: Selection, signs: Signs, encoding: str) -> Iterator[Row]:
    """Lines of each limit: the verdicts, and the mean or the share of replications with its interval."""
    frame = selection.limits
    for text in dict.fromkeys(frame["limit"]):
        of: dict[str, list[Any]] = {str(name): part.tolist() for name, part in frame[frame["limit"] == text].items()}
        yield Row(spoken(one_line(text), encoding), ("",) * len(of["verdict"]))
        yield Row("  verdict", tuple("open" if word == "not decided" else word for word in of["verdict"]))
        if _of_share(text):
            yield Row("  in replications", tuple(_share(value, signs) for value in of["estimate"]))
            yield Row("  from", tuple(_share(value, signs) for value in of["low"]))
            yield Row("  to", tuple(_share(value, signs) for value in of["high"]))
            continue
        parts = {name: [Figure(value, math.nan) for value in of[name]] for name in ("estimate", "low", "high")}
        form = _form(_unit(text), [figure for figures in parts.values() for figure in figures])
        labels = (_with_unit("  mean", _unit(text)), "  from", "  to")
        for label, figures in zip(labels, parts.values(), strict=True):
            yield Row(label, tuple(form.cell(one, signs) for one in figures))


def _with_unit(label: str, unit: str) -> str:
    return label if unit in (*_SAID_OF_ONE, "money") else f"{label}, {unit}"


def _of_share(limit: str) -> bool:
    from sim.study.limits.limits import limit_of

    return limit_of(limit).share is not None


def _unit(text: str) -> str:
    """The unit of a measure, of a sum of costs, or of a limit on a measure."""
    from sim.study.keys import key_of
    from sim.study.limits.limits import limit_of
    from sim.study.meanings import meaning

    limited = any(sign in text for sign in "<>")
    key = limit_of(text).key if limited else key_of(text.split(" + ")[0])
    return meaning(key.measure).unit


def _form(unit: str, figures: Sequence[Figure]) -> Form:
    return _SHARE if unit in _SAID_OF_ONE else fitting(figures) if unit == "money" else NUMBER


def _share(value: float, signs: Signs) -> str:
    return _SHARE.cell(Figure(value, math.nan), signs)


def _whole(value: Any) -> str:
    import pandas as pd

    return "" if pd.isna(value) else str(value)


def wrapped(text: str, columns: int) -> Iterator[str]:
    """Yield the text in lines of at most so many columns on the screen, broken at spaces."""
    line = ""
    for word in text.split(" "):
        if line and width(f"{line} {word}") > columns:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line
