"""What happens first when two things fall on one instant: each pair of kinds, worked out by hand.

The order of kinds: a service ends, a place is freed, staff comes on, staff goes off, patience ends, close, arrival.
"""

from tests.by_hand.run import Run, desk, segment, stage

SHIFT = ["08:00", "18:00"]
LOSS = {"if_wait": 1}
ROOM = {"places": {"room": 1}}
TURN_AWAY = {"days": 1, "open": "08:00", "close": "18:00", "at_close": "turn_away"}


def on_duty(counts):
    return {"clerk": {"on_duty": counts}}


def clerks(*members):
    return {"clerk": {"members": [dict(member) for member in members]}}


# ---- a service ends, and ... --------------------------------------------------------------------------------------


def test_service_end_then_place_freed():
    """At 08:05 customer 0 leaves the room and customer 1 comes from the desk for it: the room is not yet free."""
    stages = {
        "bath": stage(5, [], takes="room"),
        "desk": stage(4, next={"then": 1}),
        "then": stage(1, [], takes="room", balk=LOSS),
    }
    customers = {"a": segment("08:00", start="bath"), "b": segment("08:01")}
    run = Run(desk(customers=customers, stages=stages, site=ROOM))
    assert run.at("then", "joined", "how") == [(485, "balked")]


def test_service_end_then_staff_on():
    """At 09:00 clerk 1 is freed and clerk 2 comes on: who waits is taken by clerk 1."""
    run = Run(desk(customers={"all": segment("08:55", "08:56")}, staff=on_duty({"08:00": 1, "09:00": 2})))
    assert run.at("desk", "started", "member") == [(535, "clerk 1"), (540, "clerk 1")]


def test_service_end_then_staff_off():
    """Freed at 09:00 she takes who waits, and goes off afterwards: overtime."""
    run = Run(desk(customers={"all": segment("08:55", "08:56")}, staff=on_duty({"08:00": 1, "09:00": 0})))
    assert run.at("desk", "started") == [535, 540]
    assert run.spells == [("clerk 1", "on_duty", 480, 540), ("clerk 1", "overtime", 540, 545)]


def test_service_end_then_patience_ends():
    """A customer whose patience ends as a server is freed is served."""
    run = Run(desk(customers={"all": segment("08:00", "08:01", patience=4)}))
    assert run.at("desk", "started", "how") == [(480, "served"), (485, "served")]


def test_service_end_then_close():
    run = Run(desk(calendar=TURN_AWAY, customers={"all": segment("17:55", "17:56")}))
    assert run.ended == ["completed", "completed"]


def test_service_end_then_arrival():
    run = Run(desk(customers={"all": segment("08:00", "08:05")}, stages={"desk": stage(5, balk=LOSS)}))
    assert run.at("desk", "started") == [480, 485]


def test_two_services_end_by_the_number_of_the_encounter():
    """Both end at 08:05: customer 0 is served by clerk Bo. So Bo is freed first and takes who waits."""
    members = [{"name": "Ana", "shift": SHIFT, "pace": 1}, {"name": "Bo", "shift": ["08:00", "18:00"], "pace": 4}]
    scenario = desk(
        customers={"a": segment("08:00", complexity=4), "b": segment("08:00"), "c": segment("08:01")},
        staff={"clerk": {"members": members}},
    )
    run = Run({**scenario, "choose_staff": "fastest"})
    assert run.at("desk", "member", "ended")[:2] == [("Bo", 485), ("Ana", 485)]
    assert run.at("desk", "member", "started")[2] == ("Bo", 485)


# ---- a place is freed, and ... ------------------------------------------------------------------------------------


def test_place_freed_then_staff_on():
    """Customer 1 waits for a room since 08:01, customer 2, at a desk without rooms, since 08:02, both for the clerk who
    comes at 08:10, when the room is freed: she finds customer 1 in the line."""
    stages = {
        "bath": stage(10, [], takes="room"),
        "desk": stage(5, takes="room"),
        "plain": stage(5),
    }
    customers = {"a": segment("08:00", start="bath"), "b": segment("08:01"), "c": segment("08:02", start="plain")}
    run = Run(desk(customers=customers, stages=stages, staff=on_duty({"08:00": 0, "08:10": 1}), site=ROOM))
    assert run.at("desk", "started") == [490]
    assert run.at("plain", "started") == [495]


