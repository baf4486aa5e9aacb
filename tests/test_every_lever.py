"""Every parameter of the model is a lever: it can be set by its path, and what is set is what is read."""

import math
from functools import cache
from pathlib import Path

import pytest

from sim.scenario import load
from sim.scenario.levers import NOT_LEVERS
from sim.scenario.quality import DIMENSIONS
from sim.scenario.written import Part

# Values that hold only where something else is so; all of these are set at once, in this order.
TOGETHER = {
    "stages.desk.or_any": {"stages.desk.same_as": "adviser", "stages.desk.or_any": True},
    "stages.adviser.or_any": {"stages.adviser.same_as": "desk", "stages.adviser.or_any": True},
    "stages.complaints.or_any": {"stages.complaints.same_as": "desk", "stages.complaints.or_any": True},
    "customers.regular.arrivals.no_show": {"customers.regular.arrivals": {"at": ["09:00"], "no_show": 0.25}},
    "customers.guest.arrivals.no_show": {"customers.guest.arrivals": {"at": ["09:00"], "no_show": 0.25}},
    "management.incentive.pace": {"management.incentive.on": "speed", "management.incentive.pace": 0.5},
    "review": {"review": "2 wk"},
    "training.course.every": {"training.course.every": "2 d"},
    "training.gaps.every": {"training.gaps.every": "2 d"},
    "training.course.evaluate": {"training.course.evaluate": "2 d"},
    "training.gaps.evaluate": {"training.gaps.evaluate": "2 d"},
}
# Groups that sum to 1: what one loses another gains.
SUM_TO_ONE = (
    ("quality.memory.mean", "quality.memory.peak", "quality.memory.end"),
    tuple(f"quality.dimension_weights.{dimension}" for dimension in DIMENSIONS),
    ("actions.greet.weight", "actions.refresh.weight"),
    ("actions.outcome.weight", "actions.advise.weight"),
)
ALONE = ("actions.confirm.weight", "actions.form.weight", "actions.wait.weight")
"""The only weight of its dimension: it must be 1."""


@cache
def everything():
    return load(Path(__file__).parent / "everything.yaml")


def numbers(value, path=()):
    """Dotted path and value of every number and flag in the models of a scenario."""
    if isinstance(value, Part):
        for name, field in type(value).model_fields.items():
            yield from numbers(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from numbers(entry, (*path, name))
    elif isinstance(value, bool | int | float):
        yield ".".join(path), value


def paths():
    return [path for path, _ in numbers(everything()) if path.split(".")[0] not in NOT_LEVERS and path not in ALONE]


def another(value):
    if isinstance(value, bool):
        return not value
    if math.isinf(value):
        return 1000
    if isinstance(value, int):
        return value + 1
    return value * 0.5 if value else 0.25


def levers_for(path, value):
    if path in TOGETHER:
        return TOGETHER[path]
    levers = {path: another(value)}
    for group in SUM_TO_ONE:
        if path in group:
            gains = next(other for other in group if other != path)
            levers[gains] = dict(numbers(everything()))[gains] + value - levers[path]
    return levers


@pytest.mark.parametrize("path", paths())
def test_each_parameter_can_be_set_by_its_path(path):
    before = dict(numbers(everything()))[path]
    changed = everything().with_levers(levers_for(path, before))
    assert dict(numbers(changed))[path] != before
    if path != "replications":  # a study's, which no single replication reads
        assert changed.canonical() != everything().canonical()
    wanted = levers_for(path, before).get(path)
    if isinstance(wanted, int | float):
        assert dict(numbers(changed))[path] == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("path", ALONE)
def test_a_weight_alone_in_its_dimension_must_be_one(path):
    with pytest.raises(Exception, match="must sum to 1"):
        everything().with_levers({path: 0.5})
