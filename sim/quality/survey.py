"""What customers answer when asked: questions on seven points about each dimension, seen and expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import normal_quantile_array
from sim.chance.keys import stream_key
from sim.chance.philox import uniform_pairs
from sim.flow.log import EncounterLog
from sim.quality.levels import BOTTOM, TOP, Level
from sim.quality.perceive import Perception
from sim.quality.response import answer_chance
from sim.quality.tables import DIMENSIONS, Flags, Floats, Ints

Points = NDArray[np.int8]

NOT_ASKED = 0  # the answer about a dimension that the customer did not meet


@dataclass(frozen=True, slots=True)
class Answers:
    """What r respondents of a block answered to Q questions: points 1 to 7, NOT_ASKED where there is no answer."""

    respondent: Ints  # (r,) row of the log, ascending
    perceived: Points  # (r, Q) "they do …" (SERVPERF)
    expected: Points  # (r, Q) "excellent ones would …"
    overall: Points  # (r,) "all in all, how satisfied are you?"
    item_dimension: Ints  # (Q,) position in DIMENSIONS
    lot: Floats  # (r,) in (0, 1): the order in which a sample takes them

    def of(self, chosen: Flags) -> Answers:
        """The answers of some of the respondents: those whose flag (r,) is set."""
        return Answers(
            self.respondent[chosen],
            self.perceived[chosen],
            self.expected[chosen],
            self.overall[chosen],
            self.item_dimension,
            self.lot[chosen],
        )


class Luck(NamedTuple):
    """The chance in the answers of r respondents: standard normal numbers."""

    person: Floats  # (r,) lenient or strict, in every answer alike
    perceived: Floats  # (r, Q)
    expected: Floats  # (r, Q)
    overall: Floats  # (r,)


def answers(log: EncounterLog, perception: Perception, survey: Any) -> Answers:
    """Ask everybody whose encounter was completed and judged; `survey` is the scenario's quality.survey.

    All chance is the customer's own: the same under every policy, whoever else is asked.
    """
    who, lot = respondents(log, perception.satisfaction, survey.response)
    levels, satisfaction = perception.levels[:, who], perception.satisfaction[who]
    perceived, expected, overall = answered(
        levels[Level.PERCEIVED], levels[Level.EXPECTED], satisfaction, luck_of(log, who, survey), survey
    )
    return Answers(who, perceived, expected, overall, item_dimension(survey), lot)


def respondents(log: EncounterLog, satisfaction: Floats, response: Any) -> tuple[Ints, Floats]:
    """Rows of the encounters whose customers answer, and their lots."""
    asked = np.flatnonzero(~np.isnan(satisfaction))
    keys = [stream_key(log.seed, log.replication, "survey.response", segment) for segment in log.site.segments]
    pairs = uniform_pairs(np.array(keys, dtype=np.uint64), log.index[asked], log.day[asked])
    u, lot = pairs[:, log.segment[asked], np.arange(len(asked))]
    answering = u < answer_chance(satisfaction[asked], response)
    return asked[answering], lot[answering]


def answered(
    perceived: Floats, expected: Floats, satisfaction: Floats, luck: Luck, survey: Any
) -> tuple[Points, Points, Points]:
    """Answers (r, Q) on what was perceived and what is expected, and (r,) overall (E1, E2).

    `perceived` and `expected` (r, D) are latent levels, NaN where not met. The halo draws what was perceived
    towards satisfaction; one shift of the person is in all her answers, which is what makes perceived and
    expected correlate; the noise is each answer's own.
    """
    item = item_dimension(survey)
    halo, noise = of_items(survey.halo, item), of_items(survey.noise, item)
    shift = survey.leniency * luck.person
    seen = (1 - halo) * perceived[:, item] + halo * satisfaction[:, None]
    return (
        on_scale(seen + shift[:, None] + noise * luck.perceived),
        on_scale(expected[:, item] + shift[:, None] + noise * luck.expected),
        on_scale(satisfaction + shift + survey.overall_noise * luck.overall),
    )


def on_scale(opinion: Floats) -> Points:
    """The nearest whole point from 1 to 7, halves upward; NOT_ASKED for NaN."""
    points = np.clip(np.floor(opinion + 0.5), BOTTOM, TOP)
    return np.where(np.isnan(points), NOT_ASKED, points).astype(np.int8)


def item_dimension(survey: Any) -> Ints:
    """(Q,) the dimension that each question is about."""
    return np.repeat(np.arange(len(DIMENSIONS)), [survey.items[dimension] for dimension in DIMENSIONS])


def of_items(values: Any, item: Ints) -> Floats:
    """(Q,) the value of each question's dimension."""
    return np.array([values[dimension] for dimension in DIMENSIONS])[item]


def sample(wave: Sequence[Answers], n: int) -> tuple[Answers, ...]:
    """The n respondents of a wave whom the lot takes first, or all there are; by block, as they came.

    A wave is the answers of one or more blocks. Of a larger n the smaller is a part: raising n disturbs nobody.
    """
    ends = np.cumsum([0, *(len(one.respondent) for one in wave)])
    order = np.argsort(np.concatenate([np.zeros(0), *(one.lot for one in wave)]), kind="stable")
    taken = np.zeros(len(order), dtype=bool)
    taken[order[: max(n, 0)]] = True
    return tuple(one.of(taken[start:end]) for one, start, end in zip(wave, ends[:-1], ends[1:], strict=True))


def luck_of(log: EncounterLog, who: Ints, survey: Any) -> Luck:
    """The normal numbers of the customers in the rows `who` (r,): draw k of a dimension is for its question k."""
    items = [survey.items[dimension] for dimension in DIMENSIONS]
    about = [(f"survey.{what}", dimension) for what in ("perceived", "expected") for dimension in DIMENSIONS]
    blocks = (max(items) + 1) // 2
    u = np.empty((2 * blocks, len(about) + 1, len(who)))
    for number, segment in enumerate(log.site.segments):
        at = np.flatnonzero(log.segment[who] == number)
        if len(at):
            names = [(purpose, segment, *rest) for purpose, *rest in (*about, ("survey.person",))]
            keys = np.array([stream_key(log.seed, log.replication, *name) for name in names], dtype=np.uint64)
            index, day = (np.tile(word[who[at]], blocks) for word in (log.index, log.day))
            pairs = uniform_pairs(keys, index, day, block=np.repeat(np.arange(blocks), len(at)))
            draws = pairs.reshape(2, len(names), blocks, len(at)).transpose(2, 0, 1, 3)
            u[..., at] = draws.reshape(2 * blocks, len(names), len(at))
    person = u[:2, -1]  # her leniency, and the noise of her overall answer
    normal = normal_quantile_array(np.concatenate([person, *(u[:k, row] for row, k in enumerate(items * 2))]))
    half = 2 + sum(items)
    return Luck(normal[0], normal[2:half].T, normal[half:].T, normal[1])
