"""Who answers the survey: those with strong feelings answer more often, so answers are not the whole picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.arithmetic import exp_array
from sim.quality.satisfaction import dissatisfied
from sim.quality.tables import Floats


def answer_chance(satisfaction: Floats, response: Any) -> Floats:
    """Chance in [0, 1] that a customer of this satisfaction in [1, 7] answers (E4); NaN never does.

    Logit = base + extreme × (satisfaction − 4)²/9 + unhappy below 4: the U of Anderson 1998.
    """
    known = np.where(np.isnan(satisfaction), 4.0, satisfaction)
    distance = known - 4.0
    logit = response.base + response.extreme * (distance * distance / 9.0) + response.unhappy * dissatisfied(known)
    return np.where(np.isnan(satisfaction), 0.0, 1.0 / (1.0 + exp_array(-logit)))
