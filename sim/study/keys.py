"""A measure and what it is about, as people write it: ``wait_p90[stage=check_in, segment=business]``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sim.errors import InputError, did_you_mean, printable, there_are
from sim.study.meanings import MEANINGS, unknown_measure
from sim.study.tallies.rows import HOURS, SCOPES, Key

_WRITTEN = re.compile(r"\s*([^\s\[\]]+)\s*(?:\[(.*)\]\s*)?")
_NEXT_SCOPE = re.compile(r",(?=[^,=]*=)")  # a name may have commas, but no equals sign
_WHOLE = {"period": None, "hour": HOURS - 1}  # scopes that are numbers from 0, and the last one
_BETWEEN = re.compile(r"\s*[,;，；、]\s*(?![^\[]*\])")  # outside brackets
_EXAMPLE = "wait_p90[stage=check_in]"


def key_of(text: str) -> Key:
    """Read a measure, and in brackets the scopes that apply; a scope that is not named is all.

    Values are names in any script, those of ``period`` and ``hour`` whole numbers. InputError: no such measure or
    scope, with the nearest one, or a scope named twice or without a value.
    """
    match = _WRITTEN.fullmatch(text)
    if not match or match[1] not in MEANINGS:
        raise InputError(_no_measure(text, match[1] if match else None))
    measure, inside = match[1], match[2]
    scopes: dict[str, str | int] = {}
    for part in () if inside is None else _NEXT_SCOPE.split(inside):
        scope, value = _scope(part, text)
        if scope in scopes:
            raise InputError(f"'{printable(text)}': {scope} is given twice")
        scopes[scope] = value
    return Key(measure, **scopes)  # type: ignore[arg-type]


def _no_measure(text: str, name: str | None) -> str:
    """What to tell of a text that is none, or more than one, or the name of none."""
    several = _BETWEEN.split(text.strip())
    if len(several) > 1 and all(one.partition("[")[0] in MEANINGS for one in several):
        each = " ".join(f"--measure {printable(one)}" for one in several)
        return f"'{printable(text)}' is more than one measure; give each by itself: {each}"
    if name is None:
        return f"'{printable(text)}' is no measure; write for example {_EXAMPLE}"
    return unknown_measure(printable(name))


def _scope(part: str, text: str) -> tuple[str, str | int]:
    name, equals, value = (piece.strip() for piece in part.partition("="))
    if not name or not equals or not value:
        raise InputError(f"'{printable(text)}': write what it is about as name=value, for example {_EXAMPLE}")
    if name not in SCOPES:
        near = did_you_mean(name, SCOPES)
        raise InputError(f"'{printable(text)}': no scope '{printable(name)}'{near or '; ' + there_are(SCOPES)}")
    if name not in _WHOLE:
        return name, value
    last = _WHOLE[name]
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or (last is not None and int(value) > last):
        until = "" if last is None else f" to {last}"
        raise InputError(f"'{printable(text)}': {name} is a whole number from 0{until}, not '{printable(value)}'")
    return name, int(value)


def text_of(key: Key) -> str:
    """How `key_of` reads it: the measure alone where it is about the whole site."""
    scopes = ", ".join(f"{name}={value}" for name, value in zip(SCOPES, key[1:], strict=True) if value is not None)
    return f"{key.measure}[{scopes}]" if scopes else key.measure


def key_of_row(row: Any) -> Key:
    """The measure and scope of a row of a table: a named tuple of `DataFrame.itertuples`."""
    import pandas as pd

    return Key(row.measure, *(None if pd.isna(value := getattr(row, name)) else value for name in SCOPES))


def rows_by(keys: Iterable[Key]) -> tuple[str, ...]:
    """Which rows that are there on request alone, ``member`` and ``hour``, these measures need."""
    asked = tuple(keys)
    return tuple(name for name in ("member", "hour") if any(getattr(key, name) is not None for key in asked))
