"""The small sites on which predictions are tried, each as plain as its prediction allows."""

from __future__ import annotations

from typing import Any

NO_SPREAD = {"expectation_spread": 0, "perceived_wait": {"factor": 1, "exponent": 1, "sd": 0}}
"""Customers all alike, to whom a wait feels as long as it is."""


def wait(stage: str = "desk", **more: Any) -> dict[str, Any]:
    """The wait as the only thing that speaks of responsiveness."""
    return {"stage": stage, "kind": "wait", "dimension": "responsiveness", "weight": 1, **more}


def desk(rate: str = "12/h", work: Any = "3 min", days: int = 10, **more: Any) -> dict[str, Any]:
    """One desk with one clerk, open eight hours; everybody waits as long as it takes. ``more`` replaces sections."""
    return {
        "calendar": {"days": days, "open": "09:00", "close": "17:00"},
        "customers": {"all": {"arrivals": {"rate": rate}, "start": "desk"}},
        "stages": {"desk": {"staff": ["clerk"], "work": work}},
        "staff": {"clerk": {"count": 1}},
        **more,
    }
