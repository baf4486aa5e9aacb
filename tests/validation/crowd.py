"""Many customers in circumstances that are exactly known: the small sites of the anchors, and how logs are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import sim
from sim.flow.log import CAUSE_MASK, Cause
from sim.flow.site import site_of
from sim.study.days import Day, days

SEED = 2026


def crowd(times: dict[tuple[int, str], int], actions: int = 10, each: dict[str, Any] | None = None, **more: Any) -> Any:
    """So many customers at each (day, time of day), all served at once, in no time; each meets so many actions."""
    at = [{"day": day, "time": time} for (day, time), so_many in times.items() for _ in range(so_many)]
    alike = {"stage": "desk", "dimension": "assurance", "weight": 1 / actions, **(each or {})}
    return {
        "name": "crowd",
        "calendar": {"days": 1 + max(day for day, _ in times), "open": "07:00", "close": "20:00"},
        "customers": {"all": {"arrivals": {"at": at}, "start": "desk"}},
        "stages": {"desk": {"staff": ["clerk"], "work": 0}},
        "staff": {"clerk": {"count": 1, "at_once": 10_000}},
        "actions": {f"a{k}": alike for k in range(actions)},
        **more,
    }


def lived(scenario: dict[str, Any], replication: int = 0) -> Iterator[Day]:
    """The days of a replication: its log, what customers made of it, and the plan in force."""
    return days(site_of(sim.load(scenario)), SEED, replication)


def hit_rate(log: Any) -> tuple[float, float]:
    """Share of actions delivered of those met, before any self-check, and its 95 % half-width."""
    causes = log.causes & CAUSE_MASK
    met = int((causes != Cause.NOT_PERFORMED).sum())
    return share(int((causes == Cause.HIT).sum()), met)


def share(so_many: int, of: int) -> tuple[float, float]:
    """A share of independent trials and its 95 % half-width."""
    p = so_many / of
    return p, 1.96 * float(np.sqrt(p * (1 - p) / of))
