"""The clock: SimPy with whole microseconds, and a stated place for every event of an instant."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

import simpy

Callback = Callable[[simpy.Event], None]
Steps = Generator[simpy.Event, simpy.Event, None]


class Clock(simpy.Environment):
    """SimPy's environment; its time is whole microseconds from midnight of day 0."""

    if TYPE_CHECKING:

        @property
        def now(self) -> int:
            """Microseconds: every delay is whole, so the sum is."""


class Moment(simpy.Event):
    """An event whose place among those of its instant is stated by the model, not by who scheduled it first."""

    # SimPy asks an event whether it succeeded when it handles it; a moment always did.
    _ok = True
    _value = None

    def __init__(self, clock: Clock, delay_us: int, priority: int) -> None:
        """Schedule it; ``priority`` is a kind of ``sim.order`` plus an id."""
        self.callbacks: list[Callback] = []
        clock.schedule(self, priority, delay_us)  # type: ignore[arg-type]  # a plain int will do


def call_at(clock: Clock, at_us: int, priority: int, callback: Callable[[], None]) -> None:
    """Have something done at an instant; ``priority`` as for a moment."""
    Moment(clock, at_us - clock.now, priority).callbacks.append(lambda _: callback())


def follow(steps: Steps) -> None:
    """Drive a generator from event to event, at once and not by way of SimPy's queue as ``simpy.Process`` does.

    So that handling one event is complete before the next: whoever sets something off sees it done on return.
    """

    def step(_: simpy.Event | None) -> None:
        for event in steps:
            event.callbacks.append(step)
            return

    step(None)
