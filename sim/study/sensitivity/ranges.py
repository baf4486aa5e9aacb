"""A parameter that is not exactly known: the ends of its plausible range, and what lies between them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError
from sim.units import NUMBER, format_clock, parse_clock, parse_duration, parse_rate

if TYPE_CHECKING:
    from sim.scenario import Scenario

_WITH_UNIT = re.compile(rf"\s*({NUMBER})\s*(/?)\s*([A-Za-z]+)\s*", re.ASCII)
_CLOCK = re.compile(r"\d\d:\d\d", re.ASCII)
_RELATIONS = {"times": ("×", 1), "add": ("+", 0)}
_NOT_OF_THE_SITE = {"seed": "--seed", "replications": "-n"}
_LONGEST = 28
EXAMPLE = "staff.receptionist.skill=0.8..0.95"


class Range(NamedTuple):
    """A lever whose value is not known, and the two values between which it plausibly lies."""

    path: str
    low: Any
    high: Any
    whole: bool = False  # whether only whole numbers will do

    @property
    def ends(self) -> tuple[tuple[str, Any], tuple[str, Any]]:
        """Both ends with their names."""
        return ("low", self.low), ("high", self.high)

    @property
    def has_middle(self) -> bool:
        """Whether there are values between the ends."""
        return position(self.low, self.high, self.low) is not None

    def shown(self, value: Any) -> str:
        """A value in few signs; of mappings only the entries in which the ends differ."""
        low, high = self.low, self.high
        if not (isinstance(low, dict) and isinstance(high, dict) and low.keys() == high.keys()) or _relative(low):
            return shown(value)
        return _cut(", ".join(f"{key} {shown(value[key])}" for key in low if low[key] != high[key]))

    def at(self, share: float) -> Any:
        """The value so far from low (0) to high (1). InputError where there is nothing between the two."""
        value = between(self.low, self.high, share)
        if value is None:
            raise InputError(f"{self.path}: there is nothing between {shown(self.low)} and {shown(self.high)}")
        return round(value) if self.whole else value


def range_of(text: str) -> tuple[str, tuple[Any, Any]]:
    """Path and ends of ``PATH=LOW..HIGH`` or ``PATH=[LOW, HIGH]``. InputError where it is neither."""
    from sim.scenario import parse_setting

    path, _, written = text.partition("=")
    low, dots, high = written.partition("..")
    if dots and low.strip() and high.strip():
        return path.strip(), (parse_setting(f"{path}={low}")[1], parse_setting(f"{path}={high}")[1])
    value = parse_setting(text)[1] if written.strip() else None
    if not isinstance(value, list) or len(value) != 2:
        raise InputError(f"'{text.strip()[:60]}' is no range; write PATH=LOW..HIGH, as {EXAMPLE}")
    return path.strip(), (value[0], value[1])


def refusal(path: str, low: Any, high: Any) -> str | None:
    """Why this is no range of a parameter of the site, and what would do; None where it is one."""
    if path in _NOT_OF_THE_SITE:
        return (
            f"{path} decides nothing of the site, so its range says nothing; it is chosen by {_NOT_OF_THE_SITE[path]}"
        )
    one, other = amount_of(low), amount_of(high)
    if one is None or other is None or not _comparable(low, high):
        same, reversed_ = low == high, False
    else:
        same, reversed_ = one == other, one > other
    if same:
        return f"both ends of the range are {shown(low)}; write two values, the lower one first"
    if reversed_:
        return f"{shown(low)} to {shown(high)} is the wrong way round; write {shown(high)} first, then {shown(low)}"
    return None


def _comparable(low: Any, high: Any) -> bool:
    """Whether both are amounts of one kind, or say how much more, or how many times as much, than is written."""
    if _relative(low) or _relative(high):
        if not (_relative(low) and _relative(high) and low.keys() == high.keys()):
            return False
        low, high = next(iter(low.values())), next(iter(high.values()))
    one, other = _quantity(low), _quantity(high)
    return one is not None and other is not None and _alike(one, other)


class _Quantity(NamedTuple):
    """A written amount, in the base unit of its kind: minutes, events a minute, or as it stands."""

    amount: float
    kind: str  # "number", "duration", "rate" or "clock"
    unit: str = ""
    size: float = 1.0  # base units in one of its unit

    def like(self, amount: float) -> Any:
        """So much, as this one is written."""
        if self.kind == "clock":
            return format_clock(round(amount))
        return amount / self.size if not self.unit else f"{amount / self.size!r}{self.unit}"


def _quantity(value: Any) -> _Quantity | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _Quantity(float(value), "number")
    if not isinstance(value, str):
        return None
    if _CLOCK.fullmatch(value):
        return _Quantity(float(parse_clock(value)), "clock")
    match = _WITH_UNIT.fullmatch(value)
    if not match:
        return None
    number, per, unit = float(match[1]), match[2], match[3]
    if per:
        return _Quantity(parse_rate(value), "rate", f"/{unit}", parse_rate(f"1/{unit}"))
    size = parse_duration(f"1 {unit}")
    return _Quantity(number * size, "duration", f" {unit}", size)


def _alike(one: _Quantity, other: _Quantity) -> bool:
    """Whether one can be taken from the other: a bare number of minutes is a duration, and nothing has any unit."""
    kinds = {one.kind, other.kind}
    return len(kinds) == 1 or kinds == {"number", "duration"} or ("number" in kinds and 0 in (one.amount, other.amount))


def between(low: Any, high: Any, share: float) -> Any:
    """The value so far from low (0) to high (1): of numbers, durations, rates and times of day.

    Mappings and lists that differ in such values alone are filled in place by place. None where there is nothing
    between the two.
    """
    if type(low) is type(high) and low == high:
        return low
    if isinstance(low, dict) and isinstance(high, dict) and low.keys() == high.keys():
        filled = {key: between(low[key], high[key], share) for key in low}
        return None if None in filled.values() else filled
    if isinstance(low, list) and isinstance(high, list) and len(low) == len(high):
        entries = [between(one, other, share) for one, other in zip(low, high, strict=True)]
        return None if None in entries else entries
    one, other = _quantity(low), _quantity(high)
    if one is None or other is None or not _alike(one, other):
        return None
    pattern = one if other.kind == "number" else other
    return pattern.like(one.amount * (1 - share) + other.amount * share)  # exact at both ends


def position(low: Any, high: Any, value: Any) -> float | None:
    """How far from low (0) to high (1) a value lies; None where it is not on the way from the one to the other."""
    places = list(_positions(low, high, value))
    if not places or None in places:
        return None
    first = places[0]
    return first if all(abs(place - first) < 1e-9 for place in places) else None


def _positions(low: Any, high: Any, value: Any) -> list[Any]:
    if isinstance(low, dict) and isinstance(high, dict) and low.keys() == high.keys():
        same = isinstance(value, dict) and value.keys() == low.keys()
        return [each for key in low for each in _positions(low[key], high[key], value[key])] if same else [None]
    if isinstance(low, list) and isinstance(high, list) and len(low) == len(high):
        same = isinstance(value, list) and len(value) == len(low)
        return [e for at in zip(low, high, value, strict=True) for e in _positions(*at)] if same else [None]
    found = _quantity(low), _quantity(high), _quantity(value)
    one, other, own = found
    if one is None or other is None or own is None or not _alike(one, other):
        return [] if low == high == value else [None]
    if one.amount == other.amount:
        return [] if own.amount == one.amount else [None]
    # What a model holds is a bare number, in base units already.
    fits = own.kind == "number" or _alike(own, other)
    return [(own.amount - one.amount) / (other.amount - one.amount)] if fits else [None]


def written_position(scenario: Scenario, of: Range) -> float | None:
    """How far from low (0) to high (1) the value lies that is in force in a scenario; None where it cannot be told."""
    if _relative(of.low):
        (relation,) = of.low
        return position(of.low, of.high, {relation: _RELATIONS[relation][1]})
    value = value_in_force(scenario, of.path)
    return None if value is None else position(of.low, of.high, value)


def value_in_force(scenario: Scenario, path: str) -> Any:
    """What the file says at a lever's path; where it says nothing, what holds then; None where nothing does."""
    for node in (scenario._document.tree, scenario):
        found: Any = node
        for key in path.split("."):
            found = _below(found, key)
        for name in ("default", "value"):  # one for all segments, a law that always gives the same
            found = getattr(found, name, found)
        if found is not None:
            return found
    return None


