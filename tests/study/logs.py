"""Logs written by hand, cut into blocks at will, and a stand-in for the site they happened at."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.flow.log import Cause, EncounterLog, Ended, Spell, VisitEnded
from sim.quality.loyalty import return_probability
from sim.quality.marks import Marks, hits
from sim.scenario.management import Management
from sim.scenario.quality import Survey

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NEVER = -1


def stage(name: str, *, queue: bool = True, target: float | None = None, actions: tuple = (), error: float = 0.0):
    outcome = next((k for k, action in enumerate(actions) if action.kind == "outcome"), -1)
    return SimpleNamespace(
        name=name,
        title=name,
        has_queue=queue,
        target_wait_us=None if target is None else int(target * MINUTE),
        actions=actions,
        error=error,
        outcome=outcome,
    )


def action(name: str, *, kind: str = "action", dimension: str = "empathy"):
    return SimpleNamespace(name=name, kind=kind, dimension=dimension)


def site(
    stages: list[Any],
    *,
    segments: tuple[str, ...] = ("all",),
    roles: dict[str, list[str]] | None = None,
    at_once: int = 1,
    warm_up: float = 0.0,
    days: int = 1,
    never_closes: bool = False,
    management: Management | None = None,
):
    """``roles`` gives each role's members by name; durations are minutes."""
    tables, members = [], []
    for r, (role, names) in enumerate((roles or {"clerk": ["Ana"]}).items()):
        tables.append(
            SimpleNamespace(name=role, at_once=at_once, members=range(len(members), len(members) + len(names)))
        )
        members += [SimpleNamespace(name=name, role=r, at_once=at_once) for name in names]
    actions = {
        act.name: SimpleNamespace(stage=one.name, kind=act.kind, dimension=act.dimension)
        for one in stages
        for act in one.actions
    }
    loyalty = SimpleNamespace(steepness=1.1945, midpoint=5.0)
    return SimpleNamespace(
        scenario=SimpleNamespace(
            actions=actions,
            quality=SimpleNamespace(loyalty=loyalty, survey=Survey()),
            management=management or Management(),
        ),
        segments=segments,
        stages=tuple(stages),
        roles=tuple(tables),
        members=tuple(members),
        warm_up_us=int(warm_up * MINUTE),
        horizon_us=days * DAY,
        never_closes=never_closes,
        days=days,
    )


def visit(
    encounter: int,
    joined: float,
    started: float | None = None,
    ended: float | None = None,
    *,
    stage: int = 0,
    ended_as: VisitEnded = VisitEnded.SERVED,
    member: int | None = None,
    waits_from: float | None = None,
    causes: tuple[int, ...] = (),
    error: int = 0,
) -> dict[str, Any]:
    """Instants in minutes; None never came. Who was served without a member named was served by the first."""
    at = {"joined_us": joined, "started_us": started, "ended_us": ended}
    instants = {name: NEVER if value is None else round(value * MINUTE) for name, value in at.items()}
    return {
        "encounter": encounter,
        "stage": stage,
        **instants,
        "waits_from_us": instants["joined_us"] if waits_from is None else round(waits_from * MINUTE),
        "visit_ended_as": int(ended_as),
        "member": (0 if started is not None else NEVER) if member is None else member,
        "causes": causes,
        "error": error,
    }


def encounter(
    arrived: float,
    left: float | None = None,
    *,
    ended_as: Ended = Ended.COMPLETED,
    segment: int = 0,
    away: float = 0.0,
    return_lost: int = 0,
    problem: int = 0,
    voiced: int = 0,
    recovered: float | None = None,
) -> dict[str, Any]:
    return {
        "arrived_us": round(arrived * MINUTE),
        "left_us": NEVER if left is None else round(left * MINUTE),
        "ended_as": int(ended_as),
        "segment": segment,
        "away_us": round(away * MINUTE),
        "return_lost": return_lost,
        "problem": problem,
        "voiced": voiced,
        "resolved": int(recovered is not None),
        "recovered_us": NEVER if recovered is None else round(recovered * MINUTE),
    }


