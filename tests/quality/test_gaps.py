"""The gaps add up exactly, and each lever moves the gap that it should."""

import dataclasses

import numpy as np
import pytest

from sim.quality.levels import Gap, Level
from sim.quality.perceive import perceive
from tests.quality.logs import Customer, Visit, action, log_of, random_log, site

EMPATHY = 4
CHANCE = {"expectation_spread": 0.08, "perceived_wait": (1.541, 0.90, 0.35)}


def worked_example(**numbers):
    columns = {
        "weight": (0.5, 0.3, 0.2),
        "expected": (0.90, 0.60, 0.10),
        "believed": (0.80, 0.40, 0.10),
        "required": (1.0, 0.0, 0.0),
        "promised": (0.90, 1.0, 0.10),
    }
    actions = {
        f"a{k}": action(dimension="empathy", **{name: column[k] for name, column in columns.items()}) for k in range(3)
    }
    return perceive(log_of(site(actions, **numbers), [Customer([Visit(hits=["a0", "a2"])])]))


def test_levels_of_the_worked_example():
    levels = worked_example().levels[:, 0, EMPATHY]
    assert levels == pytest.approx([4.900, 4.240, 4.000, 5.200, 5.200, 5.116], abs=1e-12)


def test_gaps_of_the_worked_example():
    gaps = worked_example().gaps[:, 0, EMPATHY]
    assert gaps == pytest.approx([0.660, 0.240, -1.200, 0.216, -0.084], abs=1e-12)


def test_one_painful_miss_behind_a_good_mean_gap():
    seen = worked_example()
    assert 6 * seen.moment_utility[0] == pytest.approx(-1.154, abs=5e-4)
    assert seen.satisfaction[0] == pytest.approx(5.2 + 0.4 * 6 * seen.moment_utility[0])


@pytest.mark.parametrize("seed", range(12))
def test_the_gaps_sum_to_the_customer_gap(seed):
    seen = perceive(random_log(seed, **CHANCE))
    met = ~np.isnan(seen.gaps[Gap.CUSTOMER])
    assert met.sum() > 50
    residual = seen.gaps[:4].sum(axis=0) - seen.gaps[Gap.CUSTOMER]
    assert np.abs(residual[met]).max() < 1e-9
    difference = seen.levels[Level.EXPECTED] - seen.levels[Level.PERCEIVED]
    assert np.abs((seen.gaps[Gap.CUSTOMER] - difference)[met]).max() < 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_levels_lie_on_the_scale_and_weights_sum_to_one(seed):
    seen = perceive(random_log(seed, **CHANCE))
    met = ~np.isnan(seen.levels[0])
    assert seen.levels[:, met].min() >= 1 - 1e-12
    assert seen.levels[:, met].max() <= 7 + 1e-12
    judged = met.any(axis=1)
    assert np.nansum(seen.gap_weights[judged], axis=1) == pytest.approx(1.0)
    scored = np.flatnonzero(~np.isnan(seen.satisfaction_all))
    for weight in (seen.weight, seen.remembered_weight):
        assert np.bincount(seen.marks.encounter, weight)[scored] == pytest.approx(1.0)
    shares = np.bincount(seen.marks.moment_encounter, seen.moments.share)
    assert shares[scored] == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(4))
