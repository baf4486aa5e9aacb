"""The figure of waits: how many are served within so many minutes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.show.figures import spread
from sim.show.fonts import families, showable
from sim.show.plot.canvas import INKS, STROKES, axes, plain
from sim.show.text import one_line

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.study.results.result import Result

_TAIL = 0.995  # of the waits are shown; the last few would squeeze the rest to the left


def wait_ecdf(result: Result, ax: Axes | None = None, *, stages: Sequence[str] | None = None) -> Axes:
    """Draw how many of the served waited no longer than so many minutes, a line for each policy and stage.

    Over all replications. ``stages``: the stages to show; by default all that have a queue. Policies differ in
    colour; stages, or the policies where there is one stage, in the dashes, so that the figure can be read in
    grey. The slowest 0.5 % are beyond the right edge.
    """
    from sim.errors import InputError, did_you_mean

    ax, fonts = axes(ax), families()
    known = [stage for stage in result.scenario.stages if _waits(result, result.policies[0], stage) is not None]
    chosen = known if stages is None else list(stages)
    for stage in chosen:
        if stage not in known:
            raise InputError(f"no waits at a stage '{stage}'{did_you_mean(stage, known)}")
    right = 0.0
    for p, policy in enumerate(result.policies):
        for s, stage in enumerate(chosen):
            counts = _waits(result, policy, stage)
            if counts is None:
                continue
            minutes, share = _cumulative(counts)
            label = policy if len(chosen) == 1 else f"{policy}, {_title(result, stage)}"
            ax.plot(
                minutes,
                100 * share,
                color=INKS[p % len(INKS)],
                linestyle=STROKES[(p if len(chosen) == 1 else s) % len(STROKES)],
                linewidth=1.8,
                label=showable(one_line(label), fonts),
            )
            right = max(right, float(minutes[np.searchsorted(share, _TAIL)]))
    ax.set_xlim(0, right or 1)
    ax.set_ylim(0, 100)
    ax.set_xlabel("wait, minutes", family=fonts)
    if len(chosen) == 1:
        ax.set_title(showable(_title(result, chosen[0]), fonts), family=fonts, loc="left", fontsize="medium")
    ax.set_ylabel("served within that time, %", family=fonts)
    ax.legend(frameon=False, loc="lower right", prop={"family": fonts})
    plain(ax, "both")
    return ax


def _waits(result: Result, policy: str, stage: str) -> pd.DataFrame | None:
    counts = spread(result, "wait", policy, stage)
    return counts if len(counts) else None


def _title(result: Result, stage: str) -> str:
    return one_line(result.scenario.stages[stage].title or stage)


def _cumulative(counts: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Corners of the cumulative share: flat between bins, rising evenly within one; a jump where low is high."""
    low, high, count = (counts[name].to_numpy(float) for name in ("low", "high", "count"))
    after = np.cumsum(count) / count.sum()
    before = np.concatenate([[0.0], after[:-1]])
    return np.column_stack([low, high]).ravel(), np.column_stack([before, after]).ravel()
