"""What is done for a customer: the steps of the service blueprint, their queues, rules and routes."""

import math
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, model_validator

from sim.scenario.distributions import Constant, MinutesLaw
from sim.scenario.written import (
    NAME,
    SHARE,
    Duration,
    Findings,
    Flag,
    Part,
    Positive,
    Schema,
    Share,
    Text,
    Written,
    listed,
    mapping,
    name,
    number,
    one_of,
    unknown_key,
    whole,
    whole_schema,
    wrong,
)

LEAVE = "leave"


class Take(NamedTuple):
    """A place to seize: its name, and the largest group it holds (None: any)."""

    place: str
    up_to: int | None


class Balk(Part):
    """Who refuses to join when she would have to wait; several rules multiply their chances of joining."""

    per_person_ahead: Positive = 0.0
    """a of the chance 1 − exp(−a × visits waiting); 0.02 is usual where it is switched on. Unit: for each person ahead.
    Source: of 0.02, a default."""
    queue_at_least: Annotated[int | None, Written(whole(0), whole_schema())] = None
    """With so many waiting, nobody joins; absent: no such limit."""
    if_wait: Share = 0.0
    """Chance to leave at once where a wait is due."""
    inverse: Flag = False
    """Chance 1 − 1/(n + 1) with n waiting and in service."""


class Announce(Part):
    """What customers are told before they join."""

    what: Annotated[
        Literal["expected_wait", "position"],
        Written(one_of("expected_wait", "position"), {"enum": ["expected_wait", "position"]}),
    ] = "expected_wait"
    """The expected wait, or the place in the queue."""
    balk: Flag = False
    """Whether those whose patience is shorter than the announced wait leave at once."""


def _filler(value: Any) -> bool | str:
    return value if isinstance(value, bool) else name(value)


Filler = Annotated[bool | str, Written(_filler, {"anyOf": [{"type": "boolean"}, NAME]})]


class Waiting(Part):
    """How the wait feels: true, false, or the action that makes it so."""

    occupied: Filler = False
    """There is something to do while waiting."""
    explained: Filler = False
    """The reason of the wait is told."""
    anxious: Filler = False
    """The wait worries."""


class ErrorRule(Part):
    """What goes wrong with the outcome, and who comes back because of it."""

    probability: Share
    """Chance of an error at reference skill and pressure."""
    returns: Share = 0.0
    """Share of those with an uncaught error who come back."""
    after: MinutesLaw = Constant(0.0)
    """How long after leaving they come back."""
    returns_to: Annotated[str, Written(name, NAME)] = ""
    """The stage they come back to; absent: this one."""


class Retry(Part):
    """Who tries again after giving up here."""

    probability: Share
    """Share of those who abandon here."""
    after: MinutesLaw = Constant(0.0)
    """How long after."""


@dataclass(frozen=True, slots=True)
class Routes:
    """Where customers go next, with which probability: for all (None where each segment has its own)."""

    default: tuple[tuple[str, float], ...] | None = ((LEAVE, 1.0),)
    by_segment: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = ()

    def of(self, segment: str) -> dict[str, float]:
        """Stage or ``leave`` to probability, in the order of the file."""
        for own, routes in self.by_segment:
            if own == segment:
                return dict(routes)
        if self.default is None:
            raise KeyError(segment)
        return dict(self.default)


def _routes(value: Any) -> Routes:
    if any(isinstance(entry, dict) for entry in mapping(value).values()):
        found = Findings()
        read = {key: found.read(key, _probabilities, entry) for key, entry in value.items()}
        found.settle()
        default = read.pop("default", None)
        return Routes(default, tuple(sorted((key, routes) for key, routes in read.items() if routes is not None)))
    return Routes(_probabilities(value))


def _probabilities(value: Any) -> tuple[tuple[str, float], ...]:
    found = Findings()
    routes = [(key, found.read(key, number(0, 1), entry)) for key, entry in mapping(value).items()]
    found.settle()
    total = math.fsum(probability or 0.0 for _, probability in routes)
    if abs(total - 1) > 1e-9:
        raise wrong(f"probabilities sum to {total:.12g}, they must sum to 1")
    return tuple((key, probability or 0.0) for key, probability in routes)


def _ranks(value: Any) -> tuple[tuple[str, ...], ...]:
    def rank(entry: Any) -> tuple[str, ...]:
        return listed(name, 1)(entry) if isinstance(entry, list | tuple) else (name(entry),)

    ranks = listed(rank)(value)
    flat = [role for roles in ranks for role in roles]
    if len(set(flat)) < len(flat):
        raise wrong("a role stands there twice; write each once")
    return ranks


