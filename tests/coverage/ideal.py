"""The day of pairing.yaml by a second, much smaller program, with every draw keyed to its customer and visit.

What pairing saves here no pairing of these customers beats by better keys: what is left is the day itself.
"""

from __future__ import annotations

import heapq
import math
from collections import deque

import numpy as np

MINUTES, RATE, PATIENCE, AGAIN, CV = 480.0, 0.5, 15.0, 0.2, 0.8
VISITS = 12
"""More visits than this one customer in a hundred million makes."""


def mean_wait(day: int, clerks: int, work: float, pace: float = 1.0) -> float:
    """Mean wait of the visits of a day, given up or not."""
    rng = np.random.default_rng([2026, day])
    arrivals = np.sort(rng.random(rng.poisson(RATE * MINUTES)) * MINUTES)
    size, sigma = (len(arrivals), VISITS), math.sqrt(math.log1p(CV * CV))
    takes = np.exp(sigma * rng.standard_normal(size) - sigma * sigma / 2) * work / pace
    bears, again = rng.standard_exponential(size) * PATIENCE, rng.random(size) < AGAIN
    events = [(float(at), "comes", (i, 0)) for i, at in enumerate(arrivals)]
    heapq.heapify(events)
    free, queue, since, waits = clerks, deque[tuple[int, int]](), dict[tuple[int, int], float](), list[float]()
    while events:
        now, what, visit = heapq.heappop(events)
        customer, number = visit
        if what == "comes" and free:
            free -= 1
            waits.append(0.0)
            heapq.heappush(events, (now + takes[visit], "served", visit))
        elif what == "comes":
            since[visit] = now
            queue.append(visit)
            heapq.heappush(events, (now + bears[visit], "tires", visit))
        elif what == "tires" and visit in since:
            waits.append(now - since.pop(visit))
        elif what == "served":
            while queue and queue[0] not in since:
                queue.popleft()
            if queue:
                following = queue.popleft()
                waits.append(now - since.pop(following))
                heapq.heappush(events, (now + takes[following], "served", following))
            else:
                free += 1
            if again[visit] and number + 1 < VISITS:
                heapq.heappush(events, (now, "comes", (customer, number + 1)))
    return math.fsum(waits) / len(waits)
