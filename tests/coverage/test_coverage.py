"""The program's statistics keep what docs/statistics.md says of them.

Every experiment has a seed of its own, so nothing here is left to chance from one run to the next. The bands are three
standard errors of a thousand studies: of about ninety judged figures a perfect program would, with other seeds, have
one outside in every fourth run or so. Their power: an interval that covers .90 where .944 is due is found with a
probability of .98 at 100 replications, one that forgets a degree of freedom at 5 replications (.90 for .95) surely.
"""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

import sim
from sim.study.replication import Options, ReplicationRows, replicate_once
from sim.study.statistics.intervals import interval
from sim.study.statistics.paired import paired
from sim.study.statistics.rinott import constant, sizes
from sim.study.tallies.rows import Key
from tests.theory.days import mm1_first
from tests.theory.oracles import exponential_patience, impatient, mmc

from . import differences, engine, ideal, means, pairing, quantiles, queues, selection
from .row import MOST, SIZES, Found, Row, cover, no_worse, within
from .tables import KERNELS, TABLES, all_made, made

FEW = 4


# ---- the slow ones: every figure


@pytest.mark.slow
def test_every_figure_is_in_its_band_and_as_printed():
    """Some minutes: all tables of the page, again. Figures may differ by .002 of themselves with another NumPy."""
    from .test_page import written_rows

    rows, printed = all_made(), written_rows()
    outside = [(name, row.labels, str(f)) for name in rows for row in rows[name] for f in row.found if not f.inside]
    assert not outside
    moved = [
        (name, row.labels, str(found), cell)
        for name in rows
        for row, cells in zip(rows[name], printed[name], strict=True)
        for found, cell in zip(row.found, cells[len(row.labels) :], strict=True)
        if not as_printed(found, cell)
    ]
    assert not moved, "write the page again: python -m tests.coverage.page > docs/statistics.md"
    gains(rows["first"])


def as_printed(found: Found, cell: str) -> bool:
    if not math.isfinite(found.value):
        return cell == str(found)
    value = float(re.match(r"-?[\d.]+", cell)[0])  # type: ignore[index]
    return abs(found.value - value) <= max(0.5 * 10**-found.digits, 0.002 * max(1.0, abs(value)))


def gains(rows: list[Row]) -> None:
    """With few replications of a skewed wait the corrected interval covers at least two points more."""
    few = [row for row in rows if row.labels[2] in ("5", "10") and "M/M/1" in row.labels[0]]
    assert len(few) == 6
    assert all(row.found[2].value >= row.found[0].value + 0.02 for row in few)


@pytest.mark.slow
def test_the_simulator_saves_as_much_as_perfect_pairing():
    """A second program, all draws keyed to customers. Each saving is known to about 7 % from 400 days, their ratio to
    10 %: within 30 % is three standard errors; streams by purpose instead of keys by customer save a third as much."""
    work, clerks, days = 5.8, 4, range(400)
    base = [ideal.mean_wait(day, clerks, work) for day in days]
    best = [
        paired(base, [ideal.mean_wait(day, clerks + more, work, pace) for day in days]).variance_ratio
        for more, pace in ((1, 1.0), (0, 1.1))
    ]
    found = pairing.against_as_is("every day the same demand", ("one_more", "faster"), 400)
    for own, other in zip(found, best, strict=True):
        assert own.variance_ratio >= other / 1.3


# ---- the fast ones: the experiments measure what they say


@pytest.mark.parametrize("name", KERNELS)
def test_a_table_is_made_of_few_studies(name):
    rows = made(name, FEW)
    assert rows
    for row in rows:
        assert len(row.labels) == len(TABLES[name].labels)
        assert len(row.found) == len(TABLES[name].figures)
    assert any(found.judged for row in rows for found in row.found)


def test_identical_policies_differ_by_exactly_nothing():
    (found,) = pairing.against_as_is("busy and quiet days, cv .15", ("as_it_was",), 3)
    assert found.difference == 0.0
    assert found.sd == 0.0
    assert found.p_value == 1.0
    assert found.variance_ratio == math.inf


def test_a_training_that_stays_fresh_is_what_faster_says():
    """On the day after it, every wait is as it is with staff who were as fast all along."""
    whole = sim.load(pairing.FILE).with_levers({"calendar.days": 2, "calendar.warm_up": "1 d"})
    training = {"who": "clerk", "day": 0, "faster": 1.1, "fresh": "never"}
    both = [whole.with_levers({"training.speed": training}), whole.with_policy("faster")]
    trained, faster = (replicate_once(scenario, 1, 0, Options()) for scenario in both)
    assert value(trained, "wait_mean") == value(faster, "wait_mean") > 0


def value(rows: ReplicationRows, measure: str) -> float:
    return dict(zip(rows.keys, rows.values.tolist(), strict=True))[Key(measure)]


