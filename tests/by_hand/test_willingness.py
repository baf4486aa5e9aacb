"""Audits, bonuses, own standards, and habits that wear off. Thresholds around a known uniform, by hand."""

from dataclasses import replace

import pytest

from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from sim.flow.state import initial_state
from sim.rules.willingness import audit_strength, audited_willingness, paid_adherence, practice_share, told_lately
from tests.by_hand.run import Run, desk, segment

DAY = 1440.0
JUST_ABOVE, JUST_BELOW = 1.000001, 0.999999
BOTH = pytest.mark.parametrize(("factor", "came"), [(JUST_ABOVE, "hit"), (JUST_BELOW, "willingness")])


def luck(day=0):
    return uniform(stream_key(1, 0, "action", "all", "desk", "greet"), 0, day)


def greet(*, days=1, adherence=0.0, management=None, **changes):
    """One clerk who always knows, one customer a day, one action of two minutes after five of work."""
    action = {"stage": "desk", "dimension": "empathy", "weight": 1, "checkable": True, "time": 2}
    scenario = desk(
        calendar={"days": days, "open": "08:00", "close": "18:00"},
        customers={"all": segment("08:00")},
        staff={"clerk": {"count": 1, "adherence": adherence}},
        actions={"greet": action},
        management=management or {},
    )
    return Run({**scenario, **changes})


def cause(day=0, **changes):
    return greet(days=day + 1, **changes).at("desk", "greet")[day]


def begin_with(monkeypatch, **person):
    """Let everybody be other than chance made them."""

    def state(site, seed, replication):
        first = initial_state(site, seed, replication)
        return replace(first, people=tuple(p._replace(**person) for p in first.people))

    monkeypatch.setattr("tests.by_hand.run.initial_state", state)


# ---- audits ------------------------------------------------------------------------------------------------------


@BOTH
def test_audits_avoid_unwilling_misses(factor, came):
    """Nobody is willing by herself: V = effect × share, around u."""
    assert cause(management={"audit": {"share": 0.99, "effect": luck() * factor / 0.99}}) == came


@BOTH
def test_audits_avoid_a_part_of_what_is_left(factor, came):
    """Willing in a half of u: V = u/2 + (1 − u/2) × effect."""
    u = luck()
    effect = (u * factor - u / 2) / (1 - u / 2)
    assert cause(adherence=u / 2, management={"audit": {"share": 1, "effect": effect}}) == came


def test_audits_that_are_not_told_change_nobody():
    assert cause(management={"audit": {"share": 1, "effect": 1}}) == "hit"
    assert cause(management={"audit": {"share": 1, "effect": 1, "feedback": False}}) == "willingness"


@BOTH
def test_the_effect_of_audits_fades_from_day_0(factor, came):
    """Half after two days."""
    audit = {"share": 1, "effect": min(1, 2 * luck(2) * factor), "fade": "2 d"}
    assert luck(2) < 0.5
    assert cause(2, management={"audit": audit}) == came


def test_audits_do_not_help_who_does_not_know():
    staff = {"clerk": {"count": 1, "skill": 0.0}}
    assert cause(staff=staff, management={"audit": {"share": 1, "effect": 1}}) == "knowledge"


def test_audits_shrink_misses_as_published():
    """Armellino et al. 2012: 6.5 per cent passed while nobody was told, 81.6 and then 87.9 when they were."""
    for passed, remaining in ((0.816, 0.803), (0.879, 0.871)):
        assert audited_willingness(0.065, audit_strength(remaining, 0, DAY), 1) == pytest.approx(passed, abs=0.001)
    assert audit_strength(0.8, 720 * DAY, 1036800) == pytest.approx(0.4)


# ---- a bonus -----------------------------------------------------------------------------------------------------


@BOTH
def test_a_bonus_adds_to_adherence(factor, came):
    u = luck()
    assert cause(adherence=u / 2, management={"incentive": {"adherence": u * factor - u / 2}}) == came


