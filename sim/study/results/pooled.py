"""Quantiles of all visits of a result together, from the counts that it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import InputError, did_you_mean, there_are
from sim.study.statistics.quantiles import Histogram, Quantile, sectioned_quantile

if TYPE_CHECKING:
    from sim.study.results.result import Result


def pooled(result: Result, p: float, policy: str, what: str, stage: str | None) -> Quantile:
    """The ``p`` quantile of waits, stays (minutes) or qualities (1..7) with its interval; see `Result.quantile`.

    InputError: ``p`` is not between 0 and 1; no such policy, kind or stage.
    """
    if not 0 < p < 1:
        raise InputError(f"quantile {p!r} must lie between 0 and 1, for example 0.9")
    counts = result.distributions
    for column, value in (("policy", policy), ("what", what), ("stage", stage)):
        if value is not None:
            counts = counts[counts[column] == value]
        if counts.empty:
            known = [str(name) for name in result.distributions[column].dropna().unique()]
            raise InputError(f"no {column} '{value}'{did_you_mean(str(value), known)}; {there_are(known)}")
    rows = counts.groupby(["replication", "low", "high"], sort=True)["count"].sum().reset_index()
    samples = [
        Histogram(one["low"].to_numpy(), one["high"].to_numpy(), one["count"].to_numpy())
        for _, one in rows.groupby("replication")
    ]
    return sectioned_quantile(samples, p)
