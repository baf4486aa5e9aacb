"""``sim warm-up``: what it says and draws, and what a user can get wrong."""

import csv
import io
import json

import pytest

from sim.cli.exits import ended
from sim.cli.warm_up import warm_up

LOUNGE = """\
name: lounge
calendar: {days: 4, warm_up: 1 h}
customers: {all: {arrivals: {rate: 20/h}, start: lounge}}
stages: {lounge: {staff: [], work: 6 h}}
staff: {}
analysis: steady_state
policies: {as_is: {}, later: {calendar.warm_up: 8 h}}
"""


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lounge.yaml").write_text(LOUNGE, "utf-8")
    (tmp_path / "day.yaml").write_text(LOUNGE.replace("steady_state", "terminating"), "utf-8")
    (tmp_path / "there.png").mkdir()
    (tmp_path / "unsaid.yaml").write_text(LOUNGE.replace(", warm_up: 1 h", ""), "utf-8")

    def run(*words):
        status = ended(lambda: warm_up.main([*words, "--jobs", "1"], "sim warm-up", standalone_mode=False), words)
        return status, *capsys.readouterr()

    return run


def test_it_says_the_cuts_the_course_and_the_verdict(call):
    status, out, err = call("lounge.yaml")
    lines = out.splitlines()
    assert (status, err) == (0, "")
    assert lines[0] == "Warm-up of lounge, policy as_is"
    assert lines[1].split() == ["looked", "at", "10", "runs", "of", "4", "d,", "every", "5.76", "min"]
    assert lines[2].split() == ["stated", "1", "h"]
    assert lines[3].split()[0] == "suggested"
    assert lines[4].split()[:2] == ["on", "site"]
    bars = lines[4].split()[2]
    assert bars[0] in "▁▂"
    assert set(bars[5:]) <= set("▆▇█")  # full from the sixth hour on
    assert max(map(len, lines[:5])) <= 80
    assert lines[5].startswith("Warm-up of 1 h looks short: the mean of 10 runs settles after ")


def test_policy_setting_seed_and_number_change_what_is_judged(call):
    words = ("lounge.yaml", "--format", "json")
    base = json.loads(call(*words)[1])
    later = json.loads(call(*words, "--policy", "later", "-n", "11")[1])
    assert (later["policy"], later["replications"], later["stated_min"]) == ("later", 11, 480.0)
    assert not later["looks_short"]
    assert json.loads(call(*words, "--set", "calendar.warm_up=2 h")[1])["stated_min"] == 120.0
    assert json.loads(call(*words, "--seed", "5")[1])["course"]["in_system"] != base["course"]["in_system"]


def test_json_has_the_stated_form(call):
    found = json.loads(call("lounge.yaml", "--format", "json")[1])
    assert list(found) == [
        *("format", "scenario", "policy", "replications", "bucket_min", "stated_min", "suggestion_min"),
        *("looks_short", "verdict", "course"),
    ]
    assert list(found["course"]) == ["start_min", "in_system", "wait_min"]
    assert found["course"]["wait_min"] == [None] * 1000  # nobody joins a queue
    assert found["looks_short"] is True


def test_the_plot_is_written(call, tmp_path):
    assert call("lounge.yaml", "--plot", "course.png")[0] == 0
    assert (tmp_path / "course.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["course.xyz", "nowhere/course.png", "there.png"])
def test_a_figure_that_cannot_be_written_is_told_before_the_work(call, monkeypatch, name):
    monkeypatch.setattr("sim.study.steady.warm_up", lambda *_: pytest.fail("the work began"))
    assert call("lounge.yaml", "--plot", name)[0] == 2


def test_csv_is_the_course_and_no_number_has_more_than_six_decimals(call):
    told = json.loads(call("lounge.yaml", "--format", "json")[1])
    rows = list(csv.DictReader(io.StringIO(call("lounge.yaml", "--format", "csv")[1])))
    assert list(rows[0]) == ["start_min", "in_system", "wait_min"]
    assert [float(row["start_min"]) for row in rows] == told["course"]["start_min"]
    assert [float(row["in_system"]) for row in rows] == told["course"]["in_system"]
    assert told["course"]["start_min"][5] == 28.8  # and not 28.799999999999997
    assert all(len(row["in_system"].partition(".")[2]) <= 6 for row in rows)


def test_markdown_has_the_facts_and_the_verdict(call):
    lines = call("lounge.yaml", "--format", "markdown")[1].splitlines()
    assert lines[0] == "## Warm-up of lounge, policy as\\_is"
    assert "- stated: 1 h" in lines
    assert lines[-1].startswith("Warm-up of 1 h looks short: ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("day.yaml",), "write analysis: steady_state"),
        (("unsaid.yaml",), "say calendar.warm_up, 0 d if none is needed"),
        (("lounge.yaml", "-n", "9"), "at least 10 runs"),
        (("lounge.yaml", "--policy", "latter"), "did you mean 'later'?"),
        (("lounge.yaml", "--plot", "course.doc"), "no figure can be written as 'doc'"),
        (("lounge.yaml", "--plot", "nowhere/course.png"), "nowhere"),
        (("lounge.yaml", "--plot", "there.png"), "there.png is a folder"),
        (("nope.yaml",), "no such file"),
    ],
)
def test_a_users_mistake_is_told_with_its_cure_and_status_2(call, words, says):
    status, out, err = call(*words)
    assert (status, out) == (2, "")
    assert err.startswith("Error: ")
    assert says in err
