"""A run as a window on a process without end: is its warm-up long enough, and how sure is a single long run?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, did_you_mean
from sim.study.statistics.batch_means import BatchMeans, batch_means
from sim.study.statistics.intervals import interval
from sim.study.statistics.warm_up import LEAST, PILOTS, Cut, averaged, mser5
from sim.units import DAY_MINUTES

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from sim.scenario import Scenario
    from sim.study.cases import Case
    from sim.study.desk import Progress
    from sim.study.results.result import Result

Floats = NDArray[np.float64]

BEYOND_CHANCE = 0.99
"""Confidence with which what a longer warm-up would leave out must differ from the rest before a run warns of it."""
_LONGER = 4
"""Times the days to try where they are too few: a beginning as long as all of them is then a quarter."""


@dataclass(frozen=True, eq=False)
class WarmUp:
    """What pilot runs say of the warm-up of a steady-state scenario under one policy.

    ``frame``: a row per bucket of time, the warm-up included: start_min, and means over the replications of
    in_system (time average) and wait_min (of the visits that joined a queue in it; missing where nobody did).
    """

    scenario: str
    policy: str
    replications: int
    frame: pd.DataFrame
    bucket_min: float
    stated_min: float
    suggestion_min: float | None  # by MSER-5, whole fives of buckets; None where the run does not tell
    looks_short: bool  # what lies between the stated and the suggested cut differs from the rest beyond chance
    verdict: str


class Window(NamedTuple):
    """The stretch of time that the runs of one policy look at."""

    days: int
    warm_up_min: float


def windows_of(cases: Sequence[Case]) -> dict[str, dict[str, Any]]:
    """The window of each case in plain values, as the settings of a result keep it."""
    calendars = {case.name: case.scenario.calendar for case in cases}
    return {name: Window(of.days, of.warm_up)._asdict() for name, of in calendars.items()}


def _windows(result: Result) -> dict[str, Window]:
    """By policy; of those alone that kept a course."""
    if result.course is None:
        return {}
    known = set(result.course["policy"])
    return {name: Window(**of) for name, of in result.settings.get("windows", {}).items() if name in known}


class Series(NamedTuple):
    """A ratio over time in each of several runs, (runs, buckets) each."""

    above: Floats
    below: Floats

    def mean(self) -> Floats:
        """(buckets,) ratio of the means over runs; NaN where nothing is below. InputError for too few runs."""
        with np.errstate(invalid="ignore"):
            return averaged(self.above) / averaged(self.below)

    def ratios(self, first: int, last: int | None = None) -> Floats:
        """(runs,) ratio over a stretch of buckets."""
        part = slice(first, last)
        above, below = self.above[:, part].sum(axis=1), self.below[:, part].sum(axis=1)
        with np.errstate(invalid="ignore"):
            ratios: Floats = above / below
        return ratios


def warm_up(
    source: Scenario | Result | str | Path | Mapping[str, Any],
    policy: str | None = None,
    replications: int = PILOTS,
    seed: int | None = None,
    jobs: int | Executor | None = None,
    levers: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> WarmUp:
    """Judge the warm-up of a steady-state scenario by pilot runs of it, or by the replications of a result.

    MSER-5 is applied to the number on site and to the waits, each averaged over the runs; the later cut counts.
    ``policy``: absent, the first. InputError where the analysis is not steady_state or there are fewer than ten runs.
    """
    from sim.study.results.result import Result

    if isinstance(source, Result):
        return _of_result(source, policy)
    from sim.study.replicate import run, scenario_of

    scenario = scenario_of(source)
    _check_steady(scenario)
    if replications < PILOTS:
        raise InputError(f"replications: {replications} will not do; a warm-up is judged by at least {PILOTS} runs")
    return _of_result(
        run(scenario, policy, replications=replications, seed=seed, jobs=jobs, levers=levers, progress=progress)
    )


def _check_steady(scenario: Scenario) -> None:
    if scenario.analysis != "steady_state":
        raise InputError(
            "a terminating run has no warm-up: how it begins is part of it; "
            "for a window on a process without end write analysis: steady_state"
        )


def _of_result(result: Result, policy: str | None = None) -> WarmUp:
    chosen = result.policies[0] if policy is None else policy
    if chosen not in result.policies:
        raise InputError(f"no policy '{chosen}'{did_you_mean(chosen, result.policies)}")
    window = _windows(result).get(chosen)
    if window is None or result.course is None:
        _check_steady(result.scenario)
        raise InputError(f"this result holds no course of {chosen}; run it again, with analysis: steady_state")
    return judged(result.scenario.name, chosen, result.course, window)


def judged(name: str, policy: str, course: pd.DataFrame, window: Window) -> WarmUp:
    """Judge the warm-up of a policy by the course of a result. InputError for fewer than ten runs."""
    import pandas as pd

    series = series_of(course, policy)
    runs, buckets = series[0].above.shape
    bucket_min = window.days * DAY_MINUTES / buckets
    means = [one.mean() for one in series]
    frame = pd.DataFrame({"start_min": np.arange(buckets) * bucket_min, "in_system": means[0], "wait_min": means[1]})
    cuts = [mser5(mean) for mean in means if not np.isnan(mean).any()]
    cut = max(cuts, key=lambda one: one.observations or 0)
    first = math.ceil(window.warm_up_min / bucket_min)
    differs = any(_differs(one, first, cut.observations) for one in series)
    return WarmUp(
        scenario=name,
        policy=policy,
        replications=runs,
        frame=frame,
        bucket_min=bucket_min,
        stated_min=window.warm_up_min,
        suggestion_min=None if cut.verdict != "fine" else (cut.observations or 0) * bucket_min,
        looks_short=differs,
        verdict=_verdict(cut, differs, runs, bucket_min, window),
    )


def series_of(course: pd.DataFrame, policy: str) -> tuple[Series, Series]:
    """The number on site, and the waits by bucket of joining, of a policy's replications."""
    rows = course[course["policy"] == policy]
    runs = rows["replication"].nunique()
    inside, waits, joined = (
        rows[column].to_numpy(float).reshape(runs, -1) for column in ("in_system", "wait_sum_min", "joined")
    )
    return Series(inside, np.ones_like(inside)), Series(waits, joined)


