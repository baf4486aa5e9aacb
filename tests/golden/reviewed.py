"""Fingerprint of a run with every mechanism on: its log, its judgement, its reviews and its measures, to the last bit.

``python -m tests.golden.reviewed`` writes it anew. A change moves results: declare it in CHANGELOG.md with the tag
[results].
"""

import hashlib
import json
from pathlib import Path

import numpy as np

from sim.flow.site import site_of
from sim.scenario import load
from sim.study.days import days
from sim.study.measures import measure

SCENARIO = Path(__file__).parents[1] / "everything.yaml"
FILE = Path(__file__).with_name("reviewed.json")
SEED, REPLICATION = 1, 0


def fingerprint() -> dict[str, str]:
    lived = list(days(site_of(load(SCENARIO)), SEED, REPLICATION))
    judged = [day.perception for day in lived]
    states = dict.fromkeys((day.plan.state for day in lived), None)
    rows = measure(lived).rows
    return {
        "log": _of_arrays(getattr(day.log, name) for day in lived for name in ("left_us", "causes", "recovered_us")),
        "judgement": _of_arrays(
            array for seen in judged for array in (seen.satisfaction, seen.return_probability, seen.gaps)
        ),
        "states": _of_text(repr(list(states))),
        "measures": _of_text("\n".join(f"{'/'.join(map(str, key))} {value.hex()}" for key, value in rows)),
    }


def _of_arrays(arrays) -> str:
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def _of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


if __name__ == "__main__":
    FILE.write_text(json.dumps(fingerprint(), indent=1) + "\n", encoding="utf-8")
