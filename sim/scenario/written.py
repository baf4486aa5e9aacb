"""How values may be written in a scenario file: numbers, shares, counts, durations, rates, times, names."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from sim.errors import did_you_mean, there_are
from sim.units import LONGEST_MIN, WEEKDAYS, parse_clock, parse_duration, parse_rate

T = TypeVar("T")
Parse = Callable[[Any], T]
Schema = dict[str, Any]

RESERVED = ("default", "leave", "site", *WEEKDAYS)
MOST_STAFF = 10_000
_LONGEST_NAME = 64


class Part(BaseModel):
    """A part of a scenario: frozen, and every key in it known."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    def meaning(self) -> dict[str, Any]:
        """What a run reads of it, by name: all but titles."""
        return {field: getattr(self, field) for field in type(self).model_fields if field != "title"}


class Wrong(ValueError):  # noqa: N818 (a finding about input)
    """Values that will not do: pairs of where (keys below the value) and what is wrong, what would do."""

    def __init__(self, *problems: tuple[tuple[str, ...], str]) -> None:
        self.problems = problems
        super().__init__("; ".join(message for _, message in problems))


def wrong(message: str) -> Wrong:
    """One problem with the value itself."""
    return Wrong(((), message))


class Findings:
    """Gathers what is wrong with the entries of one value, so that all is told at once."""

    def __init__(self) -> None:
        self._problems: list[tuple[tuple[str, ...], str]] = []

    def read(self, key: str, parse: Parse[T], value: Any) -> T | None:
        """The parsed entry, or None with its problems noted under ``key``."""
        try:
            return parse(value)
        except Wrong as error:
            self._problems += [((key, *path), message) for path, message in error.problems]
        except ValueError as error:
            self.add(str(error), key)
        return None

    def add(self, message: str, *path: str) -> None:
        """Note a problem at the path below the value."""
        self._problems.append((path, message))

    def settle(self) -> None:
        """Raise what was found, if anything was."""
        if self._problems:
            raise Wrong(*self._problems)


@dataclass(frozen=True, eq=False)
class Written:
    """The written forms of a value: ``parse`` gives the value used, ``schema`` is what editors accept.

    With ``among`` the parser is also given the fields read before this one.
    """

    parse: Callable[..., Any]
    schema: Schema
    among: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        if self.among:
            return core_schema.with_info_plain_validator_function(lambda value, info: self.parse(value, info.data))
        return core_schema.no_info_plain_validator_function(self.parse)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Schema:
        return dict(self.schema)


@dataclass(frozen=True, slots=True)
class BySegment(Generic[T]):
    """One value, or one for each segment; the default is None where every segment has its own."""

    default: T | None
    values: tuple[tuple[str, T], ...] = ()

    def of(self, segment: str) -> T:
        """The value for the segment; KeyError where there is neither its own nor a default."""
        for name, value in self.values:
            if name == segment:
                return value
        if self.default is None:
            raise KeyError(segment)
        return self.default


def shared(name: str) -> Schema:
    """A reference to one of the schema's shared definitions (schema.py puts them in)."""
    return {"x-shared": name}


def show(value: Any) -> str:
    """A value as the user would recognise it, short."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = f"'{value}'" if isinstance(value, str) else _number_text(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _number_text(value: Any) -> str:
    # Python refuses to print integers of more than some thousands of digits.
    return "a number too large" if isinstance(value, int) and abs(value) > 10**60 else f"{value}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def in_words(low: float, high: float, above: bool = False) -> str:
    """The range a number must lie in."""
    if high >= 1e6:
        return f"above {low:.12g}" if above else f"of at least {low:.12g}" if low > -1e9 else "of reasonable size"
    return f"above {low:g}, up to {high:g}" if above else f"from {low:g} to {high:g}"


def number(low: float = -1e12, high: float = 1e12, *, above: bool = False) -> Parse[float]:
    """Parser of a finite number in [low, high], or (low, high] with ``above``; text is no number."""
    range_ = in_words(low, high, above)

    def parse(value: Any) -> float:
        if not _is_number(value):
            raise wrong(f"{show(value)} is not a number; write a number {range_}{_unquoted(value)}")
        if not (low <= value <= high) or (above and value == low):
            raise wrong(f"{show(value)} will not do; write a number {range_}")
        return float(value) + 0.0  # no negative zero

    return parse


def _unquoted(value: Any) -> str:
    if isinstance(value, str):
        try:
            float(value)
        except ValueError:
            return ""
        return ", without quotes"
    return ""


def whole(low: int = 0, high: int = 1_000_000_000) -> Parse[int]:
    """Parser of a whole number in [low, high]; 3.0 is 3, and so is a lever's product within 1e-9 of it."""
    range_ = in_words(low, high)

    def parse(value: Any) -> int:
        if not _is_number(value):
            raise wrong(f"{show(value)} is not a whole number; write one {range_}{_unquoted(value)}")
        if not math.isfinite(value) or not low - 0.5 <= value <= high + 0.5:
            raise wrong(f"{show(value)} will not do; write a whole number {range_}")
        rounded: int = round(value)
        if abs(value - rounded) > 1e-9 or not low <= rounded <= high:
            raise wrong(f"{show(value)} will not do; write a whole number {range_}")
        return rounded

    return parse


