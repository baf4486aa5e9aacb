"""Where replications are asked for, come in in any order, and are put in theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from math import nan

from sim.errors import InputError, did_you_mean
from sim.study.cases import Case
from sim.study.keys import text_of
from sim.study.replication import Failure, Options, ReplicationRows
from sim.study.results.logs import LogsInMemory, LogsInParts
from sim.study.tallies.rows import Key
from sim.study.workers import Job, Outcome, Workers

Progress = Callable[[int, int], None]
"""Called with the replications done and those asked for so far, all policies together."""


class Desk:
    """The replications of some cases, each simulated once. Replication i has the same customers in every case."""

    def __init__(
        self,
        cases: Sequence[Case],
        seed: int,
        options: Options | None = None,
        jobs: int | Executor | None = None,
        progress: Progress | None = None,
        logs: LogsInMemory | LogsInParts | None = None,
    ) -> None:
        self.cases = tuple(cases)
        self.logs = logs
        self._workers = Workers(tuple(case.scenario for case in cases), seed, options or Options(), jobs)
        self._progress = progress
        self._found: dict[Job, Outcome] = {}
        self._keys: dict[int, tuple[Key, ...]] = {}  # of each case: its replications share one tuple
        self._places: dict[tuple[int, Key], int] = {}

    def collect(self, replications: Iterable[int], cases: Iterable[int] | None = None) -> None:
        """Have these replications simulated, of all cases or of these positions; what is there already stays."""
        chosen, numbers = range(len(self.cases)) if cases is None else cases, list(replications)
        jobs = [Job(case, number) for case in chosen for number in numbers if Job(case, number) not in self._found]
        asked = len(self._found) + len(jobs)
        for job, outcome in self._workers.outcomes(jobs):
            self._found[job] = self._filed(job, outcome)
            if self._progress is not None:
                self._progress(len(self._found), asked)

    def _filed(self, job: Job, outcome: Outcome) -> Outcome:
        """Keep the log where logs are kept and the numbers here."""
        if isinstance(outcome, Failure):
            return outcome
        if outcome.keys == self._keys.setdefault(job.policy, outcome.keys):
            outcome = replace(outcome, keys=self._keys[job.policy])
        if outcome.log is None or self.logs is None:
            return outcome
        self.logs.keep(job, outcome.log)
        return replace(outcome, log=None)

    def drop_from(self, replications: int) -> None:
        """Forget the replications from this number on: they were simulated ahead, and not needed."""
        self._found = {job: outcome for job, outcome in self._found.items() if job.replication < replications}
        if self.logs is not None:
            self.logs.drop_from(replications)

    def rows(self) -> list[tuple[str, ReplicationRows]]:
        """Measured replications in order of case and number, each with the name of its case."""
        done = sorted(self._found.items())
        return [(self.cases[job.policy].name, out) for job, out in done if isinstance(out, ReplicationRows)]

    def failures(self) -> list[tuple[Case, Failure]]:
        """Failed replications in order of case and number."""
        done = sorted(self._found.items())
        return [(self.cases[job.policy], out) for job, out in done if isinstance(out, Failure)]

    def values(self, case: int, key: Key, replications: int) -> list[float]:
        """A measure over replications 0, 1, 2 … of a case; NaN where one failed. InputError for no such measure."""
        found = (self._found[Job(case, replication)] for replication in range(replications))
        return [nan if isinstance(one, Failure) else float(one.values[self._place(case, key, one)]) for one in found]

    def _place(self, case: int, key: Key, rows: ReplicationRows) -> int:
        """Where a replication has its value; InputError where it has none."""
        place = self._places.get((case, key), len(rows.keys))
        if place < len(rows.keys) and rows.keys[place] == key:
            return place
        if key not in rows.keys:
            raise InputError(_no_such(key, rows.keys))
        self._places[case, key] = rows.keys.index(key)
        return self._places[case, key]


def _no_such(key: Key, known: Sequence[Key]) -> str:
    if key == Key(key.measure):
        of_site = [one.measure for one in known if one == Key(one.measure)]
        scoped = next((one for one in known if one.measure == key.measure), None)
        hint = did_you_mean(key.measure, of_site)
        if scoped is not None:
            hint = f"; it has rows such as {text_of(scoped)}"
        return f"no measure '{key.measure}' of the whole site{hint}"
    texts = [text_of(one) for one in known if one.measure == key.measure]
    return f"no measure '{text_of(key)}'{did_you_mean(text_of(key), texts)}"
