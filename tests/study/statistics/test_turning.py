"""Comparisons that turn: clear signs, what became of them, and where a straight line passes 0."""

import pytest

from sim.study.statistics.intervals import Interval, interval
from sim.study.statistics.turning import clear_sign, crossing, outcome


@pytest.mark.parametrize(
    ("values", "sign"),
    [([1, 1.1, 0.9], 1), ([-1, -1.1, -0.9], -1), ([1, -1, 2], 0), ([2, 2], 1), ([0, 0], 0), ([3], 0), ([], 0)],
)
def test_a_sign_is_clear_where_the_interval_leaves_out_0(values, sign):
    assert clear_sign(interval(values)) == sign


def test_an_interval_that_ends_at_0_is_not_clear():
    assert clear_sign(Interval(1.0, 1.0, 1.0, 5)) == 0


def test_what_became_of_it():
    assert {(a, b): outcome(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)} == {
        (-1, -1): "holds",
        (-1, 0): "no longer clear",
        (-1, 1): "reversed",
        (0, -1): "becomes clear",
        (0, 0): "not clear",
        (0, 1): "becomes clear",
        (1, -1): "reversed",
        (1, 0): "no longer clear",
        (1, 1): "holds",
    }


@pytest.mark.parametrize(
    ("start", "end", "way"), [(1, -1, 0.5), (-1, 3, 0.25), (1, 0, 1), (0, 2, 0), (1, 2, None), (0, 0, None)]
)
def test_where_a_straight_line_passes_0(start, end, way):
    assert crossing(start, end) == way
