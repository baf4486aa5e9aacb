"""All chance of one replication, drawn beforehand: day blocks of arrivals, and the luck of every visit by its key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.chance.keys import stream_key
from sim.chance.laws import Law, law_of
from sim.chance.philox import uniforms
from sim.flow.arrivals import (
    Arrivals,
    Source,
    arrivals,
    is_carried,
    renewal_carry,
    renewal_start,
    source_of,
)
from sim.flow.luck import Luck, StageLuck, later_passage, passages, stage_luck
from sim.flow.site import Site
from sim.flow.state import State
from sim.flow.training import Training, absent, trainings

Ints = NDArray[np.int64]


class DayArrivals(NamedTuple):
    """One day's encounters, all segments, in order of their numbers: by (arrival time, segment, index). All (n,)."""

    segment: Ints
    day: Ints
    index: Ints  # type: ignore[assignment]  # hides tuple.index, which nobody asks for
    arrived_us: Ints
    appointment_us: Ints
    group: Ints  # people
    row: Ints  # position among the segment's arrivals of the day, in the order of the luck drawn for them


class DayLuck:
    """The luck of one segment's day: by stage, drawn in one go when somebody first comes there."""

    __slots__ = ("_came", "_luck", "first", "second")

    def __init__(self, luck: list[StageLuck], came: Arrivals) -> None:
        self._luck = luck
        self._came = came
        self.first: list[Luck | None] = [None] * len(luck)  # of first visits, by stage
        self.second: list[Luck | None] = [None] * len(luck)

    def at(self, stage: int) -> Luck:
        """First visits: one row for each customer of the segment's day, in the order of its arrivals."""
        drawn = self.first[stage]
        if drawn is None:
            drawn = self.first[stage] = passages(self._luck[stage], self._came.day, self._came.index, 0)
        return drawn

    def again_at(self, stage: int) -> Luck:
        """Second visits, likewise."""
        drawn = self.second[stage]
        if drawn is None:
            drawn = self.second[stage] = passages(self._luck[stage], self._came.day, self._came.index, 1)
        return drawn


@dataclass(frozen=True)
class Plan:
    """What an engine runs: it draws nothing itself. Pure functions of the keys; the arrays come day by day."""

    site: Site
    state: State
    seed: int
    replication: int
    period: int
    trainings: tuple[Training, ...]

    def days(self, first: int = 0) -> Iterator[tuple[DayArrivals, list[Arrivals]]]:
        """The arrivals of the days from ``first`` on: merged and numbered, and by segment for drawing their luck."""
        sources = [self.source(name) for name in self.site.segments]
        carries = {s: renewal_start(source) for s, source in enumerate(sources) if is_carried(source)}
        for day in range(first, self.site.days):
            of_segment = []
            for s, source in enumerate(sources):
                if s in carries:
                    came, carries[s] = renewal_carry(source, day, carries[s])
                else:
                    came = arrivals(source, day)
                of_segment.append(came)
            yield self._merged(of_segment), of_segment

    def source(self, segment: str) -> Source:
        """What the arrivals of a segment are drawn from."""
        demand = self.state.demand[self.site.segments.index(segment)]
        return source_of(self.site, segment, self.seed, self.replication, demand)

    def _merged(self, of_segment: list[Arrivals]) -> DayArrivals:
        segment = np.concatenate([np.full(len(a.index), s) for s, a in enumerate(of_segment)])
        row = np.concatenate([np.arange(len(a.index)) for a in of_segment])
        day, index, at, appointment = (np.concatenate(column) for column in zip(*of_segment, strict=True))
        group = np.concatenate([self._groups(s, a) for s, a in enumerate(of_segment)])
        order = np.lexsort((index, segment, at))
        return DayArrivals(*(x[order] for x in (segment, day, index, at, appointment, group, row)))

    def _groups(self, segment: int, came: Arrivals) -> Ints:
        name, law = self.site.segments[segment], self._group_laws[segment]
        if law.is_constant:
            return np.full(len(came.index), max(1, int(law.mean + 0.5)))
        key = np.array([stream_key(self.seed, self.replication, "group", name)], dtype=np.uint64)
        drawn = law.quantiles(uniforms(key, came.index, came.day)[0])
        return np.maximum(1, np.floor(drawn + 0.5).astype(np.int64))

    @cached_property
    def _group_laws(self) -> list[Law]:
        return [law_of(segment.group) for segment in self.site.scenario.customers.values()]

    @cached_property
    def _luck(self) -> list[list[StageLuck]]:
        return [
            [stage_luck(self.site, s, j, self.seed, self.replication) for j in range(len(self.site.stages))]
            for s in range(len(self.site.segments))
        ]

    def day_luck(self, of_segment: list[Arrivals]) -> list[DayLuck]:
        """What the customers of a day bring to their visits, by segment."""
        return [DayLuck(luck, came) for luck, came in zip(self._luck, of_segment, strict=True)]

    def absent(self, day: int) -> frozenset[int]:
        """Members who are kept from duty all day."""
        return absent(self.trainings, day)

    def later_passage(self, segment: int, stage: int, day: int, index: int, visit: int) -> Luck:
        """What one customer brings to her visit number ``visit`` (0 is the first) of a stage; the same bits."""
        return later_passage(self._luck[segment][stage], day, index, visit)


def draw(site: Site, state: State, seed: int, replication: int, period: int = 0) -> Plan:
    """The plan of one replication: pure, and as cheap as its keys until a day is asked for."""
    return Plan(site, state, seed, replication, period, trainings(site, state, seed, replication))
