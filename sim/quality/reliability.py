"""How well a set of questions agrees with itself: Cronbach's alpha, and what it says about the noise."""

from __future__ import annotations

import math

ROUNDING_VARIANCE = 1.0 / 12.0  # of an answer rounded to whole points (Sheppard)


def cronbach_alpha(n: int, sums: list[int], squares: list[int], total_squares: int) -> float:
    """Alpha of k questions from exact sums over the n who answered all of them; at most 1, below 0 for noise.

    `sums` and `squares` (k): of each question's answers and of their squares; `total_squares`: of the squared
    sums of a person's answers. NaN for a single question, and where everybody's total is the same.
    """
    k, total = len(sums), sum(sums)
    spread = n * total_squares - total * total  # n² × variance of the totals
    if k < 2 or not spread:
        return math.nan
    single = n * sum(squares) - sum(one * one for one in sums)
    return k * (spread - single) / ((k - 1) * spread)


def alpha_of(items: int, correlation: float) -> float:
    """Alpha of equally good questions whose answers correlate so much, in pairs (E3, Spearman and Brown)."""
    return items * correlation / (1 + (items - 1) * correlation)


def correlation_of(items: int, alpha: float) -> float:
    """The correlation between questions that gives this alpha: the inverse of `alpha_of`."""
    return alpha / (items - (items - 1) * alpha)


def item_correlation(true_sd: float, noise: float, rounded: bool = True) -> float:
    """Correlation between two questions on the same thing, which varies by `true_sd` between people.

    `noise` is the spread of a single answer, `rounded` to whole points or not; answers away from the ends.
    """
    true = true_sd * true_sd
    return true / (true + noise * noise + (ROUNDING_VARIANCE if rounded else 0.0))


def noise_for(true_sd: float, correlation: float, rounded: bool = True) -> float:
    """The noise that gives this correlation; ValueError where rounding alone already lowers it further."""
    error = true_sd * true_sd * (1 - correlation) / correlation - (ROUNDING_VARIANCE if rounded else 0.0)
    if error < 0:
        raise ValueError(f"no noise is small enough for a correlation of {correlation:g} between rounded answers")
    return math.sqrt(error)
