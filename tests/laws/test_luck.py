"""Common random numbers: whatever is changed, the same customers come with the same luck; and the same seed, the same log."""

import numpy as np
import pytest

from sim.chance.keys import stream_key
from sim.chance.philox import uniforms
from sim.flow.luck import Luck, later_passage, passages, stage_luck
from sim.flow.plan import draw
from sim.flow.site import site_of
from sim.flow.state import initial_state
from sim.scenario import load
from tests.by_hand.run import Run
from tests.laws.sites import arrivals, brought, busy, everything

BASE = Run(busy())


def changed(path, value):
    scenario = busy()
    *way, last = path.split(".")
    node = scenario
    for key in way:
        node[key] = node = dict(node.get(key, {}))
    node[last] = value
    return scenario


def test_same_seed_same_log():
    assert everything(Run(busy())) == everything(BASE)


@pytest.mark.parametrize(("seed", "replication"), [(2, 0), (1, 1)])
def test_another_seed_or_replication_is_another_log(seed, replication):
    assert everything(Run(busy(), seed, replication)) != everything(BASE)


POLICIES = {
    "staff.clerk.on_duty": {"08:00": 5},
    "staff.clerk.skill": 0.5,
    "staff.clerk.pace": 2,
    "choose_staff": "random",
    "stages.desk.queue": "random",
    "stages.desk.error": {"probability": 1, "returns": 1, "after": 10, "returns_to": "query"},
    "site.capacity": 5,
    "management.self_check": {"share": 1},
    "quality": {"load": {"corner_cutting": 1, "speed_up": 0.5}, "fatigue_per_hour": 0.02},
    "training": {"course": {"who": "clerk", "day": 0}},
    "calendar.at_close": "turn_away",
}


@pytest.mark.parametrize("path", POLICIES)
def test_the_same_customers_come_under_every_policy(path):
    other = Run(changed(path, POLICIES[path]))
    assert arrivals(other) == arrivals(BASE)
    assert everything(other) != everything(BASE)
    if path != "stages.desk.error":  # its own luck is there in both; a probability of nought would draw none
        assert brought(other) == brought(BASE)


def test_adding_a_stage_disturbs_nobody():
    stages = {
        "lounge": {"staff": [], "work": {"dist": "exponential", "mean": 2}, "next": {"desk": 1}},
        **busy()["stages"],
    }
    customers = {name: {**segment, "start": "lounge"} for name, segment in busy()["customers"].items()}
    other = Run(busy(stages=stages, customers=customers))
    mine = {key: value for key, value in brought(other).items() if key[3] != "lounge"}
    assert arrivals(other) == arrivals(BASE)
    assert mine == brought(BASE)


def test_adding_a_segment_disturbs_nobody():
    extra = {"arrivals": {"rate": "30/h"}, "start": "form"}
    stages = busy()["stages"]
    desk = {**stages["desk"], "next": {**stages["desk"]["next"], "default": {"leave": 1}}}
    other = Run(busy(customers={"extra": extra, **busy()["customers"]}, stages={**stages, "desk": desk}))
    for one, base in ((arrivals(other), arrivals(BASE)), (brought(other), brought(BASE))):
        assert {key: value for key, value in one.items() if key[0] != "extra"} == base


def test_adding_an_action_disturbs_no_other():
    actions = dict(busy()["actions"])
    smile = {"stage": "desk", "dimension": "tangibles", "weight": 1}
    other = brought(Run(busy(actions={"smile": smile, **actions})))
    for key, (*luck, acts) in brought(BASE).items():
        assert other[key][:-1] == tuple(luck)
        assert {name: u for name, u in other[key][-1].items() if name != "smile"} == acts


def test_asking_for_one_more_purpose_disturbs_no_other():
    """A choice of staff at random draws a uniform that nobody drew before."""
    assert brought(Run({**busy(), "choose_staff": "random"})) == brought(BASE)


def test_adding_a_member_makes_nobody_else_another_person():
    staff = busy()["staff"]
    more = {**staff, "clerk": {**staff["clerk"], "on_duty": {"08:00": 2, "10:00": 5, "14:00": 2}}}
    other = Run(busy(staff=more))
    clerks = BASE.site.roles[0].members
    assert other.state.people[: len(clerks)] == BASE.state.people[: len(clerks)]
    assert other.state.people[-2:] == BASE.state.people[-2:]
    first = {
        **staff["boss"],
        "members": [{"name": "Cy", "shift": ["08:00", "16:00"]}, *staff["boss"]["members"]],
        "skill_sd": 0.5,
    }
    without = {**staff["boss"], "skill_sd": 0.5}
    with_cy, plain = Run(busy(staff={**staff, "boss": first})), Run(busy(staff={**staff, "boss": without}))
    assert with_cy.state.people[-2:] == plain.state.people[-2:]
    assert plain.state.people[-1].z != plain.state.people[-2].z


