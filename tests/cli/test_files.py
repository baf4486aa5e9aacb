"""``sim validate``, ``new``, ``schema``, ``trace`` and ``doctor``, and how commands end."""

import errno
import json
from pathlib import Path

import click
import pytest

from sim.cli import console, doctor
from sim.cli.exits import ended
from sim.errors import BusyFolder, GuardStop, InputError, SelfCheckError, StorageError
from tests.cli.small import ROOT


def test_validate_names_each_file_and_all_that_is_wrong(call):
    Path("bad.yaml").write_text("name: bad\ncalendar: {days: 0}\nstagez: {}\n")
    status, out, err = call("validate", "small.yaml", "bad.yaml")
    assert status == 2
    assert out.startswith("small.yaml: fine; 1 segment, 1 stage, 2 actions, 2 policies")
    assert err.startswith("Error: bad.yaml: ")
    assert "stagez" in err
    assert "calendar.days" in err


def test_validate_warns_of_too_little_staff_under_each_policy(call):
    text = Path("small.yaml").read_text().replace("15/h", "40/h")
    Path("small.yaml").write_text(text)
    status, _, err = call("validate", "small.yaml")
    assert status == 0
    assert "policy as_is" in err


def test_new_writes_a_scenario_that_runs_and_never_overwrites(call):
    assert call("new", "my-desk")[0] == 0
    assert Path("my-desk.yaml").read_text("utf-8").count("name: my-desk\n") == 1
    assert call("validate", "my-desk.yaml")[:2] == (
        0,
        "my-desk.yaml: fine; 2 segments, 1 stage, 4 actions, 3 policies\n",
    )
    status, out, _ = call("run", "my-desk.yaml", "-n", "2", "--jobs", "1", "--no-save")
    assert status == 0
    assert out.startswith("my-desk ")
    before = Path("my-desk.yaml").read_bytes()
    status, _, err = call("new", "my-desk")
    assert status == 2
    assert "there already" in err
    assert Path("my-desk.yaml").read_bytes() == before


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/b", "Desk", "", "..", "desk.yaml"])
def test_new_writes_nowhere_but_here(call, tmp_path, name):
    before = sorted(tmp_path.parent.rglob("*.yaml"))
    status, _, err = call("new", name)
    assert status == 2
    assert "will not do as a name" in err
    assert sorted(tmp_path.parent.rglob("*.yaml")) == before


def test_new_does_not_follow_a_link_out_of_the_folder(call, tmp_path):
    outside = tmp_path.parent / "outside.yaml"
    try:
        Path("desk.yaml").symlink_to(outside)
    except OSError:
        pytest.skip("no links here")
    assert call("new", "desk")[0] == 2
    assert not outside.exists()


@pytest.mark.parametrize("case", ["call_centre", "hotel-front-desk", "mm1", "hotel_over_time"])
def test_new_from_a_case_is_that_case_by_another_name(call, case):
    assert call("new", "mine", "--from", case)[0] == 0
    assert "name: mine\n" in Path("mine.yaml").read_text("utf-8")
    assert call("validate", "mine.yaml")[0] == 0


def test_new_from_a_case_that_extends_another_brings_that_one_along_and_overwrites_nothing(call):
    status, _, err = call("new", "mine", "--from", "hotel_over_time")
    assert status == 0
    assert "mine.yaml and hotel_front_desk.yaml" in err
    assert call("validate", "mine.yaml")[0] == 0
    own = "name: own\n"
    Path("hotel_front_desk.yaml").write_text(own, "utf-8")
    assert call("new", "other", "--from", "hotel_over_time")[0] == 0
    assert Path("hotel_front_desk.yaml").read_text("utf-8") == own


@pytest.mark.parametrize("case", ["../small", "hotel_front_dek", "presets/defaults"])
def test_new_from_an_unknown_case_says_which_there_are(call, case):
    status, _, err = call("new", "mine", "--from", case)
    assert status == 2
    assert "hotel_front_desk" in err
    assert not Path("mine.yaml").exists()


def test_schema_is_the_committed_one(call):
    status, out, _ = call("schema")
    assert status == 0
    assert json.loads(out) == json.loads((ROOT / "scenarios/scenario.schema.json").read_text("utf-8"))


def test_trace_tells_the_same_customer_under_every_policy(call):
    status, out, _ = call("trace", "small.yaml", "--customer", "5")
    assert status == 0
    for part in ("small, policy as_is, seed 1, replication 0", "Customer 5: all", "greet", "Satisfaction"):
        assert part in out
    _, other, _ = call("trace", "small.yaml", "--customer", "5", "--policy", "hire_one")
    arrives = [line for line in out.splitlines() if line.endswith("  arrives")]
    assert len(arrives) == 1
    assert arrives[0] in other


def test_trace_finds_the_first_customer_of_a_day(call):
    _, out, _ = call("trace", "small.yaml", "--day", "1")
    assert "arrives on day 1 (tue)" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [(("--customer", "99999"), "no customer 99999"), (("--day", "9"), "on day 9"), (("--policy", "no"), "no policy")],
)
def test_trace_of_nobody_is_a_mistake(call, words, says):
    status, _, err = call("trace", "small.yaml", *words)
    assert status == 2
    assert says in err


def test_doctor_finds_this_installation_well(call):
    status, out, _ = call("doctor")
    assert status == 0
    for part in ("simpy ", "python", "cores", "fonts", "results", "8 customers waited as long as they must"):
        assert part in out
    assert "ILL" not in out
    assert not Path("results").exists()


def test_doctor_names_a_folder_that_cannot_be_written(call):
    Path("results").write_text("in the way")
    status, out, _ = call("doctor", "--out", "results/sub")
    assert status == 5
    assert "ILL  results" in out


def test_doctor_sees_a_wrong_engine(call, monkeypatch):
    monkeypatch.setattr(doctor, "_SERVICE", 4)
    monkeypatch.setattr(doctor, "_GAP", 2)
    monkeypatch.setattr("sim.flow.log.EncounterLog.wait_us", property(lambda log: log.number * 0))
    status, out, _ = call("doctor")
    assert status == 1
    assert "simpy is wrong" in out


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (InputError("no"), 2),
        (SelfCheckError("no"), 1),
        (GuardStop("no"), 3),
        (StorageError("no"), 5),
        (BusyFolder("no"), 75),
        (click.UsageError("no"), 2),
        (OSError(errno.ENOSPC, "No space left on device", "here"), 5),
        (PermissionError(errno.EACCES, "Permission denied", "here"), 5),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "here"), 2),
        (MemoryError(), 1),
    ],
)
def test_every_exception_has_one_status_and_one_message(problem, status, capsys):
    def fail():
        raise problem

    assert ended(fail, ()) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Error: ")
    assert "Traceback" not in err


def test_a_bug_shows_where_it_is(capsys):
    def fail():
        raise ZeroDivisionError("of all things")

    assert ended(fail, ()) == 1
    err = capsys.readouterr().err
    assert "of all things" in err
    assert "fault of the program" in err


@pytest.mark.parametrize("problem", [KeyboardInterrupt, click.Abort])
def test_interruption_says_the_line_that_repeats(problem, capsys):
    def stop():
        raise problem

    assert ended(stop, ("run", "my file.yaml")) == 130
    assert "sim run 'my file.yaml'" in capsys.readouterr().err


def test_a_command_may_return_its_own_status():
    assert ended(lambda: 3, ()) == 3
    assert ended(lambda: None, ()) == 0


def test_a_missing_stream_is_no_error(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    console.say("nothing hears this")