def spell(member: int, start: float, end: float, kind: Spell = Spell.ON_DUTY) -> dict[str, int]:
    return {
        "spell_member": member,
        "spell_kind": int(kind),
        "spell_start_us": round(start * MINUTE),
        "spell_end_us": round(end * MINUTE),
    }


def log(
    at: Any,
    encounters: list[dict[str, Any]],
    visits: list[dict[str, Any]],
    spells: list[dict[str, int]] | None = None,
    windows: list[tuple[float, float]] | None = None,
) -> EncounterLog:
    """A whole replication in one block; windows in minutes."""
    n, m = len(encounters), len(visits)
    width = max((len(one.actions) for one in at.stages), default=0)
    causes = np.full((m, width), Cause.NOT_PERFORMED, np.uint8)
    for row, one in enumerate(visits):
        causes[row, : len(one["causes"])] = one["causes"]

    def column(rows: list[dict[str, Any]], name: str) -> np.ndarray:
        return np.array([row[name] for row in rows], np.int64)

    zeros, nothing = np.zeros(m, np.int64), np.zeros(0, np.int64)
    seen: dict[tuple[int, int], int] = {}
    passage = []
    for one in visits:
        key = (one["encounter"], one["stage"])
        passage.append(seen.get(key, 0))
        seen[key] = passage[-1] + 1
    return EncounterLog(
        site=at,
        seed=1,
        replication=0,
        number=np.arange(n),
        segment=column(encounters, "segment"),
        day=column(encounters, "arrived_us") // DAY,
        index=np.arange(n),
        arrived_us=column(encounters, "arrived_us"),
        left_us=column(encounters, "left_us"),
        away_us=column(encounters, "away_us"),
        ended_as=column(encounters, "ended_as"),
        group=np.ones(n, np.int64),
        return_lost=column(encounters, "return_lost"),
        problem=column(encounters, "problem"),
        voiced=column(encounters, "voiced"),
        resolved=column(encounters, "resolved"),
        recovered_us=column(encounters, "recovered_us"),
        encounter=column(visits, "encounter"),
        stage=column(visits, "stage"),
        visit=np.array(passage, np.int64),
        joined_us=column(visits, "joined_us"),
        waits_from_us=column(visits, "waits_from_us"),
        started_us=column(visits, "started_us"),
        ended_us=column(visits, "ended_us"),
        visit_ended_as=column(visits, "visit_ended_as"),
        member=column(visits, "member"),
        present=zeros,
        capacity=zeros,
        shift_us=zeros,
        announced_us=zeros - 1,
        checked=zeros,
        error=column(visits, "error"),
        causes=causes,
        spell_member=column(spells or [], "spell_member"),
        spell_kind=column(spells or [], "spell_kind"),
        spell_start_us=column(spells or [], "spell_start_us"),
        spell_end_us=column(spells or [], "spell_end_us"),
        window_start_us=np.array([round(start * MINUTE) for start, _ in windows or []], np.int64),
        window_end_us=np.array([round(end * MINUTE) for _, end in windows or []], np.int64),
        arrivals=nothing,
        queue_area_us=nothing,
    )


ENCOUNTER_COLUMNS = (
    "number", "segment", "day", "index", "arrived_us", "left_us", "away_us", "ended_as", "group", "return_lost",
    "problem", "voiced", "resolved", "recovered_us",
)  # fmt: skip
VISIT_COLUMNS = (
    "stage", "visit", "joined_us", "waits_from_us", "started_us", "ended_us", "visit_ended_as", "member",
    "present", "capacity", "shift_us", "announced_us", "checked", "error", "causes",
)  # fmt: skip
SPELL_COLUMNS = tuple(field.name for field in fields(EncounterLog) if field.name.startswith("spell_"))
WINDOW_COLUMNS = ("window_start_us", "window_end_us")


