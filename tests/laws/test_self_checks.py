"""Every run checks itself; a log that breaks a law is caught, whichever law it is."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from sim.errors import GuardStop, ModelError, SelfCheckError
from sim.flow.invariants import Invariants
from sim.flow.log import Ended, Spell, VisitEnded
from tests.by_hand.run import ENCOUNTER, VISIT, Run, desk, stage
from tests.laws.sites import busy

RUN = Run(busy())
ONE = Run(desk(customers={"all": {"arrivals": {"rate": "10/h"}, "start": "desk"}}))


def check(run, blocks):
    invariants = Invariants(run.site)
    for log in blocks:
        invariants.add(log)
    invariants.finish(blocks[-1])


def altered(log, name, at, value):
    column = getattr(log, name).copy()
    column[at] = value
    return replace(log, **{name: column})


def without_encounter(log, row):
    """The block with one encounter, and its visits, gone."""
    keep, keep_visit = np.arange(len(log.number)) != row, log.encounter != row
    columns = {name: getattr(log, name)[keep] for name in ENCOUNTER}
    columns |= {name: getattr(log, name)[keep_visit] for name in VISIT}
    shifted = log.encounter[keep_visit]
    return replace(log, **columns, encounter=shifted - (shifted > row))


@pytest.mark.parametrize("run", [RUN, ONE])
def test_a_sound_log_passes(run):
    check(run, run.blocks)


def test_an_encounter_that_is_lost_is_caught():
    with pytest.raises(SelfCheckError, match=r"were accounted for.*seed 1, replication 0"):
        check(ONE, [without_encounter(ONE.blocks[0], 3)])


def test_an_encounter_too_many_is_caught():
    last = ONE.blocks[-1]
    with pytest.raises(SelfCheckError, match="arrived"):
        check(ONE, [replace(last, arrivals=last.arrivals - 1)])


def test_an_encounter_of_another_segment_is_caught():
    blocks = [altered(RUN.blocks[0], "segment", 0, 1 - RUN.blocks[0].segment[0]), *RUN.blocks[1:]]
    with pytest.raises(SelfCheckError, match="segment"):
        check(RUN, blocks)


@pytest.mark.parametrize("shift", [1, -1])
def test_little_s_law_fails_by_a_microsecond(shift):
    log = RUN.blocks[0]
    at = int(np.argmax((log.started_us > log.joined_us) & (log.member >= 0)))
    assert log.started_us[at] > log.joined_us[at]
    blocks = [altered(log, "joined_us", at, log.joined_us[at] + shift), *RUN.blocks[1:]]
    with pytest.raises(SelfCheckError, match="Little's law fails at stage"):
        check(RUN, blocks)


def test_a_balk_that_had_waited_is_caught():
    log = RUN.blocks[0]
    at = int(np.argmax(log.visit_ended_as == VisitEnded.ABANDONED))
    blocks = [altered(log, "visit_ended_as", at, VisitEnded.BALKED), *RUN.blocks[1:]]
    with pytest.raises(SelfCheckError, match="Little"):
        check(RUN, blocks)


def test_a_negative_wait_is_caught():
    log = ONE.blocks[0]
    with pytest.raises(SelfCheckError, match="a wait is negative"):
        check(ONE, [altered(log, "joined_us", 0, log.started_us[0] + 1)])


def test_a_negative_service_is_caught():
    log = ONE.blocks[0]
    with pytest.raises(SelfCheckError, match="a service is negative"):
        check(ONE, [altered(log, "ended_us", 0, log.started_us[0] - 1)])


def test_two_customers_at_once_are_caught():
    """One service prolonged by a microsecond into the next of that member."""
    run = Run(desk(customers={"all": {"arrivals": {"interarrival": 2}, "start": "desk"}}))
    log = run.blocks[0]
    with pytest.raises(SelfCheckError, match="clerk 1 served 2 customers at once"):
        check(run, [altered(log, "ended_us", 0, log.ended_us[0] + 1)])


def test_a_customer_and_a_thought_at_once_are_caught():
    """One thought prolonged by a microsecond into the next service of that member."""
    actions = {"greet": {"stage": "desk", "dimension": "empathy", "weight": 1}}
    customers = {"all": {"arrivals": {"interarrival": 2}, "start": "desk"}}
    run = Run(desk(customers=customers, actions=actions, management={"reflection": {}}, review="1 d"))
    log = run.blocks[0]
    at = int(np.argmax(log.spell_kind == Spell.REFLECTING))
    check(run, [log])
    with pytest.raises(SelfCheckError, match="clerk 1 served 2 customers at once"):
        check(run, [altered(log, "spell_end_us", at, log.spell_end_us[at] + 1)])


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("problem", 0, "complained of no problem"),
        ("voiced", 0, "nobody spoke of"),
        ("resolved", 0, "a solution without its time"),
        ("recovered_us", -1, "a solution without its time"),
    ],
)
def test_a_solution_without_a_complaint_or_a_problem_is_caught(name, value, said):
    stages = {"desk": stage(5, error={"probability": 1}), "complaints": stage(4)}
    rule = {"stage": "complaints", "voice": 1, "resolve": 1}
    run = Run(desk(stages=stages, management={"recovery": rule}))
    check(run, run.blocks)
    with pytest.raises(SelfCheckError, match=said):
        check(run, [altered(run.blocks[0], name, 0, value)])


def test_two_at_once_over_the_border_of_two_blocks():
    """The last service of day 0 runs into the first of day 1."""
    calendar = {"days": 2, "open": "08:00", "close": "18:00"}
    run = Run(desk(calendar=calendar))
    first, second = run.blocks
    with pytest.raises(SelfCheckError, match="at once"):
        check(run, [altered(first, "ended_us", 0, second.started_us[0] + 1), second])


def test_counts_by_ending_add_up_to_the_arrivals():
    ended = RUN.column("ended_as")
    assert {Ended.COMPLETED, Ended.BALKED, Ended.ABANDONED} <= set(ended.tolist())
    for s in range(len(RUN.site.segments)):
        mine = ended[RUN.column("segment") == s]
        assert sum((mine == how).sum() for how in Ended) == RUN.blocks[-1].arrivals[s]


def test_every_encounter_stands_once_in_the_log():
    numbers = RUN.column("number")
    assert sorted(numbers.tolist()) == list(range(len(numbers)))


def test_no_member_works_off_duty_and_spells_do_not_overlap():
    """Each service lies within a spell of duty or overtime of its member; at times those spells are disjoint."""
    for name in {row["member"] for row in RUN.visits} - {None}:
        spells = [(a, b) for who, kind, a, b in RUN.spells if who == name and kind in ("on_duty", "overtime")]
        assert all(b <= c for (_, b), (c, _) in itertools.pairwise(spells))
        joined = []
        for a, b in spells:
            if joined and joined[-1][1] == a:
                joined[-1][1] = b
            else:
                joined.append([a, b])
        mine = [row for row in RUN.visits if row["member"] == name]
        assert all(any(a <= r["started"] and r["ended"] <= b for a, b in joined) for r in mine)


def test_places_are_never_held_by_more_than_there_are():
    """Three rooms, held during the stage and the wait for it: those in service there are at most three."""
    steps = []
    for row in RUN.visits:
        if row["stage"] == "room" and row["started"] is not None:
            steps += [(row["started"], 1), (row["ended"], -1)]
    inside = np.cumsum([step for _, step in sorted(steps)])
    assert len(inside) > 20
    assert inside.max() <= 3


def test_the_guard_of_too_many_inside():
    crowd = {"all": {"arrivals": {"rate": "60/h"}, "start": "desk"}}
    with pytest.raises(GuardStop, match=r"more than 20 customers inside on day 0.*max_in_system"):
        Run(desk(customers=crowd, site={"max_in_system": 20}))


def test_the_guard_of_time_that_stands_still():
    """A loop of services without length, left with a chance of one in a million millions."""
    endless = {"desk": stage(0, next={"desk": 1 - 1e-12, "leave": 1e-12})}
    import sim.flow.floor as floor

    most, floor.VISITS_AT_ONE_INSTANT = floor.VISITS_AT_ONE_INSTANT, 1000
    try:
        with pytest.raises(GuardStop, match="desk: time stands still"):
            Run(desk(stages=endless))
    finally:
        floor.VISITS_AT_ONE_INSTANT = most


def test_an_impossible_duration_names_its_source():
    law = {"dist": "constant", "value": "2 min"}
    scenario = desk(stages={"desk": stage(law)}, customers={"all": {"arrivals": {"at": ["08:00"]}, "start": "desk"}})
    run = Run(scenario)
    from sim.flow.luck import _check

    with pytest.raises(ModelError, match=r"stage desk, segment all: work of customer 1 came out as -1.0 minutes"):
        _check(np.array([2.0, -1.0]), "stage desk, segment all", "work")
    assert run.ended == ["completed"]
