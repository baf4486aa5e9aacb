"""The best of several policies in two stages, each with customers of its own: how many replications each needs."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

_NODES = 80
_TAIL = 1e-13


def constant(k: int, first: int, confidence: float) -> float:
    """Rinott's h for k systems, ``first`` replications of each in the first stage and a probability of correct
    selection of at least ``confidence``; 0 for one system.

    Solves ∫ [∫ Φ(h / √(ν (1/x + 1/y))) f(x) dx]^(k−1) f(y) dy = ``confidence`` where f is the density of chi-square
    with ν = ``first`` − 1 degrees of freedom. ``first`` is at least 3. Source: Rinott 1978, Communications in
    Statistics A7(8).
    """
    import numpy as np
    from scipy.optimize import brentq
    from scipy.special import ndtr
    from scipy.stats import chi2

    if k < 2:
        return 0.0
    df = first - 1
    # Over log x the density is smooth whatever the degrees of freedom, so that few nodes give ten digits.
    low, high = np.log(chi2.ppf(_TAIL, df)), np.log(chi2.isf(_TAIL, df))
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    x = np.exp((high - low) / 2 * nodes + (high + low) / 2)
    weights = weights * (high - low) / 2 * chi2.pdf(x, df) * x
    scale = np.sqrt(df * (1 / x[:, None] + 1 / x[None, :]))

    def chance(h: float) -> float:
        inner = (ndtr(h / scale) * weights[None, :]).sum(axis=1)
        return float((inner ** (k - 1) * weights).sum())

    most = 4.0
    while chance(most) < confidence:
        most *= 2
    return float(brentq(lambda h: chance(h) - confidence, 0.0, most, xtol=1e-10))


def sizes(sds: Sequence[float], delta: float, first: int, confidence: float) -> list[int]:
    """Replications that each system needs in all, by the standard deviations of the first stage."""
    h = constant(len(sds), first, confidence)
    return [max(first, ceil((h * sd / delta) ** 2)) for sd in sds]
