"""The section of a table that says of each limit whether it is met, and the line that says which are not."""

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


def not_met(found: pd.DataFrame) -> str | None:
    """One line that names the limits not met, and those not decided yet, by policy; None where all are met."""
    told: dict[str, list[str]] = {}
    for row in found.itertuples():
        if row.verdict != "met":
            more = _number(row.more)
            how = f" ({more} more replication{'' if more == '1' else 's'})" if more else ""
            told.setdefault(str(row.policy), []).append(f"{row.limit} is {row.verdict}{how}")
    return one_line("; ".join(f"{policy}: {', '.join(limits)}" for policy, limits in told.items())) or None


def _number(more: Any) -> str:
    """A number of replications; nothing where it is missing."""
    import pandas as pd

    return "" if pd.isna(more) else str(more)
