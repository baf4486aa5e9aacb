"""Long runs: what a warm-up by MSER-5 does to the bias, and what intervals from batches of one run are worth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.study.statistics.batch_means import batch_means
from sim.study.statistics.warm_up import averaged, mser5
from tests.theory.oracles import mmc

from .queues import generator, lindley
from .row import Found, Row, cover, no_worse, shown

LOAD, PILOTS, LONG, SHORT = 0.9, 10, 20_000, 2_000
STUDIES_AT_ONCE = 10
BUCKET = 25
"""Customers added up into one observation for batch means."""
LENGTHS = (10_000, 50_000, 200_000)


def bias(tries: int) -> list[Row]:
    """Mean error of three estimates of the long-run wait from ten runs that start empty, in per cent."""
    exact, made = mmc(LOAD, 1.0).wait, []
    for customers in (SHORT, LONG):
        found = [estimates(runs) for runs in pilots(customers, tries)]
        raw, each, together = 100 * (np.mean(found, axis=0) - exact) / exact
        asked = Found(float(together), -2.0, 2.0, 1) if customers == LONG else shown(float(together), 1)
        problem = f"M/M/1 at load {LOAD} that starts empty, {PILOTS} runs of {customers:,} customers"
        made.append(Row((problem, f"{exact:g}"), (shown(float(raw), 1), shown(float(each), 1), asked)))
    return made


def pilots(customers: int, studies: int) -> Iterator[np.ndarray]:
    """(PILOTS, customers) waits of each study."""
    rng = generator(f"beginnings {customers}")
    for done in range(0, studies, STUDIES_AT_ONCE):
        many = min(STUDIES_AT_ONCE, studies - done)
        kept = np.empty((customers, many * PILOTS))
        for i, wait in enumerate(lindley(rng, LOAD, many * PILOTS, customers)):
            kept[i] = wait
        yield from kept.T.reshape(many, PILOTS, customers)


def estimates(runs: np.ndarray) -> tuple[float, float, float]:
    """Mean of all; with each run cut by itself; with all cut where the mean of the runs says."""
    each = [run[cut_of(run) :].mean() for run in runs]
    return float(runs.mean()), float(np.mean(each)), float(runs[:, cut_of(averaged(runs)) :].mean())


def cut_of(series: np.ndarray) -> int:
    """Where MSER-5 would cut; a cut in the second half is none."""
    cut = mser5(series)
    return cut.observations or 0 if cut.verdict == "fine" else 0


def batches(tries: int) -> list[Row]:
    """Intervals from one long run; a run that is too short for them is refused, and is not counted as covering."""
    exact, made = mmc(LOAD, 1.0).wait, []
    sums = bucket_sums(tries)
    for customers in LENGTHS:
        found = [batch_means(run[: customers // BUCKET], np.full(customers // BUCKET, BUCKET)) for run in sums]
        given = [b.interval for b in found if b.refusal is None and b.interval.mean is not None]
        intervals = [(i.mean - i.half_width, i.mean + i.half_width) for i in given]  # type: ignore[operator]
        refused = 1 - len(given) / len(found)
        judged = customers == LENGTHS[-1]
        covered = cover(intervals, exact) if intervals else None
        share = covered.share if covered else np.nan
        figures = (
            Found(share, *no_worse(20)) if judged else shown(share),
            shown(covered.half_width if covered else np.nan),
            Found(refused, high=0.2)
            if judged
            else Found(refused, low=0.5)
            if customers == LENGTHS[0]
            else shown(refused),
        )
        made.append(Row((f"long-run mean wait, M/M/1 at load {LOAD}, {customers:,} customers", f"{exact:g}"), figures))
    return made


def bucket_sums(tries: int) -> np.ndarray:
    """(tries, buckets): sums of waits of one long run each, begun with a wait of the long run: no warm-up."""
    rng = generator("batches")
    buckets = LENGTHS[-1] // BUCKET
    sums, work_left = np.zeros((buckets, tries)), BUCKET * 80
    waits = lindley(rng, LOAD, tries, work_left + LENGTHS[-1])
    for i, wait in enumerate(waits):
        if i >= work_left:
            sums[(i - work_left) // BUCKET] += wait
    return np.ascontiguousarray(sums.T)


BIAS_HEAD = ("problem", "exact")
BIAS_FIGURES = ("bias of all, %", "each run cut by itself, %", "cut by the mean of the runs, % (must lie in)")
BATCH_HEAD = ("problem", "exact")
BATCH_FIGURES = ("covers where given (must lie in)", "half-width", "refused")
