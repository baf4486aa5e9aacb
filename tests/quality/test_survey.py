"""From latent quality to answers: who answers, what they say, and what that is off by."""

from math import exp, sqrt
from statistics import NormalDist
from types import SimpleNamespace

import numpy as np
import pytest

from sim.quality.levels import Level
from sim.quality.reliability import cronbach_alpha
from sim.quality.response import answer_chance
from sim.quality.survey import NOT_ASKED, Answers, answered, answers, item_dimension, luck_of, on_scale, sample
from sim.quality.tables import DIMENSIONS
from sim.scenario.quality import Response, Survey

nan = float("nan")
EVERYBODY = Response(base=30.0)
D = len(DIMENSIONS)


def survey(halo=0.0, leniency=0.0, noise=0.0, overall_noise=0.0, response=EVERYBODY, **more) -> Survey:
    given = {"halo": halo, "leniency": leniency, "noise": noise, "overall_noise": overall_noise, **more}
    return Survey(**given, response=response)


def people(n: int, segments=("a", "b"), seed: int = 1, replication: int = 0):
    """The part of a log that a survey looks at: n customers of the segments in turn, 100 a day."""
    rows = np.arange(n)
    return SimpleNamespace(
        site=SimpleNamespace(segments=segments),
        seed=seed,
        replication=replication,
        segment=rows % len(segments),
        day=rows // 100,
        index=rows % 100,
    )


def judged(n: int, perceived, expected, satisfaction):
    """The part of a perception that a survey looks at; numbers, or arrays that broadcast to (n, D) and (n,)."""
    levels = np.full((len(Level), n, D), nan)
    levels[Level.PERCEIVED], levels[Level.EXPECTED] = perceived, expected
    return SimpleNamespace(levels=levels, satisfaction=np.array(np.broadcast_to(satisfaction, n), dtype=float))


def ask(n: int, asked: Survey, perceived=4.0, expected=5.0, satisfaction=4.0, **who) -> Answers:
    return answers(people(n, **who), judged(n, perceived, expected, satisfaction), asked)


def part(whole, rows):
    """Some of the customers, or some of their judgement."""
    if hasattr(whole, "levels"):
        return SimpleNamespace(levels=whole.levels[:, rows], satisfaction=whole.satisfaction[rows])
    kept = {name: getattr(whole, name)[rows] for name in ("segment", "day", "index")}
    return SimpleNamespace(**(vars(whole) | kept))


def alpha(points) -> float:
    whole = points.astype(np.int64)
    totals = whole.sum(axis=1)
    sums, squares = whole.sum(axis=0).tolist(), (whole**2).sum(axis=0).tolist()
    return cronbach_alpha(len(whole), sums, squares, int((totals**2).sum()))


def mean_answer(opinion: float, sd: float) -> float:
    """Mean of an answer rounded to 1 … 7 where opinions are normal: 1 and the chance to pass each half."""
    return 1 + sum(1 - NormalDist(opinion, sd).cdf(k + 0.5) for k in range(1, 7))


# --- what an answer is ---


def test_points_are_whole_halves_go_up_and_the_scale_ends():
    assert on_scale(np.array([0.2, 1.49, 1.5, 3.5, 6.4999, 7.2, 9.0, -3.0, nan])).tolist() == [
        1, 1, 2, 4, 6, 7, 7, 1, NOT_ASKED,
    ]  # fmt: skip


def test_without_chance_or_halo_answers_are_the_rounded_levels():
    found = ask(3, survey(), perceived=[[1, 2.4, 2.6, 5, 7]], expected=[[7, 6, 5.5, 4, 3]], satisfaction=4.6)
    item = found.item_dimension
    assert np.bincount(item).tolist() == [4, 5, 4, 4, 5]
    assert (found.perceived == np.array([1, 2, 3, 5, 7])[item]).all()
    assert (found.expected == np.array([7, 6, 6, 4, 3])[item]).all()
    assert found.overall.tolist() == [5, 5, 5]
    assert found.respondent.tolist() == [0, 1, 2]


