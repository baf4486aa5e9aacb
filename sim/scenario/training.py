"""Planned training: who learns what, when, by which method, at what cost."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from sim.scenario.written import (
    NAME,
    Factor,
    Flag,
    LongOrNever,
    Number,
    Part,
    Positive,
    Schema,
    Share,
    Written,
    duration,
    listed,
    mapping,
    name,
    number,
    one_of,
    shared,
    show,
    unknown_key,
    whole,
    whole_schema,
    wrong,
)
from sim.units import DAY_MINUTES

METHODS = {"lecture": 0.8, "video": 0.7, "case": 0.9, "group": 0.9, "role_play": 1.2, "on_the_job": 1.2}
"""Strength of each method, which multiplies the effect."""


@dataclass(frozen=True, slots=True)
class Covered:
    """The actions a training covers: ``names``, the ``most_missed`` so many, or (both empty) all."""

    names: tuple[str, ...] = ()
    most_missed: int | None = None

    @property
    def all(self) -> bool:
        """Whether every action is covered."""
        return not self.names and self.most_missed is None


def _covered(value: Any) -> Covered:
    if value == "all":
        return Covered()
    if isinstance(value, dict):
        for key in mapping(value):
            if key != "most_missed":
                raise wrong(f"'{key}': {unknown_key(key, ('most_missed',))}")
        return Covered(most_missed=whole(1, 1000)(value.get("most_missed")))
    if not isinstance(value, list | tuple):
        raise wrong(f"{show(value)} will not do; write all, a list of actions, or {{most_missed: 3}}")
    return Covered(listed(name, 1)(value))


def _who(value: Any) -> tuple[str, ...]:
    return listed(name, 1)(value) if isinstance(value, list | tuple) else (name(value),)


def _whole_days(value: Any) -> float:
    minutes = duration(above=True, never=True)(value)
    if minutes != float("inf") and minutes % DAY_MINUTES:
        raise wrong(f"{show(value)} is not a number of whole days; write for example 4 wk")
    return minutes


_NAMES: Schema = {"type": "array", "items": NAME, "minItems": 1}
_COVERED: Schema = {
    "anyOf": [
        {"const": "all"},
        _NAMES,
        {
            "type": "object",
            "properties": {"most_missed": whole_schema(1)},
            "required": ["most_missed"],
            "additionalProperties": False,
        },
    ]
}


class TrainingEvent(Part):
    """A training on a day, repeated if need be."""

    who: Annotated[tuple[str, ...], Written(_who, {"anyOf": [NAME, _NAMES]})]
    """The role, or a list of roles."""
    share: Share = 1.0
    """Of its people who take part."""
    actions: Annotated[Covered, Written(_covered, _COVERED)] = Covered()
    """What is taught: `all`, a list of actions, or `{most_missed: 3}`."""
    day: Annotated[int, Written(whole(0, 1_000_000), whole_schema())]
    """The day of the training; it works from the opening of the next."""
    every: Annotated[float, Written(_whole_days, shared("duration_or_never"))] = float("inf")
    """Repeated after so many whole days."""
    method: Annotated[
        Literal["lecture", "video", "case", "group", "role_play", "on_the_job"] | None,
        Written(one_of(*METHODS), {"enum": list(METHODS)}),
    ] = None
    """How it is taught, by which the effect is multiplied: lecture 0.8, video 0.7, case 0.9, group 0.9, role play and
    on the job 1.2; absent: 1. Source: of the multipliers, a default."""
    effect: Number = 0.62
    """Gain of knowledge by a method of strength 1. Unit: probit scale. Source: Arthur et al. 2003, behaviour, 122
    effects."""
    faster: Factor = 1.0
    """Trained people work so much faster, while it is fresh; 1.10 where it is switched on. Unit: factor. Source: of
    1.10, De Grip and Sauermann 2012."""
    spill: Positive = 0.0
    """Untrained colleagues work faster by this times the share of the role that was trained, while it is fresh; 0.051
    where it is switched on. Unit: share. Source: of 0.051, De Grip and Sauermann 2012."""
    fresh: LongOrNever = 40320.0
    """After so long half of `faster` and `spill` is left. Source: a default; they fade in weeks."""
    half_time: LongOrNever = 648000.0
    """After so long half of the gain is left; 6.5 month where the action is practised less than weekly. Source:
    computed from Saks and Belcourt 2006; of 6.5 month, Tatel and Ackerman."""
    hours: Annotated[float, Written(number(0, 24), {"type": "number", "minimum": 0, "maximum": 24})] = 0.0
    """Paid hours of each trainee; without backfill her missed duty, if that is more. Unit: hours."""
    fee: Positive = 0.0
    """Of a course. Unit: money per trainee."""
    backfill: Flag = False
    """Whether others stand in for the trainees; they are paid as the roster has it."""
    evaluate: Annotated[float, Written(_whole_days, shared("duration_or_never"))] = 40320.0
    """So many whole days before and after are compared to see what it has changed. Source: a default."""

    @property
    def strength(self) -> float:
        """What the method multiplies the effect by."""
        return 1.0 if self.method is None else METHODS[self.method]
