"""Rows and columns of a table, laid out for a terminal or as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sim.show.text import ASCII, UNICODE, Signs, left, right, shorten, width

_GAP = 1
_LEAST_LABEL = 24  # columns: only names are longer, and cut before more policies than needed go to another part
_LEAST_CELL = 8
_INDENT = "  "
_NOTHING = {"", UNICODE.dash, ASCII.dash}
_ALL = slice(None)


class Row(NamedTuple):
    """One line of a table: a label and one cell for each policy; a heading where all cells are empty."""

    label: str
    cells: tuple[str, ...]


class Section(NamedTuple):
    """A titled part of a table."""

    title: str
    rows: list[Row]


def saying(rows: Sequence[Row], shown: slice = _ALL) -> list[Row]:
    """The lines that say something of the policies shown, and those that head such a line further in."""
    kept: list[Row] = []
    for row in reversed(rows):
        if not _NOTHING.issuperset(row.cells[shown]) or (kept and _indent(kept[-1]) > _indent(row)):
            kept.append(row)
    return kept[::-1]


def _indent(row: Row) -> int:
    return len(row.label) - len(row.label.lstrip())


def terminal(sections: Sequence[Section], names: Sequence[str], *, columns: int, signs: Signs) -> Iterator[str]:
    """Yield the lines of a table that fits ``columns``.

    Where the policies do not fit side by side, the table is given in parts, each with as many as fit.
    """
    rows = [row for section in sections for row in section.rows if any(row.cells)]
    cell = max([_LEAST_CELL, *(width(text) for row in rows for text in row.cells)]) + _GAP
    label = max((width(row.label) for row in rows), default=0) + len(_INDENT) + _GAP
    label = min(label, max(_LEAST_LABEL, columns - cell * len(names)))
    fit = max(1, (columns - label) // cell)
    for first in range(0, len(names), fit):
        if first:
            yield ""
        shown = slice(first, first + fit)
        room = min((columns - label) // len(names[shown]), max(cell, max(map(width, names[shown])) + _GAP))
        yield from _heads(names[shown], label, room, signs)
        for section in sections:
            lines = [_line(row, shown, columns, label, room, signs) for row in saying(section.rows, shown)]
            yield from [section.title, *lines] if lines else []


def _line(row: Row, shown: slice, columns: int, label: int, room: int, signs: Signs) -> str:
    """A row as it is printed; a heading has the whole line."""
    if not any(row.cells[shown]):
        return shorten(_INDENT + row.label, columns, signs.more)
    cells = "".join(right(cell, room) for cell in row.cells[shown])
    return (left(shorten(_INDENT + row.label, label - _GAP, signs.more), label) + cells).rstrip()


def _heads(names: Sequence[str], label: int, room: int, signs: Signs) -> Iterator[str]:
    """Yield the lines that name the columns; long names are broken at underscores and hyphens."""
    broken = [_broken(name, room - _GAP, signs.more) for name in names]
    depth = max(map(len, broken))
    for line in range(depth):
        parts = [lines[line - depth] if len(lines) >= depth - line else "" for lines in broken]
        yield (" " * label + "".join(right(part, room) for part in parts)).rstrip()


def _broken(name: str, room: int, more: str) -> list[str]:
    lines = [""]
    for piece in name.replace("_", "_\0").replace("-", "-\0").split("\0"):
        if lines[-1] and width(lines[-1] + piece) > room:
            lines.append("")
        lines[-1] += piece
    return [shorten(line, room, more) for line in lines]


def markdown(sections: Sequence[Section], names: Sequence[str]) -> Iterator[str]:
    """Yield the lines of one Markdown table per section."""
    for section in sections:
        yield f"### {escaped(section.title)}"
        yield ""
        yield "| | " + " | ".join(map(escaped, names)) + " |"
        yield "|---|" + "---:|" * len(names)
        for row in section.rows:
            indent = "&nbsp;" * 2 * _indent(row)
            cells = " | ".join(map(escaped, row.cells))
            yield f"| {indent}{escaped(row.label.lstrip())} | {cells} |"
        yield ""


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is, so that names become neither markup nor HTML."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for sign in "\\`*_|[]~$":
        text = text.replace(sign, "\\" + sign)
    return text
