"""Disconfirmation, Kano's classes, delight, zones of tolerance and loyalty, against published arithmetic."""

import math

import numpy as np
import pytest

from sim.quality.kano import kano_class
from sim.quality.loyalty import net_promoter_score, recommendation, return_probability
from sim.quality.perceive import perceive
from sim.quality.satisfaction import delighted, disconfirmation, dissatisfied, satisfaction
from sim.quality.zone import zone
from tests.quality.logs import Customer, Visit, action, log_of, site

LAMBDA = 1.955


def test_losses_weigh_more():
    felt = disconfirmation(np.array([1.0, 0.0, 0.5]), np.array([0.4, 0.4, 0.5]), LAMBDA)
    assert felt == pytest.approx([0.6, -0.4 * LAMBDA, 0.0])


def test_delight_wears_off_as_it_comes_to_be_expected():
    expected = np.array([0.1, 0.37, 0.559, 0.691, 0.784, 0.849])
    felt = disconfirmation(np.ones(6), expected, LAMBDA)
    assert np.round(felt, 3).tolist() == [0.9, 0.63, 0.441, 0.309, 0.216, 0.151]
    assert disconfirmation(np.zeros(1), expected[-1:], LAMBDA)[0] == pytest.approx(-1.66, abs=5e-3)


@pytest.mark.parametrize(("hit", "expected", "mean"), [(0.9, 0.9, -0.086), (0.75, 0.9, -0.365), (0.9, 0.75, 0.078)])
def test_consistency_has_value(hit, expected, mean):
    perceived = (np.arange(100) < 100 * hit).astype(float)
    felt = disconfirmation(perceived, np.full(100, expected), LAMBDA)
    assert round(felt.mean(), 3) == mean


def test_satisfaction_stays_on_the_scale():
    score = satisfaction(np.array([6.9, 1.2, 4.0, np.nan]), np.array([1.0, -2.0, 0.5, 0.0]), 0.4)
    assert score[:3] == pytest.approx([7.0, 1.0, 4.2])
    assert math.isnan(score[3])


def test_dissatisfied_is_below_neutral():
    assert dissatisfied(np.array([3.99, 4.0, np.nan])).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("expected", "weight", "name"),
    [
        (1.0, 0.3, "must-be"),
        (0.85, 0.3, "must-be"),
        (0.84, 0.3, "one-dimensional"),
        (0.5, 0.3, "one-dimensional"),
        (0.21, 0.3, "one-dimensional"),
        (0.2, 0.3, "attractive"),
        (0.0, 0.3, "attractive"),
        (0.9, 0.0, "indifferent"),
    ],
)
def test_kano_class_follows_from_the_expectation(expected, weight, name):
    assert kano_class(expected, weight) == name


def test_delight_needs_a_high_score_and_an_attractive_hit():
    score = np.array([6.5, 6.5, 6.49, np.nan])
    assert delighted(score, np.array([1, 0, 1, 1])).tolist() == [True, False, False, False]


def test_delight_in_an_encounter():
    actions = {
        "snack": action(expected=0.2, weight=0.5),
        "greet": action(expected=0.9, weight=0.5),
    }
    place = site(actions)
    visits = [Visit(hits=["snack", "greet"]), Visit(hits=["greet"]), Visit(hits=["snack"])]
    seen = perceive(log_of(place, [Customer([visit]) for visit in visits]))
    assert seen.delighted.tolist() == [True, False, False]
    raised = site(actions | {"snack": action(expected=0.2, weight=0.5, promised=1.0)})
    assert perceive(log_of(raised, [Customer([visits[0]])])).delighted.tolist() == [False]


def test_what_has_no_weight_delights_nobody():
    actions = {"greet": action(expected=0.9), "gift": action(expected=0.1, weight=0.0)}
    seen = perceive(log_of(site(actions), [Customer([Visit(hits=["greet", "gift"])])]))
    assert seen.satisfaction[0] == 7.0
    assert not seen.delighted[0]


def test_zone_of_tolerance_is_narrow_where_it_matters():
    weights = np.array([0.11, 0.32])
    expected = np.full((4, 2), 6.0)
    perceived = np.array([[6.0, 6.0], [4.933, 5.185], [4.931, 5.183], [6.1, 6.1]])
    assert zone(perceived, expected, weights).tolist() == [[0, 0], [0, 0], [-1, -1], [1, 1]]
    assert zone(np.array([[np.nan, 5.0]]), np.array([[np.nan, 5.0]]), weights).tolist() == [[-9, 0]]


@pytest.mark.parametrize(
    ("weight", "perceived", "expected", "state"),
    [(4.0 / 6, 5.0, 5.8, 0), (3.9 / 6, 4.9, 5.74, -1)],  # adequate: 0.816 below expected, 4.984 and 4.924
)
def test_zone_of_an_encounter_uses_the_stated_weights(weight, perceived, expected, state):
    """Only reliability is met, yet its zone has the width of its weight among all five dimensions."""
    actions = {
        "hit": action(dimension="reliability", expected=1.0, weight=weight),
        "miss": action(dimension="reliability", expected=0.4, weight=1 - weight),
    }
    seen = perceive(log_of(site(actions), [Customer([Visit(hits=["hit"])])]))
    assert seen.levels[4:, 0, 1] == pytest.approx([perceived, expected])
    assert seen.zone[0].tolist() == [-9, state, -9, -9, -9]


def test_return_probability():
    chance = return_probability(np.array([4.0, 5.0, 6.0, 7.0, np.nan]), 1.1945, 5.0)
    assert np.round(chance[:4], 3).tolist() == [0.232, 0.5, 0.768, 0.916]
    assert math.isnan(chance[4])
    odds = chance[:4] / (1 - chance[:4])
    assert odds[2] / odds[1] == pytest.approx(6 ** (1 / 1.5), rel=1e-4)


def test_recommendation_at_the_limits():
    assert recommendation(np.array([6.1, 6.09, 4.9, 4.89, np.nan])).tolist() == [1, 0, 0, -1, -9]


@pytest.mark.parametrize(("mean", "sd", "score"), [(5.4, 1.1, -6.2), (5.8, 1.0, 19.8)])
def test_net_promoter_score_of_normal_satisfaction(mean, sd, score):
    from statistics import NormalDist

    law = NormalDist(mean, sd)
    n = 20_000
    answers = np.array([law.inv_cdf((i + 0.5) / n) for i in range(n)])
    assert net_promoter_score(answers) == pytest.approx(score, abs=0.06)


def test_no_answers_no_score():
    assert math.isnan(net_promoter_score(np.array([np.nan])))
