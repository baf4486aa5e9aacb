"""``sim select``: the choice on standard output in the form asked for, and a status that says whether there is one."""

import csv
import io
import json

import pytest

from sim.cli.main import COMMANDS
from tests.cli.small import written

FEW = ("--first", "5", "--jobs", "1", "--quiet")

TEXT = """\
name: small
calendar: {{days: 1, open: "09:00", close: "11:00"}}
seed: 1
customers:
  all: {{arrivals: {{rate: 15/h}}, start: desk, patience: 30 min}}
stages:
  desk: {{staff: [clerk], work: {{dist: exponential, mean: 3 min}}}}
staff:
  clerk: {{count: 1, wage: 20}}
policies:
  as_is: {{}}
  hire_one: {{staff.clerk.count: 2}}
  hire_three: {{staff.clerk.count: 4}}
"""
LIMITED = TEXT + 'accept: ["wait_mean < 3 min"]\n'


@pytest.fixture
def choose(call, tmp_path, monkeypatch):
    monkeypatch.setitem(COMMANDS, "select", ("sim.cli.select", "Choose a policy."))
    written(tmp_path, text=LIMITED)

    def run(*words):
        return call("select", "small.yaml", *FEW, *words)

    return run


def test_the_best_by_a_measure(choose):
    status, out, err = choose("--measure", "wait_mean", "--delta", "30 s")
    assert status == 0
    assert "hire_three has the lowest wait_mean." in out
    for part in ("as_is", "hire_one", "status", "replications", "With a probability of at least 95 %", "±"):
        assert part in out
    assert max(map(len, out.splitlines())) <= 80
    assert "Error" not in err


def test_the_cheapest_within_the_limits_of_the_file(choose):
    status, out, _ = choose("--at-most", "600")
    assert status == 0
    assert "hire_one is the cheapest that keeps every limit." in out
    assert "wait_mean < 3 min" in out
    assert max(map(len, out.splitlines())) <= 80


def test_limits_asked_for_stand_instead_of_those_of_the_file(choose):
    status, out, _ = choose("--limit", "wait_mean < 2 h")
    assert status == 0
    assert "as_is is the cheapest" in out


def test_no_policy_within_the_limits_is_status_4(choose):
    status, out, _ = choose("--limit", "wait_mean < 1 s", "--policy", "as_is", "--policy", "hire_one")
    assert status == 4
    assert "No policy keeps every limit." in out


def test_a_budget_that_does_not_decide_is_status_4(choose):
    status, out, _ = choose("--measure", "wait_mean", "--delta", "0.1 s", "--at-most", "30")
    assert status == 4
    assert "Not decided" in out
    assert "more replications decide it" in out.replace("\n", " ")


def test_json_has_the_stated_form(choose):
    status, out, _ = choose("--measure", "wait_mean", "--delta", "30 s", "--format", "json")
    assert status == 0
    found = json.loads(out)
    assert found["format"] == 1
    assert found["best"] == "hire_three"
    assert found["decided"] is True
    assert found["delta"] == 0.5
    assert list(found["policies"][0]) == ["policy", "status", "n", "mean", "half_width", "behind", "left_after"]
    assert found["limits"] == []


def test_json_and_csv_of_limits_say_the_same(choose):
    _, text, _ = choose("--at-most", "600", "--format", "json")
    status, out, _ = choose("--at-most", "600", "--format", "csv")
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    plain = json.loads(text)
    assert [row["verdict"] for row in rows] == [row["verdict"] for row in plain["limits"]]
    assert [float(row["mean"]) for row in rows] == [row["mean"] for row in plain["policies"]]
    assert rows[1]["status"] == "cheapest"


def test_where_only_data_is_printed_the_verdict_goes_to_standard_error(choose):
    status, out, err = choose("--limit", "wait_mean < 1 s", "--policy", "as_is", "--format", "csv")
    assert status == 4
    assert "No policy keeps every limit." in err
    assert "No policy" not in out


def test_markdown(choose):
    status, out, _ = choose("--measure", "wait_mean", "--delta", "30 s", "--format", "markdown")
    assert status == 0
    assert "| | as\\_is | hire\\_one | hire\\_three |" in out
    assert "**hire\\_three has the lowest wait\\_mean.**" in out


def test_seed_and_set_change_what_is_simulated(choose):
    words = ("--measure", "wait_mean", "--delta", "30 s", "--format", "json")

    def means(*more):
        return [row["mean"] for row in json.loads(choose(*words, *more)[1])["policies"]]

    assert means() == means()
    assert means() != means("--seed", "7")
    assert means("--set", "customers.all.arrivals.scale=1.3")[0] > means()[0]


def test_a_policy_may_be_written_out(choose):
    status, out, _ = choose("--measure", "wait_mean", "--delta", "30 s", "--policy", "six: staff.clerk.count=6",
                            "--policy", "as_is")  # fmt: skip
    assert status == 0
    assert "six has the lowest wait_mean." in out
    assert "hire_one" not in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--measure", "wait_mean"), "--delta"),
        (("--measure", "wiat_mean", "--delta", "1"), "did you mean 'wait_mean'"),
        (("--limit", "wait_mean"), "is not a limit"),
        (("--measure", "wait_mean", "--delta", "30 s", "--confidence", "20"), "between 50% and 100%"),
        (("--measure", "wait_mean", "--delta", "30 s", "--at-most", "3"), "that takes 15"),
        (("--method", "bayes",), "Invalid value for '--method'"),
        (("--policy", "nobody"), "no policy 'nobody'"),
    ],
)  # fmt: skip
def test_a_users_mistake_is_told_in_one_message(choose, words, told):
    status, out, err = choose(*words)
    assert status == 2
    assert out == ""
    assert told in err
    assert "Traceback" not in err


def test_help_shows_how_it_is_asked(choose):
    status, out, _ = choose("--help")
    assert status == 0
    for part in ("--measure satisfaction --delta 0.1", '--limit "wait_p90 < 10 min"', "Exit status 4"):
        assert part in out
