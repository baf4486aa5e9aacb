"""Exact expected figures of a day that starts empty: rates and rosters that change, closing, appointments.

Services and patience are exponential; rates are per minute, times in minutes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.linalg import expm
from scipy.stats import poisson


class Block(NamedTuple):
    """`minutes` of a day with one arrival rate and positions 0 … staff - 1 on duty."""

    minutes: float
    rate: float
    staff: int


class Day(NamedTuple):
    """Per arrival: `wait`, `waited`, `abandoned`, `turned_away`; `queue`, `in_service` are time averages.

    Time runs from opening to the last departure, `after_close` minutes after closing on average; `arrivals`
    is the expected number a day.
    """

    arrivals: float
    wait: float
    waited: float
    abandoned: float
    turned_away: float
    queue: float
    in_service: float
    after_close: float


State = tuple[tuple[int, ...], int]


class Crew:
    """States (who is busy, how many wait) of `positions` members of one pace; the lowest free one starts.

    Who goes off while busy finishes first and takes nobody else; who comes on takes the head of the queue.
    """

    def __init__(self, positions: int, serve: float, patience: float, longest: int) -> None:
        self.serve, self.patience, self.longest = serve, patience, longest
        every = np.ndindex(*(2,) * positions, longest + 1)
        self.states: list[State] = [(tuple(s[:-1]), s[-1]) for s in every]
        self.index = {s: i for i, s in enumerate(self.states)}
        self.queue = np.array([q for _, q in self.states], float)
        self.busy = np.array([sum(b) for b, _ in self.states], float)

    def all_busy(self, staff: int) -> np.ndarray:
        return np.array([all(b[:staff]) for b, _ in self.states], float)

    def settle(self, state: State, staff: int) -> State:
        """Free members on duty take those who wait, in position order."""
        busy, queue = list(state[0]), state[1]
        for i in range(staff):
            if queue and not busy[i]:
                busy[i], queue = 1, queue - 1
        return tuple(busy), queue

    def settled(self, share: np.ndarray, staff: int) -> np.ndarray:
        after = np.zeros_like(share)
        for p, state in zip(share, self.states, strict=True):
            after[self.index[self.settle(state, staff)]] += p
        return after

    def generator(self, rate: float, staff: int) -> np.ndarray:
        """Rows are states; those that `settle` would change are never entered and stay put."""
        rates = np.zeros((len(self.states),) * 2)
        for here, (busy, queue) in enumerate(self.states):
            if self.settle((busy, queue), staff) != (busy, queue):
                continue
            moves = [(self.serve, ((*busy[:i], 0, *busy[i + 1 :]), queue)) for i, b in enumerate(busy) if b]
            if queue < self.longest:
                moves.append((rate, (busy, queue + 1)))
            if queue:
                moves.append((queue / self.patience, (busy, queue - 1)))
            for speed, after in moves:
                rates[here, self.index[self.settle(after, staff)]] += speed
                rates[here, here] -= speed
        return rates


def day(
    blocks: Sequence[Block],
    serve: float,
    *,
    patience: float = math.inf,
    turn_away: bool = False,
    longest: int = 45,
    step: float = 0.25,
) -> Day:
    """One day of an M_t/M/c_t(+M) queue: Kolmogorov's forward equations, integrated by Simpson's rule."""
    crew = Crew(max(b.staff for b in blocks), serve, patience, longest)
    share = np.zeros(len(crew.states))
    share[crew.index[((0,) * len(crew.states[0][0]), 0)]] = 1.0
    arrivals = waited = 0.0
    time = np.zeros_like(share)
    for block in blocks:
        share = crew.settled(share, block.staff)
        inside, share = spend(share, crew.generator(block.rate, block.staff), block.minutes, step)
        arrivals += block.rate * block.minutes
        waited += block.rate * float(inside @ crew.all_busy(block.staff))
        time += inside
    sent_off = float(share @ crew.queue) if turn_away else 0.0
    rest = after_closing(crew, share, blocks[-1].staff, turn_away)
    time, after_close = time + rest, float(rest.sum())
    total = sum(b.minutes for b in blocks) + after_close
    queue = float(time @ crew.queue)
    return Day(
        arrivals,
        queue / arrivals,
        waited / arrivals,
        queue / patience / arrivals,
        sent_off / arrivals,
        queue / total,
        float(time @ crew.busy) / total,
        after_close,
    )


def spend(share: np.ndarray, rates: np.ndarray, minutes: float, step: float) -> tuple[np.ndarray, np.ndarray]:
    """Expected minutes in each state over `minutes`, and where the chain is then."""
    pairs = math.ceil(minutes / step / 2)
    width = minutes / (2 * pairs)
    forward = expm(rates * width)
    inside = np.zeros_like(share)
    for _ in range(pairs):
        middle = share @ forward
        end = middle @ forward
        inside += (share + 4 * middle + end) * (width / 3)
        share = end
    return inside, share


def after_closing(crew: Crew, share: np.ndarray, staff: int, turn_away: bool) -> np.ndarray:
    """Expected minutes in each state from closing until the site is empty."""
    if turn_away:
        share = share.copy()
        for i, (busy, queue) in enumerate(crew.states):
            if queue:
                share[crew.index[(busy, 0)]] += share[i]
                share[i] = 0.0
    rates = crew.generator(0.0, staff)
    live = [i for i, s in enumerate(crew.states) if any(s[0]) and crew.settle(s, staff) == s]
    minutes = np.zeros_like(share)
    minutes[live] = np.linalg.solve(-rates[np.ix_(live, live)].T, share[live])
    return minutes


# ---- the first customers of a day


class First(NamedTuple):
    """Means over the first n customers of an empty system."""

    wait: float
    waited: float


def mm1_first(arrive: float, serve: float, n: int) -> First:
    """M/M/1 started empty: recursion over the number each arrival finds."""
    next_comes = arrive / (arrive + serve)
    found = np.array([1.0])
    lengths, waited = [], []
    for _ in range(n):
        lengths.append(float(found @ np.arange(len(found))))
        waited.append(1 - float(found[0]))
        after = np.concatenate([[0.0], found])
        found = np.zeros_like(after)
        left = 0.0
        for k in range(len(after) - 1, -1, -1):
            reach = after[k] + left
            stops = reach * (next_comes if k else 1.0)
            found[k], left = stops, reach - stops
    return First(math.fsum(lengths) / n / serve, math.fsum(waited) / n)


def appointments(gaps: Sequence[float], serve: float, no_show: float = 0.0) -> First:
    """One server, exponential service; the first is due at once, the next after each of `gaps`."""
    inside = np.zeros(len(gaps) + 2)
    inside[0] = 1.0
    length = waited = 0.0
    for gap in [*gaps, 0.0]:
        length += float(inside @ np.arange(len(inside)))
        waited += 1 - float(inside[0])
        came = np.concatenate([[0.0], inside[:-1]])
        inside = served(no_show * inside + (1 - no_show) * came, serve * gap)
    n = len(gaps) + 1
    return First(length / n / serve, waited / n)


def served(inside: np.ndarray, work: float) -> np.ndarray:
    """The number inside after a time in which a busy server ends `work` services on average."""
    ends = poisson.pmf(np.arange(len(inside)), work)
    after = np.correlate(inside, ends, "full")[len(inside) - 1 :]
    after[0] += inside.sum() - after.sum()
    return after
