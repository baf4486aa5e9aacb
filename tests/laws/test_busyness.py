"""Lasting overload as the log tells it: busy time over time there, worked out again for every service."""

import pytest

from tests.by_hand.run import Run
from tests.laws.sites import busy

OVER, ABOVE = 30.0, 0.75


def whole(start, end, spans):
    """Whether the spans cover all of [start, end]."""
    for a, b in sorted(spans):
        if a <= start < b:
            start = b
    return start >= end


def overlap(start, end, spans):
    return sum(max(0.0, min(end, b) - max(start, a)) for a, b in spans)


def site():
    """Everybody knows and is willing, so that lasting overload is the only cause of a miss."""
    scenario = busy()
    staff = {name: {**role, "skill": 1, "skill_sd": 0, "adherence": 1} for name, role in scenario["staff"].items()}
    actions = {name: {**action, "required": 1} for name, action in scenario["actions"].items()}
    load = {"overload": {"above": ABOVE, "over": OVER, "factor": 0}}
    return busy(staff=staff, actions=actions, quality={"load": load}, management={})


@pytest.mark.parametrize("seed", [1, 2])
def test_who_misses_is_who_was_busy_for_long(seed):
    run = Run(site(), seed)
    role_of = {member.name: member.role for member in run.site.members}
    stages = {stage.name: stage.roles for stage in run.site.stages}
    here = [(role_of[m], a, b) for m, kind, a, b in run.spells if kind in ("on_duty", "overtime")]
    work = [(role_of[m], a, b) for m, kind, a, b in run.spells if kind == "wasted"]
    work += [(role_of[v["member"]], v["started"], v["ended"]) for v in run.visits if v["member"] is not None]
    missed, reckoned = [], []
    for visit in run.visits:
        action = {"desk": "greet", "room": "explain"}.get(visit["stage"])
        if visit["started"] is None or action is None:
            continue
        now, roles = visit["started"], stages[visit["stage"]]
        window = (now - OVER, now)
        there, busy_for = (overlap(*window, [(a, b) for r, a, b in spans if r in roles]) for spans in (here, work))
        full = any(whole(*window, [(a, b) for r, a, b in here if r == role]) for role in roles)
        reckoned.append(full and busy_for > ABOVE * there + 1e-6)
        missed.append(visit[action] == "load")
    assert missed == reckoned
    assert sum(missed) > 30
    assert sum(missed) < len(missed) - 30
