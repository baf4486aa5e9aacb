"""Training for pace, coaching, reflection, records, machines, idleness and lasting overload. Worked out by hand."""

from dataclasses import replace

import pytest

from sim.arithmetic import normal_cdf, normal_quantile
from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from sim.flow.log import AUTOMATED, Cause
from sim.flow.plan import draw
from sim.flow.simulate import simulate
from sim.flow.state import initial_state
from sim.rules.actions import fatigue_factor
from sim.rules.learning import learning_factor, reflection_gain, training_gain
from tests.by_hand.run import Run, desk, segment, stage

JUST_ABOVE, JUST_BELOW = 1.000001, 0.999999
MONTH = 30 * 1440.0
ACTION = {"stage": "desk", "dimension": "empathy", "weight": 1}
GREET = {"greet": {**ACTION, "time": 2, "checkable": True}}


def luck(index=0, day=0, action="greet", purpose="action", k=0):
    return uniform(stream_key(1, 0, purpose, "all", "desk", action), index, day, 0, k)


U = luck()


def days(n):
    return {"days": n, "open": "08:00", "close": "18:00"}


def lengths(run):
    """Of the services, by day."""
    return {int(row["started"] // 1440): row["ended"] - row["started"] for row in run.visits if row["started"]}


def begin_with(monkeypatch, targeted=(), **person):
    """Let everybody be other than chance made them, and a review have chosen what is taught."""

    def state(site, seed, replication):
        first = initial_state(site, seed, replication)
        return replace(first, people=tuple(p._replace(**person) for p in first.people), targeted=targeted)

    monkeypatch.setattr("tests.by_hand.run.initial_state", state)


# ---- training for pace -------------------------------------------------------------------------------------------


def course(n=1, **event):
    """One customer a day at 08:00, 6 minutes; a course on day 0 for the clerks, of whom somebody else covers."""
    event = {"who": "clerk", "day": 0, "backfill": True, **event}
    return desk(calendar=days(6), stages={"desk": stage(6)}, staff={"clerk": {"count": n}}, training={"course": event})


def test_trainees_work_faster_from_the_day_after():
    """6 / 1.5 = 4, and it stays where it never fades."""
    assert lengths(Run(course(faster=1.5, fresh="never"))) == {0: 6, 1: 4, 2: 4, 3: 4, 4: 4, 5: 4}


def test_half_of_the_pace_is_left_after_fresh():
    """Four days: on day 5, 1 + 0.5 / 2."""
    found = lengths(Run(course(faster=1.5, fresh="4 d")))
    assert (found[1], found[5]) == (4, pytest.approx(6 / 1.25))


def test_a_refresher_renews_the_pace_and_adds_none():
    """Held on days 0, 2, 4 …: 1.25 on the day after, 1 + 0.25 × ½ a day later."""
    found = lengths(Run(course(faster=1.25, fresh="1 d", every="2 d")))
    assert (found[1], found[2], found[3]) == (pytest.approx(4.8), pytest.approx(6 / 1.125), pytest.approx(4.8))


def pace_of(n, **event):
    """Lengths of the services of day 1, by member: they come at one instant, one to each."""
    scenario = course(n, fresh="never", **event)
    run = Run({**scenario, "customers": {"all": segment(*["08:00"] * n)}})
    return {row["member"]: row["ended"] - row["started"] for row in run.visits if 1440 < row["joined"] < 2880}


def trained(n, share):
    key = stream_key(1, 0, "training.trainee", "course", "clerk")
    ranked = sorted(range(n), key=lambda m: uniform(key, m))
    return {f"clerk {m + 1}" for m in ranked[: int(n * share)]}


def test_untrained_colleagues_are_faster_by_the_share_trained():
    """Half of four are trained, 1.5 times as fast; the others by 0.5 × 2/4."""
    found = pace_of(4, share=0.5, faster=1.5, spill=0.5)
    sent = trained(4, 0.5)
    assert {name for name, length in found.items() if length == 4} == sent
    assert [found[name] for name in found.keys() - sent] == [pytest.approx(6 / 1.25)] * 2


def test_without_spill_untrained_colleagues_are_as_before():
    assert sorted(pace_of(4, share=0.5, faster=1.5).values()) == [4, 4, 6, 6]


def test_it_spills_within_the_role_only():
    scenario = course(1, faster=1.5, spill=0.5, fresh="never")
    scenario["staff"]["boss"] = {"count": 1}
    scenario["stages"]["office"] = stage(6, ["boss"])
    scenario["customers"]["new"] = segment("09:00", start="office")
    run = Run(scenario)
    assert [row["ended"] - row["started"] for row in run.visits if row["stage"] == "office"] == [6] * 6


def test_who_came_after_the_course_has_neither_gain_nor_pace(monkeypatch):
    """In the job since day 1, the course was on day 0; since day 0, she was there."""
    z = normal_quantile(luck(0, 2)) - 0.2
    scenario = course(faster=1.5, fresh="never", effect=0.4, half_time="never")
    scenario |= {"actions": {"greet": ACTION}, "staff": {"clerk": {"count": 1, "skill": normal_cdf(z)}}}
    begin_with(monkeypatch, since_day=0)
    stayed = Run(scenario)
    begin_with(monkeypatch, since_day=1)
    came = Run(scenario)
    assert (lengths(stayed)[2], stayed.at("desk", "greet")[2]) == (4, "hit")
    assert (lengths(came)[2], came.at("desk", "greet")[2]) == (6, "knowledge")


# ---- what is taught ----------------------------------------------------------------------------------------------


def taught(monkeypatch, actions, targeted, **management):
    """What is known on day 2 by people who knew nothing before, after a course on day 1."""
    begin_with(monkeypatch, targeted=targeted)
    event = {"who": "clerk", "day": 1, "actions": actions, "effect": 20, "half_time": "never", "backfill": True}
    scenario = desk(
        calendar=days(3),
        staff={"clerk": {"count": 1, "skill": 1e-9}},
        actions={name: {**ACTION, "weight": 0.5} for name in ("greet", "smile")},
        training={"course": event},
        management=management,
        review="1 d",
    )
    run = Run(scenario)
    return {name for name in ("greet", "smile") if run.at("desk", name)[2] == "hit"}


CHOSEN = (("course", 1, ("smile",)),)
TARGETING = {"reflection": {"target_training": True, "time": 0}}


def test_a_course_of_the_most_missed_teaches_what_a_review_chose(monkeypatch):
    assert taught(monkeypatch, {"most_missed": 1}, CHOSEN) == {"smile"}


def test_before_a_review_has_chosen_it_teaches_nothing(monkeypatch):
    assert taught(monkeypatch, {"most_missed": 1}, (("course", 7, ("smile",)),)) == set()


def test_reflection_may_choose_in_place_of_what_is_listed(monkeypatch):
    assert taught(monkeypatch, ["greet"], CHOSEN, **TARGETING) == {"smile"}
    assert taught(monkeypatch, ["greet"], (), **TARGETING) == {"greet"}
    assert taught(monkeypatch, ["greet"], CHOSEN) == {"greet"}
    assert taught(monkeypatch, "all", CHOSEN, **TARGETING) == {"greet", "smile"}


# ---- coaching, reflection ----------------------------------------------------------------------------------------


def greet(quality=None, management=None, **staff):
    """Five minutes of work and two of the action, one customer."""
    return Run(
        desk(
            stages={"desk": stage(5)},
            actions=GREET,
            staff={"clerk": {"count": 1, **staff}},
            quality=quality or {},
            management=management or {},
            review="1 d",
        )
    )


def known(monkeypatch, more, management=None, **person):
    """Whether the action is known by somebody whose own z lacks ``more`` of what the customer's uniform needs."""
    begin_with(monkeypatch, **person)
    return greet(management=management, skill=normal_cdf(normal_quantile(U) - more)).at("desk", "greet")[0] == "hit"


def test_coaching_moves_knowledge_either_way(monkeypatch):
    assert known(monkeypatch, 0.299, coached=0.3)
    assert not known(monkeypatch, 0.301, coached=0.3)
    assert not known(monkeypatch, -0.299, coached=-0.3)
    assert known(monkeypatch, -0.301, coached=-0.3)


def test_half_of_what_reflection_teaches_comes_after_every(monkeypatch):
    """0.4 × (1 − 2^(−reflections/20))."""
    management = {"reflection": {"gain": 0.4, "every": 20, "time": 0}}
    for reflections, gain in ((0, 0.0), (20, 0.2), (40, 0.3)):
        assert known(monkeypatch, gain - 1e-6, management, reflections=reflections)
        assert not known(monkeypatch, gain + 1e-6, management, reflections=reflections)
    assert not known(monkeypatch, 1e-6, None, reflections=20)
    assert reflection_gain(0.41, 20, 20) == pytest.approx(0.205)


def test_knowing_more_makes_fewer_errors(monkeypatch):
    """The outcome's knowledge counts for errors: p × exp(−gain) around its uniform."""
    from sim.arithmetic import exp

    u = uniform(stream_key(1, 0, "error", "all", "desk"), 0)
    for factor, error in ((JUST_ABOVE, 1), (JUST_BELOW, 0)):
        begin_with(monkeypatch, coached=0.4)
        scenario = desk(
            stages={"desk": stage(5, error={"probability": u * factor / exp(-0.4)})},
            staff={"clerk": {"count": 1, "skill": 0.6}},
            quality={"error": {"skill_effect": 1, "reference_skill": 0.6}},
        )
        assert Run(scenario).at("desk", "error") == [error]


def test_from_the_day_after_a_review_people_are_as_it_left_them():
    """On day 0 she knows nothing; the review after it coaches her."""
    scenario = desk(calendar=days(3), actions=GREET, staff={"clerk": {"count": 1, "skill": 1e-9, "tenure": "1 wk"}})
    run = Run(scenario)
    assert run.at("desk", "greet") == ["knowledge"] * 3
    people = tuple(p._replace(coached=20.0, slowness=0.5) for p in run.state.people)
    running = simulate(draw(run.site, run.state, 1, 0))
    blocks = [next(running)]
    blocks.append(running.send(draw(run.site, replace(run.state, people=people, day=1), 1, 0, 1)))
    blocks.append(next(running))
    assert [log.causes[:, 0].tolist() for log in blocks] == [[Cause.KNOWLEDGE], [Cause.HIT], [Cause.HIT]]
    minutes = [((log.ended_us - log.started_us) / 60e6).tolist() for log in blocks]
    assert minutes == [[5], [3.5], [3.5]]


# ---- customer records --------------------------------------------------------------------------------------------


def test_records_shorten_the_time_of_an_action():
    """5 + 2 × 0.25."""
    assert lengths(greet(management={"crm": {"greet": {"time": 0.25}}})) == {0: 5.5}
    assert lengths(greet()) == {0: 7}


def test_records_help_to_know(monkeypatch):
    management = {"crm": {"greet": {"skill": 0.2}}}
    assert known(monkeypatch, 0.199, management)
    assert not known(monkeypatch, 0.201, management)


def test_an_action_mended_with_records_takes_their_time():
    """5, half a minute for the check, and 2 × 0.25."""
    check = {"share": 1, "catches": 1, "time": 0.5}
    management = {"crm": {"greet": {"time": 0.25}}, "self_check": check}
    assert lengths(greet(management=management, skill=0)) == {0: 6}


# ---- machines ----------------------------------------------------------------------------------------------------

MACHINE = luck(purpose="automation")


def machine(share, **changes):
    scenario = desk(
        stages={"desk": stage(6)},
        actions=GREET,
        staff={"clerk": {"count": 1, "skill": 0, "adherence": 0, "pace": 2}},
        management={"automation": {"greet": {"share": share, "time": 0.25}}, **changes.pop("management", {})},
    )
    return Run({**scenario, **changes})


def causes(run):
    return run.column("causes")[:, 0].tolist()


def test_a_machine_does_the_action_for_a_share_of_customers():
    """Whoever the uniform falls to; the others meet a clerk who knows nothing."""
    assert causes(machine(MACHINE * JUST_ABOVE)) == [Cause.HIT + AUTOMATED]
    assert causes(machine(MACHINE * JUST_BELOW)) == [Cause.KNOWLEDGE]
    assert causes(machine(0)) == [Cause.KNOWLEDGE]


def test_a_machine_takes_its_own_time_whoever_serves():
    """6 / 2 for the clerk and a quarter of a minute, complexity or not: 12 / 2 + 0.25."""
    assert lengths(machine(1)) == {0: 3.25}
    assert lengths(machine(1, customers={"all": segment("08:00", complexity=2)})) == {0: 6.25}
    assert lengths(machine(1, management={"crm": {"greet": {"time": 9}}})) == {0: 3.25}


def test_what_a_machine_does_needs_no_check():
    check = {"self_check": {"share": 1, "catches": 1, "time": 0.5}}
    run = machine(1, management=check)
    assert causes(run) == [Cause.HIT + AUTOMATED]
    assert lengths(run) == {0: 3.75}


def test_a_machine_heeds_neither_standard_nor_load_nor_hours():
    quality = {"fatigue_per_hour": 1, "load": {"corner_cutting": 9, "reference": 0.1}}
    actions = {"greet": {**GREET["greet"], "required": 0, "discretion": 1}}
    run = machine(1, quality=quality, actions=actions, customers={"all": segment("12:00")})
    assert causes(run) == [Cause.HIT + AUTOMATED]


# ---- idleness and lasting overload -------------------------------------------------------------------------------


@pytest.mark.parametrize(("factor", "came"), [(JUST_ABOVE, "hit"), (JUST_BELOW, "willingness")])
def test_with_little_to_do_people_drift(factor, came):
    """N = 1, c = 1, reference 2: pressure 0.5, below 0.7."""
    idle = {"below": 0.7, "willingness": U * factor}
    assert greet({"load": {"reference": 2, "idle": idle}}).at("desk", "greet") == [came]


def test_at_the_pressure_named_nobody_drifts():
    assert greet({"load": {"reference": 2, "idle": {"below": 0.5, "willingness": 0}}}).at("desk", "greet") == ["hit"]
    assert greet({"load": {"reference": 1, "idle": {"below": 0.7, "willingness": 0}}}).at("desk", "greet") == ["hit"]


def overload(above, *at, factor=0.0, over=10, customers=None, **changes):
    """Whether each service was missed by load: five minutes each, looking back ten."""
    scenario = desk(
        customers=customers or {"all": segment(*at)},
        actions={"greet": ACTION},
        quality={"load": {"overload": {"above": above, "over": over, "factor": factor}}},
    )
    return Run({**scenario, **changes}).at("desk", "greet")


BACK_TO_BACK = ("08:00", "08:05", "08:10")


def test_who_is_busy_for_long_misses_more():
    """The third begins after ten minutes without a pause."""
    assert overload(0.9, *BACK_TO_BACK) == ["hit", "hit", "load"]
    assert overload(1, *BACK_TO_BACK) == ["hit", "hit", "hit"]


@pytest.mark.parametrize(("by", "came"), [(JUST_ABOVE, "hit"), (JUST_BELOW, "load")])
def test_lasting_overload_multiplies_every_action_s_chance(by, came):
    """Also of what is at nobody's discretion."""
    assert overload(0.9, *BACK_TO_BACK, factor=luck(2) * by)[2] == came


@pytest.mark.parametrize(
    ("at", "share"),
    [("08:10", 0.5), ("08:12", 0.3), ("08:15", 0.0), ("17:00", 0.0)],
    ids=["all", "part", "past", "late"],
)
def test_the_window_moves_with_the_clock(at, share):
    """Busy from 08:00 to 08:05: of the ten minutes before the next, so much."""
    assert overload(share, "08:00", at) == ["hit", "hit"]
    if share:
        assert overload(share - 0.001, "08:00", at) == ["hit", "load"]


def test_all_hands_of_the_stage_s_roles_count():
    """One of three clerks and a boss with two hands each way: 5 of 10 × 4 minutes; then one hand of two: 5 of 20."""
    staff = {"clerk": {"count": 3}, "boss": {"count": 1}}
    both = {"desk": stage(5, ["clerk", "boss"])}
    assert overload(0.125, "08:00", "08:10", staff=staff, stages=both)[1] == "hit"
    assert overload(0.124, "08:00", "08:10", staff=staff, stages=both)[1] == "load"
    two_hands = {"clerk": {"count": 1, "at_once": 2}}
    assert overload(0.25, "08:00", "08:10", staff=two_hands)[1] == "hit"
    assert overload(0.249, "08:00", "08:10", staff=two_hands)[1] == "load"


def test_breaks_are_no_time_there():
    """Ana ten minutes, Bo five: busy five of fifteen."""
    members = [
        {"name": "Ana", "shift": ["08:00", "18:00"]},
        {"name": "Bo", "shift": ["08:00", "18:00"], "breaks": [["08:03", "08:08"]]},
    ]
    staff = {"clerk": {"members": members}}
    assert overload(0.334, "08:00", "08:10", staff=staff)[1] == "hit"
    assert overload(0.333, "08:00", "08:10", staff=staff)[1] == "load"


def test_work_beyond_the_shift_is_time_there():
    """Ana serves from 08:00 to 08:05 though her shift ends at 08:02; Bo is there: busy five of ten and five."""
    members = [
        {"name": "Ana", "shift": ["08:00", "08:02"]},
        {"name": "Bo", "shift": ["08:00", "18:00"]},
    ]
    staff = {"clerk": {"members": members}}
    assert overload(0.334, "08:00", "08:10", staff=staff)[1] == "hit"
    assert overload(0.333, "08:00", "08:10", staff=staff)[1] == "load"


def test_after_nobody_was_there_it_counts_afresh():
    """Ana alone has a break: ten minutes after it the window is full again."""
    members = [{"name": "Ana", "shift": ["08:00", "18:00"], "breaks": [["08:10", "08:20"]]}]
    staff = {"clerk": {"members": members}}
    at = ("08:00", "08:05", "08:20", "08:25", "08:30")
    assert overload(0.9, *at, staff=staff) == ["hit", "hit", "hit", "hit", "load"]


def test_the_night_is_no_overload():
    """On the next morning nobody has been there for long."""
    assert overload(0.9, *BACK_TO_BACK, calendar=days(2)) == ["hit", "hit", "load"] * 2


# ---- published figures that the rules give back ------------------------------------------------------------------


def test_fatigue_as_published():
    """Dai et al. 2015: hand hygiene falls from 43 to 35 per cent over twelve hours."""
    assert 0.43 * fatigue_factor(12, 0.0165) == pytest.approx(0.35, abs=0.006)


def test_transfer_of_training_as_published():
    """Saks and Belcourt 2006: 62 per cent at once, 44 after six months, 34 after a year."""
    half_time = 15 * MONTH
    assert [training_gain(0.62, months * MONTH, half_time) for months in (0, 6, 12)] == pytest.approx(
        [0.62, 0.44, 0.34], abs=0.005
    )


def test_learning_in_the_first_year_as_published():
    """De Grip et al. 2016: newcomers gain 64 per cent in performance."""
    assert learning_factor(1, 52, 0.125) / learning_factor(52, 52, 0.125) == pytest.approx(1.64, abs=0.005)


def test_checklists_as_published():
    """Complications by the risk ratio of 0.63: 4000 services fail, four in five are checked, 46 per cent are caught.

    The share that remains is binomial about 0.632 with a standard deviation of 0.0076; five of them are 0.038, an
    error rate below one in a million. Catching everything would leave 0.2, checking everything 0.54.
    """
    rush = {"arrivals": {"rate": "400/h"}, "start": "desk"}
    check = {"self_check": {"share": 0.8, "catches": 0.46, "fix": 0, "time": 0}}
    run = Run(
        desk(
            customers={"all": rush},
            stages={"desk": stage(0.1, error={"probability": 1})},
            management=check,
            staff={"clerk": {"count": 9}},
        )
    )
    errors = run.column("error")
    assert len(errors) > 3500
    assert (errors == 1).mean() == pytest.approx(0.632, abs=0.038)
