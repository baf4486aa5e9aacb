"""How a standard that people hold themselves to slides towards what they deliver, and comes back, if ever."""

from sim.arithmetic import exp


def eroded(standard: float, delivered: float, elapsed: float, down: float, up: float) -> float:
    """Standard after a time in which ``delivered`` was seen: it moves there, its distance shrinking by e (E30).

    ``down`` is the time constant where less was delivered, ``up`` where more was; infinite: it stays. All three
    times in one unit. Source: Oliva & Sterman (2001), who find 18.8 weeks down and no way back up.
    """
    constant = down if delivered < standard else up
    return standard + (delivered - standard) * (1.0 - exp(-elapsed / constant))


def survived_load(delivered: int, skipped: int) -> float:
    """Part in [0, 1] of what a person would have done that work pressure left standing; 1 where there was nothing."""
    tried = delivered + skipped
    return delivered / tried if tried else 1.0
