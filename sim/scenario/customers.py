"""Who comes: segments of customers, how they arrive, how patient they are, what they expect."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, model_validator

from sim.scenario.by_time import ByTime, Weekly, by_time, by_time_schema, weekly, weekly_schema
from sim.scenario.calendar import CLOCK_SCHEMA
from sim.scenario.distributions import (
    Constant,
    CountLaw,
    Distribution,
    MinutesLaw,
    SignedMinutesLaw,
    has_dist,
    parse_patience,
)
from sim.scenario.written import (
    Factor,
    Findings,
    Name,
    Number,
    Part,
    Positive,
    Schema,
    Share,
    Written,
    clock,
    duration,
    listed,
    mapping,
    number,
    one_of,
    rate_per_minute,
    shared,
    show,
    unknown_key,
    whole,
    wrong,
)
from sim.units import DAY_MINUTES


class Appointment(NamedTuple):
    """An appointed arrival: ``minute`` of the day; ``day`` of the replication, None for every open day."""

    minute: float
    day: int | None


class Silent(NamedTuple):
    """Those who give up without a word: their ``share``, and the staff time each ``wasted`` (minutes)."""

    share: float
    wasted: float


def _appointment(value: Any) -> Appointment:
    if isinstance(value, dict):
        found = Findings()
        for key in value:
            if key not in ("time", "day"):
                found.add(unknown_key(key, ("time", "day")), key)
        minute = found.read("time", clock, value.get("time"))
        day = found.read("day", whole(0, 1_000_000), value["day"]) if "day" in value else None
        found.settle()
        return Appointment(float(minute or 0), day)
    minute = clock(value)
    if minute == DAY_MINUTES:
        raise wrong('"24:00" is on the next day; write "00:00"')
    return Appointment(float(minute), None)


_APPOINTMENT: Schema = {
    "anyOf": [
        CLOCK_SCHEMA,
        {
            "type": "object",
            "properties": {"time": CLOCK_SCHEMA, "day": {"type": "integer", "minimum": 0}},
            "required": ["time"],
            "additionalProperties": False,
        },
    ]
}
_RATES = weekly_schema(by_time_schema(shared("rate")))
_FILE: Schema = {"type": "string"}


class Arrivals(Part):
    """How customers of a segment arrive: exactly one of ``rate``, ``interarrival`` and ``at``."""

    rate: Annotated[Weekly[ByTime[float]] | None, Written(weekly(by_time(rate_per_minute)), _RATES)] = None
    """Poisson arrivals, piecewise constant: a rate, by time of day, by weekday."""
    interarrival: MinutesLaw | None = None
    """Gaps between arrivals; each day starts with one gap from opening."""
    at: Annotated[
        tuple[Appointment, ...] | None,
        Written(listed(_appointment), {"type": "array", "items": _APPOINTMENT}),
    ] = None
    """Appointments: times of day, or `{time: "09:00", day: 3}` on one day only (or read from `file`, `column`)."""
    scale: Positive = 1.0
    """Multiplies any rate. Unit: factor."""
    busyness_cv: Positive = 0.0
    """Each day's rates are multiplied by one gamma factor of mean 1 and this spread. Unit: coefficient of variation."""
    party: CountLaw = Constant(1.0)
    """Encounters that arrive together."""
    late: SignedMinutesLaw | None = None
    """By how much an appointed customer comes late; negative is early."""
    no_show: Share = 0.0
    """Share of the appointed who never come."""
    wait_from: Annotated[
        Literal["arrival", "appointment"],
        Written(one_of("arrival", "appointment"), {"enum": ["arrival", "appointment"]}),
    ] = "arrival"
    """Whether the wait of an early customer counts from arrival or from the appointed time."""

    @model_validator(mode="after")
    def _one_form(self) -> "Arrivals":
        given = [key for key in ("rate", "interarrival", "at") if getattr(self, key) is not None]
        if len(given) != 1:
            raise wrong(f"write exactly one of rate, interarrival, at (or file); got {' and '.join(given) or 'none'}")
        if self.at is None and (self.late is not None or self.no_show or self.wait_from == "appointment"):
            raise wrong("late, no_show and wait_from are for appointments; write 'at', or leave them out")
        return self


