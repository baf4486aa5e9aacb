"""Thinking a service over after the customer has gone. Worked out by hand."""

import pytest

from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from sim.flow.plan import draw
from sim.flow.traffic import loads
from tests.by_hand.run import Run, clock, desk, segment, stage

GREET = {"greet": {"stage": "desk", "dimension": "empathy", "weight": 1}}


def site(*at, rule=None, **changes):
    """Five minutes at the desk, greeting included; then two minutes of reflection."""
    plain = {
        "customers": {"all": segment(*at)},
        "actions": GREET,
        "management": {"reflection": {"time": 2, **(rule or {})}},
        "review": "1 d",
    }
    return desk(**{**plain, **changes})


def thought(run):
    return [(member, start, end) for member, kind, start, end in run.spells if kind == "reflecting"]


def test_she_thinks_it_over_and_then_turns_to_the_next():
    """The first is gone at 08:05, thought over until 08:07; the second until 08:14."""
    run = Run(site("08:00", "08:01"))
    assert run.at("desk", "started", "ended") == [(480, 485), (487, 492)]
    assert [row["left"] for row in run.encounters] == [485, 492]
    assert thought(run) == [("clerk 1", 485, 487), ("clerk 1", 492, 494)]


def test_the_customer_goes_on_at_once():
    stages = {"desk": stage(5, next={"till": 1}), "till": stage(1, ["cashier"])}
    run = Run(site("08:00", stages=stages, staff={"clerk": {"count": 1}, "cashier": {"count": 1}}))
    assert run.at("till", "joined", "ended") == [(485, 486)]
    assert thought(run) == [("clerk 1", 485, 487)]


def test_nor_does_she_who_thinks_serve_the_same_customer_next():
    """The till is the clerk's too: the customer waits there until 08:07, and is not thought over, having no action."""
    run = Run(site("08:00", stages={"desk": stage(5, next={"till": 1}), "till": stage(1)}))
    assert run.at("till", "joined", "started", "ended") == [(485, 487, 488)]
    assert thought(run) == [("clerk 1", 485, 487)]


def test_another_who_is_free_serves_meanwhile():
    """Until 08:07 the first thinks, so the second serves at 08:06; at 08:12 it thinks, and the first serves."""
    run = Run(site("08:00", "08:06", "08:12", staff={"clerk": {"count": 2}}))
    assert run.at("desk", "started", "member") == [(480, "clerk 1"), (486, "clerk 2"), (492, "clerk 1")]


def test_she_is_idle_from_the_end_of_her_thought():
    """The first thinks until 08:07, the second serves from 08:01 to 08:06 and forgets: it has been idle for longer."""
    stages = {"desk": stage(5), "till": stage(5)}
    customers = {"all": segment("08:00", "08:10"), "other": segment("08:01", start="till")}
    run = Run(site(customers=customers, stages=stages, staff={"clerk": {"count": 2}}))
    assert run.at("desk", "started", "member") == [(480, "clerk 1"), (490, "clerk 2")]


@pytest.mark.parametrize("changes", [{"actions": {}}, {"management": {}}])
def test_only_where_there_are_actions_and_only_if_it_is_asked_for(changes):
    run = Run(site("08:00", "08:01", **changes))
    assert run.at("desk", "started") == [480, 485]
    assert thought(run) == []


def test_a_machine_of_a_stage_has_nothing_to_think_over():
    run = Run(site("08:00", "08:00", stages={"desk": stage(5, [])}, staff={}))
    assert run.at("desk", "ended") == [485, 485]
    assert thought(run) == []


@pytest.mark.parametrize(
    ("audit", "kept"),
    [(None, False), ({"share": 1}, True), ({"share": 1, "feedback": False}, False), ({"share": 0}, False)],
)
def test_the_habit_wears_off_by_the_day_unless_audits_are_told(audit, kept):
    """Half is left on the second day, a third on the third; nothing is lost on the first."""
    times = [f"{9 + i // 4:02d}:{15 * (i % 4):02d}" for i in range(20)]
    management = {"reflection": {"time": 2, "decline": "1 d"}, **({"audit": audit} if audit else {})}
    calendar = {"days": 3, "open": "08:00", "close": "18:00"}
    run = Run(site(*times, calendar=calendar, management=management))
    key = stream_key(1, 0, "reflect", "all", "desk")
    expected = [
        row["arrived"] + 5
        for row in run.encounters
        if kept or uniform(key, row["index"], row["day"]) < 1 / (1 + row["day"])
    ]
    assert [start for _, start, _ in thought(run)] == expected
    assert len(expected) == 60 if kept else 25 < len(expected) < 45


