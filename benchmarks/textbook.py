"""The opponent: three queueing models as a good SimPy tutorial writes them.

One generator a customer, `Resource` or `PriorityResource`, `request | timeout` for impatience, Python's `random` drawn
on the way, one tuple kept for each visit. Staff who differ are a `Store` of members, as SimPy's documentation has it
for servers that are not alike; capacity changes by requests of the highest priority that stand for who is off duty.
Nothing is slow on purpose: no monitoring, no waiting for what is done at once, no more objects than the model has.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

import simpy
from cases import MINUTES_PER_DAY, MMC, NETWORK, Lognormal, MmcCase, NetworkCase

Steps = Iterator[simpy.Event]


class Visit(NamedTuple):
    """What is kept of each visit. Times in minutes; ``started`` is None for who gave up."""

    customer: int
    segment: str
    stage: str
    joined: float
    started: float | None
    ended: float


# ---- models 1 and 2: M/M/3, without and with patience ------------------------------------------------------------


def mmc(days: int, seed: int, case: MmcCase = MMC) -> list[Visit]:
    """M/M/c for some days."""
    random.seed(seed)
    env = simpy.Environment()
    clerks = simpy.Resource(env, capacity=case.servers)
    visits: list[Visit] = []
    customer = _patient if case.mean_patience is None else _impatient
    env.process(_arrivals(env, case, clerks, visits, customer))
    env.run(until=days * MINUTES_PER_DAY)
    return visits


def _arrivals(
    env: simpy.Environment, case: MmcCase, clerks: simpy.Resource, visits: list[Visit], customer: Callable[..., Steps]
) -> Steps:
    number = 0
    while True:
        yield env.timeout(random.expovariate(case.rate))
        env.process(customer(env, number, case, clerks, visits))
        number += 1


def _patient(env: simpy.Environment, number: int, case: MmcCase, clerks: simpy.Resource, visits: list[Visit]) -> Steps:
    joined = env.now
    with clerks.request() as request:
        yield request
        started = env.now
        yield env.timeout(random.expovariate(1 / case.mean_service))
        visits.append(Visit(number, "all", "desk", joined, started, env.now))


def _impatient(
    env: simpy.Environment, number: int, case: MmcCase, clerks: simpy.Resource, visits: list[Visit]
) -> Steps:
    joined = env.now
    with clerks.request() as request:
        patience = random.expovariate(1 / case.mean_patience)
        yield request | env.timeout(patience)
        if not request.triggered:
            visits.append(Visit(number, "all", "desk", joined, None, env.now))
            return
        started = env.now
        yield env.timeout(random.expovariate(1 / case.mean_service))
        visits.append(Visit(number, "all", "desk", joined, started, env.now))


# ---- model 3: the four-stage network -----------------------------------------------------------------------------


class Desk:
    """One stage: a queue by priority, and the store of its free members, who differ in pace."""

    def __init__(self, env: simpy.Environment, name: str, work: Lognormal, paces: list[float]) -> None:
        self.name = name
        self.mu, self.sigma = work.mu, work.sigma
        self.resource = simpy.PriorityResource(env, capacity=len(paces))
        self.members = simpy.Store(env)  # their paces; the first has been idle longest
        self.members.items += paces


def network(days: int, seed: int, case: NetworkCase = NETWORK) -> list[Visit]:
    """The network for some days."""
    random.seed(seed)
    env = simpy.Environment()
    desks = {}
    for name, stage in case.stages.items():
        desks[name] = Desk(env, name, stage.work, [member.pace for member in stage.members])
        for member in stage.members:
            if member.shift != (0, 24):
                env.process(_off_duty(env, desks[name], *member.shift))
    visits: list[Visit] = []
    env.process(_hourly_arrivals(env, case, desks, visits))
    env.run(until=days * MINUTES_PER_DAY)
    return visits


def _off_duty(env: simpy.Environment, desk: Desk, on_hour: int, off_hour: int) -> Steps:
    """Capacity changes by a dummy request of the highest priority that holds a server outside the shift.

    Whoever is free first goes, as usual in textbooks: who exactly is off duty makes no difference to capacity.
    """
    comes_on = 60 * on_hour
    while True:
        with desk.resource.request(priority=-1) as request:
            yield request
            pace = yield desk.members.get()
            yield env.timeout(comes_on - env.now)
            desk.members.put(pace)
        yield env.timeout(60 * (off_hour - on_hour))
        comes_on += MINUTES_PER_DAY


def _hourly_arrivals(env: simpy.Environment, case: NetworkCase, desks: dict[str, Desk], visits: list[Visit]) -> Steps:
    """A Poisson process with a rate for each hour, by thinning."""
    highest = max(case.rates_per_hour) / 60
    number = 0
    while True:
        yield env.timeout(random.expovariate(highest))
        if random.random() * highest * 60 < case.rates_per_hour[int(env.now // 60) % 24]:
            segment = "urgent" if random.random() < case.urgent_share else "normal"
            env.process(_through_network(env, number, segment, case, desks, visits))
            number += 1


def _through_network(
    env: simpy.Environment,
    number: int,
    segment: str,
    case: NetworkCase,
    desks: dict[str, Desk],
    visits: list[Visit],
) -> Steps:
    priority = 0 if segment == "urgent" else 1
    name = case.first
    while name != "leave":
        desk = desks[name]
        joined = env.now
        with desk.resource.request(priority=priority) as request:
            patience = random.expovariate(1 / case.mean_patience)
            yield request | env.timeout(patience)
            if not request.triggered:
                visits.append(Visit(number, segment, name, joined, None, env.now))
                return
            started = env.now
            pace = yield desk.members.get()
            yield env.timeout(random.lognormvariate(desk.mu, desk.sigma) / pace)
            desk.members.put(pace)
            visits.append(Visit(number, segment, name, joined, started, env.now))
        name = _next_stage(case.stages[name].next)


def _next_stage(branches: dict[str, float]) -> str:
    u = random.random()
    for name, probability in branches.items():
        u -= probability
        if u < 0:
            return name
    return name
