"""A scenario as it is written: a tree of plain values, and where in which file each of them stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import Problem

Keys = tuple[str, ...]
"""Where a value stands: keys from the top; entries of a list by their number."""


class Place(NamedTuple):
    """A line of a file."""

    file: str
    line: int


@dataclass(frozen=True)
class Document:
    """The tree of plain values of a scenario; its file and folder; the line of every key; faults so far."""

    tree: Mapping[str, Any]
    file: str
    folder: Path
    places: Mapping[Keys, Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def problem(self, keys: Keys, message: str) -> Problem:
        """A problem at those keys, with the line of the nearest one that is written."""
        file, line = self.place(keys)
        return Problem(file, line, ".".join(keys), message)

    def place(self, keys: Keys) -> tuple[str, int | None]:
        """File and line of the value at those keys, or of the nearest that holds it (a dict has no lines)."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.places:
                return self.places[keys[:length]]
        return self.file, 1 if self.places else None
