"""One customer's story from the log: what happened when, what staff did and why not, and what the customer thought."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.flow.log import AUTOMATED, CAUSE_MASK, FIXED, Cause, EncounterLog, Ended, VisitEnded
from sim.show.service_sections import CAUSES, minutes
from sim.show.text import Signs, left, one_line, signs_for, spoken, width
from sim.units import DAY_US, MICROSECONDS_PER_MINUTE, WEEKDAYS

if TYPE_CHECKING:
    from sim.quality.perceive import Perception

_ENDS = {
    Ended.COMPLETED: "leaves, done",
    Ended.BALKED: "leaves without joining",
    Ended.BLOCKED: "is not let in: the site is full",
    Ended.ABANDONED: "leaves, tired of waiting",
    Ended.TURNED_AWAY: "is sent away: closed",
    Ended.UNFINISHED: "is still there when the simulation ends",
}
_UNCAUGHT, _CAUGHT = 1, 2  # EncounterLog.error


def story(log: EncounterLog, row: int, seen: Perception | None, *, encoding: str = "utf-8") -> str:
    """Tell the encounter in this row of the log, and what was thought of it; times are of the day of arrival."""
    signs = signs_for(encoding)
    happened = [_who(log, row), "", *_events(log, row, seen, signs)]
    thought = [] if seen is None else ["", *_thought(seen, log, row, signs)]
    return "\n".join(spoken(line, encoding).rstrip() for line in happened + thought)


def _who(log: EncounterLog, row: int) -> str:
    arrived = int(log.arrived_us[row])
    day = arrived // DAY_US
    weekday = WEEKDAYS[(log.site.scenario.calendar.first_weekday + day) % 7]
    people = "" if log.group[row] == 1 else f", {log.group[row]} people"
    segment = one_line(log.site.segments[log.segment[row]])
    return f"Customer {log.number[row]}: {segment}{people}, arrives on day {day} ({weekday})"


def _events(log: EncounterLog, row: int, seen: Perception | None, signs: Signs) -> Iterator[str]:
    clock = _Clock(int(log.arrived_us[row]))
    yield clock.at(log.arrived_us[row]) + "arrives"
    for visit in np.flatnonzero(log.encounter == row):
        yield from _visit(log, int(visit), clock, seen, signs)
    end = Ended(log.ended_as[row])
    yield from _complaint(log, row, clock)
    when = clock.at(log.left_us[row]) if log.left_us[row] >= 0 else clock.nowhen
    yield when + _ENDS[end]
    if log.return_lost[row]:
        yield clock.nowhen + "would have come back, but after the end of the simulation"


def _complaint(log: EncounterLog, row: int, clock: _Clock) -> Iterator[str]:
    """What became of a problem, where the site has a recovery."""
    if log.problem[row] == 0:
        return
    kind = ("", "minor", "major")[log.problem[row]]
    if not log.voiced[row]:
        yield clock.nowhen + f"has a {kind} problem and says nothing"
    elif not log.resolved[row]:
        yield clock.nowhen + f"has a {kind} problem and speaks up in vain"
    else:
        took = int(log.recovered_us[row]) / MICROSECONDS_PER_MINUTE
        when = "on the spot" if took == 0 else f"{minutes(took)} after speaking up"
        yield clock.nowhen + f"has a {kind} problem, which is solved {when}"


class _Clock:
    """Says instants as clock times, with the days gone by since the arrival."""

    def __init__(self, arrived_us: int) -> None:
        self._midnight_us = arrived_us // DAY_US * DAY_US
        self.nowhen = " " * 10

    def at(self, instant_us: int) -> str:
        days, rest = divmod(int(instant_us) - self._midnight_us, DAY_US)
        seconds = rest // 1_000_000
        time = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        return f"{time}  " if days == 0 else f"{time} (+{days} d) "


def _visit(log: EncounterLog, visit: int, clock: _Clock, seen: Perception | None, signs: Signs) -> Iterator[str]:
    stage = log.site.stages[log.stage[visit]]
    title = one_line(stage.title)
    ended = VisitEnded(log.visit_ended_as[visit])
    again = "" if log.visit[visit] == 0 else f", for the {_nth(int(log.visit[visit]) + 1)} time"
    verb = "comes to" if stage.has_queue else "begins"
    yield clock.at(log.joined_us[visit]) + f"{verb} {title}{again}" + _told(log, visit)
    if ended == VisitEnded.BALKED:
        yield clock.nowhen + "does not join the queue"
        return
    waited = int(log.wait_us[visit]) / MICROSECONDS_PER_MINUTE
    if log.started_us[visit] < 0:
        yield from _not_served(log, visit, clock, ended, waited)
        return
    yield clock.at(log.started_us[visit]) + _begins(log, visit, waited, seen)
    for line in _actions(log, visit, signs):
        yield clock.nowhen + "  " + line
    if ended == VisitEnded.IN_SERVICE:
        yield clock.nowhen + "is in service when the simulation ends"
        return
    took = int(log.ended_us[visit] - log.started_us[visit]) / MICROSECONDS_PER_MINUTE
    yield clock.at(log.ended_us[visit]) + f"{title} ends, after {minutes(took)}"


def _told(log: EncounterLog, visit: int) -> str:
    said = int(log.announced_us[visit])
    if said < 0:
        return ""
    if log.site.stages[log.stage[visit]].announces == "position":
        return f", is told: {said} ahead"
    return f", is told to expect {minutes(said / MICROSECONDS_PER_MINUTE)} of waiting" if said else ", is told: no wait"


def _not_served(log: EncounterLog, visit: int, clock: _Clock, ended: VisitEnded, waited: float) -> Iterator[str]:
    if ended == VisitEnded.WAITING:
        yield clock.nowhen + f"is waiting when the simulation ends, for {minutes(waited)} so far"
        return
    how = "gives up waiting" if ended == VisitEnded.ABANDONED else "is turned away"
    yield clock.at(log.ended_us[visit]) + f"{how}, after {minutes(waited)}"


def _begins(log: EncounterLog, visit: int, waited: float, seen: Perception | None) -> str:
    site = log.site
    stage = site.stages[log.stage[visit]]
    if log.member[visit] < 0:
        return "serves themselves"
    wait = f"after waiting {minutes(waited)}" if waited > 0 else "at once"
    felt = float(seen.perceived_wait_min[visit]) if seen is not None else np.nan
    if waited > 0 and not np.isnan(felt):
        wait += f" (felt like {minutes(felt)})"
    target = stage.target_wait_us
    if target is not None and log.wait_us[visit] > target:
        wait += f", target {minutes(target / MICROSECONDS_PER_MINUTE)} missed"
    shift = (
        f", {minutes(int(log.shift_us[visit]) / MICROSECONDS_PER_MINUTE)} on shift" if log.shift_us[visit] > 0 else ""
    )
    press = f", {log.present[visit]} there for {log.capacity[visit]} on duty" if log.capacity[visit] > 0 else ""
    return f"{wait}, is served by {one_line(site.members[log.member[visit]].name)}{shift}{press}"


def _actions(log: EncounterLog, visit: int, signs: Signs) -> Iterator[str]:
    actions = log.site.stages[log.stage[visit]].actions
    room = max((width(one_line(action.name)) for action in actions), default=0)
    for column, action in enumerate(actions):
        code = int(log.causes[visit, column])
        cause = Cause(code & CAUSE_MASK)
        if cause == Cause.NOT_PERFORMED:
            continue
        mark, why = (signs.hit, "by a machine") if code & AUTOMATED else _came_of(cause, bool(code & FIXED), signs)
        yield f"{mark} {left(one_line(action.name), room)}  {why}".rstrip()
    if log.checked[visit]:
        yield "checked the work before it went out"
    if not any(action.kind == "outcome" for action in actions) and log.error[visit]:
        yield "an error" + (", caught and mended" if log.error[visit] == _CAUGHT else " that nobody noticed")


def _came_of(cause: Cause, fixed: bool, signs: Signs) -> tuple[str, str]:
    if cause == Cause.HIT:
        return signs.hit, ""
    if cause == Cause.NOT_REQUIRED:
        return signs.dot, "not asked for by the standard"
    why = CAUSES[cause.name.lower()]
    return (signs.hit, f"{why}, but mended by the self-check") if fixed else (signs.lapse, why)


def _thought(seen: Perception, log: EncounterLog, row: int, signs: Signs) -> Iterator[str]:
    from sim.quality.levels import Gap, Level

    satisfied = float(seen.satisfaction_all[row])
    if np.isnan(satisfied):
        yield "Formed no opinion."
        return
    lost = "" if log.ended_as[row] == Ended.COMPLETED else " (lost: judged by the wait and the outcome missed)"
    yield f"Satisfaction {satisfied:.2f} of 7{lost}{', delighted' if seen.delighted[row] else ''}"
    if np.isnan(seen.perceived_quality[row]):
        return
    parts = {"how it was done": seen.process_quality[row], "what came of it": seen.outcome_quality[row]}
    known = "; ".join(f"{name} {value:.2f}" for name, value in parts.items() if not np.isnan(value))
    yield f"Perceived quality {seen.perceived_quality[row]:.2f}: {known}"
    yield ""
    heads = ("expected", "perceived", "gap", *(gap.name.lower() for gap in Gap if gap != Gap.CUSTOMER))
    yield f"{'':14} " + " ".join(f"{head:>{_room(head)}}" for head in heads)
    for d, dimension in enumerate(seen.dimensions):
        values = (
            seen.levels[Level.EXPECTED, row, d],
            seen.levels[Level.PERCEIVED, row, d],
            seen.gaps[Gap.CUSTOMER, row, d],
            *(seen.gaps[gap, row, d] for gap in Gap if gap != Gap.CUSTOMER),
        )
        if np.isnan(values[0]):
            continue
        cells = [f"{value:{_room(head)}.2f}" for head, value in zip(heads, values, strict=True)]
        yield f"{dimension:14} " + " ".join(cells).replace("-", signs.minus)
    yield "(points from 1 to 7; gap = the four to its right, positive is bad)"


def _room(head: str) -> int:
    return max(7, len(head))


def _nth(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 // 10 != 1 else 0, "th")
    return f"{number}{ending}"
