"""Whether people are willing to do what they know: bonuses, their own standards, audits, and habits that wear off."""

from sim.arithmetic import power

REMEMBERED_SERVICES = 20
"""An audited service is remembered over so many; a default."""


def paid_adherence(adherence: float, added: float) -> float:
    """Willingness in [0, 1] under a bonus that adds ``added``; below 0 where speed is paid and standards suffer."""
    return min(1.0, max(0.0, adherence + added))


def audit_strength(effect: float, elapsed_min: float, fade_min: float) -> float:
    """Part in [0, 1] of unwilling misses that auditing every service avoids, a time after audits began (E27).

    Half is left after ``fade_min``. Source: 0.80 in Armellino et al. (2012), whose misses shrank by as much when
    those observed were told; decline as seen by Staats et al. (2017).
    """
    return effect / (1.0 + elapsed_min / fade_min)


def audited_willingness(willing: float, strength: float, share: float) -> float:
    """Willingness in [0, 1] where a ``share`` of services is audited and people are told: misses shrink (E27)."""
    return willing + (1.0 - willing) * (strength * share)


def told_lately(share: float, services: int) -> float:
    """Chance in [0, 1] that of so many services at least one was audited, of which a ``share`` is."""
    return 1.0 - power(1.0 - share, float(services)) if share < 1.0 else 1.0


def practice_share(share: float, elapsed_min: float, decline_min: float, told: float) -> float:
    """Share of services in which a habit (self-check, reflection) is kept up, a time after it was introduced.

    It halves after ``decline_min``, but for the part ``told`` (0..1) of staff whom audits remind of it. Source: as for
    the audits' fade.
    """
    return share * (told + (1.0 - told) / (1.0 + elapsed_min / decline_min))
