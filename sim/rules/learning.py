"""How staff come to know and to work faster: experience on the job, training and its fading."""

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
