"""Skewness: SciPy's; intervals that lean: what they gain over Student's t; and the words of caution, measured."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.study.statistics.intervals import interval
from sim.study.statistics.skewness import caution, skew_interval, skewness
from tests.coverage import differences, queues
from tests.study.statistics.kernels import mean_waits
from tests.theory.days import mm1_first

NAN = math.nan


@given(st.lists(st.integers(-1000, 1000), min_size=3, max_size=20).filter(lambda values: len(set(values)) > 1))
def test_skewness_is_that_of_scipy(values):
    found = skewness([float(value) for value in values])
    assert found == pytest.approx(stats.skew(values, bias=False), rel=1e-9, abs=1e-9)
    assert abs(found) <= math.sqrt(len(values)) + 1e-9


def test_skewness_where_there_is_little_to_judge():
    assert math.isnan(skewness([]))
    assert math.isnan(skewness([1.0, NAN, 2.0]))
    assert skewness([0.1] * 5) == 0.0
    assert skewness([1.0, NAN, 2.0, 3.0]) == pytest.approx(0.0)


def symmetric_form(pivot, lean):
    """Hall's cubic, whose inverse the interval uses."""
    return pivot + 2 * lean * pivot**2 + 4 / 3 * lean**2 * pivot**3 + lean


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=15).filter(lambda values: np.std(values) > 1e-3))
def test_its_ends_are_where_the_symmetric_pivot_meets_students(values):
    low, high = skew_interval(values, 0.9)
    found, lean = interval(values), skewness(values) / (6 * math.sqrt(len(values)))
    t = stats.t.ppf(0.95, len(values) - 1)
    step = found.sd / math.sqrt(found.n)
    assert symmetric_form((found.mean - low) / step, lean) == pytest.approx(t, rel=1e-4)
    assert symmetric_form((found.mean - high) / step, lean) == pytest.approx(-t, rel=1e-4)


def test_symmetric_values_keep_students_interval():
    for values in ([1.0, 2.0, 3.0, 4.0], [2.5, 7.0], [0.3, 0.3, 0.3]):
        found = interval(values)
        assert skew_interval(values) == pytest.approx((found.mean - found.half_width, found.mean + found.half_width))
    assert all(math.isnan(end) for end in skew_interval([1.0]) + skew_interval([NAN, NAN]))
    assert skew_interval([1.0, NAN, 2.0, 9.0]) == skew_interval([1.0, 2.0, 9.0])


def test_it_leans_to_the_long_side_and_turns_with_the_values():
    values = [1.0, 1.2, 1.5, 1.7, 2.0, 9.0]
    mean = sum(values) / 6
    low, high = skew_interval(values)
    assert high - mean > mean - low
    assert skew_interval([-value for value in values]) == pytest.approx((-high, -low))
    assert skew_interval([10 * value + 3 for value in values]) == pytest.approx((10 * low + 3, 10 * high + 3))


def exponential(rng, macros, n):
    return rng.exponential(1.0, (macros, n)), 1.0


def lognormal(rng, macros, n):
    return rng.lognormal(0.0, 0.5, (macros, n)), math.exp(0.125)


def first_waits(customers):
    """Mean waits of the first customers of an M/M/1 queue at load 0.9."""

    def draw(rng, macros, n):
        return mean_waits(rng, macros, n, customers, 0.9), mm1_first(1.0, 1 / 0.9, customers).wait

    return draw


def covered(draw, seed, macros, n):
    """Whether each study's Student's t and corrected interval hold the truth, and where the first lies too low."""
    values, truth = draw(np.random.default_rng(seed), macros, n)
    rows = values.tolist()
    plain = [interval(row) for row in rows]
    by_t = np.array([abs(f.mean - truth) <= f.half_width for f in plain])
    too_low = np.array([f.mean + f.half_width < truth for f in plain])
    by_skew = np.array([low <= truth <= high for low, high in map(skew_interval, rows)])
    return by_t, by_skew, too_low


ROWS = {
    (10, 5): 0.879,
    (100, 5): 0.887,
    (1000, 5): 0.887,
    (10, 10): 0.909,
    (100, 10): 0.904,
    (1000, 10): 0.897,
    (10, 20): 0.933,
    (100, 20): 0.918,
    (1000, 20): 0.900,
    (10, 40): 0.934,
    (100, 40): 0.925,
    (1000, 40): 0.935,
    (10, 100): 0.943,
    (100, 100): 0.944,
}
"""Measured elsewhere, 1000 studies each: first customers, replications, coverage of Student's 95 %."""


@pytest.mark.parametrize(("customers", "n"), [row for row in ROWS if row[0] < 1000 and row[1] <= 20])
def test_student_covers_waits_as_known_and_the_correction_covers_more(customers, n):
    """2000 studies: Student's within 3 sigma (2.6 to 3 %, both measurements together) of the known row; the gain of
    the correction, 2.5 to 4.5 %, is above 0 by 3 sigma of its own."""
    by_t, by_skew, _ = covered(first_waits(customers), 1000 * n + customers, 2000, n)
    known = ROWS[customers, n]
    assert abs(by_t.mean() - known) <= 3 * math.sqrt(known * (1 - known) * (1 / 2000 + 1 / 1000))
    gain = by_skew.astype(float) - by_t
    assert gain.mean() > 3 * gain.std() / math.sqrt(2000)
    assert by_skew.mean() <= 0.965


