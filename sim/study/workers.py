"""Replications spread over workers: whatever their number and their order, the same replications come back."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError
from sim.study.replication import Failure, Options, ReplicationRows, failure_of, replicate_some

if TYPE_CHECKING:
    from sim.scenario import Scenario

TASK_SECONDS = 0.5
"""A task should be worth this much, so that handing it over costs little."""
_WORTH_A_POOL_SECONDS = 2.0  # less work than that is done before workers have started
_ATTEMPTS = 2
_WATCH_SECONDS = 1.0


class Job(NamedTuple):
    """One replication of one policy."""

    policy: int
    replication: int


Outcome = ReplicationRows | Failure
Done = tuple[Job, Outcome]


@dataclass
class Workers:
    """Where replications are simulated; remembers how long one takes, so that tasks get a good size.

    ``jobs``: the number of worker processes, 1 for this process alone, None to judge by the work at hand, or
    any `concurrent.futures.Executor`.
    """

    scenarios: tuple[Scenario, ...]  # by policy
    seed: int
    options: Options
    jobs: int | Executor | None = None
    seconds: list[float] = field(default_factory=list)

    def outcomes(self, jobs: Sequence[Job]) -> Iterator[Done]:
        """Every job's outcome, in the order in which they are ready."""
        waiting = deque(jobs)
        if self.jobs is None and waiting and not self.seconds:
            yield from self._here([waiting.popleft()])
        if self._stays_here(len(waiting)):
            yield from self._here(waiting)
        elif isinstance(self.jobs, Executor):
            yield from self._through(self.jobs, waiting, os.cpu_count() or 1)
        else:
            yield from self._through_loky(waiting)

    def _stays_here(self, left: int) -> bool:
        if isinstance(self.jobs, Executor):
            return False
        if self.jobs is not None:
            return self.jobs <= 1
        return left * self._pace() < _WORTH_A_POOL_SECONDS or (os.cpu_count() or 1) < 2

    def _pace(self) -> float:
        return sum(self.seconds) / len(self.seconds) if self.seconds else TASK_SECONDS

    def _here(self, jobs: Sequence[Job]) -> Iterator[Done]:
        for job in jobs:
            yield self._noted(job, self._work([job])[0])

    def _work(self, jobs: Sequence[Job]) -> list[Outcome]:
        return replicate_some(*self._arguments(jobs))

    def _arguments(self, jobs: Sequence[Job]) -> tuple[Scenario, int, list[int], Options]:
        return self.scenarios[jobs[0].policy], self.seed, [job.replication for job in jobs], self.options

    def _noted(self, job: Job, outcome: Outcome) -> Done:
        if isinstance(outcome, ReplicationRows):
            self.seconds.append(outcome.seconds)
        return job, outcome

    def _through_loky(self, waiting: deque[Job]) -> Iterator[Done]:
        """Use loky's pool; one that lost a worker is replaced, and its tasks are suspects, tried one at a time."""
        number = self.jobs if isinstance(self.jobs, int) else min(os.cpu_count() or 1, len(waiting))
        while waiting:
            pool = _pool(number)
            suspects: list[Job] = []
            try:
                yield from self._through(pool, waiting, number, suspects)
            except (GeneratorExit, KeyboardInterrupt):  # nobody wants the rest
                pool.shutdown(wait=False, kill_workers=True)
                raise
            for job in suspects:
                yield self._noted(job, self._alone(job))

    def _alone(self, suspect: Job) -> Outcome:
        """A replication by itself in a pool: if the worker dies again, this one is to blame."""
        outcome: Outcome | None = None
        for _ in range(_ATTEMPTS):
            pool = _pool(1)
            try:
                (outcome,) = pool.submit(replicate_some, *self._arguments([suspect])).result()
            except BrokenExecutor as fault:
                outcome = _died(suspect, fault)
            else:
                return outcome
        assert outcome is not None
        return outcome

    def _through(
        self, pool: Executor, waiting: deque[Job], number: int, suspects: list[Job] | None = None
    ) -> Iterator[Done]:
        """Keep two tasks per worker under way.

        When the pool breaks, ``suspects`` collects the jobs that were under way and the rest goes on waiting;
        without ``suspects`` the pool is not ours to replace, and all of them fail.
        """
        under_way: dict[Future[list[Outcome]], list[Job]] = {}
        broken: BaseException | None = None
        try:
            while under_way or (waiting and broken is None):
                while waiting and broken is None and len(under_way) < 2 * number:
                    task = self._task(waiting, number)
                    try:
                        under_way[pool.submit(replicate_some, *self._arguments(task))] = task
                    except BrokenExecutor as fault:
                        broken = fault
                        waiting.extendleft(reversed(task))
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    task = under_way.pop(future)
                    problem = future.exception()
                    if isinstance(problem, InputError):
                        raise problem
                    if isinstance(problem, BrokenExecutor):
                        broken = problem
                        if suspects is not None:
                            suspects.extend(task)
                            continue
                    outcomes = future.result() if problem is None else _failed(task, problem)
                    yield from map(self._noted, task, outcomes)
        finally:
            for future in under_way:
                future.cancel()
        if broken is not None and suspects is None:
            yield from ((job, _died(job, broken)) for job in waiting)
            waiting.clear()

    def _task(self, waiting: deque[Job], number: int) -> list[Job]:
        """The next jobs, of one policy: enough for half a second, few enough that every worker gets some."""
        most = 1
        if self.seconds:
            most = int(TASK_SECONDS / max(self._pace(), 1e-6)) + 1
        most = max(1, min(most, -(-len(waiting) // number)))
        task = [waiting.popleft()]
        while waiting and len(task) < most and waiting[0].policy == task[0].policy:
            task.append(waiting.popleft())
        return task


def _pool(number: int) -> Any:
    from loky import get_reusable_executor

    return get_reusable_executor(max_workers=number, initializer=_end_with, initargs=(os.getpid(),))


def _end_with(parent: int) -> None:
    """In a worker: end when the process that started it has ended, so that a killed run leaves nobody behind."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCH_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _failed(jobs: Sequence[Job], problem: BaseException) -> list[Outcome]:
    if isinstance(problem, BrokenExecutor):
        return [_died(job, problem) for job in jobs]
    return [failure_of(job.replication, problem) for job in jobs]


def _died(job: Job, problem: BaseException) -> Failure:
    return Failure(job.replication, "WorkerDied", f"the worker process ended: {str(problem).splitlines()[0]}", 1)
