"""Small scenarios that simulate in a moment."""

from __future__ import annotations

from typing import Any


def desk(**more: Any) -> dict[str, Any]:
    """Two clerks, a day of an hour's opening, two segments, some of whom give up."""
    return {
        "name": "desk",
        "calendar": {"days": 3, "open": "09:00", "close": "11:00"},
        "replications": 4,
        "seed": 3,
        "customers": {
            "hasty": {
                "arrivals": {"rate": "20/h"},
                "start": "desk",
                "patience": {"dist": "exponential", "mean": "5 min"},
            },
            "calm": {"arrivals": {"rate": "10/h"}, "start": "desk"},
        },
        "stages": {
            "desk": {
                "staff": ["clerk"],
                "work": {"dist": "exponential", "mean": "3 min"},
                "target_wait": "2 min",
                "next": {"till": 0.5, "leave": 0.5},
            },
            "till": {"staff": ["clerk"], "work": {"dist": "exponential", "mean": "1 min"}},
        },
        "staff": {"clerk": {"count": 2}},
        "actions": {
            "greet": {"stage": "desk", "dimension": "empathy", "weight": 1, "time": "6 s", "expected": 0.9},
            "wait": {"stage": "desk", "kind": "wait", "dimension": "responsiveness", "weight": 1, "expected": "2 min"},
        },
        "policies": {"as_is": {}, "third": {"staff.clerk.count": 3}},
        **more,
    }
