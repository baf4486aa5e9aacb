"""Standards erode under pressure: against the published recursion, and by hand."""

import math
from dataclasses import replace

import pytest

from sim.flow.log import Cause
from sim.rules.erosion import eroded, survived_load
from sim.rules.pressure import speed_up_factor, work_pressure
from tests.management.hand import reviewed, site, start, watched

ALPHA, DOWN, UP = 0.64, 18.83, 8.14e6  # Oliva and Sterman 2001, weeks


def oliva_sterman(orders, capacity, start=1.0):
    """The published model, in the standard library's arithmetic: pressure, time per order, standard, by week."""
    standard, out = start, []
    for o in orders:
        pressure = o * standard / capacity
        spent = standard * pressure**-ALPHA
        out.append((pressure, spent, standard))
        standard += (spent - standard) * (1 - math.exp(-1 / (UP if spent > standard else DOWN)))
    return out


def by_rules(orders, capacity, start=1.0):
    """The same composed of the program's rules."""
    standard, out = start, []
    for o in orders:
        pressure = work_pressure(o * standard, 1, capacity, 0.0, math.inf)
        spent = standard * speed_up_factor(pressure, ALPHA)
        out.append((pressure, spent, standard))
        standard = eroded(standard, spent, 1.0, DOWN, UP)
    return out


LOWER = 0.5 + 0.5 / math.e
"""A standard of 1 after one time constant in which half was skipped for want of time."""
YEAR_OF_MORE = [1.0] * 10 + [1.1] * 52 + [1.0] * 52


@pytest.mark.parametrize(
    ("orders", "capacity", "start"),
    [
        (YEAR_OF_MORE, 1.0, 1.0),
        ([1.0 + 0.3 * math.sin(week / 4) for week in range(200)], 1.05, 1.08),
        ([50.0] * 30 + [80.0] * 30 + [30.0] * 60, 55.0, 1.0),
    ],
)
def test_the_rules_compose_to_the_published_recursion(orders, capacity, start):
    for mine, published in zip(by_rules(orders, capacity, start), oliva_sterman(orders, capacity, start), strict=True):
        assert mine == pytest.approx(published, rel=1e-12, abs=0)


def test_after_a_year_of_ten_per_cent_more_the_standard_stays_seven_and_a_half_per_cent_lower():
    """Without end it would fall to 1/1.1, 9.1 % lower; a year is 2.76 time constants / .64, and so 7.5 % are gone."""
    weeks, published = by_rules(YEAR_OF_MORE, 1.0), oliva_sterman(YEAR_OF_MORE, 1.0)
    after, last = weeks[62][2], weeks[-1][2]
    assert after == pytest.approx(published[62][2], rel=1e-12)
    assert round(1 - after, 3) == 0.075
    assert 0 < last - after < 1e-6  # a year later: no way back


def test_a_standard_moves_by_its_time_constant():
    assert eroded(1.0, 0.6, 10.0, 10.0, math.inf) == pytest.approx(0.6 + 0.4 / math.e, rel=1e-15)
    assert eroded(0.6, 1.0, 10.0, 10.0, math.inf) == 0.6
    assert eroded(0.6, 1.0, 20.0, 10.0, 20.0) == pytest.approx(1.0 - 0.4 / math.e, rel=1e-15)
    assert eroded(0.7, 0.7, 5.0, 1.0, 1.0) == 0.7


def test_what_survives_the_load():
    assert survived_load(3, 1) == 0.75
    assert survived_load(0, 5) == 0.0
    assert survived_load(0, 0) == 1.0


def eroding(**management):
    return site(management={"erosion": {"down": "7 d", "up": "14 d"}} | management)


def standards(place, state=None, **given):
    return [p.standard for p in reviewed(place, state or start(place), **given).state.people]


