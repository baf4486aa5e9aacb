"""What a run found: measures of every replication, and what can be read from them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sim.errors import InputError
from sim.study.frames import SUMMARY, summary_frame
from sim.study.tallies.rows import SCOPES

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

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

    def __repr__(self) -> str:
        policies = ", ".join(self.policies)
        return f"<Result of {self.scenario.name}: {self.replications} replications of {policies}; seed {self.seed}>"

    def summary(self) -> pd.DataFrame:
        """Mean, 95 % half-width over replications (missing with one), sd and n by policy, measure and scope."""
        return summary_frame(self.measures)

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
