"""The public interface: light to import, complete, and of one version."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import sim

HEAVY = ("numpy", "pandas", "scipy", "pyarrow", "matplotlib", "seaborn", "simpy", "pydantic", "ruamel", "click")


def test_importing_sim_imports_nothing_heavy():
    asked = f"import sys, sim; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=Path(sim.__file__).parents[1]
    )
    assert done.stdout.strip() == "[]"


def test_a_worker_imports_only_what_an_engine_needs():
    asked = (
        "import sys, sim.study.workers; "
        "print([name for name in ('pandas', 'scipy', 'pyarrow', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=Path(sim.__file__).parents[1]
    )
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there():
    for name in sim.__all__:
        assert getattr(sim, name) is not None
    assert set(dir(sim)) >= {"load", "run", "read", "Result", "Scenario", "plot", "__version__"}
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = sim.nonsense


def test_the_version_is_the_projects():
    project = tomllib.loads((Path(sim.__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    assert sim.__version__ == project["project"].get("version", sim.__version__)
