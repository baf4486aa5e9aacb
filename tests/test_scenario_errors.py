"""What will not do in a scenario: each problem with its line, its path, and what would do; never a traceback.

Each file of bad_scenarios/ ends with the problems expected of it, all of them and no other.
"""

import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import InputError, Problem, ScenarioError, printable
from sim.scenario import load
from sim.scenario.yaml_reader import DEEPEST, MOST_BYTES, Unreadable, read_yaml

ROOT = Path(__file__).parents[1]
BAD = sorted((Path(__file__).parent / "bad_scenarios").glob("*.yaml"))
GOOD = [
    *(ROOT / "scenarios" / name for name in ("hotel_front_desk.yaml", "call_centre.yaml")),
    ROOT / "scenarios" / "theory" / "priorities.yaml",
    ROOT / "sim" / "scenario" / "starter.yaml",
]
SLOWEST_S = 60.0  # a guard against hanging, not a measurement: each takes a fraction of a second


def problems_of(path):
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return caught.value


def problems_if_any(source):
    """Nothing where it loads; any other error than a ScenarioError is let through, and fails the test."""
    try:
        load(source).canonical()
    except ScenarioError as error:
        str(error)
        return error.problems
    return ()


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_exactly_the_expected_problems_are_told(path):
    expected = re.findall(r"^# expect (.*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert expected
    told = str(problems_of(path)).splitlines()
    count = f"{len(expected)} problem{'' if len(expected) == 1 else 's'}"
    assert told[0] == f"{path}: {count}"
    assert [line.strip() for line in told[1:]] == expected


def test_a_report_is_as_in_the_manual():
    error = ScenarioError(
        "scenarios/bad.yaml",
        [
            Problem("scenarios/bad.yaml", 12, "stages.check_in.next", "probabilities sum to 0.95, they must sum to 1"),
            Problem("scenarios/base.yaml", 3, "staff.clerk.skil", "unknown key; did you mean 'skill'?"),
            Problem("scenarios/bad.yaml", None, "", "no such file"),
        ],
    )
    assert str(error) == (
        "scenarios/bad.yaml: 3 problems\n"
        "  12: stages.check_in.next: probabilities sum to 0.95, they must sum to 1\n"
        "  scenarios/base.yaml:3: staff.clerk.skil: unknown key; did you mean 'skill'?\n"
        "  no such file"
    )
    assert isinstance(error, InputError)
    assert error.exit_status == 2


def test_what_is_told_cannot_command_a_terminal():
    assert printable("a\x1b[31m\u202eb\n") == "a\\x1b[31m\\u202eb\\n"


def test_files_that_are_not_there(tmp_path):
    assert "no such file" in str(problems_of(tmp_path / "none.yaml"))
    assert "folder" in str(problems_of(tmp_path))
    assert "a\\x00b.yaml" in str(problems_of("a\0b.yaml"))


def test_values_that_no_file_could_hold():
    holding_itself = {"name": "x"}
    holding_itself["stages"] = holding_itself
    for source in ({"name": object()}, {"calendar": {"days": float("nan")}}, holding_itself, {}, {"stages": {1: []}}):
        problems_of(source)


ATTACKS = {
    "empty": b"",
    "only a comment": b"# nothing\n",
    "nested": b"[" * 5000,
    "nested mappings": b"{a: " * 5000,
    "block nesting": b"".join(b" " * depth + b"a:\n" for depth in range(DEEPEST + 10)),
    "alias bomb": b"a: &a [x, x, x, x, x, x, x, x, x]\n"
    + b"".join(
        f"{chr(98 + level)}: &{chr(98 + level)} [{', '.join(['*' + chr(97 + level)] * 9)}]\n".encode()
        for level in range(8)
    ),
    "many aliases": b"a: &a 1\nb: [" + b"*a, " * 200 + b"]\n",
    "alias of itself": b"a: &a [*a]\n",
    "alias before its anchor": b"a: *b\nb: &b 1\n",
    "alias as key": b"a: &a x\n*a : 1\n",
    "python tag": b"!!python/object/apply:os.system [echo]\n",
    "binary tag": b"name: !!binary aGVsbG8=\n",
    "set": b"? a\n? b\n",
    "list as key": b"[a, b]: 1\n",
    "merge": b"a: &a {x: 1}\nb: {<<: *a}\n",
    "two documents": b"name: a\n---\nname: b\n",
    "yaml 1.1": b"%YAML 1.1\n---\nname: a\n",
    "tag directive": b"%TAG ! tag:example.org,2000:\n---\nname: !x a\n",
    "not UTF-8": b"name: \xff\xfe\n",
    "UTF-16": "name: a\n".encode("utf-16"),
    "zero byte": b"name: a\x00b\n",
    "escape character": b'name: "\\e[31m"\n',
    "direction override": 'name: "\u202ea"\n'.encode(),
    "long number": b"seed: " + b"9" * 5000 + b"\n",
    "long float": b"seed: 1" + b"0" * 400 + b".0\n",
    "not finite": b"seed: .inf\n",
    "long line": b"name: " + b"a" * 200_000 + b"\n",
    "long flow": b"name: [" + b"1, " * 20_000 + b"]\n",
    "unclosed quote": b'name: "a\n',
    "control character in a key": b'"a\\x07b": 1\n',
    "too large": b"#" * (MOST_BYTES + 1),
    "date": b"name: 2024-01-01\n",
    "question mark": b"?",
    "colon": b":",
    "dash": b"-",
    "percent": b"%",
    "at": b"@",
    "tab": b"\t",
    "byte order mark": b"\xef\xbb\xbf",
    "next line": "name: a\u0085b\n".encode(),
    "surrogate": b"name: \xed\xa0\x80\n",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_are_refused_with_a_line(name, tmp_path):
    path = tmp_path / "attack.yaml"
    path.write_bytes(ATTACKS[name])
    start = time.perf_counter()
    error = problems_of(path)
    assert time.perf_counter() - start < SLOWEST_S
    assert error.problems
    assert all(problem.line is not None or name == "too large" for problem in error.problems)
    assert str(error).replace("\n", "").isprintable()


def test_deep_and_wide_within_limits_is_read():
    text = b"[" * DEEPEST + b"]" * DEEPEST
    assert read_yaml(text).faults == ()
    with pytest.raises(Unreadable):
        read_yaml(b"[" + text + b"]")


WORDS = [
    *(b"never", b"1e400", b"-1", b"null", b"~", b"[]", b"{}", b"true", b'"x"', b"0", b".nan", b"&a", b"*a", b"!!str"),
    *(b"<<", b": ", b"\n", b"  ", b"- ", b"leave", b"default", b"mon", b'"07:00"', b"1e-320", b"dist: by_time", b"|"),
    *(b"{add: 1}", b"{times: 1.1}", b"\xe2\x80\xae", b"?", b">", b"4 min", b"12/h", b"-5 min", b"{mon: 1}", b"1.5"),
    *(b'{"07:00": 1}', b"{dist: constant, value: 1}", b"{default: 1}", b"9" * 30, "前台".encode()),
]


def mutated(content, rng):
    """The file with a few bytes, pieces or values of it changed."""
    text = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(len(text))
        kind = rng.randrange(5)
        if kind == 0:
            text[at] = rng.randrange(256)
        elif kind == 1:
            text[at:at] = rng.choice(WORDS)
        elif kind == 2:
            del text[at : at + rng.randrange(1, 40)]
        elif kind == 3:
            other = rng.randrange(len(text))
            text[at:at] = text[other : other + rng.randrange(1, 200)]
        else:
            values = list(re.finditer(rb"(?<=[:\[,{] )[^,\]}\n:{\[]+", bytes(text)))
            if values:
                chosen = rng.choice(values)
                text[chosen.start() : chosen.end()] = rng.choice(WORDS)
        if not text:
            break
    return bytes(text)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_mutated_files_are_read_or_refused_and_nothing_else(path, tmp_path):
    rng = random.Random(20240 + len(path.stem))
    content = path.read_bytes()
    target = tmp_path / "mutated.yaml"
    for _ in range(150):
        target.write_bytes(mutated(content, rng))
        start = time.perf_counter()
        assert all(problem.line is not None and problem.message for problem in problems_if_any(target))
        assert time.perf_counter() - start < SLOWEST_S


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["4 min", "12/h", "07:00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
sections = st.sampled_from(["calendar", "customers", "stages", "staff", "actions", "quality", "training", "policies"])


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(sections, plain, max_size=4), st.lists(st.tuples(st.integers(0, 10**6), plain), max_size=3))
def test_any_values_anywhere_are_read_or_refused(over, changes):
    tree = load(GOOD[3]).as_written()
    tree.update(over)
    for place, value in changes:
        node, key = tree, None
        parents = []
        while isinstance(node, dict) and node:
            key = list(node)[place % len(node)]
            parents.append((node, key))
            node, place = node[key], place // 7
        if parents:
            parent, key = parents[-1]
            parent[key] = value
    assert all(problem.message for problem in problems_if_any(tree))
