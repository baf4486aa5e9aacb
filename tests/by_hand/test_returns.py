"""Coming back: returns after an error, retries after giving up. Worked out by hand."""

import pytest

from tests.by_hand.run import Run, clock, desk, segment, stage


def faulty(after, *, probability=1, returns=1, to="query", **more):
    error = {"probability": probability, "returns": returns, "after": after, "returns_to": to}
    return {"desk": stage(5, error=error, **more), "query": stage(2)}


def test_an_error_brings_her_back_to_the_stage_named():
    run = Run(desk(stages=faulty("2 h")))
    assert [(row["stage"], row["joined"], row["error"]) for row in run.visits] == [("desk", 480, 1), ("query", 605, 0)]
    row = run.encounters[0]
    assert (row["left"], row["away"], row["ended"], row["return_lost"]) == (607, 120, "completed", False)


def test_without_a_stage_named_she_comes_back_to_this_one_on_a_second_visit():
    error = {"probability": 1, "returns": 1, "after": 60}
    stages = {"desk": stage(5, error=error, next={"out": 1}), "out": stage(1, [])}
    run = Run(desk(calendar={"days": 1, "open": "08:00", "close": "09:30"}, stages=stages))
    assert run.at("desk", "visit", "joined") == [(0, 480), (1, 546)]
    assert run.encounters[0]["return_lost"]
    assert run.ended == ["completed"]


def test_the_time_counts_from_leaving_not_from_the_error():
    """Half an hour at the next stage; the return is due a minute after that."""
    stages = faulty(1, next={"next": 1}) | {"next": stage(30, ["other"])}
    run = Run(desk(stages=stages, staff={"clerk": {"count": 1}, "other": {"count": 1}}))
    assert [(row["stage"], row["joined"]) for row in run.visits] == [("desk", 480), ("next", 485), ("query", 516)]
    assert run.encounters[0]["away"] == 1


@pytest.mark.parametrize("probability", [0, 1])
def test_only_that_share_of_uncaught_errors_comes_back(probability):
    run = Run(desk(stages=faulty(60, returns=probability)))
    assert len(run.visits) == 1 + probability


def test_at_most_one_is_pending():
    """Errors at both stages of one passage: she comes back once, for the first."""
    error = {"probability": 1, "returns": 1, "after": 60}
    stages = {
        "desk": stage(5, error={**error, "returns_to": "first"}, next={"till": 1}),
        "till": stage(5, error={**error, "returns_to": "second"}),
        "first": stage(1),
        "second": stage(1),
    }
    run = Run(desk(stages=stages))
    assert [row["stage"] for row in run.visits] == ["desk", "till", "first"]


def test_away_she_is_not_on_site_and_holds_no_place():
    """Room for one, one table: while she is away another comes and goes."""
    stages = {
        "desk": stage(5, [], takes="table", error={"probability": 1, "returns": 1, "after": 30, "returns_to": "end"}),
        "end": stage(1, []),
    }
    scenario = desk(
        customers={"all": segment("08:00"), "b": segment("08:06")},
        stages=stages,
        staff={},
        site={"capacity": 1, "places": {"table": 1}},
    )
    run = Run(scenario)
    assert run.at("desk", "started") == [480, 486]
    assert run.ended == ["completed", "completed"]


def test_a_return_finds_the_site_full_and_is_blocked():
    customers = {"all": segment("08:00"), "other": segment("08:14", start="query")}
    run = Run(desk(customers=customers, stages=faulty(10), site={"capacity": 1}))
    assert run.ended == ["blocked", "completed"]


def test_due_when_the_site_is_closed_she_comes_at_the_next_opening():
    run = Run(desk(calendar={"days": 3, "open": "08:00", "close": "18:00", "week": ["mon", "wed"]},
                   customers={"all": segment({"time": "17:00", "day": 0})}, stages=faulty("2 h")))  # fmt: skip
    assert run.at("query", "joined") == [clock("08:00", 2)]
    assert run.encounters[0]["away"] == clock("08:00", 2) - 1025


def test_beyond_the_horizon_a_return_counts_as_completed():
    run = Run(desk(stages=faulty("20 h")))
    row = run.encounters[0]
    assert (row["ended"], row["return_lost"], row["left"], row["away"]) == ("completed", True, 485, 0)


RETRY = {"probability": 1, "after": 20}


def impatient(*at, **more):
    return {"first": segment("08:00"), "all": segment(*at, patience=1, **more)}


def test_who_gives_up_tries_again():
    """Busy from 08:00 to 08:30: she gives up at 08:02, tries at 08:22, gives up at 08:23, tries at 08:43 with success."""
    run = Run(desk(customers=impatient("08:01"), stages={"desk": stage(30, retry=RETRY)}))
    mine = [(r["visit"], r["joined"], r["how"], r["ended"]) for r in run.visits if r["segment"] == "all"]
    assert mine == [(0, 481, "abandoned", 482), (1, 502, "abandoned", 503), (2, 523, "served", 553)]
    row = run.encounters[1]
    assert (row["ended"], row["away"], row["left"]) == ("completed", 40, 553)


def test_who_balks_tries_again_too():
    run = Run(
        desk(customers={"all": segment("08:00", "08:01")}, stages={"desk": stage(5, balk={"if_wait": 1}, retry=RETRY)})
    )
    assert run.ended == ["completed", "completed"]
    assert run.at("desk", "how", "joined")[1:] == [("balked", 481), ("served", 501)]


def test_who_is_turned_away_does_not():
    calendar = {"days": 2, "open": "08:00", "close": "18:00", "at_close": "turn_away"}
    customers = {"all": segment({"time": "17:58", "day": 0}, {"time": "17:59", "day": 0})}
    run = Run(desk(calendar=calendar, customers=customers, stages={"desk": stage(5, retry=RETRY)}))
    assert run.ended == ["completed", "turned_away"]


def test_beyond_the_horizon_a_retry_counts_as_abandoned():
    run = Run(desk(customers=impatient("17:50"), stages={"desk": stage("9.9 h", retry=RETRY)}))
    row = run.encounters[1]
    assert (row["ended"], row["return_lost"], row["left"]) == ("abandoned", True, 1071)


def test_the_retry_s_end_is_the_encounter_s():
    """She gives up, comes back and finds the site full: blocked."""
    run = Run(desk(customers=impatient("08:01") | {"long": segment("08:10", start="lounge")},
                   stages={"desk": stage(30, retry=RETRY), "lounge": stage(60, [])}, site={"capacity": 2}))  # fmt: skip
    assert run.ended == ["completed", "blocked", "completed"]


def test_where_the_site_never_closes_the_horizon_ends_it():
    run = Run(desk(calendar={"days": 1}, customers={"all": segment("23:00")}, stages=faulty("2 h")))
    assert run.encounters[0]["return_lost"]
    run = Run(desk(calendar={"days": 2}, customers={"all": segment({"time": "23:00", "day": 0})}, stages=faulty("2 h")))
    assert run.at("query", "joined") == [1505]
