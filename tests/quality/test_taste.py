"""Each customer's own expectations: the same under every policy, at every visit and in every block."""

import math

import numpy as np
import pytest

from sim.quality.levels import Level
from sim.quality.perceive import perceive
from tests.quality.logs import Customer, Visit, action, log_of, site

CHANCE = {"expectation_spread": 0.08, "perceived_wait": (1.541, 0.90, 0.35)}


def place(required=1.0, **numbers):
    actions = {
        "greet": action(expected=0.5, required=required, weight=0.5),
        "smile": action(expected=0.5, weight=0.5),
        "wait": action(kind="wait", dimension="responsiveness"),
    }
    return site(actions, segments={"early": {}, "late": {}}, **(CHANCE | numbers))


def crowd(n):
    return [Customer([Visit(wait=k % 7)], segment=("early", "late")[k % 2], index=k, day=k // 50) for k in range(n)]


def test_blocks_may_be_cut_anywhere():
    everybody = crowd(120)
    whole = perceive(log_of(place(), everybody)).satisfaction
    parts = [perceive(log_of(place(), everybody[a:b])).satisfaction for a, b in ((0, 1), (1, 77), (77, 120))]
    assert np.concatenate(parts).tolist() == whole.tolist()


def test_a_policy_changes_nobodys_taste_or_sense_of_time():
    before, after = (perceive(log_of(place(required=r), crowd(80))) for r in (1.0, 0.0))
    for level in (Level.EXPECTED0, Level.EXPECTED, Level.PERCEIVED):
        assert before.values[level].tolist() == after.values[level].tolist()
    assert before.values[Level.REQUIRED].tolist() != after.values[Level.REQUIRED].tolist()


def test_the_customers_of_another_day_are_others():
    pair = [Customer([Visit(wait=2)], segment="early", index=3, day=day) for day in (0, 1)]
    seen = perceive(log_of(place(), pair))
    first, second = (seen.values[:, seen.marks.encounter == k] for k in (0, 1))
    assert not (first[Level.EXPECTED0] == second[Level.EXPECTED0]).any()
    assert seen.perceived_wait_min[0] != seen.perceived_wait_min[1]


def test_other_replications_have_other_customers():
    first, second = (perceive(log_of(place(), crowd(80), replication=r)) for r in (0, 1))
    assert not (first.values[Level.EXPECTED0] == second.values[Level.EXPECTED0]).any()


def test_a_customer_keeps_her_taste_from_visit_to_visit():
    visits = [Visit(), Visit(number=1)]
    seen = perceive(log_of(place(), [Customer(visits, segment="late")]))
    own = {
        name: seen.values[Level.EXPECTED0, seen.marks.action == k].tolist()
        for k, name in enumerate(seen.judgement.names)
    }
    for expectations in own.values():
        assert len(expectations) == 2
        assert expectations[0] == expectations[1]
    assert own["greet"][0] != own["smile"][0]


def test_tastes_are_normal_about_the_segments_expectation():
    """Mean and standard deviation of 4000 tastes, each within 4.4 standard errors: fails once in 50,000."""
    seen = perceive(log_of(place(), crowd(2000)))
    own = seen.values[Level.EXPECTED0, ~seen.judgement.is_wait[seen.marks.action]]
    assert len(own) == 4000
    assert abs(own.mean() - 0.5) < 4.4 * 0.08 / math.sqrt(4000)
    assert abs(own.std() / 0.08 - 1) < 4.4 / math.sqrt(2 * 4000)
    greet, smile = own[::2], own[1::2]
    assert abs(np.corrcoef(greet, smile)[0, 1]) < 4.4 / math.sqrt(2000)


@pytest.mark.parametrize("expected", [0.0, 1.0])
def test_expectations_stay_shares(expected):
    wide = site({"greet": action(expected=expected)}, **(CHANCE | {"expectation_spread": 0.5}))
    own = perceive(log_of(wide, [Customer([Visit()]) for _ in range(200)])).values[Level.EXPECTED0]
    assert own.min() >= 0
    assert own.max() <= 1
    assert 60 < np.count_nonzero(own == expected) < 140  # half of them; 5.6 standard deviations


def test_the_taste_for_waits_moves_their_value():
    seen = perceive(log_of(place(perceived_wait=(1.541, 0.90, 0.0)), crowd(2000)))
    waits = seen.judgement.is_wait[seen.marks.action]
    own = seen.values[Level.EXPECTED0, waits]
    assert abs(own.mean() - 2**-0.5) < 4.4 * 0.08 / math.sqrt(2000)
