"""The logs of a run's replications: kept in memory, or in one file each until they are bound into one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.study.replication import LogTables
from sim.study.workers import Job

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

TABLES = ("encounters", "visits")


@dataclass
class LogsInMemory:
    """Logs of a run that is not stored."""

    policies: tuple[str, ...]
    pages: dict[Job, LogTables] = field(default_factory=dict)

    def keep(self, job: Job, page: LogTables) -> None:
        """Keep one replication's log."""
        self.pages[job] = page

    def drop_from(self, replications: int) -> None:
        """Forget the replications from this number on."""
        self.pages = {job: page for job, page in self.pages.items() if job.replication < replications}

    def table(self, name: str) -> pd.DataFrame:
        """All rows in order of policy and replication."""
        import pyarrow as pa

        pages = [marked(self.policies, job, getattr(self.pages[job], name)) for job in sorted(self.pages)]
        frame: pd.DataFrame = pa.concat_tables(pages, promote_options="permissive").to_pandas()
        return frame


@dataclass
class LogsInParts:
    """Logs on their way to a run folder, one file for each replication and table; memory does not grow with them."""

    policies: tuple[str, ...]
    folder: Path
    jobs: list[Job] = field(default_factory=list)

    def keep(self, job: Job, page: LogTables) -> None:
        """Write one replication's log."""
        import pyarrow.parquet as pq

        for name in TABLES:
            pq.write_table(marked(self.policies, job, getattr(page, name)), self._part(job, name))
        self.jobs.append(job)

    def drop_from(self, replications: int) -> None:
        """Forget the replications from this number on."""
        self.jobs = [job for job in self.jobs if job.replication < replications]

    def pages(self, name: str) -> Iterator[pa.Table]:
        """The parts of one table in order of policy and replication, each read when it is its turn."""
        import pyarrow.parquet as pq

        for job in sorted(self.jobs):
            yield pq.read_table(self._part(job, name))

    def schema(self, name: str) -> pa.Schema:
        """Columns of one table over all parts."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        schemas = [pq.read_schema(self._part(job, name)) for job in sorted(self.jobs)]
        return pa.unify_schemas(schemas, promote_options="permissive")

    def _part(self, job: Job, name: str) -> Path:
        return self.folder / f"{name}-{job.policy}-{job.replication}.parquet"


@dataclass(frozen=True)
class LogsInFolder:
    """Logs of a stored run."""

    folder: Path

    def table(self, name: str) -> pd.DataFrame:
        """All rows in order of policy and replication; StorageError where the file is damaged."""
        from sim.study.results.store import read_table

        frame: pd.DataFrame = read_table(self.folder / f"{name}.parquet").to_pandas()
        return frame


def marked(policies: Sequence[str], job: Job, table: pa.Table) -> pa.Table:
    """The rows of one replication, with their policy and replication in front."""
    import pyarrow as pa

    n = table.num_rows
    policy: Any = pa.array([policies[job.policy]] * n, pa.string())
    replication: Any = pa.array([job.replication] * n, pa.int64())
    named = table.select([name for name in table.column_names if name not in ("policy", "replication", "seed")])
    return named.add_column(0, "policy", policy).add_column(1, "replication", replication)
