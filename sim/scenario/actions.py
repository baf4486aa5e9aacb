"""What the customer can notice: greetings, confirmations, the wait, the outcome, with six numbers each."""

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from sim.scenario.quality import DIMENSIONS
from sim.scenario.written import (
    NAME,
    BySegment,
    Flag,
    LongDuration,
    Name,
    Part,
    Schema,
    Share,
    Written,
    by_segment,
    by_segment_schema,
    duration,
    name,
    number,
    one_of,
    shared,
)

KINDS = ("action", "outcome", "wait")

_share = by_segment(number(0, 1))
_wait = by_segment(duration())
_promised_wait = by_segment(duration(never=True))
_EXPECTED_WAIT_MIN = 5.0


def _level(value: Any, seen: Mapping[str, Any]) -> BySegment[float]:
    """A share, or minutes where the action is a wait."""
    return (_wait if seen.get("kind") == "wait" else _share)(value)


def _promise(value: Any, seen: Mapping[str, Any]) -> BySegment[float]:
    return (_promised_wait if seen.get("kind") == "wait" else _share)(value)


def _default_expected(seen: Mapping[str, Any]) -> BySegment[float]:
    return BySegment(_EXPECTED_WAIT_MIN if seen.get("kind") == "wait" else 1.0)


def _as_expected(seen: Mapping[str, Any]) -> BySegment[float]:
    return seen.get("expected") or _default_expected(seen)


def _default_required(seen: Mapping[str, Any]) -> BySegment[float]:
    return _as_expected(seen) if seen.get("kind") == "wait" else BySegment(1.0)


def _nothing_promised(seen: Mapping[str, Any]) -> BySegment[float]:
    return BySegment(math.inf if seen.get("kind") == "wait" else 0.0)


def _usual_moment(seen: Mapping[str, Any]) -> str:
    return "arrival" if seen.get("kind") == "wait" else "service"


_LEVEL: Schema = by_segment_schema({"anyOf": [{"type": "number", "minimum": 0}, shared("duration_or_never")]})
Level = Annotated[BySegment[float], Written(_level, _LEVEL, among=True)]
Promise = Annotated[BySegment[float], Written(_promise, _LEVEL, among=True)]


class Action(Part):
    """Something the customer can notice. Levels are shares of customers, or minutes for the wait."""

    kind: Annotated[Literal["action", "outcome", "wait"], Written(one_of(*KINDS), {"enum": list(KINDS)})] = "action"
    """An action of staff, the outcome of the stage, or the wait for it."""
    stage: Name
    """Where it happens."""
    moment: Name = Field(default_factory=_usual_moment)
    """When in the visit: one of the stage's moments; `service`, for a wait `arrival`, unless said."""
    dimension: Annotated[
        Literal["tangibles", "reliability", "responsiveness", "assurance", "empathy"],
        Written(one_of(*DIMENSIONS), {"enum": list(DIMENSIONS)}),
    ]
    """The dimension of quality it speaks to."""
    weight: Share
    """Its share in the dimension; weights sum to 1 in each dimension."""
    time: Annotated[BySegment[float], Written(_wait, by_segment_schema(shared("duration")))] = BySegment(0.0)
    """Time it takes when it is done, at standard pace."""
    expected: Level = Field(default_factory=_default_expected)
    """What customers expect, before any promise: a share of encounters, or a wait; absent: 1, for a wait 5 min. Source:
    of 5 min, a default."""
    believed: Level = Field(default_factory=_as_expected)
    """What management believes that they expect; absent: what they do expect."""
    required: Level = Field(default_factory=_default_required)
    """What the standard asks; absent: 1, for a wait what is expected."""
    promised: Promise = Field(default_factory=_nothing_promised)
    """What is advertised; absent: nothing."""
    half_value: LongDuration = 10.0
    """For a wait: the time in which its value halves. Source: a default."""
    discretion: Share = 0.0
    """How readily staff under pressure skip it; 0: never, 1: first of all."""
    checkable: Flag = False
    """Whether a self-check can find it missing."""
    by: Annotated[str | None, Written(name, NAME)] = None
    """On self-service stages: the role that does it."""
    severity: Annotated[
        Literal["minor", "major"] | None, Written(one_of("minor", "major"), {"enum": ["minor", "major"]})
    ] = None
    """How serious a lapse is to the customer; absent: no problem worth a complaint."""
