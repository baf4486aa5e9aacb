"""Simulated guests answer like real customers: reliabilities, and correlations between dimensions."""

from functools import cache

import numpy as np
import pytest

from sim.scenario.quality import Survey

from .fit_survey import REAL, asked, fitted, misses, real_features, simulated, survey_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not REAL.exists(), reason="needs the real answers of data set SQ (cSEM), kept beside the project"
    ),
]


@cache
def guests():
    """Of replications that the fit has not seen: some 10 000 respondents, correlations known to within .01."""
    return simulated(100, 4)


def test_the_real_answers_are_those_described():
    real = real_features()
    assert real.alphas == pytest.approx([0.82, 0.87, 0.85, 0.92, 0.91], abs=0.006)
    assert real.whole_alpha == pytest.approx(0.96, abs=0.005)
    assert real.between.min() == pytest.approx(0.56, abs=0.005)
    assert real.between.max() == pytest.approx(0.85, abs=0.005)
    assert real.with_satisfaction == pytest.approx([0.67, 0.78, 0.81, 0.77, 0.81], abs=0.006)


def test_the_defaults_answer_like_real_customers():
    found, with_expected = asked(guests(), Survey())
    assert np.abs(misses(found, with_expected, real_features())).max() < 1
    assert found.whole_alpha == pytest.approx(real_features().whole_alpha, abs=0.03)


def test_one_halo_and_one_noise_for_all_dimensions_cannot():
    best = fitted(guests(), real_features(), 1, 1)
    assert np.abs(misses(*asked(guests(), best), real_features())).max() > 1.3


def test_nor_can_answers_without_halo_and_leniency():
    found, _ = asked(guests(), survey_of(0.0, 0.0, 1.0, 0.7))
    assert found.between.max() < 0.3


def test_fitting_again_gives_the_defaults():
    best, usual = fitted(guests(), real_features(), 5, 5), Survey()
    assert list(best.halo.values()) == pytest.approx(list(usual.halo.values()), abs=0.1)
    assert list(best.noise.values()) == pytest.approx(list(usual.noise.values()), abs=0.1)
    assert best.leniency == pytest.approx(usual.leniency, abs=0.1)
    assert best.overall_noise == pytest.approx(usual.overall_noise, abs=0.1)
