"""MSER-5 and Welch's average: by hand, from the definition, and on a queue whose beginning is known exactly."""

import numpy as np
import pytest

from sim.errors import InputError
from sim.study.statistics.warm_up import BATCH, LEAST, averaged, moving_average, mser5
from tests.study.statistics.mm1 import LOAD, MEAN, waits
from tests.theory.days import mm1_first

RESTLESS = np.tile([1.0, -1.0, 0.0, 2.0, -2.0], 200)  # every five of them have mean 0


def test_a_beginning_unlike_the_rest_is_cut_and_nothing_else():
    for beginning in (0, 5, 20, 105):
        series = RESTLESS.copy()
        series[:beginning] += 7.0
        found = mser5(series)
        assert (found.observations, found.verdict) == (beginning, "fine")


def test_a_batch_that_begins_unlike_the_rest_is_cut_whole():
    series = RESTLESS.copy()
    series[:22] += 7.0
    assert mser5(series).observations == 25


def test_the_course_is_the_marginal_standard_error_of_what_is_left():
    series = 1e6 + np.random.default_rng(5).normal(size=253)
    batches = series[:250].reshape(-1, BATCH).mean(axis=1)
    found = mser5(series)
    assert len(found.course) == 50 - 5 + 1  # five batches are always left
    expected = [np.var(batches[cut:]) / (50 - cut) for cut in range(46)]
    assert found.course == pytest.approx(expected, rel=1e-6)
    assert found.observations == BATCH * int(np.argmin(expected))


def test_a_run_that_never_settles_is_too_short():
    assert mser5(np.arange(1000.0)).verdict == "run too short"
    half = np.concatenate([np.full(500, 7.0), RESTLESS[:500]])
    assert (mser5(half).observations, mser5(half).verdict) == (500, "fine")
    more = np.concatenate([np.full(505, 7.0), RESTLESS[:495]])
    assert (mser5(more).observations, mser5(more).verdict) == (505, "run too short")


def test_few_observations_tell_nothing():
    found = mser5(RESTLESS[: LEAST - 1])
    assert (found.observations, found.verdict, len(found.course)) == (None, "too few observations", 0)
    assert mser5(RESTLESS[:LEAST]).observations == 0


def test_a_constant_is_left_whole():
    assert mser5(np.full(100, 0.1)).observations == 0


@pytest.mark.parametrize("runs", [np.zeros(100), np.zeros((1, 100)), np.zeros((9, 100))])
def test_less_than_ten_runs_are_refused(runs):
    with pytest.raises(InputError, match="at least 10 runs"):
        averaged(runs)


def test_runs_are_averaged_observation_by_observation():
    assert averaged(np.arange(20.0).reshape(10, 2)).tolist() == [9.0, 10.0]


def test_welchs_average_narrows_towards_the_beginning():
    found = moving_average([1.0, 2.0, 6.0, 4.0, 7.0, 10.0], 2)
    assert found.tolist() == pytest.approx([1.0, (1 + 2 + 6) / 3, (1 + 2 + 6 + 4 + 7) / 5, (2 + 6 + 4 + 7 + 10) / 5])
    assert moving_average([3.0, 4.0], 0).tolist() == [3.0, 4.0]


@pytest.mark.parametrize("window", [-1, 3])
def test_a_window_that_does_not_fit_is_told(window):
    with pytest.raises(InputError, match="write 0 to 2"):
        moving_average([1.0] * 6, window)


def test_the_queue_used_here_begins_as_theory_says():
    """4 sigma: wrong once in 16,000."""
    found = waits(np.random.default_rng(3), 20_000, 200).mean(axis=1)
    exact = mm1_first(LOAD, 1.0, 200).wait
    assert abs(found.mean() - exact) < 4 * found.std() / np.sqrt(len(found))
    assert exact < 2 / 3 * MEAN  # far from the long run


@pytest.mark.slow
def test_on_the_mean_of_ten_runs_it_adds_next_to_no_bias_and_on_each_run_much():
    """M/M/1 at load 0.9 started empty, 20,000 customers. The truncated mean is within 2 % of the long run's.

    240 studies of ten runs: a standard error of 0.3 %, so that a bias of less than 1 % passes all but once in a
    thousand; of these few give no cut. Of single runs the cut is looked for in the first half, as is usual: it still
    is far worse.
    """
    chance = np.random.default_rng(11)
    together, alone = [], []
    for _ in range(240):
        runs = waits(chance, 10, 20_000)
        found = mser5(averaged(runs))
        if found.verdict != "fine":
            continue
        together.append(runs[:, found.observations :].mean())
        cuts = [BATCH * int(np.argmin(mser5(run).course[: len(run) // BATCH // 2])) for run in runs]
        alone.append(np.mean([run[cut:].mean() for run, cut in zip(runs, cuts, strict=True)]))
    assert len(together) >= 232
    bias, bias_alone = np.mean(together) / MEAN - 1, np.mean(alone) / MEAN - 1
    assert abs(bias) < 0.02
    assert bias_alone < -0.025
    lost = np.array(together) - alone
    assert lost.mean() > 4 * lost.std() / np.sqrt(len(lost))
