"""Many comparisons in one study: how often at least one of them is wrong."""

from __future__ import annotations

import math

import numpy as np

from sim.study.statistics.multiplicity import holm, simultaneous_confidence
from sim.study.statistics.paired import Paired, paired

from .queues import generator
from .row import Found, Row, shown

ALTERNATIVES, REPLICATIONS, ALPHA = 20, 10, 0.05
STUDIES = 2
"""Studies for each macro-replication asked for."""
EFFECT = 2.0
"""What one alternative truly changes, in standard deviations of a replication, where the power is shown."""


def study(rng: np.random.Generator, effect: float, confidence: float = 1 - ALPHA) -> list[Paired]:
    """Twenty alternatives against one baseline; the first is truly different by `effect`, the others alike."""
    baseline, *others = rng.standard_normal((1 + ALTERNATIVES, REPLICATIONS)).tolist()
    others[0] = [value + effect for value in others[0]]
    return [paired(baseline, other, confidence) for other in others]


def make(tries: int) -> list[Row]:
    rng, n = generator("families"), STUDIES * tries
    simultaneous = simultaneous_confidence(1 - ALPHA, ALTERNATIVES)
    null = [study(rng, 0.0, simultaneous) for _ in range(n)]
    real = [study(rng, EFFECT) for _ in range(n)]
    raw = [[p.p_value for p in of] for of in null]
    missed = [any(abs(p.difference) > p.half_width for p in of) for of in null]
    some = {"one by one": [min(ps) <= ALPHA for ps in raw], "Holm": [min(holm(ps)) <= ALPHA for ps in raw]}
    seen = [[p.p_value for p in of] for of in real]
    power = {
        "one by one": float(np.mean([ps[0] <= ALPHA for ps in seen])),
        "Holm": float(np.mean([holm(ps)[0] <= ALPHA for ps in seen])),
    }
    bands = {"one by one": (0.38, 0.48), "Holm": (0.035, 0.065)}
    return [
        *(Row((name,), (Found(float(np.mean(some[name])), *bands[name]), shown(power[name]))) for name in some),
        Row(("simultaneous intervals",), (Found(float(np.mean(missed)), -math.inf, 0.065), shown(math.nan))),
    ]


HEAD = ("judged",)
FIGURES = ("studies with a false finding (must lie in)", "a true difference found")
