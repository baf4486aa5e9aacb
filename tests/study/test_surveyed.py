"""What a survey says of a site, counted by hand; and that the gaps, less the residual, are what it measures."""

import random
from functools import reduce
from math import isnan
from operator import add
from types import SimpleNamespace

import numpy as np
import pytest

from sim.quality.levels import Level, gaps_of
from sim.quality.survey import answers
from sim.quality.tables import DIMENSIONS
from sim.scenario.quality import Response, Survey
from sim.study.tallies.block import block_of
from sim.study.tallies.rows import Key
from sim.study.tallies.surveyed import surveyed

from .logs import action, cut, encounter, log, site, stage

nan = float("nan")
D = len(DIMENSIONS)
EXACT = {"halo": 0, "leniency": 0, "noise": 0, "overall_noise": 0, "response": Response(base=30)}
WEIGHTS = np.array([0.11, 0.32, 0.22, 0.19, 0.16])


def front_desk(survey: Survey, dimensions=DIMENSIONS, warm_up=0.0):
    at = site(
        [stage("desk", actions=tuple(action(d, dimension=d) for d in dimensions))],
        segments=("a", "b"),
        warm_up=warm_up,
    )
    at.scenario.quality.survey = survey
    return at


def customers(at, n: int):
    """n customers of the two segments in turn, a minute apart."""
    return log(at, [encounter(i, i + 1, segment=i % 2) for i in range(n)], [])


def judged(levels: np.ndarray, satisfaction: np.ndarray):
    """A judgement with these levels (6, n, D); the dimensions met have their weights."""
    met = ~np.isnan(levels[0])
    weights = np.where(met, WEIGHTS, 0.0)
    return SimpleNamespace(
        levels=levels,
        gaps=gaps_of(levels),
        gap_weights=np.where(met, weights / weights.sum(axis=1, keepdims=True), nan),
        satisfaction=satisfaction,
    )


def opinions(n: int, missing: float = 0.0, seed: int = 1):
    """Levels at random, of which some dimensions were not met, and satisfactions."""
    chance = np.random.default_rng(seed)
    levels = chance.uniform(1, 7, (6, n, D))
    met = chance.random((n, D)) >= missing
    met[:, 1] = True
    levels[:, ~met] = nan
    return judged(levels, chance.uniform(1, 7, n))


def part(seen, rows):
    return SimpleNamespace(
        levels=seen.levels[:, rows],
        gaps=seen.gaps[:, rows],
        gap_weights=seen.gap_weights[rows],
        satisfaction=seen.satisfaction[rows],
    )


def rows_of(found, at, by=()):
    rows = list(found.rows(at, by))
    table = dict(rows)
    assert len(table) == len(rows), "a row is there twice"
    return lambda measure, **scope: table[Key(measure, **scope)]


def test_scores_by_hand():
    at = front_desk(Survey(**EXACT))
    levels = np.full((6, 3, D), 4.0)
    levels[Level.PERCEIVED, :, 0], levels[Level.EXPECTED, :, 0] = [2, 3, 7], [5, 5, 5]
    levels[:, :, 2:] = nan
    seen = judged(levels, np.array([3.0, 4.0, nan]))  # the last was not judged as a whole
    value = rows_of(surveyed(block_of(customers(at, 3), seen)), at)
    share = 0.11 / (0.11 + 0.32)
    assert value("response_share") == 1
    assert value("servperf", dimension="tangibles") == 2.5
    assert value("servqual", dimension="tangibles") == -2.5
    assert value("servqual", dimension="reliability") == 0
    assert value("servqual") == pytest.approx(-2.5 * share, abs=1e-15)
    assert value("servperf") == pytest.approx(2.5 * share + 4 * (1 - share), abs=1e-15)
    assert value("servqual", segment="a") == pytest.approx(-3 * share, abs=1e-15)
    assert value("servqual", segment="b") == pytest.approx(-2 * share, abs=1e-15)
    assert isnan(value("servqual", dimension="empathy"))
    assert value("cronbach_alpha", dimension="tangibles") == 1  # all four answers the same
    assert isnan(value("cronbach_alpha", dimension="reliability"))  # everybody answered 4
    assert isnan(value("cronbach_alpha"))  # nobody met all five


def test_the_gaps_less_the_residual_are_the_measured_gap():
    at, n = front_desk(Survey()), 400
    whole, seen = customers(at, n), opinions(n, missing=0.3)
    value = rows_of(surveyed(block_of(whole, seen)), at)
    assert 0.1 < value("response_share") < 0.9
    weights = np.nan_to_num(seen.gap_weights)
    for scope, rows in (
        ({}, slice(None)),
        ({"segment": "a"}, slice(0, None, 2)),
        ({"segment": "b"}, slice(1, None, 2)),
    ):
        listening, design, performance, communication = (
            np.nansum(weights[rows] * np.nan_to_num(gap[rows]), axis=1).mean() for gap in seen.gaps[:4]
        )
        latent = listening + design + performance + communication
        assert latent - value("measurement_residual", **scope) == pytest.approx(-value("servqual", **scope), abs=1e-12)
    for d, dimension in enumerate(DIMENSIONS):
        latent = sum(np.nanmean(gap[:, d]) for gap in seen.gaps[:4])
        residual = value("measurement_residual", dimension=dimension)
        assert latent - residual == pytest.approx(-value("servqual", dimension=dimension), abs=1e-12)


