"""What pilot runs say of a warm-up, in a few lines or as data: the verdict, the cuts, and the course."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.show.layout import escaped
from sim.show.text import one_line, signs_for
from sim.study.steady import spoken
from sim.units import DAY_MINUTES

if TYPE_CHECKING:
    from sim.study.steady import WarmUp

_MOST_BARS = 60
_LABEL = 12
_DECIMALS = 6  # of minutes: to the microsecond and less


def said(found: WarmUp, columns: int = 80, encoding: str = "utf-8") -> str:
    """The report, no line of it longer than ``columns`` but the verdict and names."""
    course = found.frame["in_system"].to_numpy(float)
    means = [float(part.mean()) for part in np.array_split(course, min(_MOST_BARS, columns - 28, len(course)))]
    on_site = f"{sparkline(means, signs_for(encoding).bars[1:])}  0 to {max(means):.3g}"
    lines = [
        _title(found),
        *(f"  {label:<{_LABEL}}{text}" for label, text in [*_facts(found), ("on site", on_site)]),
        _verdict(found),
    ]
    return "\n".join(lines)


def markdown(found: WarmUp) -> str:
    """The same as Markdown, without the course."""
    facts = [f"- {label}: {escaped(text)}" for label, text in _facts(found)]
    return "\n".join([f"## {escaped(_title(found))}", "", *facts, "", escaped(_verdict(found))])


def csv(found: WarmUp) -> str:
    """The course averaged over the runs, a row for each bucket of time."""
    return str(found.frame.round(_DECIMALS).to_csv(index=False, lineterminator="\n"))


def _title(found: WarmUp) -> str:
    return f"Warm-up of {one_line(found.scenario)}, policy {one_line(found.policy)}"


def _facts(found: WarmUp) -> list[tuple[str, str]]:
    days = len(found.frame) * found.bucket_min / DAY_MINUTES
    suggested = "it cannot be told" if found.suggestion_min is None else spoken(found.suggestion_min)
    return [
        ("looked at", f"{found.replications} runs of {days:g} d, every {spoken(found.bucket_min)}"),
        ("stated", spoken(found.stated_min)),
        ("suggested", suggested),
    ]


def _verdict(found: WarmUp) -> str:
    return found.verdict[0].upper() + found.verdict[1:]


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
        "bucket_min": _plain(found.bucket_min),
        "stated_min": _plain(found.stated_min),
        "suggestion_min": _plain(found.suggestion_min),
        "looks_short": found.looks_short,
        "verdict": found.verdict,
        "course": {name: [_plain(value) for value in found.frame[name].tolist()] for name in found.frame.columns},
    }


def _plain(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else round(value, _DECIMALS)
