"""A story says what the log says: instants, causes, fixes and judgement of one customer."""

import pytest

from sim.flow.site import site_of
from sim.scenario import load
from sim.show.story import story
from sim.study.days import days

DESK = {
    "name": "desk",
    "calendar": {"days": 1, "open": "09:00", "close": "09:12"},
    "customers": {"all": {"arrivals": {"interarrival": "4 min"}, "start": "desk"}},
    "stages": {"desk": {"title": "The desk", "staff": ["clerk"], "work": "6 min", "target_wait": "1 min"}},
    "staff": {"clerk": {"members": [{"name": "安娜", "shift": ["09:00", "10:00"]}]}},
    "actions": {
        "greet": {"stage": "desk", "dimension": "empathy", "weight": 0.5, "expected": 0.9},
        "gift": {"stage": "desk", "dimension": "empathy", "weight": 0.5, "expected": 0.1, "required": 0},
        "wait": {"stage": "desk", "kind": "wait", "dimension": "responsiveness", "weight": 1, "expected": "5 min"},
    },
}


def stories(**changes):
    scenario = load(DESK | changes)
    site = site_of(scenario)
    return [story(day.log, row, day.perception) for day in days(site, 1, 0) for row in range(len(day.log.number))]


def test_the_second_customer_waits_two_minutes():
    told = stories()[1].splitlines()
    assert told[0] == "Customer 1: all, arrives on day 0 (mon)"
    assert told[2:4] == ["09:08:00  arrives", "09:08:00  comes to The desk"]
    assert told[4].startswith("09:10:00  after waiting 2 min (felt like ")
    assert told[4].endswith("), target 1 min missed, is served by 安娜, 10 min on shift")
    assert told[5:7] == ["            ✓ greet", "            · gift   not asked for by the standard"]
    assert told[7:9] == ["09:16:00  The desk ends, after 6 min", "09:16:00  leaves, done"]
    assert any(line.startswith("Satisfaction ") for line in told)
    assert any(line.startswith("empathy") for line in told)


@pytest.mark.parametrize(
    ("staff", "why"), [({"skill": 0.0001}, "did not know how"), ({"adherence": 0.0}, "did not want to")]
)
def test_a_lapse_has_its_cause(staff, why):
    told = stories(staff={"clerk": {"count": 1} | staff})[0]
    assert f"✗ greet  {why}" in told


def test_a_caught_lapse_is_a_hit_and_says_so():
    actions = DESK["actions"] | {"greet": DESK["actions"]["greet"] | {"checkable": True}}
    checks = {"self_check": {"share": 1, "catches": 1}}
    told = stories(staff={"clerk": {"count": 1, "adherence": 0.0}}, actions=actions, management=checks)[0]
    assert "✓ greet  did not want to, but mended by the self-check" in told
    assert "checked the work before it went out" in told


def test_the_lost_say_how():
    impatient = {"all": DESK["customers"]["all"] | {"patience": "1 min"}}
    told = stories(customers=impatient)[1]
    assert "09:09:00  gives up waiting, after 1 min" in told
    assert "09:09:00  leaves, tired of waiting" in told
    assert "lost: judged by the wait" in told
    refusing = {"desk": DESK["stages"]["desk"] | {"balk": {"if_wait": 1}}}
    assert "does not join the queue" in stories(stages=refusing)[1]


def test_a_plain_queue_has_no_thoughts():
    told = stories(actions={})[0]
    assert "Satisfaction" not in told
    assert told.endswith("leaves, done")


def test_an_announcement_is_told():
    telling = {"desk": DESK["stages"]["desk"] | {"announce": {"what": "expected_wait"}}}
    first, second, *_ = stories(stages=telling)
    assert "is told: no wait" in first
    assert "is told to expect 6 min of waiting" in second
