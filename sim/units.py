"""Durations, rates and times of day: how people write them, and the minutes they stand for."""

import math
import re

from sim.errors import did_you_mean

MICROSECONDS_PER_MINUTE = 60_000_000
DAY_MINUTES = 1440
DAY_US = DAY_MINUTES * MICROSECONDS_PER_MINUTE
LONGEST_MIN = 1e9
"""No duration is longer: some 1900 years, far inside what the clock can count."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_UNITS = {"s": 1 / 60, "min": 1.0, "h": 60.0, "d": 1440.0, "wk": 10080.0, "month": 43200.0, "y": 525600.0}
_DURATION = re.compile(rf"\s*({NUMBER})\s*([A-Za-z]+)\s*", re.ASCII)
_RATE = re.compile(rf"\s*({NUMBER})\s*/\s*([A-Za-z]+)\s*", re.ASCII)
_CLOCK = re.compile(r"(\d\d):(\d\d)", re.ASCII)


def parse_duration(text: str) -> float:
    """Minutes of a written duration: ``4 min``, ``30 s``, ``2 h``, ``3 d``, ``1 wk``, ``15 month``, ``1 y``.

    Negative durations are read too; the caller says whether they make sense. ValueError tells what would do.
    """
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError(f"'{_cut(text)}' is not a duration; write for example 4 min, 30 s or 2 h")
    number, unit = float(match[1]), match[2]
    if unit not in _UNITS:
        raise ValueError(f"no unit '{_cut(unit)}' of time; there are {', '.join(_UNITS)}{did_you_mean(unit, _UNITS)}")
    # Seconds are divided, not multiplied by a rounded 1/60, so that 6 s is exactly 0.1 min.
    return number / 60 if unit == "s" else number * _UNITS[unit]


def parse_rate(text: str) -> float:
    """Events per minute of a written rate: ``12/h``, ``0.8/min``. ValueError tells what would do."""
    match = _RATE.fullmatch(text)
    if not match:
        raise ValueError(f"'{_cut(text)}' is not a rate; write for example 12/h, 0.8/min or 150/d")
    number, unit = float(match[1]), match[2]
    if unit not in _UNITS:
        raise ValueError(f"no unit '{_cut(unit)}' of time; there are {', '.join(_UNITS)}{did_you_mean(unit, _UNITS)}")
    return number * 60 if unit == "s" else number / _UNITS[unit]


def parse_clock(text: str) -> int:
    """Minutes from midnight of a time of day ``"00:00"`` to ``"24:00"``. ValueError tells what would do."""
    match = _CLOCK.fullmatch(text)
    minute = int(match[1]) * 60 + int(match[2]) if match else -1
    if not match or int(match[2]) > 59 or minute > DAY_MINUTES:
        raise ValueError(f'\'{_cut(text)}\' is not a time of day; write it as "07:30", from "00:00" to "24:00"')
    return minute


def parse_weekday(name: str) -> int:
    """0 for ``mon`` to 6 for ``sun``. ValueError tells what would do."""
    if name not in WEEKDAYS:
        known = ", ".join(WEEKDAYS)
        raise ValueError(f"no weekday '{_cut(name)}'; there are {known}{did_you_mean(name, WEEKDAYS)}")
    return WEEKDAYS.index(name)


def format_duration(minutes: float) -> str:
    """A duration as people write it, in the largest unit that keeps it at least 1; infinite is ``never``."""
    if math.isinf(minutes):
        return "never"
    for unit in ("y", "wk", "d", "h", "min"):
        size = _UNITS[unit]
        if minutes and abs(minutes) >= size and (unit == "min" or minutes % size == 0):
            return f"{minutes / size:.12g} {unit}"
    return f"{minutes * 60:.12g} s" if minutes else "0 min"


def format_rate(per_minute: float) -> str:
    """A rate as people write it, by the hour."""
    return f"{per_minute * 60:.12g}/h"


def format_clock(minute: float) -> str:
    """``"07:30"`` for 450; minutes past midnight of the next day keep counting: ``"25:30"`` for 1530."""
    whole = math.floor(minute)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def to_us(minutes: float) -> int:
    """Whole microseconds of a finite number of minutes, rounded once, half up."""
    return math.floor(minutes * 6e7 + 0.5)


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
