"""Steady state: what is said of a warm-up, when a run warns, and how sure a single long run is."""

import math

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import InputError
from sim.study.comparison.compare import compare
from sim.study.results.store import read
from sim.study.steady import Window, judged, of_one_run, spoken, warm_up
from sim.units import parse_duration
from tests.study.test_course import of_site, steady


def window(days=10, warm_up="0 d"):
    return Window(days, parse_duration(warm_up))


def course(inside, waits=None):
    """The course of runs, (runs, buckets) on site; one visit joins in each bucket and waits as many minutes."""
    runs, buckets = inside.shape
    return pd.DataFrame(
        {
            "policy": "as_is",
            "replication": np.repeat(np.arange(runs), buckets),
            "start_min": np.tile(np.arange(buckets), runs) * 14.4,
            "in_system": inside.ravel(),
            "wait_sum_min": (inside if waits is None else waits).ravel(),
            "joined": np.ones(inside.size, np.int64),
        }
    )


def noise(seed, runs=10, buckets=1000, phi=0.0):
    """Runs about 5 that have settled; ``phi`` is how much a bucket hangs on the one before."""
    found = np.random.default_rng(seed).normal(size=(runs, buckets))
    for k in range(1, buckets):
        found[:, k] = phi * found[:, k - 1] + math.sqrt(1 - phi * phi) * found[:, k]
    return 5 + found


def beginning(buckets, runs):
    """Runs whose first buckets are lower; of what follows every five buckets have the same mean."""
    given = 5 + np.tile([1.0, -1.0, 0.0, 2.0, -2.0], 200) + np.arange(runs)[:, None] / 8
    given[:, :buckets] -= 3.0
    return given


def test_a_warm_up_that_leaves_the_beginning_in_looks_short():
    found = judged("steady", "as_is", course(beginning(100, 12)), window(warm_up="12 h"))
    assert (found.replications, found.bucket_min, found.stated_min) == (12, 14.4, 720.0)
    assert found.suggestion_min == 100 * 14.4
    assert found.looks_short
    assert found.verdict == "warm-up of 12 h looks short: the mean of 12 runs settles after 1 d only (by MSER-5)"


def test_a_warm_up_that_leaves_the_beginning_out_will_do():
    found = judged("steady", "as_is", course(beginning(100, 12)), window(warm_up="1 d"))
    assert not found.looks_short
    assert found.verdict == "warm-up of 1 d will do: the mean of 12 runs settles after 1 d (by MSER-5)"


def test_what_only_chance_tells_apart_is_left_in():
    """An hour after the cut the mean over the runs is a little off; the runs themselves are so by far more."""
    given = beginning(100, 12)
    given[:, 100:105] += 0.25 + np.tile([4.0, -4.0], 6)[:, None]
    found = judged("steady", "as_is", course(given), window(warm_up="1 d"))
    assert found.suggestion_min == 105 * 14.4
    assert not found.looks_short
    assert found.verdict == (
        "warm-up of 1 d will do: the mean of 12 runs settles after 1.05 d (by MSER-5), "
        "but the time between differs from the rest by no more than chance"
    )
    given[:, 100:105] -= 0.9 * np.tile([4.0, -4.0], 6)[:, None]
    given[:, 100:105] += 0.5
    assert judged("steady", "as_is", course(given), window(warm_up="1 d")).looks_short


def test_the_frame_holds_the_means_over_the_runs():
    given = course(noise(2), waits=2 * noise(2))
    found = judged("steady", "as_is", given, window())
    assert list(found.frame.columns) == ["start_min", "in_system", "wait_min"]
    assert found.frame["start_min"].tolist() == pytest.approx(given["start_min"].tolist()[:1000])
    assert found.frame["in_system"].tolist() == pytest.approx(noise(2).mean(axis=0).tolist())
    assert found.frame["wait_min"].tolist() == pytest.approx((2 * noise(2).mean(axis=0)).tolist())


def test_the_later_cut_of_the_two_counts():
    waits = noise(3)
    waits[:, :50] -= 4.0
    assert judged("steady", "as_is", course(noise(4), waits), window()).suggestion_min == 50 * 14.4
    assert judged("steady", "as_is", course(waits, noise(4)), window()).suggestion_min == 50 * 14.4


def test_buckets_in_which_nobody_joined_leave_the_number_on_site_to_judge_by():
    given = course(beginning(100, 10))
    given.loc[given["start_min"] == 0, ["joined", "wait_sum_min"]] = 0
    found = judged("steady", "as_is", given, window())
    assert math.isnan(found.frame["wait_min"][0])
    assert found.suggestion_min == 100 * 14.4


