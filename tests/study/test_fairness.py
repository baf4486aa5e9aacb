"""How far apart segments are, from rows written by hand and from a simulated replication."""

from math import isnan, nan

import pytest

import sim
from sim.study.replication import Options, replicate_once
from sim.study.tallies.fairness import COMPARED, fairness
from sim.study.tallies.rows import Key

from .scenarios import desk


def spreads(*rows):
    return dict(fairness(rows))


def by_segment(measure, values, **scope):
    return [(Key(measure, segment=segment, **scope), value) for segment, value in values.items()]


def test_the_largest_less_the_smallest_segment():
    rows = by_segment("wait_mean", {"a": 4.0, "b": 1.5, "c": 3.0})
    assert spreads((Key("wait_mean"), 9.0), *rows) == {Key("wait_mean_spread"): 2.5}


def test_a_single_segment_has_nobody_to_compare_with():
    assert spreads((Key("wait_mean"), 4.0), (Key("wait_mean", segment="a"), 4.0)) == {}


def test_segments_without_a_value_are_left_out():
    rows = by_segment("satisfaction", {"a": nan, "b": 5.0, "c": 6.0})
    assert spreads(*rows) == {Key("satisfaction_spread"): 1.0}
    (alone,) = spreads(*rows[:2]).values()
    assert isnan(alone)


def test_finer_rows_and_counts_are_not_compared():
    rows = by_segment("hit_rate", {"a": 0.1, "b": 0.9}, action="greet")
    rows += by_segment("gap_customer", {"a": 0.1, "b": 0.9}, dimension="empathy")
    rows += by_segment("arrivals", {"a": 10.0, "b": 90.0})
    assert spreads(*rows) == {}


def test_each_period_by_itself():
    rows = by_segment("hit_rate", {"a": 0.5, "b": 0.75}, period=0) + by_segment(
        "hit_rate", {"a": 0.5, "b": 0.5}, period=1
    )
    assert spreads(*rows) == {Key("hit_rate_spread", period=0): 0.25, Key("hit_rate_spread", period=1): 0.0}


def test_of_a_simulated_replication():
    done = replicate_once(sim.load(desk()), 3, 0, Options())
    rows = dict(zip(done.keys, done.values, strict=True))
    found = spreads(*rows.items())
    absent = {"recovered_share"}  # nobody hears complaints there
    assert {key.measure for key in found} == {f"{name}_spread" for name in COMPARED if name not in absent}
    for key, value in found.items():
        name = key.measure.removesuffix("_spread")
        hasty, calm = (rows[Key(name, segment=segment)] for segment in ("hasty", "calm"))
        assert value == pytest.approx(abs(hasty - calm))
    assert found[Key("abandoned_share_spread")] > 0