def duration(low: float = 0.0, *, never: bool = False, above: bool = False) -> Parse[float]:
    """Parser of a duration, to minutes; bare numbers are minutes; ``never`` allows that word (infinite)."""

    def parse(value: Any) -> float:
        if value == "never" and isinstance(value, str):
            if never:
                return math.inf
            raise wrong("'never' will not do here; write a duration, for example 4 min")
        if isinstance(value, str):
            try:
                minutes = parse_duration(value)
            except ValueError as error:
                raise wrong(str(error)) from None
        elif _is_number(value):
            minutes = value
        else:
            raise wrong(f"{show(value)} is not a duration; write for example 4 min, 30 s or 2 h")
        if minutes < low:
            raise wrong(f"{show(value)} is negative; write a duration of at least 0 min")
        if above and minutes == low:
            raise wrong(f"{show(value)} will not do; write a duration longer than 0 min")
        if not abs(minutes) <= LONGEST_MIN:
            raise wrong(f"{show(value)} is too long; write a duration up to 1900 y")
        return float(minutes) + 0.0

    return parse


def rate_per_minute(value: Any) -> float:
    """Parse a rate to events per minute; a unit is always due."""
    if not isinstance(value, str):
        raise wrong(f"{show(value)} is not a rate; a rate carries a unit, for example 12/h, 0.8/min or 150/d")
    try:
        per_minute = parse_rate(value)
    except ValueError as error:
        raise wrong(str(error)) from None
    if not 0 <= per_minute <= 1e6:
        raise wrong(f"{show(value)} will not do; write a rate of at least 0/h, at most 1000000/min")
    return per_minute + 0.0


def clock(value: Any) -> int:
    """Parse a time of day to minutes from midnight."""
    if not isinstance(value, str):
        raise wrong(f'{show(value)} is not a time of day; write it in quotes, as "07:30"')
    try:
        return parse_clock(value)
    except ValueError as error:
        raise wrong(str(error)) from None


def boolean(value: Any) -> bool:
    """Parse true or false; nothing else is taken for one of them."""
    if not isinstance(value, bool):
        raise wrong(f"{show(value)} is neither true nor false; write one of them")
    return value


def text(value: Any) -> str:
    """Parse a text without control characters."""
    if not isinstance(value, str):
        raise wrong(f"{show(value)} is not a text; write it in quotes")
    if len(value) > 1000 or not all(sign.isprintable() for sign in value):
        raise wrong("a text of at most 1000 characters is due, without control or direction characters")
    return value


def name(value: Any) -> str:
    """Parse a name: any script, no dot, no equals sign, nothing invisible, none of the reserved words."""
    if _is_number(value):
        value = str(value)
    if not isinstance(value, str):
        raise wrong(f"{show(value)} is not a name; write a word")
    if not value or len(value) > _LONGEST_NAME or value != value.strip():
        raise wrong(f"{show(value)} is not a name; write 1 to {_LONGEST_NAME} characters, no spaces around them")
    if not all(sign.isprintable() for sign in value):
        raise wrong(f"{show(value)} is not a name; control and direction characters are not allowed in names")
    if "." in value or "=" in value:
        raise wrong(f"{show(value)} is not a name; a name contains no dot and no equals sign")
    if value in RESERVED:
        raise wrong(f"the name '{value}' is reserved; choose another ({', '.join(RESERVED[:3])} and weekdays are)")
    return value


