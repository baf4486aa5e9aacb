"""What all figures share: inks and strokes that can be told apart in grey, axes, and a plain look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INKS = ("#1b1b3a", "#c4472b", "#2a8c82", "#d99a2b", "#7a5ea8", "#8f9aa3")  # apart in hue and, in order, in grey
STROKES = ("-", (0, (5, 1.6)), (0, (1.2, 1.4)), (0, (6, 1.5, 1.2, 1.5)), (0, (3, 3)), (0, (9, 3)))
INK, FAINT, BETTER, WORSE = "#1b1b3a", "#8f9aa3", "#2a8c82", "#c4472b"

WIDTH, HEIGHT = 7.2, 4.0  # inches


def axes(ax: Axes | None, height: float = HEIGHT) -> Axes:
    """The axes given, or new ones, so many inches high."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(WIDTH, height), layout="constrained")[1]


def plain(ax: Axes, grid: Literal["both", "x"]) -> None:
    """A light grid behind, no frame above and to the right."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis=grid, color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