def cut(whole: EncounterLog, parts: int, chance: random.Random) -> list[tuple[EncounterLog, np.ndarray]]:
    """The same log in blocks: encounters dealt at random, spells and windows in order. With each block the rows
    that its encounters had in the whole."""
    n = len(whole.number)
    home = np.array([chance.randrange(parts) for _ in range(n)], np.int64)
    spell_home = np.array(sorted(chance.randrange(parts) for _ in whole.spell_member), np.int64)
    window_home = np.array(sorted(chance.randrange(parts) for _ in whole.window_start_us), np.int64)
    blocks = []
    for part in range(parts):
        rows = np.flatnonzero(home == part)
        visits = np.flatnonzero(home[whole.encounter] == part)
        renumber = np.full(n, -1, np.int64)
        renumber[rows] = np.arange(len(rows))
        chosen = {name: getattr(whole, name)[rows] for name in ENCOUNTER_COLUMNS}
        chosen |= {name: getattr(whole, name)[visits] for name in VISIT_COLUMNS}
        chosen |= {name: getattr(whole, name)[spell_home == part] for name in SPELL_COLUMNS}
        chosen |= {name: getattr(whole, name)[window_home == part] for name in WINDOW_COLUMNS}
        blocks.append((replace(whole, encounter=renumber[whole.encounter[visits]], **chosen), rows))
    return blocks


def perception(n: int, **given: Any) -> SimpleNamespace:
    """A judgement of n encounters: NaN, nothing met, unless given."""
    blank = np.full(n, np.nan)
    names = ("satisfaction", "satisfaction_all", "perceived_quality", "process_quality", "outcome_quality")
    satisfaction = given.get("satisfaction", blank)
    met = given.get("marks", marks([], [], []))
    r = len(met.encounter)
    return SimpleNamespace(
        **{name: given.get(name, blank) for name in names},
        return_probability=given.get("return_probability", return_probability(satisfaction, 1.1945, 5.0)),
        delighted=given.get("delighted", np.zeros(n, bool)),
        levels=given.get("levels", np.full((6, n, 5), np.nan)),
        gaps=given.get("gaps", np.full((5, n, 5), np.nan)),
        gap_weights=given.get("gap_weights", np.full((n, 5), np.nan)),
        zone=given.get("zone", np.full((n, 5), -9, np.int8)),
        marks=met,
        values=given.get("values", np.zeros((6, r))),
        weight=given.get("weight", np.zeros(r)),
        remembered_weight=given.get("remembered_weight", np.zeros(r)),
        judgement=given.get("judgement", SimpleNamespace(dimension=np.zeros(0, np.int64))),
    )


def marks(encounters: list[int], actions: list[int], causes: list[int]) -> Marks:
    """What these encounters, in ascending order, met: each mark a moment of its own."""
    who, what, code = (np.array(column, np.int64) for column in (encounters, actions, causes))
    zeros = np.zeros(len(who), np.int64)
    return Marks(
        encounter=who,
        visit=zeros,
        action=what,
        hit=hits(code),
        cause=code.astype(np.uint8),
        moment=np.arange(len(who)),
        moment_encounter=who,
        moment_visit=zeros,
        moment_scene=zeros,
        moment_position=zeros,
    )


def judged_rows(whole: SimpleNamespace, rows: np.ndarray) -> SimpleNamespace:
    """The judgement of some of the encounters."""
    met, at = whole.marks.of(rows, len(whole.satisfaction))
    of_marks = {"marks": met, "values": whole.values[:, at], "judgement": whole.judgement}
    of_marks |= {name: getattr(whole, name)[at] for name in ("weight", "remembered_weight")}
    of_encounters = {
        name: array[:, rows] if name in ("levels", "gaps") else array[rows]
        for name, array in vars(whole).items()
        if name not in of_marks
    }
    return SimpleNamespace(**of_encounters, **of_marks)
