"""What each training has done, on Kirkpatrick's four levels: reaction, learning, behaviour, results."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import normal_cdf, normal_quantile
from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from sim.flow.abilities import knowledge
from sim.flow.calendar import day_opens_us
from sim.flow.log import AUTOMATED, CAUSE_MASK, FIXED, NEVER, Cause, Ints
from sim.flow.plan import Plan
from sim.flow.site import Site
from sim.flow.training import Training
from sim.quality.levels import Gap
from sim.rules.actions import wanted_share
from sim.study.tallies.actions import acting_of
from sim.study.tallies.block import Block
from sim.study.tallies.exact import ExactSums, exact_sums
from sim.study.tallies.judged import weighed
from sim.study.tallies.rows import Key, Row, ratio
from sim.study.tallies.standing import mean
from sim.units import DAY_MINUTES, DAY_US

Counts = NDArray[np.int32]  # small: there is one array for each day

_WEEK_DAYS = 7
_REACTION_MEAN, _REACTION_LOW, _REACTION_HIGH = 5.5, 1.0, 7.0  # answers spread by 1 about the mean
_RESULTS = {
    "training_results": "gap_customer",
    "training_results_satisfaction": "satisfaction",
    "training_results_return_probability": "return_probability",
}


class Lesson(NamedTuple):
    """One held training: who learned what, and the first two levels."""

    event: str
    day: int
    trainees: tuple[int, ...]  # positions in Site.members
    taught: tuple[tuple[int, int], ...]  # what can show: (trainee, position among the site's actions, waits left out)
    reaction: float  # 1..7, mean answer of the trainees
    learning: float  # mean change of the chance to know what the standard asks for, over what can show


class Windows(NamedTuple):
    """The days before and after a training that are compared."""

    before: range
    after: range


@dataclass(frozen=True)
class Kirkpatrick:
    """The lessons, and what may have changed with them, counted by day: services and customers of measured time."""

    lessons: tuple[Lesson, ...]
    acts: dict[int, Counts]  # by business day of the service: (hits before the self-check, chances; members, actions)
    judged: dict[str, ExactSums] | None  # by measure: (business days of arrival,); None: nothing was judged

    def __add__(self, other: Kirkpatrick) -> Kirkpatrick:
        acts = dict(self.acts)
        for day, counted in other.acts.items():
            acts[day] = acts[day] + counted if day in acts else counted
        judged = None
        if self.judged is not None and other.judged is not None:
            judged = {name: sums + other.judged[name] for name, sums in self.judged.items()}
        return Kirkpatrick(self.lessons + other.lessons, acts, judged)

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """Rows by event: means over its occurrences that have data, each weighed alike; NaN where none has.

        An occurrence that nobody attended is none.
        """
        for event in site.scenario.training:
            attended = (one for one in self.lessons if one.event == event and one.trainees)
            held = sorted(attended, key=lambda lesson: lesson.day)
            windows = windows_of(site, event, [lesson.day for lesson in held])
            behaviour = [self._behaviour(*pair) for pair in zip(held, windows, strict=True)]
            transfer = [changed - lesson.learning for changed, lesson in zip(behaviour, held, strict=True)]
            yield Key("training_reaction", event=event), _mean_known([lesson.reaction for lesson in held])
            yield Key("training_learning", event=event), _mean_known([lesson.learning for lesson in held])
            yield Key("training_behaviour", event=event), _mean_known(behaviour)
            yield Key("training_transfer", event=event), _mean_known(transfer)
            for name, measure in _RESULTS.items():
                yield Key(name, event=event), _mean_known([self._result(measure, around) for around in windows])

    def _behaviour(self, lesson: Lesson, around: Windows) -> float:
        """Change of the trainees' hit rate on what they were taught and serve."""
        return self._hit_rate(lesson, around.after) - self._hit_rate(lesson, around.before)

    def _hit_rate(self, lesson: Lesson, days: range) -> float:
        hits = could = 0
        members, actions = [m for m, _ in lesson.taught], [k for _, k in lesson.taught]
        for day in days:
            if day in self.acts:
                first, chances = self.acts[day][:, members, actions].sum(axis=1).tolist()
                hits, could = hits + first, could + chances
        return ratio(hits, could)

    def _result(self, measure: str, around: Windows) -> float:
        """Change of what the customers of the whole site made of it."""
        if self.judged is None:
            return math.nan
        before, after = (np.array(days, np.int64) for days in around)
        return self.judged[measure].mean((after,)) - self.judged[measure].mean((before,))


def windows_of(site: Site, event: str, held: list[int]) -> list[Windows]:
    """For each day that a training was held (ascending): the days compared, cut at the horizon and its neighbours."""
    wanted = site.scenario.training[event].evaluate
    so_many = site.days if math.isinf(wanted) else round(wanted / DAY_MINUTES)
    edges = [-1, *held, site.days]
    starts = [previous + 1 for previous, _ in pairwise(edges)][: len(held)]
    stops = edges[2:]
    return [
        Windows(range(max(start, day - so_many), day), range(day + 1, min(stop, day + 1 + so_many)))
        for start, day, stop in zip(starts, held, stops, strict=True)
    ]


