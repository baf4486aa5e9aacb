"""Problems, complaints and recoveries, by hand."""

from math import isnan, nan

import numpy as np
import pytest

from sim.flow.log import Ended
from sim.scenario.management import Management
from sim.study.tallies.block import block_of
from sim.study.tallies.complaints import complaints
from sim.study.tallies.rows import Key

from .logs import encounter, log, perception, site, stage

RECOVERY = Management(recovery={"stage": "help", "quick": "10 min"})


def table(whole, seen=None, by=()):
    rows = list(complaints(block_of(whole, seen)).rows(whole.site, by))
    found = dict(rows)
    assert len(found) == len(rows)
    return lambda name, **scope: found[Key(name, **scope)]


def whole(management=RECOVERY):
    """Of segment a: two without a problem, one silent, one in vain; of b: one helped in time, one not; and two who
    do not count: one in the warm-up, one lost."""
    at = site([stage("desk"), stage("help")], segments=("a", "b"), warm_up=10, management=management)
    return log(
        at,
        [
            encounter(5, 20, problem=2, voiced=1, recovered=0.0),
            encounter(10, 20),
            encounter(11, 20),
            encounter(12, 20, problem=1),
            encounter(13, 30, problem=1, voiced=1),
            encounter(14, 40, problem=2, voiced=1, recovered=10.0, segment=1),
            encounter(70, 95, problem=1, voiced=1, recovered=10.5, segment=1),
            encounter(16, 40, problem=1, voiced=1, ended_as=Ended.ABANDONED, segment=1),
        ],
        [],
    )


def test_shares_of_the_completed_of_those_with_a_problem_and_of_those_who_spoke():
    value = table(whole())
    assert value("complaints") == 3
    assert value("problem_share") == 4 / 6
    assert value("voice_share") == 3 / 4
    assert value("recovered_share") == 2 / 3
    assert value("quick_share") == 1 / 3


def test_by_segment():
    value = table(whole())
    assert value("problem_share", segment="a") == 2 / 4
    assert value("voice_share", segment="a") == 1 / 2
    assert value("recovered_share", segment="a") == 0
    assert value("recovered_share", segment="b") == 1
    assert value("quick_share", segment="b") == 1 / 2


def test_by_hour_of_arrival():
    value = table(whole(), by=("hour",))
    assert value("complaints", hour=0) == 2
    assert value("complaints", hour=1) == 1
    assert isnan(value("problem_share", hour=2))


def test_chance_of_return_in_each_case():
    chance = np.array([0.0, 0.5, 0.75, 0.25, 0.125, 0.875, 0.625, nan])
    value = table(whole(), perception(8, return_probability=chance))
    assert value("return_probability_no_problem") == (0.5 + 0.75) / 2
    assert value("return_probability_silent") == 0.25
    assert value("return_probability_unresolved") == 0.125
    assert value("return_probability_quick") == 0.875
    assert value("return_probability_resolved") == 0.625
    assert value("return_probability_quick", segment="b") == 0.875
    assert isnan(value("return_probability_quick", segment="a"))


def test_nothing_is_said_of_returning_where_nothing_is_judged():
    with pytest.raises(KeyError):
        table(whole())("return_probability_silent")


def test_blocks_add_up():
    chance = np.array([0.0, 0.5, 0.75, 0.25, 0.125, 0.875, 0.625, nan])
    one = whole()
    block = block_of(one, perception(8, return_probability=chance))
    twice = dict((complaints(block) + complaints(block)).rows(one.site, ()))
    once = dict(complaints(block).rows(one.site, ()))
    for key, value in once.items():
        assert twice[key] == value * (2 if key.measure == "complaints" else 1) or isnan(value)
