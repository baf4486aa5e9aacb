"""The figure of a comparison: each policy's difference from the baseline, with its interval, measure by measure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.show.fonts import families, showable
from sim.show.plot.canvas import BETTER, FAINT, INK, WORSE, axes, plain
from sim.show.text import one_line
from sim.study.keys import key_of, key_of_row, text_of
from sim.study.meanings import meaning

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.comparison.comparison import Comparison

_COLOURS = {"better": BETTER, "worse": WORSE}
_MARKERS = {"better": "^", "worse": "v", "higher": "D", "lower": "D"}
_UNITS = {"share": ("percentage points", 100.0), "chance": ("percentage points", 100.0)}


def differences(comparison: Comparison, measure: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw what each policy changes of one measure: a dot, its interval, and thin the one that holds with all others.

    ``measure``: such as ``"wait_p90[stage=desk]"``; absent, the first of the comparison. Filled upward or downward
    triangles are clearly better or worse, hollow circles not clear. InputError: the comparison has no such measure.
    """
    from sim.errors import InputError, did_you_mean
    from sim.study.comparison.comparison import Comparison

    if not isinstance(comparison, Comparison):
        raise InputError("a comparison is due; write for example differences(sim.compare(result))")
    rows: list[Any] = list(comparison.table.itertuples())
    known = list(dict.fromkeys(text_of(key_of_row(row)) for row in rows))
    chosen = known[0] if measure is None else text_of(key_of(measure))
    if chosen not in known:
        raise InputError(f"the comparison has no {chosen}{did_you_mean(chosen, known)}")
    shown = [row for row in rows if text_of(key_of_row(row)) == chosen]
    unit, scale = _UNITS.get(meaning(shown[0].measure).unit, (meaning(shown[0].measure).unit, 1.0))
    ax, fonts = axes(ax, height=1.5 + 0.5 * len(shown)), families()
    for place, row in enumerate(shown):
        _interval(ax, place, row, scale)
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.set_yticks(range(len(shown)), [_name(row, comparison.baseline, fonts) for row in shown], family=fonts)
    ax.set_ylim(len(shown) - 0.5, -0.5)
    ax.set_xlabel(showable(f"{one_line(chosen)}: change from {_others(shown)}, {unit}", fonts), family=fonts)
    share = f"{100 * comparison.confidence:.3g} %"
    ax.set_title(f"thick: {share} interval of each by itself; thin: of all at once", loc="left", fontsize="small")
    plain(ax, "x")
    return ax


def _interval(ax: Axes, place: int, row: Any, scale: float) -> None:
    colour, mean = _COLOURS.get(row.verdict, FAINT), scale * row.difference
    for half, width in ((row.simultaneous_half_width, 1.0), (row.half_width, 3.0)):
        if not math.isnan(half):
            ax.plot([mean - scale * half, mean + scale * half], [place, place], color=colour, linewidth=width)
    clear = row.verdict in _MARKERS
    ax.plot(mean, place, _MARKERS.get(row.verdict, "o"), color=colour, markerfacecolor=colour if clear else "white")


def _name(row: Any, baseline: str, fonts: Sequence[str]) -> str:
    return showable(one_line(row.policy if row.against == baseline else f"{row.policy} − {row.against}"), list(fonts))


def _others(rows: Sequence[Any]) -> str:
    against = list(dict.fromkeys(row.against for row in rows))
    return against[0] if len(against) == 1 else "the other"
