"""How finely the course of a run is looked at: a thousandth of it, or by the day where something follows the clock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sim.scenario.by_time import ByTime, Weekly
from sim.scenario.calendar import Span
from sim.scenario.distributions import Timed
from sim.scenario.staff import Member
from sim.scenario.written import Part
from sim.units import DAY_MINUTES, DAY_US

if TYPE_CHECKING:
    from sim.flow.site import Site
    from sim.scenario import Scenario

BUCKETS = 1000
"""Buckets of a run in which nothing follows the clock."""


def bucket_us(site: Site) -> int:
    """Length of a bucket: a day where something follows the clock, else a thousandth of the run.

    A day is a whole number of thousands of microseconds, so that either way whole buckets cover the days of the run.
    """
    return DAY_US if follows_clock(site.scenario) else site.days * DAY_US // BUCKETS


def follows_clock(scenario: Scenario) -> bool:
    """Whether anything goes by time of day or weekday: opening hours, rates, rosters, shifts, laws, appointments."""
    return scenario.calendar.hours is not None or _follows(scenario)


def _follows(value: Any) -> bool:
    if isinstance(value, ByTime):
        return len(value.pairs) > 1 or _any(part for _, part in value.pairs)
    if isinstance(value, Weekly):
        return any(day != value.days[0] for day in value.days) or _follows(value.days[0])
    if isinstance(value, Member):
        return value.shift != Span(0, DAY_MINUTES) or bool(value.breaks) or len(value.days or range(7)) < 7
    if isinstance(value, Part):
        return bool(getattr(value, "at", None)) or _any(vars(value).values())
    if isinstance(value, dict):
        return _any(value.values())
    return isinstance(value, Timed) or (isinstance(value, tuple) and _any(value))


def _any(values: Iterable[Any]) -> bool:
    return any(map(_follows, values))
