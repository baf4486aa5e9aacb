"""Each action's part in the gaps: by hand, and added up to the gaps of the site."""

from dataclasses import replace
from functools import reduce
from math import exp, fsum, isnan, log
from operator import add
from pathlib import Path

import numpy as np
import pytest

from sim.flow.log import AUTOMATED, FIXED, Cause, Ended
from sim.flow.site import site_of
from sim.quality.levels import Gap
from sim.quality.perceive import perceive
from sim.scenario import load
from sim.study.days import days
from sim.study.measures import measure
from sim.study.tallies.attribution import attribution
from sim.study.tallies.block import block_of
from sim.study.tallies.judged import weighed
from sim.study.tallies.rows import Key
from tests.quality.logs import MINUTE, Customer, Visit, action, log_of, random_log, site, stage

ROOT = Path(__file__).parents[2]
GAPS = ("listening", "design", "performance", "communication")
CHANCE = {"expectation_spread": 0.08, "perceived_wait": (1.541, 0.90, 0.35)}
NO_MEMORY = {"memory": (1.0, 0.0, 0.0)}


def counted(lived, warm_up=0.0):
    """The block of a log written by hand."""
    place = lived.site
    place.warm_up_us = int(warm_up * MINUTE)
    for one in place.stages:
        one.has_queue = True
    return attribution(block_of(lived, perceive(lived)))


def parts(lived, warm_up=0.0):
    """Look a part up; the stage is known from the action."""
    rows = list(counted(lived, warm_up).rows(lived.site, ()))
    found = dict(rows)
    assert len(found) == len(rows), "a row is there twice"

    def value(gap, name, cause=None):
        at = lived.site.scenario.actions[name].stage
        return found[Key(f"part_{gap}", stage=at, action=name, cause=cause)]

    value.rows = found
    return value


def with_causes(lived, *rows):
    """The same log with other codes of what came of the actions, a row for each visit."""
    return replace(lived, causes=np.array(rows, np.uint8))


def worked_example():
    """Section 2 of the model: the customer misses what most expect, but the standard does not ask for."""
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
    lived = log_of(site(actions), [Customer([Visit()])])
    return with_causes(lived, [Cause.HIT, Cause.NOT_REQUIRED, Cause.HIT])


def test_the_worked_example_by_action():
    value = parts(worked_example())
    by_hand = {
        "listening": (0.30, 0.36, 0.0),
        "design": (-0.60, 0.72, 0.12),
        "performance": (0.0, 0.0, -1.20),
        "communication": (0.0, 0.216, 0.0),
    }
    for gap, expected in by_hand.items():
        assert [value(gap, f"a{k}") for k in range(3)] == pytest.approx(expected, abs=1e-12)
    assert value("performance", "a2", "beyond") == pytest.approx(-1.20, abs=1e-12)
    assert value("communication", "a1", "promise") == pytest.approx(0.216, abs=1e-12)
    assert fsum(v for key, v in value.rows.items() if key.cause is None) == pytest.approx(-0.084, abs=1e-12)


def test_each_lapse_counts_its_weight_for_its_cause():
    actions = {
        "greet": action(dimension="empathy", weight=0.6),
        "smile": action(dimension="empathy", weight=0.4),
        "outcome": action(dimension="reliability", kind="outcome"),
    }
    lived = log_of(site(actions), [Customer([Visit()])] * 5)
    codes = [
        (Cause.KNOWLEDGE, Cause.LOAD, Cause.HIT),
        (Cause.KNOWLEDGE, Cause.FATIGUE, Cause.ERROR),
        (Cause.WILLINGNESS, FIXED + Cause.LOAD, Cause.HIT),
        (Cause.HIT, AUTOMATED + Cause.HIT, FIXED + Cause.ERROR),
        (Cause.HIT, Cause.HIT, Cause.ERROR),
    ]
    value = parts(with_causes(lived, *codes))
    empathy, reliability = 6 * 0.16 / 0.48, 6 * 0.32 / 0.48
    assert value("performance", "greet", "knowledge") == pytest.approx(2 / 5 * 0.6 * empathy, abs=1e-12)
    assert value("performance", "greet", "willingness") == pytest.approx(1 / 5 * 0.6 * empathy, abs=1e-12)
    assert value("performance", "greet", "load") == value("performance", "greet", "fatigue") == 0
    assert value("performance", "smile", "load") == pytest.approx(1 / 5 * 0.4 * empathy, abs=1e-12)  # one was mended
    assert value("performance", "smile", "fatigue") == pytest.approx(1 / 5 * 0.4 * empathy, abs=1e-12)
    assert value("performance", "outcome", "error") == pytest.approx(2 / 5 * reliability, abs=1e-12)
    assert value("performance", "greet") == pytest.approx(3 / 5 * 0.6 * empathy, abs=1e-12)
    assert all(value("performance", name, "beyond") == 0 for name in actions)
    with pytest.raises(KeyError):
        value("performance", "outcome", "knowledge")
    with pytest.raises(KeyError):
        value("performance", "greet", "error")


