"""What each measure is counted in, its range, and which way is better: by hand, as the page of measures says."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from sim.errors import InputError, did_you_mean

HIGH, LOW, DEPENDS = 1, -1, 0


class Meaning(NamedTuple):
    """A measure's unit and range, as docs/measures.md has them, its good direction, and what a row of it is about."""

    unit: str  # "minutes", "share", "chance", "points", "money", "count", "hours", "score", …
    good: int  # +1 high is good, -1 low is good, 0 depends, or nearest to 0 is best
    low: float = -math.inf  # least value that it can have
    high: float = math.inf
    by: tuple[str, ...] = ()  # scopes without which there is no row; none where there is one of the whole site


_TABLE: tuple[tuple[str, int, str], ...] = (
    ("count", HIGH, "completed"),
    ("count", LOW, "balked blocked abandoned turned_away lapses"),
    ("count", DEPENDS, "arrivals unfinished returns_lost complaints"),
    ("visits", DEPENDS, "visits_mean"),
    ("encounters", LOW, "queue_mean"),
    ("encounters", DEPENDS, "in_service_mean in_system_mean"),
    ("minutes", LOW, "wait_mean wait_served_mean wait_p50 wait_p90 wait_p95 wait_p99 stay_mean stay_p90"),
    ("minutes", LOW, "wait_mean_spread wait_p90_spread"),
    ("minutes", DEPENDS, "service_mean"),
    ("share", HIGH, "completed_share service_level hit_rate hit_rate_first delighted_share above_zone_share"),
    ("share", HIGH, "voice_share recovered_share quick_share own_standard breaks_even"),
    ("share", HIGH, "training_behaviour training_transfer"),
    ("share", LOW, "balked_share blocked_share abandoned_share turned_away_share waited_share"),
    ("share", LOW, "visits_abandoned_share error_rate dissatisfied_share below_zone_share problem_share"),
    ("share", LOW, "service_level_spread abandoned_share_spread dissatisfied_share_spread hit_rate_spread"),
    ("share", LOW, "recovered_share_spread"),
    ("share", DEPENDS, "unfinished_share utilisation automated_share within_zone_share response_share"),
    ("chance", HIGH, "knowledge return_probability return_probability_no_problem return_probability_silent"),
    ("chance", HIGH, "return_probability_unresolved return_probability_resolved return_probability_quick"),
    ("chance", HIGH, "training_learning training_results_return_probability"),
    ("chance", LOW, "return_probability_spread"),
    ("points", HIGH, "satisfaction satisfaction_all perceived_quality process_quality outcome_quality"),
    ("points", HIGH, "servperf servqual training_reaction training_results_satisfaction"),
    ("points", LOW, "gap_customer gap_listening gap_design gap_performance gap_communication"),
    ("points", LOW, "part_listening part_design part_performance part_communication"),
    ("points", LOW, "training_results satisfaction_spread gap_customer_spread"),
    ("points", DEPENDS, "measurement_residual"),
    ("score", HIGH, "nps"),
    ("ratio", HIGH, "cronbach_alpha return_on_quality"),
    ("factor", HIGH, "demand_factor"),
    ("hours a day", LOW, "overtime_hours"),
    ("hours a day", DEPENDS, "reflection_hours"),
    ("hours", LOW, "paid_hours"),
    ("day", LOW, "break_even_day"),
    ("money", HIGH, "margin profit net_gain"),
    ("money", LOW, "lost_margin staff_cost training_cost management_cost"),
    ("money per customer", HIGH, "lifetime_value"),
)

_RANGES: dict[str, tuple[float, float]] = {
    "share": (0, 1),
    "chance": (0, 1),
    "points": (1, 7),
    "score": (-100, 100),
    "ratio": (-math.inf, math.inf),
    "money": (-math.inf, math.inf),
    "money per customer": (-math.inf, math.inf),
}
"""Of the units; all others begin at 0."""
_OWN_RANGES: tuple[tuple[float, float, str], ...] = (
    (-6, 6, "gap_listening gap_design gap_performance gap_customer part_listening part_design part_performance"),
    (-6, 6, "servqual training_results_satisfaction"),
    (-6, 12, "gap_communication part_communication"),
    (-12, 12, "measurement_residual training_results"),
    (-2, 2, "training_transfer"),
    (-1, 1, "training_learning training_behaviour training_results_return_probability"),
    (0, 6, "satisfaction_spread"),
    (0, 12, "gap_customer_spread"),
    (0, math.inf, "utilisation staff_cost training_cost management_cost"),
    (-math.inf, 1, "cronbach_alpha"),
)
_BY: tuple[tuple[tuple[str, ...], str], ...] = (
    (("role",), "utilisation overtime_hours paid_hours reflection_hours own_standard"),
    (("action",), "automated_share"),
    (("dimension",), "below_zone_share within_zone_share above_zone_share"),
    (("stage", "action"), "part_listening part_design part_performance part_communication"),
    (("segment",), "demand_factor"),
    (("event",), "training_reaction training_learning training_behaviour training_transfer training_results"),
    (("event",), "training_results_satisfaction training_results_return_probability"),
)
"""Measures without a row of the whole site."""


def _meanings() -> dict[str, Meaning]:
    ranges = {name: (low, high) for low, high, names in _OWN_RANGES for name in names.split()}
    scopes = {name: by for by, names in _BY for name in names.split()}
    return {
        name: Meaning(unit, good, *ranges.get(name, _RANGES.get(unit, (0, math.inf))), scopes.get(name, ()))
        for unit, good, names in _TABLE
        for name in names.split()
    }


MEANINGS: dict[str, Meaning] = _meanings()
"""Every measure of docs/measures.md."""


def known_measures() -> tuple[str, ...]:
    """Names of all measures that a simulation may have."""
    return tuple(MEANINGS)


def meaning(measure: str) -> Meaning:
    """Unit and good direction of a measure. InputError, with the nearest name, where there is no such measure."""
    try:
        return MEANINGS[measure]
    except KeyError:
        raise InputError(unknown_measure(measure)) from None


def unknown_measure(name: str) -> str:
    """What to tell of a name that no measure has."""
    word = re.sub(r"(s|ing)$", "", name.lower())
    near = next((known for known in MEANINGS if word in known.split("_")), None)
    hint = f"; did you mean '{near}'?" if near else did_you_mean(name, MEANINGS)
    return f"no measure '{name}'{hint or '; docs/measures.md has them all'}"
