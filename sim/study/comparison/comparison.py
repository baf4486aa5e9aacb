"""What a comparison found: differences with their intervals, verdicts in words, and what an improvement costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

from sim.errors import InputError, did_you_mean, there_are
from sim.study.comparison.differences import Pair, differences, worth
from sim.study.comparison.verdicts import sentence
from sim.study.results.frames import plain_rows
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

    @property
    def policies(self) -> tuple[str, ...]:
        """Those that are compared with the baseline, or with each other."""
        return tuple(dict.fromkeys(self.table["policy"]))

    def __repr__(self) -> str:
        others = ", ".join(self.policies)
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
            "verdicts": {policy: self.words(policy) for policy in self.policies},
            "warnings": list(self.result.warnings),
        }

    def _repr_html_(self) -> str:
        from html import escape

        shown = self.table.drop(columns=[name for name in SCOPES if self.table[name].isna().all()])
        verdicts = "".join(f"<li>{escape(self.words(policy))}</li>" for policy in self.policies)
        return f"<ul>{verdicts}</ul>{shown.to_html(index=False, float_format='{:.4g}'.format)}"


def compared(
    result: Result,
    asked: Sequence[Key] | None,
    confidence: float,
    adjust: Adjust = "holm",
    pairs: Literal["baseline", "all"] = "baseline",
    policies: Sequence[str] | None = None,
    also: Sequence[Key] = (),
) -> Comparison:
    """Compare the policies of a result, or these of them with its first, in the measures asked for and in ``also``.

    InputError: there is nothing to compare.
    """
    if adjust not in ("holm", "none"):
        raise InputError(f"adjust: {adjust!r} is neither 'holm' nor 'none'")
    if pairs not in ("baseline", "all"):
        raise InputError(f"pairs: {pairs!r} is neither 'baseline' nor 'all'")
    first, *others = _measured(result, policies)
    if not others:
        raise InputError(f"the result has one policy only, {first}; there is nothing to compare it with")
    names = combinations((first, *others), 2) if pairs == "all" else ((first, other) for other in others)
    chosen = [Pair(*both) for both in names]
    keys = list(dict.fromkeys((*(_headlines(result, (first, *others)) if asked is None else asked), *also)))
    table, comparisons = differences(result, chosen, keys, confidence, adjust == "holm")
    return Comparison(result, table, worth(result, chosen, table, confidence), confidence, adjust, comparisons)


def _measured(result: Result, policies: Sequence[str] | None) -> list[str]:
    """The policies to compare, the baseline first, but for those of which no replication could be measured.

    InputError: there is no such policy, or no replication of the baseline.
    """
    for name in policies or ():
        if name not in result.policies:
            raise InputError(f"no policy '{name}'{did_you_mean(name, result.policies)}; {there_are(result.policies)}")
    there = set(result.measures["policy"].unique())
    if result.policies[0] not in there:
        why = "" if result.failures.empty else f": {result.failures['message'].iloc[0]}"
        raise InputError(f"no replication of {result.policies[0]}, the baseline, could be measured{why}")
    wished = set(result.policies if policies is None else policies)
    return [name for name in result.policies if name == result.policies[0] or (name in wished and name in there)]


def _headlines(result: Result, policies: Sequence[str]) -> list[Key]:
    """The headlines that all policies have, but for those that none ever changes; all where none changes any."""
    keys = [Key(name) for name in HEADLINES if all(result.has(Key(name), policy) for policy in policies)]
    return [key for key in keys if _moves(result, key, policies)] or keys


def _moves(result: Result, key: Key, policies: Sequence[str]) -> bool:
    first, *others = (result.values(key, policy) for policy in policies)
    return any(not first.equals(other) for other in others)
