"""How staff come to know and to work faster: experience on the job, training and its fading, reflection."""

from sim.arithmetic import power


def learning_factor(tenure_weeks: float, plateau_weeks: float, exponent: float) -> float:
    """Service time relative to an experienced member's: 1 from the plateau on, above 1 before (E24).

    Counted in weeks, the first week as one. Source: De Grip, Sauermann & Sieben (2016), read as a power curve.
    """
    if exponent == 0.0 or tenure_weeks >= plateau_weeks:
        return 1.0
    return power(max(1.0, tenure_weeks) / plateau_weeks, -exponent)


def training_gain(effect: float, elapsed_min: float, half_time_min: float) -> float:
    """Gain on the probit scale of knowledge, a time after the training: a hyperbola (E25).

    Half is gone after ``half_time_min``. Source: form Wixted & Carpenter; half-time fitted to Saks & Belcourt
    (2006): 62 % of trained behaviour is shown at once, 44 % after six months, 34 % after a year.
    """
    return effect / (1.0 + elapsed_min / half_time_min)


def trained_pace_gain(faster: float, elapsed_min: float, fresh_min: float) -> float:
    """What a training adds to the pace factor of a trainee; half is gone after ``fresh_min``.

    Source: 10 per cent at first in De Grip & Sauermann (2012), fading in weeks.
    """
    return (faster - 1.0) / (1.0 + elapsed_min / fresh_min)


def spilled_pace_gain(spill: float, trained_share: float, elapsed_min: float, fresh_min: float) -> float:
    """What a training adds to the pace factor of a colleague when a share of the role was trained.

    Source: 0.51 per cent for each ten points of share in De Grip & Sauermann (2012).
    """
    return spill * trained_share / (1.0 + elapsed_min / fresh_min)


def reflection_gain(most: float, reflections: int, every: int) -> float:
    """Gain on the probit scale of knowledge after so many services thought over; half of ``most`` after ``every``."""
    return most * (1.0 - power(2.0, -reflections / every)) if reflections else 0.0
