"""How long a service takes: complexity, pace, learning, pressure, chat, self-check. Worked out by hand."""

import pytest

from sim.arithmetic import log, normal_quantile, power
from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from tests.by_hand.run import Run, clock, desk, segment, stage

SHIFT = ["08:00", "18:00"]
GREET = {"greet": {"stage": "desk", "dimension": "empathy", "weight": 1, "time": 1}}
WEEK = 7 * 1440


def lengths(run, stage_name="desk"):
    return [ended - started for started, ended in run.at(stage_name, "started", "ended")]


def test_work_plus_actions_times_complexity_over_pace():
    """(4 + 1) × 1.5 / 1.25 = 6."""
    staff = {"clerk": {"count": 1, "pace": 1.25}}
    run = Run(
        desk(customers={"all": segment("08:00", complexity=1.5)}, stages={"desk": stage(4)}, staff=staff, actions=GREET)
    )
    assert lengths(run) == [6]


def test_pace_at_the_stage_is_a_factor():
    """5 / (1.25 × 0.8) = 5."""
    staff = {"clerk": {"count": 1, "pace": 1.25, "serves": {"desk": 0.8}}}
    assert lengths(Run(desk(staff=staff))) == [5]


def test_only_actions_performed_take_time():
    actions = {
        "done": {"stage": "desk", "dimension": "empathy", "weight": 0.5, "time": 1},
        "not_required": {"stage": "desk", "dimension": "empathy", "weight": 0.5, "time": 30, "required": 0},
    }
    assert lengths(Run(desk(actions=actions))) == [6]


def test_time_of_an_action_by_segment():
    actions = {"greet": {**GREET["greet"], "time": {"a": 2, "default": 3}}}
    run = Run(desk(customers={"a": segment("08:00"), "b": segment("09:00")}, actions=actions))
    assert lengths(run) == [7, 8]


def test_self_service_knows_no_pace_but_complexity():
    run = Run(desk(customers={"all": segment("08:00", complexity=2)}, stages={"desk": stage(5, [])}, staff={}))
    assert lengths(run) == [10]


def test_one_over_pace_is_lognormal_with_mean_one_over_pace():
    """slowness = exp(mu + sigma·z) with mean 1/2 and cv 0.3; one person's for the whole run."""
    from sim.arithmetic import exp

    staff = {"clerk": {"count": 1, "pace": 2, "pace_cv": 0.3}}
    z = normal_quantile(uniform(stream_key(1, 0, "staff.pace", "clerk", ""), 0))
    variance = log(1 + 0.3**2)
    slowness = 0.5 * exp(variance**0.5 * z - variance / 2)
    run = Run(desk(customers={"all": segment("08:00", "09:00")}, staff=staff))
    assert lengths(run) == pytest.approx([5 * slowness] * 2, abs=1e-6)


def test_a_named_member_s_own_pace_has_no_spread():
    members = [{"name": "Ana", "shift": SHIFT, "pace": 2}]
    assert lengths(Run(desk(staff={"clerk": {"members": members, "pace_cv": 0.5}}))) == [2.5]


def test_learning_by_weeks_in_the_job_day_by_day():
    """Tenure is exponential about its mean: -log(1-u)·26 weeks; time is × (weeks/52)^-0.125 until the plateau."""
    staff = {"clerk": {"count": 1, "tenure": "26 wk"}}
    weeks = -log(1 - uniform(stream_key(1, 0, "staff.tenure", "clerk", ""), 0)) * 26
    days = {"days": 8, "open": "08:00", "close": "18:00"}
    quality = {"learning": {"exponent": 0.125, "plateau": "52 wk"}}
    run = Run(desk(calendar=days, staff=staff, quality=quality))
    expected = [5 * max(1, power(max(1, weeks + day / 7) / 52, -0.125)) for day in range(8)]
    assert lengths(run) == pytest.approx(expected, abs=1e-6)
    assert lengths(run)[7] < lengths(run)[0]


def test_without_tenure_everybody_is_past_the_curve():
    assert lengths(Run(desk(quality={"learning": {"exponent": 0.5}}))) == [5]


