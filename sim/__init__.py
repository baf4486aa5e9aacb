"""Simulate service encounters: how training and staffing change waits and the quality that customers perceive."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario import Scenario, load
    from sim.study.comparison.compare import compare
    from sim.study.comparison.comparison import Comparison
    from sim.study.replicate import run
    from sim.study.results.result import Result
    from sim.study.results.store import read
    from sim.study.selection.choose import select
    from sim.study.selection.selection import Selection
    from sim.study.sensitivity.sensitivity import Sensitivity, sensitivity
    from sim.study.steady import WarmUp, warm_up

__version__ = "0.1.0"
__all__ = [
    "Comparison",
    "Result",
    "Scenario",
    "Selection",
    "Sensitivity",
    "WarmUp",
    "__version__",
    "compare",
    "load",
    "plot",
    "read",
    "run",
    "select",
    "sensitivity",
    "warm_up",
]

_HOME = {
    "Comparison": "sim.study.comparison.comparison",
    "Result": "sim.study.results.result",
    "Scenario": "sim.scenario",
    "compare": "sim.study.comparison.compare",
    "load": "sim.scenario",
    "read": "sim.study.results.store",
    "run": "sim.study.replicate",
    "Sensitivity": "sim.study.sensitivity.sensitivity",
    "sensitivity": "sim.study.sensitivity.sensitivity",
    "Selection": "sim.study.selection.selection",
    "select": "sim.study.selection.choose",
    "WarmUp": "sim.study.steady",
    "warm_up": "sim.study.steady",
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
