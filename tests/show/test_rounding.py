"""What is printed adds up: parts are rounded so that their sum is the rounded whole."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.show.figures import Figure
from sim.show.rounding import adding_up

PARTS = st.lists(st.floats(-6, 6), min_size=1, max_size=6)


def column(values):
    return [[Figure(value, 0.1)] for value in values]


@given(PARTS)
def test_the_printed_parts_sum_to_the_printed_whole_and_none_is_off_by_a_unit(values):
    whole = math.fsum(values)
    shown = [row[0].mean for row in adding_up(column(values), [Figure(whole, 0.1)])]
    assert f"{math.fsum(shown):.2f}".lstrip("-") == f"{round(whole, 2):.2f}".lstrip("-")
    assert all(abs(one - value) < 0.01 + 1e-9 for one, value in zip(shown, values, strict=True))


def test_those_that_lose_most_by_rounding_down_are_rounded_up():
    shown = adding_up(column([0.274, -0.803, 0.848, 0.225]), [Figure(0.544, 0.1)])
    assert [row[0].mean for row in shown] == pytest.approx([0.27, -0.80, 0.85, 0.22])


def test_a_start_is_part_of_the_sum():
    shown = adding_up([[Figure(0.206, 0.1)]], [Figure(0.741, 0.1)], start=[Figure(0.535, 0.1)])
    assert shown[0][0].mean == pytest.approx(0.20)  # 0.54 + 0.20 = 0.74 as printed


@pytest.mark.parametrize("odd", [None, Figure(math.nan, math.nan)])
def test_what_is_missing_leaves_the_others_as_they_are(odd):
    assert adding_up([[Figure(0.274, 0.1)], [odd]], [Figure(0.5, 0.1)]) == [[Figure(0.274, 0.1)], [odd]]
