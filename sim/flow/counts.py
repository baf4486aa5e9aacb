"""How many are at each stage: waiting, or inside at all; and the queue's length over time."""

from __future__ import annotations

from sim.flow.clock import Clock


class Counts:
    """Counts by stage. The area under the queue is exact, in whole microseconds: Little's law is checked with it."""

    def __init__(self, stages: int, clock: Clock) -> None:
        self._clock = clock
        self.inside = [0] * stages  # visits waiting or in service
        self.waiting = [0] * stages
        self.queue_area_us = [0] * stages

    def change_waiting(self, at: int, change: int, now: int) -> None:
        """One more, or one less, waits at a stage."""
        self.queue_area_us[at] -= change * now  # summed by parts: who joins at t1 and goes at t2 adds t2 - t1
        self.waiting[at] += change

    def stop(self) -> None:
        """The horizon: count the areas up to now."""
        for at in range(len(self.waiting)):
            self.queue_area_us[at] += self.waiting[at] * self._clock.now
