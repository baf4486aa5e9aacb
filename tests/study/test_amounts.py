"""How differences are written: in their unit, with the same decimals wherever they stand together."""

import pytest

from sim.show.forms import SIZES
from sim.study.sensitivity import amounts as module
from sim.study.sensitivity.amounts import amounts, unit_of


@pytest.mark.parametrize(
    ("measure", "found", "told"),
    [
        ("wait_mean", (0.833597, 0.0), "+0.83 ±0.00 min"),
        ("wait_mean", (0.833597, 1e-16), "+0.83 ±0.00 min"),  # rounding of floating point, not a width
        ("wait_mean", (0.833597, 0.004), "+0.834 ±0.004 min"),
        ("wait_p90[stage=desk]", (-1.25, None), "−1.25 min"),
        ("satisfaction", (0.004, 0.5), "0.00 ±0.50 points"),  # no sign of what is not seen
        ("abandoned_share", (-0.0123, 0.004), "−1.2 ±0.4 percentage points"),
        ("abandoned_share", (0.0, 0.0), "0 percentage points"),
        ("profit", (17830.4, 212.6), "+17830 ±213 EUR"),
        ("profit", (-178304.0, 2126.0), "−178.3k ±2.1k EUR"),
        ("profit", (12.5, 3.0), "+12.50 ±3.00 EUR"),
        ("lifetime_value", (12.5, 3.0), "+12.50 ±3.00 EUR per customer"),
        ("completed", (3.25, 1.0), "+3.25 ±1.00"),
    ],
)
def test_a_change_in_its_unit(measure, found, told):
    form = amounts(measure, [found], "EUR")
    assert form.with_unit(form.change(*found)) == told


def test_the_largest_and_the_surest_say_how_all_are_written():
    form = amounts("profit", [(5.0, 1.0), (2000.0, 1.0)])
    assert [form.change(5.0, 1.0), form.change(2000.0, 1.0)] == ["+5 ±1", "+2000 ±1"]
    assert amounts("wait_mean", [(1.0, 0.5), (1.0, 0.001)]).digits == 3
    assert amounts("wait_mean", [(None, None), (float("nan"), None)]).digits == 2


def test_money_without_a_currency_has_no_unit():
    assert unit_of("profit") == ("", 1.0)
    assert unit_of("lifetime_value") == ("per customer", 1.0)


def test_money_is_written_as_in_all_other_tables():
    assert [(least, form.scale, form.digits, form.unit) for least, form in SIZES] == list(module._SIZES)
