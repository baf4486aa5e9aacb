"""The blueprint in numbers: stages, roles, members and segments, their names lowered to positions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from sim.chance.laws import Law

LEAVE = -1  # the way out, as a stage
NOBODY = -1


class Discipline(IntEnum):
    """Which waiting visit is served next."""

    FIFO = 0
    LIFO = 1
    PRIORITY = 2
    RANDOM = 3


class Picks(IntEnum):
    """Which queue a freed member turns to."""

    LONGEST_WAIT = 0
    IN_ORDER = 1
    OWN_FIRST = 2


class Choose(IntEnum):
    """Which of several free members serves."""

    LONGEST_IDLE = 0
    FIRST = 1
    FASTEST = 2
    MOST_SKILLED = 3
    RANDOM = 4


@dataclass(frozen=True, slots=True)
class TimedLaw:
    """A law by time of day: the one in force from that minute on; usually a single one."""

    minutes: tuple[int, ...]
    laws: tuple[Law, ...]

    @property
    def mean(self) -> float:
        """Mean of the laws, minutes, unweighted by how long each is in force."""
        return sum(law.mean for law in self.laws) / len(self.laws)

    def in_force(self, minute_of_day: float) -> int:
        """Position of the law in force; before the first key it is the last one of the day before."""
        position = len(self.minutes) - 1
        for i, minute in enumerate(self.minutes):
            if minute <= minute_of_day:
                position = i
        return position


@dataclass(frozen=True, slots=True)
class Route:
    """Where customers of one segment go after a stage."""

    targets: tuple[int, ...]  # stage positions or LEAVE
    cumulative: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ActionTable:
    """One action of a stage; its position in the stage's tuple is its column in the log's causes."""

    name: str
    kind: str  # action | outcome
    dimension: str
    weight: float
    moment: str
    discretion: float
    checkable: bool
    by: int  # role that performs it on a self-service stage, or NOBODY: certain
    time_min: tuple[float, ...]  # by segment
    required: tuple[float, ...]  # by segment
    severity: int = 0  # of a lapse, as the log's Severity: 0 none, 1 minor, 2 major


@dataclass(frozen=True, slots=True)
class StageTable:
    """One stage of the blueprint."""

    name: str
    title: str
    has_queue: bool
    ranks: tuple[tuple[int, ...], ...]  # roles in order of preference
    roles: tuple[int, ...]
    kin: tuple[int, ...]  # stages served by any of these roles: whose visits press on them
    work: TimedLaw
    discipline: Discipline
    target_wait_us: int | None
    per_person_ahead: float
    if_wait: float
    inverse: bool
    queue_limit: int  # NOBODY: none
    balks: bool
    announces: str | None  # expected_wait | position
    announce_balk: bool
    mean_service_min: float  # for announcements and the offered load, at standard pace and required actions
    error: float
    returns: float
    return_after: TimedLaw | None
    returns_to: int
    retry: float
    retry_after: TimedLaw | None
    routes: tuple[Route, ...]  # by segment
    takes: tuple[tuple[int, int], ...]  # (place, largest group or NOBODY)
    frees: tuple[int, ...]  # places
    same_as: int  # stage or NOBODY
    or_any: bool
    actions: tuple[ActionTable, ...]
    outcome: int  # column of the outcome action, or NOBODY
    reach: int  # bit mask of the stages that can still come from here, itself included

    @property
    def may_raise_problems(self) -> bool:
        """Whether something can go wrong here that customers may complain about."""
        return self.error > 0 or any(action.severity for action in self.actions)


@dataclass(frozen=True, slots=True)
class RoleTable:
    """One kind of staff."""

    name: str
    wage: float
    at_once: int
    slowdown: float
    empowerment: float
    picks: Picks
    serves: tuple[int, ...]  # stages in order of preference
    members: range  # positions in Site.members


@dataclass(frozen=True, slots=True)
class MemberTable:
    """One person's place on the roster: what the scenario says of it, before chance."""

    name: str
    key: str  # what this person's luck is keyed to beside the role: a name, or nothing for a position
    position: int  # within the role
    role: int
    skill: float
    own_skill: bool  # the skill is this person's own, not the median of the role
    adherence: float
    pace: float
    own_pace: bool
    tenure_min: float | None
    wage: float
    at_once: int
    pace_at: tuple[float, ...]  # factor by stage; 0 where the member does not serve
    serves: tuple[int, ...]  # stages in this person's order of preference


@dataclass(frozen=True, slots=True)
class SegmentTable:
    """One kind of customer."""

    name: str
    start: int
    priority: int
    complexity: float
    patience: tuple[TimedLaw | None, ...]  # by stage; None is infinite
    silent: tuple[tuple[float, int] | None, ...]  # by stage: share, wasted microseconds
