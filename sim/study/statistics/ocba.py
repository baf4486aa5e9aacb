"""Where further replications tell most about which policy is best: a rule of thumb that promises nothing (OCBA)."""

from __future__ import annotations

import math
from collections.abc import Sequence


def shares(means: Sequence[float], sds: Sequence[float]) -> list[float]:
    """Shares of a budget for each of two or more systems, summing to 1; large means are good.

    The others get replications as (sd / distance from the best)²; the best gets sd · √(Σ (n/sd)²) over the others.
    Systems that are as good as the best are thought a hair behind it. Where nothing varies: equal shares.
    Source: Chen, Lin, Yücesan and Chick 2000, Discrete Event Dynamic Systems 10(3). It assumes independent systems
    and known variances and has no guarantee for a finite budget.
    """
    best = max(range(len(means)), key=lambda i: means[i])
    widest = max(sds)
    if widest == 0.0:
        return [1 / len(means)] * len(means)
    least = widest * 1e-3
    behind = [max(means[best] - mean, least) for mean in means]
    parts = [0.0 if i == best else (sd / behind[i]) ** 2 for i, sd in enumerate(sds)]
    others = math.fsum((part / sd) ** 2 for part, sd in zip(parts, sds, strict=True) if part > 0)
    parts[best] = sds[best] * math.sqrt(others)
    total = math.fsum(parts)
    return [part / total for part in parts] if total > 0 else [1 / len(means)] * len(means)


def further(counts: Sequence[int], means: Sequence[float], sds: Sequence[float], step: int) -> list[int]:
    """How many of the next ``step`` replications each system should get, those done being ``counts``."""
    total = sum(counts) + step
    lacking = [max(0.0, share * total - n) for share, n in zip(shares(means, sds), counts, strict=True)]
    whole = math.fsum(lacking)
    exact = [part * step / whole for part in lacking] if whole > 0 else [step / len(counts)] * len(counts)
    given = [int(part) for part in exact]
    order = sorted(range(len(counts)), key=lambda i: given[i] - exact[i])
    for i in order[: step - sum(given)]:
        given[i] += 1
    return given


def chance_of_best(counts: Sequence[int], means: Sequence[float], sds: Sequence[float]) -> float:
    """Estimated probability that the largest mean is truly the largest, at least 0: 1 − Σ Φ(−distance / its error).

    An estimate from means and variances as if they were the truth (Chen et al. 2000): no guarantee. Between equal
    means it is one half, whether or not they vary.
    """
    from scipy.special import ndtr

    best = max(range(len(means)), key=lambda i: means[i])
    wrong = []
    for i in range(len(means)):
        if i == best:
            continue
        error = math.sqrt(sds[best] ** 2 / counts[best] + sds[i] ** 2 / counts[i])
        behind = means[best] - means[i]
        wrong.append(float(ndtr(-behind / error)) if error > 0 else 0.5 if behind == 0 else 0.0)
    return max(0.0, 1.0 - math.fsum(wrong))
