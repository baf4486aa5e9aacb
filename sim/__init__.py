"""Simulate service encounters: how training and staffing change waits and the quality that customers perceive."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario import Scenario, load
    from sim.study.replicate import run
    from sim.study.result import Result
    from sim.study.store import read

__version__ = "0.1.0"
__all__ = ["Result", "Scenario", "__version__", "load", "plot", "read", "run"]

_HOME = {
    "Result": "sim.study.result",
    "Scenario": "sim.scenario",
    "load": "sim.scenario",
    "read": "sim.study.store",
    "run": "sim.study.replicate",
}


def __getattr__(name: str) -> Any:
    """Import a part of the public interface when it is first asked for, so that `import sim` stays fast."""
    if name == "plot":  # not among the imports above: the studies may import `sim`, but no figures
        return import_module("sim.show.plot")
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'sim' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
