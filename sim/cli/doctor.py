"""``sim doctor``: is this installation well?"""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click

from sim.cli import console
from sim.cli.exits import BUG, DONE, STORAGE

_PARTS = (
    "simpy",
    "numpy",
    "scipy",
    "pandas",
    "pyarrow",
    "matplotlib",
    "pydantic",
    "ruamel.yaml",
    "click",
    "rich",
    "loky",
)
_SERVICE, _GAP, _CUSTOMERS = 3, 2, 8  # minutes: each waits one minute longer than the one before


class Finding(NamedTuple):
    """What one check found: its name, what to say, and the exit status if it is an illness."""

    what: str
    says: str
    status: int = DONE


@click.command(short_help="Check this installation.")
@click.option("--out", default="results", show_default=True, metavar="DIR", help="Folder of results.")
def doctor(out: str) -> int:
    """Check this installation: versions, cores, fonts for Chinese, the results folder, the engine."""
    checks: tuple[Callable[[], Finding], ...] = (
        _version,
        _python,
        _parts,
        _cores,
        _fonts,
        lambda: _folder(Path(out)),
        _engine,
    )
    worst = DONE
    for check in checks:
        finding = check()
        mark = "ok   " if finding.status == DONE else "ILL  "
        console.say(f"{mark}{finding.what:12} {finding.says}")
        worst = worst or finding.status
    return worst


def _version() -> Finding:
    import sim

    return Finding("sim", sim.__version__)


def _python() -> Finding:
    return Finding("python", f"{platform.python_version()} on {platform.system()} {platform.machine()}")


def _parts() -> Finding:
    from importlib.metadata import PackageNotFoundError, version

    found, missing = [], []
    for part in _PARTS:
        try:
            found.append(f"{part} {version(part)}")
        except PackageNotFoundError:
            missing.append(part)
    if missing:
        return Finding("packages", f"missing: {', '.join(missing)}; pip install service-encounter-sim", BUG)
    return Finding("packages", ", ".join(found))


def _cores() -> Finding:
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Finding("cores", f"{allowed} of {os.cpu_count() or allowed} may be used")


def _fonts() -> Finding:
    from sim.show.fonts import families

    chinese = families()[1:]
    if chinese:
        return Finding("fonts", f"Chinese in figures: {chinese[0]}")
    return Finding("fonts", "no font for Chinese: names show as boxes in figures; Noto Sans CJK SC would do")


def _folder(folder: Path) -> Finding:
    """Try to write where results would go; nothing is left behind."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"results")
    except OSError as problem:
        return Finding("results", f"cannot write in {place}: {(problem.strerror or str(problem)).lower()}", STORAGE)
    return Finding("results", f"{folder} can be written")


def _engine() -> Finding:
    """Serve customers who come every 2 minutes and take 3: the k-th must wait k minutes, to the microsecond."""
    import numpy as np

    from sim.flow.plan import draw
    from sim.flow.simulate import simulate
    from sim.flow.site import site_of
    from sim.flow.state import initial_state
    from sim.scenario import load
    from sim.units import MICROSECONDS_PER_MINUTE

    scenario = load(
        {
            "name": "self-test",
            "calendar": {"days": 1, "open": "00:00", "close": f"00:{_GAP * _CUSTOMERS + 1}"},
            "customers": {"all": {"arrivals": {"interarrival": _GAP}, "start": "desk"}},
            "stages": {"desk": {"staff": ["clerk"], "work": _SERVICE}},
            "staff": {"clerk": {"count": 1}},
        }
    )
    site = site_of(scenario)
    blocks = list(simulate(draw(site, initial_state(site, 1, 0), 1, 0)))
    waits = np.concatenate([log.wait_us for log in blocks])
    expected = np.arange(_CUSTOMERS) * (_SERVICE - _GAP) * MICROSECONDS_PER_MINUTE
    if np.array_equal(waits, expected):
        return Finding("engine", f"simpy: {_CUSTOMERS} customers waited as long as they must")
    return Finding("engine", f"simpy is wrong: waits of {waits.tolist()} microseconds, {expected.tolist()} due", BUG)
