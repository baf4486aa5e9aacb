"""Each mechanism of management switched off leaves the plain run, bit for bit; switched on it changes something."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.learning import reflection_gain, spilled_pace_gain, trained_pace_gain
from sim.rules.willingness import audit_strength, audited_willingness, paid_adherence, practice_share
from tests.by_hand.run import Run
from tests.laws.sites import busy, everything

SHARES = st.floats(0, 1)
MINUTES = st.floats(0, 1e7)
HALVES = st.floats(1, 1e7) | st.just(float("inf"))

CHECK = {"self_check": {"share": 0.3}}


def management(**changes: Any) -> dict[str, Any]:
    return {"management": {**CHECK, **changes}}


def load(**changes: Any) -> dict[str, Any]:
    """A site that counts pressure, but for nothing else."""
    return {"quality": {"load": changes}}


def course(**changes: Any) -> dict[str, Any]:
    event = {"who": ["clerk", "boss"], "share": 0.5, "day": 0, "backfill": True, "effect": 0, **changes}
    return {"training": {"course": event}}


OFF_AND_ON = {
    "audits, of no service": (
        management(audit={"share": 0, "effect": 1, "cost": 5}),
        management(audit={"share": 1, "effect": 1}),
    ),
    "audits, without effect": (management(audit={"share": 1, "effect": 0}), management(audit={"share": 0.5})),
    "audits, untold": (management(audit={"share": 1, "effect": 1, "feedback": False}), management(audit={"share": 1})),
    "a bonus, of nothing": (management(incentive={"cost": 3}), management(incentive={"adherence": -0.5})),
    "a bonus on speed, of nothing": (
        management(incentive={"on": "speed", "cost": 3}),
        management(incentive={"on": "speed", "pace": 1.1}),
    ),
    "records, in vain": (management(crm={"greet": {}}), management(crm={"greet": {"time": 0.5}})),
    "records, known before": (management(crm={"greet": {}}), management(crm={"greet": {"skill": 2}})),
    "machines, for nobody": (
        management(automation={"greet": {"share": 0, "time": 9}}),
        management(automation={"greet": {"share": 0.5}}),
    ),
    "habits that last": (
        {"management": {"self_check": {"share": 0.3, "decline": "never"}}},
        {"management": {"self_check": {"share": 0.3, "decline": "1 d"}}},
    ),
    "habits that are looked at": (
        {"management": {"self_check": {"share": 0.3, "decline": "1 d"}, "audit": {"share": 1, "effect": 0}}},
        {"management": {"self_check": {"share": 0.3, "decline": "1 d"}}},
    ),
    "idleness": (load(idle={"below": 100, "willingness": 1}), load(idle={"below": 100, "willingness": 0.5})),
    "overload": (
        load(overload={"above": 0, "over": 1, "factor": 1}),
        load(overload={"above": 0, "over": 1, "factor": 0.5}),
    ),
    "training of nothing": (course(), course(faster=1.2)),
    "training that spills nothing": (course(spill=0), course(spill=0.2)),
}


@pytest.fixture(scope="module")
def plain() -> list[Any]:
    return everything(Run(busy()))


@pytest.mark.parametrize("what", OFF_AND_ON)
def test_off_is_the_plain_run_and_on_is_not(what: str, plain: list[Any]) -> None:
    off, on = OFF_AND_ON[what]
    assert everything(Run(busy(**off))) == plain
    assert everything(Run(busy(**on))) != plain


# ---- what the rules promise for any numbers ----------------------------------------------------------------------


@given(SHARES, SHARES, SHARES, MINUTES, HALVES)
def test_audits_make_nobody_less_willing(willing: float, effect: float, share: float, elapsed: float, fade: float):
    """And never more than always; more audits never less."""
    strength = audit_strength(effect, elapsed, fade)
    assert 0 <= strength <= effect
    audited = audited_willingness(willing, strength, share)
    assert willing <= audited <= 1
    assert audited <= audited_willingness(willing, strength, 1)
    assert audited_willingness(willing, 0.0, share) == willing


@given(SHARES, st.floats(-2, 2))
def test_willingness_under_a_bonus_is_a_share(adherence: float, added: float):
    assert 0 <= paid_adherence(adherence, added) <= 1
    assert paid_adherence(adherence, 0.0) == adherence


@given(SHARES, MINUTES, MINUTES, HALVES)
def test_habits_only_decline(share: float, elapsed: float, longer: float, decline: float):
    now, later = sorted((elapsed, longer))
    assert 0 <= practice_share(share, later, decline, False) <= practice_share(share, now, decline, False) <= share


@given(st.floats(1, 3), SHARES, SHARES, MINUTES, MINUTES, HALVES)
def test_gains_of_pace_only_fade(
    faster: float, spill: float, share: float, elapsed: float, longer: float, fresh: float
):
    now, later = sorted((elapsed, longer))
    assert 0 <= trained_pace_gain(faster, later, fresh) <= trained_pace_gain(faster, now, fresh) <= faster - 1
    assert 0 <= spilled_pace_gain(spill, share, later, fresh) <= spilled_pace_gain(spill, share, now, fresh) <= spill


@given(st.floats(0, 2), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 1000))
def test_reflection_teaches_more_and_more_up_to_its_gain(gain: float, few: int, more: int, every: int):
    few, more = sorted((few, more))
    assert 0 <= reflection_gain(gain, few, every) <= reflection_gain(gain, more, every) <= gain
