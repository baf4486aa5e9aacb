"""What judging, asking and counting cost beside simulating, on the hotel, against the engine's time.

python benchmarks/quality.py [--rounds 5]
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.flow.plan import draw
from sim.flow.simulate import simulate
from sim.flow.site import Site, site_of
from sim.flow.state import initial_state
from sim.quality.perceive import perceive
from sim.quality.tables import judgement_of
from sim.scenario import load
from sim.study.block import block_of
from sim.study.days import Day
from sim.study.measures import measure
from sim.study.surveyed import surveyed

HOTEL = Path(__file__).parent.parent / "scenarios" / "hotel_front_desk.yaml"


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds and result."""
    gc.collect()
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def one_round(site: Site, seed: int) -> dict[str, float]:
    """Simulate, judge, ask and count one replication; µs of each step per encounter."""
    plan = draw(site, initial_state(site, seed, 0), seed, 0)
    judgement = judgement_of(site, plan.state)
    engine, blocks = timed(lambda: list(simulate(plan)))
    judging, judged = timed(lambda: [perceive(block, judgement) for block in blocks])
    seen = [block_of(log, perception) for log, perception in zip(blocks, judged, strict=True)]
    asking, _ = timed(lambda: [surveyed(block) for block in seen])
    lived = [Day(log, perception, plan) for log, perception in zip(blocks, judged, strict=True)]
    measuring, _ = timed(lambda: measure(lived))
    encounters = sum(len(block.number) for block in blocks)
    seconds = {
        "engine": engine,
        "perceive": judging,
        "survey": asking,
        "tallies": measuring - asking,
        "all but engine": judging + measuring,
    }
    return {step: each / encounters * 1e6 for step, each in seconds.items()}


def main() -> None:
    """Time the steps in turn, several rounds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    site = site_of(load(HOTEL))
    one_round(site, 0)  # first use imports modules and fills caches
    rows = [one_round(site, seed) for seed in range(1, rounds + 1)]
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print("hotel, median µs of CPU per encounter, and median share of the engine's in the same round")
    for step in rows[0]:
        each = statistics.median(row[step] for row in rows)
        share = statistics.median(row[step] / row["engine"] for row in rows)
        print(f"  {step:14s} {each:7.1f}   {share:5.2f}")


if __name__ == "__main__":
    main()
