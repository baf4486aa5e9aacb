"""The figures of a result, looked up by policy, measure and scope; what the tables are made of."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from sim.study.results.result import Result

SCOPES = ("stage", "segment", "role", "member", "dimension", "action", "cause", "period", "hour", "event")


_LEVELS = ("satisfaction", "satisfaction_all", "perceived_quality", "process_quality", "outcome_quality", "servperf")
_CHANCES = ("service_level", "knowledge")


class Figure(NamedTuple):
    """A mean over replications with its 95 % half-width; NaN where they are undefined."""

    mean: float
    half_width: float


class Figures:
    """All figures of a result; a scope that is not named is "all"."""

    def __init__(self, result: Result) -> None:
        self._found = _found(result.summary())
        self.events = _seen(self._found, "event")
        self.periods = sorted(_seen(self._found, "period"), key=float)
        scenario = result.scenario
        first = result.policies[0]

        def known(measure: str, scope: str, names: Iterable[str]) -> list[str]:
            return [name for name in names if self.get(first, measure, **{scope: name}) is not None]

        self.stages = known("wait_mean", "stage", scenario.stages)
        self.dimensions = known("gap_customer", "dimension", scenario.quality.dimension_weights)
        self.actions = known("hit_rate", "action", scenario.actions)
        self.roles = known("utilisation", "role", scenario.staff)

    def get(self, policy: str, measure: str, **scope: str) -> Figure | None:
        """Return the figure, or None where the result has no such row."""
        return self._found.get((policy, measure, *(scope.get(name, "") for name in SCOPES)))

    def by_period(self) -> set[str]:
        """Return the measures that the result has by period, of whatever scope."""
        place = 2 + SCOPES.index("period")
        return {key[1] for key in self._found if key[place]}


def bounds(measure: str) -> tuple[float, float]:
    """Return the ends of a measure's scale: levels 1 and 7; shares, rates and probabilities 0 and 1; else infinite."""
    if measure in _LEVELS:
        return 1.0, 7.0
    if measure in _CHANCES or {"share", "rate", "probability"} & set(measure.split("_")):
        return 0.0, 1.0
    return -math.inf, math.inf


def negated(figures: Iterable[Figure | None]) -> list[Figure | None]:
    """The same figures with the other sign."""
    return [figure and figure._replace(mean=-figure.mean) for figure in figures]


def _seen(found: dict[tuple[str, ...], Figure], scope: str) -> list[str]:
    """Values of a scope that any figure has, in order of appearance."""
    place = 2 + SCOPES.index(scope)
    return [value for value in dict.fromkeys(key[place] for key in found) if value]


def _found(summary: pd.DataFrame) -> dict[tuple[str, ...], Figure]:
    """Rows by (policy, measure, scopes); an empty scope is ""."""
    scopes = [summary[name].astype(object).where(summary[name].notna(), "").map(str) for name in SCOPES]
    keys = zip(summary["policy"], summary["measure"], *scopes, strict=True)
    values = zip(summary["mean"], summary["half_width"], strict=True)
    return {key: Figure(_number(mean), _number(half)) for key, (mean, half) in zip(keys, values, strict=True)}


def cause_shares(result: Result) -> dict[tuple[str, str, str], Figure]:
    """Share of an action's lapses that each cause had, by (policy, action, cause).

    A ratio within each replication, then the mean and half-width over them; replications without a lapse say
    nothing of it.
    """
    from sim.study.statistics.intervals import interval

    rows = result.measures
    lapses = rows[(rows["measure"] == "lapses") & rows["action"].notna() & (rows["action"] != "")]
    caused = lapses[lapses["cause"].notna() & (lapses["cause"] != "")]
    keys = ["policy", "action", "replication"]
    share = caused["value"] / caused.groupby(keys, observed=True)["value"].transform("sum")
    grouped = share.groupby([caused["policy"], caused["action"], caused["cause"]], observed=True)
    found = {key: interval(values.tolist()) for key, values in grouped}
    return {
        (str(policy), str(action), str(cause)): Figure(_number(one.mean), _number(one.half_width))
        for (policy, action, cause), one in found.items()
    }


def satisfaction_shares(result: Result, policy: str, parts: int = 12) -> list[float] | None:
    """Shares of the completed encounters by satisfaction, in equal parts of the scale from 1 to 7.

    None where nobody was asked.
    """
    rows = spread(result, "satisfaction", policy)
    total = rows["count"].sum()
    if not total:
        return None
    middle = (rows["low"] + rows["high"]) / 2
    part = ((middle - 1) / 6 * parts).astype(int).clip(0, parts - 1)
    counts = rows["count"].groupby(part).sum()
    return [float(counts.get(position, 0) / total) for position in range(parts)]


def spread(result: Result, what: str, policy: str, stage: str | None = None) -> pd.DataFrame:
    """Counts by ``low`` and ``high`` of a distribution, over replications and segments, in rising order."""
    rows = result.distributions
    chosen = (rows["what"] == what) & (rows["policy"] == policy)
    if stage is not None:
        chosen &= rows["stage"] == stage
    counts = rows[chosen].groupby(["low", "high"], observed=True)["count"].sum()
    return counts[counts > 0].reset_index().sort_values(["low", "high"], ignore_index=True)


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
