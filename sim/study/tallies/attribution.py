"""Where the customer gap comes from: the part of each action in each gap, and what caused it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.flow.log import CAUSE_MASK, Cause, Ints
from sim.flow.site import Site
from sim.quality.levels import BOTTOM, POINTS, Level
from sim.quality.tables import DIMENSIONS
from sim.study.tallies.block import Block
from sim.study.tallies.exact import ExactSums, exact_sums
from sim.study.tallies.rows import Key, Row

if TYPE_CHECKING:
    from sim.quality.perceive import Perception

Floats = NDArray[np.float64]


class Source(IntEnum):
    """What a part of the customer gap is due to; nothing of it is due to anything else."""

    BELIEF = 0
    STANDARD = 1
    KNOWLEDGE = 2
    WILLINGNESS = 3
    LOAD = 4
    FATIGUE = 5
    ERROR = 6
    CAPACITY = 7
    BEYOND = 8
    PROMISE = 9
    PERCEPTION = 10
    MEMORY = 11


SOURCES = {
    "part_listening": (Source.BELIEF,),
    "part_design": (Source.STANDARD,),
    "part_performance": tuple(Source)[Source.KNOWLEDGE : Source.BEYOND + 1],
    "part_communication": (Source.PROMISE, Source.PERCEPTION, Source.MEMORY),
}
_PERFORMANCE = {
    "action": (Source.KNOWLEDGE, Source.WILLINGNESS, Source.LOAD, Source.FATIGUE, Source.BEYOND),
    "outcome": (Source.ERROR, Source.BEYOND),
    "wait": (Source.CAPACITY,),
}

_LAPSES = {
    Cause.KNOWLEDGE: Source.KNOWLEDGE,
    Cause.WILLINGNESS: Source.WILLINGNESS,
    Cause.LOAD: Source.LOAD,
    Cause.FATIGUE: Source.FATIGUE,
    Cause.ERROR: Source.ERROR,
}
_SOURCE_OF = np.full(CAUSE_MASK + 1, Source.BEYOND, np.int64)
_SOURCE_OF[list(_LAPSES)] = list(_LAPSES.values())
_SOURCE_OF[Cause.NOT_PERFORMED] = Source.CAPACITY  # of a completed encounter these are the waits


@dataclass(frozen=True)
class Attribution:
    """Sums over judged encounters that arrived after the warm-up."""

    parts: ExactSums  # (sources · actions,), points
    judged: int  # encounters

    def __add__(self, other: Attribution) -> Attribution:
        return Attribution(self.parts + other.parts, self.judged + other.judged)

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """Rows of each action's part in each gap, per judged encounter; over the actions they add up to the gap."""
        actions = site.scenario.actions
        places = np.arange(len(Source) * len(actions)).reshape(len(Source), len(actions))
        for place, (name, action) in zip(places.T, actions.items(), strict=True):
            for measure, sources in SOURCES.items():
                key = Key(measure, stage=action.stage, action=name)
                yield key, self.parts.per(self.judged, (place[list(sources)],))
                for source in _causes(measure, action.kind):
                    yield key._replace(cause=source.name.lower()), self.parts.per(self.judged, (int(place[source]),))


def _causes(measure: str, kind: str) -> tuple[Source, ...]:
    """The sources that have rows of their own, for an action of this kind; a gap that has but one has none."""
    if measure == "part_performance":
        return _PERFORMANCE[kind]
    return SOURCES[measure] if len(SOURCES[measure]) > 1 else ()


def attribution(block: Block) -> Attribution:
    """Add up what each action contributes to the gaps of a block's customers; it must have a perception."""
    seen = block.perception
    assert seen is not None
    judged = block.kept & ~np.isnan(seen.perceived_quality)
    rows = np.flatnonzero(judged[seen.marks.encounter])
    sources, values = _parts(seen, rows)
    actions = len(block.log.site.scenario.actions)
    place = (sources * actions + seen.marks.action[rows]).reshape(-1)
    value = values.reshape(-1)
    some = np.flatnonzero(value)
    parts = exact_sums((len(Source) * actions,), value[some], place[some])
    return Attribution(parts, int(np.count_nonzero(judged)))


def _parts(seen: Perception, rows: Ints) -> tuple[Ints, Floats]:
    """(7, r) sources and sizes, in points, of the parts of each mark.

    A lapse counts its whole weight for its cause, as if the standard had asked for the action; what the standard
    asks for less than always is taken back in `BEYOND`, where it asks less than was tried.

    Memory gives more weight to one action and less to the others of its dimension. That makes a difference only
    where the action is better or worse than the dimension as a whole, so the level of the dimension is the zero.
    """
    marks = seen.marks
    weight, recalled = POINTS * seen.weight[rows], POINTS * seen.remembered_weight[rows]
    expected0, believed, required, delivered, perceived, expected = seen.values[:, rows]
    code = marks.cause[rows] & CAUSE_MASK
    wait = code == Cause.NOT_PERFORMED
    tried = code != Cause.NOT_REQUIRED
    cell = marks.encounter[rows] * len(DIMENSIONS) + seen.judgement.dimension[marks.action[rows]]
    level = (seen.levels[Level.PERCEIVED].reshape(-1)[cell] - BOTTOM) / POINTS
    fixed = (Source.BELIEF, Source.STANDARD, Source.BEYOND, Source.PROMISE, Source.PERCEPTION, Source.MEMORY)
    sources = np.stack((_SOURCE_OF[code], *(np.full(len(rows), source) for source in fixed)))
    values = np.stack(
        (
            weight * np.where(wait, required - delivered, tried & ~marks.hit[rows]),
            weight * (expected0 - believed),
            weight * (believed - required),
            np.where(wait, 0.0, weight * (required - tried)),
            weight * (expected - expected0),
            weight * (delivered - perceived),
            (weight - recalled) * (perceived - level),
        )
    )
    return sources, values
