"""What quality costs and what it is worth: wages, the value of customers who come back, the return on an investment.

Money has the scenario's currency; rates are per year of 365 days; amounts are of one replication.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from sim.arithmetic import log, power

DAYS_PER_YEAR = 365
_AS_GOOD_AS_ONE = 1e-9  # nearer to 1 than this the closed form of a geometric sum loses its digits


def staff_cost(hours: float, wage: float, burden: float) -> float:
    """Cost of paid hours at a wage per hour, with ``burden`` on top as a share of the wage (E44)."""
    return hours * wage * (1.0 + burden)


def discount_factor(day: float, rate: float) -> float:
    """What money of a day is worth on day 0, at a yearly discount rate."""
    return power(1.0 + rate, -day / DAYS_PER_YEAR)


def present_value(amounts: Iterable[float], rate: float) -> float:
    """Worth on day 0 of the amounts of day 0, 1, 2 …, rounded once."""
    return math.fsum(amount * discount_factor(day, rate) for day, amount in enumerate(amounts))


def lifetime_multiple(retention: float, discount: float, years: float) -> float:
    """Worth of a customer as a multiple of her yearly margin: q + q² + … over so many years, q = r / (1 + i) (E45).

    ``retention`` r: chance in [0, 1] that she is still a customer a year later; margins come at the ends of years,
    the purchase at hand is not counted. For ever (infinite ``years``): r / (1 + i − r). NaN where r is NaN.
    """
    kept = retention / (1.0 + discount)
    if 1.0 - kept < _AS_GOOD_AS_ONE:
        return kept * years
    left = 1.0 if math.isinf(years) else 1.0 - power(kept, years)
    return kept * left / (1.0 - kept)


def return_on_quality(added_profit: float, added_cost: float) -> float:
    """(Added profit − added cost) / added cost, both present values (E46; Rust, Zahorik & Keiningham 1995).

    NaN where nothing is spent in addition: there is no investment whose return could be told.
    """
    return (added_profit - added_cost) / added_cost if added_cost > 0.0 else math.nan


def training_utility(
    effect: float, half_time_years: float, years: float, salary: float, sd_of_salary: float = 0.40
) -> float:
    """Value of one trainee's training over some years, its cost not taken off (E47, Brogden-Cronbach-Gleser).

    The effect fades as a hyperbola, half of it gone after ``half_time_years``; one standard deviation of performance
    is worth ``sd_of_salary`` of a year's salary. A cross-check of what is simulated, not part of it.
    """
    sd_years = effect * half_time_years * log(1.0 + years / half_time_years)
    return sd_years * sd_of_salary * salary
