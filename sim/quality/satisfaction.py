"""How satisfied a customer is: what she perceived, and how that compares with what she expected."""

from __future__ import annotations

import numpy as np

from sim.quality.kano import ATTRACTIVE_TO
from sim.quality.levels import BOTTOM, POINTS, TOP
from sim.quality.sums import ratio, summed
from sim.quality.tables import Flags, Floats, Ints

DISSATISFIED_BELOW = 4.0  # the neutral point
DELIGHTED_FROM = 6.5


def disconfirmation(perceived: Floats, expected: Floats, loss_aversion: float) -> Floats:
    """Perceived less expected, shortfalls counting `loss_aversion` times (E17; Brown et al. 2024: 1.955)."""
    difference = perceived - expected
    return np.where(difference >= 0, difference, loss_aversion * difference)


def perceived_quality(perceived: Floats, weight: Floats, encounter: Ints, n: int) -> Floats:
    """(n,) level in [1, 7] over the marks of each encounter; NaN where their weights sum to zero."""
    total = summed(weight, encounter, n)
    return BOTTOM + POINTS * ratio(summed(weight * perceived, encounter, n), total, np.nan)


def satisfaction(perceived: Floats, surprise: Floats, strength: float) -> Floats:
    """(n,) perceived quality plus `strength` × disconfirmation in Likert points, within [1, 7] (E18).

    Form of Anderson and Sullivan 1993: expectations act through disconfirmation alone.
    """
    return np.clip(perceived + strength * surprise, BOTTOM, TOP)


def dissatisfied(satisfaction: Floats) -> Flags:
    """Below neutral; False where there is no satisfaction to speak of (NaN)."""
    return satisfaction < DISSATISFIED_BELOW


def delighted(satisfaction: Floats, attractive_hits: Ints) -> Flags:
    """At least 6.5, with an attractive action among what was delivered (E20)."""
    return (satisfaction >= DELIGHTED_FROM) & (attractive_hits > 0)


def attractive(expected: Floats) -> Flags:
    """Which actions this customer hardly expected (Kano)."""
    return expected <= ATTRACTIVE_TO
