"""docs/statistics.md is the template with the experiments' tables in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from . import engine, pairing
from .page import MARK, labels, page, prose, tables_on, without_tables
from .tables import KERNELS, TABLES, made

PAGE = Path(__file__).parents[2] / "docs" / "statistics.md"
FEW = 2


@cache
def written() -> str:
    return PAGE.read_text(encoding="utf-8")


def written_rows() -> dict[str, list[list[str]]]:
    """The cells of the page's tables."""
    return {
        name: [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]
        for name, rows in tables_on(written()).items()
    }


def test_the_page_is_the_template_with_tables():
    assert without_tables(written()) == prose()


def test_every_table_is_on_the_page_once():
    assert sorted(MARK.findall(prose())) == sorted(TABLES)
    assert set(tables_on(written())) == set(TABLES)


@pytest.mark.parametrize("name", KERNELS)
def test_every_experiment_is_on_the_page(name):
    """Whatever they find, rows begin with the problem, its exact answer and the number of replications."""
    lines = tables_on(written())[name]
    rows = made(name, FEW)
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        assert line.startswith(labels(row))


def test_the_simulated_ones_are_on_the_page_too():
    lines = tables_on(written())
    days = [
        f"| {site} | {policy} | {of} |"
        for site in pairing.SITES
        for of in pairing.MEASURES.values()
        for policy in pairing.POLICIES.values()
    ]
    assert [line[: len(start)] for line, start in zip(lines["pairing"], days, strict=True)] == days
    names = [f"| {problem.name} | {problem.exact:.5g} |" for problem in engine.problems()]
    assert [line[: len(start)] for line, start in zip(lines["engine"], names, strict=True)] == names


def test_page_and_tables_are_inverse():
    rows = {name: made("families", FEW) for name in TABLES}
    text = page(rows)
    assert without_tables(text) == prose()
    assert tables_on(text)["selection"] == tables_on(text)["families"]
