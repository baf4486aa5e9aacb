"""Durations, rates and times of day."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.units import (
    DAY_US,
    format_clock,
    format_duration,
    format_rate,
    parse_clock,
    parse_duration,
    parse_rate,
    parse_weekday,
    to_us,
)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("4 min", 4.0),
        ("4min", 4.0),
        ("30 s", 0.5),
        ("6 s", 0.1),
        ("2 h", 120.0),
        ("1.5 d", 2160.0),
        ("1 wk", 10080.0),
        ("15 month", 648000.0),
        ("1 y", 525600.0),
        ("1e2 min", 100.0),
        ("-5 min", -5.0),
        (".5 h", 30.0),
    ],
)
def test_durations(text, minutes):
    assert parse_duration(text) == minutes


@pytest.mark.parametrize(("text", "rate"), [("12/h", 0.2), ("0.8/min", 0.8), ("1440/d", 1.0), ("1 / s", 60.0)])
def test_rates(text, rate):
    assert parse_rate(text) == rate


@pytest.mark.parametrize(
    "text", ["", "min", "4", "4 minutes", "4 m", "1_000 min", "0x4 min", "٤ min", "4 min 3 s", "never"]
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match=r"duration|unit"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["12", "12 h", "h", "/h", "12/fortnight", "12//h"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(ValueError, match=r"rate|unit"):
        parse_rate(text)


@pytest.mark.parametrize(("text", "minute"), [("00:00", 0), ("07:30", 450), ("23:59", 1439), ("24:00", 1440)])
def test_times_of_day(text, minute):
    assert parse_clock(text) == minute
    assert format_clock(minute) == text


@pytest.mark.parametrize("text", ["7:30", "07:60", "24:01", "25:00", "07.30", "0730", "", "07:30 ", "٠٧:٣٠"])
def test_what_is_no_time_of_day_is_refused(text):
    with pytest.raises(ValueError, match="time of day"):
        parse_clock(text)


def test_weekdays():
    assert [parse_weekday(day) for day in ("mon", "sun")] == [0, 6]
    with pytest.raises(ValueError, match="did you mean 'tue'"):
        parse_weekday("tues")


@given(st.floats(min_value=0, max_value=1e9))
def test_a_formatted_duration_reads_back_to_twelve_digits(minutes):
    read = parse_duration(format_duration(minutes))
    assert math.isclose(read, minutes, rel_tol=1e-11, abs_tol=0) or minutes == read == 0


def test_formats():
    assert format_duration(math.inf) == "never"
    assert format_duration(90) == "90 min"
    assert format_duration(120) == "2 h"
    assert format_duration(0.5) == "30 s"
    assert format_rate(0.2) == "12/h"
    assert format_clock(1530) == "25:30"


def test_microseconds_are_rounded_half_up():
    assert to_us(1440) == DAY_US
    assert to_us(0.5 / 6e7) == 1
    assert to_us(0.49 / 6e7) == 0
    assert to_us(0.1) == 6_000_000
