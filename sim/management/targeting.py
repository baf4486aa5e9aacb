"""What the coming trainings teach: the actions that were missed most by those who will be taught."""

from __future__ import annotations

from dataclasses import replace

from sim.flow.log import Ints
from sim.flow.site import Site
from sim.flow.state import State
from sim.flow.training import trainings
from sim.management.observed import Observed
from sim.management.occasion import Occasion, Reviewed
from sim.scenario.training import TrainingEvent


def targeting(occasion: Occasion, state: State, observed: Observed) -> Reviewed:
    """Choose the actions of the trainings before the next review that leave it to what is missed."""
    site = occasion.site
    coming = [
        (t.event, t.day)
        for t in trainings(site, state, occasion.seed, occasion.replication)
        if occasion.end <= t.day < occasion.end + occasion.days and how_many(site, t.event)
    ]
    if not coming:
        return Reviewed(state)
    chosen = tuple((event, day, most_missed(site, event, observed.missed)) for event, day in coming)
    kept = tuple(entry for entry in state.targeted if entry[:2] not in coming)
    return Reviewed(replace(state, targeted=kept + chosen))


def how_many(site: Site, event: str) -> int:
    """How many of the most missed actions a training teaches; 0 where what it teaches is settled."""
    covered = site.scenario.training[event].actions
    if covered.most_missed is not None:
        return covered.most_missed
    reflection = site.scenario.management.reflection
    return len(covered.names) if reflection is not None and reflection.target_training else 0


def most_missed(site: Site, event: str, missed: Ints) -> tuple[str, ...]:
    """The actions that the trainees' roles missed most, the most missed first.

    ``missed`` (roles, I) counts lapses of what was required. Among equals come first those that the training
    lists, then those that come first in the file. Only what these roles may be called to do is looked at.
    """
    training = site.scenario.training[event]
    roles = [r for r, role in enumerate(site.roles) if role.name in training.who]
    candidates = _tasks(site, training)
    names = list(site.scenario.actions)
    lapses = {name: int(missed[roles, names.index(name)].sum()) for name in candidates}
    listed = training.actions.names
    ranked = sorted(candidates, key=lambda name: (-lapses[name], name not in listed, names.index(name)))
    return tuple(ranked[: how_many(site, event)])


def _tasks(site: Site, training: TrainingEvent) -> tuple[str, ...]:
    """Actions at the stages that the trainees' roles serve.

    What a role does where customers serve themselves follows its skill on file: no training would better it.
    """
    roles = {r for r, role in enumerate(site.roles) if role.name in training.who}
    return tuple(action.name for stage in site.stages if roles.intersection(stage.roles) for action in stage.actions)
