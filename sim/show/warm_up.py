"""What pilot runs say of a warm-up, in a few lines: the verdict, the cuts, and the course as a row of bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.show.text import one_line, signs_for
from sim.study.steady import spoken
from sim.units import DAY_MINUTES

if TYPE_CHECKING:
    from sim.study.steady import WarmUp

_MOST_BARS = 60
_LABEL = 12


def said(found: WarmUp, columns: int = 80, encoding: str = "utf-8") -> str:
    """The report, no line of it longer than ``columns`` but the verdict and names."""
    course = found.frame["in_system"].to_numpy(float)
    days = len(course) * found.bucket_min / DAY_MINUTES
    means = [float(part.mean()) for part in np.array_split(course, min(_MOST_BARS, columns - 28, len(course)))]
    lines = [
        f"Warm-up of {one_line(found.scenario)}, policy {one_line(found.policy)}",
        _line("looked at", f"{found.replications} runs of {days:g} d, every {spoken(found.bucket_min)}"),
        _line("stated", spoken(found.stated_min)),
        _line("suggested", _suggested(found)),
        _line("on site", f"{sparkline(means, signs_for(encoding).bars[1:])}  0 to {max(means):.3g}"),
        found.verdict[0].upper() + found.verdict[1:],
    ]
    return "\n".join(lines)


def sparkline(heights: Sequence[float], bars: str) -> str:
    """Heights as a row of bars from 0 to the highest; a height of 0 shows too."""
    top = max(heights) or 1.0
    return "".join(bars[round((len(bars) - 1) * height / top)] for height in heights)


def json_object(found: WarmUp) -> dict[str, Any]:
    """The one object of ``--format json``; what is undefined is None."""
    return {
        "format": 1,
        "scenario": found.scenario,
        "policy": found.policy,
        "replications": found.replications,
        "bucket_min": found.bucket_min,
        "stated_min": found.stated_min,
        "suggestion_min": found.suggestion_min,
        "looks_short": found.looks_short,
        "verdict": found.verdict,
        "course": {
            name: [None if math.isnan(value) else value for value in found.frame[name].tolist()]
            for name in found.frame.columns
        },
    }


def _line(label: str, text: str) -> str:
    return f"  {label:<{_LABEL}}{text}"


def _suggested(found: WarmUp) -> str:
    return "it cannot be told" if found.suggestion_min is None else spoken(found.suggestion_min)