def test_a_standard_that_asks_in_a_share_of_the_cases_is_no_cause_of_lapses():
    """Asked of four in five, and the fifth is not asked: what is left of the gap are the lapses."""
    lived = log_of(site({"form": action(dimension="tangibles", required=0.8)}), [Customer([Visit()])] * 5)
    as_asked = [[Cause.HIT], [Cause.HIT], [Cause.LOAD], [Cause.HIT], [Cause.NOT_REQUIRED]]
    value = parts(with_causes(lived, *as_asked))
    assert value("performance", "form", "load") == pytest.approx(6 / 5, abs=1e-12)
    assert value("performance", "form", "beyond") == pytest.approx(0, abs=1e-12)
    unasked = [*as_asked[:4], [Cause.HIT]]
    value = parts(with_causes(lived, *unasked))
    assert value("performance", "form", "beyond") == pytest.approx(-6 / 5, abs=1e-12)
    assert value("performance", "form") == pytest.approx(0, abs=1e-12)


def test_a_wait_is_capacity_and_what_it_felt_like_is_perception():
    """Expected 5, believed 7, required 5, waited 10, advertised 3: worth 2^(-T/10) each."""
    wait = action(dimension="responsiveness", kind="wait", expected=5, believed=7, required=5, promised=3)
    lived = log_of(site({"wait": wait}, perceived_wait=(1.5, 1.0, 0.0), **NO_MEMORY), [Customer([Visit(wait=10.0)])])

    def x(minutes):
        return exp(-log(2) * minutes / 10)

    value = parts(lived)
    assert value("listening", "wait") == pytest.approx(6 * (x(5) - x(7)), abs=1e-9)
    assert value("design", "wait") == pytest.approx(6 * (x(7) - x(5)), abs=1e-9)
    assert value("performance", "wait", "capacity") == pytest.approx(6 * (x(5) - x(10)), abs=1e-9)
    assert value("performance", "wait") == value("performance", "wait", "capacity")
    assert value("communication", "wait", "promise") == pytest.approx(6 * 0.3 * (x(3) - x(5)), abs=1e-9)
    assert value("communication", "wait", "perception") == pytest.approx(6 * (x(10) - x(15)), abs=1e-9)
    assert value("communication", "wait", "memory") == 0
    with pytest.raises(KeyError):
        value("performance", "wait", "beyond")


def two_moments(first, last):
    actions = {
        "greet": action(dimension="empathy", weight=0.5, moment="arrival", expected=0.5),
        "thank": action(dimension="empathy", weight=0.5, moment="close", expected=0.5),
    }
    lived = log_of(site(actions, memory=(0.0, 0.0, 1.0), loss_aversion=1.0), [Customer([Visit()])])
    return parts(with_causes(lived, [first, last]))


def test_memory_is_of_the_action_that_stands_out():
    """Only the end is remembered: 1 of 1 instead of one half. With one half as the mean, both share in it."""
    value = two_moments(Cause.HIT, Cause.KNOWLEDGE)
    assert value("communication", "thank", "memory") == pytest.approx(6 * (0.5 - 1.0) * (0 - 0), abs=1e-12)
    assert value("communication", "greet", "memory") == pytest.approx(6 * 0.5 * (1 - 0), abs=1e-12)
    value = two_moments(Cause.HIT, Cause.HIT)
    assert value("communication", "thank", "memory") == value("communication", "greet", "memory") == 0


