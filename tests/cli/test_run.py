"""``sim run``: figures on standard output in the form asked for, words on standard error, and the exit status."""

import csv
import io
import json

import pytest

SCOPES = ["stage", "segment", "role", "member", "dimension", "action", "cause", "period", "hour", "event"]


def figures(out, measure, policy):
    rows = json.loads(out)["results"]
    whole = [r for r in rows if all(r[scope] is None for scope in SCOPES)]
    return next(r for r in whole if r["measure"] == measure and r["policy"] == policy)


def test_prints_a_table_of_every_policy_and_stores_the_run(call, tmp_path):
    status, out, err = call("run", "small.yaml", "--jobs", "1")
    assert status == 0
    for part in ("as_is", "hire_one", "Waiting", "Perceived quality", "Gaps", "Staff", "Losses", "±"):
        assert part in out
    assert max(map(len, out.splitlines())) <= 80
    assert "Results are in" in err
    assert len(list(tmp_path.glob("results/small/*/run.json"))) == 1


def test_json_has_the_stated_form(call):
    status, out, _ = call("run", "small.yaml", "--no-save", "--format", "json", "--jobs", "1")
    found = json.loads(out)
    assert status == 0
    assert list(found) == ["format", "scenario", "engine", "replications", "results", "acceptance", "warnings"]
    assert (found["format"], found["scenario"], found["engine"], found["replications"]) == (1, "small", "simpy", 3)
    columns = ["policy", "measure", *SCOPES, "mean", "half_width", "sd", "n"]
    assert all(list(row) == columns for row in found["results"])
    assert figures(out, "wait_mean", "as_is")["n"] == 3


def test_csv_holds_the_same_figures_as_json(call):
    _, out, _ = call("run", "small.yaml", "--no-save", "--format", "json", "--jobs", "1")
    status, text, _ = call("run", "small.yaml", "--no-save", "--format", "csv", "--jobs", "1")
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(json.loads(out)["results"])
    same = next(
        r for r in rows if r["policy"] == "as_is" and r["measure"] == "wait_mean" and not any(r[s] for s in SCOPES)
    )
    assert float(same["mean"]) == figures(out, "wait_mean", "as_is")["mean"]


def test_markdown_has_a_column_for_each_policy(call):
    status, out, _ = call("run", "small.yaml", "--no-save", "--format", "markdown", "--jobs", "1")
    assert status == 0
    assert "| | as\\_is | hire\\_one |" in out


def test_policy_restricts_and_no_save_stores_nothing(call, tmp_path):
    _, out, err = call("run", "small.yaml", "--no-save", "--policy", "hire_one", "-n", "1")
    assert "hire_one" in out
    assert "as_is" not in out
    assert err == ""
    assert not (tmp_path / "results").exists()


def test_a_policy_written_out_is_run_alone(call):
    status, out, _ = call(
        "run", "small.yaml", "--no-save", "--policy", "快：staff.clerk.pace=2；staff.clerk.count=3", "-n", "1"
    )
    assert status == 0
    assert "快" in out
    assert "as_is" not in out


def test_mistakes_in_a_policy_written_out_are_told_of_it(call):
    words = ("run", "small.yaml", "--policy", "a: staff.clerk.pac=2; seed=3")
    status, _, err = call(*words)
    assert status == 2
    assert err.splitlines()[0] == "Error: policy a: 2 problems"
    assert "  seed: one for all policies" in err
    assert "  staff.clerk.pac: nothing to set by the name 'pac'" in err
    _, _, err = call(*words, "--policy", "b: staff.clerk.count=x")
    assert err.splitlines()[0] == "Error: policies written out: 3 problems"
    assert "  b: staff.clerk.count: 'x' is not a whole number" in err


@pytest.mark.parametrize(("columns", "narrow"), [("60", True), ("", False)])
def test_columns_set_the_width_of_what_is_piped(call, monkeypatch, columns, narrow):
    monkeypatch.setenv("COLUMNS", columns)
    _, out, _ = call("run", "small.yaml", "--no-save", "-n", "1", "--jobs", "1")
    figures_below_the_title = out.splitlines()[2:]
    assert (max(map(len, figures_below_the_title)) <= 60) is narrow


