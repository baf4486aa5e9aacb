"""Customers of one kind do not all expect the same: each one's own taste for each action, drawn by key."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import normal_quantile_array
from sim.chance.keys import stream_key
from sim.chance.philox import uniforms
from sim.flow.log import EncounterLog
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
            keys = [stream_key(log.seed, log.replication, "taste", segment, table.names[k]) for k in met]
            u[:, who] = uniforms(np.array(keys, dtype=np.uint64), log.index[who], log.day[who])
    return normal_quantile_array(u[column[action], encounter])


def own_expectation(expected: Floats, spread: float, z: Floats) -> Floats:
    """What this customer expects: her segment's expectation, moved by her taste, within [0, 1]."""
    return np.clip(expected + spread * z, 0.0, 1.0)
