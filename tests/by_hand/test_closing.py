"""Closing time: who is served, who is sent off, who stays, what is left for the morning. Worked out by hand."""

from tests.by_hand.run import Run, clock, desk, segment, stage

TURN_AWAY = {"days": 1, "open": "08:00", "close": "18:00", "at_close": "turn_away"}
LUNCH = {"days": 1, "hours": [["08:00", "12:00"], ["13:00", "17:00"]]}
TWO = {"desk": stage(5, next={"till": 1}), "till": stage(5, ["cashier"])}
PAIR = {"clerk": {"count": 1}, "cashier": {"count": 1}}


def test_serve_those_inside_are_served_and_staff_stay_for_them():
    run = Run(desk(customers={"all": segment("17:58", "17:59", "18:00")}))
    assert run.ended == ["completed", "completed", "turned_away"]
    assert run.at("desk", "started", "ended") == [(1078, 1083), (1083, 1088)]
    assert run.spells == [("clerk 1", "on_duty", 480, 1080), ("clerk 1", "overtime", 1080, 1088)]
    assert run.windows == [(480, 1088)]


def test_with_nobody_inside_staff_go_at_close():
    run = Run(desk())
    assert run.spells == [("clerk 1", "on_duty", 480, 1080)]
    assert run.windows == [(480, 1080)]


def test_the_staff_of_a_later_stage_stay_for_who_may_still_come():
    """One customer at the desk until 18:03: the cashier stays and serves her until 18:08; the clerk goes at 18:03."""
    run = Run(desk(customers={"all": segment("17:58")}, stages=TWO, staff=PAIR))
    assert run.at("till", "started", "ended") == [(1083, 1088)]
    assert [s for s in run.spells if s[1] == "overtime"] == [
        ("clerk 1", "overtime", 1080, 1083), ("cashier 1", "overtime", 1080, 1088),
    ]  # fmt: skip


def test_staff_of_an_earlier_stage_go():
    """The only customer is at the till: nobody needs the clerk."""
    run = Run(desk(customers={"all": segment("17:54")}, stages=TWO, staff=PAIR))
    assert [s for s in run.spells if s[1] == "overtime"] == [("cashier 1", "overtime", 1080, 1084)]


def test_who_is_not_on_duty_at_close_does_not_stay():
    members = [{"name": "Ana", "shift": ["08:00", "17:30"]}, {"name": "Bo", "shift": ["08:00", "18:00"]}]
    run = Run(desk(customers={"all": segment("17:58", "17:59")}, staff={"clerk": {"members": members}}))
    assert run.at("desk", "member") == ["Bo", "Bo"]


def test_who_is_on_a_break_at_close_goes_home():
    """Ana's break of ten minutes is three minutes late and would end at 18:03; Bo serves the other two."""
    members = [
        {"name": "Ana", "shift": ["08:00", "18:00"], "breaks": [["17:50", "18:00"]]},
        {"name": "Bo", "shift": ["08:00", "18:00"]},
    ]
    run = Run(desk(customers={"all": segment("17:48", "17:58", "17:59")}, staff={"clerk": {"members": members}}))
    assert run.at("desk", "member") == ["Ana", "Bo", "Bo"]
    assert [s for s in run.spells if s[0] == "Ana"][-1] == ("Ana", "break", 1073, 1080)


def test_turn_away_those_waiting_are_sent_off_and_those_in_service_finish():
    run = Run(desk(calendar=TURN_AWAY, customers={"all": segment("17:58", "17:59")}))
    assert run.ended == ["completed", "turned_away"]
    assert run.at("desk", "how", "ended") == [("served", 1083), ("turned_away", 1080)]
    assert run.spells[-1] == ("clerk 1", "overtime", 1080, 1083)


def test_turn_away_ever_after_but_who_need_not_wait_is_served():
    """At 18:03 both come from the desks: the first finds the cashier free, the second would have to wait."""
    staff = {"clerk": {"count": 2}, "cashier": {"count": 1}}
    run = Run(desk(calendar=TURN_AWAY, customers={"all": segment("17:58", "17:58")}, stages=TWO, staff=staff))
    assert run.ended == ["completed", "turned_away"]
    assert run.at("till", "how", "ended") == [("served", 1088), ("turned_away", 1083)]


def test_turn_away_those_waiting_for_a_place_too():
    stages = {"desk": stage(10, [], takes="room")}
    run = Run(
        desk(
            calendar=TURN_AWAY,
            customers={"all": segment("17:58", "17:59")},
            stages=stages,
            staff={},
            site={"places": {"room": 1}},
        )
    )
    assert run.ended == ["completed", "turned_away"]


def test_a_visit_that_nobody_rostered_can_serve_is_sent_off_at_close_with_a_warning():
    staff = {"clerk": {"on_duty": {"08:00": 1, "17:00": 0}}}
    run = Run(desk(customers={"all": segment("17:30")}, staff=staff))
    assert run.ended == ["turned_away"]
    assert run.at("desk", "how", "ended") == [("turned_away", 1080)]
    assert len(run.warnings) == 1
    assert "desk" in run.warnings[0]


