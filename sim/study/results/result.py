"""What a run found: measures of every replication, and what can be read from them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sim.errors import InputError, did_you_mean, there_are
from sim.study.keys import key_of
from sim.study.results.frames import SUMMARY, plain_rows, series, summary_frame
from sim.study.tallies.rows import SCOPES, Key

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario
    from sim.study.statistics.quantiles import Quantile

FORMAT = 1
_HEADLINES = ("arrivals", "wait_mean", "wait_p90", "service_level", "abandoned_share", "satisfaction", "nps")


class Logs(Protocol):
    """Where the rows of encounters and visits are kept."""

    def table(self, name: str) -> pd.DataFrame:
        """``encounters`` or ``visits`` of all policies and replications, in order."""
        ...


@dataclass(frozen=True, eq=False)
class Result:
    """The replications of one or more policies of a scenario. Data frames have plain columns; treat them as fixed.

    ``measures``: policy, replication, measure, the scope columns (missing = all) and value (missing = undefined).
    ``distributions``: counts of waits, stays (minutes) and quality (1..7) in bins [low, high).
    ``failures``: one row per replication that gave no measures, with the command that repeats it.
    ``course``: of a steady-state scenario, by replication and bucket of time, warm-up included: see `course_frame`.
    """

    scenario: Scenario
    policies: tuple[str, ...]
    replications: int  # of each policy, failed ones included
    seed: int
    engine: str
    measures: pd.DataFrame
    distributions: pd.DataFrame
    failures: pd.DataFrame
    warnings: tuple[str, ...]
    content_id: str
    settings: Mapping[str, Any] = field(default_factory=dict)  # levers, by, precision: what was asked for
    precise: bool | None = None  # None where no precision was asked for
    seconds: float = math.nan
    logs: Logs | None = None
    folder: Path | None = None  # where it is stored
    course: pd.DataFrame | None = None  # None unless the scenario's analysis is steady_state

    def __repr__(self) -> str:
        policies = ", ".join(self.policies)
        return f"<Result of {self.scenario.name}: {self.replications} replications of {policies}; seed {self.seed}>"

    def summary(self) -> pd.DataFrame:
        """Mean, 95 % half-width over replications (missing with one), sd and n by policy, measure and scope.

        A single long steady-state run has half-widths of its mean wait and number on site, by batch means.
        """
        from sim.study.steady import with_batch_means

        return with_batch_means(summary_frame(self.measures), self)

    def acceptance(self, confidence: float = 0.95) -> pd.DataFrame:
        """Verdict on each limit of the scenario's ``accept`` under each policy; see `sim.study.limits.acceptance`."""
        from sim.study.limits.acceptance import acceptance

        return acceptance(self, confidence)

    def values(self, measure: str | Key, policy: str | None = None) -> pd.Series[float]:
        """A measure under a policy (absent: the first) by replication: ``values("wait_p90[stage=desk]", "train")``.

        Missing where the replication failed or the measure is undefined. InputError: no such policy or measure.
        """
        name = self.policies[0] if policy is None else policy
        if name not in self.policies:
            raise InputError(f"no policy '{name}'{did_you_mean(name, self.policies)}; {there_are(self.policies)}")
        key = key_of(measure) if isinstance(measure, str) else measure
        if (name, key) not in self._looked_up:
            rows = self.measures.iloc[self._places.get((name, key.measure), [])]
            self._looked_up[name, key] = series(rows, name, key, self.replications, measured=not self.measures.empty)
        return self._looked_up[name, key]

    @cached_property
    def _looked_up(self) -> dict[tuple[str, Key], pd.Series[float]]:
        """What was asked for before: a comparison asks for the same measure again and again."""
        return {}

    @cached_property
    def _places(self) -> Mapping[Any, Any]:
        """Where the rows of each policy and measure are: a table of many replications is searched once."""
        return self.measures.groupby(["policy", "measure"], sort=False, observed=True).indices

    def has(self, measure: str | Key, policy: str | None = None) -> bool:
        """Whether a policy (absent: the first) has rows of this measure and scope."""
        try:
            self.values(measure, policy)
        except InputError:
            return False
        return not self.measures.empty

    def interval(
        self, measure: str | Key, policy: str | None = None, confidence: float = 0.95, skewed: bool = False
    ) -> tuple[float, float]:
        """Ends of the interval of a measure's mean: Student's t, or with ``skewed`` corrected for skewness.

        The correction (Willink 2005) covers what it says already with 10 replications of a skewed measure, where t
        covers about 90 % of 95 %; docs/statistics.md has both. NaN with fewer than two values. InputError as `values`.
        """
        from sim.study.statistics.intervals import interval
        from sim.study.statistics.skewness import skew_interval

        found = self.values(measure, policy).tolist()
        if skewed:
            return skew_interval(found, confidence)
        one = interval(found, confidence)
        if one.mean is None or one.half_width is None:
            return math.nan, math.nan
        return one.mean - one.half_width, one.mean + one.half_width

    def quantile(
        self, p: float, policy: str | None = None, *, what: str = "wait", stage: str | None = None
    ) -> Quantile:
        """The ``p`` quantile (0..1) of all visits of all replications together, with its 95 % interval.

        ``what``: ``wait`` (minutes, of a ``stage`` or all), ``stay`` (minutes), ``satisfaction`` or
        ``perceived_quality``. Unlike ``wait_p90``, which is the mean of each replication's own percentile, days with
        many visits weigh more. InputError: no such policy or nothing of that kind.
        """
        from sim.study.results.pooled import pooled

        return pooled(self, p, self.policies[0] if policy is None else policy, what, stage)

    def visits(self) -> pd.DataFrame:
        """One row per visit, minutes and names. InputError where the run kept no log."""
        return self._logged("visits")

    def encounters(self) -> pd.DataFrame:
        """One row per encounter, minutes and names. InputError where the run kept no log."""
        return self._logged("encounters")

    def _logged(self, name: str) -> pd.DataFrame:
        if self.logs is None:
            raise InputError(f"this run kept no log of {name}; run it with log=True (--log on the command line)")
        return self.logs.table(name)

    def to_json_object(self) -> dict[str, Any]:
        """The one object of ``--format json``: numbers that are undefined and scopes that do not apply are None."""
        found = self.summary()
        columns = [found[name].tolist() for name in SUMMARY]
        return {
            "format": FORMAT,
            "scenario": self.scenario.name,
            "engine": self.engine,
            "replications": self.replications,
            "results": [
                {name: _plain(name, value) for name, value in zip(SUMMARY, row, strict=True)}
                for row in zip(*columns, strict=True)
            ],
            "acceptance": plain_rows(self.acceptance()),
            "warnings": list(self.warnings),
        }

    def _repr_html_(self) -> str:
        from html import escape

        found = self.summary()
        whole_site = found[list(SCOPES)].isna().all(axis=1) & found["measure"].isin(_HEADLINES)
        table = found.loc[whole_site, ["policy", "measure", "mean", "half_width", "n"]]
        failed = f", {len(self.failures)} failed" if len(self.failures) else ""
        heading = escape(self.scenario.title or self.scenario.name)
        return (
            f"<p><b>{heading}</b>: {self.replications} replications{failed}, seed {self.seed}; "
            f"half-widths are of 95 % intervals</p>{table.to_html(index=False, float_format='{:.4g}'.format)}"
        )


def _plain(name: str, value: Any) -> Any:
    """A cell as JSON says it."""
    import pandas as pd

    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return int(value) if name in ("period", "hour", "n") else value
