"""Figures of a result: each takes a result and axes, draws, and gives the axes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from sim.show.figures import SCOPES, Figure, Figures, bounds, satisfaction_shares, spread
from sim.show.fonts import families, showable
from sim.show.text import one_line
from sim.units import DAY_MINUTES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.study.result import Result

_INKS = ("#1b1b3a", "#c4472b", "#2a8c82", "#d99a2b", "#7a5ea8", "#8f9aa3")  # apart in hue and, in order, in grey
_STROKES = ("-", (0, (5, 1.6)), (0, (1.2, 1.4)), (0, (6, 1.5, 1.2, 1.5)), (0, (3, 3)), (0, (9, 3)))
_CLASSES = ("1 to 2", "2 to 3", "3 to 4", "4 to 5", "5 to 6", "6 to 7")
_SHADES = ("#8c3b2a", "#c27a5e", "#e8c9b5", "#d3dfe6", "#86a9bd", "#2f5f7d")
_HATCHES = ("///", "//", "/", "", "", "")
_LABEL_FROM = 0.05  # of a bar: a narrower part has no room for its number
_TAIL = 0.995  # of the waits are shown; the last few would squeeze the rest to the left


def wait_ecdf(result: Result, ax: Axes | None = None, *, stages: Sequence[str] | None = None) -> Axes:
    """Draw how many of the served waited no longer than so many minutes, a line for each policy and stage.

    Over all replications. ``stages``: the stages to show; by default all that have a queue. Policies differ in
    colour; stages, or the policies where there is one stage, in the dashes, so that the figure can be read in
    grey. The slowest 0.5 % are beyond the right edge.
    """
    from sim.errors import InputError, did_you_mean

    ax, fonts = _axes(ax), families()
    known = [stage for stage in result.scenario.stages if _waits(result, result.policies[0], stage) is not None]
    chosen = known if stages is None else list(stages)
    for stage in chosen:
        if stage not in known:
            raise InputError(f"no waits at a stage '{stage}'{did_you_mean(stage, known)}")
    right = 0.0
    for p, policy in enumerate(result.policies):
        for s, stage in enumerate(chosen):
            counts = _waits(result, policy, stage)
            if counts is None:
                continue
            minutes, share = _cumulative(counts)
            label = policy if len(chosen) == 1 else f"{policy}, {_title(result, stage)}"
            ax.plot(
                minutes,
                100 * share,
                color=_INKS[p % len(_INKS)],
                linestyle=_STROKES[(p if len(chosen) == 1 else s) % len(_STROKES)],
                linewidth=1.8,
                label=showable(one_line(label), fonts),
            )
            right = max(right, float(minutes[np.searchsorted(share, _TAIL)]))
    ax.set_xlim(0, right or 1)
    ax.set_ylim(0, 100)
    ax.set_xlabel("wait, minutes", family=fonts)
    if len(chosen) == 1:
        ax.set_title(showable(_title(result, chosen[0]), fonts), family=fonts, loc="left", fontsize="medium")
    ax.set_ylabel("served within that time, %", family=fonts)
    ax.legend(frameon=False, loc="lower right", prop={"family": fonts})
    _plain(ax, "both")
    return ax


def quality(result: Result, ax: Axes | None = None) -> Axes:
    """Draw how satisfied customers left: a bar for each policy, cut into the points of the scale from 1 to 7.

    Shares of completed encounters over all replications; below 4, the middle of the scale, is hatched.
    """
    ax, fonts = _axes(ax), families()
    shares = np.array([satisfaction_shares(result, policy, 6) or [0.0] * 6 for policy in result.policies])
    names = [showable(one_line(policy), fonts) for policy in result.policies]
    begin = np.zeros(len(names))
    rows = np.arange(len(names))
    for k, label in enumerate(_CLASSES):
        ax.barh(
            rows,
            100 * shares[:, k],
            left=100 * begin,
            height=0.62,
            label=label,
            color=_SHADES[k],
            hatch=_HATCHES[k],
            edgecolor="white",
            linewidth=0.8,
        )
        _numbers(ax, begin, shares[:, k], _SHADES[k])
        begin = begin + shares[:, k]
    ax.set_yticks(rows, names, family=fonts)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlim(0, 100)
    ax.set_xlabel("customers, % of the completed", family=fonts)
    ax.legend(
        title="satisfaction, points",
        ncols=6,
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        frameon=False,
        fontsize="small",
        title_fontsize="small",
        handlelength=1.2,
        columnspacing=1.0,
        prop={"family": fonts, "size": "small"},
    )
    _plain(ax, "x")
    return ax


def over_time(result: Result, measure: str = "satisfaction", ax: Axes | None = None, **scope: str) -> Axes:
    """Draw a measure by period between reviews, a line for each policy in a band of its 95 % half-width.

    ``scope``: the part of the site, as ``segment="business"``, ``role=…``, ``dimension=…``; else all of it. A period
    stands at its middle; a band ends where the measure's scale does. InputError where the result has no periods,
    for the scenario has no ``review``, or none of this measure and scope.
    """
    courses = _courses(result, measure, scope)
    ax, fonts = _axes(ax), families()
    days = (result.scenario.review or 0.0) / DAY_MINUTES
    for p, (policy, course) in enumerate(courses.items()):
        middle = np.array([(n + 0.5) * days for n in course])
        mean, half = np.array(list(course.values())).T
        ink = _INKS[p % len(_INKS)]
        ax.plot(
            middle,
            mean,
            color=ink,
            linestyle=_STROKES[p % len(_STROKES)],
            linewidth=1.8,
            label=showable(one_line(policy), fonts),
        )
        low, high = np.clip((mean - half, mean + half), *bounds(measure))
        ax.fill_between(middle, low, high, color=ink, alpha=0.15, linewidth=0)
    ax.set_xlabel("day", family=fonts)
    ax.set_xlim(0, result.scenario.calendar.days)
    ax.set_ylabel(showable(_in_words(measure, scope), fonts), family=fonts)
    ax.legend(frameon=False, prop={"family": fonts})
    _plain(ax, "both")
    return ax


def _courses(result: Result, measure: str, scope: Mapping[str, str]) -> dict[str, dict[int, Figure]]:
    """The measure's figures by policy and number of the period; InputError that says what there is none of."""
    from sim.errors import InputError, did_you_mean, there_are

    scopes, figures = [name for name in SCOPES if name != "period"], Figures(result)
    for name in scope:
        if name not in scopes:
            raise InputError(f"no scope '{name}'{did_you_mean(name, scopes)}; {there_are(scopes)}")
    if not figures.periods:
        raise InputError("nothing by period: it takes a scenario with review: and time for two periods")
    if measure not in (known := figures.by_period()):
        raise InputError(f"no measure '{measure}' by period{did_you_mean(measure, known)}")
    courses: dict[str, dict[int, Figure]] = {}
    for policy in result.policies:
        found = {int(float(n)): figures.get(policy, measure, period=n, **scope) for n in figures.periods}
        courses[policy] = {n: figure for n, figure in found.items() if figure is not None}
    if not any(courses.values()):
        part = ", ".join(f"{name} '{value}'" for name, value in scope.items()) or "the site as a whole"
        raise InputError(f"no '{measure}' by period for {part}")
    return {policy: course for policy, course in courses.items() if course}


