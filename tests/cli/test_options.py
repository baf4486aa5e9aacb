"""What several commands ask is asked in the same words, and read in the same way."""

import re

import pytest

from sim.cli.options import share
from sim.errors import InputError


@pytest.mark.parametrize(
    ("text", "value"), [("95", 0.95), ("95%", 0.95), (" 95 % ", 0.95), ("0.95", 0.95), ("99.5", 0.995), ("0.51", 0.51)]
)
def test_a_confidence_is_per_cent_or_a_share(text, value):
    assert share(text, "--confidence") == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("text", ["5", "5%", "0.05"])
def test_a_precision_is_read_alike(text):
    assert share(text, "--precision", above=0.0) == pytest.approx(0.05, rel=1e-15)


@pytest.mark.parametrize("text", ["", "high", "%", "50", "0.5", "1", "100", "100%", "-95", "nan", "inf", "0.95%"])
def test_what_is_none_is_refused_with_the_range(text):
    with pytest.raises(InputError) as problem:
        share(text, "--confidence")
    assert str(problem.value) == (
        f"--confidence: '{text}' will not do; write a share between 50% and 100%, for example 95%"
    )


@pytest.mark.parametrize("command", ["compare", "select", "sensitivity"])
def test_the_commands_refuse_a_confidence_alike(call, command):
    words = {"select": ("--measure", "wait_mean", "--delta", "1")}.get(command, ())
    status, out, err = call(command, "small.yaml", *words, "--confidence", "30")
    assert (status, out) == (2, "")
    assert "--confidence: '30' will not do; write a share between 50% and 100%, for example 95%" in err


def test_per_cent_without_the_sign_is_the_same(call):
    words = ("compare", "small.yaml", "--no-save", "--jobs", "1", "-n", "3", "--format", "csv")
    assert call(*words, "--confidence", "90")[1] == call(*words, "--confidence", "90%")[1] != call(*words)[1]
    words = ("run", "small.yaml", "--no-save", "--jobs", "1", "--format", "json")
    assert call(*words, "--precision", "60")[1] == call(*words, "--precision", "60%")[1]


@pytest.mark.parametrize("command", ["run", "compare", "select"])
def test_help_says_how_a_policy_is_written_out(call, command):
    said = re.sub(r"\s+", " ", call(command, "--help")[1])
    baseline = " and the baseline" if command == "compare" else ""
    assert f'--policy NAME Only this policy{baseline}, or one written out: "fast: staff.clerk.pace=1.1; ' in said
    assert ("such alone join all of the file's" in said) is (command != "run")
