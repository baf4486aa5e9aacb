"""The replications that a selection looks at, simulated policy by policy as it asks for them, within a budget."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor

from sim.study.cases import Case
from sim.study.desk import Desk, Progress
from sim.study.replication import Failure, Options, ReplicationRows
from sim.study.tallies.rows import Key


class Bench:
    """So many replications of each policy. Replication i has the same customers under every policy, or, not
    ``paired``, each policy has customers of its own: those of the seeds ``seed``, ``seed`` + 1 …"""

    def __init__(
        self,
        cases: Sequence[Case],
        seed: int,
        options: Options,
        jobs: int | Executor | None,
        progress: Progress | None,
        at_most: int,
        paired: bool = True,
    ) -> None:
        self.cases = tuple(cases)
        self.options = options
        self.at_most = at_most  # replications, all policies together
        self.done = [0] * len(self.cases)  # of each policy, simulated
        self.seeds = [seed if paired else seed + i for i in range(len(self.cases))]
        told = None if progress is None else _Told(progress)
        groups = [self.cases] if paired else [(case,) for case in self.cases]
        desks = [
            Desk(group, self.seeds[i], options, jobs, None if told is None else told.of(i))
            for i, group in enumerate(groups)
        ]
        self._places = [(desks[0], i) if paired else (desks[i], 0) for i in range(len(self.cases))]
        self._desks = desks

    def collect(self, sizes: Sequence[int]) -> None:
        """Have so many replications of each policy; those that are there are not simulated again."""
        for size in sorted({size for size, done in zip(sizes, self.done, strict=True) if size > done}):
            wanted = [i for i, one in enumerate(sizes) if one == size]
            for desk in self._desks:
                desk.collect(range(size), [place for at, place in (self._places[i] for i in wanted) if at is desk])
        self.done = [max(size, done) for size, done in zip(sizes, self.done, strict=True)]

    def reach(self, wished: int, cases: Sequence[int]) -> int:
        """So many replications of each of these policies, up to those wished for, the budget pays: those that are
        there cost nothing."""
        return reach(wished, [self.done[i] for i in cases], self.at_most - sum(self.done))

    def values(self, case: int, keys: Sequence[Key], n: int | None = None) -> list[float]:
        """A measure, or the sum of several, over the first replications, or all done; NaN where there is none."""
        desk, place = self._places[case]
        parts = [desk.values(place, key, self.done[case] if n is None else n) for key in keys]
        return [math.fsum(part) for part in zip(*parts, strict=True)]

    def rows(self, counted: Sequence[int]) -> list[tuple[str, ReplicationRows]]:
        """The first so many measured replications of each policy, in order."""
        numbers = {case.name: n for case, n in zip(self.cases, counted, strict=True)}
        found = [pair for desk in self._desks for pair in desk.rows()]
        return [(name, rows) for name, rows in found if rows.replication < numbers[name]]

    def failures(self, counted: Sequence[int]) -> Iterable[tuple[Case, Failure, int]]:
        """Failed replications among them, each with its seed."""
        numbers = {case.name: n for case, n in zip(self.cases, counted, strict=True)}
        for desk, seed in zip(self._desks, self.seeds, strict=False):
            for case, failure in desk.failures():
                if failure.replication < numbers[case.name]:
                    yield case, failure, seed


def reach(wished: int, done: Sequence[int], left: int) -> int:
    """The largest size up to ``wished`` to which all those done can be brought by ``left`` more."""
    return next(size for size in range(wished, -1, -1) if sum(max(0, size - n) for n in done) <= left)


class _Told:
    """Progress of several desks as that of one."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._parts: dict[int, tuple[int, int]] = {}

    def of(self, desk: int) -> Progress:
        """What one of the desks is to call."""

        def moved(done: int, asked: int) -> None:
            self._parts[desk] = (done, asked)
            self._progress(sum(one for one, _ in self._parts.values()), sum(all_ for _, all_ in self._parts.values()))

        return moved
