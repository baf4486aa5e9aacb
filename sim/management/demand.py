"""How many will come: customers talk, and come back more or less readily than at first."""

from __future__ import annotations

import math
from dataclasses import replace

from sim.arithmetic import power
from sim.flow.state import State
from sim.management.observed import Observed
from sim.management.occasion import Occasion, Reviewed
from sim.scenario.management import WordOfMouth
from sim.units import DAY_MINUTES

LISTENERS = 10.0  # what word of mouth is counted in: so many who hear of it move demand by its strength


def demand(occasion: Occasion, state: State, observed: Observed) -> Reviewed:
    """Move each segment's demand by word of mouth and, where switched on, by its chance of return.

    Appointments are booked whatever people say: their demand stays 1.
    """
    scenario = occasion.site.scenario
    word, drives = scenario.management.word_of_mouth, scenario.quality.loyalty.drives_demand
    free = [s for s, customers in enumerate(scenario.customers.values()) if customers.arrivals.at is None]
    if word is not None:
        state = _told(word, occasion, state, observed, free)
    if drives:
        state = _returns(occasion, state, observed, free)
    return Reviewed(state)


def _told(word: WordOfMouth, occasion: Occasion, state: State, observed: Observed, free: list[int]) -> State:
    """Demand, and the part of it that is word of mouth, moved by what the customers of the period tell."""
    told, moved = list(state.told or (1.0,) * len(state.demand)), list(state.demand)
    for s in free:
        spread = _spread(word, observed, s, occasion.days)
        told[s] *= spread
        moved[s] *= spread
    return replace(state, told=tuple(told), demand=tuple(moved))


def _spread(word: WordOfMouth, observed: Observed, segment: int, days: int) -> float:
    """Factor of word of mouth (E40): strength × (good × delighted − bad × dissatisfied) / 10 in each ``per``.

    Kept within the limit, and compounded for a period longer or shorter than ``per``.
    """
    judged = int(observed.judged[segment])
    if not judged:
        return 1.0
    delighted, dissatisfied = int(observed.delighted[segment]), int(observed.dissatisfied[segment])
    push = word.strength * ((word.good * delighted - word.bad * dissatisfied) / judged) / LISTENERS
    within = min(word.limit, max(-word.limit, push))
    return power(1.0 + within, days * DAY_MINUTES / word.per)


def _returns(occasion: Occasion, state: State, observed: Observed, free: list[int]) -> State:
    """Demand is word of mouth × (1 + returning_share × (mean chance of return now − the one seen first)).

    Always measured from the first, never multiplied on: the noise of small samples would, step by step, wear demand
    down. Where the chance is known of nobody the part that it had moved stays.
    """
    told, base, moved = state.told, list(state.returned or (math.nan,) * len(state.demand)), list(state.demand)
    shares = [customers.returning_share for customers in occasion.site.scenario.customers.values()]
    for s in free:
        now = observed.return_chance(s)
        if now is None:
            continue
        if math.isnan(base[s]):
            base[s] = now
        moved[s] = (1.0 if told is None else told[s]) * (1.0 + shares[s] * (now - base[s]))
    return replace(state, demand=tuple(moved), returned=tuple(base))
