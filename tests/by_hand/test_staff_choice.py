"""Which of several free members serves, in which order roles are asked, and continuity. Worked out by hand."""

import pytest

from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from tests.by_hand.run import Run, desk, segment, stage

SHIFT = ["08:00", "18:00"]


def three(choose, at, **role):
    members = [
        {"name": "Ana", "shift": SHIFT, "skill": 0.8, "pace": 1.0},
        {"name": "Bo", "shift": SHIFT, "skill": 0.9, "pace": 2.0},
        {"name": "Cy", "shift": SHIFT, "skill": 0.95, "pace": 1.25},
    ]
    scenario = desk(customers={"all": segment(*at)}, staff={"clerk": {"members": members, **role}})
    return Run({**scenario, "choose_staff": choose})


def test_longest_idle_since_the_last_change_of_hands_ties_by_position():
    """Ana 08:00–08:05, Bo 08:01–08:03.5, Cy never: at 08:06 Cy is longest idle, at 08:07 Bo, at 08:08 Ana."""
    run = three("longest_idle", ["08:00", "08:01", "08:06", "08:07", "08:08"])
    assert run.at("desk", "member") == ["Ana", "Bo", "Cy", "Bo", "Ana"]


def test_coming_on_duty_starts_being_idle():
    """Ana is on from 08:00; Bo comes on at 09:00 and is idle for less long at 09:30."""
    members = [{"name": "Bo", "shift": ["09:00", "18:00"]}, {"name": "Ana", "shift": SHIFT}]
    run = Run(desk(customers={"all": segment("09:30", "09:31")}, staff={"clerk": {"members": members}}))
    assert run.at("desk", "member") == ["Ana", "Bo"]


def test_first_is_by_position():
    assert three("first", ["08:00", "08:06", "08:12"]).at("desk", "member") == ["Ana"] * 3


def test_fastest_is_by_pace_at_the_stage():
    assert three("fastest", ["08:00", "08:01", "08:02"]).at("desk", "member") == ["Bo", "Cy", "Ana"]
    members = [
        {"name": "Ana", "shift": SHIFT, "pace": 1.5},
        {"name": "Bo", "shift": SHIFT, "pace": 2, "serves": {"desk": 0.5}},
    ]
    run = Run({**desk(staff={"clerk": {"members": members}}), "choose_staff": "fastest"})
    assert run.at("desk", "member") == ["Ana"]


def test_most_skilled_is_by_the_person_s_knowledge():
    assert three("most_skilled", ["08:00", "08:01", "08:02"]).at("desk", "member") == ["Cy", "Bo", "Ana"]


def test_most_skilled_ties_by_position():
    members = [{"name": name, "shift": SHIFT} for name in ("Ana", "Bo")]
    run = Run({**desk(staff={"clerk": {"members": members}}), "choose_staff": "most_skilled"})
    assert run.at("desk", "member") == ["Ana"]


@pytest.mark.parametrize("seed", range(1, 6))
def test_random_is_by_the_customer_s_uniform(seed):
    u = uniform(stream_key(seed, 0, "choose", "all", "desk"), 0, 0)
    staff = {"clerk": {"count": 4}}
    run = Run({**desk(staff=staff), "choose_staff": "random"}, seed)
    assert run.at("desk", "member") == [f"clerk {int(u * 4) + 1}"]


def test_roles_in_the_stage_s_order_before_how_long_they_were_idle():
    """The manager is asked only when no clerk is free."""
    staff = {"manager": {"count": 1}, "clerk": {"count": 1}}
    run = Run(
        desk(
            customers={"all": segment("08:00", "08:01", "08:10")},
            stages={"desk": stage(5, ["clerk", "manager"])},
            staff=staff,
        )
    )
    assert run.at("desk", "member") == ["clerk 1", "manager 1", "clerk 1"]


def test_roles_of_one_rank_are_asked_alike():
    """[[a, b]]: the longest idle of both, ties in the order of the roster."""
    staff = {"b": {"count": 1}, "a": {"count": 1}}
    run = Run(
        desk(
            customers={"all": segment("08:00", "08:06", "08:12")}, stages={"desk": stage(5, [["a", "b"]])}, staff=staff
        )
    )
    assert run.at("desk", "member") == ["b 1", "a 1", "b 1"]


