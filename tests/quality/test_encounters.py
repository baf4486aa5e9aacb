"""Whole encounters by hand: two visits spelled out, the lost, and those with nothing to judge."""

import numpy as np
import pytest

from sim.flow.log import Ended, VisitEnded
from sim.quality.perceive import perceive
from tests.quality.logs import Customer, Visit, action, log_of, random_log, site, stage

LAMBDA = 1.955
TANGIBLES, RELIABILITY, RESPONSIVENESS, ASSURANCE, EMPATHY = range(5)


def v(perceived, expected):
    return perceived - expected if perceived >= expected else LAMBDA * (perceived - expected)


def hotel(**numbers):
    actions = {
        "greet": action("desk", "empathy", 0.6, moment="arrival", expected=0.9, believed=0.8, promised=1.0),
        "outcome": action("desk", "reliability", 1.0, kind="outcome", expected=0.98, promised=1.0),
        "wait": action(
            "desk", "responsiveness", 1.0, kind="wait", expected=5.0, believed=7.0, required=4.0, promised=3.0
        ),
        "smile": action("help", "empathy", 0.4, moment="close", expected=0.1, required=0.0),
    }
    return site(actions, {"desk": stage(next={"help": 1.0}), "help": stage()}, **numbers)


def test_two_visits_spelled_out():
    """Five minutes of waiting, greeted, the outcome wrong; then a smile that nobody asked for."""
    visits = [Visit("desk", wait=5.0, hits=["greet"]), Visit("help", hits=["smile"])]
    seen = perceive(log_of(hotel(), [Customer(visits)]))

    felt = 1.541 * 5**0.9
    wait_e0, wait_c = 2**-0.5, 2**-0.3
    e = {
        "greet": 0.9 + 0.3 * (1 - 0.9),
        "outcome": 0.98 + 0.3 * (1 - 0.98),
        "wait": wait_e0 + 0.3 * (wait_c - wait_e0),
        "smile": 0.1,
    }
    p = {"greet": 1.0, "outcome": 0.0, "wait": 2 ** (-felt / 10), "smile": 1.0}
    omega = {"greet": 0.16, "outcome": 0.32, "wait": 0.22, "smile": 0.16}
    w = {"greet": 0.6, "outcome": 1.0, "wait": 1.0, "smile": 0.4}
    full = {k: omega[k] / 0.70 * w[k] for k in w}
    assert sum(full.values()) == pytest.approx(1.0)

    # moments: arrival (greet and wait), service (outcome), close of the second visit (smile)
    arrival = full["greet"] + full["wait"]
    utility = [
        (full["greet"] * v(1.0, e["greet"]) + full["wait"] * v(p["wait"], e["wait"])) / arrival,
        v(0.0, e["outcome"]),
        v(1.0, 0.1),
    ]
    assert seen.moment_utility == pytest.approx(utility)
    assert seen.moments.share == pytest.approx([arrival, full["outcome"], full["smile"]])
    assert seen.moments.is_peak.tolist() == [False, True, False]
    assert seen.moments.is_last.tolist() == [False, False, True]

    # only empathy has actions in two moments, so memory shifts weight there alone
    greet, smile = 0.6 * 0.5, 0.4 * (0.5 + 0.25 / full["smile"])
    greet, smile = greet / (greet + smile), smile / (greet + smile)
    kept = {"greet": greet, "smile": smile, "outcome": 1.0, "wait": 1.0}
    level = {k: omega[k] / 0.70 * kept[k] for k in kept}
    perceived = 1 + 6 * sum(level[k] * p[k] for k in p)
    surprise = 6 * sum(level[k] * v(p[k], e[k]) for k in p)
    assert seen.perceived_quality[0] == pytest.approx(perceived)
    assert seen.satisfaction[0] == pytest.approx(max(1.0, perceived + 0.4 * surprise))
    assert seen.outcome_quality[0] == pytest.approx(1.0)
    process = (level["greet"] + level["smile"] + level["wait"] * p["wait"]) / (1 - level["outcome"])
    assert seen.process_quality[0] == pytest.approx(1 + 6 * process)

    empathy = [
        1 + 6 * (0.6 * 0.9 + 0.4 * 0.1),
        1 + 6 * (0.6 * 0.8 + 0.4 * 0.1),
        1 + 6 * 0.6,
        7.0,
        7.0,
        1 + 6 * (0.6 * 0.93 + 0.4 * 0.1),
    ]
    assert seen.levels[:, 0, EMPATHY] == pytest.approx(empathy)
    waits = [2**-0.5, 2**-0.7, 2**-0.4, 2**-0.5, p["wait"], e["wait"]]
    assert seen.levels[:, 0, RESPONSIVENESS] == pytest.approx([1 + 6 * x for x in waits])
    assert np.isnan(seen.levels[:, 0, [TANGIBLES, ASSURANCE]]).all()
    assert seen.gap_weights[0, [1, 2, 4]] == pytest.approx([0.32 / 0.70, 0.22 / 0.70, 0.16 / 0.70])
    assert seen.perceived_wait_min[0] == pytest.approx(felt)
    assert np.isnan(seen.perceived_wait_min[1])


