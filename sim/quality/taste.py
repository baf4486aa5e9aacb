"""Customers of one kind do not all expect the same: each one's own taste for each action, drawn by key."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import normal_quantile_array
from sim.chance.keys import stream_key
from sim.chance.philox import uniforms
from sim.flow.log import EncounterLog
from sim.quality.sums import looked_up
from sim.quality.tables import Floats, Ints, Judgement


def tastes(log: EncounterLog, table: Judgement, encounter: Ints, action: Ints) -> Floats:
    """(r,) a standard normal for each pair of encounter and action, the same at every visit and policy."""
    met = np.flatnonzero(np.bincount(action, minlength=len(table.names)))
    column = np.zeros(len(table.names), dtype=np.int64)
    column[met] = np.arange(len(met))
    u = np.empty((len(met), len(log.segment)))
    for number, segment in enumerate(table.segments):
        who = np.flatnonzero(log.segment == number)
        if len(who):
            keys = _keys(log.seed, log.replication, segment, table.names)
            u[:, who] = uniforms(keys[met], log.index[who], log.day[who])
    return normal_quantile_array(looked_up(u, column[action], encounter))


@lru_cache(maxsize=64)
def _keys(seed: int, replication: int, segment: str, names: tuple[str, ...]) -> NDArray[np.uint64]:
    """(I,) a key for each action; the blocks of a replication share them."""
    keys = np.array([stream_key(seed, replication, "taste", segment, name) for name in names], dtype=np.uint64)
    keys.flags.writeable = False
    return keys


def own_expectation(expected: Floats, spread: float, z: Floats) -> Floats:
    """What this customer expects: her segment's expectation, moved by her taste, within [0, 1]."""
    return np.clip(expected + spread * z, 0.0, 1.0)