def test_another_order_in_the_file_deals_the_same():
    """Segments, stages and roles in reverse: the same customers and the same luck."""
    scenario = busy()
    turned = {**scenario, **{key: dict(reversed(scenario[key].items())) for key in ("customers", "staff", "stages")}}
    other = Run(turned)
    assert arrivals(other) == arrivals(BASE)
    assert brought(other) == brought(BASE)


def test_more_people_of_a_group_law_of_greater_mean_are_never_fewer():
    """One non-decreasing function of one uniform."""
    customers = busy()["customers"]
    larger = {**customers["regular"], "group": {"dist": "uniform", "low": 2, "high": 6}}
    other = arrivals(Run(busy(customers={**customers, "regular": larger})))
    pairs = [(arrivals(BASE)[key][1], other[key][1]) for key in other if key[0] == "regular"]
    assert all(small <= large for small, large in pairs)
    assert any(small < large for small, large in pairs)


def columns(luck: Luck) -> list:
    return [getattr(luck, name) for name in Luck.__slots__]


@pytest.mark.parametrize("visit", [0, 1, 5])
def test_one_by_one_or_a_day_at_a_time_the_luck_has_the_same_bits(visit):
    site = Run(busy(choose_staff="random")).site
    index = np.array([0, 1, 7, (1 << 24) + 3, 4_000_000_000])
    day = np.array([0, 3, 3, 9, 365])
    for s in range(len(site.segments)):
        for at in range(len(site.stages)):
            luck = stage_luck(site, s, at, 11, 4)
            together = passages(luck, day, index, visit)
            for row in range(len(index)):
                alone = later_passage(luck, int(day[row]), int(index[row]), visit)
                for name in Luck.__slots__:
                    many, one = getattr(together, name), getattr(alone, name)
                    if name in ("work_min", "patience_us"):
                        assert [column[row] for column in many] == [column[0] for column in one]
                    else:
                        assert many[row : row + 1] == one[:1]


def test_keys_of_different_purposes_give_different_numbers():
    names = [("work",), ("patience",), ("work", "a"), ("work", "b"), ("work", "a", "b"), ("work", "ab")]
    keys = np.array([stream_key(1, 0, *name) for name in names], dtype=np.uint64)
    assert len(set(uniforms(keys, np.arange(1))[:, 0].tolist())) == len(names)


BASE_VALUES = {
    "staff.clerk.pace": 1,
    "staff.clerk.slowdown": 0,
    "staff.clerk.empowerment": 0,
    "staff.clerk.at_once": 1,
    "staff.clerk.picks": "longest_wait",
    "choose_staff": "longest_idle",
    "customers.regular.complexity": 1,
    "customers.regular.priority": 0,
    "customers.regular.arrivals.scale": 1,
    "quality.load": {"corner_cutting": 0, "speed_up": 0},
    "quality.fatigue_per_hour": 0,
    "quality.learning": {"exponent": 0},
    "quality.error": {"skill_effect": 0, "load_effect": 0},
    "actions.greet.discretion": 0,
    "calendar.at_close": "serve",
    "staff.clerk.tenure": "26 wk",  # without a learning curve it changes nothing
}


@pytest.mark.parametrize("path", BASE_VALUES)
def test_a_lever_at_its_base_value_changes_nothing_bit_for_bit(path):
    assert everything(Run(changed(path, BASE_VALUES[path]))) == everything(BASE)


def test_who_is_sent_on_a_course_is_the_luck_of_a_name_not_of_a_place_on_the_list():
    def sent(*names):
        members = [{"name": name, "shift": ["08:00", "18:00"]} for name in names]
        at = site_of(load(TEAM | {"staff": {"clerk": {"members": members}}}))
        (training,) = draw(at, initial_state(at, 1, 0), 1, 0).trainings
        return {at.members[position].name for position in training.trainees}

    among_four = sent("Ana", "Bo", "Cy", "Di")
    assert len(among_four) == 2
    assert sent("Di", "Cy", "Bo", "Ana") == among_four
    with_zed = sent("Zed", "Ana", "Bo", "Cy", "Di")  # half of five, rounded up: Zed, or the next in the same order
    assert len(with_zed) == 3
    assert with_zed >= among_four


TEAM = {
    "name": "team",
    "calendar": {"days": 3, "open": "08:00", "close": "18:00"},
    "customers": {"all": {"arrivals": {"rate": "6/h"}, "start": "desk"}},
    "stages": {"desk": {"staff": ["clerk"], "work": "3 min"}},
    "actions": {"greet": {"stage": "desk", "dimension": "empathy", "weight": 1}},
    "training": {"course": {"who": "clerk", "share": 0.5, "day": 1}},
}
