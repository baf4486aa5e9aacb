"""What satisfaction is worth: who comes back, and who recommends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import exp_array
from sim.quality.tables import Floats

PROMOTER_FROM = 6.1  # 8.5 on the scale of 0 to 10
DETRACTOR_BELOW = 4.9  # 6.5 on that scale

DETRACTOR, PASSIVE, PROMOTER, UNKNOWN = -1, 0, 1, -9


def return_probability(satisfaction: Floats, steepness: float, midpoint: float) -> Floats:
    """Chance that the customer comes back (E38): a half at `midpoint`; odds × e^steepness a point. NaN stays.

    Shape from the ratio of Jones and Sasser 1995: six times the odds from satisfied to totally satisfied.
    """
    known = np.where(np.isnan(satisfaction), midpoint, satisfaction)
    chance = 1 / (1 + exp_array(-steepness * (known - midpoint)))
    return np.where(np.isnan(satisfaction), np.nan, chance)


def recommendation(satisfaction: Floats) -> NDArray[np.int8]:
    """DETRACTOR, PASSIVE or PROMOTER (E39); UNKNOWN for NaN."""
    known = np.where(np.isnan(satisfaction), DETRACTOR_BELOW, satisfaction)
    kind = (known >= PROMOTER_FROM).astype(np.int8) - (known < DETRACTOR_BELOW).astype(np.int8)
    return np.where(np.isnan(satisfaction), UNKNOWN, kind).astype(np.int8)


def net_promoter_score(satisfaction: Floats) -> float:
    """Per cent of promoters less per cent of detractors among the known, -100 to 100; NaN if none is."""
    kind = recommendation(satisfaction)
    known = int(np.count_nonzero(kind != UNKNOWN))
    if not known:
        return float("nan")
    promoters, detractors = (int(np.count_nonzero(kind == k)) for k in (PROMOTER, DETRACTOR))
    return 100 * (promoters - detractors) / known
