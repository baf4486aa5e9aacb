"""Fairness: how far apart the segments of customers are in what they get."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from sim.study.tallies.rows import Key, Row

COMPARED = (
    "wait_mean",
    "wait_p90",
    "service_level",
    "abandoned_share",
    "satisfaction",
    "dissatisfied_share",
    "gap_customer",
    "hit_rate",
    "return_probability",
    "recovered_share",
)
"""Measures that say how well somebody was served: shares and means, no counts."""


def fairness(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows ``<measure>_spread``: the largest less the smallest value of any segment, whatever their sizes.

    One for each measure of COMPARED, and each period, that has rows for two segments or more and for nothing finer.
    A segment without a value is left out; with less than two values it is NaN.
    """
    found: dict[Key, list[float]] = {}
    for key, value in rows:
        if key.segment is not None and key.measure in COMPARED:
            whole = key._replace(segment=None)
            if whole == Key(key.measure, period=key.period):
                found.setdefault(whole, []).append(value)
    for key, values in found.items():
        if len(values) > 1:
            yield key._replace(measure=f"{key.measure}_spread"), _spread(values)


def _spread(values: list[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return max(known) - min(known) if len(known) > 1 else math.nan
