"""Who comes when: times, parties, rates that change, hours, renewals. Worked out by hand."""

import pytest

from sim.arithmetic import log
from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from tests.by_hand.run import Run, clock, desk, segment, stage

WIDE = {"clerk": {"count": 100}}


def gaps(n, seed=1, day=0, name="all"):
    """The unit-rate gaps of a segment's day."""
    key = stream_key(seed, 0, "arrivals", name)
    return [-log(uniform(key, i, day)) for i in range(n)]


def arrived(run):
    return [row["arrived"] for row in run.encounters]


def test_appointed_times_are_kept_each_open_day():
    run = Run(
        desk(calendar={"days": 2, "open": "08:00", "close": "18:00"}, customers={"all": segment("09:00", "08:30")})
    )
    assert arrived(run) == [510, 540, 1440 + 510, 1440 + 540]
    assert [row["index"] for row in run.encounters] == [1, 0, 1, 0]  # numbers go by time, indices by the list


def test_a_constant_rate_is_running_sums_of_exponential_gaps():
    run = Run(desk(customers={"all": {"arrivals": {"rate": "12/h"}, "start": "desk"}}, staff=WIDE))
    at, total = [], 0.0
    for gap in gaps(len(arrived(run)) + 1):
        total += gap / 0.2
        at.append(480 + total)
    assert arrived(run) == pytest.approx(at[:-1], abs=1e-6)
    assert at[-2] < 1080 <= at[-1]


def test_a_gap_never_runs_at_an_old_rate():
    """6/h for the first hour, 60/h after: what is left of a unit gap at 09:00 runs ten times as fast."""
    rates = {"08:00": "6/h", "09:00": "60/h"}
    run = Run(desk(customers={"all": {"arrivals": {"rate": rates}, "start": "desk"}}, staff=WIDE))
    at, total = [], 0.0
    for gap in gaps(len(arrived(run))):
        total += gap
        at.append(480 + total / 0.1 if total < 6 else 540 + (total - 6) / 1.0)
    assert arrived(run) == pytest.approx(at, abs=1e-6)


def test_each_day_and_segment_starts_its_process_afresh():
    customers = {name: {"arrivals": {"rate": "6/h"}, "start": "desk"} for name in ("a", "b")}
    run = Run(desk(calendar={"days": 2, "open": "08:00", "close": "18:00"}, customers=customers, staff=WIDE))
    for name in customers:
        for day in (0, 1):
            first = min(row["arrived"] for row in run.encounters if (row["segment"], row["day"]) == (name, day))
            assert first == pytest.approx(clock("08:00", day) + gaps(1, 1, day, name)[0] / 0.1, abs=1e-6)


def test_more_demand_stretches_time_and_deals_nobody_anew():
    def run(scale):
        return Run(desk(customers={"all": {"arrivals": {"rate": "6/h", "scale": scale}, "start": "desk"}}, staff=WIDE))

    base, more = arrived(run(1)), arrived(run(2))
    assert len(more) > len(base)
    assert [t - 480 for t in more[: len(base)]] == pytest.approx([(t - 480) / 2 for t in base], abs=1e-6)


def test_busyness_is_one_factor_for_all_of_a_day():
    def arrivals(cv):
        plan = {"rate": "6/h", "busyness_cv": cv}
        return arrived(Run(desk(customers={"all": {"arrivals": plan, "start": "desk"}}, staff=WIDE)))

    even, busy = arrivals(0), arrivals(0.5)
    factor = (even[0] - 480) / (busy[0] - 480)
    assert factor != pytest.approx(1, abs=1e-3)
    both = list(zip(even, busy, strict=False))
    assert len(both) > 10
    assert [(a - 480) / (b - 480) for a, b in both] == pytest.approx([factor] * len(both), rel=1e-6)


def test_the_site_s_busyness_is_shared_by_all_segments():
    def arrivals(cv):
        customers = {name: {"arrivals": {"rate": "6/h"}, "start": "desk"} for name in ("a", "b")}
        run = Run(desk(customers=customers, staff=WIDE, site={"busyness_cv": cv}))
        return [min(r["arrived"] for r in run.encounters if r["segment"] == name) - 480 for name in ("a", "b")]

    even, busy = arrivals(0), arrivals(0.5)
    assert busy[0] / even[0] == pytest.approx(busy[1] / even[1], rel=1e-5)
    assert busy[0] != even[0]