def test_overall_quality_is_the_weighted_level(seed):
    seen = perceive(random_log(seed, **CHANCE))
    overall = np.nansum(seen.gap_weights * seen.levels[Level.PERCEIVED], axis=1)
    judged = ~np.isnan(seen.perceived_quality)
    assert seen.perceived_quality[judged] == pytest.approx(overall[judged], abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_plain_disconfirmation_without_loss_aversion_or_memory(seed):
    numbers = {"loss_aversion": 1.0, "memory": (1.0, 0.0, 0.0), "perceived_wait": (1.0, 1.0, 0.0)}
    seen = perceive(random_log(seed, **numbers))
    expected = np.nansum(seen.gap_weights * seen.levels[Level.EXPECTED], axis=1)
    perceived = seen.perceived_quality
    plain = np.clip(perceived + 0.40 * (perceived - expected), 1, 7)
    judged = ~np.isnan(perceived)
    assert seen.satisfaction[judged] == pytest.approx(plain[judged], abs=1e-9)


@pytest.mark.parametrize("delivered", [True, False])
def test_what_is_exactly_expected_neither_pleases_nor_hurts(delivered):
    level = 1.0 if delivered else 0.0
    actions = {
        "greet": action(expected=level, dimension="empathy", moment="arrival"),
        "thank": action(expected=level, dimension="assurance", moment="close"),
        "outcome": action(expected=level, dimension="reliability", kind="outcome"),
    }
    hits = list(actions) if delivered else []
    if delivered:
        actions["wait"] = action(kind="wait", dimension="responsiveness", expected=0.0)
    seen = perceive(log_of(site(actions), [Customer([Visit(hits=hits)])]))
    assert seen.moment_utility.tolist() == [0.0] * len(seen.moment_utility)
    assert seen.satisfaction[0] == seen.perceived_quality[0] == (7.0 if delivered else 1.0)
    assert set(seen.zone[0].tolist()) <= {0, -9}


VIEWS = ("expected", "believed", "required", "promised")


def changed(log, **levels):
    """The same log, judged where the first action has other levels."""
    actions = dict(log.site.scenario.actions)
    old = vars(actions["a0"])
    actions["a0"] = action(**(old | {name: old[name].value for name in VIEWS} | levels))
    place = site(actions, log.site.scenario.stages, {"early": {}, "late": {}}, **CHANCE)
    return perceive(dataclasses.replace(log, site=place))


def moved(before, after):
    difference = after.gaps - before.gaps
    return [float(np.nanmax(np.abs(difference[gap]))) for gap in Gap], difference


def test_a_bigger_promise_moves_the_communication_gap_alone():
    log = random_log(3, **CHANCE)
    size, difference = moved(changed(log, promised=0.0), changed(log, promised=1.0))
    assert size[:3] == [0, 0, 0]
    assert size[Gap.COMMUNICATION] > 0.05
    assert np.nanmin(difference[Gap.COMMUNICATION]) > -1e-12
    assert np.nanmin(difference[Gap.CUSTOMER]) > -1e-12


def test_a_new_standard_that_nobody_follows_moves_two_gaps_by_opposite_amounts():
    log = random_log(4, **CHANCE)
    size, difference = moved(changed(log, required=0.0), changed(log, required=1.0))
    assert size[Gap.LISTENING] == size[Gap.COMMUNICATION] == size[Gap.CUSTOMER] == 0
    assert size[Gap.DESIGN] > 0.1
    assert np.nanmax(np.abs(difference[Gap.DESIGN] + difference[Gap.PERFORMANCE])) < 1e-9
    assert np.nanmax(difference[Gap.DESIGN]) < 1e-12


def test_better_listening_moves_the_first_two_gaps():
    log = random_log(5, **CHANCE)
    size, difference = moved(changed(log, believed=0.0), changed(log, believed=1.0))
    assert size[2:] == [0, 0, 0]
    assert np.nanmax(np.abs(difference[Gap.LISTENING] + difference[Gap.DESIGN])) < 1e-9


def test_segments_expect_their_own():
    place = site(
        {"greet": action(expected={"vip": 1.0, "default": 0.5}, believed=0.5, required={"vip": 0.0, "default": 1.0})},
        segments={"vip": {}, "guest": {}, "regular": {"greet": 0.8}},
    )
    log = log_of(place, [Customer([Visit()], segment=name) for name in ("vip", "guest", "regular")])
    levels = perceive(log).levels[:, :, EMPATHY]
    assert levels[Level.EXPECTED0] == pytest.approx([7.0, 4.0, 5.8])
    assert levels[Level.REQUIRED] == pytest.approx([1.0, 7.0, 7.0])


def test_minutes_or_seconds_are_one():
    """All times in seconds, the factor of perception rescaled: no level and no satisfaction changes."""

    def seen(unit, factor):
        wait = action(
            kind="wait",
            dimension="responsiveness",
            expected=5 * unit,
            believed=7 * unit,
            required=4 * unit,
            promised=3 * unit,
            half_value=10 * unit,
        )
        place = site({"wait": wait, "greet": action(expected=0.8)}, perceived_wait=(factor, 0.90, 0.35))
        customers = [Customer([Visit(wait=w * unit, hits=["greet"][: k % 2])]) for k, w in enumerate((0, 2, 5, 12, 40))]
        return perceive(log_of(place, customers))

    minutes, seconds = seen(1, 1.541), seen(60, 1.541 * 60**0.1)
    assert seconds.satisfaction == pytest.approx(minutes.satisfaction, abs=1e-12)
    assert seconds.levels[:, :, [2, 4]] == pytest.approx(minutes.levels[:, :, [2, 4]], abs=1e-12)
    assert seconds.perceived_wait_min == pytest.approx(60 * minutes.perceived_wait_min)


def test_only_the_proportion_of_weights_counts():
    def seen(scale):
        actions = {
            "greet": action(weight=0.6 * scale, expected=0.9),
            "smile": action(weight=0.4 * scale, expected=0.2, moment="close"),
        }
        return perceive(log_of(site(actions), [Customer([Visit(hits=["smile"])])])).satisfaction[0]

    assert seen(0.3) == pytest.approx(seen(1.0), abs=1e-12)