def _in_words(measure: str, scope: Mapping[str, str]) -> str:
    return ", ".join([one_line(measure).replace("_", " "), *map(one_line, scope.values())])


def _waits(result: Result, policy: str, stage: str) -> pd.DataFrame | None:
    counts = spread(result, "wait", policy, stage)
    return counts if len(counts) else None


def _title(result: Result, stage: str) -> str:
    return one_line(result.scenario.stages[stage].title or stage)


def _cumulative(counts: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Corners of the cumulative share: flat between bins, rising evenly within one; a jump where low is high."""
    low, high, count = (counts[name].to_numpy(float) for name in ("low", "high", "count"))
    after = np.cumsum(count) / count.sum()
    before = np.concatenate([[0.0], after[:-1]])
    return np.column_stack([low, high]).ravel(), np.column_stack([before, after]).ravel()


def _numbers(ax: Axes, begin: NDArray[np.float64], share: NDArray[np.float64], shade: str) -> None:
    dark = shade in {_SHADES[0], _SHADES[-1]}
    for row, (start, part) in enumerate(zip(begin, share, strict=True)):
        if part >= _LABEL_FROM:
            ax.text(
                100 * (start + part / 2),
                row,
                f"{100 * part:.0f}",
                ha="center",
                va="center",
                fontsize="small",
                color="white" if dark else "#202020",
                bbox={"boxstyle": "round,pad=0.15", "facecolor": shade, "edgecolor": "none"},
            )


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(7.2, 4.0), layout="constrained")[1]


def _plain(ax: Axes, grid: Literal["both", "x"]) -> None:
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis=grid, color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