def test_who_comes_to_such_a_stage_after_close_is_sent_off_too():
    staff = {"clerk": {"count": 1}, "cashier": {"on_duty": {"08:00": 1, "17:00": 0}}}
    run = Run(desk(customers={"all": segment("17:58")}, stages=TWO, staff=staff))
    assert run.at("till", "how", "joined", "ended") == [("turned_away", 1083, 1083)]
    assert len(run.warnings) == 1


def test_lunch_those_inside_are_served_in_overtime():
    run = Run(desk(calendar=LUNCH, customers={"all": segment("11:58", "11:59", "13:00")}))
    assert run.at("desk", "started") == [718, 723, 780]
    assert run.spells == [
        ("clerk 1", "on_duty", 480, 720), ("clerk 1", "overtime", 720, 728), ("clerk 1", "on_duty", 780, 1020),
    ]  # fmt: skip
    assert run.windows == [(480, 728), (780, 1020)]


def test_lunch_who_can_be_served_only_in_the_afternoon_waits_for_it():
    """The cashier comes at 13:00; the desk ends at 12:03. That is work left at the next opening, with a warning."""
    staff = {"clerk": {"count": 1}, "cashier": {"on_duty": {"08:00": 0, "13:00": 1}}}
    run = Run(desk(calendar=LUNCH, customers={"all": segment("11:50", "11:58")}, stages=TWO, staff=staff))
    assert run.at("till", "joined", "started") == [(715, 780), (723, 785)]
    assert run.ended == ["completed", "completed"]
    assert len(run.warnings) == 1
    assert run.windows == [(480, 780), (780, 1020)]


def test_past_midnight():
    calendar = {"days": 2, "open": "18:00", "close": "02:00"}
    run = Run(
        desk(calendar=calendar, customers={"all": segment({"time": "18:00", "day": 0}, {"time": "01:58", "day": 0})})
    )
    assert run.at("desk", "started", "ended") == [(1080, 1085), (1558, 1563)]
    assert run.spells == [
        ("clerk 1", "on_duty", 1080, 1560), ("clerk 1", "overtime", 1560, 1563), ("clerk 1", "on_duty", 2520, 3000),
    ]  # fmt: skip


def test_hours_that_meet_do_not_close():
    calendar = {"days": 2, "open": "00:00", "close": "24:00"}
    run = Run(desk(calendar=calendar, customers={"all": segment("23:58", "23:59", "00:00")}))
    assert run.ended == ["completed"] * 6
    assert run.windows == [(0, 2888)]


def test_work_left_at_the_next_opening_goes_on_with_a_warning():
    """A service of 16 hours from 17:00, then another; the clerk who stayed late counts as on duty from 08:00 again."""
    calendar = {"days": 2, "open": "08:00", "close": "18:00"}
    customers = {"all": segment({"time": "17:00", "day": 0})}
    run = Run(desk(calendar=calendar, customers=customers, stages={"desk": stage("16 h")}))
    assert run.at("desk", "ended") == [clock("09:00", 1)]
    assert run.spells == [
        ("clerk 1", "on_duty", 480, 1080), ("clerk 1", "overtime", 1080, 1920), ("clerk 1", "on_duty", 1920, 2520),
    ]  # fmt: skip
    assert len(run.warnings) == 1
    assert run.windows == [(480, 1920), (1920, 2520)]


def test_who_stayed_late_and_is_not_on_the_next_roster_finishes_and_goes():
    """Ana and Bo work over night; on day 1 only Bo is rostered. Ana finishes at 09:00 and takes nobody any more."""
    calendar = {"days": 2, "open": "08:00", "close": "18:00"}
    members = [
        {"name": "Ana", "shift": ["08:00", "18:00"], "days": ["mon"]},
        {"name": "Bo", "shift": ["08:00", "18:00"]},
    ]
    customers = {"all": segment({"time": "17:00", "day": 0}, {"time": "17:00", "day": 0}, {"time": "17:30", "day": 0})}
    run = Run(
        desk(
            calendar=calendar,
            customers=customers,
            staff={"clerk": {"members": members}},
            stages={"desk": stage("16 h")},
        )
    )
    assert run.at("desk", "started", "member") == [(1020, "Ana"), (1020, "Bo"), (1980, "Bo")]
    assert [s for s in run.spells if s[0] == "Ana"] == [("Ana", "on_duty", 480, 1080), ("Ana", "overtime", 1080, 1980)]


def test_a_free_hand_kept_back_by_a_due_break_serves_at_close():
    """Chat with two at once: the break of 17:55 waits for the work in hand; at close who waits is taken at once."""
    members = [{"name": "Ana", "shift": ["08:00", "18:00"], "breaks": [["17:55", "18:00"]]}]
    staff = {"clerk": {"members": members, "at_once": 2}}
    run = Run(desk(customers={"all": segment("17:50", "17:58")}, staff=staff, stages={"desk": stage(20)}))
    assert run.at("desk", "started") == [1070, 1080]


def test_nobody_is_left_at_the_end_of_a_site_that_closes():
    """The horizon is a day after the last close: a service of 30 hours is unfinished even so."""
    run = Run(desk(stages={"desk": stage("20 h")}))
    assert run.ended == ["completed"]
    run = Run(desk(stages={"desk": stage("50 h")}))
    assert run.ended == ["unfinished"]
