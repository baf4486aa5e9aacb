"""The figure of a sensitivity study: a bar for each uncertain parameter, the one that matters most on top."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.show.fonts import families, showable
from sim.show.plot.canvas import axes
from sim.show.sensitivity import Bar, bars
from sim.show.text import one_line
from sim.study.keys import key_of, text_of
from sim.study.meanings import meaning
from sim.study.sensitivity.amounts import amounts, unit_of
from sim.study.sensitivity.sensitivity import Sensitivity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LOW, _HIGH = "#d99a2b", "#2f5f7d"
_HEIGHT = 0.36
_LONG = 24  # a path longer than that is broken at a point


def tornado(
    found: Sensitivity,
    measure: str | None = None,
    policy: str | None = None,
    against: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what each parameter changes of a measure at either end of its range, with the interval of the change.

    ``measure``: absent, the first. ``policy``: absent, the baseline. ``against``: another policy; then the measure is
    the difference policy − against, and a dotted line shows where it is nothing. InputError: the study did not move
    one at a time, or has no such measure or policy.
    """
    if not isinstance(found, Sensitivity):
        raise InputError("a sensitivity is due; write for example tornado(sim.sensitivity(scenario))")
    shown, measure, first = _chosen(found, measure, policy, against)
    ax, fonts = axes(ax, height=1.6 + 0.52 * len(shown)), families()
    start, scale = _as_written(found, measure, first, against), unit_of(measure)[1]
    for place, bar in enumerate(shown):
        if bar.changes == (0.0, 0.0):
            _note(ax, 0.0, place, "no change", True, fonts)
            continue
        for end, colour in ((0, _LOW), (1, _HIGH)):
            _draw(ax, place + (end - 0.5) * _HEIGHT, bar, end, colour, fonts)
    ax.axvline(0, color="#1b1b3a", linewidth=1.0)
    low, high = ax.get_xlim()
    room = 0.16 * (high - low)  # for the values beside the bars
    ax.set_xlim(low - room, high + room)
    if against is not None and ax.get_xlim()[0] < -scale * start < ax.get_xlim()[1]:
        ax.axvline(-scale * start, color="#c4472b", linewidth=1.2, linestyle=":", label="no difference")
    names = [_broken(showable(one_line(bar.parameter), fonts)) for bar in shown]
    ax.set_yticks(range(len(shown)), names, family=fonts)
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(_about(measure, first, against, start, found.scenario.currency, fonts), family=fonts)
    _legend(ax, fonts)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.grid(axis="x", color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
    return ax


def _chosen(
    found: Sensitivity, measure: str | None, policy: str | None, against: str | None
) -> tuple[list[Bar], str, str]:
    """The bars to draw in the measure's unit, the one that matters most first, with the measure and the policy."""
    from sim.errors import InputError, did_you_mean, there_are

    if found.method != "one_at_a_time":
        raise InputError(f"a tornado is of parameters moved one at a time, and this study is by {found.method}")
    known = found.measures
    wanted = known[0] if measure is None else text_of(key_of(measure))
    if wanted not in known:
        raise InputError(f"the study has no {wanted}{did_you_mean(wanted, known)}; {there_are(known)}")
    for name in (policy, against):
        if name is not None and name not in found.policies:
            raise InputError(f"no policy '{name}'{did_you_mean(name, found.policies)}; {there_are(found.policies)}")
    first = policy or found.policies[0]
    shown = bars(found, wanted, first, against)
    if not shown:
        raise InputError(f"the study tells {against} − {first}, not {first} − {against}; turn them round")
    return [_scaled(bar, unit_of(wanted)[1]) for bar in shown], wanted, first


def _scaled(bar: Bar, by: float) -> Bar:
    (low, high), (low_half, high_half) = bar.changes, bar.half_widths
    return bar._replace(changes=(by * low, by * high), half_widths=(by * low_half, by * high_half))


def _draw(ax: Axes, height: float, bar: Bar, end: int, colour: str, fonts: Sequence[str]) -> None:
    """One end: a bar with its interval, and the parameter's value beside it."""
    change, half = bar.changes[end], bar.half_widths[end]
    if math.isnan(change):
        return
    error = None if math.isnan(half) or half == 0.0 else half
    style = {"ecolor": "#404040", "elinewidth": 0.9, "capsize": 2}
    ax.barh(height, change, _HEIGHT, color=colour, xerr=error, error_kw=style)
    reach = change + math.copysign(error or 0.0, change)
    other = bar.changes[1 - end]
    right = change > 0 if change else not (other > 0)
    _note(ax, reach, height, showable(one_line(bar.values[end]), list(fonts)), right, fonts)


def _note(ax: Axes, at: float, height: float, text: str, right: bool, fonts: Sequence[str]) -> None:
    """A text beside a point, to its right or left."""
    ax.annotate(
        text, (at, height), (4 if right else -4, 0), textcoords="offset points",
        ha="left" if right else "right", va="center", fontsize="small", family=list(fonts),
    )  # fmt: skip


def _as_written(found: Sensitivity, measure: str, policy: str, against: str | None) -> float:
    rows = found.effects
    own = rows["against"].isna() if against is None else (rows["against"] == against).fillna(False)
    chosen = rows[(rows["measure"] == measure) & (rows["policy"] == policy) & own]
    return float(chosen["as_written"].iloc[0])


def _about(measure: str, policy: str, against: str | None, start: float, currency: str, fonts: list[str]) -> str:
    form = amounts(measure, [(start, None)], currency)
    unit = form.unit or meaning(measure.partition("[")[0]).unit
    level = "%" if against is None and unit == "percentage points" else unit
    who = one_line(policy) if against is None else f"{one_line(policy)} − {one_line(against)}"
    as_written = f"({who}; as written {form.level(start)} {level})"
    what = f"change of {one_line(measure).replace('_', ' ')}, {unit}"
    return "\n".join(showable(line, fonts) for line in (what, as_written))


def _broken(path: str) -> str:
    """A long path in two lines, broken at the point nearest to its middle."""
    points = [place for place, sign in enumerate(path) if sign == "."]
    if len(path) <= _LONG or not points:
        return path
    cut = min(points, key=lambda place: abs(place - len(path) / 2)) + 1
    return f"{path[:cut]}\n{path[cut:]}"


def _legend(ax: Axes, fonts: Sequence[str]) -> None:
    """Above the axes, where no bar is."""
    from matplotlib.patches import Patch

    lines, _ = ax.get_legend_handles_labels()
    ends = [Patch(color=_LOW, label="at low"), Patch(color=_HIGH, label="at high")]
    ax.legend(
        handles=[*ends, *lines], frameon=False, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3,
        prop={"family": list(fonts), "size": "small"},
    )  # fmt: skip
