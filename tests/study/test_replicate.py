"""Runs of small scenarios: what they give, and that nothing about the work shows in it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from math import isnan
from pathlib import Path

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

import sim
from sim.errors import InputError
from sim.study import replication, workers
from sim.study.replication import Failure, Options, replicate_once, replicate_some
from sim.study.tallies.rows import Key

from .scenarios import desk


@pytest.fixture(scope="module")
def plain():
    return sim.run(desk(), jobs=1, policies="all", by=("hour", "member"))


def value_of(result, measure, policy="as_is", replication=0, **scope):
    frame = result.measures
    rows = frame[(frame["policy"] == policy) & (frame["replication"] == replication) & (frame["measure"] == measure)]
    for name in ("stage", "segment", "role", "member", "dimension", "action", "cause", "hour"):
        rows = rows[rows[name] == scope[name]] if name in scope else rows[rows[name].isna()]
    (value,) = rows["value"]
    return value


def test_the_tidy_table_has_every_policy_and_replication_in_order(plain):
    assert list(plain.measures.columns) == [
        "policy", "replication", "measure", "stage", "segment", "role", "member", "dimension", "action", "cause",
        "period", "hour", "event", "value",
    ]  # fmt: skip
    assert plain.policies == ("as_is", "third")
    order = plain.measures[["policy", "replication"]].drop_duplicates().to_numpy().tolist()
    assert order == [[policy, r] for policy in ("as_is", "third") for r in range(4)]
    sizes = plain.measures.groupby(["policy", "replication"]).size()
    assert sizes["as_is"].nunique() == 1
    assert not plain.measures.duplicated(list(plain.measures.columns[:-1])).any()


def test_measures_equal_those_of_the_log_by_another_way(plain):
    """The tables for people, read with pandas, give the same numbers as the measures."""
    logged = sim.run(desk(), jobs=1, log=True, replications=2)
    for r in range(2):
        visits = logged.visits().query("replication == @r")
        people = logged.encounters().query("replication == @r")
        joined = visits[visits["ended_as"] != "balked"]
        served = joined[joined["started_min"].notna()]
        wait = joined["wait_min"]
        expected = {
            "arrivals": len(people),
            "abandoned_share": (people["ended_as"] == "abandoned").mean(),
            "wait_mean": wait.mean(),
            "wait_served_mean": served["wait_min"].mean(),
            "wait_p90": np.percentile(served["wait_min"], 90),
            "waited_share": (joined["started_min"] != joined["joined_min"]).mean(),
            "service_mean": (served["ended_min"] - served["started_min"]).mean(),
            "satisfaction": people["satisfaction"].mean(),
            "hit_rate": (visits["action.greet"].dropna() == "hit").mean(),
        }
        for measure, number in expected.items():
            assert value_of(logged, measure, replication=r) == pytest.approx(number, rel=1e-9), measure
        till = joined[joined["stage"] == "till"]
        assert value_of(logged, "wait_mean", replication=r, stage="till") == pytest.approx(till["wait_min"].mean())
        assert value_of(plain, "wait_mean", replication=r) == value_of(logged, "wait_mean", replication=r)


def test_little_holds_between_time_averages_and_sums(plain):
    """Queue length × measured time = joined visits × mean wait: everybody is inside the windows of this site."""
    for r in range(4):
        logged = sim.run(desk(), jobs=1, log=True, replications=r + 1).visits().query("replication == @r")
        ratio = value_of(plain, "queue_mean", replication=r) / value_of(plain, "in_service_mean", replication=r)
        served = logged.dropna(subset=["started_min"])
        service = (served["ended_min"] - served["started_min"]).sum()
        assert ratio == pytest.approx(logged["wait_min"].sum() / service, rel=1e-9)


@pytest.mark.parametrize("jobs", [2, 4])
def test_any_number_of_workers_gives_the_same_tables(plain, jobs):
    other = sim.run(desk(), jobs=jobs, policies="all", by=("hour", "member"))
    assert_frame_equal(plain.measures, other.measures, check_exact=True)
    assert_frame_equal(plain.distributions, other.distributions, check_exact=True)
    assert plain.content_id == other.content_id


@pytest.mark.parametrize("size", [1, 2, 100])
def test_any_size_of_task_gives_the_same_tables(plain, size, monkeypatch):
    monkeypatch.setattr(workers, "TASK_SECONDS", size * 1e-3)
    with ThreadPoolExecutor(3) as pool:
        other = sim.run(desk(), jobs=pool, policies="all", by=("hour", "member"))
    assert_frame_equal(plain.measures, other.measures, check_exact=True)


def test_a_replication_is_the_same_alone_and_among_others(plain):
    alone = replicate_once(sim.load(desk()), 3, 2, Options())
    (of,) = [value for key, value in zip(alone.keys, alone.values, strict=True) if key == Key("wait_mean")]
    assert of == value_of(plain, "wait_mean", replication=2)


def test_which_policy_runs():
    assert sim.run(desk(), jobs=1, replications=1).policies == ("as_is",)
    assert sim.run(desk(), jobs=1, replications=1, policy="third").policies == ("third",)
    assert sim.run(desk(policies={}), jobs=1, replications=1, policies="all").policies == ("as_is",)
    with pytest.raises(InputError, match="did you mean 'third'"):
        sim.run(desk(), policy="thrid")


def test_levers_come_on_top_of_the_policy(plain):
    levered = sim.run(desk(), jobs=1, levers={"staff.clerk.count": 3})
    wait = value_of(levered, "wait_mean")
    assert wait == value_of(plain, "wait_mean", policy="third")
    assert levered.content_id != sim.run(desk(), jobs=1).content_id


@pytest.mark.parametrize(
    "wrong",
    [
        {"replications": 0}, {"replications": 2.5}, {"replications": True}, {"jobs": 0}, {"seed": -1},
        {"engine": "warp"}, {"by": ("week",)}, {"replications": 3, "precision": "5%"}, {"name": "x"},
        {"policy": "a", "policies": ["b"]}, {"precision": {"of": ["wait_meen"]}},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(InputError):
        sim.run(desk(), **{"jobs": 1, **wrong})


def test_summary_is_of_defined_values_only(plain):
    summary = plain.summary()
    assert list(summary.columns[-4:]) == ["mean", "half_width", "sd", "n"]
    row = summary[
        (summary["policy"] == "as_is") & (summary["measure"] == "wait_mean") & summary["stage"].isna()
        & summary["segment"].isna() & summary["hour"].isna()
    ]  # fmt: skip
    values = [value_of(plain, "wait_mean", replication=r) for r in range(4)]
    assert row["mean"].item() == pytest.approx(np.mean(values), rel=1e-12)
    assert row["sd"].item() == pytest.approx(np.std(values, ddof=1), rel=1e-12)
    assert row["n"].item() == 4
    closed = summary[(summary["measure"] == "wait_mean") & (summary["hour"] == 3)]
    assert closed["mean"].isna().all()
    assert (closed["n"] == 0).all()


def test_one_replication_has_no_width():
    summary = sim.run(desk(), jobs=1, replications=1).summary()
    assert summary["half_width"].isna().all()
    assert summary["mean"].notna().any()


def test_the_json_object_is_json_and_holds_no_nan(plain):
    said = json.loads(json.dumps(plain.to_json_object(), allow_nan=False))
    assert list(said) == ["format", "scenario", "engine", "replications", "results", "acceptance", "warnings"]
    assert said["format"] == 1
    assert said["replications"] == 4
    assert list(said["results"][0]) == [
        "policy", "measure", "stage", "segment", "role", "member", "dimension", "action", "cause", "period", "hour",
        "event", "mean", "half_width", "sd", "n",
    ]  # fmt: skip
    assert {type(row["hour"]) for row in said["results"]} == {int, type(None)}


def test_it_shows_itself_and_escapes_what_the_user_wrote():
    shown = sim.run(desk(title="<script>alert(1)</script>"), jobs=1, replications=2)._repr_html_()
    assert "<script>" not in shown
    assert "wait_mean" in shown


def test_distributions_count_every_served_visit_and_every_judgement(plain):
    logged = sim.run(desk(), jobs=1, log=True)
    of = plain.distributions.query("policy == 'as_is' and replication == 1")
    visits, people = logged.visits().query("replication == 1"), logged.encounters().query("replication == 1")
    served = visits[visits["started_min"].notna() & (visits["stage"] == "desk") & (visits["segment"] == "calm")]
    waits = of[(of["what"] == "wait") & (of["stage"] == "desk") & (of["segment"] == "calm")]
    assert waits["count"].sum() == len(served)
    for low, high, count in waits[["low", "high", "count"]].to_numpy():
        inside = served["wait_min"].between(low, high, inclusive="left") if low < high else served["wait_min"] == low
        assert inside.sum() == count
    assert of[of["what"] == "stay"]["count"].sum() == (people["ended_as"] == "completed").sum()
    assert of[of["what"] == "satisfaction"]["count"].sum() == people["satisfaction"].notna().sum()
    wide = waits[waits["low"] > 0.01]
    assert (wide["high"] / wide["low"] <= 1.021).all()


def test_without_a_log_asking_for_one_is_told():
    with pytest.raises(InputError, match="log=True"):
        sim.run(desk(), jobs=1, replications=1).visits()


def test_progress_is_told():
    seen = []
    sim.run(desk(), jobs=1, replications=3, progress=lambda done, asked: seen.append((done, asked)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_precision_adds_replications_alike_for_any_number_of_workers():
    wish = {"of": ["arrivals", "service_mean"], "within": "8%", "at_most": 60}
    short = desk(calendar={"days": 1, "open": "09:00", "close": "10:00"}, actions={})
    one, three = (sim.run(short, jobs=jobs, precision=wish, policies="all") for jobs in (1, 3))
    assert one.precise is True
    assert 25 <= one.replications < 60
    assert one.replications == three.replications
    assert_frame_equal(one.measures, three.measures, check_exact=True)
    assert one.measures["replication"].max() == one.replications - 1


def test_precision_of_the_scenario_holds_unless_a_number_is_given_and_its_cap_is_told():
    scenario = desk(precision={"of": ["wait_mean"], "within": "0.1%", "at_most": 22})
    capped = sim.run(scenario, jobs=1)
    assert capped.replications == 22
    assert capped.precise is False
    assert any("cap of 22" in warning for warning in capped.warnings)
    assert sim.run(scenario, jobs=1, replications=2).precise is None


def test_a_guard_stops_a_replication_and_that_is_a_row():
    crowd = desk(site={"max_in_system": 5}, staff={"clerk": {"count": 1}}, policies={})
    result = sim.run(crowd, jobs=1, replications=2)
    assert list(result.failures["error"]) == ["GuardStop", "GuardStop"]
    assert list(result.failures["exit_status"]) == [3, 3]
    assert list(result.failures["replication"]) == [0, 1]
    assert "--seed 3" in result.failures["command"].iloc[0]
    assert result.measures.empty
    assert result.summary().empty
    assert result.to_json_object()["results"] == []
    assert any("clerk" in warning for warning in result.warnings)  # overload was said beforehand


def test_a_failed_replication_hinders_no_other(monkeypatch, plain):
    true = replication._replicate

    def faulty(site, seed, number, options):
        if number == 1:
            raise ZeroDivisionError("on purpose")
        return true(site, seed, number, options)

    monkeypatch.setattr(replication, "_replicate", faulty)
    result = sim.run(desk(), jobs=1, by=("hour", "member"))
    assert result.failures[["replication", "error", "exit_status"]].to_numpy().tolist() == [[1, "ZeroDivisionError", 1]]
    assert "on purpose" in result.failures["message"].iloc[0]
    expected = plain.measures.query("policy == 'as_is' and replication != 1").reset_index(drop=True)
    assert_frame_equal(result.measures, expected, check_exact=True)


def test_a_worker_that_dies_costs_its_own_replication_only(monkeypatch, plain):
    def deadly(scenario, seed, numbers, options):
        import os

        from sim.study.replication import replicate_some

        if 2 in numbers:
            os._exit(7)
        return replicate_some(scenario, seed, numbers, options)

    monkeypatch.setattr(workers, "replicate_some", deadly)
    result = sim.run(desk(), jobs=2, by=("hour", "member"))
    assert result.failures[["replication", "error"]].to_numpy().tolist() == [[2, "WorkerDied"]]
    expected = plain.measures.query("policy == 'as_is' and replication != 2").reset_index(drop=True)
    assert_frame_equal(result.measures, expected, check_exact=True)


def test_a_suspect_that_was_innocent_is_run_again(monkeypatch, tmp_path, plain):
    marker = str(tmp_path / "once")

    def shaky(scenario, seed, numbers, options):
        import os
        from pathlib import Path

        from sim.study.replication import replicate_some

        if 1 in numbers and not Path(marker).exists():
            Path(marker).touch()
            os._exit(7)
        return replicate_some(scenario, seed, numbers, options)

    monkeypatch.setattr(workers, "replicate_some", shaky)
    result = sim.run(desk(), jobs=2, by=("hour", "member"))
    assert result.failures.empty
    assert_frame_equal(
        result.measures, plain.measures.query("policy == 'as_is'").reset_index(drop=True), check_exact=True
    )


def test_a_broken_executor_of_the_users_fails_what_is_left():
    class Broken(ThreadPoolExecutor):
        def submit(self, *given, **named) -> Future:
            raise BrokenExecutor("gone")

    with Broken(1) as pool:
        result = sim.run(desk(), jobs=pool, replications=3)
    assert list(result.failures["error"]) == ["WorkerDied"] * 3


def test_wrong_input_found_in_a_worker_is_raised_not_a_row(monkeypatch):
    def refuse(*_):
        raise InputError("no such thing")

    monkeypatch.setattr(replication, "_replicate", refuse)
    with pytest.raises(InputError, match="no such thing"):
        sim.run(desk(), jobs=1)


def test_a_plain_queue_has_no_rows_of_quality():
    result = sim.run(desk(actions={}), jobs=1, replications=1)
    assert not {"satisfaction", "hit_rate", "nps", "error_rate"} & set(result.measures["measure"])
    assert not isnan(value_of(result, "wait_mean"))


def test_a_failure_says_what_happened():
    (outcome,) = replicate_some(sim.load(desk(site={"max_in_system": 1})), 3, [0], Options())
    assert isinstance(outcome, Failure)
    assert outcome.message


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are listed in /proc")
def test_workers_end_when_the_run_is_killed(tmp_path):
    script = tmp_path / "run.py"
    script.write_text(
        "import json, sys, sim\n"
        "if __name__ == '__main__':\n"
        "    sim.run(json.loads(sys.argv[1]), jobs=2, replications=10**5, progress=lambda *_: print('!', flush=True))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(sim.__file__).parents[1])}
    command = [sys.executable, str(script), json.dumps(desk())]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as run:
        run.stdout.readline()  # at work
        workers_of_it = [pid for pid in children(run.pid) if b"popen_loky" in command_of(pid)]
        run.kill()
    assert len(workers_of_it) == 2
    deadline = time.monotonic() + 30  # they look once a second; a loaded machine may take longer
    while any(b"popen_loky" in command_of(pid) for pid in workers_of_it) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(b"popen_loky" in command_of(pid) for pid in workers_of_it)


def children(parent):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_a_lever_may_set_what_only_a_policy_has():
    scenario = sim.load(desk())
    with_course = scenario.as_written() | {
        "policies": {"as_is": {}, "train": {"training.course": {"who": "clerk", "day": 1}}}
    }
    result = sim.run(with_course, policy="train", levers={"training.course.hours": 4}, replications=1, jobs=1)
    assert result.policies == ("train",)
    with pytest.raises(InputError, match="course"):
        sim.run(with_course, policy="as_is", levers={"training.course.hours": 4}, replications=1, jobs=1)
