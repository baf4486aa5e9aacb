"""What judging, asking, reviewing and counting cost beside simulating, on the hotel, against the engine's time.

python benchmarks/quality.py [--rounds 5]
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sim.flow.log import EncounterLog
from sim.flow.plan import Plan, draw
from sim.flow.simulate import simulate
from sim.flow.site import Site, site_of
from sim.flow.state import initial_state
from sim.management.observed import observe
from sim.quality.perceive import perceive
from sim.quality.tables import judgement_of
from sim.scenario import load
from sim.study.days import Day, days
from sim.study.measures import measure
from sim.study.tallies.block import block_of
from sim.study.tallies.surveyed import surveyed

SCENARIOS = Path(__file__).parent.parent / "scenarios"
REVIEWED = {  # every mechanism of a review, every week, and a complaints desk
    "calendar.days": 56,
    "quality.expectation_gain": 0.3,
    "quality.loyalty.drives_demand": True,
    "management.coaching": {"every": "4 wk", "share": 0.5},
    "management.erosion": {},
    "management.reflection": {"time": "20 s"},
}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds and result."""
    gc.collect()
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def steps(site: Site, seed: int) -> dict[str, float]:
    """Simulate, judge, ask, see and count one replication without reviews; µs of each step per encounter."""
    plan = draw(site, initial_state(site, seed, 0), seed, 0)
    judgement = judgement_of(site, plan.state)
    engine, blocks = timed(lambda: list(simulate(plan)))
    judging, judged = timed(lambda: [perceive(block, judgement) for block in blocks])
    seen = [block_of(log, perception) for log, perception in zip(blocks, judged, strict=True)]
    asking, _ = timed(lambda: [surveyed(block) for block in seen])
    lived = [Day(log, perception, plan) for log, perception in zip(blocks, judged, strict=True)]
    measuring, _ = timed(lambda: measure(lived))
    seeing, _ = timed(lambda: [observe(day.log, day.perception, judgement) for day in lived])
    encounters = sum(len(block.number) for block in blocks)
    seconds = {
        "engine": engine,
        "perceive": judging,
        "survey": asking,
        "other measures": measuring - asking,
        "what a review sees": seeing,
    }
    return {step: each / encounters * 1e6 for step, each in seconds.items()}


def whole(site: Site, seed: int) -> dict[str, float]:
    """A replication from first to last, as a study runs it; µs per encounter of the engine and of all the rest."""
    spent = {"engine": 0.0, "encounters": 0}

    def counted(plan: Plan, engine: str) -> Generator[EncounterLog, Plan | None, None]:
        running, revised = simulate(plan, engine), None
        while True:
            begun = time.process_time()
            try:
                log = running.send(revised)
            except StopIteration:
                return
            finally:
                spent["engine"] += time.process_time() - begun
            spent["encounters"] += len(log.number)
            revised = yield log

    with patch("sim.study.days.simulate", counted):
        seconds, _ = timed(lambda: measure(days(site, seed, 0)))
    each = {"engine": spent["engine"], "all but engine": seconds - spent["engine"]}
    return {step: part / spent["encounters"] * 1e6 for step, part in each.items()}


def show(title: str, rows: list[dict[str, float]]) -> None:
    """Print medians over rounds, and each step's median share of the engine's time in the same round."""
    print(title)
    for step in rows[0]:
        each = statistics.median(row[step] for row in rows)
        share = statistics.median(row[step] / row["engine"] for row in rows)
        print(f"  {step:18s} {each:7.1f}   {share:5.2f}")


def main() -> None:
    """Time the steps in turn, several rounds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    hotel = site_of(load(SCENARIOS / "hotel_front_desk.yaml"))
    reviewed = site_of(load(SCENARIOS / "hotel_over_time.yaml").with_levers(REVIEWED))
    whole(hotel, 0)  # first use imports modules and fills caches
    found = [(steps(hotel, seed), whole(hotel, seed), whole(reviewed, seed)) for seed in range(1, rounds + 1)]
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print("median µs of CPU per encounter, and median share of the engine's in the same round")
    titles = ("hotel, step by step", "hotel, as a study runs it", "hotel with weekly reviews, everything on")
    for title, rows in zip(titles, zip(*found, strict=True), strict=True):
        show(title, list(rows))


if __name__ == "__main__":
    main()
