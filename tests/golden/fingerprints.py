"""Fingerprints of every shipped scenario: hashes of when, what, who and which luck, in its first days.

``python -m tests.golden.fingerprints`` writes them anew. A change of any of them moves results: declare it in
CHANGELOG.md with the tag [results].
"""

import csv
import hashlib
from itertools import islice
from pathlib import Path

import numpy as np

from sim.flow.plan import draw
from sim.flow.simulate import simulate
from sim.flow.site import site_of
from sim.flow.state import initial_state
from sim.scenario import load

ROOT = Path(__file__).parents[2]
FILE = Path(__file__).with_name("fingerprints.csv")
BLOCKS, SEED, REPLICATION = 7, 1, 0  # about a day each; the hotel trains on day 5
COLUMNS = ("scenario", "policy", "time", "event", "entity", "draw")


def scenarios() -> list[Path]:
    return sorted(p for p in (ROOT / "scenarios").rglob("*.yaml") if "presets" not in p.parts)


def fingerprint(path: Path, policy: str) -> dict[str, str]:
    scenario = load(path).with_policy(policy) if policy else load(path)
    site = site_of(scenario)
    plan = draw(site, initial_state(site, SEED, REPLICATION), SEED, REPLICATION)
    logs = list(islice(simulate(plan), BLOCKS))
    time = ("arrived_us", "left_us", "joined_us", "started_us", "ended_us", "spell_start_us", "spell_end_us")
    event = ("ended_as", "visit_ended_as", "stage", "visit", "checked", "error", "causes", "spell_kind")
    entity = ("number", "segment", "day", "index", "encounter", "member", "spell_member", "group")
    found = {name: _digest(logs, columns) for name, columns in (("time", time), ("event", event), ("entity", entity))}
    return {"scenario": path.relative_to(ROOT).as_posix(), "policy": policy, **found, "draw": _draws(plan)}


def _digest(logs: list, columns: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for log in logs:
        for name in columns:
            digest.update(np.ascontiguousarray(getattr(log, name)).astype("<i8").tobytes())
    return digest.hexdigest()[:16]


def _draws(plan) -> str:
    """The luck of the first passages of the first day's first customers, every column."""
    digest = hashlib.sha256()
    _, of_segment = next(plan.days())
    for first in plan.day_luck(of_segment):
        for stage in range(len(plan.site.stages)):
            luck = first.at(stage)
            for name in luck.__slots__:
                column = getattr(luck, name)
                shown = [law[:20] for law in column] if name in ("work_min", "patience_us") else column[:20]
                digest.update(repr((name, shown)).encode())
    return digest.hexdigest()[:16]


def all_fingerprints() -> list[dict[str, str]]:
    return [fingerprint(path, policy) for path in scenarios() for policy in (load(path).policy_names or ("",))]


if __name__ == "__main__":
    with FILE.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(all_fingerprints())