def test_she_finishes_the_thought_before_she_goes_home():
    """Off at 08:06; in overtime until 08:07. The next finds nobody."""
    staff = {"clerk": {"members": [{"name": "Ana", "shift": ["08:00", "08:06"]}]}}
    run = Run(site("08:00", "08:05", staff=staff))
    assert run.spells == [("Ana", "on_duty", 480, 486), ("Ana", "reflecting", 485, 487), ("Ana", "overtime", 486, 487)]
    assert run.at("desk", "how") == ["served", "turned_away"]


def test_a_break_waits_for_the_thought_and_keeps_its_length():
    """Due at 08:06, from 08:07 to 08:17; only then the second."""
    staff = {"clerk": {"members": [{"name": "Ana", "shift": ["08:00", "18:00"], "breaks": [["08:06", "08:16"]]}]}}
    run = Run(site("08:00", "08:01", staff=staff))
    assert ("Ana", "break", 487, 497) in run.spells
    assert run.at("desk", "started") == [480, 497]


def test_after_closing_the_last_thought_is_overtime():
    """Served from 17:58 to 18:03, thought over until 18:05. The site's measured time ends as the customer leaves."""
    run = Run(site("17:58"))
    assert run.spells[1:] == [("clerk 1", "overtime", 1080, 1085), ("clerk 1", "reflecting", 1083, 1085)]
    assert run.windows == [(480, 1083)]


def test_who_is_needed_no_more_goes_home_while_another_thinks():
    """After close one customer is left, at the desk until 18:03, then in the lounge. Ana thinks; Bo may go at 18:03."""
    stages = {"desk": stage(5, ["clerk"], next={"lounge": 1}), "lounge": stage(30, [])}
    people = [{"name": name, "shift": ["08:00", "18:00"]} for name in ("Ana", "Bo")]
    run = Run(site("17:58", stages=stages, staff={"clerk": {"members": people}}))
    assert [s for s in run.spells if s[1] == "overtime"] == [("Ana", "overtime", 1080, 1085), ("Bo", "overtime", 1080, 1083)]  # fmt: skip


def test_with_several_at_once_one_hand_is_held():
    """Two chats end at 08:05 and fill both hands until 08:07: the third waits. One at 09:05 leaves a hand free."""
    staff = {"clerk": {"count": 1, "at_once": 2}}
    run = Run(site("08:00", "08:00", "08:06", "09:00", "09:06", staff=staff))
    assert run.at("desk", "started") == [480, 480, 487, 540, 546]
    assert thought(run)[:3] == [("clerk 1", 485, 487), ("clerk 1", 485, 487), ("clerk 1", 492, 494)]


def test_a_thought_counts_as_a_customer_in_hand_for_the_slowdown():
    """At 09:06 the other hand is on a thought: half as long again."""
    staff = {"clerk": {"count": 1, "at_once": 2, "slowdown": 0.5}}
    run = Run(site("09:00", "09:06", staff=staff))
    assert run.at("desk", "started", "ended") == [(540, 545), (546, 553.5)]


def test_it_may_take_no_time():
    run = Run(site("08:00", "08:01", rule={"time": 0}))
    assert run.at("desk", "started") == [480, 485]
    assert thought(run) == [("clerk 1", 485, 485), ("clerk 1", 490, 490)]


def test_a_thought_ends_like_a_service_before_what_else_happens_at_that_instant():
    """At 08:07 the thought ends and the second's patience: she is served, and the third who comes then waits."""
    customers = {"all": segment("08:00", "08:01", "08:07", patience=6)}
    run = Run(site(customers=customers))
    assert run.at("desk", "started", "how") == [(480, "served"), (487, "served"), (None, "abandoned")]


def test_what_is_thought_over_at_the_horizon_is_not_over():
    run = Run(site("17:58", calendar={"days": 1, "open": "08:00", "close": "18:00"}, rule={"time": "2 d"}))
    assert thought(run) == []
    assert run.spells[-1] == ("clerk 1", "overtime", 1080, clock("24:00", 1))


def test_the_offered_load_counts_thoughts():
    """Three customers in three days; all of the first day are thought over, half of the second's, a third of the third's."""
    run = Run(site("08:00", calendar={"days": 3, "open": "08:00", "close": "18:00"}, rule={"decline": "1 d"}))
    (load,) = loads(draw(run.site, run.state, 1, 0))
    assert load.offered_hours * 60 == pytest.approx(3 * 5 + 2 * (1 + 1 / 2 + 1 / 3))
