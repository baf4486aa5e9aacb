"""Results as tables for people: data frames with plain columns, rows in one stated order."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.study.keys import text_of
from sim.study.replication import Failure, ReplicationRows
from sim.study.statistics.intervals import interval
from sim.study.tallies.distributions import NO_STAGE, WHAT
from sim.study.tallies.rows import MINUTE_US, SCOPES, Key

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.cases import Case

_WHOLE_NUMBERS = ("period", "hour")
MEASURES = ("policy", "replication", "measure", *SCOPES, "value")
DISTRIBUTIONS = ("policy", "replication", "what", "stage", "segment", "low", "high", "count")
FAILURES = ("policy", "replication", "seed", "error", "message", "exit_status", "command")
COURSE = ("policy", "replication", "start_min", "in_system", "wait_sum_min", "joined")
SUMMARY = ("policy", "measure", *SCOPES, "mean", "half_width", "sd", "n")

Done = Sequence[tuple[str, ReplicationRows]]  # by policy, then replication


def measures_frame(done: Done) -> pd.DataFrame:
    """One row per policy, replication and measure with its scope; scopes that do not apply and undefined values are
    missing."""
    import pandas as pd

    lengths = [len(rows.keys) for _, rows in done]
    data: dict[str, object] = {
        "policy": text_column(np.repeat([policy for policy, _ in done], lengths).tolist()),
        "replication": np.repeat(np.array([rows.replication for _, rows in done], np.int64), lengths),
    }
    for position, name in enumerate(("measure", *SCOPES)):
        column: list[Any] = [key[position] for _, rows in done for key in rows.keys]
        data[name] = pd.array(column, dtype="Int64") if name in _WHOLE_NUMBERS else text_column(column)
    data["value"] = np.concatenate([np.zeros(0), *(rows.values for _, rows in done)])
    return pd.DataFrame(data, columns=list(MEASURES))


def distributions_frame(done: Done, names: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> pd.DataFrame:
    """Counts by bin; ``names`` has the stages and the segments of each policy."""
    import pandas as pd

    parts: dict[str, list[object]] = {name: [] for name in DISTRIBUTIONS}
    for policy, rows in done:
        stages, segments = names[policy]
        found = rows.distributions
        n = len(found.counts)
        parts["policy"] += [policy] * n
        parts["replication"] += [rows.replication] * n
        parts["what"] += [WHAT[what] for what in found.what]
        parts["stage"] += [None if stage == NO_STAGE else stages[stage] for stage in found.stage]
        parts["segment"] += [segments[segment] for segment in found.segment]
        parts["low"] += found.low.tolist()
        parts["high"] += found.high.tolist()
        parts["count"] += found.counts.tolist()
    numbers = {"replication": np.int64, "low": np.float64, "high": np.float64, "count": np.int64}
    return pd.DataFrame(
        {
            name: np.array(column, numbers[name]) if name in numbers else text_column(column)
            for name, column in parts.items()
        }
    )


def course_frame(done: Done) -> pd.DataFrame | None:
    """The course of each replication, warm-up included, one row per bucket of time; None where none was kept.

    ``in_system``: time average. ``wait_sum_min``: waits of the ``joined`` visits that joined a queue in that time.
    """
    import pandas as pd

    kept = [(policy, rows.replication, rows.course) for policy, rows in done if rows.course is not None]
    if not kept:
        return None
    parts: dict[str, list[Any]] = {name: [] for name in COURSE}
    for policy, replication, course in kept:
        many = len(course.joined)
        parts["policy"].append([policy] * many)
        parts["replication"].append(np.full(many, replication))
        parts["start_min"].append(np.arange(many) * course.bucket_us / MINUTE_US)
        parts["in_system"].append(course.area_us / course.bucket_us)
        parts["wait_sum_min"].append(course.wait_us / MINUTE_US)
        parts["joined"].append(course.joined)
    numbers = {name: np.concatenate(columns) for name, columns in parts.items() if name != "policy"}
    return pd.DataFrame({"policy": text_column([name for names in parts["policy"] for name in names]), **numbers})


def failures_frame(failures: Sequence[tuple[Case, Failure]], seed: int) -> pd.DataFrame:
    """One row per replication that gave no measures, with the command that repeats it."""
    import shlex

    import pandas as pd

    rows = [
        (
            case.name,
            failure.replication,
            seed,
            failure.error,
            failure.message,
            failure.exit_status,
            shlex.join(["sim", "run", *case.words, "--seed", str(seed), "-n", str(failure.replication + 1)]),
        )
        for case, failure in failures
    ]
    return pd.DataFrame(rows, columns=list(FAILURES))


def series(rows: pd.DataFrame, policy: str, key: Key, replications: int, measured: bool) -> pd.Series[float]:
    """One measure by replication, from the rows of a policy and measure; missing where a replication has none.

    InputError: there is no row of this scope, though anything was ``measured`` at all.
    """
    for name, value in zip(SCOPES, key[1:], strict=True):
        rows = rows[rows[name].isna() if value is None else (rows[name] == value).fillna(False).astype(bool)]
    if rows.empty and measured:
        raise InputError(f"{text_of(key)}: this result has no such measure of policy {policy}")
    found: pd.Series[float] = rows.set_index("replication")["value"].reindex(range(replications))
    return found


def plain_rows(frame: pd.DataFrame) -> list[Mapping[str, Any]]:
    """The rows of a frame as JSON says them: None for what is missing, undefined or infinite."""
    import pandas as pd

    def plain(value: Any) -> Any:
        if value is None or pd.isna(value) or (isinstance(value, float) and math.isinf(value)):
            return None
        return value.item() if isinstance(value, np.generic) else value

    return [{str(name): plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def summary_frame(measures: pd.DataFrame) -> pd.DataFrame:
    """Mean, 95 % half-width, standard deviation and number of replications of every policy, measure and scope."""
    import pandas as pd

    scope = ["policy", "measure", *SCOPES]
    if measures.empty:
        return pd.DataFrame(columns=list(SUMMARY))
    group = measures.groupby(scope, dropna=False, sort=False).ngroup().to_numpy()
    order = np.argsort(group, kind="stable")
    first = np.flatnonzero(np.diff(group[order], prepend=-1))
    values = np.split(measures["value"].to_numpy()[order], first[1:])
    found = measures.iloc[order[first]][scope].reset_index(drop=True)
    intervals = [interval(part.tolist()) for part in values]
    for name in ("mean", "half_width", "sd"):
        found[name] = np.array([getattr(one, name) for one in intervals], dtype=float)
    found["n"] = np.array([one.n for one in intervals], np.int64)
    return found


def text_column(column: Sequence[Any]) -> pd.Series[Any]:
    """A column of texts and missing values, the same type even where all are missing."""
    import pandas as pd

    # Before pandas 3 a column of type "str" would turn what is missing into the word None.
    return pd.Series(column, dtype="str" if int(pd.__version__.split(".")[0]) >= 3 else "object")
