"""Ranges of parameters: how they are written, what lies between their ends, and where a value lies in them."""

import pytest

from sim.errors import InputError
from sim.scenario import load
from sim.study.limits.asked import problems_of
from sim.study.sensitivity.ranges import (
    Range,
    amount_of,
    between,
    position,
    range_of,
    refusal,
    shown,
    shown_about,
    written_position,
)
from tests.study.scenarios import desk


@pytest.mark.parametrize(
    ("low", "high", "middle"),
    [
        (1, 4, 2.5),
        (0.5, 1.5, 1.0),
        ("4 min", "10 min", "7.0 min"),
        ("30 s", "2 min", "1.25 min"),
        (2, "4 min", "3.0 min"),
        ("10/h", "30/h", "20.0/h"),
        ("1/min", "120/h", "90.0/h"),
        ("07:00", "09:00", "08:00"),
        ({"times": 0.8}, {"times": 1.2}, {"times": 1.0}),
        ({"dist": "gamma", "mean": "2 min", "cv": 1}, {"dist": "gamma", "mean": "4 min", "cv": 2}, None),
        ([1, 4], [3, 4], [2.0, 4]),
    ],
)
def test_half_way(low, high, middle):
    if middle is None:
        middle = {"dist": "gamma", "mean": "3.0 min", "cv": 1.5}
    assert between(low, high, 0.5) == middle
    assert position(low, high, middle) == pytest.approx(0.5, abs=1e-12)
    assert position(low, high, low) == 0
    assert position(low, high, high) == 1


@pytest.mark.parametrize(
    ("low", "high"),
    [("first", "random"), (True, False), ("1/h", "1 min"), ("never", "5 min"), ({"a": 1}, {"b": 2}), ([1], [1, 2])],
)
def test_nothing_is_between_words_and_unlike_things(low, high):
    assert between(low, high, 0.5) is None
    assert position(low, high, low) is None
    with pytest.raises(InputError, match=r"x\.y: there is nothing between"):
        Range("x.y", low, high).at(0.5)


def test_a_value_off_the_way_has_no_place_and_one_outside_has():
    law = [{"dist": "gamma", "mean": 2, "cv": 1}, {"dist": "gamma", "mean": 4, "cv": 2}]
    assert position(*law, {"dist": "gamma", "mean": 3, "cv": 1}) is None
    assert position(*law, {"dist": "lognormal", "mean": 3, "cv": 1.5}) is None
    assert position(1, 3, 5) == 2
    assert position("1 month", "3 month", 2 * 43200.0) == pytest.approx(0.5)  # as a model holds it, in minutes


def test_whole_numbers_stay_whole():
    assert Range("staff.clerk.count", 1, 3, whole=True).at(0.4) == 2


def test_ranges_are_read_as_settings_are():
    assert range_of("staff.a.skill=0.8..0.95") == ("staff.a.skill", (0.8, 0.95))
    assert range_of("x.y = 30 s .. 2 min") == ("x.y", ("30 s", "2 min"))
    assert range_of("x.y={times: 0.9}..{times: 1.1}") == ("x.y", ({"times": 0.9}, {"times": 1.1}))
    assert range_of("x.y=[first, random]") == ("x.y", ("first", "random"))
    for wrong in ("x.y", "x.y=3", "x.y=", "x.y=..3", "x.y=[1, 2, 3]"):
        with pytest.raises(InputError, match=r"PATH=LOW\.\.HIGH|not a setting"):
            range_of(wrong)


def test_the_value_in_force_is_found_where_nothing_is_written_too():
    scenario = load(desk(staff={"clerk": {"count": 2, "skill": 0.9}}))
    assert written_position(scenario, Range("staff.clerk.skill", 0.8, 1.0)) == pytest.approx(0.5)
    assert written_position(scenario, Range("staff.clerk.pace", 0.9, 1.1)) == pytest.approx(0.5)
    assert written_position(scenario, Range("stages.desk.work", {"times": 0.5}, {"times": 1.5})) == pytest.approx(0.5)
    assert written_position(scenario, Range("stages.desk.target_wait", "1 min", "5 min")) == pytest.approx(0.25)
    assert written_position(scenario, Range("choose_staff", "first", "random")) is None


def test_shown_in_few_signs():
    assert [shown(each) for each in (0.9, "15 month", {"times": 1.1}, {"add": "-2 min"}, -3, True)] == [
        "0.9", "15 month", "×1.1", "−2 min", "−3", "true",
    ]  # fmt: skip
    assert (
        Range("x", {"dist": "gamma", "mean": 2}, {"dist": "gamma", "mean": 3}).shown({"dist": "g", "mean": 2})
        == "mean 2"
    )
    assert shown_about(Range("x", 0.8, 0.95), 1 / 3) == "0.85"
    assert shown_about(Range("x", "30 s", "2 min"), 1 / 3) == "1.0 min"
    assert shown_about(Range("x", {"times": 0.8}, {"times": 1.2}), 0.25) == "×0.9"
    assert amount_of({"times": 0.8}) == 0.8
    assert amount_of("first") is None


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.7, 0.95, None),
        (0.95, 0.7, "write 0.7 first, then 0.95"),
        ("1 h", "30 min", "write 30 min first"),
        ("30 s", "0.5 min", "both ends"),
        ("09:30", "09:00", "wrong way round"),
        ({"times": 1.1}, {"times": 0.9}, "write ×0.9 first, then ×1.1"),
        ({"add": 0}, {"times": 1}, None),  # not of one kind: which is lower depends on what is written
        ("first", "random", None),
        ("random", "first", None),
        ("first", "first", "both ends of the range are first"),
        ({"mean": 3}, {"mean": 3}, "both ends"),
        ([], ["clerk"], None),
    ],
)
def test_ends_are_two_and_the_lower_one_is_first(low, high, told):
    found = refusal("a.b", low, high)
    assert found is None if told is None else told in found


def test_ranges_in_a_file_are_checked_with_all_else_that_it_asks():
    given = load(desk(uncertain={"staff.clerk.pace": [1.1, 0.9], "seed": [1, 5], "staff.clerk.skill": [0.6, 0.9]}))
    told = [(one.path, one.message) for one in problems_of(given)]
    assert [path for path, _ in told] == ["uncertain.staff.clerk.pace", "uncertain.seed"]
    assert "write 0.9 first" in told[0][1]
