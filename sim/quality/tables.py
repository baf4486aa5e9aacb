"""What each action means to each kind of customer: the scenario's judgement, laid out as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.flow.site import Site
    from sim.flow.state import State

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Causes = NDArray[np.uint8]

DIMENSIONS = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")

NEVER_SO = -2  # a circumstance of waiting that does not hold at this stage
ALWAYS_SO = -1  # one that holds for everybody; 0 and up: where this action of the stage was a hit


class Met(IntEnum):
    """When an action of a scene counts."""

    WHEN_SERVED = 0
    WHEN_JOINED = 1  # a wait
    WHEN_LOST = 2  # the outcome a lost customer came for
    NEVER = 3  # filler, so that every scene has as many columns


@dataclass(frozen=True, slots=True)
class Judgement:
    """The action table as the customers see it.

    A *scene* is a stage with the actions met there, in order of moments; behind the stages stand the scenes
    of what a lost customer missed, one for each stage and segment. Sizes: I actions, G segments, S stages,
    M scenes, C columns of the widest scene, D = 5 dimensions.
    """

    names: tuple[str, ...]  # (I)
    segments: tuple[str, ...]  # (G)
    stages: tuple[str, ...]  # (S)
    moment_names: tuple[tuple[str, ...], ...]  # (M) of the moments of each scene
    quality: Any  # scenario.quality
    recovery: Any  # scenario.management.recovery; None: there is none

    is_wait: Flags  # (I,)
    is_outcome: Flags  # (I,)
    dimension: Ints  # (I,) position in DIMENSIONS
    weight: Floats  # (I,) within its dimension
    half_value_min: Floats  # (I,) of a wait
    warmth: Floats  # (I,) what a hit by a machine is taken for, in [0, 1]; 1 for what no machine does
    grave: Flags  # (I,) the customer has a problem where it goes wrong
    expected: Floats  # (I, G) a share; minutes where the action is a wait, here and below
    believed: Floats
    required: Floats
    promised: Floats
    dimension_weight: Floats  # (D,)

    scene_action: Ints  # (M, C)
    scene_met: Ints  # (M, C) Met
    scene_column: Ints  # (M, C) column of log.causes; 0 where there is none
    scene_moment: Ints  # (M, C) position in moment_names
    missed: Ints  # (S, G) the scene of what a customer lost there missed
    start: Ints  # (G,) first stage

    has_wait: Flags  # (S,) the stage's wait is judged
    circumstances: Ints  # (3, S) occupied, explained, anxious: NEVER_SO, ALWAYS_SO or a column of log.causes
    has_problems: Flags  # (S,) an error there is a problem: not where problems are heard
    announces_wait: Flags  # (S,) what is announced there is a time, not a place in the queue


def judgement_of(site: Site, state: State | None = None) -> Judgement:
    """Lay the scenario's actions out as arrays; so cheap that a caller may do it for each block.

    What customers expect and what management believes are those of `state`, where time has moved them.
    """
    scenario: Any = site.scenario
    names = tuple(scenario.actions)
    actions = tuple(scenario.actions.values())
    stages = tuple(stage.name for stage in site.stages)
    scenes = [*_stages_seen(site, names), *_outcomes_missed(site, names)]
    action, met, column, moment = _rectangles(scenes)
    weights, machines = dict(scenario.quality.dimension_weights), scenario.management.automation
    recovery = scenario.management.recovery
    heard_at = None if recovery is None else recovery.stage
    expected = _grid(site, [scenario.expected(name, s) for name in names for s in site.segments])
    believed = _grid(site, [scenario.believed(name, s) for name in names for s in site.segments])
    return Judgement(
        names=names,
        segments=tuple(site.segments),
        stages=stages,
        moment_names=tuple(scene.moments for scene in scenes),
        quality=scenario.quality,
        recovery=recovery,
        is_wait=np.array([a.kind == "wait" for a in actions], dtype=bool),
        is_outcome=np.array([a.kind == "outcome" for a in actions], dtype=bool),
        dimension=np.array([DIMENSIONS.index(a.dimension) for a in actions], dtype=np.int64),
        weight=np.array([a.weight for a in actions], dtype=float),
        half_value_min=np.array([a.half_value if a.kind == "wait" else 1.0 for a in actions], dtype=float),
        warmth=np.array([machines[name].warmth if name in machines else 1.0 for name in names], dtype=float),
        grave=np.array(
            [a.stage != heard_at and (a.kind == "outcome" or a.severity is not None) for a in actions], dtype=bool
        ),
        expected=expected if state is None or state.expected is None else np.array(state.expected, dtype=float),
        believed=believed if state is None or state.believed is None else np.array(state.believed, dtype=float),
        required=_grid(site, [a.required.of(s) for a in actions for s in site.segments]),
        promised=_grid(site, [a.promised.of(s) for a in actions for s in site.segments]),
        dimension_weight=np.array([weights[d] for d in DIMENSIONS], dtype=float),
        scene_action=action,
        scene_met=met,
        scene_column=column,
        scene_moment=moment,
        missed=len(stages) + np.arange(len(stages) * len(site.segments)).reshape(len(stages), -1),
        start=np.array([stages.index(scenario.customers[s].start) for s in site.segments], dtype=np.int64),
        has_wait=np.isin(np.arange(len(stages)), [stage for stage, _ in site.wait_actions]),
        circumstances=_circumstances(site),
        has_problems=np.array([name != heard_at for name in stages], dtype=bool),
        announces_wait=np.array([_announces_a_wait(scenario.stages[s]) for s in stages], dtype=bool),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """One action in a scene."""

    moment: int
    action: int
    met: Met
    column: int


@dataclass(frozen=True, slots=True)
class _Scene:
    """The actions of one scene, in order of moments, and the names of these moments."""

    entries: tuple[_Entry, ...]
    moments: tuple[str, ...]


def _stages_seen(site: Site, names: tuple[str, ...]) -> list[_Scene]:
    scenario: Any = site.scenario
    scenes = []
    for number, stage in enumerate(site.stages):
        moments = tuple(scenario.stages[stage.name].moments)
        entries = [
            _Entry(moments.index(action.moment), names.index(action.name), Met.WHEN_SERVED, column)
            for column, action in enumerate(stage.actions)
        ]
        for at, wait in site.wait_actions:
            if at == number:
                moment = moments.index(scenario.actions[wait].moment)
                entries.append(_Entry(moment, names.index(wait), Met.WHEN_JOINED, 0))
        scenes.append(_Scene(tuple(sorted(entries, key=lambda e: (e.moment, e.action))), moments))
    return scenes


def _outcomes_missed(site: Site, names: tuple[str, ...]) -> list[_Scene]:
    """For each stage and segment, the outcome that a customer lost there came for."""
    return [
        _Scene(
            tuple(_Entry(0, names.index(name), Met.WHEN_LOST, 0) for name in outcome_sought(site, stage, segment)),
            ("lost",),
        )
        for stage in range(len(site.stages))
        for segment in site.segments
    ]


def outcome_sought(site: Site, stage: int, segment: str) -> tuple[str, ...]:
    """Outcome actions of the stage; where it has none, of the nearest stages ahead that have some."""
    scenario: Any = site.scenario
    tables = {table.name: table for table in site.stages}
    here = [site.stages[stage].name]
    seen = set(here)
    while here:
        found = tuple(a.name for name in here for a in tables[name].actions if a.kind == "outcome")
        if found:
            return found
        ahead = [name for at in here for name, p in scenario.stages[at].next_of(segment).items() if p > 0]
        here = [name for name in dict.fromkeys(ahead) if name in tables and name not in seen]
        seen.update(here)
    return ()


def _rectangles(scenes: Sequence[_Scene]) -> tuple[Ints, Ints, Ints, Ints]:
    width = max((len(scene.entries) for scene in scenes), default=0)
    shape = (len(scenes), width)
    action, column, moment = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    met = np.full(shape, Met.NEVER, dtype=np.int64)
    for row, scene in enumerate(scenes):
        for k, entry in enumerate(scene.entries):
            action[row, k], met[row, k] = entry.action, entry.met
            column[row, k], moment[row, k] = entry.column, entry.moment
    return action, met, column, moment


def _circumstances(site: Site) -> Ints:
    scenario: Any = site.scenario
    codes = np.full((3, len(site.stages)), NEVER_SO, dtype=np.int64)
    for number, stage in enumerate(site.stages):
        waiting = scenario.stages[stage.name].waiting
        columns = {action.name: column for column, action in enumerate(stage.actions)}
        for row, what in enumerate((waiting.occupied, waiting.explained, waiting.anxious)):
            if isinstance(what, str) and what not in columns:
                raise InputError(f"stages.{stage.name}.waiting: '{what}' is not an action of this stage")
            if isinstance(what, str):
                codes[row, number] = columns[what]
            elif what:
                codes[row, number] = ALWAYS_SO
    return codes


def _announces_a_wait(stage: Any) -> bool:
    return stage.announce is not None and stage.announce.what == "expected_wait"


def _grid(site: Site, values: Sequence[float]) -> Floats:
    """(I, G) from the values of one action after the other."""
    return np.array(values, dtype=float).reshape(-1, len(site.segments))