def _differs(series: Series, stated: int, suggested: int | None) -> bool:
    """Whether the buckets from the stated to the suggested cut differ from those after by more than chance."""
    if suggested is None or suggested <= stated:
        return False
    found = interval((series.ratios(stated, suggested) - series.ratios(suggested)).tolist(), BEYOND_CHANCE)
    return found.mean is not None and found.half_width is not None and abs(found.mean) > found.half_width


def _verdict(cut: Cut, differs: bool, runs: int, bucket_min: float, window: Window) -> str:
    said = f"warm-up of {spoken(window.warm_up_min)}"
    if cut.observations is None:
        return (
            f"too few days to judge the {said}: a site that follows the clock is looked at day by day, "
            f"and {LEAST} days are due, not {window.days} (--set calendar.days={LEAST})"
        )
    of_runs = f"the mean of {runs} runs"
    if cut.verdict == "run too short":
        return (
            f"{window.days} d are too short to judge the {said}: {of_runs} settles in the second half only, if at all "
            f"(by MSER-5); simulate more days, such as --set calendar.days={_LONGER * window.days}"
        )
    suggestion = cut.observations * bucket_min
    if differs:
        return f"{said} looks short: {of_runs} settles after {spoken(suggestion)} only (by MSER-5)"
    if suggestion > window.warm_up_min:
        return (
            f"{said} will do: {of_runs} settles after {spoken(suggestion)} (by MSER-5), "
            "but the time between differs from the rest by no more than chance"
        )
    when = f"settles after {spoken(suggestion)}" if suggestion else "shows no beginning to leave out"
    return f"{said} will do: {of_runs} {when} (by MSER-5)"


def spoken(minutes: float) -> str:
    """A duration as people say it, to three digits: in days from a day on, in hours from an hour on."""
    for unit, size in (("d", DAY_MINUTES), ("h", 60)):
        if minutes >= size:
            return f"{minutes / size:.3g} {unit}"
    return f"{minutes:.3g} min"


def warnings_of(name: str, course: pd.DataFrame, windows: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """What a run of a steady-state scenario should say: of its warm-up from ten replications on; of its length with a
    single one. With two to nine there is nothing to say: too few to judge by, and they have half-widths."""
    told = [(policy, text) for policy, of in windows.items() for text in _warnings(name, course, policy, Window(**of))]
    return tuple(f"policy {policy}: {text}" if len(windows) > 1 else text for policy, text in told)


def _warnings(name: str, course: pd.DataFrame, policy: str, window: Window) -> Iterator[str]:
    runs = course.loc[course["policy"] == policy, "replication"].nunique()
    if runs >= PILOTS:
        found = judged(name, policy, course, window)
        if found.looks_short or len(found.frame) < LEAST:
            yield f"{found.verdict}; see sim warm-up"
    elif runs == 1:
        single = of_one_run(course, policy, window).values()
        refusals = [one.refusal for one in single if one.refusal and one.interval.mean is not None]
        if refusals:
            yield (
                f"how sure the means of this one run are cannot be told: it is {refusals[0]}; "
                f"simulate more days, or run at least {PILOTS} replications (-n {PILOTS})"
            )


def of_one_run(course: pd.DataFrame, policy: str, window: Window) -> dict[str, BatchMeans]:
    """Batch means of `wait_mean` and `in_system_mean` from the only replication of a policy, after the warm-up."""
    inside, waits = series_of(course, policy)
    bucket_min = window.days * DAY_MINUTES / inside.above.shape[1]
    after = slice(math.ceil(window.warm_up_min / bucket_min), None)
    what = "days" if bucket_min == DAY_MINUTES else "buckets"
    return {
        "wait_mean": batch_means(waits.above[0, after], waits.below[0, after], what=what),
        "in_system_mean": batch_means(inside.above[0, after], what=what),
    }


def with_batch_means(summary: pd.DataFrame, result: Result) -> pd.DataFrame:
    """The summary of a steady-state run of one replication, half-widths of its whole-site `wait_mean` and
    `in_system_mean` added where the run is long enough: the relative one of batch means, about the measure itself."""
    from sim.study.tallies.rows import SCOPES

    if result.course is None or result.replications != 1:
        return summary
    whole_site = summary[list(SCOPES)].isna().all(axis=1)
    half = summary["half_width"].to_numpy(float).copy()
    for policy, window in _windows(result).items():
        for measure, found in of_one_run(result.course, policy, window).items():
            if found.interval.half_width is None or not found.interval.mean:
                continue
            there = (whole_site & (summary["policy"] == policy) & (summary["measure"] == measure)).to_numpy()
            half[there] = summary["mean"].to_numpy(float)[there] * (found.interval.half_width / found.interval.mean)
    return summary.assign(half_width=half)
