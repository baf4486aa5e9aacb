"""Limits: read strictly, refused kindly, and judged at the confidence stated."""

import math

import numpy as np
import pytest

from sim.errors import InputError
from sim.study.limits.limits import judged, limit_of, limits_of
from sim.study.statistics.intervals import interval
from sim.study.statistics.skewness import leaning_ends, skew_interval, skewness
from sim.study.tallies.rows import Key


@pytest.mark.parametrize(
    ("text", "key", "below", "bound"),
    [
        ("wait_p90 < 12 min", Key("wait_p90"), True, 12.0),
        ("wait_p90 < 12", Key("wait_p90"), True, 12.0),
        ("wait_p90<=30 s", Key("wait_p90"), True, 0.5),
        ("  stay_mean >  1.5 h ", Key("stay_mean"), False, 90.0),
        ("overtime_hours[role=clerk] < 30 min", Key("overtime_hours", role="clerk"), True, 0.5),
        ("paid_hours[role=clerk] < 400", Key("paid_hours", role="clerk"), True, 400.0),
        ("break_even_day < 2 wk", Key("break_even_day"), True, 14.0),
        ("service_level > 80%", Key("service_level"), False, 0.8),
        ("service_level > 80 %", Key("service_level"), False, 0.8),
        ("service_level > 0.8", Key("service_level"), False, 0.8),
        ("utilisation[role=clerk] < 110%", Key("utilisation", role="clerk"), True, 1.1),
        ("return_probability[segment=business] >= .6", Key("return_probability", segment="business"), False, 0.6),
        ("return_on_quality > 20%", Key("return_on_quality"), False, 0.2),
        ("profit > 0", Key("profit"), False, 0.0),
        ("profit > -1e3", Key("profit"), False, -1000.0),
        ("nps >= 20", Key("nps"), False, 20.0),
        ("satisfaction > 5.5 points", Key("satisfaction"), False, 5.5),
        ("gap_customer[dimension=empathy] <= -0.2", Key("gap_customer", dimension="empathy"), True, -0.2),
        ("wait_p90[stage=前台] < 5 min", Key("wait_p90", stage="前台"), True, 5.0),
        ("wait_p90[stage=a<b, segment=it's] < 5 min", Key("wait_p90", stage="a<b", segment="it's"), True, 5.0),
    ],
)
def test_read(text, key, below, bound):
    limit = limit_of(text)
    assert (limit.key, limit.below, limit.share, limit.text) == (key, below, None, text.strip())
    assert limit.bound == pytest.approx(bound, rel=1e-15)
    assert limit.strict == ("=" not in text.split("]")[-1])


@pytest.mark.parametrize("chance", ["in 90%", "in 90 %", "in 0.9", "in 90% of replications"])
def test_a_chance_is_read(chance):
    limit = limit_of(f"wait_p90 < 10 min {chance}")
    assert (limit.bound, limit.share) == (10.0, pytest.approx(0.9))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("satisfaction > 5 min", "'5 min' will not do for satisfaction, which is in points; write for example 5"),
        ("satisfaction > 80%", "in points"),
        ("service_level > 80", "'80' will not do for service_level, which is a share; write for example 80% or 0.8"),
        ("wait_p90 < 5%", "which is in minutes; write for example 12 min"),
        ("wait_p90 < 5 minuts", "in minutes"),
        ("wait_p90 < 1e999", "in minutes"),
        ("abandoned < 3%", "which is a count"),
        ("profit > 5 min", "in money"),
        ("wait_p9 < 5", "did you mean 'wait_p99'"),
        ("wait_p90[stag=a] < 5", "did you mean 'stage'"),
        ("wait_p90 < 5 in 100%", "between 0 % and 100 %"),
        ("wait_p90 < 5 in 90", "between 0 % and 100 %"),
        ("wait_p90 = 5", "is not a limit; write for example wait_p90 < 12 min"),
        ("wait_p90 < ", "is not a limit"),
        ("< 5", "is not a limit"),
        ("wait_p90 < 5 < 6", "in minutes"),
        ("", "is not a limit"),
    ],
)
def test_refused(text, told):
    with pytest.raises(InputError) as problem:
        limit_of(text)
    assert told in str(problem.value)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(InputError) as problem:
        limits_of(["wait_p9 < 5", "nps > 20", "service_level > 80"])
    assert len(str(problem.value).splitlines()) == 2
    assert [limit.bound for limit in limits_of(["nps > 20", "wait_p90 < 5"])] == [20.0, 5.0]


def test_verdicts_follow_the_interval():
    """Of 1 … 9: mean 5, sd 2.7386, t(8, .975) = 2.3060, half-width 2.1051."""
    values = [float(i) for i in range(1, 10)]
    found = {bound: judged(limit_of(f"wait_mean < {bound}"), values) for bound in (2.8, 2.9, 7.1, 7.2)}
    assert [found[bound].verdict for bound in found] == ["not met", "not decided", "not decided", "met"]
    assert (found[7.1].estimate, found[7.1].n) == (5.0, 9)
    assert (found[7.1].low, found[7.1].high) == pytest.approx((2.8949, 7.1051), abs=1e-4)
    assert judged(limit_of("wait_mean > 2.8"), values).verdict == "met"
    assert judged(limit_of("wait_mean < 7.1"), values, confidence=0.9).verdict == "met"