@dataclass(frozen=True, slots=True)
class Patience:
    """How long customers wait in one queue: a law, or one by stage; None is for ever."""

    everywhere: Distribution | None = None
    silent: Silent | None = None
    by_stage: tuple[tuple[str, "Patience"], ...] = ()

    def at(self, stage: str) -> "Patience":
        """The patience in force at the stage."""
        for name, own in self.by_stage:
            if name == stage:
                return own
        return self


def _silent(value: Any) -> Silent:
    found = Findings()
    keys = {"share": number(0, 1), "wasted": duration()}
    for key in mapping(value):
        if key not in keys:
            found.add(unknown_key(key, keys), key)
    read = {key: found.read(key, parse, value.get(key)) for key, parse in keys.items()}
    found.settle()
    return Silent(read["share"] or 0.0, read["wasted"] or 0.0)


def _own_patience(value: Any) -> Patience:
    found = Findings()
    law, silent = value, None
    if isinstance(value, dict) and "silent" in value:
        silent = found.read("silent", _silent, value["silent"])
        law = {key: entry for key, entry in value.items() if key != "silent"}
    found.settle()
    parsed = parse_patience(law)
    if isinstance(parsed, Constant) and parsed.value == float("inf"):
        return Patience(None, silent)
    return Patience(parsed, silent)


def _patience(value: Any) -> Patience:
    if not isinstance(value, dict) or has_dist(value):
        return _own_patience(value)
    if not value:
        raise wrong("the mapping is empty; write a law, or one by stage")
    found = Findings()
    read = [(key, found.read(key, _own_patience, entry)) for key, entry in value.items()]
    found.settle()
    by_stage = tuple(
        (key, own) for key, own in sorted(read, key=lambda pair: pair[0]) if own is not None and key != "default"
    )
    default = next((own for key, own in read if key == "default"), None) or Patience()
    return Patience(default.everywhere, default.silent, by_stage)


def _expects(value: Any) -> dict[str, float]:
    found = Findings()
    read = {key: found.read(key, _level, entry) for key, entry in mapping(value).items()}
    found.settle()
    return {key: level for key, level in read.items() if level is not None}


def _level(value: Any) -> float:
    """A share or a wait: which of them, the action's kind says (checked once all actions are known)."""
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        return duration()(value)
    raise wrong(f"{show(value)} is neither a share nor a wait; write for example 0.9 or 5 min")


_LEVEL: Schema = {"anyOf": [{"type": "number", "minimum": 0}, shared("duration")]}
_PATIENCE_SCHEMA: Schema = {
    "anyOf": [
        shared("patience_law"),
        {
            "type": "object",
            "not": {"required": ["dist"]},
            "additionalProperties": shared("patience_law"),
            "minProperties": 1,
        },
    ]
}


class Segment(Part):
    """Customers of one kind."""

    arrivals: Arrivals
    """How they arrive."""
    start: Name
    """The stage where they begin."""
    patience: Annotated[Patience, Written(_patience, _PATIENCE_SCHEMA)] = Patience()
    """How long they wait in one queue: a law, or one by stage; absent or `never`: for ever. `silent: {share: 0.7,
    wasted: 1 min}` beside `dist`: those who go without a word, and the staff time each wastes. 40 min is usual at a
    counter, 7.4 min on the telephone. Source: of 40 min, a default; of 7.4 min, Brown et al. 2005, from memory."""
    priority: Annotated[int, Written(whole(-1_000_000, 1_000_000), {"type": "integer"})] = 0
    """Lower is served first where a queue is by priority."""
    group: CountLaw = Constant(1.0)
    """People in one encounter: tables, site capacity and margin count people."""
    complexity: Factor = 1.0
    """Multiplies work and actions. Unit: factor."""
    expects: Annotated[dict[str, float], Written(_expects, {"type": "object", "additionalProperties": _LEVEL})] = Field(
        default_factory=dict
    )
    """This segment's own expectations by action; else the action's."""
    margin: Number = 0.0
    """Earned by a completed encounter. Unit: money for each person of it."""
    returning_share: Share = 0.5
    """Of customers who have been here before: what was met moves expectations, and demand, so much. Source: a
    default."""

    def patience_at(self, stage: str) -> Distribution | None:
        """The law of patience in that stage's queue; None is for ever."""
        return self.patience.at(stage).everywhere

    def silent_at(self, stage: str) -> Silent | None:
        """How those who give up there do it silently; None where they do not."""
        return self.patience.at(stage).silent
