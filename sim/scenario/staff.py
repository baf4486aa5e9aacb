"""Who serves: roles, their rosters, their members, and what they know and are willing to do."""

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import model_validator

from sim.scenario.by_time import ByTime, Weekly, by_time, by_time_schema, weekly, weekly_schema
from sim.scenario.calendar import SPAN_SCHEMA, WEEKDAYS_SCHEMA, Span, span, weekdays
from sim.scenario.written import (
    MOST_STAFF,
    NAME,
    Duration,
    Factor,
    Name,
    Part,
    Positive,
    Schema,
    Share,
    Written,
    listed,
    names_of,
    number,
    one_of,
    whole,
    whole_schema,
    wrong,
)
from sim.units import DAY_MINUTES, format_clock

_PACES: Schema = {
    "type": "object",
    "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
    "propertyNames": NAME,
    "minProperties": 1,
}
Serves = Annotated[dict[str, float] | None, Written(names_of(number(0, 1e6, above=True), 1), _PACES)]


def _break_times(value: Any) -> tuple[Span, ...]:
    return listed(span)(value)


class Member(Part):
    """One named person of a role; what is not said is the role's."""

    name: Name
    """Unique in the role."""
    skill: Share | None = None
    """Chance to know how to do what the standards ask; absent: the role's, with its spread."""
    adherence: Share | None = None
    """Chance to be willing to follow the standards; absent: the role's."""
    pace: Factor | None = None
    """Speed relative to the standard time; absent: the role's, with its spread. Unit: factor."""
    tenure: Duration | None = None
    """Time in the job at the start; absent: the role's."""
    wage: Positive | None = None
    """For a paid hour; absent: the role's. Unit: money per hour."""
    serves: Serves = None
    """Only these stages, in order of preference, with a pace factor each; absent: the role's."""
    shift: Annotated[Span, Written(span, SPAN_SCHEMA)]
    """From and to; an end before the start is on the next day."""
    breaks: Annotated[tuple[Span, ...], Written(_break_times, {"type": "array", "items": SPAN_SCHEMA})] = ()
    """Breaks within the shift."""
    days: Annotated[tuple[int, ...] | None, Written(weekdays, WEEKDAYS_SCHEMA)] = None
    """Weekdays on which the shift begins; absent: every open day."""

    @model_validator(mode="after")
    def _breaks_within(self) -> "Member":
        placed = sorted(_on_shift(pause, self.shift) for pause in self.breaks)
        for pause in placed:
            if pause.end > self.shift.end:
                clocks = f"{format_clock(pause.start)} to {format_clock(pause.end)}"
                raise wrong(f"the break {clocks} is not within the shift; write one that is")
        if any(later.start < sooner.end for sooner, later in pairwise(placed)):
            raise wrong("two breaks overlap; write them apart")
        self.__dict__["breaks"] = tuple(placed)
        return self


def _on_shift(pause: Span, shift: Span) -> Span:
    """The break, counted from the same midnight as its shift."""
    late = DAY_MINUTES if pause.start < shift.start else 0
    return Span(pause.start + late, pause.end + late)


class Role(Part):
    """A kind of staff. Exactly one of ``on_duty``, ``count`` and ``members`` says how many there are."""

    on_duty: Annotated[
        Weekly[ByTime[int]] | None,
        Written(weekly(by_time(whole(0, MOST_STAFF))), weekly_schema(by_time_schema(whole_schema()))),
    ] = None
    """How many are on duty, by time of day, by weekday."""
    count: Annotated[int | None, Written(whole(0, MOST_STAFF), whole_schema())] = None
    """So many from opening to closing."""
    members: tuple[Member, ...] | None = None
    """Named people with their shifts."""
    skill: Share = 1.0
    """Median member's chance to know how to do what the standards ask, in normal conditions; 1: always. 0.88 is usual.
    Source: of 0.88, a default."""
    skill_sd: Positive = 0.0
    """Spread of knowledge between people; 0.30 is usual. Unit: probit scale. Source: of 0.30, a default."""
    adherence: Share = 1.0
    """Chance to be willing to follow the standards as trained; 0.95 is usual. Source: of 0.95, a default."""
    pace: Factor = 1.0
    """Mean speed relative to the standard time; 1.1 is ten per cent faster. Unit: factor."""
    pace_cv: Positive = 0.0
    """Spread of pace between people; 0.20 is usual. Unit: coefficient of variation. Source: of 0.20, agents of call
    centres, from memory."""
    tenure: Duration | None = None
    """Mean time in the job at the start, for the learning curve; absent: past learning."""
    wage: Positive = 0.0
    """For a paid hour. Unit: money per hour."""
    serves: Serves = None
    """Pace factor by stage, in order of preference; absent: 1 at all stages that list the role."""
    picks: Annotated[
        Literal["longest_wait", "in_order", "own_first"],
        Written(
            one_of("longest_wait", "in_order", "own_first"),
            {"enum": ["longest_wait", "in_order", "own_first"]},
        ),
    ] = "longest_wait"
    """Which queue a freed member turns to."""
    at_once: Annotated[int, Written(whole(1, MOST_STAFF), whole_schema(1))] = 1
    """Customers one member serves at the same time (chat)."""
    slowdown: Positive = 0.0
    """Service is longer by this share for each customer already in hand. Unit: share."""
    empowerment: Share = 0.0
    """Chance to do what is not required, where it is known and wanted. Source: a default."""

    @model_validator(mode="after")
    def _one_roster(self) -> "Role":
        given = [key for key in ("on_duty", "count", "members") if getattr(self, key) is not None]
        if len(given) != 1:
            raise wrong(f"write exactly one of count, on_duty, members; got {' and '.join(given) or 'none'}")
        names = [member.name for member in self.members or ()]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise wrong(f"two members are called '{twice[0]}'; give each a name of their own")
        return self
