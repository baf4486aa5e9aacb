"""The tidy table's rows: what a number measures, and which part of the site it is about."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.flow.site import Site

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
HOURS = 24


class Key(NamedTuple):
    """A measure and its scope; None means all."""

    measure: str
    stage: str | None = None
    segment: str | None = None
    role: str | None = None
    member: str | None = None
    dimension: str | None = None
    action: str | None = None
    cause: str | None = None
    period: int | None = None
    hour: int | None = None
    event: str | None = None  # a planned training


SCOPES = Key._fields[1:]

Row = tuple[Key, float]
Part = tuple[slice | int | NDArray[np.int64], ...]  # index of a scope's part of an array of counts
EVERY = slice(None)


def ratio(total: int, count: int, unit: int = 1) -> float:
    """``total`` / ``count`` in units of ``unit``, rounded once; of nothing it is undefined: NaN."""
    return int(total) / (int(count) * unit) if count else math.nan


def added(array: NDArray[np.int64], part: Part) -> int:
    """Sum of a scope's part of an array of integers."""
    return int(array[part].sum())


def visit_scopes(site: Site, by: tuple[str, ...]) -> Iterator[tuple[Key, Part]]:
    """Scopes of visits, as parts of arrays (stages, segments, hours); the key's measure is still empty."""
    stages, segments = [stage.name for stage in site.stages], site.segments
    yield Key(""), (EVERY, EVERY, EVERY)
    for j, stage in enumerate(stages):
        yield Key("", stage=stage), (j, EVERY, EVERY)
    for s, segment in enumerate(segments):
        yield Key("", segment=segment), (EVERY, s, EVERY)
    for j, stage in enumerate(stages):
        for s, segment in enumerate(segments):
            yield Key("", stage=stage, segment=segment), (j, s, EVERY)
    if "hour" in by:
        for hour in range(HOURS):
            yield Key("", hour=hour), (EVERY, EVERY, hour)
        for j, stage in enumerate(stages):
            for hour in range(HOURS):
                yield Key("", stage=stage, hour=hour), (j, EVERY, hour)


def encounter_scopes(site: Site, by: tuple[str, ...]) -> Iterator[tuple[Key, Part]]:
    """Scopes of encounters, as parts of arrays (segments, hours); the key's measure is still empty."""
    yield Key(""), (EVERY, EVERY)
    for s, segment in enumerate(site.segments):
        yield Key("", segment=segment), (s, EVERY)
    if "hour" in by:
        for hour in range(HOURS):
            yield Key("", hour=hour), (EVERY, hour)
