"""The six levels of every action and dimension, and the gaps between them, which add up exactly."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from sim.flow.log import AUTOMATED, EncounterLog
from sim.quality.marks import Marks
from sim.quality.sums import looked_up, summed
from sim.quality.tables import DIMENSIONS, Floats, Ints, Judgement
from sim.quality.taste import own_expectation, tastes
from sim.quality.waiting import Waits, worth

TOP, BOTTOM = 7.0, 1.0  # of the quality scale
POINTS = TOP - BOTTOM


class Level(IntEnum):
    """The six views of an action, and their order in every array of levels."""

    EXPECTED0 = 0  # by the customer, before any promise
    BELIEVED = 1  # by management, to be expected
    REQUIRED = 2  # by the standard
    DELIVERED = 3
    PERCEIVED = 4
    EXPECTED = 5  # by the customer, the promise heard


class Gap(IntEnum):
    """The five gaps, in Likert points, and their order in every array of gaps. Positive is bad."""

    LISTENING = 0
    DESIGN = 1
    PERFORMANCE = 2
    COMMUNICATION = 3
    CUSTOMER = 4  # the sum of the four


def raised_by_promise(expected: Floats, promised: Floats, inflation: float) -> Floats:
    """Expectation after hearing the promise (E5): a promise beyond it raises it by the share `inflation`."""
    return expected + inflation * np.maximum(0.0, promised - expected)


def values_of(log: EncounterLog, table: Judgement, marks: Marks, waits: Waits) -> Floats:
    """(6, r) the six views of every mark, each in [0, 1]."""
    segment = log.segment[marks.encounter]
    views = (table.expected, table.believed, table.required, table.promised)
    expected, believed, required, promised = (looked_up(view, marks.action, segment) for view in views)
    delivered = marks.hit.astype(float)
    perceived = np.where(marks.cause & AUTOMATED, table.warmth[marks.action], delivered)
    rows = np.flatnonzero(table.is_wait[marks.action])
    if len(rows):
        visit = marks.visit[rows]
        told = waits.announced_min[visit]
        minutes = np.stack(
            (
                np.where(np.isnan(told), expected[rows], told),  # what was announced is what is expected (E14)
                believed[rows],
                required[rows],
                waits.actual_min[visit],
                waits.perceived_min[visit],
                promised[rows],
            )
        )
        half_value = table.half_value_min[marks.action[rows]] * waits.half_value_factor[visit]
        valued = worth(minutes, half_value)
        for view, value in zip((expected, believed, required, delivered, perceived, promised), valued, strict=True):
            view[rows] = value
    spread = table.quality.expectation_spread
    if spread > 0 and len(segment):
        expected = own_expectation(expected, spread, tastes(log, table, marks.encounter, marks.action))
    raised = raised_by_promise(expected, promised, table.quality.promise_inflation)
    return np.stack((expected, believed, required, delivered, perceived, raised))


def levels_of(values: Floats, within: Floats, recalled: Floats, cell: Ints, n: int) -> Floats:
    """(6, n, D) levels in [1, 7]: 1 + 6 × the weighted sum of the values in each dimension.

    `within` and `recalled` sum to 1 over the marks of each `cell` (encounter × D + dimension); the latter
    enters the perceived level alone, so what memory adds or takes away lies in the communication gap.
    """
    sums = [
        summed((recalled if level == Level.PERCEIVED else within) * values[level], cell, n * len(DIMENSIONS))
        for level in Level
    ]
    return BOTTOM + POINTS * np.stack(sums).reshape(len(Level), n, len(DIMENSIONS))


def gaps_of(levels: Floats) -> Floats:
    """(5, …) the gaps of levels (6, …): the first four sum to the fifth, whatever the levels (E6)."""
    expected0, believed, required, delivered, perceived, expected = levels
    return np.stack(
        (
            expected0 - believed,
            believed - required,
            required - delivered,
            (expected - expected0) + (delivered - perceived),
            expected - perceived,
        )
    )