def test_place_freed_then_staff_off():
    stages = {"bath": stage(10, [], takes="room"), "desk": stage(5, takes="room")}
    customers = {"a": segment("08:00", start="bath"), "b": segment("08:01")}
    run = Run(desk(customers=customers, stages=stages, staff=on_duty({"08:00": 1, "08:10": 0}), site=ROOM))
    assert run.at("desk", "started") == [490]
    assert run.spells[-1] == ("clerk 1", "overtime", 490, 495)


def test_place_freed_then_patience_ends():
    run = Run(
        desk(
            customers={"all": segment("08:00", "08:01", patience=4)},
            stages={"desk": stage(5, [], takes="room")},
            staff={},
            site=ROOM,
        )
    )
    assert run.at("desk", "how") == ["served", "served"]


def test_place_freed_then_close():
    run = Run(
        desk(
            calendar=TURN_AWAY,
            customers={"all": segment("17:55", "17:56")},
            stages={"desk": stage(5, [], takes="room")},
            staff={},
            site=ROOM,
        )
    )
    assert run.ended == ["completed", "completed"]


def test_place_freed_then_arrival():
    stages = {"desk": stage(5, [], takes="room", balk=LOSS)}
    run = Run(desk(customers={"all": segment("08:00", "08:05")}, stages=stages, staff={}, site=ROOM))
    assert run.at("desk", "started") == [480, 485]


# ---- staff comes on, and ... --------------------------------------------------------------------------------------


def test_staff_on_then_staff_off():
    """Ana's break ends as her shift does: she takes who waits, in overtime."""
    ana = {"name": "Ana", "shift": ["08:00", "09:00"], "breaks": [["08:30", "09:00"]]}
    run = Run(desk(customers={"all": segment("08:40")}, staff=clerks(ana)))
    assert run.at("desk", "started") == [540]
    assert run.spells[-1] == ("Ana", "overtime", 540, 545)


def test_staff_on_then_patience_ends():
    run = Run(desk(customers={"all": segment("08:50", patience=10)}, staff=on_duty({"08:00": 0, "09:00": 1})))
    assert run.at("desk", "started") == [540]


def test_staff_on_then_close():
    """Her break ends at close: she takes who waits, and stays for it."""
    ana = {"name": "Ana", "shift": SHIFT, "breaks": [["17:30", "18:00"]]}
    run = Run(desk(calendar=TURN_AWAY, customers={"all": segment("17:50")}, staff=clerks(ana)))
    assert run.ended == ["completed"]


def test_staff_on_then_arrival():
    stages = {"desk": stage(5, balk=LOSS)}
    run = Run(desk(customers={"all": segment("09:00")}, stages=stages, staff=on_duty({"08:00": 0, "09:00": 1})))
    assert run.at("desk", "started") == [540]


def test_the_opening_comes_before_arrivals_and_staff_are_there():
    stages = {"desk": stage(5, balk=LOSS)}
    run = Run(desk(customers={"all": segment("08:00")}, stages=stages))
    assert run.ended == ["completed"]


def test_several_come_on_in_position_order_over_roles():
    """The longest waiting is taken by the first of the first role, although the stage prefers the other."""
    staff = {"junior": {"on_duty": {"08:00": 0, "09:00": 1}}, "senior": {"on_duty": {"08:00": 0, "09:00": 1}}}
    stages = {"desk": stage(5, ["senior", "junior"])}
    run = Run(desk(customers={"all": segment("08:30", "08:31")}, stages=stages, staff=staff))
    assert run.at("desk", "member", "started") == [("junior 1", 540), ("senior 1", 540)]


# ---- staff goes off, and ... --------------------------------------------------------------------------------------


def test_staff_off_then_patience_ends():
    """Her own clerk goes off duty at 09:00, when her patience ends: idle Bo may then serve her, and does."""
    members = [{"name": "Ana", "shift": ["08:00", "09:00"]}, {"name": "Bo", "shift": SHIFT, "serves": {"do": 1}}]
    stages = {"plan": stage(5, next={"do": 1}), "do": stage(5, same_as="plan", or_any=True)}
    customers = {"a": segment("08:51", start="plan", patience=4), "b": segment("08:52", start="plan")}
    run = Run(desk(customers=customers, stages=stages, staff={"clerk": {"members": members, "picks": "in_order"}}))
    # Ana plans a to 08:56, plans b to 09:01 (late); a waits from 08:56 with patience to 09:00
    assert run.at("do", "joined", "started", "member")[0] == (536, 540, "Bo")


