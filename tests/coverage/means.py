"""Intervals of a mean over replications: Student's t, and the one that leans with skewed values."""

from __future__ import annotations

import numpy as np

from sim.study.statistics.intervals import interval
from sim.study.statistics.skewness import skew_interval
from tests.theory.days import mm1_first
from tests.theory.oracles import exponential_patience, impatient, mmc

from .queues import generator, impatient_waits, mean_waits
from .row import ENOUGH, MOST, SIZES, Cover, Found, Row, cover, no_worse, shown, studies, within

LOAD = 0.9
ERLANG_A = {"arrive": 3.0, "servers": 3, "patience": 2.0}  # as in scenarios/theory/erlang_a.yaml

FIRST = {
    (10, 5): 0.879, (100, 5): 0.887, (1000, 5): 0.887,
    (10, 10): 0.909, (100, 10): 0.904, (1000, 10): 0.897,
    (10, 20): 0.933, (100, 20): 0.918, (1000, 20): 0.900,
    (10, 40): 0.934, (100, 40): 0.925, (1000, 40): 0.935,
}  # fmt: skip
"""Coverage measured beforehand, by another program: of the mean of so many first waits, from so many replications."""
LONG_RUN = ((1000, 0, 10, 0.764), (1000, 1000, 10, 0.893), (5000, 500, 20, 0.929), (20_000, 1000, 20, 0.934))
"""Likewise: customers, warm-up, replications, coverage of the long-run mean."""


LEANING = {5: (0.88, 0.98), 10: (0.90, 0.97), 20: (0.91, 0.97), 40: (0.92, 0.97), 100: ENOUGH}
"""Bands of the corrected interval: narrower than Student's at the lower end, by about what it is to gain."""


Bands = dict[int, tuple[float, float] | tuple[()]]
"""By size of study; () where nothing is asked for."""


def students(group: np.ndarray) -> tuple[float, float]:
    found = interval(group.tolist())
    assert found.mean is not None
    assert found.half_width is not None
    return found.mean - found.half_width, found.mean + found.half_width


def leaning(group: np.ndarray) -> tuple[float, float]:
    return skew_interval(group.tolist())


def covers(values: np.ndarray, exact: float, size: int) -> tuple[Cover, Cover]:
    """Of Student's t interval and of the one corrected for skewness."""
    groups = studies(values, size)
    return cover([students(g) for g in groups], exact), cover([leaning(g) for g in groups], exact)


def rows(problem: str, exact: float, values: np.ndarray, bands: Bands) -> list[Row]:
    """A row for each size of study; `values` are (macro-replications, `MOST`)."""
    made = []
    for size, band in bands.items():
        plain, corrected = covers(values, exact, size)
        digits = 3 if exact < 100 else 1
        figures = (
            Found(plain.share, *band),
            shown(plain.half_width, digits),
            Found(corrected.share, *(LEANING[size] if band else ())),
            shown(corrected.half_width, digits),
        )
        made.append(Row((problem, f"{exact:.6g}", str(size)), figures))
    return made


def usual() -> Bands:
    return {size: no_worse(size) for size in SIZES}


def control(tries: int) -> list[Row]:
    """Normal values, for which Student's t is exact: shows that the counting is right."""
    values = generator("control").standard_normal((tries, MOST)) + 3.0
    return rows("normal values (control)", 3.0, values, {size: within(0.95) for size in SIZES})


def first_customers(tries: int) -> list[Row]:
    made = control(tries)
    for customers in (10, 100, 1000):
        values = mean_waits(generator(f"first {customers}"), LOAD, tries * MOST, customers).reshape(-1, MOST)
        bands = {size: within(FIRST[customers, size]) if size < MOST else ENOUGH for size in SIZES}
        problem = f"mean wait of the first {customers} of a day, M/M/1 at load {LOAD}"
        made += rows(problem, mm1_first(LOAD, 1.0, customers).wait, values, bands)
    return made


def long_run(tries: int) -> list[Row]:
    exact, made = mmc(LOAD, 1.0).wait, []
    for customers, warm_up, size, measured in LONG_RUN:
        values = mean_waits(generator(f"long run {customers} {warm_up}"), LOAD, tries * size, customers, warm_up)
        plain = cover([students(g) for g in studies(values, size)], exact)
        corrected = cover([leaning(g) for g in studies(values, size)], exact)
        begins = f"warm-up {warm_up:,}" if warm_up else "no warm-up"
        problem = f"long-run mean wait, M/M/1 at load {LOAD}, {customers:,} customers, {begins}"
        figures = (
            Found(plain.share, *within(measured)),
            shown(plain.half_width),
            shown(corrected.share),
            shown(corrected.half_width),
        )
        made.append(Row((problem, f"{exact:.6g}", str(size)), figures))
    values = mean_waits(generator("long run"), LOAD, tries * MOST, 5000, 2000).reshape(-1, MOST)
    return made + rows("the same, 5,000 customers, warm-up 2,000", exact, values, usual())


def exact_erlang_a() -> float:
    patience = exponential_patience(ERLANG_A["patience"])
    return impatient(ERLANG_A["arrive"], 1.0, int(ERLANG_A["servers"]), patience).wait


def erlang_a(tries: int) -> list[Row]:
    values = impatient_waits(generator("erlang a"), **ERLANG_A, copies=tries * MOST, customers=1000, warm_up=200)
    return rows(
        "mean wait with those who give up, Erlang A: 3 servers, load 3, patience 2",
        exact_erlang_a(),
        values.reshape(-1, MOST),
        usual(),
    )


def lapses(tries: int) -> list[Row]:
    made = []
    for actions, chance in ((200, 0.1), (200, 0.01), (240, 0.002)):
        exact = actions * chance
        values = generator(f"lapses {chance}").binomial(actions, chance, (tries, MOST)).astype(float)
        bands = usual() if exact > 1 else usual() | dict.fromkeys((5, 10, 20), ())
        made += rows(f"lapses a day, {actions} actions with a chance of {chance:g}", exact, values, bands)
    return made


HEAD = ("problem", "exact", "replications")
FIGURES = ("Student's t covers (must lie in)", "half-width", "corrected for skewness (must lie in)", "half-width")