def test_whole_levels_asked_of_everybody_without_chance_leave_no_residual():
    at, n = front_desk(Survey(**EXACT)), 60
    seen = opinions(n, missing=0.2)
    levels = np.floor(seen.levels)
    value = rows_of(surveyed(block_of(customers(at, n), judged(levels, seen.satisfaction))), at)
    assert value("measurement_residual") == pytest.approx(0, abs=1e-12)
    for dimension in DIMENSIONS:
        assert value("measurement_residual", dimension=dimension) == pytest.approx(0, abs=1e-12)


def test_scores_and_alpha_are_those_of_the_answers():
    asked, n = Survey(response=Response(base=0)), 300
    at = front_desk(asked)
    whole, seen = customers(at, n), opinions(n, missing=0.1)
    value = rows_of(surveyed(block_of(whole, seen)), at)
    given = answers(whole, seen, asked)
    assert value("response_share") == len(given.respondent) / n

    def textbook(points):
        k = points.shape[1]
        return k / (k - 1) * (1 - points.var(axis=0, ddof=1).sum() / points.sum(axis=1).var(ddof=1))

    for d, dimension in enumerate(DIMENSIONS):
        columns = given.item_dimension == d
        met = given.perceived[:, columns][:, 0] > 0
        p, e = (points[met][:, columns].astype(float) for points in (given.perceived, given.expected))
        assert value("cronbach_alpha", dimension=dimension) == pytest.approx(textbook(p), abs=1e-12)
        assert value("servperf", dimension=dimension) == pytest.approx(p.mean(), abs=1e-12)
        assert value("servqual", dimension=dimension) == pytest.approx(p.mean() - e.mean(), abs=1e-12)
    full = given.perceived[(given.perceived > 0).all(axis=1)].astype(float)
    assert 30 < len(full) < len(given.respondent)
    assert value("cronbach_alpha") == pytest.approx(textbook(full), abs=1e-12)


def test_the_whole_instrument_is_what_the_site_can_be_judged_on():
    asked, n = Survey(response=Response(base=30)), 100
    at = front_desk(asked, dimensions=("reliability", "empathy"))
    seen = opinions(n)
    seen.levels[:, :, [0, 2, 3]] = nan
    seen = judged(seen.levels, seen.satisfaction)
    value = rows_of(surveyed(block_of(customers(at, n), seen)), at)
    assert not isnan(value("cronbach_alpha"))
    with pytest.raises(KeyError):
        value("servqual", dimension="tangibles")


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_the_sum_over_blocks_is_the_survey_of_the_whole(parts):
    at, n = front_desk(Survey(), warm_up=20), 300
    whole, seen = customers(at, n), opinions(n, missing=0.2)
    blocks = cut(whole, parts, random.Random(parts))
    found = reduce(add, (surveyed(block_of(one, part(seen, rows))) for one, rows in blocks))
    by = ("hour",)
    assert repr(list(found.rows(at, by))) == repr(list(surveyed(block_of(whole, seen)).rows(at, by)))


def test_the_warm_up_is_left_out():
    at = front_desk(Survey(**EXACT), warm_up=2)
    levels = np.full((6, 3, D), 4.0)
    levels[Level.PERCEIVED] = np.array([1.0, 1.0, 6.0])[:, None]
    value = rows_of(surveyed(block_of(customers(at, 3), judged(levels, np.full(3, 4.0)))), at, ("hour",))
    assert value("servperf", dimension="empathy") == 6
    assert value("servperf") == value("servperf", hour=0) == pytest.approx(6, abs=1e-12)
    assert value("measurement_residual") == pytest.approx(0, abs=1e-12)
    assert isnan(value("servperf", hour=1))


def test_where_nobody_answers_nothing_is_known():
    at = front_desk(Survey(response=Response(base=-1000)))
    value = rows_of(surveyed(block_of(customers(at, 40), opinions(40))), at)
    assert value("response_share") == 0
    for measure in ("servperf", "servqual", "measurement_residual", "cronbach_alpha"):
        assert isnan(value(measure))
        assert isnan(value(measure, dimension="empathy"))


def test_response_share_by_segment():
    at = front_desk(Survey(response=Response(base=-40, extreme=0, unhappy=80)))
    seen = judged(np.full((6, 6, D), 4.0), np.array([1.0, 6.0, 1.0, 1.0, 5.0, nan]))
    value = rows_of(surveyed(block_of(customers(at, 6), seen)), at)
    assert value("response_share", segment="a") == 2 / 3
    assert value("response_share", segment="b") == 1 / 2
    assert value("response_share") == 3 / 5