def test_who_goes_off_at_close_stays_by_the_rules_of_closing():
    """A shift to 18:00 at a site that closes at 18:00 ends by closing: she stays for who waits."""
    ana = {"name": "Ana", "shift": SHIFT}
    run = Run(desk(customers={"all": segment("17:56", "17:57")}, staff=clerks(ana)))
    assert run.at("desk", "started") == [1076, 1081]


def test_staff_off_then_arrival():
    stages = {"desk": stage(5, balk=LOSS)}
    run = Run(desk(customers={"all": segment("09:00")}, stages=stages, staff=on_duty({"08:00": 1, "09:00": 0})))
    assert run.ended == ["balked"]


def test_a_break_then_arrival():
    ana = {"name": "Ana", "shift": SHIFT, "breaks": [["09:00", "09:30"]]}
    run = Run(desk(customers={"all": segment("09:00")}, staff=clerks(ana)))
    assert run.at("desk", "started") == [570]


# ---- patience ends, close, arrivals -------------------------------------------------------------------------------


def test_patience_ends_then_close():
    run = Run(desk(calendar=TURN_AWAY, customers={"all": segment("17:58", "17:59", patience=1)}))
    assert run.ended == ["completed", "abandoned"]


def test_patience_ends_then_arrival():
    """Nobody joins where one waits: at 08:03 she who waits gives up, then the other arrives."""
    customers = {"a": segment("08:00"), "b": segment("08:01", patience=2), "c": segment("08:03")}
    run = Run(desk(customers=customers, stages={"desk": stage(5, balk={"queue_at_least": 1})}))
    assert run.ended == ["completed", "abandoned", "completed"]


def test_close_then_arrival():
    assert Run(desk(customers={"all": segment("18:00", "18:00")})).ended == ["turned_away", "turned_away"]


def test_returns_and_arrivals_by_number():
    """Customer 0 comes back at 09:00, when customer 1 arrives: the lower number joins first."""
    error = {"probability": 1, "returns": 1, "after": 55, "returns_to": "query"}
    stages = {"desk": stage(5, error=error), "query": stage(5)}
    customers = {"a": segment("08:00"), "b": segment("09:00", start="query")}
    run = Run(desk(customers=customers, stages=stages))
    assert run.at("query", "segment", "started") == [("a", 540), ("b", 545)]


# ---- one at a time ------------------------------------------------------------------------------------------------


def test_what_is_created_for_the_present_instant_takes_its_place_among_those_left():
    """A service without length ends before the next of that instant arrives."""
    run = Run(desk(customers={"all": segment("08:00", "08:00", "08:00")}, stages={"desk": stage(0, balk=LOSS)}))
    assert run.ended == ["completed"] * 3
    assert run.at("desk", "started", "ended") == [(480, 480)] * 3


def test_patience_nought_ends_after_what_else_frees_staff_at_that_instant():
    """She joins at 09:00 from a stage without staff, finds the clerk busy; his service ends at 09:00 too, after hers."""
    stages = {"walk": stage(5, [], next={"desk": 1}), "desk": stage(10)}
    customers = {"a": segment("08:55", start="walk", patience=0), "b": segment("08:50")}
    run = Run(desk(customers={"a": customers["a"], "b": customers["b"]}, stages=stages))
    assert run.at("desk", "how", "started") == [("served", 530), ("served", 540)]


def test_the_customer_joins_before_the_freed_member_picks():
    """Clerk 1 ends at the desk; idle clerk 2 takes her at the till."""
    stages = {"desk": stage(5, next={"till": 1}), "till": stage(5)}
    run = Run(desk(stages=stages, staff={"clerk": {"count": 2}}))
    assert run.at("till", "member", "started") == [("clerk 2", 485)]


def test_the_freed_member_may_take_her_from_the_line_or_who_joined_before():
    stages = {"desk": stage(5, next={"till": 1}), "till": stage(5)}
    run = Run(desk(customers={"all": segment("08:00")}, stages=stages))
    assert run.at("till", "started") == [485]
    run = Run(desk(customers={"all": segment("08:00", "08:01")}, stages=stages))
    assert run.at("desk", "started") == [480, 485]
    assert run.at("till", "joined", "started") == [(485, 490), (490, 495)]