def test_only_what_was_skipped_for_want_of_time_lowers_a_standard():
    """Of 40 that she would have done, 10 were skipped: from 1 towards .75 in one time constant."""
    work = {
        **{(0, Cause.HIT): 25, (0, Cause.FATIGUE): 5, (0, Cause.LOAD): 10},
        **{(1, Cause.HIT): 10, (1, Cause.KNOWLEDGE): 50, (1, Cause.WILLINGNESS): 50, (1, Cause.ERROR): 7},
        **{(1, Cause.NOT_REQUIRED): 9, (1, Cause.NOT_PERFORMED): 9},
    }
    assert standards(eroding(), work=work) == pytest.approx([0.75 + 0.25 / math.e, 1, 1], rel=1e-15)


def test_a_standard_is_compared_with_itself():
    """Who holds herself to .8 and skips a quarter of that moves towards .6."""
    place = eroding()
    state = start(place)
    state = replace(state, people=(state.people[0]._replace(standard=0.8), *state.people[1:]))
    work = {(0, Cause.HIT): 30, (0, Cause.LOAD): 10}
    assert standards(place, state, work=work)[0] == pytest.approx(0.6 + 0.2 / math.e, rel=1e-15)


def test_a_standard_comes_back_while_nothing_is_skipped_and_stays_where_nothing_is_done():
    place = eroding()
    state = start(place)
    state = replace(state, people=tuple(p._replace(standard=0.8) for p in state.people))
    after = standards(place, state, work={(0, Cause.HIT): 1, (1, Cause.KNOWLEDGE): 3})
    assert after == pytest.approx([1 - 0.2 / math.exp(0.5), 0.8, 0.8], rel=1e-15)


def test_whether_it_came_out_right_is_no_part_of_the_work():
    """An outcome is never skipped for want of time: beside one, people skip and erode as they did without."""
    answer = {"stage": "desk", "kind": "outcome", "dimension": "reliability", "weight": 1}
    plain = site().scenario.as_written()["actions"]

    def pressed(**more):
        place = site(
            calendar={"days": 8, "open": "09:00", "close": "12:00"},
            actions={name: a | ({} if a.get("kind") == "wait" else {"discretion": 1}) for name, a in plain.items()}
            | more,
            quality={"load": {"corner_cutting": 0.6, "reference": 0.5}},
            management={"erosion": {"down": "7 d"}},
        )
        return standards(place, observed=watched(place, start(place)))

    without, beside = pressed(), pressed(answer=answer)
    assert without == beside
    assert max(without[:2]) < 0.98


@pytest.mark.parametrize(
    ("audit", "standard"),
    [
        ({"share": 1.0}, 1.0),
        ({"share": 0.1}, LOWER + (1 - LOWER) * (1 - 0.9**10)),  # as likely as that one of ten services was audited
        ({"share": 0.0001}, LOWER + (1 - LOWER) * (1 - 0.9999**10)),
        ({"share": 0.1, "feedback": False}, LOWER),  # P20: untold, it changes nothing
        ({"share": 0.0}, LOWER),
    ],
)
def test_an_audit_that_is_told_holds_people_to_the_written_standard(audit, standard):
    work, services = {(0, Cause.HIT): 5, (0, Cause.LOAD): 5}, {0: 10}
    assert standards(eroding(audit=audit), work=work, services=services)[0] == pytest.approx(standard, rel=1e-12)


@pytest.mark.parametrize(("day", "reset"), [(6, True), (7, False)])
def test_a_training_in_the_period_holds_those_who_took_part_to_the_written_standard(day, reset):
    place = site(
        management={"erosion": {"down": "7 d"}},
        training={"course": {"who": "clerk", "day": day}},
    )
    work = {(p, c): 5 for p in range(3) for c in (Cause.HIT, Cause.LOAD)}
    lower = 0.5 + 0.5 / math.e
    assert standards(place, work=work) == pytest.approx([1, 1, lower] if reset else [lower] * 3, rel=1e-15)


def test_a_training_before_her_time_does_not_remind_a_newcomer():
    place = site(management={"erosion": {"down": "7 d"}}, training={"course": {"who": "clerk", "day": 3}})
    state = start(place)
    state = replace(state, people=(state.people[0]._replace(since_day=5), *state.people[1:]))
    work = {(p, c): 5 for p in range(3) for c in (Cause.HIT, Cause.LOAD)}
    assert standards(place, state, work=work)[:2] == pytest.approx([0.5 + 0.5 / math.e, 1], rel=1e-15)
