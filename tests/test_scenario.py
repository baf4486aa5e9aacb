"""What a scenario file may say, and the values it becomes."""

import copy
import math
import pickle
import random
import subprocess
import sys
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import Scenario, load, parse_setting
from sim.scenario.yaml_reader import read_yaml

ROOT = Path(__file__).parents[1]
SHIPPED = sorted(path for path in (ROOT / "scenarios").rglob("*.yaml") if "presets" not in path.parts)
STARTER = ROOT / "sim" / "scenario" / "starter.yaml"

SMALL = {
    "name": "small",
    "calendar": {"days": 2},
    "customers": {"all": {"arrivals": {"rate": "12/h"}, "start": "desk"}},
    "stages": {"desk": {"staff": ["clerk"], "work": "4 min"}},
    "staff": {"clerk": {"count": 1}},
}


def small(**parts):
    """The small scenario with sections put over it."""
    return load({**copy.deepcopy(SMALL), **parts})


def stage(**keys):
    return small(stages={"desk": {"staff": ["clerk"], "work": "4 min", **keys}}).stages["desk"]


def segment(**keys):
    return small(customers={"all": {"arrivals": {"rate": "12/h"}, "start": "desk", **keys}}).customers["all"]


def role(**keys):
    return small(staff={"clerk": keys}).staff["clerk"]


@pytest.mark.parametrize("path", [*SHIPPED, STARTER], ids=lambda path: path.stem)
def test_every_shipped_scenario_loads_with_all_its_policies(path):
    scenario = load(path)
    for name in scenario.policy_names:
        assert isinstance(scenario.with_policy(name), Scenario)


@pytest.mark.parametrize("path", [*SHIPPED, STARTER], ids=lambda path: path.stem)
def test_load_dump_load_is_the_same(path):
    scenario = load(path)
    again = load(scenario.as_written())
    assert again == scenario
    assert again.canonical() == scenario.canonical()


@pytest.mark.parametrize("path", [*SHIPPED, STARTER], ids=lambda path: path.stem)
def test_pickled_is_the_same(path):
    scenario = load(path)
    copied = pickle.loads(pickle.dumps(scenario))
    assert copied == scenario
    assert copied.with_levers({"seed": 5}).seed == 5


def test_defaults_are_neutral():
    scenario = small()
    clerk, desk, all_ = scenario.staff["clerk"], scenario.stages["desk"], scenario.customers["all"]
    assert (clerk.pace, clerk.pace_cv, clerk.skill, clerk.skill_sd, clerk.adherence) == (1, 0, 1, 0, 1)
    assert (clerk.at_once, clerk.slowdown, clerk.empowerment, clerk.tenure) == (1, 0, 0, None)
    assert (desk.balk, desk.announce, desk.error, desk.retry, desk.queue) == (None, None, None, None, "fifo")
    assert desk.next_of("all") == {"leave": 1.0}
    assert all_.patience_at("desk") is None
    assert all_.silent_at("desk") is None
    quality = scenario.quality
    assert (quality.load.corner_cutting, quality.load.speed_up, quality.fatigue_per_hour) == (0, 0, 0)
    assert (quality.learning.exponent, quality.error.skill_effect, quality.error.load_effect) == (0, 0, 0)
    assert scenario.management.self_check.share == 0
    assert scenario.calendar.hours is None
    assert sum(quality.dimension_weights.values()) == pytest.approx(1)


def test_defaults_of_the_preset_are_on_in_the_hotel():
    quality = load(ROOT / "scenarios" / "hotel_front_desk.yaml").quality
    assert (quality.load.corner_cutting, quality.load.speed_up, quality.fatigue_per_hour) == (0.5, 0.2, 0.0165)
    assert (quality.learning.exponent, quality.learning.plateau) == (0.125, 52 * 7 * 1440)
    assert (quality.error.skill_effect, quality.error.load_effect) == (0.5, 0.5)


def test_calendar_by_weekday():
    calendar = small(
        calendar={
            "days": 14,
            "open": {"sat": "10:00", "default": "08:00"},
            "close": {"fri": "02:00", "default": "17:00"},
            "week": ["wed", "thu", "fri", "sat"],
        }
    ).calendar
    assert calendar.first_weekday == 2
    hours = calendar.hours
    assert hours.on(0) == ()
    assert hours.on(2) == ((480, 1020),)
    assert hours.on(4) == ((480, 1560),)  # closes on Saturday at two
    assert hours.on(5) == ((600, 1020),)


