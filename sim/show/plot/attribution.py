"""The figure of where a difference between two policies comes from: from gap to gap, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.errors import InputError
from sim.show.attribution import Line, lines_of, printed
from sim.show.fonts import families, showable
from sim.show.forms import Form
from sim.show.plot.canvas import BETTER, FAINT, INK, WORSE, axes
from sim.show.text import one_line
from sim.study.comparison.attribution import Attribution
from sim.study.comparison.attribution_words import CAUSES, digits_of, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HATCH = "////"  # of what is worse, for readers in grey


class _Step(NamedTuple):
    """What one cause adds to the gap or takes from it."""

    label: str
    start: float
    change: float
    half_width: float

    @property
    def end(self) -> float:
        return self.start + self.change

    @property
    def right(self) -> float:
        """Where the number has room: beyond the bar and its whisker."""
        return max(self.start, self.end + (self.half_width if self.half_width > 0 else 0.0))


def attribution(found: Attribution, ax: Axes | None = None) -> Axes:
    """Draw the customer gap under the baseline, what each gap and cause adds or takes, and the gap under the policy.

    In points. Bars that go left are better; those that go right are worse, and hatched. Whiskers are half-widths of
    the changes. What rounds to nothing is left out, and the numbers add up as printed. The axis need not begin at 0.
    """
    if not isinstance(found, Attribution):
        raise InputError("an attribution is due; write for example attribution(comparison.attribution('train'))")
    form, fonts = Form(digits=digits_of(found)), families()
    before, steps, after = _steps(found, form)
    ax = axes(ax, height=1.5 + 0.3 * len(steps))
    last = len(steps) + 1
    for row, step in enumerate(steps, start=1):
        _draw(ax, row, step, form)
    for row, value in ((0, before), (last, after)):
        ax.plot([value], [row], marker="D", markersize=7, color=INK)
        ax.axvline(value, color=FAINT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
        _number(ax, value, row, f"{value:z.{form.digits}f}".replace("-", "−"))
    names = [found.baseline, *(step.label for step in steps), found.policy]
    ax.set_yticks(range(last + 1), [showable(one_line(name), fonts) for name in names], family=fonts)
    ax.set_ylim(last + 0.6, -0.6)
    ax.use_sticky_edges = False
    ax.margins(x=0.15)
    ax.set_xlabel("customer gap, points (left is better)", family=fonts)
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis="x", color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
    return ax


def _steps(found: Attribution, form: Form) -> tuple[float, list[_Step], float]:
    """Where it starts, the causes gap by gap, and where it ends, rounded as they are printed."""
    (whole,) = printed([Line("", *found.total[:1], *found.total[2:])], form)
    table, steps, at = found.by("gap", "cause"), [], whole.baseline
    gaps = table["gap"].tolist()
    for gap, line in zip(gaps, printed(lines_of(table.drop(columns="gap")), form, whole), strict=True):
        if line.change:
            steps.append(_Step(f"{gap}: {CAUSES[line.name]}", at, line.change, line.half_width))
            at += line.change
    return whole.baseline, steps, at


def _draw(ax: Axes, row: int, step: _Step, form: Form) -> None:
    worse = step.change > 0
    ax.barh(
        row,
        step.change,
        left=step.start,
        height=0.6,
        color=WORSE if worse else BETTER,
        hatch=_HATCH if worse else "",
        edgecolor="white",
        linewidth=0.6,
    )
    if step.half_width > 0:
        ax.errorbar(step.end, row, xerr=step.half_width, color="#202020", linewidth=1.0, capsize=2.5)
    ax.plot([step.start, step.start], [row - 1, row], color=FAINT, linewidth=0.8, zorder=0)
    ax.plot([step.end, step.end], [row, row + 1], color=FAINT, linewidth=0.8, zorder=0)
    _number(ax, step.right, row, signed(step.change, form.digits))


def _number(ax: Axes, x: float, row: int, text: str) -> None:
    paper = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"}
    ax.annotate(text, (x, row), xytext=(7, 0), textcoords="offset points", va="center", fontsize="small", bbox=paper)