def test_a_run_that_never_settles_is_too_short_to_judge():
    found = judged("steady", "as_is", course(noise(5) + np.arange(1000) / 100), window(warm_up="1 d"))
    assert found.suggestion_min is None
    assert found.looks_short
    assert found.verdict == (
        "10 d are too short to judge the warm-up of 1 d: the mean of 10 runs settles in the second half only, if at "
        "all (by MSER-5); simulate more days, such as --set calendar.days=40"
    )


def test_a_site_that_follows_the_clock_needs_fifty_days():
    found = judged("steady", "as_is", course(noise(6, buckets=49)), window(days=49, warm_up="1 d"))
    assert (found.suggestion_min, found.looks_short) == (None, False)
    assert found.verdict == (
        "too few days to judge the warm-up of 1 d: a site that follows the clock is looked at day by day, "
        "and 50 days are due, not 49 (--set calendar.days=50)"
    )


def test_less_than_ten_runs_are_refused():
    with pytest.raises(InputError, match="at least 10 runs, not of 9"):
        judged("steady", "as_is", course(noise(7, 9)), window())


def test_a_warm_up_that_is_long_enough_is_seldom_said_to_look_short():
    """Settled runs whose buckets hang together as those of a busy queue: MSER-5 alone would cut beyond the stated
    twentieth in about one study of ten. Of 100 studies at most 4 say so; at 1 % each, more come once in 300."""
    told = [judged("s", "as_is", course(noise(100 + k, phi=0.9)), window(warm_up="12 h")) for k in range(100)]
    assert sum(one.looks_short for one in told) <= 4


@pytest.mark.parametrize(("minutes", "said"), [(0.0, "0 min"), (14.4, "14.4 min"), (90.0, "1.5 h"), (4032.0, "2.8 d")])
def test_durations_are_said_in_three_digits(minutes, said):
    assert spoken(minutes) == said


# ---- on the real engine


def lounge(warm_up, **more):
    """Everybody stays for 6 hours, nobody waits: the number on site rises for 6 hours, and then has settled."""
    return steady(
        name="lounge",
        calendar={"days": 4, "warm_up": warm_up},
        customers={"all": {"arrivals": {"rate": "20/h"}, "start": "lounge"}},
        stages={"lounge": {"staff": [], "work": "6 h"}},
        staff={},
        **more,
    )


def test_the_suggestion_is_where_the_site_has_filled():
    found = warm_up(lounge("0 d"), jobs=1)
    assert found.looks_short
    assert 4.5 * 60 <= found.suggestion_min <= 7.5 * 60
    assert found.suggestion_min % (5 * found.bucket_min) == pytest.approx(0.0, abs=1e-9)
    assert found.frame["wait_min"].isna().all()


def test_a_run_of_ten_replications_warns_of_a_short_warm_up_alone():
    (said,) = sim.run(lounge("1 h"), replications=10, jobs=1).warnings
    assert said.startswith("warm-up of 1 h looks short: the mean of 10 runs settles after ")
    assert said.endswith("; see sim warm-up")
    assert sim.run(lounge("8 h"), replications=10, jobs=1).warnings == ()
    assert sim.run(lounge("1 h"), replications=9, jobs=1).warnings == ()
    assert sim.run(lounge("1 h") | {"analysis": "terminating"}, replications=10, jobs=1).warnings == ()


def test_each_policy_is_judged_by_its_own_runs_and_warm_up():
    given = lounge("8 h", policies={"as_is": {}, "short": {"calendar.warm_up": "1 h"}})
    result = sim.run(given, policies="all", replications=10, jobs=1)
    (said,) = [warning for warning in result.warnings if "MSER-5" in warning]
    assert said.startswith("policy short: warm-up of 1 h looks short")
    assert warm_up(result).stated_min == 480.0
    assert warm_up(result, "short").stated_min == 60.0
    for lever in ("2 h", {"times": 2}):
        levered = sim.run(lounge("1 h"), replications=10, jobs=1, levers={"calendar.warm_up": lever})
        assert warm_up(levered).stated_min == 120.0


def test_scenarios_that_are_compared_are_each_judged_by_their_own_warm_up(tmp_path):
    one, two = lounge("8 h") | {"name": "one"}, lounge("1 h") | {"name": "two"}
    result = compare(one, two, replications=10, jobs=1, out=tmp_path).result
    assert result.warnings[-1].startswith("policy two: warm-up of 1 h looks short")
    assert not any("policy one" in warning for warning in result.warnings)
    for each in (result, read(result.folder)):
        assert [warm_up(each, name).stated_min for name in ("one", "two")] == [480.0, 60.0]


def test_a_run_too_short_to_tell_says_so():
    at = steady(calendar={"days": 20, "warm_up": "1 d", "open": "09:00", "close": "10:00"})
    (said,) = sim.run(at, replications=10, jobs=1).warnings
    assert said.startswith("too few days to judge the warm-up of 1 d")


