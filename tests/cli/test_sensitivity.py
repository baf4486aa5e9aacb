"""``sim sensitivity``: words, forms and exit status."""

import csv
import io
import json

import pytest

from sim.cli.exits import ended
from sim.cli.sensitivity import sensitivity
from tests.cli.small import SMALL, written

UNCERTAIN = SMALL + "uncertain: {{staff.clerk.skill: [0.6, 0.9], quality.load.idle.below: [0.5, 0.9]}}\n"


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    written(tmp_path, text=UNCERTAIN)

    def run(*words):
        capsys.readouterr()
        arguments = [*words, "--jobs", "1"]
        status = ended(lambda: sensitivity.main(arguments, "sim sensitivity", standalone_mode=False), arguments)
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_prints_conclusions_and_tornadoes_and_says_before_how_many_runs(call):
    status, out, err = call("small.yaml", "-n", "2")
    assert status == 0
    assert "Not told apart by 2 replications of each" in out
    assert "satisfaction under as_is" in out
    assert "nothing changes with quality.load.idle.below" in out
    assert max(map(len, out.splitlines())) <= 80
    # Nothing reads when idleness begins while it does nothing, and yet its ends are other scenarios.
    assert err == "20 runs: 2 parameters under 2 policies make 10 cases, 2 runs of each\n"


def test_help_says_that_nothing_is_stored(call):
    _, out, _ = call("--help")
    assert "Nothing is stored." in " ".join(out.split())
    assert "Only this policy and the baseline" in " ".join(out.split())


def test_quiet_is_quiet(call):
    assert call("small.yaml", "-n", "1", "--quiet")[2] == ""


def test_json_and_csv_hold_the_same_figures(call):
    words = ("small.yaml", "-n", "2", "--measure", "wait_p90[stage=desk]", "--quiet")
    status, out, _ = call(*words, "--format", "json")
    told = json.loads(out)
    assert status == 0
    assert {row["measure"] for row in told["results"]} == {"wait_p90[stage=desk]"}
    assert told["parameters"][0] == {"parameter": "staff.clerk.skill", "low": 0.6, "high": 0.9}
    _, text, _ = call(*words, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [float(row["change"]) for row in rows] == pytest.approx([row["change"] for row in told["results"]])


def test_markdown(call):
    _, out, _ = call("small.yaml", "-n", "1", "--quiet", "--format", "markdown")
    assert "| | low | change | high | change |" in out


def test_ranges_take_the_place_of_those_in_the_file(call):
    words = ("--range", "customers.all.arrivals.scale=0.8..1.2", "-n", "2", "--format", "json", "--policy", "as_is")
    _, out, _ = call("small.yaml", *words)
    told = json.loads(out)
    assert [one["parameter"] for one in told["parameters"]] == ["customers.all.arrivals.scale"]
    low, high = (row["change"] for row in told["results"] if row["measure"] == "wait_mean")
    assert low < high


def test_a_policy_written_out_and_a_setting(call):
    words = ("--policy", "as_is", "--policy", "fast: staff.clerk.pace=1.5", "--set", "staff.clerk.skill=0.7")
    status, out, err = call("small.yaml", *words, "-n", "1")
    assert status == 0
    assert "fast" in out
    assert "staff.clerk.skill is set, so it is not moved" in err


def test_a_file_without_ranges_is_told_what_to_write(call, tmp_path):
    written(tmp_path)
    status, out, err = call("small.yaml")
    assert (status, out) == (2, "")
    assert err.startswith(
        "Error: small.yaml does not say what is uncertain. Write into it, for example\n  uncertain:\n"
    )
    assert '--range "staff.clerk.pace=0.9..1.1"' in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--range", "staff.clerk.skill"), "PATH=LOW..HIGH"),
        (("--range", "staff.clerk.skill=0.95..0.7"), "write 0.7 first, then 0.95"),
        (("--range", "staff.clerk.skill=0.9..0.9"), "both ends of the range are 0.9"),
        (("--range", "seed=1..5"), "decides nothing of the site"),
        (("--range", "a.b=1..2", "--range", "a.b=1..3"), "given twice"),
        (("--range", "staff.clerk.skill=0.5..2"), "range of staff.clerk.skill, 2:"),
        (("--method", "sobol", "--size", "12"), "power of 2"),
        (("--measure", "wait_maen"), "did you mean 'wait_mean'?"),
        (("--confidence", "5%"), "write a share between 50% and 100%"),
    ],
)
def test_mistakes_are_the_users(call, words, told):
    status, out, err = call("small.yaml", *words)
    assert (status, out) == (2, "")
    assert told in err
    assert "runs" not in err


def test_morris_by_the_command(call):
    status, out, _ = call("small.yaml", "--method", "morris", "--size", "2", "-n", "1", "--quiet")
    assert status == 0
    assert "mean size" in out


def test_without_salib_it_says_what_to_install(call, monkeypatch):
    import sys

    for name in [name for name in sys.modules if name.startswith("SALib")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "SALib", None)
    status, _, err = call("small.yaml", "--method", "morris")
    assert status == 2
    assert "pip install 'service-encounter-sim[sensitivity]'" in err


def test_a_failed_run_is_told_and_the_rest_is_printed(call):
    words = ("--range", "site.max_in_system=1..50", "-n", "1", "--policy", "as_is")
    status, out, err = call("small.yaml", *words)
    assert status == 3
    assert "as_is | site.max_in_system=1, replication 0" in err
    assert "again: sim run small.yaml --set=site.max_in_system=1 --policy as_is" in err
    assert "wait_mean under as_is" in out
