"""The table of a run: the service and what it led to, one column for each policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.show.cells import Lines
from sim.show.effect_sections import effect_sections
from sim.show.figures import SCOPES
from sim.show.layout import Section, escaped, markdown, saying, terminal
from sim.show.service_sections import service_sections
from sim.show.text import UNICODE, Signs, one_line, signs_for, spoken

if TYPE_CHECKING:
    from sim.study.result import Result

NO_WAIT_MIN = 0.05


def table(result: Result, *, columns: int = 80, encoding: str = "utf-8") -> str:
    """Return the table for a terminal of so many columns, in signs that ``encoding`` can say."""
    signs = signs_for(encoding)
    names = [_name(policy, encoding) for policy in result.policies]
    body = terminal(sections(result, encoding), names, columns=columns, signs=signs)
    return "\n".join([*headline(result, encoding), "", *body, "", *closing(result, signs)])


def markdown_table(result: Result) -> str:
    """Return the same sections as Markdown tables."""
    title, how = headline(result)
    names = [one_line(policy) for policy in result.policies]
    return "\n".join(
        [f"## {escaped(title)}", "", how, "", *markdown(sections(result), names), *closing(result, UNICODE)]
    )


def headline(result: Result, encoding: str = "utf-8") -> tuple[str, str]:
    """Return what was simulated, and how, in two lines."""
    signs = signs_for(encoding)
    scenario = result.scenario
    title = f" {signs.dash} {scenario.title}" if scenario.title else ""
    n = result.replications
    days = scenario.calendar.days
    how = f"{_count(n, 'replication')} of {_count(days, 'day')}, seed {result.seed}, engine {result.engine}"
    return _name(f"{scenario.name}{title}", encoding), f"{how}; {signs.plus_minus} 95 % half-width"


def closing(result: Result, signs: Signs) -> Iterator[str]:
    """Yield how sure the figures are: of differences, and how many replications would settle the waits."""
    if len(result.policies) > 1 and result.replications > 1:
        yield f"The same customers under every policy: differences are surer than their {signs.plus_minus}."
    wanted = replications_needed(result, within=0.05)
    if wanted is None:
        return
    if wanted <= result.replications:
        yield f"Mean waits are known to within {signs.plus_minus}5 %."
    else:
        yield f"About {wanted} replications would settle mean waits to {signs.plus_minus}5 %: -n {wanted}."


def replications_needed(result: Result, within: float) -> int | None:
    """Return the replications that would bring every policy's mean wait, by stage, to ± ``within`` of itself.

    A projection from the spread seen so far; None where too few replications say nothing of spread, or nobody
    waits. Waits below 3 seconds are left out: nobody acts on five per cent of nothing.
    """
    from sim.study.intervals import interval, needed

    rows = result.measures
    waits = rows[(rows["measure"] == "wait_mean") & rows["stage"].notna() & (rows["stage"] != "")]
    for scope in SCOPES[1:]:
        waits = waits[waits[scope].isna() | (waits[scope] == "")]
    seen = [interval(values.tolist()) for _, values in waits.groupby(["policy", "stage"], observed=True)["value"]]
    worth = [needed(one, within) for one in seen if one.mean is not None and one.mean >= NO_WAIT_MIN]
    return max((n for n in worth if n is not None), default=None)


def sections(result: Result, encoding: str = "utf-8") -> list[Section]:
    """Return the table's sections, empty ones left out; names in ``encoding``, ready to be laid out."""
    lines = Lines(result, encoding)
    told = (Section(title, saying(rows)) for title, rows in (*service_sections(lines), *effect_sections(lines)))
    return [section for section in told if section.rows]


def _name(text: str, encoding: str) -> str:
    return spoken(one_line(text), encoding)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
