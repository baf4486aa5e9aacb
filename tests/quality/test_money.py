"""What quality costs and is worth, against published arithmetic and sums written out."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.quality.money import (
    discount_factor,
    lifetime_multiple,
    present_value,
    return_on_quality,
    staff_cost,
    training_utility,
)


def test_an_hour_costs_its_wage_and_the_burden():
    assert staff_cost(8, 22, 0.25) == 220
    assert staff_cost(0, 22, 0.25) == staff_cost(8, 0, 0.25) == 0


@pytest.mark.parametrize(
    ("retention", "discount", "multiple"),
    [(0.8, 0.10, 2.667), (0.9, 0.10, 4.5), (0.9, 0.12, 4.091), (0.70, 0.0, 2.333), (0.72, 0.0, 2.571)],
)
def test_the_multiple_for_ever_is_the_published_one(retention, discount, multiple):
    for_ever = lifetime_multiple(retention, discount, math.inf)
    assert for_ever == pytest.approx(multiple, abs=0.0005)
    assert for_ever == pytest.approx(retention / (1 + discount - retention), rel=1e-13)
    assert lifetime_multiple(retention, discount, 1000) == pytest.approx(for_ever, rel=1e-13)


def test_two_points_of_retention_are_worth_ten_per_cent():
    """Of .70, nothing discounted: 10.2 per cent, not the 17 that a consultancy prints."""
    more = lifetime_multiple(0.72, 0, math.inf) / lifetime_multiple(0.70, 0, math.inf) - 1
    assert more == pytest.approx(0.102, abs=0.0005)


@given(st.floats(0, 1), st.floats(0, 0.5), st.integers(1, 40))
def test_whole_years_are_the_sum_written_out(retention, discount, years):
    q = retention / (1 + discount)
    assert lifetime_multiple(retention, discount, years) == pytest.approx(
        math.fsum(q**year for year in range(1, years + 1)), rel=1e-6, abs=1e-300
    )


def test_a_customer_who_always_comes_back_is_worth_every_year():
    assert lifetime_multiple(1, 0, 7) == 7
    assert lifetime_multiple(1, 0, math.inf) == math.inf
    assert lifetime_multiple(0, 0.1, 7) == 0
    assert math.isnan(lifetime_multiple(math.nan, 0.1, 7))


def test_a_year_discounts_by_the_yearly_rate():
    assert discount_factor(0, 0.1) == 1
    assert discount_factor(365, 0.1) == pytest.approx(1 / 1.1, rel=1e-14)
    assert discount_factor(73, 0.1) ** 5 == pytest.approx(1 / 1.1, rel=1e-14)
    assert discount_factor(1000, 0) == 1


def test_present_value_discounts_each_day_by_its_own_factor():
    amounts = [0.0] * 731
    amounts[0], amounts[365], amounts[730] = 100.0, 110.0, -121.0
    assert present_value(amounts, 0.1) == pytest.approx(100, rel=1e-13)
    assert present_value([], 0.1) == 0


def test_return_on_quality_is_what_is_left_of_each_unit_spent():
    assert return_on_quality(150, 100) == 0.5
    assert return_on_quality(-50, 100) == -1.5
    assert math.isnan(return_on_quality(150, 0))
    assert math.isnan(return_on_quality(150, -10))


def test_the_utility_of_training_is_the_published_one():
    assert training_utility(0.62, 1.25, 1, 1, 1) == pytest.approx(0.45553, abs=0.000005)
    assert training_utility(0.62, 1.25, 1, 60_000) == pytest.approx(10_933, abs=0.5)
