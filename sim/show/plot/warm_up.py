"""Welch's figure: the course of pilot runs from the first instant on, its moving average, and where to cut."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.show.fonts import families, showable
from sim.show.plot.canvas import HEIGHT, WIDTH, axes
from sim.show.text import one_line
from sim.units import DAY_MINUTES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.steady import WarmUp

_SERIES, _AVERAGE, _STATED, _SUGGESTED = "#b9c0c6", "#1b1b3a", "#2a8c82", "#c4472b"
_LABELS = {"in_system": "customers on site", "wait_min": "wait, minutes"}
_WINDOWS = 40  # to a course: the moving average looks this part of it to either side


def warm_up(
    found: WarmUp,
    ax: Axes | None = None,
    *,
    what: Literal["in_system", "wait_min"] = "in_system",
    window: int | None = None,
) -> Axes:
    """Draw the course averaged over the runs, Welch's moving average, and the stated and the suggested cut.

    ``window``: buckets to either side of the average; absent, a fortieth of the course. Buckets in which nobody joined
    a queue have no wait and are passed over. InputError where there is no such ``what`` or the window is too wide.
    """
    from sim.errors import InputError, did_you_mean
    from sim.study.statistics.warm_up import moving_average

    if what not in _LABELS:
        raise InputError(f"no course of '{what}'{did_you_mean(what, _LABELS)}; there are {', '.join(_LABELS)}")
    ax, fonts = axes(ax), families()
    known = found.frame.dropna(subset=[what])
    days = (known["start_min"].to_numpy(float) + found.bucket_min / 2) / DAY_MINUTES
    course = known[what].to_numpy(float)
    average = moving_average(course, max(1, len(course) // _WINDOWS) if window is None else window)
    ax.plot(days, course, color=_SERIES, linewidth=0.8, label=f"mean of {found.replications} runs")
    ax.plot(days[: len(average)], average, color=_AVERAGE, linewidth=1.8, label="moving average")
    ax.axvline(found.stated_min / DAY_MINUTES, color=_STATED, linestyle="-", linewidth=1.4, label="warm-up, stated")
    if found.suggestion_min is not None:
        at = found.suggestion_min / DAY_MINUTES
        ax.axvline(at, color=_SUGGESTED, linestyle=(0, (5, 2)), linewidth=1.4, label="warm-up, suggested by MSER-5")
    ax.set_xlim(0, len(found.frame) * found.bucket_min / DAY_MINUTES)
    ax.set_ylim(0, 1.05 * float(np.nanmax(course, initial=0.0)) or 1.0)
    ax.set_xlabel("day", family=fonts)
    ax.set_ylabel(_LABELS[what], family=fonts)
    name = showable(one_line(f"{found.scenario}, {found.policy}"), fonts)
    ax.set_title(name, family=fonts, loc="left", fontsize="medium")
    ax.legend(frameon=False, ncols=2, prop={"family": fonts, "size": "small"}, loc="lower right")
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
    return ax


def save(found: WarmUp, path: str | Path) -> None:
    """Write the figure to a file whose name says the format. InputError where `check_path` raises it."""
    from matplotlib.figure import Figure

    check_path(path)
    figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    warm_up(found, figure.subplots())
    figure.savefig(path, dpi=150)


def check_path(path: str | Path) -> None:
    """Raise InputError where no figure can be written: not in that format, or there is no such folder."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from sim.errors import InputError, printable, there_are

    known = FigureCanvasAgg.get_supported_filetypes()
    form, folder, shown = Path(path).suffix.removeprefix(".").lower(), Path(path).parent, printable(str(path))
    if form not in known:
        raise InputError(f"{shown}: no figure can be written as '{form}'; {there_are(sorted(known))}")
    if not folder.is_dir():
        raise InputError(f"{shown}: there is no folder {printable(str(folder))}; make it first, or write elsewhere")
    if Path(path).is_dir():
        raise InputError(f"{shown} is a folder; write the name of a file")