def test_adherence_under_a_bonus_stays_within_0_and_1():
    assert paid_adherence(0.95, 0.2) == 1
    assert paid_adherence(0.1, -0.2) == 0
    assert cause(adherence=1, management={"incentive": {"on": "speed", "adherence": -1}}) == "willingness"


@BOTH
def test_audits_count_after_the_bonus(factor, came):
    """(u/2 taken away from u/2) leaves nothing to audits but their own effect."""
    u = luck()
    management = {"incentive": {"adherence": -u / 2}, "audit": {"share": 1, "effect": u * factor}}
    assert cause(adherence=u / 2, management=management) == came


def test_a_bonus_on_speed_multiplies_the_pace():
    """(5 + 2) / (1.4 × 1.25) = 4; without it 5."""
    staff = {"clerk": {"count": 1, "pace": 1.4}}
    run = greet(staff=staff, management={"incentive": {"on": "speed", "pace": 1.25}})
    assert run.at("desk", "started", "ended") == [(480, 484)]
    assert greet(staff=staff).at("desk", "started", "ended") == [(480, 485)]


# ---- their own standards -----------------------------------------------------------------------------------------


@BOTH
def test_willingness_follows_people_s_own_standard(monkeypatch, factor, came):
    """Adherence 0.98 of a standard that is u / 0.98 of the written one."""
    begin_with(monkeypatch, standard=luck() * factor / 0.98)
    assert cause(adherence=0.98) == came


@BOTH
def test_audits_make_up_for_a_low_standard(monkeypatch, factor, came):
    begin_with(monkeypatch, standard=0.0)
    assert cause(adherence=1, management={"audit": {"share": 1, "effect": luck() * factor}}) == came


# ---- habits ------------------------------------------------------------------------------------------------------


CHECK = uniform(stream_key(1, 0, "check", "all", "desk"), 0, 4)


def checked(share, **management):
    """Whether the service of day 4 is checked; without audits that are told half of the share is left by then."""
    check = {"share": share, "decline": "4 d"}
    return greet(days=5, management={"self_check": check, **management}).at("desk", "checked")[4]


def test_the_self_check_declines_from_day_0():
    assert 0.1 < CHECK < 0.4
    assert checked(2 * CHECK * JUST_ABOVE)
    assert not checked(2 * CHECK * JUST_BELOW)


def test_audits_that_are_told_keep_the_self_check_up():
    audit = {"share": 1, "effect": 0}
    assert checked(CHECK * JUST_ABOVE, audit=audit)
    assert not checked(CHECK * JUST_BELOW, audit=audit)
    assert not checked(CHECK * JUST_ABOVE, audit={**audit, "feedback": False})
    assert not checked(CHECK * JUST_ABOVE, audit={**audit, "share": 0})


def test_habits_halve_and_never_end():
    assert practice_share(0.8, 0, 20 * DAY, told=0) == 0.8
    assert practice_share(0.8, 20 * DAY, 20 * DAY, told=0) == pytest.approx(0.4)
    assert practice_share(0.8, 60 * DAY, 20 * DAY, told=0) == pytest.approx(0.2)
    assert practice_share(0.8, 60 * DAY, 20 * DAY, told=1) == 0.8
    assert practice_share(0.8, 60 * DAY, float("inf"), told=0) == 0.8


def test_who_is_seldom_told_forgets_nearly_as_others_do():
    """One service in twenty audited and told: 1 - .95^20 = .64 of people remember one of the last twenty."""
    assert told_lately(0, 20) == 0
    assert told_lately(1, 20) == 1
    assert told_lately(0.05, 20) == pytest.approx(1 - 0.95**20)
    assert told_lately(0.0001, 20) < 0.002
    assert practice_share(0.8, 60 * DAY, 20 * DAY, told_lately(0.05, 20)) == pytest.approx(
        0.8 * (0.6415 + 0.3585 / 4), abs=1e-4
    )