def test_an_action_met_twice_counts_half_each_time():
    visits = [Visit("desk", hits=["greet", "outcome"]), Visit("desk", hits=["outcome"], number=1)]
    seen = perceive(log_of(hotel(memory=(1.0, 0.0, 0.0)), [Customer(visits)]))
    assert seen.levels[3, 0, EMPATHY] == pytest.approx(1 + 6 * 0.5)
    assert seen.levels[3, 0, RELIABILITY] == pytest.approx(7.0)
    shares = dict(zip(seen.marks.action.tolist(), seen.weight.tolist(), strict=True))
    assert shares[0] == pytest.approx(0.16 / 0.70 / 2)


def test_an_action_met_twice_weighs_no_more_than_one_met_once():
    actions = {
        "greet": action("desk", "empathy", 0.3),
        "smile": action("help", "empathy", 0.7),
    }
    place = site(actions, {"desk": stage(), "help": stage()})
    visits = [Visit("desk", hits=["greet"]), Visit("desk", number=1), Visit("help")]
    seen = perceive(log_of(place, [Customer(visits)]))
    assert seen.weight == pytest.approx([0.15, 0.15, 0.7])
    assert seen.levels[3, 0, EMPATHY] == pytest.approx(1 + 6 * 0.15)


def test_a_lapse_that_was_fixed_is_a_hit():
    visit = Visit("desk", fixed=["outcome"])
    seen = perceive(log_of(hotel(), [Customer([visit])]))
    assert seen.outcome_quality[0] == 7.0


def test_the_wait_of_a_visit_given_up_counts_when_the_customer_comes_back():
    visits = [
        Visit("desk", wait=10.0, ended=VisitEnded.ABANDONED),
        Visit("desk", wait=0.0, hits=["greet", "outcome"], number=1, pause=20),
    ]
    seen = perceive(log_of(hotel(), [Customer(visits)]))
    assert seen.levels[3, 0, RESPONSIVENESS] == pytest.approx(1 + 6 * (0.5 * 0.5 + 0.5 * 1.0))
    assert seen.levels[3, 0, [RELIABILITY, EMPATHY]] == pytest.approx([7.0, 7.0])


def lost(ended, visits=(), place=None, **numbers):
    seen = perceive(log_of(place or hotel(**numbers), [Customer(visits, ended)]))
    assert np.isnan(seen.satisfaction[0])
    assert np.isnan(seen.perceived_quality[0])
    assert np.isnan(seen.gaps).all()
    return float(seen.satisfaction_all[0])


def test_who_gives_up_is_judged_by_the_wait_and_the_outcome_missed():
    score = lost(Ended.ABANDONED, [Visit("desk", wait=10.0, ended=VisitEnded.ABANDONED)], disconfirmation=0.05)
    felt = 2 ** (-1.541 * 10**0.9 / 10)
    expected = 2**-0.5 + 0.3 * (2**-0.3 - 2**-0.5)
    wait, outcome = 0.22 / 0.54, 0.32 / 0.54
    surprise = 6 * (wait * v(felt, expected) + outcome * v(0.0, 0.986))
    assert score == pytest.approx(1 + 6 * wait * felt + 0.05 * surprise)
    assert score > 1


def test_service_before_giving_up_does_not_excuse_it():
    """Lost at the second stage, which has no outcome and leads nowhere: the wait, whatever the service."""
    visits = [
        Visit("desk", wait=2.0, hits=["greet", "outcome"]),
        Visit("help", wait=9.0, ended=VisitEnded.ABANDONED),
    ]
    felt = 2 ** (-1.541 * 2**0.9 / 10)
    expected = 2**-0.5 + 0.3 * (2**-0.3 - 2**-0.5)
    score = lost(Ended.ABANDONED, visits, disconfirmation=0.05)
    assert score == pytest.approx(1 + 6 * felt + 0.05 * 6 * v(felt, expected))


@pytest.mark.parametrize(
    ("ended", "visits"),
    [
        (Ended.BLOCKED, []),
        (Ended.BALKED, [Visit("desk", ended=VisitEnded.BALKED)]),
        (Ended.TURNED_AWAY, [Visit("desk", ended=VisitEnded.TURNED_AWAY)]),
        (Ended.TURNED_AWAY, []),
    ],
)
def test_who_never_waited_is_judged_by_the_outcome_missed(ended, visits):
    """A wait of nothing would be worth 7; to be sent off without one is no merit."""
    assert lost(ended, visits, disconfirmation=0.0) == 1.0


