"""What customers think, averaged by hand."""

from math import exp, fsum, isnan

import numpy as np
import pytest

from .logs import action, encounter, log, perception, site, stage
from .table import measures_of

nan = float("nan")


def judged(by=(), **given):
    at = site([stage("desk", actions=(action("greet"), action("hear")))], segments=("a", "b"), warm_up=10)
    n = len(given["satisfaction"])
    whole = log(at, [encounter(5 + 5 * i, 6 + 5 * i, segment=i % 2) for i in range(n)], [])
    return measures_of(whole, perception(n, **{name: np.array(array) for name, array in given.items()}), by)


def test_means_over_encounters_that_have_a_judgement_after_the_warm_up():
    value = judged(
        satisfaction=[7.0, 4.0, nan, 6.5, 3.9],
        satisfaction_all=[7.0, 4.0, 1.5, 6.5, 3.9],
        perceived_quality=[7.0, 5.0, nan, 6.0, 4.0],
        outcome_quality=[7.0, nan, nan, 6.0, nan],
        delighted=[True, False, False, True, False],
    )
    assert value("satisfaction") == fsum([4.0, 6.5, 3.9]) / 3
    assert value("satisfaction_all") == fsum([4.0, 1.5, 6.5, 3.9]) / 4
    assert value("perceived_quality") == 5.0
    assert value("outcome_quality") == 6.0
    assert isnan(value("process_quality"))
    assert value("dissatisfied_share") == 1 / 3  # 4 is neutral
    assert value("delighted_share") == 1 / 3
    assert value("satisfaction", segment="b") == (4.0 + 6.5) / 2
    assert value("satisfaction", segment="a") == 3.9


def test_loyalty():
    value = judged(satisfaction=[1.0, 5.0, 6.1, 6.05, 4.85])
    assert value("nps") == 100 * (1 - 1) / 4
    assert value("nps", segment="a") == 100 * (1 - 1) / 2
    expected = [1 / (1 + exp(-1.1945 * (s - 5))) for s in (5.0, 6.1, 6.05, 4.85)]
    assert value("return_probability") == pytest.approx(sum(expected) / 4, abs=1e-12)


def test_the_chance_of_return_is_the_judgements_own():
    """Where problems count it is not what satisfaction says."""
    value = judged(satisfaction=[7.0, 7.0, 1.0], return_probability=[0.9, 0.25, 0.75])
    assert value("return_probability") == 0.5
    assert value("nps") == 0


def test_gaps_and_zones_by_dimension_and_weighed_over_those_met():
    gaps = np.full((5, 3, 5), nan)
    gaps[:, 1, 4] = [0.5, 0.25, -1.0, 0.125, -0.125]
    gaps[:, 1, 0] = [1.0, 0.0, 0.0, 0.0, 1.0]
    gaps[:, 2, 4] = [0.0, 0.0, 2.0, 0.0, 2.0]
    weights = np.full((3, 5), nan)
    weights[1, 4], weights[1, 0], weights[2, 4] = 0.75, 0.25, 1.0
    zone = np.full((3, 5), -9, np.int8)
    zone[0, 4] = -1  # in the warm-up
    zone[1, 4], zone[2, 4] = 0, -1
    value = judged(satisfaction=[nan] * 3, gaps=gaps, gap_weights=weights, zone=zone)
    assert value("gap_listening", dimension="empathy") == 0.25
    assert value("gap_performance", dimension="empathy") == 0.5
    assert value("gap_customer", dimension="empathy") == (-0.125 + 2) / 2
    assert value("gap_customer") == (0.75 * -0.125 + 0.25 * 1.0 + 2.0) / 2
    parts = [value(f"gap_{g}") for g in ("listening", "design", "performance", "communication")]
    assert sum(parts) == pytest.approx(value("gap_customer"), abs=1e-12)
    assert value("gap_customer", segment="b") == 0.75 * -0.125 + 0.25
    assert value("gap_customer", segment="b", dimension="empathy") == -0.125
    assert value("gap_performance", segment="a", dimension="empathy") == 2.0
    assert value("below_zone_share", segment="a", dimension="empathy") == 1
    assert value("within_zone_share", segment="b", dimension="empathy") == 1
    assert value("below_zone_share", dimension="empathy") == 1 / 2
    assert value("within_zone_share", dimension="empathy") == 1 / 2
    assert value("above_zone_share", dimension="empathy") == 0
    with pytest.raises(KeyError):
        value("below_zone_share", dimension="tangibles")  # no action of this site is about it


def test_by_hour_of_arrival():
    value = judged(satisfaction=[2.0] * 11 + [5.0] * 12, by=("hour",))
    assert value("satisfaction", hour=0) == 2.0
    assert value("satisfaction", hour=1) == 5.0
    assert isnan(value("satisfaction", hour=2))