def test_fewest_in_hand_comes_before_the_order_of_roles():
    staff = {"agent": {"count": 1, "at_once": 2}, "manager": {"count": 1}}
    run = Run(
        desk(
            customers={"all": segment("08:00", "08:01", "08:02")},
            stages={"desk": stage(5, ["agent", "manager"])},
            staff=staff,
        )
    )
    assert run.at("desk", "member", "started") == [("agent 1", 480), ("manager 1", 481), ("agent 1", 482)]


def test_a_member_serves_only_her_own_stages():
    members = [{"name": "Ana", "shift": SHIFT, "serves": {"till": 1}}, {"name": "Bo", "shift": SHIFT}]
    stages = {"desk": stage(5), "till": stage(5)}
    customers = {"a": segment("08:00", "08:01"), "b": segment("08:02", start="till")}
    run = Run(desk(customers=customers, stages=stages, staff={"clerk": {"members": members}}))
    assert run.at("desk", "member", "started") == [("Bo", 480), ("Bo", 485)]
    assert run.at("till", "member", "started") == [("Ana", 482)]


def plan_and_do(staff, customers, *, or_any=False, do=5):
    stages = {
        "plan": stage(5, ["clerk"], next={"do": 1}),
        "do": stage(do, ["clerk"], same_as="plan", **({"or_any": True} if or_any else {})),
    }
    return Run(desk(customers=customers, stages=stages, staff={"clerk": staff}))


def test_same_as_waits_for_the_member_who_served_before():
    """Ana plans 0 (08:00–08:05), Bo plans 1 (08:01–08:06). At 08:05 Ana does 0; at 08:06 Bo does 1. A third planned
    by Ana at 08:10; a fourth planned by Bo at 08:11; each goes on with the same one."""
    run = plan_and_do({"count": 2}, {"all": segment("08:00", "08:01", "08:07", start="plan")})
    assert run.at("plan", "member") == ["clerk 1", "clerk 2", "clerk 1"]
    assert run.at("do", "member") == ["clerk 1", "clerk 2", "clerk 1"]


def test_same_as_holds_although_another_is_free():
    """Ana has planned 0 by 08:05, but a third in line since 08:02 has waited longer: she plans that first, while Bo idles
    from 08:06 on."""
    members = [{"name": "Ana", "shift": SHIFT}, {"name": "Bo", "shift": SHIFT, "serves": {"do": 1}}]
    run = plan_and_do({"members": members}, {"all": segment("08:00", "08:02", start="plan")})
    assert run.at("plan", "started", "member") == [(480, "Ana"), (485, "Ana")]
    assert run.at("do", "joined", "started", "member") == [(485, 490, "Ana"), (490, 495, "Ana")]


def test_without_or_any_she_waits_although_her_member_has_gone():
    """Ana goes at 08:10, after planning the third; both her customers are sent off at close, for Bo may not do them."""
    members = [{"name": "Ana", "shift": ["08:00", "08:05"]}, {"name": "Bo", "shift": SHIFT}]
    customers = {"all": segment("08:00", "08:01", "08:02", start="plan")}
    run = plan_and_do({"members": members, "picks": "in_order"}, customers)
    assert [row["how"] for row in run.visits if row["stage"] == "do" and row["member"] is None] == ["turned_away"] * 2
    assert run.warnings


def test_or_any_anybody_serves_her_when_her_member_goes_off_duty():
    """Ana plans the second first, then does the first at 08:10 as she goes off: the second falls to idle Bo then."""
    members = [
        {"name": "Ana", "shift": ["08:00", "08:10"]},
        {"name": "Bo", "shift": ["08:00", "18:00"], "serves": {"do": 1}},
    ]
    customers = {"all": segment("08:00", "08:02", start="plan")}
    run = plan_and_do({"members": members, "picks": "in_order"}, customers, or_any=True)
    assert run.at("plan", "member", "started") == [("Ana", 480), ("Ana", 485)]
    assert run.at("do", "joined", "started", "member") == [(485, 490, "Ana"), (490, 490, "Bo")]


def test_or_any_does_not_mean_while_she_is_on_a_break():
    members = [
        {"name": "Ana", "shift": SHIFT, "breaks": [["08:06", "08:36"]]},
        {"name": "Bo", "shift": SHIFT, "serves": {"do": 1}},
    ]
    customers = {"all": segment("08:00", "08:01", start="plan")}
    run = plan_and_do({"members": members, "picks": "in_order"}, customers, or_any=True)
    # Ana plans the second until 08:10 and takes her break then, to 08:40; both wait for her although Bo is free.
    assert run.at("do", "joined", "started", "member") == [(485, 520, "Ana"), (490, 525, "Ana")]