def _takes(value: Any) -> tuple[Take, ...]:
    if not isinstance(value, list | tuple):
        return (_take(value),)
    return listed(_take, 1)(value)


def _frees(value: Any) -> tuple[str, ...]:
    return listed(name)(value) if isinstance(value, list | tuple) else (name(value),)


def _take(value: Any) -> Take:
    if not isinstance(value, dict):
        return Take(name(value), None)
    found = Findings()
    for key in value:
        if key not in ("place", "up_to"):
            found.add(unknown_key(key, ("place", "up_to")), key)
    place = found.read("place", name, value.get("place"))
    up_to = found.read("up_to", whole(1), value["up_to"]) if "up_to" in value else None
    found.settle()
    return Take(str(place), up_to)


def _moments(value: Any) -> tuple[str, ...]:
    moments = listed(name, 1)(value)
    if len(set(moments)) < len(moments):
        raise wrong("a moment stands there twice; write each once")
    return moments


_RANKS: Schema = {
    "type": "array",
    "items": {"anyOf": [NAME, {"type": "array", "items": NAME, "minItems": 1}]},
}
_PROBABILITIES: Schema = {"type": "object", "additionalProperties": SHARE, "minProperties": 1}
_NEXT: Schema = {
    "anyOf": [_PROBABILITIES, {"type": "object", "additionalProperties": _PROBABILITIES, "minProperties": 1}]
}
_TAKE: Schema = {
    "type": "object",
    "properties": {"place": NAME, "up_to": whole_schema(1)},
    "required": ["place"],
    "additionalProperties": False,
}
_TAKES: Schema = {"anyOf": [NAME, _TAKE, {"type": "array", "items": {"anyOf": [NAME, _TAKE]}, "minItems": 1}]}


class Stage(Part):
    """One step of the service, with its own queue."""

    title: Text = ""
    """What reports call it."""
    staff: Annotated[tuple[tuple[str, ...], ...], Written(_ranks, _RANKS)]
    """Roles in order of preference; `[[a, b]]` is one rank; `[]` is self-service: no queue, no staff."""
    work: MinutesLaw
    """Core work at standard pace; actions come on top."""
    queue: Annotated[
        Literal["fifo", "lifo", "priority", "random"],
        Written(one_of("fifo", "lifo", "priority", "random"), {"enum": ["fifo", "lifo", "priority", "random"]}),
    ] = "fifo"
    """Who of the waiting is served next."""
    target_wait: Duration | None = None
    """Wait for the service level; absent: what the stage's wait action requires."""
    balk: Balk | None = None
    """Who refuses to join."""
    announce: Announce | None = None
    """What customers are told before the balk rules."""
    waiting: Waiting = Waiting()
    """How the wait feels."""
    error: ErrorRule | None = None
    """What goes wrong with the outcome; absent: nothing. A usual probability is 0.06. Source: of 0.06, a default."""
    retry: Retry | None = None
    """Who tries again after giving up here."""
    next: Annotated[Routes, Written(_routes, _NEXT)] = Routes()
    """Where customers go next, `{stage: probability}`, by segment if need be; absent: they leave."""
    takes: Annotated[tuple[Take, ...], Written(_takes, _TAKES)] = ()
    """A place seized before this stage and held; `[{place: small, up_to: 2}, {place: large}]`: the first that fits and
    is free."""
    frees: Annotated[tuple[str, ...], Written(_frees, {"anyOf": [NAME, {"type": "array", "items": NAME}]})] = ()
    """The place, or any of several, freed when this stage ends."""
    same_as: Annotated[str | None, Written(name, NAME)] = None
    """The member who served that stage serves this one too."""
    or_any: Flag = False
    """With `same_as`: anybody, if that member is off duty."""
    moments: Annotated[tuple[str, ...], Written(_moments, {"type": "array", "items": NAME, "minItems": 1})] = Field(
        default=("arrival", "service", "close")
    )
    """The moments of a visit, in their order."""

    @property
    def roles(self) -> tuple[str, ...]:
        """All roles that can serve here, in order of preference."""
        return tuple(role for rank in self.staff for role in rank)

    def next_of(self, segment: str) -> dict[str, float]:
        """Stage or ``leave`` to probability for that segment, in the order of the file."""
        return self.next.of(segment)

    @model_validator(mode="after")
    def _or_any_with_same_as(self) -> "Stage":
        if self.or_any and self.same_as is None:
            raise wrong("or_any goes with same_as; write same_as, or leave or_any out")
        return self
