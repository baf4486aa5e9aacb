"""Values that change with the time of day or the weekday."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sim.scenario.written import Findings, Parse, Schema, clock, mapping, wrong
from sim.units import DAY_MINUTES, WEEKDAYS

T = TypeVar("T")

CLOCK_PATTERN = "^([01][0-9]|2[0-3]):[0-5][0-9]$"


@dataclass(frozen=True, slots=True)
class ByTime(Generic[T]):
    """A value by time of day: sorted pairs (minute from midnight, value); each holds until the next."""

    pairs: tuple[tuple[int, T], ...]

    def at(self, minute: float) -> T:
        """The value in force at that minute of the day (any minute: days wrap)."""
        place = bisect_right(self.pairs, minute % DAY_MINUTES, key=lambda pair: pair[0])
        return self.pairs[place - 1][1]  # before the first key: the last one, since yesterday


@dataclass(frozen=True, slots=True)
class Weekly(Generic[T]):
    """A value for each weekday; ``days`` has seven, Monday first."""

    days: tuple[T, ...]

    def on(self, weekday: int) -> T:
        """The value of the weekday, 0 for Monday to 6 for Sunday."""
        return self.days[weekday]


def is_by_time(value: Any) -> bool:
    """Whether a written mapping goes by time of day: any key looks like one."""
    return isinstance(value, dict) and any(len(key) == 5 and key[2] == ":" for key in value)


def is_weekly(value: Any) -> bool:
    """Whether a written mapping goes by weekday."""
    return isinstance(value, dict) and any(key in WEEKDAYS for key in value)


def by_time(parse_value: Parse[T]) -> Parse[ByTime[T]]:
    """Parser of one value, or of ``{"HH:MM": value}``."""

    def parse(value: Any) -> ByTime[T]:
        if not is_by_time(value):
            return ByTime(((0, parse_value(value)),))
        return ByTime(clocked(value.items(), parse_value))

    return parse


def clocked(items: Iterable[tuple[str, Any]], parse_value: Parse[T]) -> tuple[tuple[int, T], ...]:
    """Pairs (minute, value) of ``"HH:MM": value`` items, sorted."""
    found = Findings()
    pairs = []
    for key, entry in items:
        minute = found.read(key, _start, key)
        pairs.append((minute, found.read(key, parse_value, entry)))
    found.settle()
    return tuple(sorted(pairs, key=lambda pair: pair[0] or 0))  # type: ignore[arg-type]  # settled: no None left


def _start(key: str) -> int:
    minute = clock(key)
    if minute == DAY_MINUTES:
        raise wrong('"24:00" begins no time of day; write "00:00"')
    return minute


def weekly(parse_value: Parse[T], missing: T | None = None) -> Parse[Weekly[T]]:
    """Parser of one value for all days, or of ``{mon: value, …, default: value}``.

    A weekday without an entry takes ``default``, else ``missing``; where that is None it is an error.
    """

    def parse(value: Any) -> Weekly[T]:
        if not is_weekly(value) and not (isinstance(value, dict) and "default" in value):
            return Weekly((parse_value(value),) * 7)
        found = Findings()
        read = {}
        for key, entry in mapping(value).items():
            if key in WEEKDAYS or key == "default":
                read[key] = found.read(key, parse_value, entry)
            else:
                found.add(f"unknown weekday; there are {', '.join(WEEKDAYS)} and default", key)
        default = read.get("default", missing)
        absent = [day for day in WEEKDAYS if day not in read]
        if absent and "default" not in value and missing is None:
            found.add(f"no value for {', '.join(absent)}; add them, or default")
        found.settle()
        return Weekly(tuple(read.get(day, default) for day in WEEKDAYS))  # type: ignore[misc]

    return parse


def by_time_schema(schema: Schema) -> Schema:
    """JSON Schema of a value or a mapping by time of day."""
    table = {
        "type": "object",
        "patternProperties": {CLOCK_PATTERN: schema},
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"anyOf": [schema, table]}


def weekly_schema(schema: Schema) -> Schema:
    """JSON Schema of a value or a mapping by weekday."""
    days = {
        "type": "object",
        "patternProperties": {f"^({'|'.join(WEEKDAYS)}|default)$": schema},
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"anyOf": [schema, days]}
