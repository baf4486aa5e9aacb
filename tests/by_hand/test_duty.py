"""Being on duty: counts, shifts, breaks, overtime, training, the clock of fatigue. Worked out by hand."""

import pytest

from tests.by_hand.run import Run, clock, desk, segment, stage

SHIFT = ["08:00", "18:00"]


def ana(**more):
    return {"clerk": {"members": [{"name": "Ana", "shift": SHIFT, **more}]}}


def test_count_is_from_open_to_close():
    run = Run(desk())
    assert run.spells == [("clerk 1", "on_duty", 480, 1080)]


def test_on_duty_counts_are_positions_and_the_highest_leaves_first():
    staff = {"clerk": {"on_duty": {"08:00": 1, "10:00": 3, "12:00": 2}}}
    run = Run(desk(staff=staff))
    assert run.spells == [
        ("clerk 1", "on_duty", 480, 1080), ("clerk 2", "on_duty", 600, 1080), ("clerk 3", "on_duty", 600, 720),
    ]  # fmt: skip


def test_counts_hold_until_the_next_time_and_wrap_past_midnight():
    """From 20:00 on one, until 06:00; open from 22:00 to 07:00: nobody from 06:00."""
    staff = {"clerk": {"on_duty": {"20:00": 1, "06:00": 0}}}
    run = Run(
        desk(calendar={"days": 1, "open": "22:00", "close": "07:00"}, staff=staff, customers={"all": segment("22:00")})
    )
    assert run.spells == [("clerk 1", "on_duty", 1320, 1800)]


def test_counts_by_weekday():
    staff = {"clerk": {"on_duty": {"mon": 1, "default": 2}}}
    run = Run(desk(calendar={"days": 2, "open": "08:00", "close": "09:00"}, staff=staff))
    assert run.spells == [
        ("clerk 1", "on_duty", 480, 540),
        ("clerk 1", "on_duty", 1920, 1980),
        ("clerk 2", "on_duty", 1920, 1980),
    ]


def test_each_listed_time_begins_a_new_shift_and_keeps_the_person():
    """The clock of fatigue starts again at 12:00; the clerk does not go off."""
    staff = {"clerk": {"on_duty": {"08:00": 1, "12:00": 1}}}
    run = Run(desk(customers={"all": segment("11:00", "12:00", "13:00")}, staff=staff))
    assert run.at("desk", "on_shift") == [180, 0, 60]
    assert run.spells == [("clerk 1", "on_duty", 480, 1080)]


def test_going_off_while_serving_finish_first_is_overtime():
    staff = {"clerk": {"on_duty": {"08:00": 1, "09:00": 0, "10:00": 1}}}
    run = Run(desk(customers={"all": segment("08:58", "08:59")}, staff=staff))
    assert run.at("desk", "started") == [538, 600]
    assert run.spells == [
        ("clerk 1", "on_duty", 480, 540),
        ("clerk 1", "overtime", 540, 543),
        ("clerk 1", "on_duty", 600, 1080),
    ]


def test_staff_coming_on_pick_at_once_in_position_order():
    staff = {"clerk": {"on_duty": {"08:00": 0, "09:00": 2}}}
    run = Run(desk(customers={"all": segment("08:30", "08:31", "08:32")}, staff=staff))
    assert run.at("desk", "started", "member") == [(540, "clerk 1"), (540, "clerk 2"), (545, "clerk 1")]


def test_still_at_work_when_the_next_shift_begins():
    """Service from 08:58 to 10:58 over the end of one shift and the start of the next: overtime ends as duty begins."""
    staff = {"clerk": {"on_duty": {"08:00": 1, "09:00": 0, "10:00": 1}}}
    run = Run(desk(customers={"all": segment("08:58")}, staff=staff, stages={"desk": stage(120)}))
    assert run.spells == [
        ("clerk 1", "on_duty", 480, 540),
        ("clerk 1", "overtime", 540, 600),
        ("clerk 1", "on_duty", 600, 1080),
    ]


def test_a_break_holds_customers_up():
    run = Run(desk(customers={"all": segment("11:10")}, staff=ana(breaks=[["11:00", "11:30"]])))
    assert run.at("desk", "started") == [690]
    assert run.spells == [("Ana", "on_duty", 480, 660), ("Ana", "break", 660, 690), ("Ana", "on_duty", 690, 1080)]


def test_a_late_break_keeps_its_length():
    run = Run(desk(customers={"all": segment("10:58", "11:01")}, staff=ana(breaks=[["11:00", "11:30"]])))
    assert run.at("desk", "started") == [658, 693]
    assert run.spells[1] == ("Ana", "break", 663, 693)


def test_a_break_due_while_the_one_before_lasts_follows_it():
    run = Run(
        desk(
            customers={"all": segment("10:55")},
            staff=ana(breaks=[["11:00", "11:10"], ["11:15", "11:20"]]),
            stages={"desk": stage(15)},
        )
    )
    # served to 11:10, break to 11:20; the second, due at 11:15, follows: to 11:25
    assert [spell[1:] for spell in run.spells] == [
        ("on_duty", 480, 670),
        ("break", 670, 680),
        ("break", 680, 685),
        ("on_duty", 685, 1080),
    ]


