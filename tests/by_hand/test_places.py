"""Tables, rooms, lines: seized, held across stages and freed. Worked out by hand."""

from tests.by_hand.run import Run, desk, segment, stage

STAFF = {"waiter": {"count": 1}, "cook": {"count": 1}}


def restaurant(customers, *, tables=1, order=None, meal=None, staff=None, places=None, **changes):
    stages = {
        "order": order or stage(2, ["waiter"], takes="table", next={"meal": 1}),
        "meal": meal or stage(10, [], frees="table"),
    }
    return Run(
        desk(
            customers=customers,
            stages=stages,
            staff=staff or {"waiter": {"count": 1}},
            site={"places": places or {"table": tables}},
            **changes,
        )
    )


def test_a_place_is_held_from_where_it_is_taken_to_where_it_is_freed():
    """One table: the second party sits down when the first one's meal has ended, at 08:12."""
    run = restaurant({"all": segment("08:00", "08:01", start="order")})
    assert run.at("order", "joined", "started", "wait") == [(480, 480, 0), (481, 492, 11)]


def test_the_wait_for_place_and_staff_is_one_wait_in_one_queue():
    """Table free at 08:12, the waiter at 08:14 (he serves a walk-in at the bar): patience counts the whole."""
    stages = {
        "order": stage(2, ["waiter"], takes="table", next={"meal": 1}),
        "meal": stage(10, [], frees="table"),
        "bar": stage(3, ["waiter"]),
    }
    customers = {"all": segment("08:00", "08:01", start="order"), "bar": segment("08:11", start="bar")}
    scenario = desk(customers=customers, stages=stages, staff={"waiter": {"count": 1}}, site={"places": {"table": 1}})
    assert Run(scenario).at("order", "started") == [480, 494]
    scenario["customers"]["all"]["patience"] = 12.5
    assert Run(scenario).at("order", "how", "ended") == [("served", 482), ("abandoned", 493.5)]
    scenario["customers"]["all"]["patience"] = 10
    assert Run(scenario).at("order", "how", "ended") == [("served", 482), ("abandoned", 491)]


def test_who_waits_for_staff_holds_the_place_already():
    """Two tables, waiter busy: customer 1 and 2 sit; 3 finds none. 1 gives up at 08:04: her table goes to 3 at once."""
    customers = {
        "a": segment("08:00", start="order"),
        "b": segment("08:01", start="order", patience=3),
        "c": segment("08:02", start="order"),
    }
    run = restaurant(customers, tables=2, order=stage(6, ["waiter"], takes="table", next={"meal": 1}))
    assert run.at("order", "how", "started", "ended") == [
        ("served", 480, 486), ("abandoned", None, 484), ("served", 486, 492),
    ]  # fmt: skip


def test_visits_that_need_no_place_are_not_held_up():
    """Customer 1 waits for the table, customer 2 at the same waiter's bar does not."""
    stages = {
        "order": stage(2, ["waiter"], takes="table", next={"meal": 1}),
        "meal": stage(10, [], frees="table"),
        "bar": stage(3, ["waiter"]),
    }
    customers = {"all": segment("08:00", "08:01", start="order"), "bar": segment("08:03", start="bar")}
    run = Run(desk(customers=customers, stages=stages, staff={"waiter": {"count": 1}}, site={"places": {"table": 1}}))
    assert run.at("bar", "started") == [483]
    assert run.at("order", "started") == [480, 492]


def test_who_holds_the_place_already_needs_no_other():
    """A second course at the same table."""
    stages = {
        "order": stage(2, ["waiter"], takes="table", next={"again": 1}),
        "again": stage(3, ["waiter"], takes="table", next={"pay": 1}),
        "pay": stage(1, [], frees="table"),
    }
    run = Run(
        desk(
            customers={"all": segment("08:00", "08:01", start="order")},
            stages=stages,
            staff={"waiter": {"count": 1}},
            site={"places": {"table": 1}},
        )
    )
    assert run.at("again", "started", "ended")[0] == (482, 485)
    assert run.at("order", "started") == [480, 486]


def test_a_place_is_freed_when_the_encounter_ends():
    """No stage frees it: leaving does."""
    run = restaurant({"all": segment("08:00", "08:01", start="order")}, meal=stage(10, []))
    assert run.at("order", "started") == [480, 492]


def test_by_size_the_first_that_fits_and_is_free():
    """A pair takes the small table, the next pair the large one; a party of four waits for the large, and a pair behind
    it takes the small one as soon as it is free."""
    order = stage(1, ["waiter"], takes=[{"place": "small", "up_to": 2}, {"place": "large"}], next={"meal": 1})
    customers = {
        "pair": segment("08:00", "08:01", "08:04", start="order", group=2),
        "four": segment("08:03", start="order", group=4),
    }
    run = restaurant(customers, order=order, meal=stage(10, []), places={"small": 1, "large": 1})
    # meals end at 08:11 (small) and 08:12 (large)
    assert run.at("order", "segment", "started") == [("pair", 480), ("pair", 481), ("four", 492), ("pair", 491)]


def test_a_free_place_goes_to_the_earliest_joined_over_all_stages():
    stages = {
        "seat": stage(5, [], takes="room"),
        "other": stage(5, [], takes="room"),
    }
    customers = {
        "a": segment("08:00", "08:02", start="seat"),
        "b": segment("08:01", start="other"),
    }
    run = Run(desk(customers=customers, stages=stages, staff={}, site={"places": {"room": 1}}))
    assert [(row["segment"], row["started"]) for row in sorted(run.visits, key=lambda r: r["started"])] == [
        ("a", 480), ("b", 485), ("a", 490),
    ]  # fmt: skip


def test_at_a_self_service_stage_who_waits_for_a_place_is_in_a_queue():
    run = Run(
        desk(
            customers={"all": segment("08:00", "08:01", start="seat", patience=2)},
            stages={"seat": stage(5, [], takes="room")},
            staff={},
            site={"places": {"room": 1}},
        )
    )
    assert run.at("seat", "how", "ended", "member") == [("served", 485, None), ("abandoned", 483, None)]


def test_after_a_late_place_she_stands_where_she_joined():
    """Both wait for the waiter after the tables are freed at 08:12 and 08:10: the earlier joined is served first."""
    order = stage(1, ["waiter"], takes=[{"place": "small", "up_to": 2}, {"place": "large"}], next={"meal": 1})
    stages = {"order": order, "meal": stage({"dist": "by_time", "08:00": 10}, []), "bar": stage(9, ["waiter"])}
    customers = {
        "four": segment("08:00", "08:02", start="order", group=4),
        "pair": segment("08:00", "08:03", start="order", group=2),
        "bar": segment("08:08", start="bar"),
    }
    run = Run(
        desk(
            customers=customers,
            stages=stages,
            staff={"waiter": {"count": 1}},
            site={"places": {"small": 1, "large": 1}},
        )
    )
    # four sits at large 08:00, ordered 08:01, leaves 08:11; pair at small, ordered 08:02, leaves 08:12; waiter free 08:17
    assert run.at("order", "segment", "started") == [("four", 480), ("pair", 481), ("four", 497), ("pair", 498)]
