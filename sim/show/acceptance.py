"""The section of a table that says of each limit whether it is met, and the words that say which are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.show.layout import Row, Section
from sim.show.text import one_line

if TYPE_CHECKING:
    import pandas as pd

    from sim.show.cells import Lines


def limits_section(lines: Lines) -> Section:
    """A line for each limit of the scenario, and below it how many more replications would decide where it is open."""
    if not lines.result.scenario.accept:
        return Section("Limits", [])
    found: dict[tuple[str, str], Any] = {
        (str(row.limit), str(row.policy)): row for row in lines.result.acceptance().itertuples()
    }
    rows = []
    for limit in dict.fromkeys(limit for limit, _ in found):
        of = [found.get((limit, policy)) for policy in lines.result.policies]
        rows.append(Row(lines.name(limit), tuple("" if one is None else one.verdict for one in of)))
        more = tuple("" if one is None else _number(one.more) for one in of)
        rows += [Row("  more replications to decide", more)] if any(more) else []
    return Section("Limits", rows)


def not_met(found: pd.DataFrame, shown: bool) -> str:
    """How many limits, of all policies together, are not met or not decided yet; and unless they are ``shown`` in a
    table above, each of them on a line of its own.
    """
    open_ones = found[found["verdict"] != "met"]
    verdicts = " or ".join(verdict for verdict in ("not met", "not decided") if (open_ones["verdict"] == verdict).any())
    policies = found["policy"].nunique()
    under = f" (of {policies} policies together)" if policies > 1 else ""
    are = "is" if len(open_ones) == 1 else "are"
    told = f"{len(open_ones)} of {len(found)} limits{under} {are} {verdicts}"
    if shown:
        return f"{told}; see Limits above."
    return "\n".join([f"{told}:", *(f"  {_line(row)}" for row in open_ones.itertuples())])


def _line(row: Any) -> str:
    more = _number(row.more)
    how = f" ({more} more replication{'' if more == '1' else 's'})" if more else ""
    return one_line(f"{row.policy}: {row.limit} is {row.verdict}{how}")


def _number(more: Any) -> str:
    """A number of replications; nothing where it is missing."""
    import pandas as pd

    return "" if pd.isna(more) else str(more)