def test_the_halo_draws_what_is_perceived_towards_satisfaction_in_its_own_measure():
    asked = survey(halo={"tangibles": 0.5, "reliability": 0, "responsiveness": 1, "assurance": 0.25, "empathy": 0})
    found = ask(1, asked, perceived=2.0, expected=2.0, satisfaction=6.0)
    assert [found.perceived[0, found.item_dimension == d].tolist()[0] for d in range(D)] == [4, 2, 6, 3, 2]
    assert (found.expected == 2).all()


def test_a_lenient_person_is_lenient_in_every_answer():
    found = ask(500, survey(leniency=0.8), perceived=4.0, expected=4.0, satisfaction=4.0)
    assert (found.perceived == found.overall[:, None]).all()
    assert (found.expected == found.overall[:, None]).all()
    assert found.overall.min() < 4 < found.overall.max()


def test_of_a_dimension_not_met_nothing_is_asked():
    levels = np.full((2, D), 4.0)
    levels[1, 2] = nan
    found = ask(2, survey(noise=1.0), perceived=levels, expected=levels)
    missing = found.item_dimension == 2
    assert (found.perceived[1, missing] == NOT_ASKED).all()
    assert (found.expected[1, missing] == NOT_ASKED).all()
    assert (found.perceived[0] > 0).all()
    assert (found.perceived[1, ~missing] > 0).all()


def test_halo_and_noise_are_written_as_one_number_or_by_dimension():
    usual = Survey()
    one = Survey(halo=0.3, noise=2)
    assert set(one.halo.values()) == {0.3}
    assert set(one.noise.values()) == {2.0}
    assert Survey(halo={"tangibles": 0.2}).halo == usual.halo | {"tangibles": 0.2}
    for wrong in ({"halo": 1.2}, {"halo": {"tangible": 0.2}}, {"noise": {"empathy": -1}}, {"noise": "loud"}):
        with pytest.raises(ValueError, match="Survey"):
            Survey(**wrong)


# --- whose chance it is ---


def test_a_customer_answers_the_same_whoever_else_is_asked():
    who, what = people(300), judged(300, 4.2, 5.1, np.linspace(1, 7, 300))
    asked = Survey()
    whole = answers(who, what, asked)
    rows = np.array([250, 31, 30, 299, 7, 120, 121, 122])
    some = answers(part(who, rows), part(what, rows), asked)
    back = {int(row): place for place, row in enumerate(whole.respondent)}
    assert set(rows[some.respondent]) == set(rows) & set(back)
    for place, row in enumerate(rows[some.respondent]):
        for name in ("perceived", "expected", "overall", "lot"):
            assert (getattr(some, name)[place] == getattr(whole, name)[back[int(row)]]).all()


def test_more_questions_about_one_dimension_disturb_no_other_answer():
    few, more = ask(50, survey(noise=1.0)), ask(50, survey(noise=1.0, items={"tangibles": 9}))
    for name in ("perceived", "expected"):
        a, b = getattr(few, name), getattr(more, name)
        assert (a[:, :4] == b[:, :4]).all()
        assert (a[:, 4:] == b[:, 9:]).all()


def test_replications_segments_and_questions_have_chance_of_their_own():
    first = luck_of(people(2000, segments=("a",)), np.arange(2000), Survey())
    other = luck_of(people(2000, segments=("a",), replication=1), np.arange(2000), Survey())
    segment = luck_of(people(2000, segments=("b",)), np.arange(2000), Survey())
    columns = [
        np.column_stack([one.person, one.perceived, one.expected, one.overall]) for one in (first, other, segment)
    ]
    whole = np.column_stack(columns)
    r = np.corrcoef(whole.T)[np.triu_indices(whole.shape[1], 1)]
    # 9453 pairs; one passes 6 standard errors, 1/√n, with chance 2e-9: error rate 2e-5
    assert np.abs(r).max() < 6 / sqrt(2000)
    assert np.abs(whole.mean(axis=0)).max() < 5.5 / sqrt(2000)  # 138 means, 4e-8 each
    assert np.abs(whole.std(axis=0) - 1).max() < 5.5 / sqrt(4000)


# --- who answers ---


def test_the_chance_to_answer_is_a_u():
    chance = answer_chance(np.array([4.0, 7.0, 1.0, 3.999999, nan]), Response())
    assert chance[0] == pytest.approx(1 / (1 + exp(1.1)), abs=1e-14)
    assert chance[1] == pytest.approx(1 / (1 + exp(0.3)), abs=1e-14)
    assert chance[2] == pytest.approx(0.5, abs=1e-14)  # -1.1 + 0.8 + 0.3
    assert chance[3] == pytest.approx(1 / (1 + exp(0.8)), abs=1e-6)
    assert chance[4] == 0


