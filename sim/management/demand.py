"""How many will come: customers talk, and come back more or less readily than before."""

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
    """Move each segment's demand by word of mouth and, where switched on, by the change of its chance of return."""
    word = occasion.site.scenario.management.word_of_mouth
    if word is not None:
        spread = (_spread(word, observed, s, occasion.days) for s in range(len(state.demand)))
        state = replace(state, demand=tuple(d * f for d, f in zip(state.demand, spread, strict=True)))
    if occasion.site.scenario.quality.loyalty.drives_demand:
        state = _returns(occasion, state, observed)
    return Reviewed(state)


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


def _returns(occasion: Occasion, state: State, observed: Observed) -> State:
    """Demand × (1 + returning_share × the change of the mean chance of return); the first review sets the base."""
    segments = range(len(state.demand))
    before = state.returned or (math.nan,) * len(segments)
    # Where nobody was judged the last known chance stays; before there is one it is NaN.
    now = tuple(before[s] if (seen := observed.return_chance(s)) is None else seen for s in segments)
    shares = [customers.returning_share for customers in occasion.site.scenario.customers.values()]
    moved = tuple(
        old if math.isnan(before[s]) else old * (1.0 + shares[s] * (now[s] - before[s]))
        for s, old in enumerate(state.demand)
    )
    return replace(state, demand=moved, returned=now)
