"""What can be seen of a period: counted by hand, and the same however its days are cut."""

from dataclasses import replace
from functools import reduce
from operator import add

import numpy as np
import pytest

from sim.flow.log import AUTOMATED, FIXED, NEVER, Cause, Ended, Spell, VisitEnded
from sim.management.asked import asked
from sim.management.observed import observe
from sim.quality.loyalty import return_probability
from sim.quality.perceive import perceive
from sim.quality.tables import judgement_of
from tests.management.hand import lived, same, site, start
from tests.quality.logs import Customer, Visit, log_of

MINUTE = 60_000_000
SERVED, LOST = VisitEnded.SERVED, VisitEnded.ABANDONED


def quiet(**changes):
    """Without chance in what customers perceive or expect."""
    return site(quality={"perceived_wait": {"sd": 0}, "expectation_spread": 0}, **changes)


def by_hand(place, customers, causes=None, members=None, spells=()):
    """A log of these customers; causes and members of its visits as told, and spells of reflection."""
    log = log_of(place, customers)
    codes = log.causes if causes is None else np.array(causes, dtype=np.uint8)
    return replace(
        log,
        causes=codes,
        member=log.member if members is None else np.array(members),
        spell_member=np.array([m for m, _ in spells], dtype=np.int64),
        spell_kind=np.array([k for _, k in spells], dtype=np.int64),
        spell_start_us=np.zeros(len(spells), dtype=np.int64),
        spell_end_us=np.zeros(len(spells), dtype=np.int64),
    )


def seen_in(log):
    judgement = judgement_of(log.site)
    return observe(log, perceive(log, judgement), judgement)


def test_work_by_member_and_lapses_by_role():
    """Columns at the desk: greet, confirm, recap (not required); at the bar: serve."""
    place = quiet()
    none = Cause.NOT_PERFORMED
    customers = [Customer([Visit("desk")], segment="guest") for _ in range(3)]
    customers += [Customer([Visit("desk"), Visit("bar")], segment="guest")]
    causes = [
        [Cause.HIT, Cause.KNOWLEDGE, Cause.NOT_REQUIRED],
        [Cause.LOAD, Cause.LOAD | FIXED, Cause.KNOWLEDGE],
        [Cause.HIT | AUTOMATED, Cause.FATIGUE, Cause.NOT_REQUIRED],
        [Cause.WILLINGNESS, Cause.HIT, Cause.HIT],
        [Cause.KNOWLEDGE, none, none],
    ]
    seen = seen_in(by_hand(place, customers, causes, members=[0, 1, 0, 1, 2]))
    expected = np.zeros((3, 16), dtype=int)
    for member, cause, times in [
        *[(0, Cause.HIT, 1), (0, Cause.KNOWLEDGE, 1), (0, Cause.NOT_REQUIRED, 2), (0, Cause.FATIGUE, 1)],
        *[(1, Cause.LOAD, 1), (1, Cause.HIT, 3), (1, Cause.KNOWLEDGE, 1), (1, Cause.WILLINGNESS, 1)],
        (2, Cause.KNOWLEDGE, 1),
    ]:
        expected[member, cause] = times
    assert seen.work.tolist() == expected.tolist()
    greet, confirm, _, serve, _ = range(5)
    lapses = np.zeros((2, 5), dtype=int)
    lapses[0, greet] = 2
    lapses[0, confirm] = 2  # the lapse that was put right is none
    lapses[1, serve] = 1
    assert seen.missed.tolist() == lapses.tolist()  # a miss of what is not required is no lapse


def test_outcomes_are_no_work_done():
    """Columns at the desk: greet, and whether the answer was right. Its errors are lapses all the same."""
    actions = {
        "greet": {"stage": "desk", "dimension": "empathy", "weight": 1},
        "answer": {"stage": "desk", "kind": "outcome", "dimension": "reliability", "weight": 1},
    }
    place = quiet(actions=actions)
    customers = [Customer([Visit("desk")], segment="guest") for _ in range(2)]
    seen = seen_in(by_hand(place, customers, [[Cause.LOAD, Cause.HIT], [Cause.HIT, Cause.ERROR]], [0, 0]))
    assert {c: n for c, n in enumerate(seen.work[0].tolist()) if n} == {Cause.LOAD: 1, Cause.HIT: 1}
    assert seen.missed.tolist() == [[1, 1], [0, 0]]


def test_where_customers_serve_themselves_nobody_has_missed():
    actions = {
        "clean": {"stage": "bar", "dimension": "tangibles", "weight": 1, "by": "clerk"},
        "light": {"stage": "bar", "dimension": "empathy", "weight": 1},
    }
    stages = {
        "desk": {"staff": ["clerk"], "work": 3, "next": {"bar": 1}},
        "bar": {"staff": [], "work": 2},
    }
    place = quiet(actions=actions, stages=stages, staff={"clerk": {"count": 1}})
    log = by_hand(place, [Customer([Visit("bar")], segment="guest")], [[Cause.KNOWLEDGE, Cause.KNOWLEDGE]], [NEVER])
    seen = seen_in(log)
    assert seen.missed.tolist() == [[0, 0]]
    assert not seen.work.any()


def test_reflections():
    spells = [(0, Spell.REFLECTING), (0, Spell.ON_DUTY), (0, Spell.REFLECTING), (2, Spell.REFLECTING)]
    seen = observe(by_hand(quiet(), [], np.zeros((0, 3)), None, spells), None, None)
    assert seen.reflections.tolist() == [2, 0, 1]


