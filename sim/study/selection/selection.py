"""What a selection found: the policy chosen, what is promised of it, and what was seen of every policy."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.study.results.frames import plain_rows

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

FORMAT = 1


@dataclass(frozen=True, eq=False)
class Selection:
    """The best of some policies. Data frames have plain columns; treat them as fixed.

    ``table``: one row per policy: status (best, equal, not best, open; with limits: cheapest, equal, dearer, no
    cheaper, fails, open; equal is to the leader, in every replication), n (replications that count), mean with
    half_width (of the measure, or of the cost), behind (how much worse than the leader in the same replications),
    left_after (replications; missing where it stayed to the end). ``limits``: one row per policy and limit: verdict,
    estimate, low, high (the lower ends hold all at once, and so do the upper ones), n; none where a measure was chosen
    by. ``measures``: every measure of every replication that counts.
    """

    scenario: Scenario
    policies: tuple[str, ...]
    best: str | None  # None: not decided, or none keeps every limit
    decided: bool
    verdict: str  # what was found, in one sentence
    guarantee: str  # what is promised, and under which assumptions, in one sentence
    question: str  # "the highest satisfaction", "the lowest cost within every limit"
    measure: str  # chosen by; costs that add up are joined by " + "
    method: str  # kn, rinott, ocba or cheapest
    confidence: float
    delta: float
    seed: int
    engine: str
    replications: int  # that count, all policies together
    simulated: int  # a few more may have been simulated ahead
    table: pd.DataFrame
    limits: pd.DataFrame
    measures: pd.DataFrame
    failures: pd.DataFrame
    warnings: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = math.nan

    def __repr__(self) -> str:
        return f"<Selection from {self.scenario.name}: {self.verdict} {self.replications} replications>"

    def to_json_object(self) -> dict[str, Any]:
        """The one object of ``--format json``: numbers that are undefined are None."""
        return {
            "format": FORMAT,
            "scenario": self.scenario.name,
            "engine": self.engine,
            "question": self.question,
            "method": self.method,
            "confidence": self.confidence,
            "delta": self.delta,
            "seed": self.seed,
            "best": self.best,
            "decided": self.decided,
            "verdict": self.verdict,
            "guarantee": self.guarantee,
            "replications": self.replications,
            "simulated": self.simulated,
            "policies": plain_rows(self.table),
            "limits": plain_rows(self.limits),
            "warnings": list(self.warnings),
        }

    def _repr_html_(self) -> str:
        from html import escape

        heading = escape(self.scenario.title or self.scenario.name)
        shown = [self.table, self.limits] if len(self.limits) else [self.table]
        tables = "".join(one.to_html(index=False, float_format="{:.4g}".format) for one in shown)
        return (
            f"<p><b>{heading}</b>: {escape(self.question)}. {escape(self.verdict)}</p>{tables}"
            f"<p>{escape(self.guarantee)} {self.replications} replications, seed {self.seed}.</p>"
        )