def test_the_first_of_a_day_wait_as_theory_has_it():
    """20,000 days; the mean is known to 3 %, four standard errors are asked for: one false alarm in 15,000."""
    days = queues.mean_waits(queues.generator("test first"), 0.9, 20_000, 20)
    assert near(days, mm1_first(0.9, 1.0, 20).wait)


def test_impatient_customers_wait_as_theory_has_it():
    runs = queues.impatient_waits(queues.generator("test patience"), 3.0, 3, 2.0, 2000, 200, 100)
    assert near(runs, impatient(3.0, 1.0, 3, exponential_patience(2.0)).wait)


def test_trained_staff_do_what_they_did_and_more():
    works = differences.trained()(queues.generator("test trained"), 200_000)
    assert (works[1] >= works[0]).all()
    for work, adherence in zip(works, (0.6, 0.9), strict=True):
        done = (work - 1.5) / 0.5
        assert near(done, 5 * adherence)
        assert done.var() == pytest.approx(5 * adherence * (1 - adherence), rel=0.03)


def near(values: np.ndarray, exact: float) -> bool:
    return abs(values.mean() - exact) <= 4 * values.std(ddof=1) / math.sqrt(values.size)


def test_known_differences():
    """The first by recursion over the number found, the second by Pollaczek and Khinchine: squares of 3 and 3.75."""
    assert differences.exact_faster() == pytest.approx(-1.341932, abs=5e-7)
    before = 0.2 * (3.0**2 + 0.3) / (2 * (1 - 0.6))
    after = 0.2 * (3.75**2 + 0.1125) / (2 * (1 - 0.75))
    assert differences.exact_trained() == pytest.approx(after - before)


def test_the_percentile_of_a_long_day_is_that_of_the_long_run():
    assert quantiles.first_percentile(1, 90) == 0.0
    mean = sum(float(found @ np.arange(len(found))) for found in quantiles.found_inside(0.9, 30)) / 30
    assert mean == pytest.approx(mm1_first(0.9, 1.0, 30).wait)
    assert quantiles.first_percentile(400, 90) < mmc(0.9, 1.0).percentile(90)


def test_rinott_asks_for_what_the_program_asks_for():
    sds = [1.0, 3.0, 5.5]
    h = constant(3, 20, 0.95)
    assert sizes(sds, 0.5, 20, 0.95) == [max(20, math.ceil((h * sd / 0.5) ** 2)) for sd in sds]


def test_histograms_hold_every_wait():
    run = np.array([0.0, 0.0, 0.05, 0.31, 249.0])
    low, high, counts = (np.asarray(part) for part in quantiles.histogram(run))
    assert counts.sum() == 5
    assert counts[0] == 2
    assert high[0] == low[0] == 0.0
    at = {(round(float(a), 1), round(float(b), 1)) for a, b, n in zip(low, high, counts, strict=True) if n}
    assert at == {(0.0, 0.0), (0.0, 0.1), (0.3, 0.4), (249.0, 249.1)}


def test_slippage_is_by_exactly_the_difference():
    values = selection.normal(queues.generator("test slippage"), 0.8, 200_000, 2)
    assert values.mean(axis=1) == pytest.approx([0, 0, 1, 0, 0], abs=0.04)
    assert np.corrcoef(values)[0, 1] == pytest.approx(0.8, abs=0.01)
    assert values.std(axis=1) == pytest.approx([3.0] * 5, rel=0.02)


def test_students_interval_is_the_programs():
    group = np.array([1.0, 2.0, 4.0])
    low, high = means.students(group)
    found = interval(group.tolist())
    assert (high + low) / 2 == pytest.approx(found.mean)
    assert (high - low) / 2 == pytest.approx(found.half_width)


def test_cover_counts():
    found = cover([(0.0, 1.0), (0.5, 1.0), (-1.0, 3.0), (2.0, 3.0)], 0.25)
    assert found.share == 0.5
    assert found.half_width == 0.5


def test_bands():
    assert within(0.5, 900) == pytest.approx((0.45, 0.55))
    assert all(no_worse(size)[0] < 0.93 < 0.95 < no_worse(size)[1] for size in SIZES)
    assert Found(0.95, 0.9, 1.0).inside
    assert not Found(0.85, 0.9, 1.0).inside
    assert not Found(math.nan, 0.9).inside
    assert Found(math.nan).inside
    assert max(SIZES) == MOST


def test_the_day_of_the_engine_is_an_mm1():
    """Every further minute of a long day adds what M/M/1 waits in a minute: its mean queue, .8² / (1 − .8)."""
    problem = engine.terminating()
    assert problem.exact == engine.exact_waited(240.0)
    assert engine.exact_waited(1201.0) - engine.exact_waited(1200.0) == pytest.approx(3.2, rel=0.01)