def test_opinions_by_segment_those_who_were_lost_included():
    """Served with all she wants and an attractive extra: delighted. Served with nothing: dissatisfied, as is she who
    gave up. The unfinished has no opinion yet."""
    actions = {
        "greet": {"stage": "desk", "dimension": "empathy", "weight": 0.5, "expected": 0.9},
        "gift": {"stage": "desk", "dimension": "empathy", "weight": 0.5, "expected": 0.1},
        "answer": {"stage": "desk", "kind": "outcome", "dimension": "reliability", "weight": 1},
    }
    place = quiet(actions=actions)
    customers = [
        Customer([Visit("desk", hits=["greet", "gift", "answer"])], segment="guest"),
        Customer([Visit("desk")], segment="guest"),
        Customer([Visit("desk", wait=9, ended=LOST)], Ended.ABANDONED, segment="guest"),
        Customer([Visit("desk", wait=9, ended=VisitEnded.WAITING)], Ended.UNFINISHED, segment="guest"),
        Customer([Visit("desk", hits=["greet", "answer"])], segment="member"),
    ]
    log = log_of(place, customers)
    seen, perception = seen_in(log), perceive(log)
    assert seen.judged.tolist() == [3, 1]
    assert seen.delighted.tolist() == [1, 0]
    assert seen.dissatisfied.tolist() == [2, 0]
    chance = return_probability(perception.satisfaction, 1.1945, 5.0)
    assert seen.return_chance(0) == pytest.approx((chance[0] + chance[1]) / 2, abs=1e-11)
    assert seen.return_chance(1) == pytest.approx(chance[4], abs=1e-11)


def test_what_was_met_and_how_waits_felt():
    """Two guests were served, after 4 and 10 minutes that feel like 1.541 × w^.9; one gave up: she met nothing."""
    place = quiet()
    customers = [
        Customer([Visit("desk", wait=4, hits=["greet", "confirm"])], segment="guest"),
        Customer([Visit("desk", wait=10, hits=["greet"]), Visit("bar", hits=["serve"])], segment="guest"),
        Customer([Visit("desk", wait=50, ended=LOST)], Ended.ABANDONED, segment="guest"),
    ]
    seen = seen_in(log_of(place, customers))
    greet, confirm, recap, serve, wait = range(5)
    assert [seen.experienced(a, 0) for a in (greet, confirm, recap, serve)] == [1.0, 0.5, 0.0, 1.0]
    felt = 1.541 * (4**0.9 + 10**0.9) / 2
    assert seen.experienced(wait, 0) == pytest.approx(felt, abs=2.0**-20)
    assert [seen.experienced(a, 1) for a in range(5)] == [None] * 5
    assert seen.return_chance(1) is None


BUSY = {
    "calendar": {"days": 6, "open": "09:00", "close": "12:00"},
    "review": "5 d",
    "management": {"research": {"every": "5 d", "n": 25}},
}


def test_days_add_up_in_any_order_and_grouping():
    place = site(**BUSY)
    logs, perceptions, judgement = lived(place, start(place))
    days = [observe(log, p, judgement) for log, p in zip(logs, perceptions, strict=True)]
    forward = reduce(add, days)
    assert same(forward, reduce(add, days[::-1]))
    assert same(forward, (days[0] + days[1]) + (days[2] + (days[3] + (days[4] + days[5]))))
    assert len(forward.wave.answers) == 25
    assert forward.judged.sum() > 200


def test_a_smaller_wave_is_a_part_of_a_larger_one():
    place = site(**BUSY)
    logs, perceptions, judgement = lived(place, start(place))
    waves = {
        n: reduce(add, [asked(log, p, judgement, n) for log, p in zip(logs, perceptions, strict=True)]).answers
        for n in (0, 10, 40, 10_000)
    }
    assert [len(waves[n]) for n in (0, 10, 40)] == [0, 10, 40]
    assert waves[10] == waves[40][:10] == waves[10_000][:10]
    assert len({(a.segment, a.day, a.index) for a in waves[10_000]}) == len(waves[10_000])


def test_a_customer_states_what_she_had_expected_once_for_each_action():
    """Twice at the desk, where waits are explained: the second wait's value is stated as of a half-value of 10."""
    stages = {
        "desk": {"staff": ["clerk"], "work": 3, "waiting": {"explained": True}, "next": {"bar": 0.5, "leave": 0.5}},
        "bar": {"staff": ["barman"], "work": 2, "next": {"leave": 1}},
    }
    place = quiet(stages=stages)
    customers = [
        Customer([Visit("desk", wait=8, hits=["greet"]), Visit("desk", wait=20, number=1)], segment="guest", index=k)
        for k in range(40)
    ]
    log = log_of(place, customers)
    judgement = judgement_of(place)
    wave = asked(log, perceive(log, judgement), judgement, 1000)
    assert wave.answers
    for answer in wave.answers:
        stated = dict(answer.stated)
        assert len(answer.stated) == len(stated) == 4
        assert [stated[a] for a in (0, 1, 2)] == [0.9, 0.6, 0.6]
        assert stated[4] == pytest.approx(2 ** (-5 / 10), rel=1e-14)


def test_without_a_word_she_states_what_she_expected_of_the_wait():
    """Each with her own taste, to the bit."""
    place = site(**BUSY)
    logs, perceptions, judgement = lived(place, start(place))
    log, perception = logs[0], perceptions[0]
    marks, wait = perception.marks, judgement.names.index("wait")
    of = dict(zip(marks.encounter[marks.action == wait], perception.values[0, marks.action == wait], strict=True))
    who = {(d, i, s): row for row, (d, i, s) in enumerate(zip(log.day, log.index, log.segment, strict=True))}
    stated = [
        (who[a.day, a.index, a.segment], dict(a.stated)[wait]) for a in asked(log, perception, judgement, 999).answers
    ]
    assert len({value for _, value in stated}) > 5
    assert all(value == of[row] for row, value in stated)
