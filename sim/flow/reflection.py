"""Reflection: after which services the member thinks it over, and for how long."""

from __future__ import annotations

from sim.flow.abilities import habit_share
from sim.flow.people import Visit
from sim.flow.site import Site
from sim.scenario.management import Reflection as Rule
from sim.units import DAY_US, to_us


class Reflections:
    """Decides for each service as it ends. ``shares``, by day, decline unless audits are told."""

    def __init__(self, site: Site, rule: Rule) -> None:
        self.time_us = to_us(rule.time)
        self._at = [stage.has_queue and bool(stage.actions) for stage in site.stages]
        days = site.horizon_us // DAY_US + 1
        self.shares = [habit_share(site, 1.0, rule.decline, day) for day in range(days)]

    def follows(self, visit: Visit, now: int) -> bool:
        """Whether the member thinks over the service that ends now; only where she has something to do right."""
        return self._at[visit.stage] and visit.luck.reflect[visit.row] < self.shares[now // DAY_US]