def test_only_judged_encounters_after_the_warm_up_count():
    """The first arrives too early and the second gives up; the third misses her greeting."""
    place = site({"greet": action()})
    customers = [Customer([Visit()]), Customer([Visit()], ended=Ended.ABANDONED), Customer([Visit()])]
    lived = with_causes(log_of(place, [*customers, Customer([Visit()])]), *[[Cause.KNOWLEDGE]] * 3, [Cause.HIT])
    value = parts(lived, warm_up=50)
    assert value("performance", "greet", "knowledge") == pytest.approx(6 / 2, abs=1e-12)


def test_of_nobody_it_is_undefined_and_what_nobody_met_is_0():
    at = {"desk": stage(), "till": stage()}
    actions = {"greet": action(), "thank": action(stage="till", expected=0.5)}
    nobody = parts(log_of(site(actions, at), [Customer([Visit()], ended=Ended.ABANDONED)]))
    somebody = parts(log_of(site(actions, at), [Customer([Visit(hits=["greet"])])]))
    assert all(isnan(value) for value in nobody.rows.values())
    assert list(nobody.rows) == list(somebody.rows)
    assert all(value == 0 for key, value in somebody.rows.items() if key.action == "thank")


@pytest.mark.parametrize("seed", range(8))
def test_the_parts_of_any_log_add_up_to_its_gaps(seed):
    lived = random_log(seed, **CHANCE)
    rows, seen = parts(lived).rows, perceive(lived)
    whole = weighed(seen.gap_weights, seen.gaps)
    for gap in Gap:
        mean = np.nanmean(whole[gap])
        names = GAPS if gap == Gap.CUSTOMER else (gap.name.lower(),)
        found = [v for key, v in rows.items() if key.measure.removeprefix("part_") in names and key.cause is None]
        assert fsum(found) == pytest.approx(mean, abs=1e-9)


@pytest.fixture(
    scope="module",
    params=[
        ("tests/everything.yaml", {"calendar.days": 21}),
        ("scenarios/hotel_front_desk.yaml", {"calendar.days": 7}),
    ],
    ids=["everything", "hotel"],
)
def simulated(request):
    path, levers = request.param
    lived = list(days(site_of(load(ROOT / path).with_levers(levers)), seed=2, replication=0))
    return lived, dict(measure(lived).rows)


def test_over_all_actions_the_parts_are_the_gaps_of_the_site(simulated):
    _, rows = simulated
    everything = []
    for gap in GAPS:
        of_gap = [value for key, value in rows.items() if key.measure == f"part_{gap}" and key.cause is None]
        assert fsum(of_gap) == pytest.approx(rows[Key(f"gap_{gap}")], abs=1e-9)
        everything += of_gap
    assert fsum(everything) == pytest.approx(rows[Key("gap_customer")], abs=1e-9)
    assert max(map(abs, everything)) > 0.1


def test_the_causes_of_a_part_add_up_to_it(simulated):
    _, rows = simulated
    of_part = {}
    for key, value in rows.items():
        if key.measure.startswith("part_") and key.cause is not None:
            of_part.setdefault(key._replace(cause=None), []).append(value)
    assert len(of_part) == 2 * len({key.action for key in of_part})
    for key, values in of_part.items():
        assert fsum(values) == pytest.approx(rows[key], abs=1e-12)


def test_causes_have_the_sign_that_they_must(simulated):
    """A lapse is never good; doing more than is asked is never bad, but where it is asked in a share of the cases."""
    _, rows = simulated
    lapses = [v for key, v in rows.items() if key.cause in ("knowledge", "willingness", "load", "fatigue", "error")
              and key.measure == "part_performance"]  # fmt: skip
    beyond = [v for key, v in rows.items() if key.cause == "beyond" and key.action not in ("form",)]
    promises = [v for key, v in rows.items() if key.cause == "promise"]
    assert min(lapses) >= 0 < max(lapses)
    assert max(beyond) <= 0
    assert min(promises) >= 0 < max(promises)


def test_days_add_up_to_the_same_bits_in_any_order(simulated):
    lived, rows = simulated
    counts = [attribution(block_of(day.log, day.perception)) for day in lived]
    backwards = dict(reduce(add, reversed(counts)).rows(lived[0].log.site, ()))
    assert backwards == {key: value for key, value in rows.items() if key.measure.startswith("part_")}
