"""What a policy is worth against the baseline, worked out on paper."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np
import pytest

from sim.study.rows import Key
from sim.study.worth import Daily, break_even_day, return_of, with_worth, worth_rows

YEAR = 365


def daily(days: int = 4, **amounts: dict[int, float]) -> Daily:
    """Nothing on any day but the amounts named, by day."""
    columns = {name: np.zeros(days) for name in ("margin", "staff", "training", "management", "amends", "equity")}
    for name, by_day in amounts.items():
        for day, amount in by_day.items():
            columns[name][day] = amount
    return Daily(**columns)


def test_the_return_is_what_each_unit_of_added_cost_brings_beyond_itself():
    before = daily(margin={0: 100, 1: 100}, staff={0: 60, 1: 60}, equity={1: 50})
    after = daily(
        margin={0: 90, 1: 130}, staff={0: 60, 1: 70}, training={0: 15}, management={2: 5}, equity={1: 60, 3: 30}
    )
    added_profit, added_cost = -10 + 30 + 10 + 30, 10 + 15 + 5
    assert return_of(before, after, 0.0) == (added_profit - added_cost) / added_cost == 1.0


def test_fewer_amends_are_earned_not_saved_cost():
    before, after = daily(amends={1: 30}), daily(training={0: 10}, amends={1: 5})
    assert return_of(before, after, 0.0) == (25 - 10) / 10


def test_profit_and_cost_are_discounted_to_day_0():
    after = daily(2 * YEAR + 1, training={0: 100}, staff={YEAR: 110}, margin={YEAR: 220}, equity={2 * YEAR: 242})
    assert return_of(daily(2 * YEAR + 1), after, 0.1) == pytest.approx((200 + 200 - 200) / 200, rel=1e-13)


def test_without_added_cost_there_is_no_return():
    saves = daily(staff={1: -20}, margin={1: 5})
    assert isnan(return_of(daily(), saves, 0.1))
    assert isnan(return_of(daily(), daily(margin={0: 10}), 0.1))
    rounding = daily(staff={0: 1e-9}, margin={0: 10})
    assert isnan(return_of(daily(), rounding, 0.1))
    assert return_of(daily(), daily(staff={0: 1}, margin={0: 10}), 0.1) == 9


def test_a_policy_breaks_even_on_the_first_day_from_which_it_is_never_behind():
    # In all it is −10, +2, −1, 0, +3 ahead at the ends of the days.
    after = daily(5, training={0: 10, 2: 3}, margin={1: 12, 3: 1}, equity={4: 3})
    assert break_even_day(daily(5), after) == 3


def test_break_even_at_once_and_never():
    assert break_even_day(daily(), daily()) == 0
    assert break_even_day(daily(), daily(margin={2: 1})) == 0
    assert break_even_day(daily(), daily(staff={2: -1})) == 0  # saving is earning
    assert isnan(break_even_day(daily(), daily(training={0: 10}, margin={3: 9})))
    assert break_even_day(daily(), daily(training={0: 10}, margin={3: 10})) == 3


def test_rounding_of_equal_sums_is_not_a_loss():
    tenths = daily(margin={0: 0.1, 1: 0.2}, staff={2: 0.3})
    assert float(np.cumsum(tenths.margin - tenths.staff)[-1]) != 0
    assert break_even_day(daily(), tenths) == 0
    reverse = daily(margin={2: 0.3}, staff={0: 0.1, 1: 0.2})
    assert break_even_day(daily(), reverse) == 2


@dataclass(frozen=True)
class Rows:
    """As much of a replication's rows as is looked at."""

    replication: int
    keys: tuple[Key, ...]
    values: np.ndarray
    daily: Daily | None


def replication(number: int, money: Daily | None) -> Rows:
    return Rows(number, (Key("profit"),), np.array([1.0]), money)


def test_other_policies_get_two_rows_against_the_same_replication_of_the_baseline():
    done = [
        ("as_is", replication(0, daily())),
        ("as_is", replication(1, daily(margin={0: 100}))),
        ("train", replication(0, daily(training={0: 10}, margin={1: 30}))),
        ("train", replication(1, daily(training={0: 10}, margin={0: 100, 3: 15}))),
        ("train", replication(2, daily(training={0: 10}))),  # the baseline's failed
    ]
    found = with_worth(done, "as_is", 0.0)
    assert [policy for policy, _ in found] == [policy for policy, _ in done]
    assert found[:2] == done[:2]
    keys = (Key("profit"), Key("return_on_quality"), Key("break_even_day"))
    assert all(rows.keys == keys for _, rows in found[2:])
    assert found[2][1].values.tolist() == [1, 2, 1]
    assert found[3][1].values.tolist() == [1, 0.5, 3]
    assert found[4][1].values[0] == 1
    assert np.isnan(found[4][1].values[1:]).all()


def test_nothing_is_added_where_nobody_counts_money():
    done = [("as_is", replication(0, None)), ("more", replication(0, None))]
    assert with_worth(done, "as_is", 0.1) == done


def test_policies_of_other_lengths_are_not_compared():
    values = [value for _, value in worth_rows(daily(3), daily(4), 0.1)]
    assert len(values) == 2
    assert all(map(isnan, values))
