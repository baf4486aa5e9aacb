"""When the site is open, in absolute microseconds."""

from sim.flow.site import Site
from sim.units import DAY_US, MICROSECONDS_PER_MINUTE


def weekday(site: Site, day: int) -> int:
    """0 for Monday; day 0 falls on the first day of the scenario's week."""
    return (site.scenario.calendar.first_weekday + day) % 7


def minute_us(day: int, minute: int) -> int:
    """The instant of a minute counted from midnight of a day; it may lie beyond the next midnight."""
    return day * DAY_US + minute * MICROSECONDS_PER_MINUTE


def open_spans(site: Site, day: int) -> tuple[tuple[int, int], ...]:
    """Opening hours that begin on this day, as (open, close); the whole day where the site never closes."""
    hours = site.scenario.calendar.hours
    if hours is None:
        return ((day * DAY_US, (day + 1) * DAY_US),)
    return tuple((minute_us(day, s.start), minute_us(day, s.end)) for s in hours.on(weekday(site, day)))


def joins(site: Site, day: int) -> frozenset[int]:
    """Instants about this day at which one span of opening hours ends as another begins: nothing closes there."""
    near = [span for d in (day - 1, day, day + 1) if 0 <= d < site.days for span in open_spans(site, d)]
    return frozenset({opens for opens, _ in near} & {closes for _, closes in near})


def day_opens_us(site: Site, day: int) -> int:
    """When the plan of a day takes effect: its first opening; of a day without hours the next opening after it.

    Where none follows, its midnight, or the end of the night before that runs into it. So a site is closed then, but
    for one that never closes.
    """
    spans = open_spans(site, day)
    if spans:
        return spans[0][0]
    late = max((closes for d in range(max(0, day - 2), day) for _, closes in open_spans(site, d)), default=0)
    following = next_opening(site, day * DAY_US)
    return max(day * DAY_US, late) if following is None else following


def next_opening(site: Site, now: int) -> int | None:
    """The first opening at or after an instant; None when the horizon holds no more of them."""
    for day in range(max(0, now // DAY_US - 1), site.days):
        for opens, _ in open_spans(site, day):
            if opens >= now:
                return opens
    return None