def test_who_waited_until_closing_is_judged_by_the_wait_too():
    score = lost(Ended.TURNED_AWAY, [Visit("desk", wait=1.0, ended=VisitEnded.TURNED_AWAY)], disconfirmation=0.0)
    assert score == pytest.approx(1 + 6 * 0.22 / 0.54 * 2 ** (-1.541 / 10))


def test_the_outcome_missed_may_lie_ahead():
    actions = {
        "queue_wait": action("queue", "responsiveness", kind="wait"),
        "meal": action("eat", "reliability", kind="outcome", expected=0.5),
        "bill": action("pay", "assurance", kind="outcome", expected=0.5),
    }
    stages = {
        "queue": stage(next={"host": 1.0}),
        "host": stage(next={"eat": 0.9, "leave": 0.1}),
        "eat": stage(next={"pay": 1.0}),
        "pay": stage(),
    }
    place = site(actions, stages)
    customers = [
        Customer([Visit("queue", ended=VisitEnded.BALKED)], Ended.BALKED),
        Customer([Visit("queue"), Visit("host"), Visit("eat"), Visit("pay", ended=VisitEnded.BALKED)], Ended.BALKED),
    ]
    seen = perceive(log_of(place, customers))
    missed = seen.marks.visit < 0
    assert seen.marks.encounter[missed].tolist() == [0, 1]
    assert [seen.judgement.names[k] for k in seen.marks.action[missed]] == ["meal", "bill"]


def test_where_there_is_no_outcome_the_wait_alone():
    actions = {"wait": action(kind="wait", dimension="responsiveness"), "greet": action()}
    gave_up = lost(Ended.ABANDONED, [Visit(wait=10.0, ended=VisitEnded.ABANDONED)], site(actions, disconfirmation=0.0))
    assert gave_up == pytest.approx(1 + 6 * 2 ** (-1.541 * 10**0.9 / 10))
    assert np.isnan(lost(Ended.BLOCKED, [], site(actions)))
    assert np.isnan(lost(Ended.BALKED, [Visit(ended=VisitEnded.BALKED)], site(actions)))


def test_the_unfinished_are_not_judged():
    visits = [Visit("desk", hits=["greet"]), Visit("help", wait=5.0, ended=VisitEnded.WAITING)]
    assert np.isnan(lost(Ended.UNFINISHED, visits))
    assert np.isnan(lost(Ended.UNFINISHED, [Visit("desk", ended=VisitEnded.IN_SERVICE)]))


def test_an_encounter_that_met_no_action_has_no_judgement():
    place = site({"smile": action("help")}, {"desk": stage(), "help": stage()})
    seen = perceive(log_of(place, [Customer([Visit("desk", wait=3.0)]), Customer([Visit("help")])]))
    assert np.isnan(seen.satisfaction).tolist() == [True, False]
    assert np.isnan(seen.satisfaction_all).tolist() == [True, False]
    assert np.isnan(seen.outcome_quality).all()
    assert (seen.zone[0] == -9).all()


def test_actions_without_weight_are_no_judgement():
    place = site({"greet": action(weight=0.0), "outcome": action(dimension="reliability", kind="outcome")})
    seen = perceive(log_of(place, [Customer([Visit(hits=["outcome"])])]))
    assert np.isnan(seen.levels[:, 0, EMPATHY]).all()
    assert seen.perceived_quality[0] == 7.0
    assert np.isnan(seen.process_quality[0])
    nothing = perceive(log_of(site({"greet": action(weight=0.0)}), [Customer([Visit()])]))
    assert np.isnan(nothing.satisfaction_all).all()


def test_a_plain_queue_is_judged_by_nobody():
    seen = perceive(log_of(site({}), [Customer([Visit(wait=2.0)]), Customer([], Ended.BLOCKED)]))
    assert np.isnan(seen.satisfaction_all).all()
    assert seen.levels.shape == (6, 2, 5)
    assert np.isnan(seen.perceived_wait_min).tolist() == [True]


@pytest.mark.parametrize("numbers", [{}, {"expectation_spread": 0.08, "perceived_wait": (1.541, 0.90, 0.35)}])
def test_an_empty_block(numbers):
    seen = perceive(log_of(hotel(**numbers), []))
    assert seen.satisfaction.shape == (0,)
    assert seen.gaps.shape == (5, 0, 5)


@pytest.mark.parametrize("seed", range(4))
def test_everybody_that_is_judged_is_completed_or_lost(seed):
    log = random_log(seed)
    seen = perceive(log)
    assert not np.isnan(seen.satisfaction[log.ended_as == Ended.COMPLETED]).any()
    assert np.isnan(seen.satisfaction[log.ended_as != Ended.COMPLETED]).all()
    assert (np.isnan(seen.satisfaction_all) == (log.ended_as == Ended.UNFINISHED)).all()
