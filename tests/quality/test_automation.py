"""What a machine does is delivered, and taken for as much as its warmth."""

import numpy as np
import pytest

from sim.quality.levels import Gap, Level
from sim.quality.perceive import perceive
from sim.scenario.management import Management
from tests.quality.logs import Customer, Visit, action, log_of, site

EMPATHY = 4


def greeted(warmth, expected=0.8, moment="arrival", **visit):
    actions = {
        "greet": action(expected=expected, moment=moment),
        "outcome": action(dimension="reliability", kind="outcome", expected=0.9),
    }
    machines = Management(automation={"greet": {"share": 0.5, "warmth": warmth}})
    return perceive(log_of(site(actions, management=machines), [Customer([Visit(**visit)])]))


@pytest.mark.parametrize("warmth", [0.0, 0.35, 1.0])
def test_it_is_delivered_and_taken_for_its_warmth(warmth):
    seen = greeted(warmth, hits=["outcome"], automated=["greet"])
    levels = seen.levels[:, 0, EMPATHY]
    assert levels[Level.DELIVERED] == 7
    assert levels[Level.PERCEIVED] == pytest.approx(1 + 6 * warmth)


def test_the_difference_is_in_the_communication_gap_alone():
    person = greeted(0.35, hits=["outcome", "greet"]).gaps[:, 0, EMPATHY]
    machine = greeted(0.35, hits=["outcome"], automated=["greet"]).gaps[:, 0, EMPATHY]
    difference = machine - person
    assert difference[[Gap.LISTENING, Gap.DESIGN, Gap.PERFORMANCE]].tolist() == [0, 0, 0]
    assert difference[[Gap.COMMUNICATION, Gap.CUSTOMER]] == pytest.approx([6 * 0.65, 6 * 0.65])


def test_a_machine_as_warm_as_a_person_is_one():
    person, machine = greeted(1.0, hits=["outcome", "greet"]), greeted(1.0, hits=["outcome"], automated=["greet"])
    for name in ("satisfaction", "levels", "gaps", "perceived_quality", "delighted"):
        assert np.array_equal(getattr(person, name), getattr(machine, name), equal_nan=True)


def test_persons_are_as_before_where_machines_may_help():
    assert np.array_equal(
        greeted(0.0, hits=["outcome", "greet"]).levels, greeted(1.0, hits=["outcome", "greet"]).levels, equal_nan=True
    )


@pytest.mark.parametrize(("warmth", "delights"), [(0.0, False), (1.0, True)])
def test_what_a_machine_does_delights_if_it_is_taken_for_something(warmth, delights):
    """The greeting weighs so little that satisfaction is high enough in both cases."""
    actions = {
        "greet": action(expected=0.0, weight=1e-9),
        "outcome": action(kind="outcome", expected=0.5, weight=1.0),
    }
    machines = Management(automation={"greet": {"share": 0.5, "warmth": warmth}})
    visit = Visit(hits=["outcome"], automated=["greet"])
    seen = perceive(log_of(site(actions, management=machines), [Customer([visit])]))
    assert seen.satisfaction[0] > 6.5
    assert seen.delighted.tolist() == [delights]
