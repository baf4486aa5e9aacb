"""What is printed adds up: parts are rounded so that their sum is the rounded whole."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.show.figures import Figure
from sim.show.forms import Form
from sim.show.rounding import adding_up

HALVES = st.one_of(st.just(math.nan), st.floats(0, 1))
PARTS = st.lists(st.tuples(st.floats(-6, 6), HALVES), min_size=1, max_size=4)


def column(values, half=0.1):
    return [[Figure(value, half)] for value in values]


@given(PARTS)
def test_the_printed_parts_sum_to_the_printed_whole_and_none_is_off_by_more_than_two_units(parts):
    whole = math.fsum(value for value, _ in parts)
    shown = adding_up([[Figure(*part)] for part in parts], [Figure(whole, 0.1)])
    printed = [float(f"{row[0].mean:.2f}") for row in shown]
    assert math.fsum(printed) == pytest.approx(float(f"{whole:.2f}"), abs=1e-9)
    assert all(abs(one - value) < 0.02 + 1e-9 for one, (value, _) in zip(printed, parts, strict=True))


def test_the_least_certain_part_takes_the_difference_and_constants_stay():
    # To the nearest: 0.27 - 0.80 + 0.85 + 0.22 = 0.54; the whole is 0.53.
    parts = [Figure(0.274, 0.01), Figure(-0.803, 0.0), Figure(0.846, 0.2), Figure(0.217, 0.01)]
    shown = adding_up([[part] for part in parts], [Figure(0.534, 0.1)])
    assert [row[0].mean for row in shown] == pytest.approx([0.27, -0.80, 0.84, 0.22])


@pytest.mark.parametrize("half", [0.1, math.nan])
def test_of_parts_as_certain_the_one_that_rounding_took_most_from_gives_way(half):
    shown = adding_up(column([0.274, -0.803, 0.853, 0.223], half), [Figure(0.547, half)])
    assert [row[0].mean for row in shown] == pytest.approx([0.28, -0.80, 0.85, 0.22])


def test_parts_add_up_in_the_unit_they_are_printed_in():
    shown = adding_up(column([-46_440.0, -1_625.0]), [Figure(160_890.0, 9.0)], column([208_960.0])[0], Form(1e-3, 1))
    assert [row[0].mean for row in shown] == pytest.approx([-46_500.0, -1_600.0])  # 209.0 - 46.5 - 1.6 = 160.9


def test_a_start_is_part_of_the_sum():
    shown = adding_up([[Figure(0.206, 0.1)]], [Figure(0.741, 0.1)], start=[Figure(0.535, 0.1)])
    assert shown[0][0].mean == pytest.approx(0.20)  # 0.54 + 0.20 = 0.74 as printed


@pytest.mark.parametrize("odd", [None, Figure(math.nan, math.nan)])
def test_what_is_missing_leaves_the_others_as_they_are(odd):
    assert adding_up([[Figure(0.274, 0.1)], [odd]], [Figure(0.5, 0.1)]) == [[Figure(0.274, 0.1)], [odd]]
