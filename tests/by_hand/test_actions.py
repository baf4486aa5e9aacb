"""Actions, their misses and causes; errors and the self-check. Thresholds around a known uniform, by hand."""

import pytest

from sim.arithmetic import normal_cdf, normal_quantile, power
from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from tests.by_hand.run import Run, desk, segment, stage

SEED = 1
U = uniform(stream_key(SEED, 0, "action", "all", "desk", "greet"), 0, 0, 0, 0)
CAUGHT = uniform(stream_key(SEED, 0, "action", "all", "desk", "greet"), 0, 0, 0, 1)
ERROR = uniform(stream_key(SEED, 0, "error", "all", "desk"), 0, 0, 0, 0)
ERROR_CAUGHT = uniform(stream_key(SEED, 0, "error", "all", "desk"), 0, 0, 0, 1)
JUST_ABOVE, JUST_BELOW = 1.000001, 0.999999


def greet(action=None, *, staff=None, quality=None, visits=("08:00",), **changes):
    actions = {"greet": {"stage": "desk", "dimension": "empathy", "weight": 1, **(action or {})}}
    scenario = desk(
        customers={"all": segment(*visits)},
        actions=actions,
        staff={"clerk": {"count": 1, **(staff or {})}},
        quality=quality or {},
    )
    return Run({**scenario, **changes})


def cause(*args, **kwargs):
    return greet(*args, **kwargs).at("desk", "greet")[0]


def test_the_uniform_is_somewhere_in_the_middle():
    assert 0.05 < U < 0.95
    assert 0.01 < ERROR < 0.6


def test_by_default_every_action_is_delivered():
    assert cause() == "hit"


@pytest.mark.parametrize(("factor", "came"), [(JUST_ABOVE, "hit"), (JUST_BELOW, "not_required")])
def test_required(factor, came):
    assert cause({"required": U * factor}) == came


@pytest.mark.parametrize(("factor", "came"), [(JUST_ABOVE, "hit"), (JUST_BELOW, "not_required")])
def test_empowerment_adds_what_is_not_required(factor, came):
    """required r, empowerment e: r + (1-r)e = u."""
    required = U / 2
    share = (U * factor - required) / (1 - required)
    assert cause({"required": required}, staff={"empowerment": share}) == came


def test_what_is_offered_unasked_and_fails_is_no_lapse():
    """Nothing is required, all would be tried: who does not know how has missed nothing that was due."""
    assert cause({"required": 0}, staff={"empowerment": 1, "skill": 0}) == "not_required"
    assert cause({"required": 1}, staff={"empowerment": 1, "skill": 0}) == "knowledge"


@pytest.mark.parametrize(("factor", "came"), [(JUST_ABOVE, "hit"), (JUST_BELOW, "knowledge")])
def test_knowledge_is_the_member_s_skill(factor, came):
    assert cause(staff={"skill": U * factor}) == came


@pytest.mark.parametrize(("factor", "came"), [(JUST_ABOVE, "hit"), (JUST_BELOW, "willingness")])
def test_willingness_multiplies_knowledge(factor, came):
    skill = (1 + U) / 2
    assert cause(staff={"skill": skill, "adherence": U / skill * factor}) == came


@pytest.mark.parametrize(("factor", "came"), [(JUST_ABOVE, "hit"), (JUST_BELOW, "load")])
def test_load_by_discretion_and_pressure(factor, came):
    """N = 1, c = 1, reference 0.5: pressure 2; 2^-(kappa·d) around u."""
    from sim.arithmetic import log

    kappa = -log(U * factor) / log(2) / 0.5
    assert cause({"discretion": 0.5}, quality={"load": {"corner_cutting": kappa, "reference": 0.5}}) == came
    assert cause({"discretion": 0}, quality={"load": {"corner_cutting": kappa, "reference": 0.5}}) == "hit"


def test_below_normal_pressure_nothing_is_skipped():
    assert cause({"discretion": 1}, quality={"load": {"corner_cutting": 9, "reference": 2}}) == "hit"


@pytest.mark.parametrize(("factor", "came"), [(JUST_ABOVE, "hit"), (JUST_BELOW, "fatigue")])
def test_fatigue_by_hours_on_shift(factor, came):
    """At 10:00, two hours on shift: 1 - 2·rate around u."""
    rate = (1 - U * factor) / 2
    assert cause(quality={"fatigue_per_hour": rate}, visits=("10:00",)) == came
    assert cause(quality={"fatigue_per_hour": rate}, visits=("08:00",)) == "hit"


