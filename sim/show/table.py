"""The table of a run: the service and what it led to, one column for each policy."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.show.acceptance import limits_section
from sim.show.cells import Lines
from sim.show.certainty import certainty
from sim.show.effect_sections import effect_sections
from sim.show.layout import Section, escaped, markdown, saying, terminal
from sim.show.service_sections import service_sections
from sim.show.text import UNICODE, Signs, one_line, signs_for, spoken

if TYPE_CHECKING:
    from sim.study.results.result import Result


def table(result: Result, *, columns: int = 80, encoding: str = "utf-8") -> str:
    """Return the table for a terminal of so many columns, in signs that ``encoding`` can say."""
    signs = signs_for(encoding)
    names = [_name(policy, encoding) for policy in result.policies]
    body = terminal(sections(result, encoding), names, columns=columns, signs=signs)
    last = [part for line in closing(result, signs) for part in wrap(line, columns)]
    return "\n".join([*headline(result, encoding), "", *body, "", *last])


def markdown_table(result: Result) -> str:
    """Return the same sections as Markdown tables."""
    title, how = headline(result)
    names = [one_line(policy) for policy in result.policies]
    return "\n".join(
        [f"## {escaped(title)}", "", how, "", *markdown(sections(result), names), *closing(result, UNICODE)]
    )


def headline(result: Result, encoding: str = "utf-8", confidence: float = 0.95) -> tuple[str, str]:
    """Return what was simulated, and how, in two lines."""
    signs = signs_for(encoding)
    scenario = result.scenario
    title = f" {signs.dash} {scenario.title}" if scenario.title else ""
    n = result.replications
    days = scenario.calendar.days
    how = f"{_count(n, 'replication')} of {_count(days, 'day')}, seed {result.seed}, engine {result.engine}"
    return _name(f"{scenario.name}{title}", encoding), f"{how}; {signs.plus_minus} {100 * confidence:.3g} % half-width"


def closing(result: Result, signs: Signs) -> Iterator[str]:
    """Yield how sure the figures are, and how many more replications would make them surer."""
    if len(result.policies) > 1 and result.replications > 1:
        yield f"The same customers under every policy: differences are surer than their {signs.plus_minus}."
    yield from certainty(result, signs)


def sections(result: Result, encoding: str = "utf-8") -> list[Section]:
    """Return the table's sections, empty ones left out; names in ``encoding``, ready to be laid out."""
    lines = Lines(result, encoding)
    parts = (*service_sections(lines), *effect_sections(lines), limits_section(lines))
    told = (Section(title, saying(rows)) for title, rows in parts)
    return [section for section in told if section.rows]


def _name(text: str, encoding: str) -> str:
    return spoken(one_line(text), encoding)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