@pytest.mark.parametrize(
    ("given", "more", "says"),
    [
        (steady(analysis="terminating"), {}, "write analysis: steady_state"),
        (steady(), {"replications": 9}, "at least 10 runs"),
        (steady(), {"policy": "nobody"}, "no policy 'nobody'"),
    ],
)
def test_what_cannot_be_judged_is_told(given, more, says):
    with pytest.raises(InputError, match=says):
        warm_up(given, **more)


def test_a_result_must_be_of_a_steady_state_and_know_the_policy():
    with pytest.raises(InputError, match="write analysis: steady_state"):
        warm_up(sim.run(steady(analysis="terminating"), replications=1))
    with pytest.raises(InputError, match="no policy 'as_was'; did you mean 'as_is'"):
        warm_up(sim.run(steady(), replications=1), "as_was")


# ---- a single run


def test_a_single_long_run_has_half_widths_of_its_means():
    result = sim.run(steady(calendar={"days": 40, "warm_up": "2 d"}, customers=calm()), replications=1)
    assert result.warnings == ()
    found = result.summary()
    known = found[found["half_width"].notna()]
    assert set(known["measure"]) == {"wait_mean", "in_system_mean"}
    assert known[["stage", "segment"]].isna().all().all()
    batches = of_one_run(result.course, "as_is", window(40, "2 d"))
    for row in known.itertuples():
        of_batches = batches[row.measure].interval
        assert row.mean == of_site(result, row.measure).item()
        assert row.half_width / row.mean == pytest.approx(of_batches.half_width / of_batches.mean)
        assert of_batches.mean == pytest.approx(row.mean, rel=0.01)  # nothing but who came before the cut differs
        assert 0.005 < row.half_width / row.mean < 0.2


def calm():
    return {"all": {"arrivals": {"rate": "6/h"}, "start": "desk"}}


def test_batch_means_leave_the_warm_up_out():
    result = sim.run(steady(calendar={"days": 40, "warm_up": "10 d"}, customers=calm()), replications=1)
    later = result.course[result.course["start_min"] >= 10 * 1440]
    found = of_one_run(result.course, "as_is", window(40, "10 d"))
    assert found["in_system_mean"].interval.mean == pytest.approx(later["in_system"].mean(), rel=1e-12)


def test_a_single_run_that_is_too_short_says_why_it_has_none():
    busy = {"all": {"arrivals": {"rate": "14/h"}, "start": "desk"}}
    result = sim.run(steady(calendar={"days": 3, "warm_up": "1 d"}, customers=busy), replications=1)
    (said,) = result.warnings
    assert said.startswith(
        "how sure the means of this one run are cannot be told: it is too short for batch means: a batch and the next "
    )
    assert said.endswith("; simulate more days, or run at least 10 replications (-n 10)")
    assert result.summary()["half_width"].isna().all()


def test_a_single_run_of_few_days_says_how_many_are_due():
    at = steady(calendar={"days": 30, "warm_up": "5 d", "open": "09:00", "close": "10:00"})
    (said,) = sim.run(at, replications=1).warnings
    assert "25 days after the warm-up, 200 are due" in said


def test_a_single_run_in_which_nobody_waits_knows_the_number_on_site():
    brief = {"lounge": {"staff": [], "work": "1 h"}}
    result = sim.run(lounge("8 h") | {"calendar": {"days": 60, "warm_up": "1 d"}, "stages": brief}, replications=1)
    assert result.warnings == ()
    found = result.summary()
    assert found.loc[found["half_width"].notna(), "measure"].tolist() == ["in_system_mean"]


def test_each_of_several_scenarios_has_half_widths_of_its_own_single_run():
    given = [steady(name=name, calendar={"days": 40, "warm_up": "2 d"}, customers=calm()) for name in ("one", "two")]
    given[1]["staff"] = {"clerk": {"count": 1, "pace": 1.1}}
    found = compare(*given, replications=1, jobs=1).result.summary()
    known = found[found["half_width"].notna()].set_index(["policy", "measure"])["half_width"]
    assert len(known) == 4
    assert known["two", "wait_mean"] < known["one", "wait_mean"]


def test_a_result_without_the_course_of_a_policy_says_so():
    brief = [lounge("1 h", analysis=analysis) | {"name": name} for name, analysis in
             (("one", "steady_state"), ("two", "terminating"))]  # fmt: skip
    result = compare(*brief, replications=10, jobs=1).result
    assert warm_up(result, "one").stated_min == 60.0
    with pytest.raises(InputError, match="no course of two"):
        warm_up(result, "two")


def test_a_single_terminating_run_has_none():
    result = sim.run(steady(analysis="terminating"), replications=1)
    assert result.warnings == ()
    assert result.summary()["half_width"].isna().all()
