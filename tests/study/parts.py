"""Measures made by hand: the customer gap of some replications under each policy, and its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sim.study.results.frames import MEASURES
from sim.study.tallies.rows import Key

Parts = Mapping[tuple[str, ...], Sequence[float]]
"""Values by replication, by (gap, cause, stage, action); the cause of listening and design is empty."""


def measures(**policies: Parts) -> pd.DataFrame:
    """The rows of each policy; those without a cause and the customer gap are the sums."""
    rows = [(policy, *row) for policy, parts in policies.items() for row in _rows(parts)]
    columns = ["policy", "replication", *Key._fields, "value"]
    return pd.DataFrame(rows, columns=columns).astype({"measure": "str"})[list(MEASURES)]


def _rows(parts: Parts):
    for n in range(len(next(iter(parts.values())))):
        sums: dict[Key, float] = {}
        for (gap, cause, stage, action), values in parts.items():
            key = Key(f"part_{gap}", stage=stage, action=action)
            if cause:
                yield n, *key._replace(cause=cause), values[n]
            sums[key] = sums.get(key, 0.0) + values[n]
        for key, value in sums.items():
            yield n, *key, value
        yield n, *Key("gap_customer"), sum(sums.values())
        yield n, *Key("gap_customer", segment="guest"), 9.0
        yield n, *Key("gap_customer", period=0), 9.0


BEFORE: Parts = {
    ("listening", "", "desk", "greet"): (0.30, 0.30, 0.30),
    ("design", "", "desk", "greet"): (-0.10, -0.10, -0.10),
    ("performance", "knowledge", "desk", "greet"): (0.40, 0.50, 0.60),
    ("performance", "load", "desk", "greet"): (0.10, 0.10, 0.10),
    ("communication", "promise", "desk", "greet"): (0.05, 0.05, 0.05),
    ("performance", "knowledge", "till", "thank"): (0.20, 0.20, 0.20),
    ("performance", "capacity", "till", "wait"): (0.10, 0.20, 0.30),
}
AFTER: Parts = BEFORE | {
    ("performance", "knowledge", "desk", "greet"): (0.10, 0.30, 0.20),
    ("performance", "knowledge", "till", "thank"): (0.15, 0.15, 0.15),
    ("performance", "capacity", "till", "wait"): (0.14, 0.24, 0.34),
}
