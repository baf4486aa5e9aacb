"""Whether the limits of a scenario are kept, by every policy that was run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.study.limits.limits import Judgement, judged, limits_of
from sim.study.statistics.intervals import CONFIDENCE
from sim.study.tallies.rows import Key
from sim.study.worth import WORTH

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.desk import Desk
    from sim.study.results.result import Result

COLUMNS = ("policy", "limit", "verdict", "estimate", "low", "high", "n", "more")


def acceptance(result: Result, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """One row per policy and limit of the scenario's ``accept``, in the order of the file.

    ``verdict``: ``met``, ``not met`` or ``not decided``. ``estimate`` with ``low`` and ``high``, the ends of its
    interval: the mean, or the share of replications that keep the bound, in the measure's unit. ``n``: replications
    in which it is defined; ``more``: further ones that would decide, missing where it is decided or cannot be told.
    """
    import pandas as pd

    found = list(_judgements(result, confidence))
    data: dict[str, Any] = {
        "policy": [policy for policy, _ in found],
        "limit": [one.limit.text for _, one in found],
        "verdict": [one.verdict for _, one in found],
    }
    data |= {name: np.array([getattr(one, name) for _, one in found], float) for name in ("estimate", "low", "high")}
    data["n"] = np.array([one.n for _, one in found], np.int64)
    data["more"] = pd.array([one.more for _, one in found], dtype="Int64")
    return pd.DataFrame(data, columns=list(COLUMNS))


def _judgements(result: Result, confidence: float) -> Iterator[tuple[str, Judgement]]:
    limits = limits_of(result.scenario.accept)
    for policy in result.policies:
        for limit in limits:
            if applies(limit.key, first=policy == result.policies[0]):
                yield policy, judged(limit, result.values(limit.key, policy).tolist(), confidence)


def applies(key: Key, first: bool) -> bool:
    """Whether a policy has the measure at all: the first of a run is worth nothing against itself."""
    return not (first and key.measure in WORTH)


def check_there(desk: Desk, texts: tuple[str, ...]) -> None:
    """After the first replication: raise InputError with all limits whose measure some case does not have."""
    wrong = []
    for limit in limits_of(texts):
        for case in range(len(desk.cases)):
            try:
                if limit.key.measure not in WORTH:
                    desk.values(case, limit.key, 1)
            except InputError as problem:
                wrong.append(f"accept: '{limit.text}': {problem}")
                break
    if wrong:
        raise InputError("\n".join(wrong))
