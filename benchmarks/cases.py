"""The three models that are timed: their numbers, once, and our scenario form of each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

MINUTES_PER_DAY = 1440


@dataclass(frozen=True)
class MmcCase:
    """One queue, several equal servers. Minutes, and customers per minute."""

    servers: int
    rate: float
    mean_service: float
    mean_patience: float | None = None


class Lognormal(NamedTuple):
    """Lognormal work by its own mean (minutes) and coefficient of variation."""

    mean: float
    cv: float

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm."""
        return math.sqrt(math.log(1 + self.cv**2))

    @property
    def mu(self) -> float:
        """Mean of the logarithm."""
        return math.log(self.mean) - self.sigma**2 / 2


class Member(NamedTuple):
    """One member of staff: pace, 1 is standard, and the hours she is on duty every day."""

    pace: float
    shift: tuple[int, int] = (0, 24)


@dataclass(frozen=True)
class StageCase:
    """A stage of the network."""

    work: Lognormal
    members: tuple[Member, ...]
    next: dict[str, float]


@dataclass(frozen=True)
class NetworkCase:
    """Reception, then counter or specialist, rework, cashier; rates by hour, priorities, impatience, shifts."""

    first: str
    stages: dict[str, StageCase]
    rates_per_hour: tuple[int, ...]
    urgent_share: float
    mean_patience: float


MMC = MmcCase(servers=3, rate=2.7, mean_service=1.0)
IMPATIENT = MmcCase(servers=3, rate=3.6, mean_service=1.0, mean_patience=2.0)

_EARLY, _LATE = (8, 15), (11, 20)
NETWORK = NetworkCase(
    first="reception",
    stages={
        "reception": StageCase(
            Lognormal(2.0, 0.5),
            (Member(1.1), Member(0.9), Member(1.0, _EARLY), Member(1.0, _LATE)),
            {"counter": 0.7, "specialist": 0.3},
        ),
        "counter": StageCase(
            Lognormal(5.0, 0.8),
            (
                *(Member(1.0), Member(1.15), Member(0.85)),
                *(Member(1.1, _EARLY), Member(0.9, _EARLY), Member(1.1, _LATE), Member(0.9, _LATE)),
            ),
            {"counter": 0.1, "cashier": 0.9},
        ),
        "specialist": StageCase(
            Lognormal(10.0, 1.0),
            (Member(1.0), Member(1.2), Member(0.8), Member(1.0, _EARLY), Member(1.0, _LATE)),
            {"counter": 0.1, "cashier": 0.9},
        ),
        "cashier": StageCase(
            Lognormal(2.0, 0.6),
            (Member(1.1), Member(0.9), Member(1.0, _EARLY), Member(1.0, _LATE)),
            {"leave": 1.0},
        ),
    },
    rates_per_hour=(
        *(15, 12, 10, 10, 15, 20, 30, 45, 60, 70, 80, 85),
        *(90, 90, 85, 75, 75, 70, 60, 50, 40, 30, 25, 20),
    ),
    urgent_share=0.2,
    mean_patience=20.0,
)


def mmc_scenario(days: int, case: MmcCase = MMC) -> dict[str, Any]:
    """The scenario of an M/M/c that never closes."""
    customers: dict[str, Any] = {"arrivals": {"rate": f"{case.rate}/min"}, "start": "desk"}
    if case.mean_patience is not None:
        customers["patience"] = _exponential(case.mean_patience)
    return {
        "name": "mmc",
        "calendar": {"days": days},
        "customers": {"all": customers},
        "stages": {"desk": {"staff": ["clerk"], "work": _exponential(case.mean_service)}},
        "staff": {"clerk": {"count": case.servers}},
    }


def network_scenario(days: int, case: NetworkCase = NETWORK) -> dict[str, Any]:
    """The scenario of the network; one role for each stage, its members by name with pace and shift."""
    return {
        "name": "network",
        "calendar": {"days": days},
        "customers": {
            "urgent": _segment(case, case.urgent_share, priority=0),
            "normal": _segment(case, 1 - case.urgent_share, priority=1),
        },
        "stages": {
            name: {
                "staff": [f"{name}_staff"],
                "work": {"dist": "lognormal", "mean": stage.work.mean, "cv": stage.work.cv},
                "queue": "priority",
                "next": stage.next,
            }
            for name, stage in case.stages.items()
        },
        "staff": {
            f"{name}_staff": {
                "members": [
                    {"name": f"{name} {i}", "pace": member.pace, "shift": [_clock(hour) for hour in member.shift]}
                    for i, member in enumerate(stage.members, 1)
                ]
            }
            for name, stage in case.stages.items()
        },
    }


def _segment(case: NetworkCase, share: float, priority: int) -> dict[str, Any]:
    rates = {_clock(hour): f"{rate * share}/h" for hour, rate in enumerate(case.rates_per_hour)}
    return {
        "arrivals": {"rate": rates},
        "start": case.first,
        "patience": _exponential(case.mean_patience),
        "priority": priority,
    }


def _exponential(mean: float) -> dict[str, Any]:
    return {"dist": "exponential", "mean": mean}


def _clock(hour: int) -> str:
    return f"{hour:02d}:00"
