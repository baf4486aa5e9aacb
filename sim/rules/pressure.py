"""Work pressure: how many customers press on how many hands, and what staff do about it."""

from sim.arithmetic import power


def work_pressure(present: int, hands: int, reference: float, low: float, high: float) -> float:
    """Customers present per hand on duty, relative to the load that staff find normal.

    ``present`` counts the visits waiting or in service, the starting one included; ``hands`` is at least 1.
    Result in [low, high]; 1 is normal. Source: E28 of the model, after Oliva & Sterman (2001).
    """
    pressure = present / (hands * reference)
    return min(high, max(low, pressure))


def speed_up_factor(pressure: float, speed_up: float) -> float:
    """Factor on core work: above normal pressure staff hurry, below it they take their time (E23)."""
    return 1.0 if speed_up == 0.0 else power(pressure, -speed_up)


def corner_cutting_factor(pressure: float, corner_cutting: float, discretion: float) -> float:
    """Chance in (0, 1] that an action survives the pressure; discretion 0 cannot be skipped (E29)."""
    exponent = corner_cutting * discretion
    return 1.0 if exponent == 0.0 or pressure <= 1.0 else power(pressure, -exponent)


def idle_factor(pressure: float, below: float, willingness: float) -> float:
    """Factor on willingness when there is little to do: people drift (direction of Tan & Netessine, 2014)."""
    return willingness if pressure < below else 1.0


def is_overloaded(busy_us: int, duty_us: int, above: float) -> bool:
    """Whether staff were busy for more than the share ``above`` of their time (kink of Kuntz et al., 2015)."""
    return busy_us > above * duty_us