def test_speed_up_counts_everybody_at_the_stages_of_these_roles():
    """Four at the desk when the third starts? The first starts alone: N = 1, c = 1, reference 0.5: pressure 2,
    factor 2^-1 on the core work of 4 but not on the action of 1."""
    quality = {"load": {"speed_up": 1, "reference": 0.5, "high": 4}}
    customers = {"all": segment("08:00", "08:01", "08:02")}
    run = Run(desk(customers=customers, stages={"desk": stage(4)}, actions=GREET, quality=quality))
    # first: N = 1 → pressure 2 → 2 + 1 = 3 min. At 08:03 two inside: pressure 4 → 1 + 1 = 2. Then one: 3.
    assert run.at("desk", "present", "capacity") == [(1, 1), (2, 1), (1, 1)]
    assert lengths(run) == [3, 2, 3]


def test_pressure_is_clipped_and_below_one_work_is_slower():
    """N = 1, c = 4, reference 1: a quarter, clipped to low 0.5: work doubles."""
    quality = {"load": {"speed_up": 1, "reference": 1, "low": 0.5}}
    assert lengths(Run(desk(staff={"clerk": {"count": 4}}, quality=quality))) == [10]


def test_pressure_counts_over_all_stages_served_by_any_role_of_this_stage():
    """Two at the till and one at the desk, both of the clerks' stages; one at the bar, which is the barman's."""
    quality = {"load": {"speed_up": 1e-9}}
    customers = {
        "till": segment("08:00", "08:00", start="till"),
        "bar": segment("08:00", start="bar"),
        "all": segment("08:01"),
    }
    stages = {"desk": stage(5), "till": stage(5), "bar": stage(5, ["barman"])}
    run = Run(
        desk(customers=customers, stages=stages, staff={"clerk": {"count": 3}, "barman": {"count": 1}}, quality=quality)
    )
    assert run.at("desk", "present", "capacity") == [(3, 3)]
    assert run.at("bar", "present", "capacity") == [(1, 1)]


def test_those_on_a_break_and_gone_are_no_hands_and_at_least_one_counts():
    """Ana on her break, Bo gone at 09:00 and serving in overtime nobody new: at 09:05 Cy is one hand."""
    members = [
        {"name": "Ana", "shift": SHIFT, "breaks": [["09:00", "09:30"]]},
        {"name": "Bo", "shift": ["08:00", "09:00"]},
        {"name": "Cy", "shift": SHIFT},
    ]
    quality = {"load": {"speed_up": 1e-9}}
    run = Run(
        desk(
            customers={"all": segment("08:30", "09:05")},
            staff={"clerk": {"members": members, "at_once": 2}},
            quality=quality,
        )
    )
    assert run.at("desk", "capacity") == [6, 2]


def test_chat_each_in_hand_slows_the_next():
    """Two at once, slowdown 0.2: the first 5, the second 5 × 1.2 though the first ends meanwhile; fixed at the start."""
    staff = {"clerk": {"count": 1, "at_once": 3, "slowdown": 0.2}}
    run = Run(desk(customers={"all": segment("08:00", "08:01", "08:02", "08:03")}, staff=staff))
    assert run.at("desk", "started", "ended") == [(480, 485), (481, 487), (482, 489), (485, 492)]


def test_self_check_takes_its_time_whatever_the_pace_and_complexity():
    """5 × 2 / 2 plus half a minute."""
    scenario = desk(
        customers={"all": segment("08:00", complexity=2)},
        staff={"clerk": {"count": 1, "pace": 2}},
        actions={"greet": {**GREET["greet"], "time": 0}},
        management={"self_check": {"share": 1, "time": 0.5}},
    )
    run = Run(scenario)
    assert lengths(run) == [5.5]
    assert run.at("desk", "checked") == [True]


def test_a_stage_with_nothing_to_check_is_not_checked():
    run = Run(desk(management={"self_check": {"share": 1, "time": 0.5}}))
    assert lengths(run) == [5]
    assert run.at("desk", "checked") == [False]


def test_a_duration_is_rounded_once_half_up():
    """Work of 1/3 minute at pace 3: 6_666_666.67 microseconds."""
    run = Run(desk(stages={"desk": stage(1 / 3)}, staff={"clerk": {"count": 1, "pace": 3}}))
    assert int(run.column("ended_us")[0] - run.column("started_us")[0]) == 6_666_667


def test_training_does_not_change_pace():
    training = {"course": {"who": "clerk", "day": 0}}
    days = {"days": 2, "open": "08:00", "close": "18:00"}
    run = Run(desk(calendar=days, staff={"clerk": {"count": 1, "skill": 0.5}}, training=training))
    assert [row["ended"] - row["started"] for row in run.visits if row["started"]] == [5]
    assert run.at("desk", "joined")[1] == clock("08:00", 1)