def test_hours_with_a_pause_and_closed_days():
    hours = small(
        calendar={"days": 7, "hours": {"sun": [], "default": [["13:30", "17:00"], ["08:00", "12:00"]]}}
    ).calendar.hours
    assert hours.on(6) == ()
    assert hours.on(1) == ((480, 720), (810, 1020))


def test_by_time_wraps_past_midnight():
    rate = segment(arrivals={"rate": {"07:00": "60/h", "19:00": "6/h"}}).arrivals.rate
    day = rate.on(3)
    assert [day.at(minute) for minute in (0, 419.9, 420, 1139, 1140, 1440 + 420)] == [0.1, 0.1, 1, 1, 0.1, 1]


def test_rates_by_weekday_and_time():
    rate = segment(arrivals={"rate": {"sat": {"10:00": "6/h"}, "default": "60/h"}}).arrivals.rate
    assert rate.on(5).at(700) == 0.1
    assert rate.on(0).at(700) == 1


def test_appointments():
    arrivals = segment(
        arrivals={
            "at": ["09:00", {"time": "09:30", "day": 1}],
            "late": {"dist": "normal", "mean": "-2 min", "sd": "5 min"},
            "no_show": 0.1,
            "wait_from": "appointment",
        }
    ).arrivals
    assert arrivals.at == ((540.0, None), (570.0, 1))
    assert (arrivals.late.mean, arrivals.late.low, arrivals.no_show) == (-2, None, 0.1)


