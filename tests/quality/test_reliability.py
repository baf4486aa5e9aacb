"""Cronbach's alpha: exact, and what the formula for equally good questions says of it."""

from math import isnan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.quality.reliability import alpha_of, correlation_of, cronbach_alpha, item_correlation, noise_for


def alpha(points) -> float:
    whole = np.asarray(points, dtype=np.int64)
    totals = whole.sum(axis=1)
    return cronbach_alpha(
        len(whole), whole.sum(axis=0).tolist(), (whole**2).sum(axis=0).tolist(), int((totals**2).sum())
    )


def test_alpha_by_hand():
    # Answers (1, 2), (2, 2), (3, 5): variances 1 and 3, of the totals 3, 4, 8 it is 7.
    assert alpha([[1, 2], [2, 2], [3, 5]]) == pytest.approx(2 * (1 - (1 + 3) / 7), abs=1e-15)


def test_questions_that_say_the_same_agree_perfectly():
    assert alpha([[x] * 5 for x in (1, 4, 4, 7)]) == 1.0


def test_one_question_or_one_opinion_has_no_alpha():
    assert isnan(alpha([[1], [5]]))
    assert isnan(alpha([[3, 4], [3, 4]]))
    assert isnan(cronbach_alpha(0, [0, 0], [0, 0], 0))


@given(st.lists(st.lists(st.integers(1, 7), min_size=4, max_size=4), min_size=3, max_size=30), st.randoms())
def test_alpha_is_the_textbook_formula_whatever_the_order(rows, chance):
    points = np.array(rows)
    variance = points.sum(axis=1).var(ddof=1)
    found = alpha(points)
    if variance == 0:
        assert isnan(found)
        return
    textbook = 4 / 3 * (1 - points.var(axis=0, ddof=1).sum() / variance)
    assert found == pytest.approx(textbook, rel=1e-9, abs=1e-9)
    assert found <= 1
    chance.shuffle(rows)
    assert alpha(rows) == found
    assert alpha(8 - np.array(rows)) == found  # the scale turned round


def test_correlations_behind_the_alphas_of_1988():
    published = {(4, 0.72): 0.391, (5, 0.83): 0.494, (4, 0.82): 0.532, (4, 0.81): 0.516, (5, 0.86): 0.551}
    for (items, value), correlation in published.items():
        assert correlation_of(items, value) == pytest.approx(correlation, abs=5e-4)


@given(st.integers(2, 30), st.floats(0.01, 0.99))
def test_the_inverse_gives_the_correlation_back(items, correlation):
    assert correlation_of(items, alpha_of(items, correlation)) == pytest.approx(correlation, rel=1e-9)


@given(st.floats(0.3, 3.0), st.floats(0.05, 0.5), st.booleans())
def test_the_noise_for_a_correlation_gives_it(true_sd, correlation, rounded):
    assert item_correlation(true_sd, noise_for(true_sd, correlation, rounded), rounded) == pytest.approx(correlation)


def test_no_noise_makes_rounded_answers_agree_beyond_rounding():
    with pytest.raises(ValueError, match="small enough"):
        noise_for(0.3, 0.9)


@pytest.mark.parametrize("rounded", [False, True])
@pytest.mark.parametrize(("items", "true_sd", "noise"), [(4, 0.6, 0.7), (5, 0.7, 0.5), (3, 0.5, 0.9)])
def test_the_formula_agrees_with_answers_made_directly(items, true_sd, noise, rounded):
    """Error rate: 5 standard errors (Feldt's, of alpha), 6e-7 for each case. Unrounded answers are in thousandths."""
    n, chance = 40_000, np.random.default_rng(items)
    opinion = 4 + true_sd * chance.standard_normal((n, 1)) + noise * chance.standard_normal((n, items))
    points = np.floor(opinion + 0.5) if rounded else np.floor(1000 * opinion)
    expected = alpha_of(items, item_correlation(true_sd, noise, rounded))
    error = (1 - expected) * sqrt(2 * items / ((items - 1) * n))
    assert alpha(points) == pytest.approx(expected, abs=5 * error)
