"""Writes docs/statistics.md: `python -m tests.coverage.page > docs/statistics.md`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from .row import Row
from .tables import TABLES, all_made

TEMPLATE = Path(__file__).with_name("page.md")
MARK = re.compile(r"<!-- table: (\w+) -->")


def line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def labels(row: Row) -> str:
    """How a row's line begins."""
    return f"| {' | '.join(row.labels)} |"


def table(name: str, rows: Sequence[Row]) -> str:
    head = (*TABLES[name].labels, *TABLES[name].figures)
    return "\n".join(
        [line(head), line(["---"] * len(head)), *(line((*row.labels, *map(str, row.found))) for row in rows)]
    )


def page(rows: Mapping[str, Sequence[Row]]) -> str:
    """The prose, with each table below its mark."""
    return MARK.sub(lambda mark: f"{mark[0]}\n\n{table(mark[1], rows[mark[1]])}", prose())


def prose() -> str:
    return TEMPLATE.read_text(encoding="utf-8")


def without_tables(text: str) -> str:
    """The page as its template: the lines of tables, and the empty one before each, taken out."""
    return re.sub(r"(<!-- table: \w+ -->)\n\n(?:\|[^\n]*\n)+", r"\1\n", text)


def tables_on(text: str) -> dict[str, list[str]]:
    """The lines of each table of a page, head and rule left out."""
    found = re.findall(r"<!-- table: (\w+) -->\n\n((?:\|[^\n]*\n)+)", text)
    return {name: lines.splitlines()[2:] for name, lines in found}


if __name__ == "__main__":
    sys.stdout.write(page(all_made()))