def test_appointments_from_a_csv_file(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "book.csv").write_text("day,time,who\n0,09:00,x\n1,10:30,y\n", encoding="utf-8")
    text = (
        "name: booked\ncalendar: {days: 2}\n"
        "customers: {all: {arrivals: {file: data/book.csv, column: time, no_show: 0.1}, start: desk}}\n"
        "stages: {desk: {staff: [], work: {dist: empirical, file: data/work.csv, column: minutes}}}\n"
    )
    (tmp_path / "data" / "work.csv").write_text("minutes\n3\n30 s\n4.5\n", encoding="utf-8")
    (tmp_path / "booked.yaml").write_text(text, encoding="utf-8")
    scenario = load(tmp_path / "booked.yaml")
    assert scenario.customers["all"].arrivals.at == ((540.0, 0), (630.0, 1))
    assert scenario.stages["desk"].work.values == (3.0, 0.5, 4.5)
    assert "data/book.csv" not in str(scenario.canonical())  # the contents, not the name
    assert load(scenario.as_written()) == scenario


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "secret.csv").write_text("time\n09:00\n", encoding="utf-8")
    try:
        (inner / "link.csv").symlink_to(tmp_path / "secret.csv")
    except OSError:
        pytest.skip("this file system has no symbolic links")
    (inner / "s.yaml").write_text(
        "name: s\ncalendar: {days: 2}\n"
        "customers: {all: {arrivals: {file: link.csv, column: time}, start: desk}}\n"
        "stages: {desk: {staff: [], work: 1}}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match="leads out of the scenario's folder"):
        load(inner / "s.yaml")


def test_patience_by_stage_never_and_silent():
    patience = {"desk": {"dist": "exponential", "mean": 5, "silent": {"share": 0.7, "wasted": "1 min"}}}
    one = segment(patience=patience)
    assert one.patience_at("desk").mean == 5
    assert one.silent_at("desk") == (0.7, 1.0)
    assert segment(patience="never").patience_at("desk") is None
    mixed = segment(patience={"dist": "mixture", "of": [0, "never"], "weights": [0.3, 0.7]}).patience_at("desk")
    assert [part.value for part in mixed.of] == [0, math.inf]


def test_every_law_is_read():
    laws = {
        "constant": {"value": "30 s"},
        "exponential": {"mean": "3 min"},
        "lognormal": {"mean": 3, "cv": 0.5},
        "gamma": {"mean": 3, "sd": "90 s"},
        "weibull": {"p50": 3, "p95": 8},
        "erlang": {"mean": 3, "k": 2},
        "uniform": {"low": 1, "high": 3},
        "triangular": {"low": 1, "mode": 2, "high": 3},
        "normal": {"mean": 3, "sd": 1, "high": 9},
        "beta": {"low": 0, "high": 10, "mean": 4, "sd": 2},
        "mixture": {"of": [1, {"dist": "exponential", "mean": 2}], "weights": [0.25, 0.75]},
        "empirical": {"values": [1, "2 min", 3.5], "weights": [1, 1, 2]},
        "by_time": {"08:00": 3, "17:00": {"dist": "exponential", "mean": 5}},
    }
    for name, parameters in laws.items():
        assert stage(work={"dist": name, **parameters}).work.dist == name
    assert stage(work="4 min").work.value == 4
    assert stage(work={"dist": "gamma", **laws["gamma"]}).work.sd == 1.5
    normal = stage(work={"dist": "normal", **laws["normal"]}).work
    assert (normal.low, normal.high) == (0, 9)
    assert stage(work={"dist": "by_time", **laws["by_time"]}).work.at(100).mean == 5


def test_routes_by_segment_keep_the_order_of_the_file():
    scenario = small(
        customers={
            "a": {"arrivals": {"rate": "1/h"}, "start": "desk"},
            "b": {"arrivals": {"rate": "1/h"}, "start": "desk"},
        },
        stages={
            "desk": {
                "staff": ["clerk"],
                "work": 1,
                "next": {"a": {"leave": 0.5, "bar": 0.5}, "default": {"bar": 1}},
            },
            "bar": {"staff": [], "work": 1},
        },
    )
    assert list(scenario.stages["desk"].next_of("a").items()) == [("leave", 0.5), ("bar", 0.5)]
    assert scenario.stages["desk"].next_of("b") == {"bar": 1}


def test_staff_in_ranks_places_and_continuity():
    scenario = small(
        site={"places": {"small": 5, "large": 2}},
        stages={
            "desk": {
                "staff": [["clerk", "boss"], "temp"],
                "work": 1,
                "takes": [{"place": "small", "up_to": 2}, {"place": "large"}],
                "next": {"pay": 1},
            },
            "pay": {"staff": ["clerk"], "work": 1, "same_as": "desk", "or_any": True, "frees": "small"},
        },
        staff={"clerk": {"count": 1}, "boss": {"count": 1}, "temp": {"count": 0}},
    )
    desk, pay = scenario.stages["desk"], scenario.stages["pay"]
    assert desk.staff == (("clerk", "boss"), ("temp",))
    assert desk.takes == (("small", 2), ("large", None))
    assert (pay.same_as, pay.or_any, pay.frees) == ("desk", True, ("small",))
    assert scenario.serves("clerk") == {"desk": 1.0, "pay": 1.0}


def test_members_shifts_and_breaks_past_midnight():
    people = role(
        skill=0.9,
        members=[
            {"name": "Ana", "shift": ["22:00", "06:00"], "breaks": [["02:00", "02:30"]], "days": ["fri"]},
            {"name": "Bo", "shift": ["08:00", "16:00"], "skill": 0.8},
        ],
    ).members
    assert people[0].shift == (1320, 1800)
    assert people[0].breaks == ((1560, 1590),)
    assert people[0].days == (4,)
    assert (people[0].skill, people[1].skill) == (None, 0.8)


def test_actions_by_kind_and_segment():
    scenario = small(
        customers={
            "a": {"arrivals": {"rate": "1/h"}, "start": "desk", "expects": {"wait": "3 min"}},
            "b": {"arrivals": {"rate": "1/h"}, "start": "desk", "expects": {"greet": 0.5}},
        },
        actions={
            "greet": {
                "stage": "desk",
                "dimension": "empathy",
                "weight": 1,
                "expected": {"a": 0.8, "default": 0.9},
                "time": "6 s",
            },
            "wait": {"stage": "desk", "kind": "wait", "dimension": "responsiveness", "weight": 1, "expected": 6},
            "done": {"stage": "desk", "kind": "outcome", "dimension": "reliability", "weight": 1},
        },
    )
    greet, wait, done = (scenario.actions[name] for name in ("greet", "wait", "done"))
    assert [scenario.expected("greet", name) for name in "ab"] == [0.8, 0.5]
    assert [scenario.expected("wait", name) for name in "ab"] == [3, 6]
    assert (greet.moment, wait.moment, greet.time.of("a")) == ("service", "arrival", 0.1)
    assert [greet.believed.of(name) for name in "ab"] == [0.8, 0.9]
    assert (greet.required.of("a"), greet.promised.of("a")) == (1, 0)
    assert (wait.believed.of("a"), wait.required.of("a"), wait.promised.of("a")) == (6, 6, math.inf)
    assert (done.expected.of("a"), done.required.of("a"), wait.half_value) == (1, 1, 10)
    assert scenario.target_wait("desk", "a") == 6
    assert scenario.stages["desk"].target_wait is None


def test_errors_return_to_their_own_stage_unless_said():
    assert stage(error={"probability": 0.1, "returns": 0.5, "after": "2 h"}).error.returns_to == "desk"


def test_training_and_what_it_covers():
    scenario = small(
        actions={
            "greet": {"stage": "desk", "dimension": "empathy", "weight": 1},
            "wait": {"stage": "desk", "kind": "wait", "dimension": "responsiveness", "weight": 1},
        },
        training={
            "course": {"who": "clerk", "day": 1, "method": "role_play"},
            "one": {"who": ["clerk"], "day": 0, "actions": ["greet"], "every": "1 d"},
        },
    )
    course = scenario.training["course"]
    assert (course.who, course.strength, course.effect, course.half_time) == (("clerk",), 1.2, 0.62, 15 * 43200)
    assert (course.every, scenario.training["one"].every) == (math.inf, 1440)
    assert scenario.trained_actions("course") == ("greet",)


def test_names_in_any_script():
    scenario = load(
        {
            "name": "hotel",
            "calendar": {"days": 1},
            "customers": {"商务客人": {"arrivals": {"rate": "12/h"}, "start": "前台接待"}},
            "stages": {"前台接待": {"staff": ["接待员"], "work": "4 min"}},
            "staff": {"接待员": {"count": 1}},
        }
    )
    assert scenario.with_levers({"staff.接待员.skill": 0.5}).staff["接待员"].skill == 0.5


def test_the_word_no_and_numbers_are_names(tmp_path):
    text = (
        "name: n\ncalendar: {days: 1}\ncustomers: {1: {arrivals: {rate: 1/h}, start: no}}\n"
        "stages: {no: {staff: [off], work: 1}}\nstaff: {off: {count: 1}}\n"
    )
    (tmp_path / "n.yaml").write_text(text, encoding="utf-8")
    scenario = load(tmp_path / "n.yaml")
    assert (list(scenario.customers), list(scenario.stages), list(scenario.staff)) == (["1"], ["no"], ["off"])


def test_extends_replaces_whole_what_is_one_value(tmp_path):
    (tmp_path / "base.yaml").write_text(
        "name: base\ncalendar: {days: 5}\n"
        "customers: {all: {arrivals: {rate: {'07:00': 1/h, '12:00': 2/h}, busyness_cv: 0.3}, start: desk}}\n"
        "stages:\n"
        "  desk: {staff: [clerk], work: {dist: lognormal, mean: 3, cv: 1}, next: {bar: 1}}\n"
        "  bar: {staff: [], work: 1}\n"
        "staff: {clerk: {count: 2, wage: 20}}\n"
        "policies: {one: {staff.clerk.count: {add: 1}, seed: 2}}\n",
        encoding="utf-8",
    )
    (tmp_path / "own.yaml").write_text(
        "extends: base.yaml\nname: own\n"
        "customers: {all: {arrivals: {rate: {'08:00': 3/h}}}}\n"
        "stages: {desk: {work: {dist: exponential, mean: 2}, next: {leave: 0.5, bar: 0.5}}}\n"
        "staff: {clerk: {on_duty: 3}}\n"
        "policies: {one: {staff.clerk.count: 5}}\n",
        encoding="utf-8",
    )
    scenario = load(tmp_path / "own.yaml")
    arrivals, desk, clerk = (
        scenario.customers["all"].arrivals,
        scenario.stages["desk"],
        scenario.staff["clerk"],
    )
    assert (scenario.name, scenario.calendar.days) == ("own", 5)
    assert arrivals.rate.on(0).pairs == ((480, 0.05),)
    assert arrivals.busyness_cv == 0  # arrivals are replaced whole
    assert (desk.work.dist, desk.work.mean) == ("exponential", 2)
    assert desk.next_of("all") == {"leave": 0.5, "bar": 0.5}
    assert (clerk.count, clerk.on_duty.on(0).at(0), clerk.wage) == (None, 3, 20)
    assert scenario.with_policy("one").staff["clerk"].count == 5
    assert scenario.with_policy("one").seed == 2


def test_a_problem_in_the_base_names_the_base(tmp_path):
    (tmp_path / "base.yaml").write_text("staff:\n  clerk: {count: 2, skil: 1}\n", encoding="utf-8")
    text = (ROOT / "scenarios" / "theory" / "mm1.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text("extends: base.yaml\n" + text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "own.yaml")
    (problem,) = caught.value.problems
    assert (Path(problem.file).name, problem.line, problem.path) == ("base.yaml", 2, "staff.clerk.skil")


def _written_anew(node, rng, path=()):
    """The same meaning in another form: keys in another order where order has no meaning, 1 as 1.0 and back."""
    ordered = path in (("customers",), ("stages",), ("staff",), ("actions",)) or path[-1:] in (
        ("next",),
        ("serves",),
        ("policies",),
    )
    if isinstance(node, dict):
        items = list(node.items())
        if not ordered:
            rng.shuffle(items)
        return {key: _written_anew(value, rng, (*path, key)) for key, value in items}
    if isinstance(node, list):
        return [_written_anew(value, rng, path) for value in node]
    if isinstance(node, bool) or not isinstance(node, int | float):
        return node
    return float(node) if isinstance(node, int) else int(node) if node.is_integer() else node


@pytest.mark.parametrize("path", [*SHIPPED, STARTER], ids=lambda path: path.stem)
def test_canonical_does_not_depend_on_how_it_is_written(path):
    scenario = load(path)
    rng = random.Random(path.stem)
    for _ in range(3):
        assert load(_written_anew(scenario.as_written(), rng)).canonical() == scenario.canonical()


def test_canonical_does_not_depend_on_quotes_comments_and_forms(tmp_path):
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(
        "name: a\ncalendar: {days: 2, open: '08:00', close: '17:00'}\n"
        "customers: {all: {arrivals: {rate: 12/h}, start: desk}}\n"
        "stages: {desk: {staff: [clerk], work: 4 min}}\nstaff: {clerk: {count: 1}}\n",
        encoding="utf-8",
    )
    other.write_text(
        "# a comment\nname: b\ntitle: other\nreplications: 7\n"
        "calendar:\n  hours: [['08:00', \"17:00\"]]\n  days: 2.0\n"
        'customers: {"all": {start: "desk", arrivals: {rate: 0.2/min}}}\n'
        "stages: {desk: {title: Desk, staff: ['clerk'], work: {dist: constant, value: 240 s}}}\n"
        "staff: {clerk: {count: 1.0, pace: 1}}\npolicies: {as_is: {}}\n",
        encoding="utf-8",
    )
    assert load(one).canonical() == load(other).canonical()


@pytest.mark.parametrize(
    "lever",
    [
        {"seed": 2},
        {"calendar.days": 3},
        {"staff.clerk.count": 2},
        {"stages.desk.work": "5 min"},
        {"customers.all.arrivals.scale": 1.1},
        {"quality.loss_aversion": 2},
        {"stages.desk.target_wait": "5 min"},
    ],
)
def test_canonical_changes_with_what_a_run_reads(lever):
    assert small().with_levers(lever).canonical() != small().canonical()


def test_order_of_names_is_part_of_the_meaning():
    both = {name: {"arrivals": {"rate": "1/h"}, "start": "desk"} for name in "ab"}
    turned = dict(reversed(both.items()))
    assert small(customers=both).canonical() != small(customers=turned).canonical()


def test_importing_scenarios_is_light():
    code = (
        "import sys, sim.scenario; print([m for m in ('pandas', 'scipy', 'matplotlib', 'simpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_settings_are_read_as_yaml():
    assert parse_setting("staff.clerk.skill=0.9") == ("staff.clerk.skill", 0.9)
    assert parse_setting("stages.desk.work = 4 min") == ("stages.desk.work", "4 min")
    assert parse_setting('staff.clerk.on_duty={"07:00": 3}') == ("staff.clerk.on_duty", {"07:00": 3})
    assert parse_setting("staff.clerk.count={add: 1}") == ("staff.clerk.count", {"add": 1})
    assert parse_setting("site.capacity=") == ("site.capacity", None)


def test_yaml_is_version_1_2():
    value = read_yaml(b"{a: 10:30, b: no, c: 012, d: 1e5, e: 1_000, f: 2024-01-01, g: 0o12, h: -0, i: '1'}").value
    expected = {"a": "10:30", "b": "no", "c": "012", "d": 1e5, "e": "1_000", "f": "2024-01-01", "g": "0o12"}
    assert value == {**expected, "h": 0, "i": "1"}
