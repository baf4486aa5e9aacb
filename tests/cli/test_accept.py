"""Limits on the command line: exit status 4 unless every policy run meets all, and one line that says which."""

import json

import pytest

from sim.cli.exits import DONE, LIMIT_NOT_MET, WRONG_INPUT
from tests.cli.small import SMALL, written

SURE, NEVER, OPEN = "wait_p90 < 10 h", "satisfaction > 6.9", "wait_mean[stage=desk] < 4.5 min"


@pytest.fixture
def limited(call, tmp_path):
    """Run `sim` on the small scenario with limits."""

    def run(limits, *words, command="run"):
        text = json.dumps(limits).replace("{", "{{").replace("}", "}}")
        written(tmp_path, text=f"{SMALL}accept: {text}\n")
        options = ("--no-save", "--jobs", "1") if command == "run" else ()
        return call(command, "small.yaml", *options, *words)

    return run


def test_all_limits_met_is_done(limited):
    status, out, err = limited([SURE, "satisfaction > 1"])
    assert status == DONE
    assert "Limits" in out
    assert out.count("met") >= 4
    assert "limits" not in err


def test_a_limit_not_met_is_status_4_and_a_line(limited):
    status, out, err = limited([SURE, NEVER])
    assert status == LIMIT_NOT_MET == 4
    assert "\nLimits" in out
    assert "not met" in out
    assert "2 of 4 limits (of 2 policies together) are not met; see Limits above.\n" in err
    assert NEVER not in err
    assert "Traceback" not in err


@pytest.mark.parametrize("form", ["json", "csv", "markdown"])
def test_where_no_table_shows_them_the_limits_are_listed(limited, form):
    status, _, err = limited([SURE, NEVER], "--format", form, "-n", "8")
    assert status == LIMIT_NOT_MET
    assert "2 of 4 limits (of 2 policies together) are not met:\n" in err
    assert f"  as_is: {NEVER} is not met\n  hire_one: {NEVER} is not met\n" in err
    assert SURE not in err


def test_only_the_policies_that_were_run_count(limited):
    limit = ["wait_mean[stage=desk] < 90 s"]
    assert limited(limit, "--policy", "hire_one", "-n", "30")[0] == DONE
    status, _, err = limited(limit, "--policy", "as_is", "-n", "30")
    assert status == LIMIT_NOT_MET
    assert "hire_one" not in err


def test_not_decided_is_not_met_yet(limited):
    status, out, err = limited([OPEN], "-n", "1", "--policy", "as_is")
    assert status == LIMIT_NOT_MET
    assert "more replications to decide" in out
    assert "1 of 1 limits is not decided; see Limits above." in err
    _, _, err = limited([OPEN], "-n", "1", "--policy", "as_is", "--format", "csv")
    assert f"  as_is: {OPEN} is not decided (5 more replications)\n" in err


def test_json_has_the_verdicts_and_the_status_is_the_same(limited):
    status, out, _ = limited([SURE, NEVER], "--format", "json")
    found = json.loads(out)["acceptance"]
    assert status == LIMIT_NOT_MET
    assert [(row["policy"], row["limit"], row["verdict"]) for row in found] == [
        ("as_is", SURE, "met"),
        ("as_is", NEVER, "not met"),
        ("hire_one", SURE, "met"),
        ("hire_one", NEVER, "not met"),
    ]


@pytest.mark.parametrize("command", ["run", "validate"])
def test_what_makes_no_sense_is_told_with_its_line(limited, command):
    status, out, err = limited(["wait_p9 < 1", "wait_p90[stage=dsk] < 1 min", SURE], command=command)
    assert status == WRONG_INPUT
    assert out == ""
    line = len(SMALL.splitlines()) + 1
    assert "small.yaml: 2 problems" in err
    assert f"{line}: accept.0: no measure 'wait_p9'; did you mean 'wait_p99'" in err
    assert f"{line}: accept.1: no stage 'dsk'; did you mean 'desk'" in err


def test_failed_replications_say_more_than_limits(limited, monkeypatch):
    from sim.study import workers
    from sim.study.replication import failure_of

    real = workers.replicate_some

    def some_fail(scenario, seed, replications, options):
        outcomes = real(scenario, seed, replications, options)
        return [failure_of(1, ValueError("no luck")) if one.replication == 1 else one for one in outcomes]

    monkeypatch.setattr(workers, "replicate_some", some_fail)
    status, _, err = limited([NEVER])
    assert status == 3
    assert "no luck" in err
    assert "see Limits above" in err
