"""What judging and measuring cost beside simulating, on the hotel: perception and measures against the engine's time.

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
from sim.study.measures import measure

HOTEL = Path(__file__).parent.parent / "scenarios" / "hotel_front_desk.yaml"


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds and result."""
    gc.collect()
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def one_round(site: Site, seed: int) -> list[float]:
    """Simulate, judge and measure one replication; µs of each step per encounter."""
    judgement = judgement_of(site)
    plan = draw(site, initial_state(site, seed, 0), seed, 0)
    engine, blocks = timed(lambda: list(simulate(plan)))
    judging, judged = timed(lambda: [perceive(block, judgement) for block in blocks])
    measuring, _ = timed(lambda: measure(zip(blocks, judged, strict=True)))
    encounters = sum(len(block.number) for block in blocks)
    return [seconds / encounters * 1e6 for seconds in (engine, judging, measuring)]


def main() -> None:
    """Time the three steps in turn, several rounds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    site = site_of(load(HOTEL))
    one_round(site, 0)  # first use imports modules and fills caches
    rows = [one_round(site, seed) for seed in range(1, rounds + 1)]
    engine, judging, measuring = (statistics.median(column) for column in zip(*rows, strict=True))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print("hotel, µs of CPU per encounter, and as a share of the engine's")
    for name, each in (("engine", engine), ("perceive", judging), ("measures", measuring)):
        print(f"  {name:9s} {each:7.1f}   {each / engine:5.2f}")


if __name__ == "__main__":
    main()