def test_the_first_threshold_passed_over_names_the_cause():
    """All below u: not required comes before knowledge, knowledge before willingness, and so on."""
    low = U * 0.9
    load = {"load": {"corner_cutting": 50, "reference": 0.5}, "fatigue_per_hour": 1}
    everything = {"required": low, "discretion": 1}
    assert cause(everything, staff={"skill": low, "adherence": low}, quality=load) == "not_required"
    assert cause({"discretion": 1}, staff={"skill": low, "adherence": low}, quality=load) == "knowledge"
    assert cause({"discretion": 1}, staff={"adherence": low}, quality=load) == "willingness"
    assert cause({"discretion": 1}, quality=load, visits=("09:00",)) == "load"
    assert cause(quality=load, visits=("09:00",)) == "fatigue"


def test_required_by_segment():
    actions = {"greet": {"stage": "desk", "dimension": "empathy", "weight": 1, "required": {"a": 0, "default": 1}}}
    run = Run(desk(customers={"a": segment("08:00"), "b": segment("09:00")}, actions=actions))
    assert run.at("desk", "greet") == ["not_required", "hit"]


def test_people_differ_about_the_median_on_the_probit_scale():
    z = normal_quantile(0.8) + 0.5 * normal_quantile(uniform(stream_key(SEED, 0, "staff.skill", "clerk", ""), 0))
    run = greet(staff={"skill": 0.8, "skill_sd": 0.5})
    assert run.state.people[0].z == pytest.approx(z, rel=1e-12)
    assert run.at("desk", "greet")[0] == ("hit" if normal_cdf(z) > U else "knowledge")


def test_a_named_member_s_own_skill_has_no_spread():
    members = [{"name": "Ana", "shift": ["08:00", "18:00"], "skill": 0.7}]
    run = Run(desk(staff={"clerk": {"members": members, "skill_sd": 1}}))
    assert run.state.people[0].z == normal_quantile(0.7)


def test_who_never_waits_long_enough_has_no_actions():
    run = greet(visits=("08:00", "08:01"), stages={"desk": stage(5, balk={"if_wait": 1})})
    assert run.at("desk", "greet") == ["hit", "not_performed"]


# ---- self-service ------------------------------------------------------------------------------------------------


def self_service(action, staff=None):
    actions = {"greet": {"stage": "desk", "dimension": "empathy", "weight": 1, **action}}
    return Run(desk(stages={"desk": stage(5, [])}, actions=actions, staff=staff or {})).at("desk", "greet")[0]


def test_on_self_service_stages_actions_are_certain():
    assert self_service({}) == "hit"
    assert self_service({"required": U * JUST_BELOW}) == "not_required"


@pytest.mark.parametrize(
    ("role", "came"),
    [
        ({"skill": U * JUST_ABOVE}, "hit"),
        ({"skill": U * JUST_BELOW}, "knowledge"),
        ({"adherence": U * JUST_BELOW}, "willingness"),
    ],
)
def test_or_as_sure_as_the_median_member_of_a_role(role, came):
    assert self_service({"by": "host"}, {"host": {"count": 1, **role}}) == came


# ---- errors ------------------------------------------------------------------------------------------------------


def outcome(probability, *, staff=None, quality=None, action=None, management=None):
    actions = {
        "outcome": {"stage": "desk", "kind": "outcome", "dimension": "reliability", "weight": 1, **(action or {})}
    }
    run = Run(
        desk(
            stages={"desk": stage(5, error={"probability": probability})},
            actions=actions,
            staff={"clerk": {"count": 1, **(staff or {})}},
            quality=quality or {},
            management=management or {},
        )
    )
    return run.at("desk", "outcome", "error")[0]


@pytest.mark.parametrize(("factor", "came"), [(JUST_ABOVE, ("error", 1)), (JUST_BELOW, ("hit", 0))])
def test_error_probability(factor, came):
    assert outcome(ERROR * factor) == came


@pytest.mark.parametrize(("factor", "came"), [(JUST_ABOVE, ("error", 1)), (JUST_BELOW, ("hit", 0))])
def test_skill_lowers_errors_about_the_reference(factor, came):
    """p · exp(-0.5 (z - z_ref)) = u for a skill one probit above the reference."""
    from sim.arithmetic import exp

    skill = normal_cdf(normal_quantile(0.6) + 1)
    quality = {"error": {"skill_effect": 0.5, "reference_skill": 0.6}}
    p = ERROR * factor / exp(-0.5)
    assert p <= 1
    assert outcome(p, staff={"skill": skill}, quality=quality) == came


@pytest.mark.parametrize(("factor", "came"), [(JUST_ABOVE, ("error", 1)), (JUST_BELOW, ("hit", 0))])
def test_pressure_raises_errors(factor, came):
    """Pressure 2 (N = 1, c = 1, reference 0.5): p · 2^0.5."""
    quality = {"error": {"load_effect": 0.5}, "load": {"reference": 0.5}}
    assert outcome(ERROR * factor / power(2, 0.5), quality=quality) == came