def test_a_party_arrives_at_one_instant_and_is_several_encounters():
    run = Run(
        desk(
            customers={"all": {"arrivals": {"interarrival": "10 h", "party": 3}, "start": "desk"}}, calendar={"days": 1}
        )
    )
    rows = run.encounters
    assert [row["arrived"] for row in rows] == [600, 600, 600, 1200, 1200, 1200]
    assert [row["index"] for row in rows] == [0, 1 << 24, 2 << 24, 1, 1 + (1 << 24), 1 + (2 << 24)]
    assert run.at("desk", "started") == [600, 605, 610, 1200, 1205, 1210]


def test_a_larger_party_deals_nobody_anew():
    def work(size):
        plan = {"interarrival": "1 h", "party": size}
        law = {"dist": "exponential", "mean": 2}
        run = Run(desk(customers={"all": {"arrivals": plan, "start": "desk"}}, stages={"desk": stage(law)}, staff=WIDE))
        return {row["number"]: row["ended"] - row["started"] for row in run.visits}, run.encounters

    one, of_one = work(1)
    two, of_two = work(2)
    key_one = {(r["day"], r["index"]): one[r["number"]] for r in of_one}
    key_two = {(r["day"], r["index"]): two[r["number"]] for r in of_two}
    assert len(key_two) == 2 * len(key_one)
    assert {k: key_two[k] for k in key_one} == key_one


def test_renewals_start_with_one_gap_from_each_opening():
    hours = {"days": 1, "hours": [["08:00", "10:00"], ["12:00", "14:00"]]}
    run = Run(desk(calendar=hours, customers={"all": {"arrivals": {"interarrival": "50 min"}, "start": "desk"}}))
    assert arrived(run) == [530, 580, 770, 820]


def test_scale_shortens_renewal_gaps_and_nought_stops_them():
    def run(scale):
        plan = {"interarrival": "4 h", "scale": scale}
        return arrived(Run(desk(customers={"all": {"arrivals": plan, "start": "desk"}})))

    assert run(1) == [720, 960]
    assert run(2) == [600, 720, 840, 960]
    assert run(0) == []


def test_where_the_site_never_closes_midnight_is_nothing_special():
    plan = {"interarrival": "1000 min"}
    run = Run(desk(calendar={"days": 3}, customers={"all": {"arrivals": plan, "start": "desk"}}))
    assert arrived(run) == [1000, 2000, 3000, 4000]


def test_arrivals_at_the_instant_of_close_are_refused():
    run = Run(desk(customers={"all": segment("17:59", "18:00")}))
    assert run.ended == ["completed", "turned_away"]
    assert len(run.visits) == 1


def test_numbers_go_by_time_then_segment_then_index():
    customers = {"b": segment("09:00", "09:00"), "a": segment("09:00", "08:00")}
    run = Run(desk(customers=customers))
    assert [(r["segment"], r["index"]) for r in run.encounters] == [("a", 1), ("b", 0), ("b", 1), ("a", 0)]


def test_nobody_comes_on_a_day_without_hours():
    week = {"days": 4, "open": "08:00", "close": "18:00", "week": ["mon", "tue", "thu"]}
    run = Run(desk(calendar=week, customers={"all": segment("09:00")}))
    assert arrived(run) == [clock("09:00"), clock("09:00", 1), clock("09:00", 3)]


def test_rates_by_weekday():
    rates = {"mon": "0/h", "default": {"08:00": "60/h", "08:01": "0/h"}}
    run = Run(
        desk(
            calendar={"days": 2, "open": "08:00", "close": "18:00"},
            customers={"all": {"arrivals": {"rate": rates, "scale": 50}, "start": "desk"}},
            staff=WIDE,
        )
    )
    assert {row["day"] for row in run.encounters} == {1}
    assert all(1920 <= row["arrived"] < 1921 for row in run.encounters)


def test_rates_wrap_past_midnight_and_are_cut_to_the_hours():
    """From 22:00 on 60/h until 06:00; open from 23:00 to 01:00."""
    rates = {"06:00": "0/h", "22:00": "60/h"}
    run = Run(
        desk(
            calendar={"days": 1, "open": "23:00", "close": "01:00"},
            customers={"all": {"arrivals": {"rate": rates}, "start": "desk"}},
            staff=WIDE,
        )
    )
    assert arrived(run)[0] == pytest.approx(1380 + gaps(1)[0], abs=1e-6)
    assert 1440 < max(arrived(run)) < 1500
