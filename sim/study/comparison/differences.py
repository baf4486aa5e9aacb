"""The table of differences between policies, and what an improvement costs: replication by replication."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
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
from sim.study.worth import COSTS

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.results.result import Result

COLUMNS = (
    "policy", "against", "measure", *SCOPES, "baseline_mean", "mean", "difference", "half_width", "p_value",
    "p_adjusted", "simultaneous_half_width", "skew_low", "skew_high", "correlation", "variance_ratio", "n", "verdict",
)  # fmt: skip
WORTH_COLUMNS = (
    "policy", "against", "cost", "cost_half_width", "measure", "gain", "gain_half_width", "verdict", "per_unit", "low",
    "high",
)  # fmt: skip

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
    """One row per pair and measure, in that order; see `Comparison.table` for the columns."""
    import pandas as pd

    rows = [(pair, key) for pair in pairs for key in keys]
    found = [_paired(result, pair, key, confidence) for pair, key in rows]
    chances = [_chance(key, one) for (_, key), one in zip(rows, found, strict=True)]
    family = sum(not math.isnan(p) for p in chances)
    p_adjusted = holm(chances) if adjusted else chances
    together = simultaneous_confidence(confidence, max(1, family)) if adjusted else confidence
    data = [
        (
            pair.policy, pair.against, *key, one.baseline_mean, one.mean, one.difference, one.half_width, p,
            after, _wider(one, confidence, together),
            *skew_interval(change_of(result, pair, key).tolist(), confidence),
            one.correlation, one.variance_ratio, one.n, _verdict(key, one, after, confidence),
        )
        for (pair, key), one, p, after in zip(rows, found, chances, p_adjusted, strict=True)
    ]  # fmt: skip
    table = pd.DataFrame(data, columns=list(COLUMNS))
    for name in SCOPES:
        whole = name in ("period", "hour")
        table[name] = table[name].astype("Int64") if whole else text_column(table[name].tolist())
    return Differences(table, family)


def _paired(result: Result, pair: Pair, key: Key, confidence: float) -> Paired:
    """The pair compared; a difference that is but the rounding of what it is taken of is none."""
    one = paired(*_both(result, pair, key), confidence)
    rounding = _ROUNDING * max(abs(one.baseline_mean), abs(one.mean))
    if one.sd > rounding:
        return one
    if one.n < 2:
        return one
    exact = one._replace(sd=0.0, half_width=0.0)
    if abs(one.difference) <= rounding:
        return exact._replace(difference=0.0)
    known = key.measure in COSTS or _as_signs(one.n) < 1 - confidence
    return exact if known else exact._replace(half_width=math.nan)


def _as_signs(n: int) -> float:
    """How probable it is that n differences are all on one side of nothing by luck."""
    return 2.0 ** (1 - n)


def _chance(key: Key, one: Paired) -> float:
    """How probable so large a difference is by chance alone; NaN where chance plays no part in it.

    What management decides to spend is known where it never varies, and policies that never differ are equal. Any
    other difference that is the same in all of few replications may be luck: all on one side of nothing, as signs.
    """
    if one.n < 2:
        return math.nan
    if one.sd > 0:
        return one.p_value
    return math.nan if one.difference == 0 or key.measure in COSTS else _as_signs(one.n)


def _both(result: Result, pair: Pair, key: Key) -> tuple[list[float], list[float]]:
    return values_of(result, key, pair.against), values_of(result, key, pair.policy)


def values_of(result: Result, key: Key, policy: str) -> list[float]:
    """A measure by replication; NaN throughout where this policy has no such measure."""
    if not result.has(key, policy):
        return [math.nan] * result.replications
    return [float(value) for value in result.values(key, policy)]


def change_of(result: Result, pair: Pair, key: Key) -> NDArray[np.float64]:
    """Policy − the other, by replication."""
    against, policy = _both(result, pair, key)
    return np.subtract(policy, against)


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
    if p_adjusted >= 1 - confidence:  # NaN: certain
        return "not clear"
    good = meaning(key.measure).good * one.difference
    if good:
        return "better" if good > 0 else "worse"
    return "higher" if one.difference > 0 else "lower"


def worth(result: Result, pairs: Sequence[Pair], table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """What each policy costs in addition, and what one unit of what it improves then costs.

    Units are a point of satisfaction and a minute of mean waiting less. ``per_unit`` has Fieller's interval, and is
    missing unless the verdict on the gain is ``better``: the verdict of the table, adjusted as that is, or, of a
    measure that the table does not show, by itself. Only pairs both of which know costs have rows.
    """
    import pandas as pd

    verdicts = {(row.policy, row.against, row.measure): row.verdict for row in _of_site(table)}
    rows = []
    for pair in pairs:
        costs = [Key(name) for name in COSTS if all(result.has(Key(name), policy) for policy in pair)]
        for name, sign in (("satisfaction", 1.0), ("wait_mean", -1.0)):
            if costs and all(result.has(Key(name), policy) for policy in pair):
                rows.append(_worth(result, pair, costs, Key(name), sign, verdicts, confidence))
    return pd.DataFrame(rows, columns=list(WORTH_COLUMNS))


def _of_site(table: pd.DataFrame) -> list[Any]:
    return list(table[table[list(SCOPES)].isna().all(axis=1)].itertuples())


def _worth(
    result: Result,
    pair: Pair,
    costs: Sequence[Key],
    key: Key,
    sign: float,
    verdicts: Mapping[tuple[str, str, str], str],
    confidence: float,
) -> tuple[Any, ...]:
    spent = np.add.reduce([change_of(result, pair, cost) for cost in costs])
    gain = sign * change_of(result, pair, key)
    nothing = [0.0] * len(spent)
    extra, better = paired(nothing, spent.tolist(), confidence), paired(nothing, gain.tolist(), confidence)
    per: Ratio = ratio_of_differences(spent.tolist(), gain.tolist(), confidence)
    own = _paired(result, pair, key, confidence)
    verdict = verdicts.get((pair.policy, pair.against, key.measure)) or _verdict(
        key, own, _chance(key, own), confidence
    )
    each = (per.value, per.low, per.high) if verdict == "better" and per.bounded else (math.nan,) * 3
    gained = (key.measure, better.difference, better.half_width, verdict)
    return (pair.policy, pair.against, extra.difference, extra.half_width, *gained, *each)