def test_a_chance_is_judged_by_the_share_of_replications():
    """All of n keep it: the lower limit is .025 ** (1 / n), above .9 from n = 36 on."""
    limit = limit_of("wait_p90 < 10 min in 90%")
    early, late = judged(limit, [5.0] * 35), judged(limit, [5.0] * 36)
    assert (early.verdict, early.more) == ("not decided", 1)
    assert (late.verdict, late.more, late.estimate, late.high) == ("met", None, 1.0, 1.0)
    assert late.low == pytest.approx(0.025 ** (1 / 36))
    assert judged(limit, [5.0] * 30 + [15.0] * 30).verdict == "not met"
    assert judged(limit, [5.0] * 30 + [15.0] * 30).estimate == 0.5


def test_wrong_verdicts_are_as_rare_as_stated():
    """On the bound each verdict is wrong; 2.5 % either way, within four standard errors in 4000 studies."""
    draws = np.random.default_rng(5).normal(12.0, 3.0, (4000, 20))
    found = [judged(limit_of("wait_p90 < 12 min"), values).verdict for values in draws]
    slack = 4 * math.sqrt(0.025 * 0.975 / 4000)
    assert abs(found.count("met") / 4000 - 0.025) < slack
    assert abs(found.count("not met") / 4000 - 0.025) < slack


@pytest.mark.parametrize(("n", "measured"), [(10, 0.048), (30, 0.034)])
def test_skewed_values_are_wrongly_called_met_as_rarely_as_measured(n, measured):
    """Exponential values on the bound, 4000 studies, four standard errors; by Student's t it were 9.6 and 6.6 %."""
    draws = np.random.default_rng(8).exponential(12.0, (4000, n))
    found = [judged(limit_of("wait_p90 < 12 min"), values).verdict for values in draws]
    assert found.count("met") / 4000 < measured + 4 * math.sqrt(measured * (1 - measured) / 4000)
    assert found.count("not met") / 4000 < 0.025 + 4 * math.sqrt(0.025 * 0.975 / 4000)


def test_interval_verdict_and_projection_are_of_one_kind():
    """Just outside the interval a bound is decided, just inside it is not; and what is projected ends at the bound."""
    values = [1.0, 1.2, 1.3, 1.4, 1.9, 2.0, 2.4, 8.0]
    low, high = skew_interval(values)
    found = {
        bound: judged(limit_of(f"wait_mean < {bound!r}"), values) for bound in (low - 1e-6, high - 1e-6, high + 1e-6)
    }
    assert [one.verdict for one in found.values()] == ["not met", "not decided", "met"]
    assert all((one.low, one.high) == pytest.approx((low, high)) for one in found.values())
    assert [one.more for one in found.values()] == [None, 1, None]
    seen = interval(values)
    far = judged(limit_of("wait_mean < 3 min"), values)
    ends = [
        leaning_ends(seen.mean, seen.sd, n, skewness(values), 0.95)[1]
        for n in (seen.n + far.more - 1, seen.n + far.more)
    ]
    assert ends[1] < 3.0 <= ends[0]


def test_a_chance_that_does_not_hold_is_rarely_said_to():
    """Exactly 90 % of the replications keep it; Clopper and Pearson promise at most 2.5 % either way."""
    draws = np.random.default_rng(6).random((4000, 80)) * 100
    found = [judged(limit_of("wait_p90 <= 90 min in 90%"), values).verdict for values in draws]
    slack = 4 * math.sqrt(0.025 * 0.975 / 4000)
    assert 0 < found.count("met") / 4000 < 0.025 + slack
    assert 0 < found.count("not met") / 4000 < 0.025 + slack


def test_the_replications_projected_decide_about_half_of_the_time():
    """The projection is where the interval, at the spread and distance seen, just reaches the bound."""
    rng = np.random.default_rng(7)
    limit, seen = limit_of("wait_mean < 11 min"), rng.normal(10.0, 4.0, 20)
    seen = (seen - seen.mean()) / seen.std(ddof=1) * 4.0 + 10.0  # mean 10 and sd 4, exactly
    more = judged(limit, seen).more
    n = 20 + more
    decided = sum(judged(limit, rng.normal(10.0, 4.0, n)).verdict == "met" for _ in range(2000)) / 2000
    assert 0.4 < decided < 0.6


def test_nothing_is_projected_where_nothing_can_be_told():
    limit = limit_of("wait_mean < 5 min")
    for values in ([], [math.nan] * 4):
        found = judged(limit, values)
        assert (found.verdict, found.n, found.more) == ("not decided", 0, None)
        assert math.isnan(found.estimate)
        assert math.isnan(found.low)
    on_the_bound = judged(limit, [4.0, 6.0] * 5)
    assert (on_the_bound.verdict, on_the_bound.more) == ("not decided", None)
    assert judged(limit_of("wait_mean < 5 min in 50%"), [4.0, 6.0] * 5).more is None


def test_what_never_varies_is_decided_by_six_replications():
    limit = limit_of("turned_away < 1")
    assert (judged(limit, [0.0]).verdict, judged(limit, [0.0]).more) == ("not decided", 5)
    assert (judged(limit, [0.0] * 5).verdict, judged(limit, [0.0] * 5).more) == ("not decided", 1)
    assert judged(limit, [0.0] * 6).verdict == "met"
    assert judged(limit, [1.0] * 6).verdict == "not met"
    assert judged(limit_of("turned_away <= 1"), [1.0] * 6).verdict == "met"


def test_replications_without_a_value_are_left_out():
    values = [1.0, 2.0, math.nan, 3.0]
    assert judged(limit_of("wait_mean < 9"), values).n == 3
    assert judged(limit_of("wait_mean < 2.5 in 50%"), values).estimate == pytest.approx(2 / 3)
