"""Look one measure up in the rows of a replication."""

from __future__ import annotations

from sim.study.days import Day
from sim.study.measures import Measured, measure
from sim.study.tallies.rows import Key


def measures_of(whole, perceived=None, by: tuple[str, ...] = ()):
    """A function that gives the value of a measure in a scope; it must be there exactly once."""
    return lookup(measure([Day(whole, perceived)], by))


def lookup(found: Measured):
    table = dict(found.rows)
    assert len(table) == len(found.rows), "a row is there twice"

    def value(name: str, **scope) -> float:
        return table[Key(name, **scope)]

    return value
