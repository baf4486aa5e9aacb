"""Runs a scenario written as a dict and reads its log by names, in minutes from midnight of day 0."""

from functools import cached_property
from typing import Any

import numpy as np

from sim.flow.log import CAUSE_MASK, FIXED, NEVER, Cause, EncounterLog, Ended, Severity, Spell, VisitEnded
from sim.flow.plan import draw
from sim.flow.simulate import simulate
from sim.flow.site import Site, site_of
from sim.flow.state import initial_state
from sim.scenario import load

MINUTE_US = 60_000_000

Row = dict[str, Any]
ENCOUNTER = (
    "number",
    "segment",
    "day",
    "index",
    "arrived_us",
    "left_us",
    "away_us",
    "ended_as",
    "group",
    "return_lost",
    "problem",
    "voiced",
    "resolved",
    "recovered_us",
)
VISIT = (
    "stage", "visit", "joined_us", "waits_from_us", "started_us", "ended_us", "visit_ended_as", "member", "present",
    "capacity", "shift_us", "announced_us", "checked", "error", "causes",
)  # fmt: skip
_SPELL = ("spell_member", "spell_kind", "spell_start_us", "spell_end_us")
_WINDOW = ("window_start_us", "window_end_us")


def minutes(instant_us: int) -> float | None:
    """Minutes of an instant; None where it never came."""
    return None if instant_us == NEVER else int(instant_us) / MINUTE_US


class Run:
    """One replication: its blocks joined, its rows as dicts."""

    def __init__(self, scenario: Row, seed: int = 1, replication: int = 0) -> None:
        self.site: Site = site_of(load({"name": "by-hand", **scenario}))
        self.state = initial_state(self.site, seed, replication)
        self.blocks: list[EncounterLog] = list(simulate(draw(self.site, self.state, seed, replication)))
        self.warnings = self.blocks[-1].warnings
        before = np.cumsum([0, *(len(log.number) for log in self.blocks)])
        self.rows = np.concatenate([log.encounter + n for log, n in zip(self.blocks, before, strict=False)])

    def column(self, name: str) -> Any:
        """A column of the log, all blocks."""
        return np.concatenate([getattr(log, name) for log in self.blocks])

    def _table(self, names: tuple[str, ...]) -> list[Row]:
        return [dict(zip(names, row, strict=True)) for row in zip(*map(self.column, names), strict=True)]

    @cached_property
    def encounters(self) -> list[Row]:
        """In order of their numbers: segment, arrived, left, away, ended, group, return_lost, problem …"""
        found = [
            {
                "number": int(row["number"]),
                "segment": self.site.segments[row["segment"]],
                "index": int(row["index"]),
                "day": int(row["day"]),
                "arrived": minutes(row["arrived_us"]),
                "left": minutes(row["left_us"]),
                "away": int(row["away_us"]) / MINUTE_US,
                "ended": Ended(row["ended_as"]).name.lower(),
                "group": int(row["group"]),
                "return_lost": bool(row["return_lost"]),
                "problem": Severity(row["problem"]).name.lower(),
                "voiced": bool(row["voiced"]),
                "resolved": bool(row["resolved"]),
                "recovered": minutes(row["recovered_us"]),
            }
            for row in self._table(ENCOUNTER)
        ]
        return sorted(found, key=lambda row: row["number"])

    @cached_property
    def visits(self) -> list[Row]:
        """By number of the encounter, then in order of joining."""
        numbers, segments = self.column("number"), self.column("segment")
        found = [
            self._visit(row, int(numbers[at]), self.site.segments[segments[at]])
            for row, at in zip(self._table(VISIT), self.rows, strict=True)
        ]
        return sorted(found, key=lambda row: row["number"])

    def _visit(self, row: Row, number: int, segment: str) -> Row:
        stage = self.site.stages[row["stage"]]
        started, ended = minutes(row["started_us"]), minutes(row["ended_us"])
        stopped = started if started is not None else ended
        stopped = self.site.horizon_us / MINUTE_US if stopped is None else stopped
        return {
            "number": number,
            "segment": segment,
            "stage": stage.name,
            "visit": int(row["visit"]),
            "joined": minutes(row["joined_us"]),
            "started": started,
            "ended": ended,
            "wait": max(0.0, stopped - int(row["waits_from_us"]) / MINUTE_US),
            "how": VisitEnded(row["visit_ended_as"]).name.lower(),
            "member": None if row["member"] == NEVER else self.site.members[row["member"]].name,
            "present": int(row["present"]),
            "capacity": int(row["capacity"]),
            "on_shift": int(row["shift_us"]) / MINUTE_US,
            "announced": minutes(row["announced_us"]),
            "announced_raw": int(row["announced_us"]),
            "checked": bool(row["checked"]),
            "error": int(row["error"]),
            **{a.name: _cause(int(row["causes"][k])) for k, a in enumerate(stage.actions)},
        }

    @cached_property
    def spells(self) -> list[tuple[str, str, float, float]]:
        """(member, kind, from, to), by member, then time."""
        found = [
            (
                int(row["spell_member"]),
                int(row["spell_start_us"]),
                Spell(row["spell_kind"]).name.lower(),
                int(row["spell_end_us"]),
            )
            for row in self._table(_SPELL)
        ]
        return [(self.site.members[m].name, kind, a / MINUTE_US, b / MINUTE_US) for m, a, kind, b in sorted(found)]

    @cached_property
    def windows(self) -> list[tuple[float, float]]:
        """Measured time."""
        return [(int(a) / MINUTE_US, int(b) / MINUTE_US) for a, b in zip(*map(self.column, _WINDOW), strict=True)]

    def at(self, stage: str, *names: str) -> list[Any]:
        """Of the visits to a stage in order of joining: one value, or a tuple of several."""
        rows = sorted(
            (row for row in self.visits if row["stage"] == stage), key=lambda row: (row["joined"], row["number"])
        )
        return [row[names[0]] if len(names) == 1 else tuple(row[name] for name in names) for row in rows]

    @cached_property
    def ended(self) -> list[str]:
        """How each encounter ended, by number."""
        return [row["ended"] for row in self.encounters]


def _cause(code: int) -> str:
    word = Cause(code & CAUSE_MASK).name.lower()
    return f"{word}, fixed" if code & FIXED else word


def clock(text: str, day: int = 0) -> float:
    """Minutes from midnight of day 0."""
    hours, minute = text.split(":")
    return day * 1440 + int(hours) * 60 + int(minute)


def desk(**changes: Any) -> Row:
    """One desk, one clerk from 08:00 to 18:00, five minutes each; ``changes`` replace or add top-level keys."""
    plain: Row = {
        "calendar": {"days": 1, "open": "08:00", "close": "18:00"},
        "customers": {"all": segment("08:00")},
        "stages": {"desk": stage(5)},
        "staff": {"clerk": {"count": 1}},
    }
    return {**plain, **changes}


def segment(*at: str, start: str = "desk", **more: Any) -> Row:
    """Customers who come at these times each day."""
    return {"arrivals": {"at": list(at)}, "start": start, **more}


def stage(work: Any, staff: Any = ("clerk",), **more: Any) -> Row:
    """A stage of constant work."""
    return {"staff": list(staff), "work": work, **more}
