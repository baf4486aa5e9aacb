"""Waits of an M/M/1 queue by Lindley's recursion, many runs at once. Services last a minute on average."""

import numpy as np

LOAD = 0.9
MEAN = LOAD / (1 - LOAD)  # of the wait in the long run, minutes


def waits(chance, runs, customers, empty=True, load=LOAD):
    """(runs, customers): started empty, or with the wait of the first customer drawn from the law of the long run."""
    service = chance.exponential(1.0, (runs, customers))
    gap = chance.exponential(1 / load, (runs, customers))
    step = np.concatenate([np.zeros((runs, 1)), service[:, :-1] - gap[:, 1:]], axis=1)
    walk = np.cumsum(step, axis=1)
    first = np.zeros(runs)
    if not empty:
        first = np.where(chance.random(runs) < load, chance.exponential(1 / (1 - load), runs), 0.0)
    return walk - np.minimum(np.minimum.accumulate(walk, axis=1), -first[:, None])