def kirkpatrick(block: Block, day: int = 0, plan: Plan | None = None) -> Kirkpatrick:
    """Count one day's block; ``plan``, in force on that day, has the lessons held on it."""
    held = plan.trainings if plan is not None else ()
    return Kirkpatrick(
        lessons=tuple(lesson_of(plan, one) for one in held if plan is not None and one.day == day),
        acts=_acts(block),
        judged=None if block.perception is None else _judged(block),
    )


def lesson_of(plan: Plan, training: Training) -> Lesson:
    """The first two levels of a training, of those who hold the trainees' positions on its day.

    Learning compares knowledge at the opening of the day after with what it would be without this training, as far
    as it can show: of what a trainee does at the stages that she serves, times the share of cases in which it is
    wanted there. So whoever always does what she knows to do changes her hit rate by as much. NaN: nothing can show.
    """
    acting = acting_of(plan.site)
    trainees = sorted(training.trainees)
    without = replace(plan, trainings=tuple(one for one in plan.trainings if one is not training))
    taught, learned = [], []
    for m in trainees:
        for k, wanted in _shown_by(plan.site, m):
            name = acting[k].name
            if training.actions is None or name in training.actions:
                known, known_before = (knowledge(one, m, name, training.day + 1) for one in (plan, without))
                taught.append((m, k))
                learned.append(wanted * (normal_cdf(known) - normal_cdf(known_before)))
    reactions = [_reaction(plan, training, m) for m in trainees]
    return Lesson(training.event, training.day, tuple(trainees), tuple(taught), mean(reactions), mean(learned))


def _shown_by(site: Site, position: int) -> Iterator[tuple[int, float]]:
    """The actions that a member's services can show, and the share of cases in which each is wanted.

    Outcomes, what happens at self-service stages, what machines always do and what nobody wants are none. Segments
    weigh alike.
    """
    member, machines = site.members[position], site.scenario.management.automation
    empowerment = site.roles[member.role].empowerment
    for k, action in enumerate(acting_of(site)):
        required = site.stages[action.stage].actions[action.column].required
        wanted = mean([wanted_share(share, empowerment) for share in required])
        by_hand = action.name not in machines or machines[action.name].share < 1.0
        if action.kind == "action" and action.stage in member.serves and by_hand and wanted > 0.0:
            yield k, wanted


def _reaction(plan: Plan, training: Training, position: int) -> float:
    """A trainee's answer to how good the course was."""
    member = plan.site.members[position]
    role = plan.site.roles[member.role].name
    key = stream_key(plan.seed, plan.replication, "training.reaction", training.event, role, member.key)
    u = uniform(key, 0 if member.key else member.position, training.day, plan.state.people[position].hire)
    return min(_REACTION_HIGH, max(_REACTION_LOW, _REACTION_MEAN + normal_quantile(u)))


def _acts(block: Block) -> dict[int, Counts]:
    """What people, not machines, did of what could be done, by business day of the service, member and action."""
    log, site = block.log, block.log.site
    acting = acting_of(site)
    served = block.started & (log.member >= 0)
    day_of = _business_day(site, log.started_us)
    shape = (2, len(site.members), len(acting))
    found = {int(day): np.zeros(shape, np.int32) for day in np.unique(day_of[served])}
    for k, action in enumerate(acting):
        code = log.causes[:, action.column]
        met = served & (log.stage == action.stage) & (code & AUTOMATED == 0)
        met &= code & CAUSE_MASK != Cause.NOT_PERFORMED
        hit = code & (CAUSE_MASK | FIXED) == Cause.HIT
        for day, counted in found.items():
            today = met & (day_of == day)
            counted[0, :, k] = np.bincount(log.member[today & hit], minlength=shape[1])
            counted[1, :, k] = np.bincount(log.member[today], minlength=shape[1])
    return found


def _business_day(site: Site, instant_us: Ints) -> Ints:
    """The day whose plan is in force: the last whose opening has come; before all openings it is day 0.

    Of an instant that never came it is any day.
    """
    came = instant_us[instant_us != NEVER]
    if not len(came):
        return np.zeros(len(instant_us), np.int64)
    first, last = (min(int(us) // DAY_US, site.days - 1) for us in (came.min(), came.max()))
    first = max(0, first - _WEEK_DAYS)  # hours repeat by the week: one opening at least has come since
    opens_us = np.array([day_opens_us(site, day) for day in range(first, last + 1)], np.int64)
    return np.maximum(first, first + np.searchsorted(opens_us, instant_us, side="right") - 1)


def _judged(block: Block) -> dict[str, ExactSums]:
    log, seen, kept = block.log, block.perception, block.kept
    assert seen is not None
    day = _business_day(log.site, log.arrived_us)
    values: dict[str, NDArray[np.float64]] = {
        "gap_customer": weighed(seen.gap_weights, seen.gaps[Gap.CUSTOMER]),
        "satisfaction": seen.satisfaction,
        "return_probability": seen.return_probability,
    }
    shape = (log.site.days,)
    return {name: exact_sums(shape, array[kept], day[kept]) for name, array in values.items()}


def _mean_known(values: list[float]) -> float:
    return mean([value for value in values if not math.isnan(value)])
