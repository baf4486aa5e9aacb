"""Coverage where the program itself decides when it knows enough: the rule of `--precision`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.study.goals import Goal, Wish
from sim.study.statistics.precision import enough
from sim.study.tallies.rows import Key

from .differences import FASTER, exact_faster, faster
from .means import ERLANG_A, exact_erlang_a, leaning, students
from .queues import generator, impatient_waits, mean_waits
from .row import Found, Row, cover, shown, within

AT_MOST, FEWER = 1000, 400
"""Replications to a study at most, enough for none to be stopped by it."""
MEASURE = Key("wait_mean")
LASTED = (0.92, 0.97)
"""Of a search that stops by what it has seen: it covers a little less than 95 %, and must not be far off."""
SKEWED = (0.87, 0.97)
"""Where replications are as skewed as differences of M/M/1 waits (by 3): it stops too early when it saw no bad day."""


def stop(goal: Goal, cases: Sequence[np.ndarray]) -> int:
    """Replications at which the program stops."""
    names = ["as_is", "policy"][: len(cases)]
    excess = goal.excess(names, lambda case, key, n: cases[case][:n].tolist(), goal.at_most)
    n = enough(list(excess.values()), goal.at_most)
    assert n is not None
    return n


def row(problem: str, asked: str, exact: float, goal: Goal, studies: np.ndarray, band: tuple[float, float]) -> Row:
    """`studies` are (studies, cases, replications); of two cases the difference is looked at."""
    ends = [stop(goal, cases) for cases in studies]
    series = studies[:, -1] - studies[:, 0] if goal.paired else studies[:, 0]
    seen = [values[:n] for values, n in zip(series, ends, strict=True)]
    plain, corrected = cover([students(v) for v in seen], exact), cover([leaning(v) for v in seen], exact)
    capped = float(np.mean([n >= goal.at_most for n in ends]))
    figures = (
        Found(plain.share, *band),
        shown(corrected.share),
        shown(float(np.mean(ends)), 0),
        Found(capped, high=0.01),
    )
    return Row((problem, f"{exact:.6g}", asked), figures)


def goal_of(part: float, paired: bool = False, at_most: int = AT_MOST) -> Goal:
    return Goal((Wish(MEASURE, part),), at_most, paired)


def make(tries: int) -> list[Row]:
    values = generator("searches").standard_exponential((tries, 1, AT_MOST))
    patient = impatient_waits(
        generator("searched erlang a"), **ERLANG_A, copies=tries * FEWER, customers=300, warm_up=100
    )
    waits = mean_waits(
        generator("searched waits"), FASTER["load"], tries * FEWER, int(FASTER["customers"]), works=faster
    )
    both = waits.reshape(2, tries, FEWER).swapaxes(0, 1)
    change, of_baseline = "change of mean waits, ten per cent faster (as above)", "of the baseline's mean"
    return [
        row("exponential values", "10 % of the mean", 1.0, goal_of(0.1), values, within(0.946)),
        row("exponential values", "30 % of the mean", 1.0, goal_of(0.3), values, within(0.930)),
        row(
            "mean wait, Erlang A (as above), 300 customers",
            "4 % of the mean",
            exact_erlang_a(),
            goal_of(0.04, at_most=FEWER),
            patient.reshape(tries, 1, FEWER),
            LASTED,
        ),
        row(change, f"5 % {of_baseline}", exact_faster(), goal_of(0.05, True, FEWER), both, SKEWED),
        row(change, f"10 % {of_baseline}", exact_faster(), goal_of(0.1, True, FEWER), both, SKEWED),
    ]


HEAD = ("problem", "exact", "half-width asked for")
FIGURES = (
    "Student's t covers (must lie in)",
    "corrected for skewness",
    "replications, mean",
    "stopped by the cap",
)
