"""When the site is open, for how many days, and the room on it."""

from itertools import pairwise
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, model_validator

from sim.scenario.by_time import CLOCK_PATTERN, Weekly, weekly, weekly_schema
from sim.scenario.written import (
    Duration,
    Part,
    Positive,
    Schema,
    Written,
    clock,
    listed,
    names_of,
    one_of,
    whole,
    whole_schema,
    wrong,
)
from sim.units import DAY_MINUTES, WEEKDAYS, parse_weekday


class Span(NamedTuple):
    """From start to end, minutes from midnight of its day; the end may lie on the next day (> 1440)."""

    start: int
    end: int


def span(value: Any) -> Span:
    """Parse ``["08:00", "12:00"]``; an end before its start is on the next day."""
    start, end = _two_clocks(value)
    if start == end:
        raise wrong("it starts and ends at the same time; for a whole day write 00:00 to 24:00")
    return Span(start, end if end > start else end + DAY_MINUTES)


def _two_clocks(value: Any) -> tuple[int, int]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise wrong('two times are due, as ["08:00", "12:00"]')
    start, end = listed(clock)(value)
    return start, end


def spans(value: Any) -> tuple[Span, ...]:
    """Parse the opening hours of one day: spans in rising order that do not overlap."""
    result = tuple(sorted(listed(span)(value)))
    for one, next_one in pairwise(result):
        if next_one.start < one.end:
            raise wrong("two of the spans overlap; write them apart")
    if result and result[-1].end > result[0].start + DAY_MINUTES:
        raise wrong("the last span runs into the first one of the next day; write them apart")
    return result


def weekdays(value: Any) -> tuple[int, ...]:
    """Parse a list of weekday names, each once."""

    def one(name: Any) -> int:
        try:
            return parse_weekday(name if isinstance(name, str) else str(name))
        except ValueError as error:
            raise wrong(str(error)) from None

    days = listed(one, 1)(value)
    if len(set(days)) < len(days):
        raise wrong("a weekday stands there twice; write each once")
    return days


CLOCK_SCHEMA: Schema = {"type": "string", "pattern": f"{CLOCK_PATTERN}|^24:00$"}
SPAN_SCHEMA: Schema = {"type": "array", "items": CLOCK_SCHEMA, "minItems": 2, "maxItems": 2}
WEEKDAYS_SCHEMA: Schema = {
    "type": "array",
    "items": {"enum": list(WEEKDAYS)},
    "minItems": 1,
    "uniqueItems": True,
}

Clocks = Annotated[Weekly[int] | None, Written(weekly(clock, missing=-1), weekly_schema(CLOCK_SCHEMA))]
SpansByDay = Annotated[
    Weekly[tuple[Span, ...]] | None,
    Written(weekly(spans, missing=()), weekly_schema({"type": "array", "items": SPAN_SCHEMA})),
]
Days = Annotated[tuple[int, ...], Written(weekdays, WEEKDAYS_SCHEMA)]


class Calendar(Part):
    """How long a replication lasts and when the site is open."""

    days: Annotated[int, Written(whole(1, 1_000_000), whole_schema(1))]
    """Simulated days in a replication."""
    open: Clocks = None
    """Opening time, by weekday if need be; with `close`. A site without hours never closes."""
    close: Clocks = None
    """Closing time; one before `open` is on the next day."""
    written_hours: SpansByDay = Field(default=None, alias="hours")
    """Opening hours with pauses, instead of open and close: `[["08:00", "12:00"], ["13:30", "17:00"]]`."""
    at_close: Annotated[
        Literal["serve", "turn_away"],
        Written(one_of("serve", "turn_away"), {"enum": ["serve", "turn_away"]}),
    ] = "serve"
    """What happens at closing to those still waiting: they are served, or turned away."""
    warm_up: Duration = 0.0
    """Encounters that arrive before this are left out of the measures."""
    week: Days = tuple(range(7))
    """The days on which the site opens; day 0 is the first of them."""

    @model_validator(mode="after")
    def _one_form(self) -> "Calendar":
        if (self.open is None) != (self.close is None):
            raise wrong("open and close go together; write both, or neither for a site that never closes")
        if self.written_hours is not None and self.open is not None:
            raise wrong("write either hours, or open and close")
        if self.warm_up >= self.days * DAY_MINUTES:
            raise wrong("the warm-up is as long as the run; make it shorter than days")
        self._check_nights()
        return self

    def _check_nights(self) -> None:
        hours = self.hours
        if hours is None:
            return
        if not any(hours.days):
            raise wrong("the site never opens; give one day opening hours")
        for day in range(7):
            tonight, tomorrow = hours.on(day), hours.on((day + 1) % 7)
            if tonight and tomorrow and tonight[-1].end > tomorrow[0].start + DAY_MINUTES:
                raise wrong(f"the hours of {WEEKDAYS[day]} run into those of the next day; write them apart")

    @property
    def hours(self) -> Weekly[tuple[Span, ...]] | None:
        """Opening hours by weekday; () on a closed day; None where the site never closes."""
        if self.written_hours is None and (self.open is None or self.close is None):
            if len(self.week) == 7:
                return None
            return Weekly(tuple((Span(0, DAY_MINUTES),) if day in self.week else () for day in range(7)))
        return Weekly(tuple(self._spans_on(day) if day in self.week else () for day in range(7)))

    def _spans_on(self, day: int) -> tuple[Span, ...]:
        if self.written_hours is not None:
            return self.written_hours.on(day)
        assert self.open is not None
        assert self.close is not None
        start, end = self.open.on(day), self.close.on(day)
        if start < 0 or end < 0:  # the weekday is not among those listed
            return ()
        return (Span(start, end if end > start else end + DAY_MINUTES),)

    @property
    def first_weekday(self) -> int:
        """The weekday of day 0: 0 for Monday to 6 for Sunday."""
        return self.week[0]

    def meaning(self) -> dict[str, Any]:
        """What a run reads of it: the hours, in whichever form they were written."""
        plain = {key: getattr(self, key) for key in ("days", "at_close", "warm_up", "first_weekday")}
        return {**plain, "hours": self.hours}

    @property
    def never_closes(self) -> bool:
        """Whether the site has no opening hours at all."""
        return self.hours is None

    @property
    def is_never_shut(self) -> bool:
        """Whether it never closes, or its hours follow on one another all week without a gap."""
        if self.hours is None:
            return True
        week = 7 * DAY_MINUTES
        begun = [(day * DAY_MINUTES, span) for day in range(7) for span in self.hours.on(day)]
        spans = [(midnight + span.start, midnight + span.end) for midnight, span in begun]
        shut_from = 0
        for opens, closes in sorted([*spans, *((a - week, b - week) for a, b in spans)]):
            if opens > shut_from:
                return False
            shut_from = max(shut_from, closes)
        return shut_from >= week


class Site(Part):
    """The room on the site and what all its customers share."""

    capacity: Annotated[int | None, Written(whole(0), whole_schema())] = None
    """People inside at once; more are blocked. Absent: no limit."""
    busyness_cv: Positive = 0.0
    """Spread of a gamma factor of the day, of mean 1, that all segments share. Unit: coefficient of variation."""
    places: Annotated[
        dict[str, int],
        Written(names_of(whole(0)), {"type": "object", "additionalProperties": whole_schema()}),
    ] = Field(default_factory=dict)
    """Things held across stages, such as tables, and how many there are."""
    max_in_system: Annotated[int, Written(whole(1), whole_schema(1))] = 1_000_000
    """A run stops with a clear status when more encounters than this are inside."""
