"""Whether a member of staff delivers an action, and if not, for which one cause."""

from sim.arithmetic import exp

HIT, NOT_REQUIRED, KNOWLEDGE, WILLINGNESS, LOAD, FATIGUE, ERROR = range(7)


def fatigue_factor(hours_on_shift: float, per_hour: float) -> float:
    """Chance in [0, 1] that an action survives the hours already worked (E31, after Dai et al. 2015)."""
    return max(0.0, 1.0 - per_hour * hours_on_shift)


def wanted_share(required: float, empowerment: float) -> float:
    """Chance that an action is tried at all: required by the standard, or offered unasked (E26)."""
    return required + (1.0 - required) * empowerment


def what_came_of(u: float, required: float, known: float, willing: float, load: float, fatigue: float) -> int:
    """HIT, or the cause of the miss: the first threshold that the customer's uniform ``u`` passed over.

    ``known`` (wanted share × knowledge) and ``willing`` (known × willingness) are nested thresholds, each at most the
    one before; ``load`` and ``fatigue`` are factors in [0, 1]. So causes partition the misses and a higher knowledge
    or willingness never turns a hit into a miss at the same pressure (E8). What the standard does not ask of this
    customer (``u`` not below ``required``) and was not offered unasked is no lapse: NOT_REQUIRED.
    """
    pressed = willing * load
    if u < pressed * fatigue:
        return HIT
    if u >= required:
        return NOT_REQUIRED
    if u >= known:
        return KNOWLEDGE
    if u >= willing:
        return WILLINGNESS
    if u >= pressed:
        return LOAD
    return FATIGUE


def error_factor_of_skill(z: float, z_reference: float, skill_effect: float) -> float:
    """Factor on the stage's error probability for a member whose knowledge has the probit ``z`` (E32)."""
    return 1.0 if skill_effect == 0.0 else exp(-skill_effect * (z - z_reference))