def one_of(*choices: str) -> Parse[str]:
    """Parser of one of a few words."""

    def parse(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            close = did_you_mean(value, choices) if isinstance(value, str) else ""
            raise wrong(f"{show(value)} will not do{close or '; ' + there_are(choices)}")
        return value

    return parse


def listed(parse_entry: Parse[T], least: int = 0) -> Parse[tuple[T, ...]]:
    """Parser of a list whose entries are read one by one."""

    def parse(value: Any) -> tuple[T, ...]:
        if not isinstance(value, list | tuple):
            raise wrong(f"{show(value)} is not a list; write it in brackets, [...]")
        if len(value) < least:
            raise wrong(f"the list has {len(value)} entries; at least {least} are due")
        found = Findings()
        entries = [found.read(str(place), parse_entry, entry) for place, entry in enumerate(value)]
        found.settle()
        return tuple(entries)  # type: ignore[arg-type]  # settled: no entry is None for want of parsing

    return parse


def mapping(value: Any) -> Mapping[str, Any]:
    """The value where it is a mapping."""
    if not isinstance(value, dict):
        raise wrong(f"{show(value)} is not a mapping; write key: value pairs")
    return value


def names_of(parse_value: Parse[T], least: int = 0) -> Parse[dict[str, T]]:
    """Parser of a mapping from names to values, in the order of the file."""

    def parse(value: Any) -> dict[str, T]:
        found = Findings()
        result: dict[str, T] = {}
        for key, entry in mapping(value).items():
            found.read(key, name, key)
            result[key] = found.read(key, parse_value, entry)  # type: ignore[assignment]
        found.settle()
        if len(result) < least:
            raise wrong(f"at least {least} entry is due")
        return result

    return parse


def by_segment(parse_value: Parse[T]) -> Parse[BySegment[T]]:
    """Parser of a value, or of ``{segment: value, default: value}``."""

    def parse(value: Any) -> BySegment[T]:
        if not isinstance(value, dict):
            return BySegment(parse_value(value))
        found = Findings()
        read = {key: found.read(key, parse_value, entry) for key, entry in value.items()}
        if not read:
            found.add("the mapping is empty; write a value, or one for each segment")
        found.settle()
        default = read.pop("default", None)
        return BySegment(default, tuple(sorted(read.items())))  # type: ignore[arg-type]

    return parse


def unknown_key(key: str, known: Iterable[str]) -> str:
    """What to say of a key that is not known."""
    choices = list(known)
    return f"unknown key{did_you_mean(key, choices) or '; ' + there_are(choices)}"


NUMBER: Schema = {"type": "number"}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
NAME: Schema = {"type": "string", "minLength": 1, "maxLength": _LONGEST_NAME, "pattern": "^[^.=]+$"}


def whole_schema(low: int = 0) -> Schema:
    """JSON Schema of a whole number."""
    return {"type": "integer", "minimum": low}


def by_segment_schema(schema: Schema) -> Schema:
    """JSON Schema of a value or one for each segment."""
    return {"anyOf": [schema, {"type": "object", "additionalProperties": schema, "minProperties": 1}]}


Flag = Annotated[bool, Written(boolean, {"type": "boolean"})]
Text = Annotated[str, Written(text, {"type": "string"})]
Name = Annotated[str, Written(name, NAME)]
Share = Annotated[float, Written(number(0, 1), SHARE)]
Number = Annotated[float, Written(number(), NUMBER)]
Positive = Annotated[float, Written(number(0, 1e9), {"type": "number", "minimum": 0})]
Factor = Annotated[float, Written(number(0, 1e6, above=True), {"type": "number", "exclusiveMinimum": 0})]
Duration = Annotated[float, Written(duration(), shared("duration"))]
DurationOrNever = Annotated[float, Written(duration(never=True), shared("duration_or_never"))]
LongDuration = Annotated[float, Written(duration(above=True), shared("duration"))]
LongOrNever = Annotated[float, Written(duration(above=True, never=True), shared("duration_or_never"))]
