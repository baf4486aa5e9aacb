"""How long `sim --help` takes beside importing click, on which it is built. Whole processes, order A B A B, medians.

    python benchmarks/startup.py [--rounds 11]

Exit status 1 if the difference is more than 0.15 s of CPU time.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys

LIMIT_SECONDS = 0.15


def cpu_seconds(*arguments: str) -> float:
    """CPU time of one run of this Python, children's user and system time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> int:
    """Time both, print both, judge the difference."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=11)
    rounds = parser.parse_args().rounds
    sim, click = ("-m", "sim", "--help"), ("-c", "import click")
    cpu_seconds(*sim), cpu_seconds(*click)  # compiled files and the disk's cache
    pairs = [(cpu_seconds(*sim), cpu_seconds(*click)) for _ in range(rounds)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    more = statistics.median(a - b for a, b in pairs)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print(f"sim --help {ours:.3f} s, import click {theirs:.3f} s, median difference {more:.3f} s of CPU")
    return 0 if more <= LIMIT_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
