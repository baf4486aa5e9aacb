"""The figure of satisfaction: how satisfied customers left, in points of the scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.show.figures import satisfaction_shares
from sim.show.fonts import families, showable
from sim.show.plot.canvas import axes, plain
from sim.show.text import one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.results.result import Result

_CLASSES = ("1 to 2", "2 to 3", "3 to 4", "4 to 5", "5 to 6", "6 to 7")
_SHADES = ("#8c3b2a", "#c27a5e", "#e8c9b5", "#d3dfe6", "#86a9bd", "#2f5f7d")
_HATCHES = ("///", "//", "/", "", "", "")
_LABEL_FROM = 0.05  # of a bar: a narrower part has no room for its number


def quality(result: Result, ax: Axes | None = None) -> Axes:
    """Draw how satisfied customers left: a bar for each policy, cut into the points of the scale from 1 to 7.

    Shares of completed encounters over all replications; below 4, the middle of the scale, is hatched.
    """
    ax, fonts = axes(ax), families()
    shares = np.array([satisfaction_shares(result, policy, 6) or [0.0] * 6 for policy in result.policies])
    names = [showable(one_line(policy), fonts) for policy in result.policies]
    begin = np.zeros(len(names))
    rows = np.arange(len(names))
    for k, label in enumerate(_CLASSES):
        ax.barh(
            rows,
            100 * shares[:, k],
            left=100 * begin,
            height=0.62,
            label=label,
            color=_SHADES[k],
            hatch=_HATCHES[k],
            edgecolor="white",
            linewidth=0.8,
        )
        _numbers(ax, begin, shares[:, k], _SHADES[k])
        begin = begin + shares[:, k]
    ax.set_yticks(rows, names, family=fonts)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlim(0, 100)
    ax.set_xlabel("customers, % of the completed", family=fonts)
    ax.legend(
        title="satisfaction, points",
        ncols=6,
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        frameon=False,
        fontsize="small",
        title_fontsize="small",
        handlelength=1.2,
        columnspacing=1.0,
        prop={"family": fonts, "size": "small"},
    )
    plain(ax, "x")
    return ax


def _numbers(ax: Axes, begin: NDArray[np.float64], share: NDArray[np.float64], shade: str) -> None:
    dark = shade in {_SHADES[0], _SHADES[-1]}
    for row, (start, part) in enumerate(zip(begin, share, strict=True)):
        if part >= _LABEL_FROM:
            ax.text(
                100 * (start + part / 2),
                row,
                f"{100 * part:.0f}",
                ha="center",
                va="center",
                fontsize="small",
                color="white" if dark else "#202020",
                bbox={"boxstyle": "round,pad=0.15", "facecolor": shade, "edgecolor": "none"},
            )