@pytest.mark.parametrize("draw", [exponential, lognormal])
def test_ten_skewed_values_gain_by_the_correction(draw):
    """3000 studies: the gain, 2 to 4 %, is above 0 by 3 sigma."""
    by_t, by_skew, _ = covered(draw, 10, 3000, 10)
    gain = by_skew.astype(float) - by_t
    assert gain.mean() > 3 * gain.std() / math.sqrt(3000)


def test_normal_values_lose_nothing():
    """3000 studies of 10 normal values: still 95 % (3 sigma: 1.2 %)."""
    _, by_skew, _ = covered(lambda rng, macros, n: (rng.normal(size=(macros, n)), 0.0), 11, 3000, 10)
    assert abs(by_skew.mean() - 0.95) <= 0.012


@pytest.mark.slow
@pytest.mark.parametrize(("customers", "n"), list(ROWS))
def test_every_known_row(customers, n):
    """4000 studies: Student's within 3 sigma of the known row; the correction nearer to 95 %, or with a hundred
    replications, where the two differ by less than chance does, both within 92.5 to 96.5 %."""
    by_t, by_skew, _ = covered(first_waits(customers), 4000 * n + customers, 4000, n)
    known = ROWS[customers, n]
    assert abs(by_t.mean() - known) <= 3 * math.sqrt(known * (1 - known) * (1 / 4000 + 1 / 1000))
    if n < 100:
        assert abs(by_skew.mean() - 0.95) < abs(by_t.mean() - 0.95)
    else:
        assert 0.925 <= by_t.mean() <= 0.965
        assert 0.925 <= by_skew.mean() <= 0.965


# ---- words of caution


def test_caution_goes_by_the_number_of_replications_alone():
    fine, dreadful = [float(value) for value in range(20)], [1.0] * 19 + [99.0]
    words = "with 20 replications 95 % intervals of waits cover about 92 %; 100 replications give 94 %"
    assert caution(fine) == caution(dreadful) == caution([*fine, NAN]) == caution(20) == words
    assert caution(12, "difference") == (
        "with 12 replications 95 % intervals of changes of waits cover about 87 %; 100 replications give 93 %"
    )
    assert "run at least ten" in caution([2.0])
    assert max(len(caution(n, what)) for n in range(1, 40) for what in ("mean", "difference")) <= 160


def test_no_caution_where_there_is_no_need():
    assert caution([]) is None
    assert caution([NAN]) is None
    assert caution([0.1] * 4) is None
    assert caution(0) is None
    assert caution(39) is not None
    assert caution(40) is None
    assert caution(59, "difference") is not None
    assert caution(60, "difference") is None


@pytest.mark.parametrize(("n", "said"), [(5, 0.88), (10, 0.90), (20, 0.92), (30, 0.93), (100, 0.94)])
def test_the_words_say_what_was_measured(n, said):
    """4000 studies each of exponential values: within 3 sigma (1.1 to 1.5 %) of the words, which are rounded to 1 %."""
    by_t, _, too_low = covered(exponential, n, 4000, n)
    assert abs(by_t.mean() - said) <= 3 * math.sqrt(said * (1 - said) / 4000) + 0.005
    if n < 100:
        assert too_low.sum() > 0.85 * (~by_t).sum()  # what fails lies nearly always below the true mean
        assert f"about {100 * said:.0f} %" in caution(n)


@pytest.mark.parametrize("n", [10, 20, 40])
def test_where_the_values_look_fine_intervals_are_no_better(n):
    """Why skewness that is seen says nothing: exponential values that look symmetric are covered less."""
    values = np.random.default_rng(30 + n).exponential(1.0, (6000, n)).tolist()
    fine = np.array([abs(skewness(row)) <= 1.0 for row in values])
    by_t = np.array([abs(f.mean - 1.0) <= f.half_width for f in map(interval, values)])
    assert by_t[fine].mean() < by_t[~fine].mean()


@pytest.mark.parametrize("n", [10, 20, 40])
def test_the_words_on_differences_say_what_was_measured(n):
    """2000 studies of mean waits of 200 customers at load 0.8 where service becomes ten per cent faster: within 3 sigma
    (2.3 % at most) of the words, which are rounded to 1 %."""
    pairs = queues.mean_waits(queues.generator(f"caution {n}"), 0.8, 2000 * n, 200, works=differences.faster)
    values = (pairs[1] - pairs[0]).reshape(2000, n).tolist()
    exact = differences.exact_faster()
    covers = np.mean([abs(f.mean - exact) <= f.half_width for f in map(interval, values)])
    said = float(re.search(r"about (\d+) %", caution(n, "difference"))[1]) / 100
    assert abs(covers - said) <= 3 * math.sqrt(said * (1 - said) / 2000) + 0.005