def test_the_probability_is_at_most_one():
    assert outcome(1, staff={"skill": 0.01}, quality={"error": {"skill_effect": 3}}) == ("error", 1)


def test_who_always_knows_makes_no_error_where_skill_counts():
    assert outcome(1, staff={"skill": 1}, quality={"error": {"skill_effect": 0.5}}) == ("hit", 0)


def test_an_outcome_without_an_error_rule_always_hits():
    actions = {"outcome": {"stage": "desk", "kind": "outcome", "dimension": "reliability", "weight": 1}}
    run = Run(desk(actions=actions, staff={"clerk": {"count": 1, "skill": 0, "adherence": 0}}))
    assert run.at("desk", "outcome", "error") == [("hit", 0)]
    run = Run(desk(actions=actions, staff={"clerk": {"count": 1, "skill": 0}}, quality={"error": {"skill_effect": 1}}))
    assert run.at("desk", "outcome", "error") == [("hit", 0)]


def test_an_error_without_an_outcome_acts_on_the_flow_only():
    run = Run(
        desk(
            stages={
                "desk": stage(5, error={"probability": 1, "returns": 1, "after": 60, "returns_to": "x"}),
                "x": stage(1),
            }
        )
    )
    assert run.at("desk", "error") == [1]
    assert run.at("x", "joined") == [545]


def test_on_self_service_errors_have_the_stage_s_probability():
    for probability, error in ((ERROR * JUST_ABOVE, 1), (ERROR * JUST_BELOW, 0)):
        run = Run(desk(stages={"desk": stage(5, [], error={"probability": probability})}, staff={}))
        assert run.at("desk", "error") == [error]


# ---- self-check --------------------------------------------------------------------------------------------------


def checked(catches, *, share=1, action=None, **changes):
    """A lapse of knowledge, two minutes to make good; the check takes half a minute."""
    check = {"self_check": {"share": share, "catches": catches, "time": 0.5, "fix": 4}}
    action = {"time": 2, "checkable": True, **(action or {})}
    run = greet(action, staff={"skill": U * JUST_BELOW}, management=check, **changes)
    return run.at("desk", "greet", "checked", "ended")[0]


def test_a_lapse_caught_is_a_hit_flagged_and_takes_its_own_time():
    assert checked(CAUGHT * JUST_ABOVE) == ("knowledge, fixed", True, 487.5)
    assert checked(CAUGHT * JUST_BELOW) == ("knowledge", True, 485.5)


def test_only_what_is_checkable_is_caught():
    assert checked(1, action={"checkable": False}) == ("knowledge", True, 485.5)


def test_what_is_not_required_is_no_lapse():
    check = {"self_check": {"share": 1, "catches": 1, "time": 0.5}}
    run = greet({"required": 0, "checkable": True, "time": 2}, management=check)
    assert run.at("desk", "greet", "ended") == [("not_required", 485.5)]


def test_the_share_of_services_checked():
    luck = uniform(stream_key(SEED, 0, "check", "all", "desk"), 0, 0)
    assert checked(1, share=luck * JUST_ABOVE)[1]
    assert checked(1, share=luck * JUST_BELOW) == ("knowledge", False, 485)


def test_an_error_caught_is_put_right_and_brings_nobody_back():
    check = {"self_check": {"share": 1, "catches": ERROR_CAUGHT * JUST_ABOVE, "time": 0.5, "fix": 4}}
    error = {"probability": 1, "returns": 1, "after": 60, "returns_to": "x"}
    scenario = desk(stages={"desk": stage(5, error=error), "x": stage(1)}, management=check)
    assert Run(scenario).at("desk", "error", "ended") == [(2, 489.5)]
    assert len(Run(scenario).visits) == 1
    check["self_check"]["catches"] = ERROR_CAUGHT * JUST_BELOW
    assert Run(scenario).at("desk", "error", "ended") == [(1, 485.5)]
    assert len(Run(scenario).visits) == 2


def test_an_outcome_that_cannot_be_checked_hides_its_error():
    management = {"self_check": {"share": 1, "catches": 1}}
    assert outcome(1, management=management) == ("error", 1)
    assert outcome(1, management=management, action={"checkable": True}) == ("error, fixed", 2)


def test_on_self_service_nobody_checks():
    check = {"self_check": {"share": 1, "catches": 1, "time": 0.5}}
    actions = {"greet": {"stage": "desk", "dimension": "empathy", "weight": 1, "by": "host", "checkable": True}}
    run = Run(
        desk(stages={"desk": stage(5, [])}, actions=actions, staff={"host": {"count": 1, "skill": 0}}, management=check)
    )
    assert run.at("desk", "greet", "checked", "ended") == [("knowledge", False, 485)]
