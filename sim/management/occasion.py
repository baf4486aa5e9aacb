"""A review: where it takes place, and which days lie between it and the one before."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from sim.flow.site import Site
from sim.flow.state import State
from sim.units import DAY_MINUTES

DAYS_A_YEAR = 365.0


class Cost(NamedTuple):
    """Money spent at a review."""

    kind: str  # coaching | research | hiring
    day: int  # the first day of the period that follows
    amount: float


class Reviewed(NamedTuple):
    """What a review, or one of its steps, makes of a state."""

    state: State
    costs: tuple[Cost, ...] = ()


@dataclass(frozen=True, slots=True)
class Occasion:
    """The review at the end of a period of whole days, from its first day up to the first of the next."""

    site: Site
    seed: int
    replication: int
    first: int
    end: int

    @property
    def days(self) -> int:
        """Length of the period."""
        return self.end - self.first

    @property
    def years(self) -> float:
        """Length of the period, in years of 365 days."""
        return self.days / DAYS_A_YEAR

    def held(self, every_min: float) -> int:
        """How often something has come up to this review, itself included, that is due ``every`` so long.

        It comes at the first review at or after each multiple, so at most once at a review; 0 for never.
        """
        return self._due_by(self.end, every_min)

    def is_due(self, every_min: float) -> bool:
        """Whether it comes at this review."""
        return self._due_by(self.end, every_min) > self._due_by(self.first, every_min)

    def _due_by(self, day: int, every_min: float) -> int:
        between = max(every_min, float(self.days * DAY_MINUTES))
        return math.floor(day * DAY_MINUTES / between)


def occasion_of(site: Site, state: State, seed: int, replication: int) -> Occasion:
    """The review that ends the period which begins on the state's day; the scenario must have reviews."""
    length = site.scenario.review
    assert length is not None
    return Occasion(site, seed, replication, state.day, state.day + round(length / DAY_MINUTES))
