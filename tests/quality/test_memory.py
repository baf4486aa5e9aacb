"""What is remembered, by hand: the mean, the peak and the end of the moments."""

import numpy as np
import pytest

from sim.quality.levels import Level
from sim.quality.memory import Moments, memory_multiplier, moments_of, peaks_and_ends
from sim.quality.perceive import perceive
from tests.quality.logs import Customer, Visit, action, log_of, random_log, site, stage

EMPATHY = 4
LAMBDA = 1.955


def flags(*rows):
    return np.array(rows, dtype=bool)


def test_moments_are_weighted_means():
    surprise = np.array([0.5, -1.0, 0.2])
    weight = np.array([0.1, 0.3, 0.6])
    moments = moments_of(surprise, weight, np.array([0, 0, 1]), np.array([0, 0]))
    assert moments.utility == pytest.approx([(0.05 - 0.3) / 0.4, 0.2])
    assert moments.share == pytest.approx([0.4, 0.6])


def test_the_peak_is_the_strongest_of_either_sign_and_the_first_of_equals():
    utility = np.array([0.2, -0.9, 0.9, 0.1, 0.3, 0.3])
    encounter = np.array([0, 0, 0, 0, 1, 1])
    peak, last = peaks_and_ends(utility, np.ones(6), encounter)
    assert peak.tolist() == [False, True, False, False, True, False]
    assert last.tolist() == [False, False, False, True, False, True]


def test_a_moment_without_weight_is_neither_peak_nor_end():
    peak, last = peaks_and_ends(np.array([0.1, 0.9]), np.array([1.0, 0.0]), np.array([0, 0]))
    assert peak.tolist() == last.tolist() == [True, False]


def test_multiplier_by_hand():
    moments = Moments(np.zeros(3), np.array([0.5, 0.2, 0.3]), flags(False, True, False), flags(False, False, True))
    multiplier = memory_multiplier(moments, mean=0.5, peak=0.25, end=0.25)
    assert multiplier == pytest.approx([0.5, 0.5 + 0.25 / 0.2, 0.5 + 0.25 / 0.3])
    assert (multiplier * moments.share).sum() == pytest.approx(1.0)


def three_moments(expected, hits, weights=(0.5, 0.3, 0.2), **numbers):
    names = ("first", "middle", "end")
    actions = {
        name: action(moment=moment, expected=e, weight=w)
        for name, moment, e, w in zip(names, ("arrival", "service", "close"), expected, weights, strict=True)
        if w > 0
    }
    return perceive(log_of(site(actions, **numbers), [Customer([Visit(hits=hits)])]))


def test_remembered_quality_by_hand():
    """One dimension, so the remembered weights are w × multiplier and sum to 1 as they are."""
    seen = three_moments((0.9, 0.6, 0.5), ["first", "end"])
    utility = [0.1, -0.6 * LAMBDA, 0.5]
    assert seen.moment_utility == pytest.approx(utility)
    remembered = [0.5 * 0.5, 0.5 * 0.3 + 0.25, 0.5 * 0.2 + 0.25]
    assert seen.remembered_weight == pytest.approx(remembered)
    perceived = 1 + 6 * (remembered[0] + remembered[2])
    assert seen.levels[Level.PERCEIVED, 0, EMPATHY] == pytest.approx(perceived)
    assert seen.levels[Level.DELIVERED, 0, EMPATHY] == pytest.approx(1 + 6 * 0.7)
    felt = 6 * sum(w * u for w, u in zip(remembered, utility, strict=True))
    assert seen.satisfaction[0] == pytest.approx(perceived + 0.4 * felt)


def test_memory_of_the_peak_alone():
    seen = three_moments((0.9, 0.6, 0.5), ["first", "end"], memory=(0.0, 1.0, 0.0))
    assert seen.remembered_weight == pytest.approx([0, 1, 0])
    assert seen.satisfaction[0] == 1.0


