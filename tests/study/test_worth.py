"""What a policy is worth against the baseline, worked out on paper."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan

import numpy as np
import pytest

from sim.scenario import load
from sim.study.replication import Options, replicate_once
from sim.study.tallies.daily import Daily
from sim.study.tallies.rows import Key
from sim.study.worth import WORTH, break_even_day, return_of, with_worth, worth_rows

YEAR = 365


COLUMNS = ("margin", "staff", "overtime", "training", "management", "amends", "equity")


def daily(days: int = 4, **amounts: dict[int, float]) -> Daily:
    """Nothing on any day but the amounts named, by day."""
    columns = {name: np.zeros(days) for name in COLUMNS}
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


def test_overtime_is_earned_less_not_invested():
    before, after = daily(overtime={0: 10}), daily(overtime={0: 4, 1: 1}, margin={2: 7}, staff={1: 6})
    assert return_of(before, after, 0.0) == (5 + 7 - 6) / 6
    assert isnan(return_of(before, daily(overtime={0: 14}, margin={2: 7}), 0.0))
    assert break_even_day(before, daily(overtime={0: 14}, margin={2: 7})) == 2


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


def test_other_policies_get_rows_against_the_same_replication_of_the_baseline():
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
    keys = (Key("profit"), *map(Key, WORTH))
    assert all(rows.keys == keys for _, rows in found[2:])
    assert found[2][1].values.tolist() == [1, 20, 2, 1, 1]
    assert found[3][1].values.tolist() == [1, 5, 0.5, 1, 3]
    assert found[4][1].values[0] == 1
    assert np.isnan(found[4][1].values[1:]).all()


def test_a_policy_that_stays_behind_never_breaks_even():
    rows = dict(worth_rows(daily(), daily(training={0: 10}, margin={3: 4}), 0.0))
    assert rows[Key("net_gain")] == -6
    assert rows[Key("breaks_even")] == 0
    assert isnan(rows[Key("break_even_day")])


def test_nothing_is_added_where_nobody_counts_money():
    done = [("as_is", replication(0, None)), ("more", replication(0, None))]
    assert with_worth(done, "as_is", 0.1) == done


def test_policies_of_other_lengths_are_not_compared():
    values = [value for _, value in worth_rows(daily(3), daily(4), 0.1)]
    assert len(values) == 4
    assert all(map(isnan, values))


# ---- simulated ------------------------------------------------------------------------------------


def shop():
    """Three clerks of different pace and with breaks, who stay for those inside; what one does decides who returns."""
    return load(
        {
            "name": "shop",
            "calendar": {"days": 6, "open": "18:00", "close": "02:00", "warm_up": "1 d"},
            "customers": {"all": {"arrivals": {"rate": "35/h"}, "start": "desk", "margin": 30}},
            "stages": {"desk": {"staff": ["clerk"], "work": {"dist": "exponential", "mean": "4 min"}}},
            "staff": {
                "clerk": {
                    "wage": 20,
                    "adherence": 0.6,
                    "pace_cv": 0.3,
                    "members": [
                        {"name": name, "shift": ["18:00", "02:00"], "breaks": [["21:00", "21:20"]]}
                        for name in ("Ana", "Ben", "Cem")
                    ],
                }
            },
            "actions": {
                "greet": {"stage": "desk", "dimension": "empathy", "weight": 1, "time": "20 s", "expected": 0.9},
            },
        }
    )


def worth_of(levers, replications=5):
    """Return on quality, and change of overtime, of a policy in some replications."""
    found = []
    for r in range(replications):
        before, after = (replicate_once(one, 3, r, Options()).daily for one in (shop(), shop().with_levers(levers)))
        found.append((return_of(before, after, 0.1), float((after.overtime - before.overtime).sum())))
    return [value for value, _ in found], [more for _, more in found]


COURSE = {"who": "clerk", "day": 2, "share": 0.34}


@pytest.mark.parametrize(
    "levers",
    [{"choose_staff": "first"}, {"staff.clerk.adherence": 0.9}, {"training.course": {**COURSE, "hours": 8}}],
)
def test_what_costs_nothing_has_no_return_however_much_overtime_it_changes(levers):
    """The course is held in the time of a shift that nobody stands in for: it is paid as the shift would have been."""
    returns, more_overtime = worth_of(levers)
    assert all(isnan(value) for value in returns)
    assert sum(more > 0 for more in more_overtime) > 0
    assert sum(more != 0 for more in more_overtime) == len(more_overtime)


@pytest.mark.parametrize(
    "levers",
    [
        {"staff.clerk.wage": 21},
        {"training.course": {**COURSE, "fee": 50}},
        {"training.course": {**COURSE, "hours": 9}},
        {"training.course": {**COURSE, "hours": 1, "backfill": True}},
        {"management.audit": {"share": 0.1, "cost": 5}},
    ],
)
def test_what_costs_something_has_a_return_in_every_replication(levers):
    returns, _ = worth_of(levers, 2)
    assert all(isfinite(value) for value in returns)


def test_one_hire_more_has_a_return():
    one_more = {
        "calendar": {"days": 3, "open": "08:00", "close": "18:00"},
        "staff": {"clerk": {"count": 2, "wage": 20}},
    }
    before = load({**plain(), **one_more})
    after = before.with_levers({"staff.clerk.count": 3})
    for r in range(3):
        old, new = (replicate_once(one, 3, r, Options()).daily for one in (before, after))
        assert (new.cost - old.cost).tolist() == pytest.approx([10 * 25] * 3, rel=1e-12)
        assert isfinite(return_of(old, new, 0.1))


def plain():
    return {
        "name": "plain",
        "customers": {"all": {"arrivals": {"rate": "20/h"}, "start": "desk", "margin": 30}},
        "stages": {"desk": {"staff": ["clerk"], "work": {"dist": "exponential", "mean": "4 min"}}},
    }
