"""The same draws on every machine: against a stored fingerprint, and with this machine's fast instructions off.

The stored file may change only together with ``STREAM_VERSION``; ``python -m tests.draws`` prints it.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.draws import PURPOSES, draw, draws, fingerprint

ROOT = Path(__file__).parent.parent
STORED = Path(__file__).parent / "golden" / "draws.json"


@pytest.fixture(scope="module")
def stored():
    return json.loads(STORED.read_text(encoding="utf-8"))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_draws_are_those_once_stored(purpose, stored):
    assert [v.hex() for v in draws(purpose)[:5].tolist()] == stored[purpose]["first"]
    assert [draw(purpose, i) for i in range(0, 10_000, 500)] == draws(purpose)[::500].tolist()


def test_all_draws_are_those_once_stored(stored):
    assert fingerprint() == stored


def features():
    """Names of the fast instruction sets that NumPy found here beyond its baseline."""
    import numpy as np

    simd = np.show_config(mode="dicts").get("SIMD Extensions", {})
    return simd.get("found", [])


def settings():
    """Environments that stand in for other machines."""
    out = {f"hash seed {seed}": {"PYTHONHASHSEED": seed} for seed in ("0", "1", "random")}
    out["other language and time"] = {"LC_ALL": "C", "TZ": "Asia/Tokyo"}
    fast = features()
    for i, name in enumerate(fast):
        out[f"without {name} and above"] = {"NPY_DISABLE_CPU_FEATURES": " ".join(fast[i:])}
    if platform.libc_ver()[0] == "glibc" and platform.machine() == "x86_64":
        out["libm without FMA"] = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2"}
    return out


SETTINGS = settings()


@pytest.mark.parametrize("setting", SETTINGS)
def test_draws_do_not_depend_on(setting, stored):
    environment = os.environ | {"PYTHONUTF8": "1"} | SETTINGS[setting]
    run = subprocess.run(
        [sys.executable, "-m", "tests.draws"], cwd=ROOT, env=environment, capture_output=True, check=True, timeout=120
    )
    assert json.loads(run.stdout) == stored


def test_draws_do_not_depend_on_optimised_python(stored):
    run = subprocess.run(
        [sys.executable, "-O", "-m", "tests.draws"],
        cwd=ROOT,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert json.loads(run.stdout) == stored
