"""The figure of a measure over time: from review to review, a line for each policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.show.figures import SCOPES, Figure, Figures, bounds
from sim.show.fonts import families, showable
from sim.show.plot.canvas import INKS, STROKES, axes, plain
from sim.show.text import one_line
from sim.units import DAY_MINUTES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.results.result import Result


def over_time(result: Result, measure: str = "satisfaction", ax: Axes | None = None, **scope: str) -> Axes:
    """Draw a measure by period between reviews, a line for each policy in a band of its 95 % half-width.

    ``scope``: the part of the site, as ``segment="business"``, ``role=…``, ``dimension=…``; else all of it. A period
    stands at its middle; a band ends where the measure's scale does. InputError where the result has no periods,
    for the scenario has no ``review``, or none of this measure and scope.
    """
    courses = _courses(result, measure, scope)
    ax, fonts = axes(ax), families()
    days = (result.scenario.review or 0.0) / DAY_MINUTES
    for p, (policy, course) in enumerate(courses.items()):
        middle = np.array([(n + 0.5) * days for n in course])
        mean, half = np.array(list(course.values())).T
        ink = INKS[p % len(INKS)]
        ax.plot(
            middle,
            mean,
            color=ink,
            linestyle=STROKES[p % len(STROKES)],
            linewidth=1.8,
            label=showable(one_line(policy), fonts),
        )
        low, high = np.clip((mean - half, mean + half), *bounds(measure))
        ax.fill_between(middle, low, high, color=ink, alpha=0.15, linewidth=0)
    ax.set_xlabel("day", family=fonts)
    ax.set_xlim(0, result.scenario.calendar.days)
    ax.set_ylabel(showable(_in_words(measure, scope), fonts), family=fonts)
    ax.legend(frameon=False, prop={"family": fonts})
    plain(ax, "both")
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