def _below(node: Any, key: str) -> Any:
    if isinstance(node, list | tuple):
        named = [one for one in node if isinstance(one, Mapping) and str(one.get("name")) == key]
        place = int(key) if key.isdigit() else -1
        return named[0] if named else node[place] if 0 <= place < len(node) else None
    return node.get(key) if isinstance(node, Mapping) else getattr(node, key, None)


def amount_of(value: Any) -> float | None:
    """The number in a value, by which one tells the higher of two: in minutes, events a minute, or as it stands."""
    if _relative(value):
        value = next(iter(value.values()))
    found = _quantity(value)
    return None if found is None else found.amount


def _relative(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in _RELATIONS


def shown(value: Any) -> str:
    """A value in few signs, as a table says it: ``0.9``, ``15 month``, ``×1.1``."""
    if _relative(value):
        ((relation, by),) = value.items()
        return f"{_RELATIONS[relation][0]}{shown(by)}".replace("+-", "−")
    if isinstance(value, float):
        return f"{value:.6g}".replace("-", "−")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return _cut(text if isinstance(value, str | dict | list) else text.replace("-", "−"))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def shown_about(of: Range, share: float) -> str:
    """The value so far from low (0) to high (1), to some hundredths of the range."""
    return of.shown(_rounded(between(of.low, of.high, share), of.low, of.high))


def _rounded(value: Any, low: Any, high: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(entry, low[key], high[key]) for key, entry in value.items()}
    if isinstance(value, list):
        return [_rounded(*entries) for entries in zip(value, low, high, strict=True)]
    own, one, other = _quantity(value), _quantity(low), _quantity(high)
    if own is None or one is None or other is None or own.kind == "clock" or one.amount == other.amount:
        return value
    digits = -math.floor(math.log10(abs(other.amount - one.amount) / own.size / 12))
    number = f"{own.amount / own.size:.{max(0, digits)}f}"
    return f"{number}{own.unit}" if own.unit else float(number)