def test_set_and_seed_change_what_is_simulated(call):
    words = ("run", "small.yaml", "--no-save", "--format", "json", "--jobs", "1")
    _, base, _ = call(*words)
    _, more, _ = call(*words, "--set", "customers.all.arrivals.scale=2")
    _, other, _ = call(*words, "--seed", "2")
    base_arrivals = figures(base, "arrivals", "as_is")["mean"]
    assert figures(more, "arrivals", "as_is")["mean"] > 1.5 * base_arrivals
    assert figures(other, "arrivals", "as_is")["mean"] != base_arrivals


def test_set_goes_on_top_of_the_policy(call):
    words = ("run", "small.yaml", "--no-save", "--format", "json", "--jobs", "1", "--set", "staff.clerk.count=3")
    _, out, _ = call(*words)
    assert figures(out, "wait_mean", "as_is")["mean"] == figures(out, "wait_mean", "hire_one")["mean"]


def test_by_adds_rows_by_hour_and_member(call):
    _, out, _ = call("run", "small.yaml", "--no-save", "--format", "json", "--by", "member,hour", "-n", "1")
    rows = json.loads(out)["results"]
    assert {r["hour"] for r in rows} >= {None, 9, 10}
    assert "clerk 1" in {r["member"] for r in rows}


def test_log_is_stored(call, tmp_path):
    assert call("run", "small.yaml", "--log", "-n", "1", "--out", "here", "--name", "mine")[0] == 0
    assert {path.name for path in (tmp_path / "here/small/mine").glob("*.parquet")} >= {
        "encounters.parquet",
        "visits.parquet",
    }


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run", "nope.yaml"), "no such file"),
        (("run", "small.yaml", "--policy", "hire_on"), "did you mean 'hire_one'?"),
        (("run", "small.yaml", "--set", "staff.clerk.skil=0.9"), "did you mean 'skill'?"),
        (("run", "small.yaml", "--set", "staff.clerk.skill=high"), "staff.clerk.skill"),
        (("run", "small.yaml", "--set", "nonsense"), "PATH=VALUE"),
        (("run", "small.yaml", "--set", "a.b=1", "--set", "a.b=2"), "given twice"),
        (
            ("run", "small.yaml", "--precision", "many"),
            "--precision: 'many' will not do; write a share between 0% and 100%, for example 5%",
        ),
        (("run", "small.yaml", "--set", "seed=5"), "--seed"),
        (("run", "small.yaml", "--set", "replications=5"), "set it by -n"),
        (("run", "small.yaml", "--precision", "5%", "-n", "3"), "not both"),
        (("run", "small.yaml", "--engine", "simpi"), "did you mean 'simpy'?"),
        (("run", "small.yaml", "--by", "minute"), "there are member, hour"),
        (("run", "small.yaml", "--no-save", "--log"), "--no-save"),
        (("run", "small.yaml", "-n", "0"), "x>=1"),
        (("run", "small.yaml", "--sed", "1"), "--seed"),
        (("run",), "Missing argument 'FILE'"),
        (("rnu", "small.yaml"), "did you mean 'run'?"),
    ],
)
def test_a_users_mistake_is_told_with_its_cure_and_status_2(call, words, says):
    status, out, err = call(*words)
    assert status == 2
    assert out == ""
    assert err.startswith("Error: ")
    assert says in err
    assert "Traceback" not in err


def test_a_replication_stopped_by_a_guard_gives_status_3_and_the_line_that_repeats_it(call):
    status, out, err = call(
        "run", "small.yaml", "--no-save", "--jobs", "1", "--set", "site.max_in_system=1", "--policy", "as_is"
    )
    assert status == 3
    assert out == ""
    assert "GuardStop" in err
    assert "again: sim run" in err


def test_overload_is_warned_about_with_the_figure(call):
    status, _, err = call("run", "small.yaml", "--no-save", "-n", "1", "--set", "customers.all.arrivals.scale=3")
    assert status == 0
    assert err.startswith("Warning: ")
    assert "hours of clerk" in err
