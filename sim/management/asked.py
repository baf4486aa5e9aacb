"""A wave of customer research: who is asked, and what they say they had expected."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

import numpy as np

from sim.flow.log import EncounterLog, Ints
from sim.quality.levels import Level
from sim.quality.perceive import Perception
from sim.quality.survey import respondents
from sim.quality.tables import Floats, Judgement
from sim.quality.taste import own_expectation, tastes
from sim.quality.waiting import worth


class Answer(NamedTuple):
    """What one customer says; in the order in which a sample takes them."""

    lot: float
    segment: int
    day: int
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody asks for
    stated: tuple[tuple[int, float], ...]  # (action, value in [0, 1] that she had expected) of each action she met


@dataclass(frozen=True, slots=True)
class Wave:
    """The answers of those whom the lot takes first, at most ``n``: the same however a period is cut into blocks."""

    n: int
    answers: tuple[Answer, ...] = ()  # ascending

    def __add__(self, other: Wave) -> Wave:
        return Wave(self.n, tuple(sorted(self.answers + other.answers)[: self.n]))

    def mean(self, action: int, segment: int) -> float | None:
        """Mean value stated for an action by customers of a segment; None where nobody spoke of it."""
        stated = [
            value
            for answer in self.answers
            if answer.segment == segment
            for about, value in answer.stated
            if about == action
        ]
        return fsum(stated) / len(stated) if stated else None


def asked(log: EncounterLog, perception: Perception, judgement: Judgement, n: int) -> Wave:
    """Of the customers of a block who answer surveys, those whom the lot takes first, at most ``n``."""
    rows, lots = respondents(log, perception.satisfaction, judgement.quality.survey.response)
    first = np.argsort(lots, kind="stable")[:n]
    taken = dict(zip(rows[first].tolist(), lots[first].tolist(), strict=True))
    stated = _stated(log, perception, judgement, rows[first])
    return Wave(
        n,
        tuple(
            Answer(lot, int(log.segment[row]), int(log.day[row]), int(log.index[row]), tuple(stated[row]))
            for row, lot in taken.items()
        ),
    )


def _stated(
    log: EncounterLog, perception: Perception, judgement: Judgement, rows: Ints
) -> dict[int, list[tuple[int, float]]]:
    """For each of the rows, what was expected of every action before any word; the first time, if met again."""
    marks = perception.marks
    of_them = np.flatnonzero(np.isin(marks.encounter, rows))
    pair = marks.encounter[of_them] * len(judgement.names) + marks.action[of_them]
    marked = of_them[np.unique(pair, return_index=True)[1]]
    values = _before_all_words(log, perception, judgement, marked)
    stated: dict[int, list[tuple[int, float]]] = {row: [] for row in rows.tolist()}
    for encounter, action, value in zip(
        marks.encounter[marked].tolist(), marks.action[marked].tolist(), values.tolist(), strict=True
    ):
        stated[encounter].append((action, value))
    return stated


def _before_all_words(log: EncounterLog, perception: Perception, judgement: Judgement, marked: Ints) -> Floats:
    """Values that were expected before any promise; those of waits also before any announcement or reason.

    What she was told on the spot is news of this visit: management would take it for what customers want.
    """
    values: Floats = perception.values[Level.EXPECTED0, marked].copy()
    action, encounter = perception.marks.action[marked], perception.marks.encounter[marked]
    waits = np.flatnonzero(judgement.is_wait[action])
    if len(waits):
        action, encounter = action[waits], encounter[waits]
        minutes = judgement.expected[action, log.segment[encounter]]
        values[waits] = worth(minutes, judgement.half_value_min[action])
        spread = judgement.quality.expectation_spread
        if spread > 0:
            values[waits] = own_expectation(values[waits], spread, tastes(log, judgement, encounter, action))
    return values
