"""Results as tables for people: data frames with plain columns, rows in one stated order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.intervals import interval
from sim.study.replication import Failure, ReplicationRows
from sim.study.tallies.distributions import NO_STAGE, WHAT
from sim.study.tallies.rows import SCOPES

if TYPE_CHECKING:
    import pandas as pd

_WHOLE_NUMBERS = ("period", "hour")
MEASURES = ("policy", "replication", "measure", *SCOPES, "value")
DISTRIBUTIONS = ("policy", "replication", "what", "stage", "segment", "low", "high", "count")
FAILURES = ("policy", "replication", "seed", "error", "message", "exit_status", "command")
SUMMARY = ("policy", "measure", *SCOPES, "mean", "half_width", "sd", "n")

Done = Sequence[tuple[str, ReplicationRows]]  # by policy, then replication


def measures_frame(done: Done) -> pd.DataFrame:
    """One row per policy, replication and measure with its scope; scopes that do not apply and undefined values are
    missing."""
    import pandas as pd

    lengths = [len(rows.keys) for _, rows in done]
    data: dict[str, object] = {
        "policy": _text(np.repeat([policy for policy, _ in done], lengths).tolist()),
        "replication": np.repeat(np.array([rows.replication for _, rows in done], np.int64), lengths),
    }
    for position, name in enumerate(("measure", *SCOPES)):
        column: list[Any] = [key[position] for _, rows in done for key in rows.keys]
        data[name] = pd.array(column, dtype="Int64") if name in _WHOLE_NUMBERS else _text(column)
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
        {name: np.array(column, numbers[name]) if name in numbers else _text(column) for name, column in parts.items()}
    )


def failures_frame(failures: Sequence[tuple[str, Failure]], seed: int, command: Sequence[str]) -> pd.DataFrame:
    """One row per replication that gave no measures; ``command``, given policy, seed and number, repeats it."""
    import shlex

    import pandas as pd

    rows = [
        (
            policy,
            failure.replication,
            seed,
            failure.error,
            failure.message,
            failure.exit_status,
            shlex.join([*command, "--policy", policy, "--seed", str(seed), "-n", str(failure.replication + 1)]),
        )
        for policy, failure in failures
    ]
    return pd.DataFrame(rows, columns=list(FAILURES))


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


def _text(column: Sequence[Any]) -> pd.Series[Any]:
    """A column of texts and missing values, the same type even where all are missing."""
    import pandas as pd

    # Before pandas 3 a column of type "str" would turn what is missing into the word None.
    return pd.Series(column, dtype="str" if int(pd.__version__.split(".")[0]) >= 3 else "object")
