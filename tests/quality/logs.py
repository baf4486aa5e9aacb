"""Small sites and logs written by hand, in names and minutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.flow.log import AUTOMATED, FIXED, NEVER, Cause, EncounterLog, Ended, VisitEnded
from sim.scenario.management import Management
from sim.scenario.quality import Loyalty, Retention

MINUTE = 60_000_000
DIMENSIONS = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")
WEIGHTS = {"tangibles": 0.11, "reliability": 0.32, "responsiveness": 0.22, "assurance": 0.19, "empathy": 0.16}


class BySegment:
    """A number for everybody, or {segment: number, "default": number}."""

    def __init__(self, value: float | Mapping[str, float]) -> None:
        self.value = value

    def of(self, segment: str) -> float:
        if isinstance(self.value, Mapping):
            return self.value[segment] if segment in self.value else self.value["default"]
        return self.value


def action(stage: str = "desk", dimension: str = "empathy", weight: float = 1.0, **given: Any) -> SimpleNamespace:
    """An action with the defaults of the scenario; `expected` and so on are numbers or by segment."""
    kind = given.pop("kind", "action")
    expected = given.pop("expected", 1.0 if kind != "wait" else 5.0)
    return SimpleNamespace(
        stage=stage,
        kind=kind,
        moment=given.pop("moment", "arrival" if kind == "wait" else "service"),
        dimension=dimension,
        weight=weight,
        expected=BySegment(expected),
        believed=BySegment(given.pop("believed", expected)),
        required=BySegment(given.pop("required", expected if kind == "wait" else 1.0)),
        promised=BySegment(given.pop("promised", np.inf if kind == "wait" else 0.0)),
        half_value=given.pop("half_value", 10.0),
        severity=given.pop("severity", None),
        **given,
    )


def quality(**given: Any) -> SimpleNamespace:
    """The defaults of the model, with no chance in them unless asked for."""
    memory = given.pop("memory", (0.50, 0.25, 0.25))
    factor, exponent, sd = given.pop("perceived_wait", (1.541, 0.90, 0.0))
    numbers = {
        "dimension_weights": WEIGHTS,
        "loss_aversion": 1.955,
        "disconfirmation": 0.40,
        "promise_inflation": 0.30,
        "expectation_spread": 0.0,
    }
    return SimpleNamespace(
        **(numbers | given),
        memory=SimpleNamespace(mean=memory[0], peak=memory[1], end=memory[2]),
        perceived_wait=SimpleNamespace(factor=factor, exponent=exponent, sd=sd),
        loyalty=Loyalty(),
        retention=Retention(),
    )


def stage(**given: Any) -> SimpleNamespace:
    waiting = {"occupied": False, "explained": False, "anxious": False} | given.pop("waiting", {})
    announce = given.pop("announce", None)
    following = given.pop("next", {"leave": 1.0})
    return SimpleNamespace(
        waiting=SimpleNamespace(**waiting),
        announce=None if announce is None else SimpleNamespace(what=announce),
        moments=given.pop("moments", ("arrival", "service", "close")),
        next_of=lambda segment: following,
    )


def site(
    actions: Mapping[str, SimpleNamespace],
    stages: Mapping[str, SimpleNamespace] | None = None,
    segments: Mapping[str, Mapping[str, float]] | None = None,
    start: str | None = None,
    management: Management | None = None,
    **numbers: Any,
) -> Any:
    """A site of these actions; `segments` name what they expect themselves, `numbers` are of quality."""
    stages = stages or {"desk": stage()}
    segments = segments or {"all": {}}
    first = start or next(iter(stages))

    def expected(name: str, segment: str) -> float:
        own = segments[segment]
        return own[name] if name in own else actions[name].expected.of(segment)

    scenario = SimpleNamespace(
        actions=dict(actions),
        stages=dict(stages),
        customers={name: SimpleNamespace(start=first) for name in segments},
        quality=quality(**numbers),
        management=management or Management(),
        expected=expected,
        believed=lambda name, segment: actions[name].believed.of(segment),
    )
    names = tuple(stages)
    return SimpleNamespace(
        scenario=scenario,
        segments=tuple(segments),
        stages=tuple(
            SimpleNamespace(
                name=at,
                actions=tuple(
                    SimpleNamespace(name=name, kind=a.kind, moment=a.moment)
                    for name, a in actions.items()
                    if a.stage == at and a.kind != "wait"
                ),
            )
            for at in names
        ),
        wait_actions=tuple((names.index(a.stage), name) for name, a in actions.items() if a.kind == "wait"),
        horizon_us=10_000 * MINUTE,
    )


@dataclass
class Visit:
    """One passage: minutes waited, and which actions were hits or lapses that were fixed."""

    stage: str = "desk"
    wait: float = 0.0
    hits: Iterable[str] = ()
    fixed: Iterable[str] = ()
    automated: Iterable[str] = ()
    wrong: Iterable[str] = ()  # outcomes gone wrong
    ended: VisitEnded = VisitEnded.SERVED
    announced: float | None = None  # minutes, or places ahead
    places_ahead: int | None = None
    pause: float = 0.0  # minutes since the visit before
    number: int = 0  # passages through this stage before


@dataclass
class Customer:
    visits: Sequence[Visit] = field(default_factory=list)
    ended: Ended = Ended.COMPLETED
    segment: str = "all"
    group: int = 1
    problem: int = 0  # Severity
    voiced: int = 0
    recovered: float | None = None  # minutes from speaking up to the solution; None: not resolved
    index: int | None = None
    day: int = 0


def log_of(place: Any, customers: Sequence[Customer], seed: int = 1, replication: int = 0) -> EncounterLog:
    """The log of these customers. Each arrives at minute 100 × her number; a service takes three minutes."""
    names = [s.name for s in place.stages]
    width = max((len(s.actions) for s in place.stages), default=0)
    rows: list[dict[str, int]] = []
    causes: list[list[int]] = []
    for number, customer in enumerate(customers):
        clock = 100 * MINUTE * number
        for visit in customer.visits:
            clock += round(visit.pause * MINUTE)
            joined, started = clock, clock + round(visit.wait * MINUTE)
            served = visit.ended in (VisitEnded.SERVED, VisitEnded.IN_SERVICE)
            ended = started + (3 * MINUTE if served else 0)
            clock = ended
            announced = visit.places_ahead
            if visit.announced is not None:
                announced = round(visit.announced * MINUTE)
            rows.append(
                {
                    "encounter": number,
                    "stage": names.index(visit.stage),
                    "visit": visit.number,
                    "joined_us": joined,
                    "waits_from_us": joined,
                    "started_us": started if served else NEVER,
                    "ended_us": ended if visit.ended < VisitEnded.WAITING else NEVER,
                    "visit_ended_as": visit.ended,
                    "announced_us": NEVER if announced is None else announced,
                }
            )
            codes = [
                _code(a.name, visit) if served else Cause.NOT_PERFORMED
                for a in place.stages[names.index(visit.stage)].actions
            ]
            causes.append(codes + [Cause.NOT_PERFORMED] * (width - len(codes)))

    def visits(name: str) -> np.ndarray:
        return np.array([row.get(name, 0) for row in rows], dtype=np.int64)

    def encounters(values: Iterable[int]) -> np.ndarray:
        return np.array(list(values), dtype=np.int64)

    nothing = np.zeros(0, dtype=np.int64)
    blank = np.zeros(len(customers), dtype=np.int64)
    return EncounterLog(
        site=place,
        seed=seed,
        replication=replication,
        number=np.arange(len(customers)),
        segment=encounters(place.segments.index(c.segment) for c in customers),
        day=encounters(c.day for c in customers),
        index=encounters(i if c.index is None else c.index for i, c in enumerate(customers)),
        arrived_us=encounters(100 * MINUTE * i for i in range(len(customers))),
        left_us=blank,
        away_us=blank,
        ended_as=encounters(c.ended for c in customers),
        group=encounters(c.group for c in customers),
        return_lost=blank,
        problem=encounters(c.problem for c in customers),
        voiced=encounters(c.voiced for c in customers),
        resolved=encounters(c.recovered is not None for c in customers),
        recovered_us=encounters(NEVER if c.recovered is None else round(c.recovered * MINUTE) for c in customers),
        encounter=visits("encounter"),
        stage=visits("stage"),
        visit=visits("visit"),
        joined_us=visits("joined_us"),
        waits_from_us=visits("waits_from_us"),
        started_us=visits("started_us"),
        ended_us=visits("ended_us"),
        visit_ended_as=visits("visit_ended_as"),
        member=visits("member"),
        present=visits("present"),
        capacity=visits("capacity"),
        shift_us=visits("shift_us"),
        announced_us=visits("announced_us"),
        checked=visits("checked"),
        error=visits("error"),
        causes=np.array(causes, dtype=np.uint8).reshape(len(rows), width),
        spell_member=nothing,
        spell_kind=nothing,
        spell_start_us=nothing,
        spell_end_us=nothing,
        window_start_us=nothing,
        window_end_us=nothing,
        arrivals=nothing,
        queue_area_us=nothing,
    )


def _code(name: str, visit: Visit) -> int:
    if name in visit.automated:
        return Cause.HIT + AUTOMATED
    if name in visit.hits:
        return Cause.HIT
    if name in visit.wrong:
        return Cause.ERROR
    return Cause.WILLINGNESS + (FIXED if name in visit.fixed else 0)


def random_log(seed: int, customers: int = 60, **numbers: Any) -> EncounterLog:
    """Two stages, two kinds of customers, thirteen actions and three waits; every ending, every cause."""
    rng = np.random.default_rng(seed)
    stages = {
        "desk": stage(announce="expected_wait", waiting={"occupied": "a0"}, next={"help": 0.5, "leave": 0.5}),
        "help": stage(waiting={"explained": True, "anxious": "a9"}),
    }
    actions: dict[str, SimpleNamespace] = {}
    for k in range(13):
        share = [round(float(x), 3) for x in rng.uniform(0, 1, 4)]
        actions[f"a{k}"] = action(
            "desk" if k < 8 else "help",
            DIMENSIONS[k % 5],
            float(rng.uniform(0.1, 1)),
            kind="outcome" if k in (1, 11) else "action",
            moment=("arrival", "service", "close")[int(rng.integers(3))],
            expected={"early": share[0], "default": share[1]},
            believed=share[2],
            required=float(rng.integers(2)),
            promised=share[3],
        )
    for name, at in (("w0", "desk"), ("w1", "help"), ("w2", "help")):
        minutes = [round(float(x), 2) for x in rng.uniform(0, 20, 4)]
        actions[name] = action(
            at,
            "responsiveness",
            0.3,
            kind="wait",
            expected=minutes[0],
            believed=minutes[1],
            required=minutes[2],
            promised=minutes[3],
            half_value=float(rng.uniform(2, 20)),
        )
    place = site(actions, stages, {"early": {"a3": 0.5, "w1": 2.0}, "late": {}}, **numbers)
    return log_of(place, [_random_customer(rng) for _ in range(customers)], seed=seed)


def _random_customer(rng: np.random.Generator) -> Customer:
    ended = Ended(int(rng.choice(6, p=[0.7, 0.06, 0.06, 0.06, 0.06, 0.06])))
    visits: list[Visit] = []
    passages = {"desk": 0, "help": 0}
    for _ in range(0 if ended == Ended.BLOCKED else int(rng.integers(1, 5))):
        at = ("desk", "help")[int(rng.integers(2))] if visits else "desk"
        chosen = [f"a{k}" for k in range(13) if rng.random() < 0.6]
        visits.append(
            Visit(
                at,
                wait=float(rng.choice([0.0, rng.exponential(8)])),
                hits=chosen[::2],
                fixed=chosen[1::4],
                announced=float(rng.exponential(6)) if at == "desk" and rng.random() < 0.5 else None,
                pause=float(rng.choice([0.0, 10.0])),
                number=passages[at],
            )
        )
        passages[at] += 1
    last = {
        Ended.BALKED: VisitEnded.BALKED,
        Ended.ABANDONED: VisitEnded.ABANDONED,
        Ended.TURNED_AWAY: VisitEnded.TURNED_AWAY,
        Ended.UNFINISHED: VisitEnded.WAITING,
    }.get(ended)
    if last is not None:
        visits[-1].ended = last
        if last == VisitEnded.BALKED:
            visits[-1].wait = 0.0
    return Customer(visits, ended, ("early", "late")[int(rng.integers(2))], int(rng.integers(1, 4)))
