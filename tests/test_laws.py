"""The laws: right mean, spread, quantiles and tails; scalar and array bits equal; never decreasing; honest errors."""

import math

import numpy as np
import pytest

from sim.chance.continuous import Constant
from sim.chance.keys import stream_key
from sim.chance.laws import exponential, gamma, law_of, lognormal, weibull
from sim.chance.philox import uniforms
from sim.errors import InputError
from tests.distributions import continuous, given, stepped

CONTINUOUS = continuous()
STEPPED = stepped()
ALL = {name: one for name, (one, _) in CONTINUOUS.items()} | STEPPED


def luck(n):
    return uniforms(np.array([stream_key(1, 0, "laws")], dtype=np.uint64), np.arange(n))[0]


def on_grid(u):
    """The nearest numbers that the streams can give: their complements are exact."""
    return np.floor(u * 2.0**52) * 2.0**-52 + 2.0**-53


def inner(n):
    """Probabilities from 1e-6 to 1 − 1e-6, both tails included."""
    tail = on_grid(np.geomspace(1e-6, 0.4, n))
    return np.concatenate([tail, [0.5], 1.0 - tail])


@pytest.mark.parametrize("name", CONTINUOUS)
def test_quantiles_are_scipys(name):
    one, reference = CONTINUOUS[name]
    u = inner(60)
    np.testing.assert_allclose(law_of(one).quantiles(u), reference.ppf(u), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", CONTINUOUS)
def test_tails_are_not_cut_off(name):
    """The values that one in ten thousand, and one in a hundred million, is beyond."""
    one, reference = CONTINUOUS[name]
    law, u = law_of(one), on_grid(np.array([1e-8, 1e-4]))
    np.testing.assert_allclose(law.quantiles(u), reference.ppf(u), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(law.quantiles(1.0 - u), reference.isf(u), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", CONTINUOUS)
def test_means_are_exact(name):
    one, reference = CONTINUOUS[name]
    assert law_of(one).mean == pytest.approx(reference.mean(), rel=1e-9)


@pytest.mark.parametrize("name", ["lognormal cv", "lognormal sd", "gamma cv 0.7", "gamma cv 2.0", "weibull", "beta"])
def test_spread_is_as_asked(name):
    one, _ = CONTINUOUS[name]
    wanted = one.sd if getattr(one, "sd", None) else one.cv * one.mean
    u = (np.arange(1_000_000) + 0.5) / 1_000_000
    assert np.std(law_of(one).quantiles(u)) == pytest.approx(wanted, rel=2e-3)


@pytest.mark.parametrize("name", CONTINUOUS)
def test_distribution_function_undoes_the_quantile(name):
    law = law_of(CONTINUOUS[name][0])
    u = inner(30)
    x = law.quantiles(u)
    # a value is known to its last bit only: where it hardly moves with u, u cannot be had back
    moves = np.gradient(x, u) * 1e-12 > np.spacing(np.abs(x))
    np.testing.assert_allclose(law.cdfs(x)[moves], u[moves], atol=2e-11)
    assert [law.cdf(v) for v in x.tolist()] == law.cdfs(x).tolist()


@pytest.mark.parametrize("name", ALL)
def test_scalar_and_array_have_the_same_bits(name):
    law = law_of(ALL[name])
    u = np.concatenate([luck(200), [2.0**-53, 1.0 - 2.0**-53, 0.5, 0.3, 0.25, 0.75]])
    assert [law.quantile(v) for v in u.tolist()] == law.quantiles(u).tolist()
    assert law.quantiles(u[:200].reshape(20, 10)).tolist() == law.quantiles(u[:200]).reshape(20, 10).tolist()
    assert law.quantiles(u[:0]).shape == (0,)
    assert type(law.quantile(0.5)) is float


@pytest.mark.parametrize("name", ALL)
def test_never_decreasing_in_u(name):
    """Neighbouring uniform numbers, at random, in the tails, and around the probabilities of the mixtures."""
    u = luck(20_000)
    step = 2.0**-52
    around = np.concatenate([q + np.arange(-50, 50) * step + 2.0**-53 for q in (0.2, 0.25, 0.3, 0.5, 0.6, 0.7)])
    tails = np.arange(500) * step + 2.0**-53
    u = np.concatenate([u, u[u < 1 - 2 * step] + step, around, tails, 1.0 - tails])
    x = law_of(ALL[name]).quantiles(np.unique(u))
    with np.errstate(invalid="ignore"):
        assert not (np.diff(x) < 0).any()


@pytest.mark.parametrize("dist", ["lognormal", "gamma", "weibull"])
@pytest.mark.parametrize(("p50", "p95"), [(3.0, 8.0), (3.0, 3.3), (1.0, 60.0), (0.01, 0.0101)])
def test_usually_and_nineteen_in_twenty(dist, p50, p95):
    law = law_of(given(dist, p50=p50, p95=p95))
    assert law.quantile(0.5) == pytest.approx(p50, rel=1e-9)
    assert law.quantile(0.95) == pytest.approx(p95, rel=1e-9)
    u = (np.arange(1_000_000) + 0.5) / 1_000_000
    assert law.mean == pytest.approx(law.quantiles(u).mean(), rel=5e-3)


def test_what_has_no_spread_is_constant():
    for one in [
        given("constant", value=3.0),
        given("lognormal", mean=3.0, cv=0.0),
        given("gamma", mean=3.0, sd=0.0),
        given("weibull", mean=3.0, cv=0.0),
        given("normal", mean=3.0, sd=0.0, low=0.0),
        given("uniform", low=3.0, high=3.0),
        given("triangular", low=3.0, mode=3.0, high=3.0),
        given("empirical", values=(3.0, 3.0)),
        given("mixture", of=(given("constant", value=3.0), given("exponential", mean=1.0)), weights=(1.0, 0.0)),
    ]:
        law = law_of(one)
        assert law.is_constant
        assert law.mean == 3.0
        assert law.quantile(0.9) == 3.0
        assert law.quantiles(np.array([0.1, 0.9])).tolist() == [3.0, 3.0]


@pytest.mark.parametrize("dist", ["lognormal", "gamma", "weibull"])
def test_mean_zero_is_always_zero(dist):
    assert law_of(given(dist, mean=0.0, cv=0.5)) == Constant(0.0)
    assert law_of(given("erlang", mean=0.0, k=3)) == Constant(0.0)
    assert law_of(given("exponential", mean=0.0)) == Constant(0.0)


def test_varying_laws_are_not_constant():
    assert not any(law_of(one).is_constant for one, _ in CONTINUOUS.values())


def test_short_forms_are_the_same_laws():
    assert exponential(2.0) == law_of(given("exponential", mean=2.0))
    assert lognormal(2.0, cv=0.3) == law_of(given("lognormal", mean=2.0, cv=0.3))
    assert gamma(2.0, sd=0.6) == law_of(given("gamma", mean=2.0, sd=0.6))
    assert weibull(2.0, cv=0.3) == law_of(given("weibull", mean=2.0, cv=0.3))
    assert gamma(2.0, cv=1.0) == exponential(2.0)


def test_observed_values_come_in_their_proportions():
    law = law_of(given("empirical", values=(5.0, 1.0, 2.0, 2.0)))
    assert law.quantiles(np.array([0.1, 0.25, 0.2500001, 0.75, 0.76, 0.999])).tolist() == [1.0, 1.0, 2.0, 2.0, 5.0, 5.0]
    assert law.mean == 2.5
    weighted = law_of(given("empirical", values=(5.0, 1.0, 2.0), weights=(1.0, 3.0, 0.0)))
    assert weighted.quantiles(np.array([0.74, 0.76])).tolist() == [1.0, 5.0]
    assert weighted.mean == 2.0


def test_a_mixture_with_a_constant_is_exact():
    law = law_of(STEPPED["some at once"])
    u = luck(100_000)
    x = law.quantiles(u)
    assert np.array_equal(x == 0.0, u <= 0.3)
    np.testing.assert_allclose(x[u > 0.31], -4.0 * np.log1p(-(u[u > 0.31] - 0.3) / 0.7), rtol=1e-12)
    assert law.mean == pytest.approx(2.8, rel=1e-14)


def test_a_constant_in_the_middle_of_a_mixture():
    law = law_of(STEPPED["some in the middle"])
    below = 0.6 * -math.expm1(-0.5)
    u = luck(50_000)
    x = law.quantiles(u)
    assert np.array_equal(x == 2.0, (u > below) & (u <= below + 0.4))
    np.testing.assert_allclose(x[u < below], -4.0 * np.log1p(-u[u < below] / 0.6), rtol=1e-12)
    late = u > below + 0.4
    np.testing.assert_allclose(x[late], -4.0 * np.log1p(-(u[late] - 0.4) / 0.6), rtol=1e-9)


def test_a_mixture_with_never():
    law = law_of(STEPPED["some never"])
    assert law.quantile(0.59) < math.inf
    assert law.quantile(0.61) == math.inf
    assert law.mean == math.inf


@pytest.mark.parametrize("name", ["two", "two and steps", "nested"])
def test_mixtures_have_the_mixed_distribution(name):
    from scipy import stats

    sigma = math.sqrt(math.log(1.16))
    slow, quick = stats.expon(scale=4.0).cdf, stats.lognorm(sigma, scale=1 / math.sqrt(1.16)).cdf
    mixed = {
        "two": (lambda x: 0.5 * slow(x) + 0.5 * quick(x), 2.5),
        "two and steps": (lambda x: 0.5 * slow(x) + 0.3 * quick(x) + 0.2 * (x >= 2.0), 2.7),
        "nested": (lambda x: 0.5 * (x >= 0.0) + 0.25 * slow(x) + 0.25 * (x >= 1.0), 1.25),
    }
    cdf, mean = mixed[name]
    law = law_of(STEPPED[name])
    u = np.concatenate([inner(40), luck(500)])
    x = law.quantiles(u)
    on_step = np.isin(x, (0.0, 1.0, 2.0))
    np.testing.assert_allclose(cdf(x[~on_step]), u[~on_step], rtol=1e-9, atol=1e-13)
    assert (cdf(x[on_step]) >= u[on_step] - 1e-13).all()
    assert (cdf(x[on_step] - 1e-9) <= u[on_step] + 1e-9).all()
    assert law.mean == pytest.approx(mean, rel=1e-12)


def test_a_gap_in_a_mixture_is_never_drawn():
    x = law_of(STEPPED["apart"]).quantiles(luck(20_000))
    assert not ((x > 1.0 + 1e-12) & (x < 10.0 - 1e-12)).any()
    assert abs((x > 5).mean() - 0.75) < 4.5 * math.sqrt(0.75 * 0.25 / 20_000)


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTINUOUS)
def test_a_million_draws_pass_kolmogorov_and_smirnov(name):
    from scipy import stats

    one, reference = CONTINUOUS[name]
    assert stats.kstest(law_of(one).quantiles(luck(1_000_000)), reference.cdf).pvalue > 1e-5


@pytest.mark.parametrize("name", ["gamma cv 2.0", "beta", "normal from 0", "lognormal cv"])
def test_a_hundred_thousand_draws_pass_kolmogorov_and_smirnov(name):
    from scipy import stats

    one, reference = CONTINUOUS[name]
    x = law_of(one).quantiles(luck(100_000))
    assert stats.kstest(x, reference.cdf).pvalue > 1e-5
    beyond = (x > reference.isf(1e-4)).sum()
    assert abs(beyond - 10) < 4.5 * math.sqrt(10) + 1


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (given("gamma", mean=1.0, cv=5.0), "cv cannot be above 4.47"),
        (given("gamma", p50=1.0, p95=1e12), "too uneven"),
        (given("lognormal", mean=0.0, sd=1.0), "mean 0"),
        (given("lognormal", p50=3.0, p95=2.0), "rising order"),
        (given("weibull", mean=1.0, cv=1e-5), "no Weibull law"),
        (given("normal", mean=0.0, sd=1.0, low=50.0), "nothing of"),
        (given("normal", mean=0.0, sd=1.0, low=3.0, high=2.0), "above"),
        (given("beta", low=0.0, high=1.0, mean=0.5, sd=0.5), "too large"),
        (given("beta", low=0.0, high=1.0, mean=0.5, sd=1e-6), "too small"),
        (given("beta", low=0.0, high=1.0, mean=2.0, sd=0.1), "between"),
        (given("uniform", low=2.0, high=1.0), "above"),
        (given("triangular", low=2.0, mode=1.0, high=3.0), "rising order"),
        (given("by_time"), "no law"),
    ],
)
def test_impossible_laws_are_refused(one, words):
    with pytest.raises(InputError, match=words):
        law_of(one)


def test_a_change_of_spread_does_not_re_deal():
    """The unluckiest stay the unluckiest: ranks do not change with cv."""
    u = luck(5000)
    order = np.argsort(u)
    for cv in (0.2, 0.7, 1.0, 1.7, 4.0):
        assert (np.diff(gamma(2.0, cv=cv).quantiles(u)[order]) >= 0).all()