def test_a_break_due_after_the_shift_s_end_is_lost():
    members = [{"name": "Ana", "shift": ["08:00", "11:00"], "breaks": [["10:30", "10:45"]]}]
    run = Run(
        desk(customers={"all": segment("10:25")}, staff={"clerk": {"members": members}}, stages={"desk": stage(40)})
    )
    assert [spell[1:] for spell in run.spells] == [("on_duty", 480, 660), ("overtime", 660, 665)]


def test_two_on_different_shifts():
    members = [{"name": "Ana", "shift": ["08:00", "13:00"]}, {"name": "Bo", "shift": ["12:00", "18:00"]}]
    run = Run(
        desk(customers={"all": segment("11:00", "12:30", "12:31", "14:00")}, staff={"clerk": {"members": members}})
    )
    assert run.at("desk", "member") == ["Ana", "Ana", "Bo", "Bo"]  # idle since 11:05, 12:00; then Ana is gone
    assert run.spells == [("Ana", "on_duty", 480, 780), ("Bo", "on_duty", 720, 1080)]


def test_members_by_weekday():
    members = [{"name": "Ana", "shift": SHIFT, "days": ["mon"]}, {"name": "Bo", "shift": SHIFT, "days": ["tue"]}]
    run = Run(desk(calendar={"days": 2, "open": "08:00", "close": "18:00"}, staff={"clerk": {"members": members}}))
    assert run.at("desk", "member") == ["Ana", "Bo"]


def test_a_night_shift_where_the_site_never_closes():
    """22:00 to 06:00, without a seam at midnight: on shift for three hours at 01:00."""
    members = [{"name": "Ana", "shift": ["22:00", "06:00"], "breaks": [["02:00", "02:30"]]}]
    customers = {"all": segment({"time": "01:00", "day": 1}, {"time": "02:10", "day": 1})}
    run = Run(desk(calendar={"days": 2}, customers=customers, staff={"clerk": {"members": members}}))
    assert run.at("desk", "started", "on_shift") == [(1500, 180), (1590, 120)]  # four hours halved by the break
    assert run.spells[:3] == [
        ("Ana", "on_duty", 1320, 1560),
        ("Ana", "break", 1560, 1590),
        ("Ana", "on_duty", 1590, 1800),
    ]


def test_the_rest_of_a_night_shift_at_a_site_open_all_day_by_its_hours():
    calendar = {"days": 2, "open": "00:00", "close": "24:00"}
    members = [{"name": "Ana", "shift": ["22:00", "06:00"]}]
    run = Run(
        desk(
            calendar=calendar,
            customers={"all": segment("23:00", {"time": "01:00", "day": 1})},
            staff={"clerk": {"members": members}},
        )
    )
    assert run.spells[0] == ("Ana", "on_duty", 1320, 1800)
    assert run.at("desk", "started", "on_shift")[:2] == [(1380, 60), (1500, 180)]


def test_a_shift_is_cut_to_the_opening_hours():
    members = [{"name": "Ana", "shift": ["06:00", "22:00"]}]
    run = Run(desk(staff={"clerk": {"members": members}}))
    assert run.spells == [("Ana", "on_duty", 480, 1080)]


def test_a_shift_goes_on_after_a_closed_lunch_as_a_new_one():
    calendar = {"days": 1, "hours": [["08:00", "12:00"], ["13:00", "17:00"]]}
    run = Run(desk(calendar=calendar, customers={"all": segment("11:00", "13:30")}, staff=ana()))
    assert run.spells == [("Ana", "on_duty", 480, 720), ("Ana", "on_duty", 780, 1020)]
    assert run.at("desk", "on_shift") == [180, 30]


@pytest.mark.parametrize(("minutes", "left"), [(15, 0.75), (30, 0.5), (45, 0.25), (60, 0.0), (90, 0.0)])
def test_a_break_rests_half_for_each_half_hour(minutes, left):
    """Two hours on shift before; the clock does not run during it."""
    end = f"{10 + minutes // 60:02}:{minutes % 60:02}"
    run = Run(desk(customers={"all": segment("12:00")}, staff=ana(breaks=[["10:00", end]])))
    assert run.at("desk", "on_shift") == [120 * left + (120 - minutes)]


def test_trainees_are_off_duty_on_the_day_of_the_course():
    staff = {"clerk": {"count": 2}}
    course = {"course": {"who": "clerk", "share": 0.5, "day": 1}}
    run = Run(desk(calendar={"days": 3, "open": "08:00", "close": "18:00"}, staff=staff, training=course))
    by_day = [{name for name, _, start, _ in run.spells if start == clock("08:00", day)} for day in range(3)]
    assert [len(names) for names in by_day] == [2, 1, 2]


def test_two_at_work_and_one_free_hand_when_a_break_is_due():
    """At once two: at 11:00 one chat runs to 11:04; no new one is taken until the break of 11:04 to 11:34 is over."""
    members = [{"name": "Ana", "shift": SHIFT, "breaks": [["11:00", "11:30"]]}]
    staff = {"clerk": {"members": members, "at_once": 2}}
    run = Run(desk(customers={"all": segment("10:59", "11:01")}, staff=staff))
    assert run.at("desk", "started") == [659, 694]


def test_those_always_on_duty_begin_a_new_shift_at_midnight():
    run = Run(
        desk(calendar={"days": 2}, customers={"all": segment({"time": "23:00", "day": 0}, {"time": "01:00", "day": 1})})
    )
    assert run.at("desk", "on_shift") == [1380, 60]
    assert run.spells == [("clerk 1", "on_duty", 0, 2880)]
