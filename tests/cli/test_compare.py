"""``sim compare``: the table, the other forms, what can be asked, and what is refused."""

import csv
import io
import json


def test_prints_verdicts_and_differences_and_stores_the_run(call, tmp_path):
    status, out, err = call("compare", "small.yaml", "--jobs", "1", "-n", "6")
    assert status == 0
    assert "hire_one against as_is: " in out
    for part in (
        "wait_mean",
        "satisfaction",
        "Minutes",
        "Percentage points",
        "Replications that other customers would take",
        "Holm",
    ):
        assert part in out
    assert max(map(len, out.splitlines())) <= 80
    (folder,) = tmp_path.glob("results/small/*")
    assert str(folder.relative_to(tmp_path)) in err
    again = call("compare", str(folder), "--measure", "wait_p90[stage=desk]")
    assert again[0] == 0
    assert "wait_p90[stage=desk]" in again[1]


def test_json_and_csv_hold_the_same_figures(call):
    asked = ("compare", "small.yaml", "--jobs", "1", "-n", "4", "--no-save", "--measure", "wait_mean")
    found = json.loads(call(*asked, "--format", "json")[1])
    (row,) = csv.DictReader(io.StringIO(call(*asked, "--format", "csv")[1]))
    assert float(row["difference"]) == found["results"][0]["difference"]
    assert found["baseline"] == "as_is"
    assert found["verdicts"]["hire_one"].startswith("hire_one")
    assert "| | as\\_is | hire\\_one |" in call(*asked, "--format", "markdown")[1]


def test_a_policy_may_be_written_out(call):
    status, out, _ = call(
        "compare", "small.yaml", "--policy", "faster: staff.clerk.pace=1.5", "-n", "3", "--no-save", "--jobs", "1"
    )
    assert status == 0
    assert out.index("\nhire_one") < out.index("\nfaster")  # a verdict on each, in this order


def test_precision_of_differences(call):
    asked = ("compare", "small.yaml", "--no-save", "--jobs", "1", "--quiet")
    status, out, _ = call(*asked, "--precision", "wait_mean=2 min", "--precision", "satisfaction=0.5")
    assert status == 0
    assert "25 replications" in out
    status, _, err = call(*asked, "--precision", "0.1%", "--at-most", "25")
    assert status == 0
    assert "cap of 25" in err


def test_what_is_wrong_is_said(call):
    for words, told in (
        (("--precision", "5%", "--precision", "wait_mean=1 min"), "widths by measure"),
        (("--confidence", "high"), "--confidence"),
        (("--measure", "wait_maen"), "did you mean 'wait_mean'"),
        (("--policy", "hire_two"), "did you mean 'hire_one'"),
        (("--no-save", "--name", "x"), "--no-save"),
    ):
        status, out, err = call("compare", "small.yaml", "--jobs", "1", *words)
        assert (status, out) == (2, "")
        assert told in err
    assert call("compare", "nowhere.yaml")[0] == 2
    assert call("compare")[0] == 2


def test_unadjusted_is_flagged(call):
    _, out, _ = call("compare", "small.yaml", "--jobs", "1", "-n", "4", "--no-save", "--unadjusted")
    assert "NOT adjusted" in out


def test_intervals_that_hold_all_at_once_are_wider(call):
    asked = ("compare", "small.yaml", "--jobs", "1", "-n", "6", "--no-save")
    found = json.loads(call(*asked, "--format", "json")[1])["results"][0]
    assert found["simultaneous_half_width"] > found["half_width"]
    for words, half in (((), "half_width"), (("--simultaneous",), "simultaneous_half_width")):
        out = call(*asked, *words)[1]
        line = next(one for one in out.splitlines() if one.strip().startswith(f"{found['measure']} "))
        assert f"±{found[half]:.2f}" in line
    assert "that of all" in out


def test_why_takes_the_change_of_the_customer_gap_apart(call):
    asked = ("compare", "small.yaml", "--jobs", "1", "-n", "4", "--no-save", "--why")
    _, out, _ = call(*asked)
    assert "The customer gap goes from" in out
    assert "The same by action" in out
    assert "Why the customer gap changes" not in out  # it is taken apart below
    assert max(map(len, out.splitlines())) <= 80
    assert "The customer gap goes from" in call(*asked, "--format", "markdown")[1]
