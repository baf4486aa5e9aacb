"""Distributions as a scenario writes them, each beside SciPy's own form of the same law."""

import math
from types import SimpleNamespace

import numpy as np


def given(dist, **parameters):
    """A distribution of a scenario; what is not given is None."""
    optional = {
        "lognormal": ("mean", "cv", "sd", "p50", "p95"),
        "gamma": ("mean", "cv", "sd", "p50", "p95"),
        "weibull": ("mean", "cv", "sd", "p50", "p95"),
        "normal": ("low", "high"),
        "empirical": ("weights",),
    }
    return SimpleNamespace(dist=dist, **dict.fromkeys(optional.get(dist, ())) | parameters)


def weibull_shape(cv):
    from scipy import optimize, special

    return optimize.brentq(lambda k: special.gamma(1 + 2 / k) / special.gamma(1 + 1 / k) ** 2 - 1 - cv * cv, 0.2, 200)


def continuous():
    """Name -> (distribution, SciPy's frozen law)."""
    from scipy import special, stats

    k = weibull_shape(1.3)
    sigma = math.sqrt(math.log(1.25))
    out = {
        "exponential": (given("exponential", mean=3.0), stats.expon(scale=3.0)),
        "lognormal cv": (
            given("lognormal", mean=3.0, cv=0.5),
            stats.lognorm(sigma, scale=3.0 / math.sqrt(1.25)),
        ),
        "lognormal sd": (
            given("lognormal", mean=3.0, sd=1.5),
            stats.lognorm(sigma, scale=3.0 / math.sqrt(1.25)),
        ),
        "lognormal narrow": (
            given("lognormal", mean=3.0, cv=1e-4),
            stats.lognorm(math.sqrt(math.log1p(1e-8)), scale=3.0 / math.sqrt(1 + 1e-8)),
        ),
        "weibull": (given("weibull", mean=2.0, cv=1.3), stats.weibull_min(k, scale=2.0 / special.gamma(1 + 1 / k))),
        "erlang": (given("erlang", mean=3.0, k=4), stats.gamma(4, scale=0.75)),
        "uniform": (given("uniform", low=1.0, high=4.0), stats.uniform(1.0, 3.0)),
        "triangular": (given("triangular", low=1.0, mode=2.0, high=6.0), stats.triang(0.2, 1.0, 5.0)),
        "triangular left": (given("triangular", low=1.0, mode=1.0, high=6.0), stats.triang(0.0, 1.0, 5.0)),
        "triangular right": (given("triangular", low=1.0, mode=6.0, high=6.0), stats.triang(1.0, 1.0, 5.0)),
        "normal": (given("normal", mean=5.0, sd=2.0), stats.norm(5.0, 2.0)),
        "normal from 0": (given("normal", mean=1.0, sd=2.0, low=0.0), stats.truncnorm(-0.5, np.inf, 1.0, 2.0)),
        "normal between": (given("normal", mean=1.0, sd=2.0, low=0.0, high=4.0), stats.truncnorm(-0.5, 1.5, 1.0, 2.0)),
        "normal tail": (given("normal", mean=1.0, sd=0.2, low=2.0), stats.truncnorm(5.0, np.inf, 1.0, 0.2)),
        "normal left tail": (given("normal", mean=1.0, sd=0.2, high=0.4), stats.truncnorm(-np.inf, -3.0, 1.0, 0.2)),
        "beta": (given("beta", low=1.0, high=5.0, mean=2.0, sd=0.5), stats.beta(2.75, 8.25, 1.0, 4.0)),
        "beta u-shaped": (given("beta", low=0.0, high=1.0, mean=0.4, sd=0.4), stats.beta(0.2, 0.3)),
    }
    for cv in (0.01, 0.1, 0.5, 0.7, 1.0, 2.0, 4.0):
        out[f"gamma cv {cv}"] = (given("gamma", mean=2.0, cv=cv), stats.gamma(cv**-2, scale=2.0 * cv * cv))
    return out


def stepped():
    """Name -> distribution with steps, or mixed."""
    constant, slow = given("constant", value=0.0), given("exponential", mean=4.0)
    quick = given("lognormal", mean=1.0, cv=0.4)
    return {
        "constant": given("constant", value=2.5),
        "constant for ever": given("constant", value=math.inf),
        "no spread": given("lognormal", mean=3.0, cv=0.0),
        "nothing": given("gamma", mean=0.0, sd=0.0),
        "empirical": given("empirical", values=(3.0, 1.0, 2.0, 2.0)),
        "empirical weighted": given("empirical", values=(3.0, 1.0, 2.0), weights=(1.0, 0.0, 4.0)),
        "some at once": given("mixture", of=(constant, slow), weights=(0.3, 0.7)),
        "some in the middle": given("mixture", of=(slow, given("constant", value=2.0)), weights=(0.6, 0.4)),
        "some never": given("mixture", of=(slow, given("constant", value=math.inf)), weights=(0.6, 0.4)),
        "two": given("mixture", of=(slow, quick), weights=(0.5, 0.5)),
        "two and steps": given("mixture", of=(slow, quick, given("constant", value=2.0)), weights=(0.5, 0.3, 0.2)),
        "apart": given(
            "mixture",
            of=(given("uniform", low=0.0, high=1.0), given("uniform", low=10.0, high=11.0)),
            weights=(0.25, 0.75),
        ),
        "nested": given(
            "mixture",
            of=(given("mixture", of=(constant, slow), weights=(0.5, 0.5)), given("empirical", values=(0.0, 1.0))),
            weights=(0.5, 0.5),
        ),
    }
