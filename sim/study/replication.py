"""One replication, from the scenario to its measures: what runs in a worker."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, SimError
from sim.flow.log import EncounterLog
from sim.flow.site import Site, site_of
from sim.study.days import Day, days
from sim.study.measures import measure
from sim.study.tallies.course import Course
from sim.study.tallies.daily import Daily
from sim.study.tallies.distributions import Distributions
from sim.study.tallies.rows import Key

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.quality.perceive import Perception
    from sim.scenario import Scenario


class Options(NamedTuple):
    """What is asked of each replication."""

    engine: str = "simpy"
    by: tuple[str, ...] = ()  # "member", "hour"
    log: bool = False


class LogTables(NamedTuple):
    """The log of one replication as tables for people: minutes and names."""

    encounters: pa.Table
    visits: pa.Table


@dataclass(frozen=True)
class ReplicationRows:
    """What one replication gives back: numbers, no tables, save the log where it was asked for."""

    replication: int
    keys: tuple[Key, ...]
    values: NDArray[np.float64]  # one for each key; NaN is undefined
    distributions: Distributions
    daily: Daily | None  # money by day, for comparing policies
    from_bins: bool
    seconds: float
    log: LogTables | None = None
    course: Course | None = None  # of a steady-state run, warm-up included


@dataclass(frozen=True)
class Failure:
    """A replication that gave no measures, and why."""

    replication: int
    error: str  # name of the exception
    message: str
    exit_status: int


def replicate_once(scenario: Scenario, seed: int, replication: int, options: Options) -> ReplicationRows:
    """Simulate and measure one replication: a pure function of its arguments, but for the seconds it took."""
    return _replicate(site_of(scenario), seed, replication, options)


def replicate_some(
    scenario: Scenario, seed: int, replications: Sequence[int], options: Options
) -> list[ReplicationRows | Failure]:
    """Simulate several replications one after the other; one that fails is told and hinders no other.

    An InputError is the same for all of them and is raised.
    """
    site = site_of(scenario)
    done: list[ReplicationRows | Failure] = []
    for replication in replications:
        try:
            done.append(_replicate(site, seed, replication, options))
        except InputError:
            raise
        except Exception as problem:
            done.append(failure_of(replication, problem))
    return done


def failure_of(replication: int, problem: BaseException) -> Failure:
    """A replication's exception as a row."""
    name, message = type(problem).__name__, str(problem) or repr(problem)
    if isinstance(problem, SimError):
        return Failure(replication, name, message, problem.exit_status)
    frames = traceback.extract_tb(problem.__traceback__)
    where = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return Failure(replication, name, message + where, 1)


def _replicate(site: Site, seed: int, replication: int, options: Options) -> ReplicationRows:
    begun = time.perf_counter()
    pages: list[LogTables] = []
    lived = days(site, seed, replication, options.engine)
    result = measure(_noted(lived, pages) if options.log else lived, options.by)
    return ReplicationRows(
        replication=replication,
        keys=tuple(key for key, _ in result.rows),
        values=np.array([value for _, value in result.rows]),
        distributions=result.distributions,
        daily=result.daily,
        course=result.course,
        from_bins=result.from_bins,
        seconds=time.perf_counter() - begun,
        log=_bound(pages) if options.log else None,
    )


def _noted(lived: Iterator[Day], pages: list[LogTables]) -> Iterator[Day]:
    """The same days; their logs are added to the pages."""
    for day in lived:
        pages.append(_page(day.log, day.perception))
        yield day


def _page(log: EncounterLog, perception: Perception | None) -> LogTables:
    import pyarrow as pa

    from sim.flow.tables import encounter_columns, visit_columns

    encounters, visits = dict(encounter_columns(log)), dict(visit_columns(log))
    if perception is not None:
        encounters["satisfaction"] = perception.satisfaction
        encounters["perceived_quality"] = perception.perceived_quality
        visits["perceived_wait_min"] = perception.perceived_wait_min
    return LogTables(_table(pa, encounters), _table(pa, visits))


def _table(pa: Any, columns: dict[str, Any]) -> pa.Table:
    """Columns as an Arrow table; what never happened (NaN) is null."""
    return pa.table({name: pa.array(column, from_pandas=True) for name, column in columns.items()})


def _bound(pages: list[LogTables]) -> LogTables:
    import pyarrow as pa

    encounters, visits = zip(*pages, strict=True)
    options = "permissive"  # a column without a value in one block has no type there
    return LogTables(
        pa.concat_tables(encounters, promote_options=options), pa.concat_tables(visits, promote_options=options)
    )
