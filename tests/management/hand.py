"""A small site with reviews, periods written by hand, and one that was simulated."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from sim.flow.log import EncounterLog
from sim.flow.plan import draw
from sim.flow.simulate import simulate
from sim.flow.site import Site, site_of
from sim.flow.state import State, initial_state
from sim.management.asked import Answer, Wave
from sim.management.observed import CHANCE_UNITS, EXPERIENCE_UNITS, Observed, observe
from sim.management.review import Reviewed, review
from sim.quality.perceive import Perception, perceive
from sim.quality.tables import Judgement, judgement_of
from sim.scenario import load

WEEK = 7


def scenario(**changes: Any) -> dict[str, Any]:
    """Two kinds of guests, a desk with clerks and a bar with a barman; ``changes`` replace whole sections."""
    plain: dict[str, Any] = {
        "name": "two-desks",
        "calendar": {"days": 700, "open": "09:00", "close": "12:00"},
        "review": "1 wk",
        "customers": {
            "guest": {"arrivals": {"rate": "12/h"}, "start": "desk"},
            "member": {"arrivals": {"rate": "4/h"}, "start": "desk"},
        },
        "stages": {
            "desk": {"staff": ["clerk"], "work": "3 min", "next": {"bar": 0.5, "leave": 0.5}},
            "bar": {"staff": ["barman"], "work": "2 min"},
        },
        "staff": {"clerk": {"count": 2, "skill": 0.8}, "barman": {"count": 1, "skill": 0.9}},
        "actions": {
            "greet": {"stage": "desk", "dimension": "empathy", "weight": 1, "expected": 0.9},
            "confirm": {"stage": "desk", "dimension": "assurance", "weight": 0.5, "expected": 0.6},
            "recap": {"stage": "desk", "dimension": "assurance", "weight": 0.5, "expected": 0.6, "required": 0},
            "serve": {"stage": "bar", "dimension": "tangibles", "weight": 1, "expected": 0.8},
            "wait": {"stage": "desk", "kind": "wait", "dimension": "responsiveness", "weight": 1, "expected": "5 min"},
        },
    }
    return plain | changes


def site(**changes: Any) -> Site:
    return site_of(load(scenario(**changes)))


def start(place: Site, seed: int = 1) -> State:
    return initial_state(place, seed, 0)


def seen(
    place: Site,
    *,
    met: dict[tuple[str, str], list[float]] | None = None,
    chances: dict[str, list[float]] | None = None,
    answers: list[tuple[str, dict[str, float]]] | None = None,
    **given: Any,
) -> Observed:
    """A period by hand: nothing happened but what is given.

    ``met``: {(action, segment): what it was each time}; ``chances``: of return, by segment; ``answers``: segment and
    values stated. Other fields of ``Observed``: {place: number}, a place by its position or positions.
    """
    actions, segments = list(place.scenario.actions), place.segments
    people, roles, i, g = len(place.members), len(place.roles), len(actions), len(segments)
    shapes = {
        "work": (people, 16),
        "services": (people,),
        "missed": (roles, i),
        "reflections": (people,),
        "met": (i, g),
        "met_sum": (i, g),
    }
    arrays = {f.name: np.zeros(shapes.get(f.name, (g,)), dtype=np.int64) for f in fields(Observed) if f.name != "wave"}
    for name, numbers in given.items():
        for at, number in numbers.items():
            arrays[name][at] = number
    for (action, segment), values in (met or {}).items():
        at = actions.index(action), segments.index(segment)
        arrays["met"][at] = len(values)
        arrays["met_sum"][at] = round(sum(values) * EXPERIENCE_UNITS)
    for segment, values in (chances or {}).items():
        at = segments.index(segment)
        arrays["return_known"][at] = len(values)
        arrays["return_sum"][at] = round(sum(values) * CHANCE_UNITS)
    wave = [
        Answer(k / 1000, segments.index(segment), 0, k, tuple((actions.index(a), v) for a, v in stated.items()))
        for k, (segment, stated) in enumerate(answers or [])
    ]
    return Observed(**arrays, wave=Wave(1000, tuple(wave)))


def reviewed(place: Site, state: State, observed: Observed | None = None, seed: int = 1, **given: Any) -> Reviewed:
    """The review of a period that was observed, or is given as to ``seen``."""
    period = seen(place, **given) if observed is None else observed
    return review(place, state, period, seed, 0)


def after(place: Site, state: State, periods: int, seed: int = 1, **given: Any) -> State:
    """The state after so many periods that were all alike."""
    for _ in range(periods):
        state = reviewed(place, state, seed=seed, **given).state
    return state


def lived(
    place: Site, state: State, seed: int = 1
) -> tuple[list[EncounterLog], list[Perception | None], Judgement | None]:
    """All days of a site, simulated and judged."""
    logs = list(simulate(draw(place, state, seed, 0)))
    if not place.scenario.actions:
        return logs, [None] * len(logs), None
    judgement = judgement_of(place, state)
    return logs, [perceive(log, judgement) for log in logs], judgement


def watched(place: Site, state: State, seed: int = 1) -> Observed:
    """What there is to see of all days of a site."""
    logs, perceptions, judgement = lived(place, state, seed)
    total, *others = [observe(log, p, judgement) for log, p in zip(logs, perceptions, strict=True)]
    for one in others:
        total = total + one
    return total


def same(one: Observed, other: Observed) -> bool:
    return all(
        a == b if f.name == "wave" else a.tolist() == b.tolist()
        for f in fields(Observed)
        for a, b in [(getattr(one, f.name), getattr(other, f.name))]
    )
