"""Time averages: how many wait, are served and are on site, over the measured time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.flow.log import EncounterLog, Ints
from sim.flow.site import Site
from sim.study.tallies.block import Block, total
from sim.study.tallies.rows import HOUR_US, HOURS, Row, added, encounter_scopes, ratio, visit_scopes

_WAITING, _IN_SERVICE = 0, 1
_ALL_DAY = 1


@dataclass(frozen=True)
class Spans:
    """Stretches of time in microseconds, disjoint and in order."""

    start_us: Ints
    end_us: Ints

    def before(self, instants_us: Ints) -> Ints:
        """How much of these stretches lies before each instant."""
        if not len(self.start_us):
            return np.zeros(len(instants_us), np.int64)
        length = self.end_us - self.start_us
        passed = np.concatenate([np.zeros(1, np.int64), np.cumsum(length)])
        last = np.maximum(np.searchsorted(self.start_us, instants_us, side="right") - 1, 0)
        into: Ints = np.clip(instants_us - self.start_us[last], 0, length[last])
        return passed[last] + into

    def total_us(self) -> int:
        """Length of all stretches together."""
        return int((self.end_us - self.start_us).sum())

    def from_instant(self, instant_us: int) -> Spans:
        """The stretches that end after an instant."""
        first = int(np.searchsorted(self.end_us, instant_us, side="right"))
        return Spans(self.start_us[first:], self.end_us[first:])

    def in_hour(self, hour: int) -> Spans:
        """The parts of the stretches that fall into one hour of the day."""
        first, last = self.start_us // HOUR_US, -(-self.end_us // HOUR_US)
        pieces = [
            (max(int(start), n * HOUR_US), min(int(end), (n + 1) * HOUR_US))
            for start, end, begin, stop in zip(self.start_us, self.end_us, first, last, strict=True)
            for n in range(int(begin) + (hour - int(begin)) % HOURS, int(stop), HOURS)
        ]
        return _spans(pieces)


def _spans(pieces: list[tuple[int, int]]) -> Spans:
    both = np.array(pieces, np.int64).reshape(-1, 2)
    return Spans(both[:, 0], both[:, 1])


@dataclass(frozen=True)
class Presence:
    """Customer time within the measured time, and the stretches not yet added because the measured time they
    fall into is still unknown: a block may come before the window that covers it."""

    by_hour: bool
    windows: Spans
    area_us: Ints  # (2: waiting, in service; stages; segments; hours, or 1 for the whole day)
    open: tuple[Ints, Ints, Ints, Ints, Ints]  # start, end, which of the two, stage, segment

    def __add__(self, other: Presence) -> Presence:
        windows = Spans(
            np.concatenate([self.windows.start_us, other.windows.start_us]),
            np.concatenate([self.windows.end_us, other.windows.end_us]),
        )
        both = tuple(np.concatenate(pair) for pair in zip(self.open, other.open, strict=True))
        known_us = int(windows.end_us[-1]) if len(windows.end_us) else -1
        settled = both[1] <= known_us
        area_us = self.area_us + other.area_us
        area_us += _area_us(windows, self.by_hour, area_us.shape, *(column[settled] for column in both))
        start, end, what, stage, segment = (column[~settled] for column in both)
        return Presence(self.by_hour, windows, area_us, (start, end, what, stage, segment))

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """Rows of the time averages; whoever is still inside after the last window counts up to its end."""
        area_us = self.area_us + _area_us(self.windows, self.by_hour, self.area_us.shape, *self.open)
        waiting, in_service = area_us[_WAITING], area_us[_IN_SERVICE]
        inside = (waiting + in_service).sum(axis=0)
        time_us: dict[int | None, int] = {None: self.windows.total_us()}
        if self.by_hour:
            time_us |= {hour: self.windows.in_hour(hour).total_us() for hour in range(HOURS)}
        for key, part in visit_scopes(site, by):
            queue = ratio(added(waiting, part), time_us[key.hour])
            if _has_queue(site, key.stage):
                yield key._replace(measure="queue_mean"), queue
            yield key._replace(measure="in_service_mean"), ratio(added(in_service, part), time_us[key.hour])
        for key, part in encounter_scopes(site, by):
            yield key._replace(measure="in_system_mean"), ratio(added(inside, part), time_us[key.hour])


def presence(block: Block, by: tuple[str, ...]) -> Presence:
    """Customer time of a block: everybody's, also of those who arrived before the end of the warm-up.

    On site a customer is always in one visit, from joining to its end, so that the time on site is the time
    waiting and the time in service; who is away for a return or a retry is in none.
    """
    log, site = block.log, block.log.site
    finish = np.where(log.ended_us >= 0, log.ended_us, site.horizon_us)
    begun = log.started_us >= 0
    segment = log.segment[log.encounter]
    return Presence(
        by_hour="hour" in by,
        windows=_windows(log),
        area_us=np.zeros((2, len(site.stages), len(site.segments), HOURS if "hour" in by else _ALL_DAY), np.int64),
        open=(
            np.concatenate([log.joined_us, log.started_us[begun]]),
            np.concatenate([np.where(begun, log.started_us, finish), finish[begun]]),
            np.concatenate([np.full(len(finish), _WAITING), np.full(int(begun.sum()), _IN_SERVICE)]),
            np.concatenate([log.stage, log.stage[begun]]),
            np.concatenate([segment, segment[begun]]),
        ),
    )


def _windows(log: EncounterLog) -> Spans:
    """The measured time that a block adds: its windows, without what lies in the warm-up."""
    start = np.maximum(log.window_start_us, log.site.warm_up_us)
    measured = start < log.window_end_us
    return Spans(start[measured], log.window_end_us[measured])


def _area_us(
    windows: Spans,
    by_hour: bool,
    shape: tuple[int, ...],
    start: Ints,
    end: Ints,
    what: Ints,
    stage: Ints,
    segment: Ints,
) -> Ints:
    """(waiting or in service, stages, segments, hours) time within the windows."""
    area_us = np.zeros(shape, np.int64)
    if not len(start):
        return area_us
    windows = windows.from_instant(int(start.min()))
    for hour in range(shape[-1]):
        measured = windows.in_hour(hour) if by_hour else windows
        within = measured.before(end) - measured.before(start)
        area_us[..., hour] = total(shape[:-1], within, what, stage, segment)
    return area_us


def _has_queue(site: Site, stage: str | None) -> bool:
    return any(one.has_queue for one in site.stages if stage in (None, one.name))
