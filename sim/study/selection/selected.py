"""What a selection says: its question, verdict and promise in words, and its tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.selection.bench import Bench
from sim.study.selection.searches import Found, Rule, seen, share_of_risk
from sim.study.statistics.intervals import interval
from sim.study.statistics.one_sided import defined, keeps, mean_limits, share_limits
from sim.study.statistics.skewness import ENOUGH

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.selection.aims import Aim

TABLE = ("policy", "status", "n", "mean", "half_width", "behind", "left_after")
LIMITS = ("policy", "limit", "verdict", "estimate", "low", "high", "n")


def question(aim: Aim) -> str:
    """What was asked for."""
    if aim.limits:
        return f"the lowest {aim.what if len(aim.keys) == 1 else 'cost'} within every limit"
    return f"the {'highest' if aim.sign > 0 else 'lowest'} {aim.what}"


def verdict(bench: Bench, aim: Aim, rule: Rule, found: Found) -> str:
    """What was found."""
    names = [case.name for case in bench.cases]
    if found.best is not None:
        name = names[found.best]
        told = f"{name} is the cheapest that keeps every limit" if aim.limits else f"{name} has {question(aim)}"
        same = [names[i] for i in range(len(names)) if _ties(i, aim, found, seen(bench, rule, found))]
        if not same:
            return f"{told}."
        costs = "costs exactly as much" if aim.limits else "has exactly as much of it"
        return f"{told}; {_listed(same)} {costs} in every replication, and the first of them is named."
    if found.decided:
        return "No policy keeps every limit."
    done = sum(found.counted)
    text = f"Not decided after {done} replications; still open: {_listed([names[i] for i in found.open])}."
    if found.more is None:
        return text
    if found.at_most:
        return f"{text} At most {found.more} more replications decide it; a larger delta takes fewer."
    return f"{text} About {found.more} more replications would decide it if they are like these."


def _ties(i: int, aim: Aim, found: Found, series: Sequence[Sequence[float]]) -> bool:
    """Whether a policy is as good as the one chosen, and as that one keeps every limit."""
    if found.best is None or i == found.best or (found.standing is not None and not found.standing.keeps_all(i)):
        return False
    return _equal(series[i], series[found.best])


def _equal(own: Sequence[float], lead: Sequence[float]) -> bool:
    """Whether two never differ in the replications that both have."""
    both = defined([a - b for a, b in zip(own, lead, strict=False)])
    return bool(both) and not any(both)


def guarantee(aim: Aim, rule: Rule, found: Found) -> str:
    """What is promised of the verdict, and what that rests on."""
    sure = f"{100 * rule.confidence:.6g} %"
    apart = f"{rule.delta:.3g} {aim.unit}"
    normal = "independent replications whose means are nearly normal"
    if aim.method == "ocba":
        chance = "" if found.chance is None else f" Estimated chance of being right: {100 * found.chance:.1f} %."
        return f"No guarantee: replications went where they told most, by a rule of thumb (OCBA).{chance}"
    if aim.method == "kn":
        is_so = "is chosen" if found.decided else "is among those still open"
        return (
            f"With a probability of at least {sure} the best policy {is_so} if it leads every other by {apart} or "
            f"more; if several are closer to it than that, one of them may be instead (Kim and Nelson 2001; the same "
            f"customers under all policies; assumes {normal})."
        )
    if aim.method == "rinott":
        is_so = "is" if found.decided else "will be, once it is decided,"
        return (
            f"With a probability of at least {sure} the policy chosen {is_so} the best or within {apart} of it "
            f"(Rinott 1978; other customers under each policy; assumes {normal})."
        )
    less = "costs less" if rule.delta == 0 else f"costs less by more than {apart}"
    cheapest = "" if found.best is None else f", and no policy that keeps every limit {less} than the one chosen"
    return (
        f"With a probability of at least {sure} every verdict here is right{cheapest} (Bonferroni over policies, "
        f"limits and pairs, spread over the looks; the same customers under all policies; assumes independent "
        f"replications, {ENOUGH['mean']} or more where means are as skewed as those of waits)."
    )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def table(bench: Bench, aim: Aim, rule: Rule, found: Found) -> pd.DataFrame:
    """One row per policy, in their order."""
    import pandas as pd

    series = seen(bench, rule, found)
    spread = [interval(values, rule.confidence) for values in series]
    lead = _leader(rule, found, [one.mean for one in spread])
    equal = [_equal(values, series[lead]) for values in series]
    data: dict[str, Any] = {
        "policy": [case.name for case in bench.cases],
        "status": [_status(i, aim, found, equal[i]) for i in range(len(series))],
        "n": np.array(found.counted, np.int64),
        "mean": _floats(one.mean for one in spread),
        "half_width": _floats(one.half_width for one in spread),
        "behind": _floats(_behind(series[i], series[lead], rule.sign, aim.method) for i in range(len(series))),
        "left_after": pd.array(list(found.left_after), dtype="Int64"),
    }
    return pd.DataFrame(data, columns=list(TABLE))


def _leader(rule: Rule, found: Found, means: Sequence[float | None]) -> int:
    """The one chosen; else the best mean of those still open, or of all."""
    if found.best is not None:
        return found.best
    among = found.open or range(len(means))
    return max(among, key=lambda i: -math.inf if means[i] is None else rule.sign * means[i])  # type: ignore[operator]


def _behind(own: Sequence[float], lead: Sequence[float], sign: int, method: str) -> float | None:
    """How much worse than the leader on average: with the same customers, over the replications that both have."""
    if method == "rinott":
        mine, best = interval(own).mean, interval(lead).mean
        return None if mine is None or best is None else sign * (best - mine) + 0.0
    return interval([sign * (b - a) for a, b in zip(own, lead, strict=False)]).mean


def _status(i: int, aim: Aim, found: Found, equal: bool) -> str:
    """One word or two on a policy; ``equal``: it never differs from the leader."""
    if i == found.best:
        return "cheapest" if aim.limits else "best"
    if found.standing is not None and found.standing.keeps_all(i) is False:
        return "fails"
    if not found.decided and i in found.open:
        return "open"
    if equal and (found.standing is None or found.standing.keeps_all(i)):
        return "equal"
    if not aim.limits:
        return "not best"
    return "no cheaper" if equal or found.left_after[i] is None else "dearer"


def limits_table(bench: Bench, aim: Aim, rule: Rule, found: Found) -> pd.DataFrame:
    """One row per policy and limit, in their order; the lower ends of all intervals hold at once, and so do the
    upper ones."""
    import pandas as pd

    words = {True: "met", False: "not met", None: "not decided"}
    rows = []
    for i, case in enumerate(bench.cases):
        if found.standing is None:
            break
        risk = share_of_risk(rule, len(bench.cases), _look(bench, rule, found.counted[i]))
        for limit, kept in zip(aim.limits, found.standing.kept[i], strict=True):
            values = defined(bench.values(i, (limit.key,), found.counted[i]))
            if limit.share is None:
                estimate, ends = interval(values).mean, mean_limits(values, risk)
            else:
                good = sum(keeps(value, limit.below, limit.bound, limit.strict) for value in values)
                estimate = good / len(values) if values else None
                ends = share_limits(values, limit.below, limit.bound, risk, limit.strict)
            rows.append((case.name, limit.text, words[kept], estimate, *ends, len(values)))
    found_rows = pd.DataFrame(rows, columns=list(LIMITS))
    numbers = dict.fromkeys(("estimate", "low", "high"), np.float64)
    return found_rows.astype({**numbers, "n": np.int64}).replace([math.inf, -math.inf], math.nan)


def _look(bench: Bench, rule: Rule, n: int) -> int:
    """The number of the look at so many replications."""
    from sim.study.selection.searches import looks_of

    return next(number for number, at in enumerate(looks_of(bench, rule), 1) if at >= n)


def warnings(bench: Bench, aim: Aim, rule: Rule, found: Found) -> tuple[str, ...]:
    """What to bear in mind: values that are missing or far from normal, costs that tell nothing."""
    series, told = seen(bench, rule, found), []
    missing = {
        case.name: sum(math.isnan(value) for value in values) for case, values in zip(bench.cases, series, strict=True)
    }
    for name, n in missing.items():
        if n:
            told.append(f"policy {name}: {aim.what} has no value in {n} replications, which are left out")
    costs = defined([value for values in series for value in values])
    if aim.limits and costs and not any(costs):
        told.append(f"{aim.what} is 0 under every policy, so that the first one within the limits is chosen")
    few = _few(aim, found)
    return (*told, few) if few else tuple(told)


def _few(aim: Aim, found: Found) -> str | None:
    """A warning where replications are so few that skewed values make the promise weaker than it says.

    Their number decides, not how skewed they look: replications that missed the bad days look fine.
    """
    least, enough = min(found.counted), ENOUGH["mean"]
    cure = f"to be safer, begin with more: --first {enough}"
    if least < enough and any(limit.share is None for limit in aim.limits):
        return f"verdicts on means rest on {least} replications; where values are as skewed as waits, {_RISK}; {cure}"
    if least < enough and aim.method in ("kn", "rinott") and aim.unit == "minutes":
        return (
            f"the spread was judged by few replications, {least}: where days are as skewed as waits the best policy "
            f"may be missed oftener than promised; {cure}"
        )
    return None


_RISK = "some verdict was wrong in 23 % of studies from 5 on, 11 % from 10, 7 % from 20, 4 % from 40 (5 % promised)"
"""Measured: four policies, two limits, all true means on their bounds, mean waits of M/M/1 and exponential values."""


def joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames of one form, one below the other."""
    import pandas as pd

    return pd.concat(frames, ignore_index=True)


def _floats(values: Any) -> Any:
    return np.array([math.nan if value is None else value for value in values], dtype=float)
