"""Fingerprint of everything that turns a key into a number; run as a script it prints it as JSON.

Each purpose draws from one law: 10,000 numbers from the law by arrays, and 20 of them again one by one.
"""

import hashlib
import json

import numpy as np

from sim.chance.keys import stream_key
from sim.chance.laws import law_of
from sim.chance.philox import uniform, uniforms
from tests.distributions import given

N = 10_000
PURPOSES = {
    "uniform": given("uniform", low=0.0, high=1.0),
    "constant": given("constant", value=2.5),
    "exponential": given("exponential", mean=3.0),
    "lognormal": given("lognormal", mean=3.5, cv=0.5),
    "lognormal percentiles": given("lognormal", p50=3.0, p95=8.0),
    "gamma uneven": given("gamma", mean=1.0, cv=3.0),
    "gamma": given("gamma", mean=2.0, cv=0.7),
    "gamma even": given("gamma", mean=2.0, sd=0.05),
    "gamma percentiles": given("gamma", p50=3.0, p95=8.0),
    "weibull": given("weibull", mean=2.0, cv=1.3),
    "weibull percentiles": given("weibull", p50=3.0, p95=8.0),
    "erlang": given("erlang", mean=3.0, k=4),
    "triangular": given("triangular", low=1.0, mode=2.0, high=6.0),
    "normal": given("normal", mean=0.0, sd=1.0),
    "normal from 0": given("normal", mean=1.0, sd=2.0, low=0.0),
    "beta": given("beta", low=1.0, high=5.0, mean=2.0, sd=0.5),
    "beta u-shaped": given("beta", low=0.0, high=1.0, mean=0.4, sd=0.4),
    "empirical": given("empirical", values=(3.0, 1.0, 2.0), weights=(1.0, 2.0, 0.5)),
    "some at once": given(
        "mixture", of=(given("constant", value=0.0), given("exponential", mean=4.0)), weights=(0.3, 0.7)
    ),
    "mixture": given(
        "mixture", of=(given("gamma", mean=1.0, cv=0.4), given("exponential", mean=4.0)), weights=(0.5, 0.5)
    ),
}


def draws(purpose):
    """10,000 numbers of that purpose: over customers, days and visits."""
    key = np.array([stream_key(20, 3, purpose, "segment", "前台")], dtype=np.uint64)
    index = np.arange(N)
    return law_of(PURPOSES[purpose]).quantiles(uniforms(key, index, index % 7, index % 3, k=1)[0])


def draw(purpose, i):
    """The i-th of ``draws``, on its own."""
    key = stream_key(20, 3, purpose, "segment", "前台")
    return law_of(PURPOSES[purpose]).quantile(uniform(key, i, i % 7, i % 3, k=1))


def fingerprint():
    """Purpose -> hash of its draws as little-endian doubles, and the first five in hexadecimal for diagnosis."""
    out = {}
    for purpose in PURPOSES:
        x = draws(purpose)
        digest = hashlib.sha256(x.astype("<f8").tobytes()).hexdigest()
        out[purpose] = {"sha256": digest, "first": [v.hex() for v in x[:5].tolist()]}
    return out


if __name__ == "__main__":
    print(json.dumps(fingerprint(), ensure_ascii=False, indent=1))
