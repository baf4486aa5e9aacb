"""Two policies on the same customers: how surely a measure lies higher under one than under the other.

Every replication of the two policies has the same customers and the same luck (common random numbers), so that the
difference is judged pair by pair, by Student's t. An effect counts as shown where its 99.9 % interval lies on the
predicted side: were there no effect, that would happen once in two thousand tests. The scenarios are chosen so that
the effects found are seven standard errors or more, most of them more than twenty: a real one is not missed by chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import t as student

import sim

if TYPE_CHECKING:
    import pandas as pd

CONFIDENCE = 0.999
REPLICATIONS = 20
SCOPE = ("stage", "segment", "role", "member", "dimension", "action", "cause", "period", "hour", "event")


@dataclass(frozen=True)
class Effect:
    """A difference in replications (n,), mean ± half-width at 99.9 %."""

    values: np.ndarray

    @property
    def mean(self) -> float:
        return float(self.values.mean())

    @property
    def error(self) -> float:
        """Standard error of the mean."""
        return float(self.values.std(ddof=1) / np.sqrt(len(self.values)))

    @property
    def half_width(self) -> float:
        return float(student.ppf((1 + CONFIDENCE) / 2, len(self.values) - 1)) * self.error

    @property
    def low(self) -> float:
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        return self.mean + self.half_width

    def is_above(self, bound: float = 0.0) -> bool:
        """Whether the whole interval is."""
        return self.low > bound

    def is_below(self, bound: float = 0.0) -> bool:
        return self.high < bound

    def __str__(self) -> str:
        sigmas = abs(self.mean) / self.error if self.error > 0 else float("inf")
        return f"{self.mean:.5g} ± {self.half_width:.2g} (99.9 %; {sigmas:.0f} standard errors)"


@dataclass(frozen=True)
class Study:
    """The measures of two policies or more, replication by replication."""

    measures: pd.DataFrame

    def of(self, policy: str, measure: str, **scope: Any) -> np.ndarray:
        """(n,) a measure in every replication; exactly one row in each, or LookupError."""
        table = self.measures
        chosen = (table["measure"] == measure) & (table["policy"] == policy)
        for column in SCOPE:
            if column in scope:
                chosen &= table[column] == scope[column]
            elif column in table:
                chosen &= table[column].isna()
        found = table[chosen].sort_values("replication")
        if found.empty or found["replication"].duplicated().any():
            raise LookupError(f"{measure} {scope} of {policy}: {len(found)} rows, one in each replication expected")
        return found["value"].to_numpy(float)

    def effect(self, policy: str, measure: str, base: str = "base", **scope: Any) -> Effect:
        """What the policy changes against the base."""
        return Effect(self.of(policy, measure, **scope) - self.of(base, measure, **scope))

    def level(self, policy: str, measure: str, **scope: Any) -> Effect:
        """The measure itself, against nothing."""
        return Effect(self.of(policy, measure, **scope))


def study(
    scenario: Mapping[str, Any], replications: int = REPLICATIONS, seed: int = 1, **policies: Mapping[str, Any]
) -> Study:
    """Simulate a scenario under the policies given as levers by name; `base` is the scenario as it is."""
    whole = {"name": "prediction", **scenario, "policies": {"base": {}, **policies}}
    result = sim.run(sim.load(whole), policies="all", replications=replications, seed=seed, jobs=1)
    assert result.failures.empty, result.failures.to_string()
    return Study(result.measures)
