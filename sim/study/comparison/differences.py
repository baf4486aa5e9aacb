"""The table of differences between policies, and what an improvement costs: replication by replication."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.study.meanings import meaning
from sim.study.results.frames import text_column
from sim.study.statistics.intervals import t_quantile
from sim.study.statistics.multiplicity import holm, simultaneous_confidence
from sim.study.statistics.paired import Paired, Ratio, paired, ratio_of_differences
from sim.study.statistics.skewness import skew_interval
from sim.study.tallies.rows import SCOPES, Key

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.results.result import Result

COSTS = ("staff_cost", "training_cost", "management_cost")
"""What management decides to spend."""
COLUMNS = (
    "policy", "against", "measure", *SCOPES, "baseline_mean", "mean", "difference", "half_width", "p_value",
    "p_adjusted", "simultaneous_half_width", "skew_low", "skew_high", "correlation", "variance_ratio", "n", "verdict",
)  # fmt: skip
WORTH_COLUMNS = (
    "policy",
    "against",
    "cost",
    "cost_half_width",
    "measure",
    "gain",
    "gain_half_width",
    "per_unit",
    "low",
    "high",
)

_ROUNDING = 1e-12


class Pair(NamedTuple):
    """Two policies of a result: what one changes against the other."""

    against: str
    policy: str


class Differences(NamedTuple):
    """The table, and for how many comparisons it was adjusted."""

    table: pd.DataFrame
    comparisons: int


def differences(
    result: Result, pairs: Sequence[Pair], keys: Sequence[Key], confidence: float, adjusted: bool
) -> Differences:
    """One row per pair and measure, in that order; see `Comparison.table` for the columns.

    A difference that never varies leaves nothing to be mistaken about and is not counted as a comparison.
    """
    import pandas as pd

    rows = [(pair, key) for pair in pairs for key in keys]
    found = [paired(*_both(result, pair, key), confidence) for pair, key in rows]
    uncertain = [math.nan if _never_varies(one) else one.p_value for one in found]
    family = sum(not math.isnan(p) for p in uncertain)
    p_adjusted = holm(uncertain) if adjusted else uncertain
    together = simultaneous_confidence(confidence, max(1, family)) if adjusted else confidence
    data = [
        (
            pair.policy, pair.against, *key, one.baseline_mean, one.mean, one.difference, one.half_width, one.p_value,
            *(after := (one.p_value if math.isnan(p) else p),), _wider(one, confidence, together),
            *skew_interval(_change(result, pair, key).tolist(), confidence), one.correlation, one.variance_ratio, one.n,
            _verdict(key, one, after, confidence),
        )
        for (pair, key), one, p in zip(rows, found, p_adjusted, strict=True)
    ]  # fmt: skip
    table = pd.DataFrame(data, columns=list(COLUMNS))
    for name in SCOPES:
        whole = name in ("period", "hour")
        table[name] = table[name].astype("Int64") if whole else text_column(table[name].tolist())
    return Differences(table, family)


def _both(result: Result, pair: Pair, key: Key) -> tuple[list[float], list[float]]:
    return result.values(key, pair.against).tolist(), result.values(key, pair.policy).tolist()


def _change(result: Result, pair: Pair, key: Key) -> NDArray[np.float64]:
    """Policy − the other, by replication."""
    against, policy = _both(result, pair, key)
    return np.subtract(policy, against)


def _never_varies(one: Paired) -> bool:
    """Whether all differences are alike, but for the rounding of what they are differences of."""
    return not one.sd > _ROUNDING * max(abs(one.baseline_mean), abs(one.mean))


def _wider(one: Paired, confidence: float, together: float) -> float:
    """The half-width of the interval that holds together with all others."""
    if one.n < 2 or together == confidence:
        return one.half_width
    own, all_at_once = (t_quantile(one.n - 1, 0.5 + share / 2) for share in (confidence, together))
    return one.half_width * all_at_once / own


def _verdict(key: Key, one: Paired, p_adjusted: float, confidence: float) -> str:
    if one.n < 2:
        return "not clear"
    if one.sd == 0 and one.difference == 0:
        return "equal"
    if not p_adjusted < 1 - confidence:
        return "not clear"
    good = meaning(key.measure).good * one.difference
    if good:
        return "better" if good > 0 else "worse"
    return "higher" if one.difference > 0 else "lower"


def worth(result: Result, pairs: Sequence[Pair], confidence: float) -> pd.DataFrame:
    """What each policy costs in addition, and what one unit of what it improves then costs.

    Units are a point of satisfaction and a minute of mean waiting less. ``per_unit`` has Fieller's interval, and is
    missing where the policy does not clearly improve the measure.
    """
    import pandas as pd

    there = set(result.measures["measure"])
    costs = [Key(name) for name in COSTS if name in there]
    gains = [(Key(name), sign) for name, sign in (("satisfaction", 1.0), ("wait_mean", -1.0)) if name in there]
    rows = [_worth(result, pair, costs, key, sign, confidence) for pair in pairs for key, sign in gains if costs]
    return pd.DataFrame(rows, columns=list(WORTH_COLUMNS))


def _worth(
    result: Result, pair: Pair, costs: Sequence[Key], key: Key, sign: float, confidence: float
) -> tuple[Any, ...]:
    spent = np.add.reduce([_change(result, pair, cost) for cost in costs])
    gain = sign * _change(result, pair, key)
    nothing = [0.0] * len(spent)
    extra, better = paired(nothing, spent.tolist(), confidence), paired(nothing, gain.tolist(), confidence)
    per: Ratio = ratio_of_differences(spent.tolist(), gain.tolist(), confidence)
    clear = better.difference - better.half_width > 0 and per.bounded
    each = (per.value, per.low, per.high) if clear else (math.nan,) * 3
    return (*pair[::-1], extra.difference, extra.half_width, key.measure, better.difference, better.half_width, *each)
