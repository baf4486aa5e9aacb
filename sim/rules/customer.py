"""Whether a customer joins a queue: what she is told, and what she sees."""

from sim.arithmetic import exp


def announced_minutes(waiting: int, mean_service: float, hands: int) -> float:
    """Expected wait told to a customer who cannot start at once: everybody ahead and herself, over the hands."""
    return (waiting + 1) * mean_service / max(1, hands)


def joining_chance(
    waiting: int, in_service: int, per_person_ahead: float, if_wait: float, inverse: bool, limit: int
) -> float:
    """Chance in [0, 1] that a customer who would have to wait joins; several reasons to balk multiply.

    ``per_person_ahead`` a: 1 - exp(-a × waiting) balk (E42); ``if_wait``: that share of all who must wait;
    ``inverse``: joins with chance 1/(n+1), n waiting and in service; ``limit``: nobody joins that many waiting
    (negative: no limit).
    """
    if 0 <= limit <= waiting:
        return 0.0
    chance = 1.0 - if_wait
    if per_person_ahead > 0.0:
        chance *= exp(-per_person_ahead * waiting)
    if inverse:
        chance /= waiting + in_service + 1
    return chance
