"""How sure the figures of a run are, in words: how narrowly they are known, and what narrower would take."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.show.figures import SCOPES
from sim.show.text import Signs

if TYPE_CHECKING:
    from sim.study.results.result import Result

WITHIN = 0.05
NO_WAIT_MIN = 0.05

Series = Sequence[list[float]]


class Known(NamedTuple):
    """The widest relative half-width of some series, and the replications that would bring all of them to 5 %."""

    width: float
    needed: int | None  # None where it cannot be told


def certainty(result: Result, signs: Signs) -> Iterator[str]:
    """Yield lines on mean waits, on satisfaction where it is known less well, and on what to bear in mind."""
    waits = waits_of(result)
    wait, satisfaction = known(waits), known(series_of(result, "satisfaction", site=True))
    if wait is not None:
        yield from _told("Mean waits are", wait, result.replications, signs)
    if satisfaction is not None and satisfaction.width > max(WITHIN, 0.0 if wait is None else wait.width):
        yield from _told("Satisfaction is", satisfaction, result.replications, signs)
    one_run = list(_of_one_run(result, signs))
    yield from one_run
    caution = None if one_run else caution_of(waits)
    if caution is not None:
        yield f"Caution: {caution}."


def _of_one_run(result: Result, signs: Signs) -> Iterator[str]:
    """What a single long steady-state run says of its mean wait, where it is long enough to be cut into parts."""
    if result.course is None or result.replications != 1:
        return
    found = result.summary()
    whole = found[(found["measure"] == "wait_mean") & found["half_width"].notna()]
    for row in whole.itertuples():
        under = f" under {row.policy}" if len(result.policies) > 1 else ""
        half = f"{signs.plus_minus}{row.half_width:.2f}"
        yield f"Mean wait of the whole site{under}: {row.mean:.2f} {half} min, by parts of this one run (batch means)."


def _told(what: str, found: Known, replications: int, signs: Signs) -> Iterator[str]:
    wish = f"{signs.plus_minus}{100 * WITHIN:.0f} %"
    if found.width <= WITHIN:
        yield f"{what} known to within {wish}."
        return
    digits = 1 if found.width < 0.1 else 0
    more = "" if found.needed is None else _more(found.needed, replications, wish)
    yield f"{what} known to {signs.plus_minus}{100 * found.width:.{digits}f} %{more}"


def _more(needed: int, replications: int, wish: str) -> str:
    more = max(1, needed - replications)
    one = "replication gives" if more == 1 else "replications give"
    return f"; {more} more {one} {wish}: -n {replications + more}"


def known(series: Series) -> Known | None:
    """How narrowly the worst of the series is known, a projection from the spread so far; None where none tells."""
    from sim.study.statistics.intervals import interval, needed, relative_half_width

    found = [interval(values) for values in series]
    widths = [width for width in map(relative_half_width, found) if width is not None]
    due = [n for n in (needed(one, WITHIN) for one in found) if n is not None]
    return Known(max(widths), max(due, default=None)) if widths else None


def waits_of(result: Result) -> Series:
    """Mean waits over replications by policy and stage.

    Waits below 3 seconds are left out: nobody acts on five per cent of nothing.
    """
    return [values for values in series_of(result, "wait_mean") if _mean(values) >= NO_WAIT_MIN]


def series_of(result: Result, measure: str, site: bool = False) -> Series:
    """A measure over replications by policy, and by stage unless it is that of the whole site."""
    rows = result.measures
    rows = rows[(rows["measure"] == measure)]
    stages = rows["stage"].notna() & (rows["stage"] != "")
    rows = rows[~stages if site else stages]
    for scope in SCOPES[1:]:
        rows = rows[rows[scope].isna() | (rows[scope] == "")]
    by = ["policy"] if site else ["policy", "stage"]
    return [values.tolist() for _, values in rows.groupby(by, observed=True)["value"]]


def caution_of(series: Series) -> str | None:
    """What to bear in mind of the series with the fewest replications."""
    from sim.study.statistics.skewness import caution

    def known_in(values: list[float]) -> int:
        return sum(not math.isnan(value) for value in values)

    return next((told for told in map(caution, sorted(series, key=known_in)) if told), None)


def _mean(values: list[float]) -> float:
    defined = [value for value in values if not math.isnan(value)]
    return math.fsum(defined) / len(defined) if defined else math.nan