def test_a_dimension_that_memory_drops_is_judged_as_it_was():
    actions = {
        "greet": action(moment="arrival", dimension="assurance", expected=0.5),
        "thank": action(moment="close", dimension="empathy", expected=0.1),
    }
    place = site(actions, memory=(0.0, 0.0, 1.0))
    seen = perceive(log_of(place, [Customer([Visit(hits=["greet", "thank"])])]))
    assert seen.levels[Level.PERCEIVED, 0, 3:] == pytest.approx([7.0, 7.0])


def test_a_mild_pleasant_close_is_remembered_well_though_it_lowers_the_mean():
    without = three_moments((0.4, 0.3 / LAMBDA, 0.9), ["first"], weights=(1 / 3, 1 / 3, 0.0))
    closing = three_moments((0.4, 0.3 / LAMBDA, 0.9), ["first", "end"], weights=(1 / 3, 1 / 3, 1 / 3))
    assert without.moment_utility == pytest.approx([0.6, -0.3])
    assert closing.moment_utility == pytest.approx([0.6, -0.3, 0.1])
    assert (closing.moment_utility * closing.moments.share).sum() < 0.15
    assert (without.moment_utility * without.moments.share).sum() == pytest.approx(0.15)
    assert closing.satisfaction[0] > without.satisfaction[0]


@pytest.mark.parametrize("hits", [[], ["first"], ["middle"], ["first", "end"], ["first", "middle", "end"]])
def test_splitting_a_moment_in_two_equal_halves_changes_nothing(hits):
    whole = three_moments((0.8, 0.6, 0.3), hits)
    moments = ("arrival", "early", "late", "close")
    actions = {
        "first": action(moment="arrival", expected=0.8, weight=0.5),
        "middle": action(moment="early", expected=0.6, weight=0.15),
        "middle too": action(moment="late", expected=0.6, weight=0.15),
        "end": action(moment="close", expected=0.3, weight=0.2),
    }
    both = [*hits, "middle too"] if "middle" in hits else hits
    place = site(actions, {"desk": stage(moments=moments)})
    halves = perceive(log_of(place, [Customer([Visit(hits=both)])]))
    assert len(halves.moment_utility) == 4
    assert halves.satisfaction[0] == pytest.approx(whole.satisfaction[0], abs=1e-12)


def test_moments_go_by_visit_then_by_the_stages_list():
    stages = {"desk": stage(moments=("hello", "work")), "help": stage(moments=("work", "hello"))}
    actions = {
        "work_desk": action("desk", moment="work", weight=0.25),
        "hello_desk": action("desk", moment="hello", weight=0.25),
        "hello_help": action("help", moment="hello", weight=0.25),
        "work_help": action("help", moment="work", weight=0.25),
    }
    log = log_of(site(actions, stages), [Customer([Visit("desk"), Visit("help")])])
    seen = perceive(log)
    names = [
        seen.judgement.moment_names[scene][at]
        for scene, at in zip(seen.marks.moment_scene, seen.marks.moment_position, strict=True)
    ]
    assert names == ["hello", "work", "work", "hello"]
    assert seen.marks.moment_visit.tolist() == [0, 0, 1, 1]
    assert seen.moments.is_last.tolist() == [False, False, False, True]
    assert [seen.judgement.names[k] for k in seen.marks.action] == [
        "hello_desk",
        "work_desk",
        "work_help",
        "hello_help",
    ]


@pytest.mark.parametrize("seed", range(4))
def test_one_peak_and_one_end_in_each_encounter(seed):
    seen = perceive(random_log(seed))
    who = seen.marks.moment_encounter
    scored = np.unique(who)
    assert np.bincount(who, seen.moments.is_peak)[scored].tolist() == [1] * len(scored)
    last = np.flatnonzero(seen.moments.is_last)
    assert last.tolist() == [np.flatnonzero(who == encounter)[-1] for encounter in scored]
