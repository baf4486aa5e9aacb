"""Streams of the command in a process of its own: encodings, closed pipes, escapes, colours, interruption."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from tests.cli.small import environment, sim, written

QUICK = ("run", "small.yaml", "--no-save", "--jobs", "1")


def test_help_lists_the_commands_and_imports_nothing_heavy(tmp_path):
    code = (
        "import sys\nfrom sim.cli.main import cli\n"
        "cli.main(['--help'], standalone_mode=False)\n"
        "heavy = {'numpy', 'pandas', 'simpy', 'scipy', 'matplotlib', 'pydantic', 'pyarrow', 'rich', 'ruamel'}\n"
        "print(sorted(heavy & set(sys.modules)), 'sim.cli.run' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[] False"
    for command in ("run", "trace", "validate", "new", "schema", "doctor"):
        assert f"  {command} " in done.stdout


def test_ascii_output_says_every_name_without_losing_it(tmp_path):
    written(tmp_path, title="前台接待")
    for extra in ({"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "", "LC_ALL": "C", "PYTHONUTF8": "0"}):
        done = sim(*QUICK, cwd=tmp_path, **extra)
        assert done.returncode == 0, done.stderr
    done = sim(*QUICK, cwd=tmp_path, PYTHONIOENCODING="ascii")
    text = done.stdout.decode("ascii")
    assert r"\u524d\u53f0\u63a5\u5f85" in text
    assert "+-" in text
    assert max(map(len, text.splitlines()[2:])) <= 80
    story = sim("trace", "small.yaml", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert story.returncode == 0
    assert story.stdout.isascii()


def test_json_is_ascii_whatever_the_names(tmp_path):
    path = written(tmp_path)
    path.write_text(path.read_text("utf-8").replace("hire_one", "多一人"), "utf-8")
    done = sim(*QUICK, "--format", "json", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert "多一人" in {row["policy"] for row in json.loads(done.stdout)["results"]}


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
@pytest.mark.parametrize("form", ["table", "csv"])
def test_a_reader_who_leaves_early_is_no_error(tmp_path, form):
    written(tmp_path)
    command = [sys.executable, "-m", "sim", *QUICK, "--format", form]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    error = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=120) == 0
    assert error == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_disk_is_told_with_status_5(tmp_path):
    written(tmp_path)
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sim", *QUICK],
            cwd=tmp_path,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=120,
        )
    assert done.returncode == 5
    assert b"no space left" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written_is_told_with_status_5(tmp_path):
    written(tmp_path)
    (tmp_path / "results").write_text("in the way")
    done = sim("run", "small.yaml", "-n", "1", cwd=tmp_path)
    assert done.returncode == 5
    assert b"Traceback" not in done.stderr


def test_no_file_can_command_the_terminal(tmp_path):
    written(tmp_path, title=r'"\e[31mred\e]0;owned\a \u202e txt"')
    for words in (QUICK, (*QUICK, "--format", "markdown"), ("trace", "small.yaml"), ("validate", "small.yaml")):
        done = sim(*words, cwd=tmp_path)
        for sign in (b"\x1b", b"\x07", "\u202e".encode()):
            assert sign not in done.stdout + done.stderr
    name = "run\x1b[31m.yaml"
    done = sim("run", name, cwd=tmp_path)
    assert done.returncode == 2
    assert b"\x1b" not in done.stderr


def test_output_that_is_no_terminal_has_no_colour_and_no_bar(tmp_path):
    written(tmp_path)
    done = sim(*QUICK, cwd=tmp_path, TERM="xterm-256color")
    assert b"\x1b" not in done.stdout
    assert done.stderr == b""


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_errors_are_coloured_on_a_terminal_unless_forbidden(tmp_path, no_color, coloured):
    ours, theirs = os.openpty()
    subprocess.run(
        [sys.executable, "-m", "sim", "run", "nope.yaml"],
        cwd=tmp_path,
        env=environment(TERM="xterm", NO_COLOR=no_color),
        stderr=theirs,
        timeout=60,
    )
    os.close(theirs)
    seen = os.read(ours, 10_000)
    os.close(ours)
    assert b"no such file" in seen
    assert (b"\x1b[" in seen) is coloured


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
@pytest.mark.parametrize("quiet", [False, True])
def test_a_bar_is_shown_to_who_watches_unless_quiet(tmp_path, quiet):
    written(tmp_path)
    ours, theirs = os.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "sim", *QUICK, *["--quiet"] * quiet],
        cwd=tmp_path,
        env=environment(TERM="xterm", NO_COLOR="1"),
        stdout=subprocess.PIPE,
        stderr=theirs,
        timeout=120,
    )
    os.write(theirs, b"end")
    os.close(theirs)
    seen = os.read(ours, 100_000)
    os.close(ours)
    assert (b"6/6" in seen) is not quiet
    assert not re.search(rb"\x1b\[[0-9;]*3[0-9]m", seen)
    assert done.returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_an_interrupted_run_says_how_to_repeat_it(tmp_path):
    written(tmp_path)
    words = ("run", "small.yaml", "-n", "100000", "--jobs", "1")
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", *words], cwd=tmp_path, env=environment(), stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("results/small/.unfinished-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    error = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 130
    assert "sim run small.yaml -n 100000 --jobs 1" in error
    assert "Traceback" not in error
    assert not list(tmp_path.glob("results/small/.unfinished-*"))
