"""The clock: SimPy with whole microseconds, and a stated place for every event of an instant."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import simpy

Callback = Callable[[Any], Any]
Steps = Generator[simpy.Event | None, simpy.Event | None, None]
"""A process, step by step from event to event. Each event it yields has the process's own ``send`` as its callback:
whoever fires the event resumes the process at once and sees what it did on return, where ``simpy.Process`` would go by
way of SimPy's queue. So handling one event is complete before the next. A process that is over yields once more,
nothing, and is not resumed."""


class Clock(simpy.Environment):
    """SimPy's environment; its time is whole microseconds from midnight of day 0."""

    if TYPE_CHECKING:

        @property
        def now(self) -> int:
            """Microseconds: every delay is whole, so the sum is."""

        def schedule(self, event: simpy.Event, priority: int = 1, delay: int = 0) -> None:  # type: ignore[override]
            """Have an event happen; ``priority`` is a kind of ``sim.order`` plus an id, ``delay`` microseconds."""


class Happening(simpy.Event):
    """An event that cannot fail: SimPy asks whether it did when it handles it."""

    _ok = True
    _value = None


class Moment(Happening):
    """An event whose place among those of its instant is stated by the model, not by who scheduled it first."""

    def __init__(self, clock: Clock, delay_us: int, priority: int, callback: Callback) -> None:
        """Schedule it; ``priority`` is a kind of ``sim.order`` plus an id, ``callback`` what it sets off."""
        self.callbacks: list[Callback] = [callback]
        clock.schedule(self, priority, delay_us)


def call_at(clock: Clock, at_us: int, priority: int, callback: Callable[[], None]) -> None:
    """Have something done at an instant; ``priority`` as for a moment."""
    Moment(clock, at_us - clock.now, priority, lambda _: callback())
