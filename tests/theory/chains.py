"""Exact long-run figures of small service floors, as Markov chains solved numerically.

All services, gaps and patience are exponential; rates are per minute, times in minutes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import spsolve

from .oracles import quantile

Moves = Callable[..., Iterable[tuple[float, Hashable]]]


def stationary(start: Hashable, moves: Moves) -> dict[Hashable, float]:
    """Long-run share of time in each state that can be reached; `moves(state)` gives (rate, next state)."""
    index = {start: 0}
    states, rows, columns, rates = [start], [], [], []
    for state in states:  # grows as new states are met
        for rate, after in moves(state):
            if rate <= 0:
                continue
            if after not in index:
                index[after] = len(states)
                states.append(after)
            here, there = index[state], index[after]
            rows += [there, here]
            columns += [here, here]
            rates += [rate, -rate]
    size = len(states)
    balance = csc_matrix((rates, (rows, columns)), shape=(size, size)).tolil()
    balance[size - 1, :] = 1.0
    share = spsolve(balance.tocsc(), np.eye(1, size, size - 1).ravel())
    return dict(zip(states, map(float, share), strict=True))


def mean(shares: dict[Hashable, float], value: Callable[..., float]) -> float:
    return math.fsum(p * value(state) for state, p in shares.items())


# ---- one queue whose rates depend on how many are inside


def birth_death(arrive: Callable[[int], float], leave: Callable[[int], float], size: int = 2000) -> np.ndarray:
    """Shares of time with 0, 1, 2 … inside."""
    up = np.array([arrive(n) for n in range(size)])
    stop = int(np.argmax(up <= 0)) if (up <= 0).any() else size
    logs = np.cumsum([0.0] + [math.log(up[n] / leave(n + 1)) for n in range(stop)])
    shares = np.exp(logs - logs.max())
    return shares / shares.sum()


class Joined(NamedTuple):
    """`lost` is the share of arrivals that did not come in, `wait` of those who did."""

    lost: float
    wait: float
    waited: float
    length: float
    inside: float


def choosy(arrive: float, serve: float, servers: int, joins: Callable[[int], float]) -> Joined:
    """M/M/c where one who finds n inside comes in with chance joins(n): balking, or a full house."""
    shares = birth_death(lambda n: arrive * joins(n), lambda n: min(n, servers) * serve)
    n = np.arange(len(shares))
    come = math.fsum(shares * [joins(int(k)) for k in n])
    length = math.fsum(shares * np.maximum(n - servers, 0))
    at_once = math.fsum(shares[:servers] * [joins(k) for k in range(min(servers, len(shares)))])
    return Joined(1 - come, length / (arrive * come), 1 - at_once / come, length, math.fsum(shares * n))


# ---- wait of a tagged customer who is not served in order


class Tagged(NamedTuple):
    """Wait in M/M/1 under another discipline: `mean`, `square` its first two moments, `tail` as in Queue."""

    mean: float
    square: float
    tail: Callable[[float], float]

    def percentile(self, percent: float) -> float:
        return quantile(self.tail, percent)


def until_served(start: np.ndarray, up: float, down: Sequence[float], served: Sequence[float]) -> Tagged:
    """Wait of one who starts with k in her way with chance start[k] (what is missing from 1 does not wait).

    From k: to k + 1 at rate `up`, to k - 1 at down[k], served at served[k]. The generator of such a chain is
    symmetric after scaling, so its spectrum gives the tail for every t.
    """
    down_, served_ = np.asarray(down, float), np.asarray(served, float)
    stay = -(up + down_ + served_)
    stay[-1] += up
    scale = np.concatenate([[0.0], np.cumsum(0.5 * (math.log(up) - np.log(down_[1:])))])
    slow, vectors = eigh_tridiagonal(stay, np.sqrt(up * down_[1:]))
    left = vectors.T @ (start * np.exp(-scale))
    weight = left * (vectors.T @ np.exp(scale))
    return Tagged(
        math.fsum(weight / -slow),
        math.fsum(2 * weight / slow**2),
        lambda t: math.fsum(weight * np.exp(slow * t)),
    )


def lifo_mm1(arrive: float, serve: float, size: int = 300) -> Tagged:
    """Last come first served: who must wait, waits for a busy period."""
    start = np.zeros(size)
    start[0] = arrive / serve
    down = np.full(size, serve)
    down[0] = 0.0
    served = np.zeros(size)
    served[0] = serve
    return until_served(start, arrive, down, served)


def random_mm1(arrive: float, serve: float, size: int = 300) -> Tagged:
    """The next customer is drawn at random from those who wait."""
    load = arrive / serve
    k = np.arange(size)
    return until_served((1 - load) * load ** (k + 1), arrive, serve * k / (k + 1), serve / (k + 1))


# ---- several members, unlike each other


class Floor(NamedTuple):
    """By stage the mean wait and the share who could not start at once; by member the busy share."""

    wait: dict[str, float]
    waited: dict[str, float]
    busy: list[float]
    blocked: float
    length: float


def floor(
    arrive: dict[str, float],
    serve: Sequence[dict[str, float]],
    prefers: dict[str, Sequence[int]],
    picks: str,
    capacity: int,
) -> Floor:
    """Stages fed from outside; member i serves stage s at rate serve[i][s], her stages in order.

    An arrival at s takes the first free member of prefers[s]; a freed member picks `longest_wait`, `in_order`
    or `own_first`. At most `capacity` are inside. A state is (stage in each member's hands, stages of those
    who wait, in the order they joined).
    """

    def choice(member: int, queue: tuple[str, ...]) -> str | None:
        waiting = [s for s in queue if s in serve[member]]
        own = list(serve[member])
        if picks == "in_order" or (picks == "own_first" and own[0] in waiting):
            waiting = [s for s in own if s in waiting]
        return waiting[0] if waiting else None

    def came(state: tuple, stage: str) -> tuple:
        hands, queue = state
        for member in prefers[stage]:
            if not hands[member]:
                return (*hands[:member], stage, *hands[member + 1 :]), queue
        return hands, (*queue, stage)

    def ended(state: tuple, member: int) -> tuple:
        hands, queue = state
        stage = choice(member, queue)
        if stage is not None:
            at = queue.index(stage)
            queue = queue[:at] + queue[at + 1 :]
        return (*hands[:member], stage or "", *hands[member + 1 :]), queue

    def inside(state: tuple) -> int:
        return sum(map(bool, state[0])) + len(state[1])

    def moves(state: tuple) -> Iterable[tuple[float, tuple]]:
        if inside(state) < capacity:
            for stage, rate in arrive.items():
                yield rate, came(state, stage)
        for member, stage in enumerate(state[0]):
            if stage:
                yield serve[member][stage], ended(state, member)

    shares = stationary((("",) * len(serve), ()), moves)
    open_ = mean(shares, lambda s: inside(s) < capacity)
    return Floor(
        {a: mean(shares, lambda s, a=a: s[1].count(a)) / (rate * open_) for a, rate in arrive.items()},
        {a: mean(shares, lambda s, a=a: inside(s) < capacity and len(came(s, a)[1]) > len(s[1])) / open_
         for a in arrive},
        [mean(shares, lambda s, i=i: bool(s[0][i])) for i in range(len(serve))],
        1 - open_,
        mean(shares, lambda s: len(s[1])),
    )  # fmt: skip


class Unequal(NamedTuple):
    wait: float
    waited: float
    busy: tuple[float, float]


def unequal_pair(arrive: float, serve: tuple[float, float], choose: str, size: int = 250) -> Unequal:
    """M/M/2 with unequal servers 0 and 1; of two free ones `first`, `random` or `longest_idle` starts.

    States are (busy 0, busy 1, waiting, who was freed last while both are idle).
    """
    first_chance = {
        "first": lambda last: 1.0,
        "random": lambda last: 0.5,
        "longest_idle": lambda last: 1.0 if last == 1 else 0.0,
    }[choose]

    def moves(state: tuple) -> Iterable[tuple[float, tuple]]:
        zero, one, queue, last = state
        if not zero and not one:
            chance = first_chance(last)
            yield arrive * chance, (1, 0, 0, 0)
            yield arrive * (1 - chance), (0, 1, 0, 0)
        elif not (zero and one):
            yield arrive, (1, 1, 0, 0)
            yield serve[0 if zero else 1], (0, 0, 0, 0 if zero else 1)
        else:
            if queue < size:
                yield arrive, (1, 1, queue + 1, 0)
            if queue:
                yield sum(serve), (1, 1, queue - 1, 0)
            else:
                yield serve[0], (0, 1, 0, 0)
                yield serve[1], (1, 0, 0, 0)

    shares = stationary((0, 0, 0, 0), moves)
    return Unequal(
        mean(shares, lambda s: s[2]) / arrive,
        mean(shares, lambda s: s[0] and s[1]),
        (mean(shares, lambda s: s[0]), mean(shares, lambda s: s[1])),
    )


class Slots(NamedTuple):
    wait: float
    waited: float
    service: float


def slots(arrive: float, places: int, start_rate: Callable[[int, int], float], size: int = 150) -> Slots:
    """A queue whose service rate is fixed as service starts: start_rate(others in service, inside in all).

    `places` customers are served at once; a state is (the rates in service, sorted, and how many wait).
    """

    def begin(rates: tuple[float, ...], queue: int) -> tuple:
        rate = start_rate(len(rates), len(rates) + 1 + queue)
        return tuple(sorted((*rates, rate))), queue

    def moves(state: tuple) -> Iterable[tuple[float, tuple]]:
        rates, queue = state
        if len(rates) < places:
            yield arrive, begin(rates, 0)
        elif queue < size:
            yield arrive, (rates, queue + 1)
        for at, rate in enumerate(rates):
            left = rates[:at] + rates[at + 1 :]
            yield rate, begin(left, queue - 1) if queue else (left, 0)

    shares = stationary(((), 0), moves)
    return Slots(
        mean(shares, lambda s: s[1]) / arrive,
        mean(shares, lambda s: len(s[0]) == places),
        mean(shares, lambda s: len(s[0])) / arrive,
    )


# ---- retries and tables


class Retrying(NamedTuple):
    """`abandoned` of encounters for good, `visits_abandoned` and `wait` of visits, tries included."""

    abandoned: float
    visits_abandoned: float
    wait: float
    visits: float


def retrying(
    arrive: float, serve: float, servers: int, patience: float, again: float, after: float, size: int = 60
) -> Retrying:
    """M/M/c+M whose lost customers try again with chance `again` after a mean of `after` minutes."""

    def moves(state: tuple[int, int]) -> Iterable[tuple[float, tuple[int, int]]]:
        inside, away = state
        if inside < size:
            yield arrive, (inside + 1, away)
            yield away / after, (inside + 1, away - 1)
        yield min(inside, servers) * serve, (inside - 1, away)
        loses = max(inside - servers, 0) / patience
        yield loses * again, (inside - 1, min(away + 1, size))
        yield loses * (1 - again), (inside - 1, away)

    shares = stationary((0, 0), moves)
    queue = mean(shares, lambda s: max(s[0] - servers, 0))
    joins = arrive + mean(shares, lambda s: s[1]) / after
    lost = queue / patience
    return Retrying(lost * (1 - again) / arrive, lost / joins, queue / joins, joins / arrive)


class Tables(NamedTuple):
    wait: float
    waited: float
    inside: float


def tables(arrive: float, order: float, eat: float, count: int, size: int = 250) -> Tables:
    """One waiter takes orders at rate `order` at `count` tables, each held until its guest has eaten.

    A state is (waiting for a table, seated and not served, eating); the wait is for table and waiter.
    """

    def moves(state: tuple[int, int, int]) -> Iterable[tuple[float, tuple[int, int, int]]]:
        queue, seated, eating = state
        if seated + eating < count:
            yield arrive, (0, seated + 1, eating)
        elif queue < size:
            yield arrive, (queue + 1, seated, eating)
        if seated:
            yield order, (queue, seated - 1, eating + 1)
        if eating:
            yield eating * eat, (queue - 1, seated + 1, eating - 1) if queue else (0, seated, eating - 1)

    shares = stationary((0, 0, 0), moves)
    return Tables(
        mean(shares, lambda s: s[0] + max(s[1] - 1, 0)) / arrive,
        mean(shares, lambda s: s[1] > 0 or s[2] == count),
        mean(shares, sum),
    )