def test_extremes_answer_more():
    """Error rate: three counts within 5 standard errors, 2e-6."""
    n = 6000
    found = ask(n, Survey(), satisfaction=np.repeat([1.0, 4.0, 7.0], n // 3))
    counts = np.bincount(found.respondent // (n // 3))
    for count, p in zip(counts, (0.5, 0.24974, 0.42556), strict=True):
        assert count == pytest.approx(p * n / 3, abs=5 * sqrt(p * (1 - p) * n / 3))
    assert counts[0] > counts[1] < counts[2]


def test_who_was_not_judged_is_not_asked():
    found = ask(3, survey(), satisfaction=[nan, 4.0, nan])
    assert found.respondent.tolist() == [1]
    nobody = ask(2, survey(), satisfaction=nan)
    assert nobody.perceived.shape == nobody.expected.shape == (0, 22)
    assert ask(0, survey()).overall.shape == (0,)


# --- a sample of them ---


def test_a_sample_is_part_of_a_larger_one_and_the_same_however_the_wave_is_cut():
    who, what, asked = people(400), judged(400, 4.0, 5.0, 4.0), Survey()
    whole = answers(who, what, asked)
    blocks = [np.arange(0, 130), np.arange(130, 131), np.arange(131, 400)]
    wave = [answers(part(who, rows), part(what, rows), asked) for rows in blocks]
    before: set[int] = set()
    for n in (0, 1, 30, 60, 10_000):
        (one,) = sample([whole], n)
        pieces = sample(wave, n)
        drawn = [int(row) for rows, piece in zip(blocks, pieces, strict=True) for row in rows[piece.respondent]]
        assert drawn == one.respondent.tolist()
        assert len(drawn) == min(n, len(whole.respondent))
        assert before <= set(drawn)
        before = set(drawn)
    assert sample([], 3) == ()


def test_a_sample_is_drawn_from_everywhere():
    """Mean place of 1000 of 4000: standard deviation .2887·√(.75/1000) = .0079. Error rate: 5 of them, 6e-7."""
    (drawn,) = sample([ask(4000, survey())], 1000)
    assert (drawn.respondent / 4000).mean() == pytest.approx(0.5, abs=5 * 0.0079)


# --- what the answers say together ---


def measured_gap(found: Answers, dimension: int = 0) -> np.ndarray:
    """(r,) expected less perceived of each respondent."""
    columns = found.item_dimension == dimension
    return found.expected[:, columns].mean(axis=1) - found.perceived[:, columns].mean(axis=1)


def test_means_converge_to_the_latent_levels_and_the_residual_of_rounding():
    """T11, against the exact mean of a rounded normal. Error rate: 10 means within 5 standard errors, 6e-6."""
    n, perceived, expected = 8000, np.array([1.5, 3.0, 4.3, 5.7, 6.9]), np.array([4.0, 5.0, 6.0, 6.6, 7.0])
    found = ask(n, survey(leniency=0.5, noise=0.8), perceived=perceived, expected=expected)
    sd = sqrt(0.5**2 + 0.8**2)
    for d in range(D):
        for points, latent in ((found.perceived, perceived[d]), (found.expected, expected[d])):
            mean = points[:, found.item_dimension == d].mean(axis=1)
            assert mean.mean() == pytest.approx(mean_answer(latent, sd), abs=5 * mean.std() / sqrt(n))
    assert abs(mean_answer(4.3, sd) - 4.3) < 0.005  # in the middle of the scale there is none
    assert mean_answer(6.9, sd) < 6.6


def test_noise_lowers_alpha_but_not_the_mean_gap():
    """P1. The gap's standard error is about .005: 6 of them is .03, error rate 2e-9; alpha falls by a quarter."""
    quiet, loud = (ask(20_000, survey(leniency=0.5, noise=s), perceived=3.8, expected=4.4) for s in (0.5, 1.0))
    columns = quiet.item_dimension == 0
    before, after = alpha(quiet.perceived[:, columns]), alpha(loud.perceived[:, columns])
    assert before - after > 0.2
    assert measured_gap(quiet).mean() == pytest.approx(0.6, abs=0.03)
    assert measured_gap(loud).mean() == pytest.approx(0.6, abs=0.03)


def test_high_expectations_are_clipped_and_the_measured_gap_shrinks():
    """P2. The residual, latent less measured, is the clipping of the expectation. Error rate: 5 se, 6e-7."""
    n, found = 8000, ask(8000, survey(leniency=0.6, noise=1.0), perceived=4.5, expected=6.8)
    sd = sqrt(0.6**2 + 1.0)
    gap = measured_gap(found)
    residual = (6.8 - 4.5) - gap.mean()
    bias = (6.8 - mean_answer(6.8, sd)) - (4.5 - mean_answer(4.5, sd))
    assert residual == pytest.approx(bias, abs=5 * gap.std() / sqrt(n))
    assert residual > 0.3


@pytest.mark.parametrize(("n", "published"), [(30, 0.237), (100, 0.130), (400, 0.065)])
def test_the_standard_error_of_a_gap_follows_from_the_number_of_respondents(n, published):
    """P3: for gaps that vary by 1.3 between people. Of 400 waves the spread is known to 1/√800; within 4.5 of
    these, error rate 7e-6. Leniency is large and must not show: it is in both answers."""
    waves, per_wave = 400, 400
    chance = np.random.default_rng(n)
    noise = 1.0
    spread = sqrt(1.3**2 - 2 * (noise**2 + 1 / 12) / 4)  # of the latent gap: the rest is the noise of 4 + 4 answers
    own = np.clip(spread * chance.standard_normal((waves * per_wave, 1)), -2.4, 2.4)
    asked = survey(leniency=0.8, noise=noise, items={"tangibles": 4})
    found = ask(waves * per_wave, asked, perceived=4 - own / 2, expected=4 + own / 2)
    gap = measured_gap(found).reshape(waves, per_wave)
    means = np.array(
        [gap[wave, np.argsort(found.lot.reshape(waves, per_wave)[wave])[:n]].mean() for wave in range(waves)]
    )
    assert means.std(ddof=1) == pytest.approx(published, rel=4.5 / sqrt(2 * waves))


def test_expected_and_perceived_correlate_because_of_leniency():
    """Closed form of the correlation between dimension means; standard error below 1/√n = .011, within 5."""
    n = 8000
    for leniency in (0.0, 0.6):
        found = ask(n, survey(leniency=leniency, noise=1.0), perceived=4.0, expected=4.0)
        columns = found.item_dimension == 1
        p, e = found.perceived[:, columns].mean(axis=1), found.expected[:, columns].mean(axis=1)
        expected = leniency**2 / (leniency**2 + (1 + 1 / 12) / 5)
        assert np.corrcoef(p, e)[0, 1] == pytest.approx(expected, abs=5 / sqrt(n))


def test_both_scores_go_with_satisfaction():
    """By default, for customers whose levels are independent of each other and of satisfaction: the halo does it."""
    n, chance = 4000, np.random.default_rng(3)
    found = ask(
        n,
        Survey(response=EVERYBODY),
        perceived=np.clip(4 + chance.standard_normal((n, D)), 1, 7),
        expected=5.5,
        satisfaction=np.clip(4.5 + 1.2 * chance.standard_normal(n), 1, 7),
    )
    servperf = found.perceived.mean(axis=1)
    servqual = servperf - found.expected.mean(axis=1)
    assert np.corrcoef(servperf, found.overall)[0, 1] > 0.6
    assert np.corrcoef(servqual, found.overall)[0, 1] > 0.3


def test_answers_are_a_pure_function_of_levels_and_luck():
    asked, who = Survey(), people(40)
    luck = luck_of(who, np.arange(40), asked)
    level = np.full((40, D), 4.4)
    perceived, expected, overall = answered(level, level + 1, np.full(40, 5.0), luck, asked)
    found = answers(who, judged(40, 4.4, 5.4, 5.0), survey(**asked.model_dump(exclude={"items", "response"})))
    assert (found.perceived == perceived).all()
    assert (found.expected == expected).all()
    assert (found.overall == overall).all()
    assert len(item_dimension(asked)) == perceived.shape[1]
