"""What a comparison found: differences with their intervals, verdicts in words, and what an improvement costs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.errors import InputError
from sim.study.comparison.differences import Pair, differences, worth
from sim.study.comparison.verdicts import sentence
from sim.study.tallies.rows import SCOPES, Key

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.comparison.attribution import Attribution
    from sim.study.results.result import Result

FORMAT = 1
HEADLINES = (
    "wait_mean",
    "wait_p90",
    "service_level",
    "abandoned_share",
    "balked_share",
    "satisfaction",
    "dissatisfied_share",
    "gap_customer",
    "return_probability",
    "margin",
    "staff_cost",
    "training_cost",
    "management_cost",
    "profit",
)
"""What a manager asks for first; of these a comparison shows what any policy changes."""
Adjust = Literal["holm", "none"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Policies of one result, compared pair by pair of replications. Treat the data frames as fixed.

    ``table``: one row per policy and measure. ``difference`` = policy − ``against``, with the half-width of its own
    interval and of the interval that holds together with all others; ``skew_low`` and ``skew_high`` are the ends of its
    own interval corrected for skewness, safer below some 30 replications; ``p_adjusted`` is Holm's over all rows that
    vary; ``correlation`` and ``variance_ratio`` say what pairing gained; ``verdict`` is ``better``, ``worse``,
    ``higher``, ``lower``, ``equal`` (in every replication) or ``not clear``.
    ``worth``: what each policy costs in addition and what one point of satisfaction, or a minute of waiting less,
    then costs, with Fieller's interval.
    """

    result: Result
    table: pd.DataFrame
    worth: pd.DataFrame
    confidence: float
    adjust: Adjust
    comparisons: int  # that the adjustment is made for

    @property
    def baseline(self) -> str:
        """The policy that the others are compared with."""
        return self.result.policies[0]

    def __repr__(self) -> str:
        others = ", ".join(self.result.policies[1:])
        return f"<Comparison of {others} with {self.baseline}: {self.result.replications} replications>"

    def words(self, policy: str, against: str | None = None) -> str:
        """The verdict on a policy in one sentence."""
        rows = self.table[(self.table["policy"] == policy) & (self.table["against"] == (against or self.baseline))]
        if rows.empty:
            raise InputError(f"{policy} was not compared with {against or self.baseline}")
        return sentence(policy, against or self.baseline, list(rows.itertuples()))

    def attribution(self, policy: str, against: str | None = None) -> Attribution:
        """Where the change of the customer gap comes from: by gap, cause, stage and action."""
        from sim.study.comparison.attribution import attribution

        return attribution(self.result.measures, against or self.baseline, policy, self.confidence)

    def to_json_object(self) -> dict[str, Any]:
        """The one object of ``--format json``: None for what is undefined and scopes that do not apply."""
        return {
            "format": FORMAT,
            "scenario": self.result.scenario.name,
            "baseline": self.baseline,
            "replications": self.result.replications,
            "confidence": self.confidence,
            "adjust": self.adjust,
            "comparisons": self.comparisons,
            "results": plain_rows(self.table),
            "worth": plain_rows(self.worth),
            "verdicts": {policy: self.words(policy) for policy in self.result.policies[1:]},
            "warnings": list(self.result.warnings),
        }

    def _repr_html_(self) -> str:
        from html import escape

        shown = self.table.drop(columns=[name for name in SCOPES if self.table[name].isna().all()])
        verdicts = "".join(f"<li>{escape(self.words(policy))}</li>" for policy in self.result.policies[1:])
        return f"<ul>{verdicts}</ul>{shown.to_html(index=False, float_format='{:.4g}'.format)}"


def compared(
    result: Result,
    asked: Sequence[Key] | None,
    confidence: float,
    adjust: Adjust = "holm",
    pairs: Literal["baseline", "all"] = "baseline",
) -> Comparison:
    """Compare the policies of a result. InputError: it has one policy only, or a measure is not there."""
    if adjust not in ("holm", "none"):
        raise InputError(f"adjust: {adjust!r} is neither 'holm' nor 'none'")
    if pairs not in ("baseline", "all"):
        raise InputError(f"pairs: {pairs!r} is neither 'baseline' nor 'all'")
    first, *others = result.policies
    if not others:
        raise InputError(f"the result has one policy only, {first}; there is nothing to compare it with")
    names = combinations(result.policies, 2) if pairs == "all" else ((first, other) for other in others)
    chosen = [Pair(*both) for both in names]
    keys = _headlines(result) if asked is None else list(dict.fromkeys(asked))
    table, comparisons = differences(result, chosen, keys, confidence, adjust == "holm")
    return Comparison(result, table, worth(result, chosen, confidence), confidence, adjust, comparisons)


def _headlines(result: Result) -> list[Key]:
    """The headlines that the result has, but for those that no policy ever changes."""
    of_site = result.measures[list(SCOPES)].isna().all(axis=1)
    there = set(result.measures.loc[of_site, "measure"])
    return [Key(name) for name in HEADLINES if name in there and _moves(result, Key(name))]


def _moves(result: Result, key: Key) -> bool:
    first, *others = (result.values(key, policy) for policy in result.policies)
    return any(not first.equals(other) for other in others)


def plain_rows(frame: pd.DataFrame) -> list[Mapping[str, Any]]:
    """The rows of a frame as JSON says them: None for what is missing, undefined or infinite."""
    import pandas as pd

    def plain(value: Any) -> Any:
        if value is None or pd.isna(value) or (isinstance(value, float) and math.isinf(value)):
            return None
        return value.item() if isinstance(value, np.generic) else value

    return [{str(name): plain(value) for name, value in row.items()} for row in frame.to_dict("records")]
