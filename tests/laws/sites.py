"""Sites with chance in every purpose, for laws that must hold whatever the numbers."""

from typing import Any

from tests.by_hand.run import ENCOUNTER, Run

Row = dict[str, Any]

_VISIT = (
    "stage",
    "visit",
    "joined_us",
    "started_us",
    "ended_us",
    "visit_ended_as",
    "member",
    "causes",
    "error",
    "checked",
)


def busy(**changes: Any) -> Row:
    """Two segments, four stages with loops, balking, patience, places, errors, returns, retries, breaks."""
    plain: Row = {
        "calendar": {"days": 3, "open": "08:00", "close": "16:00"},
        "site": {"capacity": 60, "busyness_cv": 0.1, "places": {"room": 3}},
        "customers": {
            "regular": {
                "arrivals": {"rate": {"08:00": "12/h", "12:00": "20/h"}, "busyness_cv": 0.1},
                "start": "desk",
                "patience": {"dist": "exponential", "mean": 12},
                "group": {"dist": "uniform", "low": 1, "high": 3},
            },
            "new": {
                "arrivals": {"interarrival": {"dist": "gamma", "mean": 9, "cv": 0.5}, "party": {"dist": "uniform", "low": 1, "high": 2}},
                "start": "desk",
                "patience": {"dist": "lognormal", "mean": 20, "cv": 0.5, "silent": {"share": 0.3, "wasted": 1}},
                "complexity": 1.3,
                "priority": -1,
            },
        },
        "stages": {
            "desk": {
                "staff": ["clerk", "boss"],
                "work": {"dist": "lognormal", "mean": 5, "cv": 0.6},
                "queue": "priority",
                "balk": {"per_person_ahead": 0.05},
                "announce": {"what": "expected_wait", "balk": True},
                "retry": {"probability": 0.4, "after": {"dist": "exponential", "mean": 40}},
                "error": {"probability": 0.15, "returns": 0.6, "after": {"dist": "exponential", "mean": 90}, "returns_to": "query"},
                "next": {"regular": {"room": 0.5, "leave": 0.5}, "new": {"form": 0.7, "room": 0.3}},
            },
            "form": {"staff": [], "work": {"dist": "exponential", "mean": 4}, "next": {"desk": 0.3, "room": 0.2, "leave": 0.5}},
            "room": {"staff": ["boss"], "work": {"dist": "erlang", "mean": 8, "k": 3}, "takes": "room", "queue": "random"},
            "query": {"staff": [["clerk", "boss"]], "work": {"dist": "gamma", "mean": 3, "cv": 0.5}, "queue": "lifo"},
        },
        "staff": {
            "clerk": {"on_duty": {"08:00": 1, "10:00": 3, "14:00": 2}, "skill": 0.85, "skill_sd": 0.3, "adherence": 0.9, "pace_cv": 0.2},
            "boss": {
                "members": [
                    {"name": "Ana", "shift": ["08:00", "13:00"], "breaks": [["10:00", "10:20"]]},
                    {"name": "Bo", "shift": ["10:00", "16:00"], "breaks": [["13:00", "13:30"]]},
                ],
                "skill": 0.95,
                "picks": "own_first",
            },
        },
        "actions": {
            "greet": {"stage": "desk", "dimension": "empathy", "weight": 0.5, "time": 0.2, "required": 0.9, "checkable": True},
            "explain": {"stage": "room", "dimension": "empathy", "weight": 0.5, "time": 1},
            "result": {"stage": "desk", "kind": "outcome", "dimension": "reliability", "weight": 1, "checkable": True},
        },
        "management": {"self_check": {"share": 0.3}},
    }  # fmt: skip
    return {**plain, **changes}


def everything(run: Run) -> list[Any]:
    """All of the log that can differ, as plain lists."""
    encounters = tuple(name for name in ENCOUNTER if name not in ("day", "index"))
    spells = ("spell_member", "spell_kind", "spell_start_us", "spell_end_us")
    return [run.column(name).tolist() for name in (*encounters, *_VISIT, *spells)]


def arrivals(run: Run) -> dict[tuple[str, int, int], tuple[float, int]]:
    """When each customer came, and in what company."""
    return {(r["segment"], r["day"], r["index"]): (r["arrived"], r["group"]) for r in run.encounters}


def brought(run: Run) -> dict[tuple[str, int, int], tuple[Any, ...]]:
    """What each customer would bring to a first and a third visit to each of her stages."""
    from sim.flow.plan import draw

    plan = draw(run.site, run.state, 1, 0)
    found = {}
    for row in run.encounters:
        segment = run.site.segments.index(row["segment"])
        for at, stage in enumerate(run.site.stages):
            for visit in (0, 2):
                luck = plan.later_passage(segment, at, row["day"], row["index"], visit)
                own = (
                    dict(zip((action.name for action in stage.actions), luck.actions[0], strict=True))
                    if luck.actions
                    else {}
                )
                key = (row["segment"], row["day"], row["index"], stage.name, visit)
                found[key] = (luck.work_min, luck.patience_us, luck.balk, luck.error, own)
    return found
