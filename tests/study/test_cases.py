"""Policies asked for by name or written out: how they are read, what is refused, and which are weighed together."""

import pytest

import sim
from sim.errors import InputError, ScenarioError
from sim.study.cases import AS_IS, candidates, cases_of, parse_policy, wishes_of
from tests.study.scenarios import desk

FAST, MORE = "fast: staff.clerk.pace=1.5", "more: staff.clerk.count=4"


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("train", ("train", None)),
        ("a: x.y=1; x.z=two", ("a", {"x.y": 1, "x.z": "two"})),
        ("甲：x.y=1；x.z=2", ("甲", {"x.y": 1, "x.z": 2})),
        ("a：x.y=1; x.z=2；", ("a", {"x.y": 1, "x.z": 2})),
        ('a: x.y="one; 二；三：四"; x.z=2', ("a", {"x.y": "one; 二；三：四", "x.z": 2})),
        ("a: x.y='it''s; so'; x.z=2", ("a", {"x.y": "it's; so", "x.z": 2})),
        (r'a: x.y="a \" b; c"; x.z=2', ("a", {"x.y": 'a " b; c', "x.z": 2})),
        ("a: x.y=it's; x.z=2", ("a", {"x.y": "it's", "x.z": 2})),
        ("a: x.y=[{b: c；d}, e]; x.z={add: 1}", ("a", {"x.y": [{"b": "c；d"}, "e"], "x.z": {"add": 1}})),
    ],
)
def test_read(text, policy):
    assert parse_policy(text) == policy


def wished(*policies, of=None):
    return wishes_of(sim.load(of or desk()), policies)


def test_two_policies_written_out_have_two_names():
    with pytest.raises(InputError, match="policy 'fast' is written out twice; give each a name of its own"):
        wished(FAST, "fast: staff.clerk.pace=2")
    assert wished("third", "third").names == ("third",)


@pytest.mark.parametrize(
    ("lever", "cure"),
    [("seed=5", "set it by --seed"), ("replications=5", "set it by -n")],
)
def test_what_is_one_for_all_is_no_policys(lever, cure):
    with pytest.raises(ScenarioError) as problem:
        wished(f"a: {lever}; staff.clerk.count=3")
    assert str(problem.value).startswith("policy a: 1 problem\n")
    assert cure in str(problem.value)
    path, _, value = lever.partition("=")
    with pytest.raises(InputError, match=cure):
        cases_of(wished("third"), {path: int(value)})
    with pytest.raises(ScenarioError, match=cure):
        wished("as_is", of=desk(policies={"as_is": {}, "third": {path: int(value)}}))


def test_what_is_wrong_with_a_policy_written_out_is_told_of_it():
    with pytest.raises(ScenarioError) as problem:
        wished("a: staff.clerk.pac=2")
    assert str(problem.value).startswith("policy a: 1 problem\n  staff.clerk.pac: nothing to set by the name 'pac'")
    with pytest.raises(ScenarioError) as problem:
        wished("a: staff.clerk.pac=2", FAST, "b: seed=3")
    assert str(problem.value).startswith("policies written out: 2 problems\n  a: staff.clerk.pac: ")
    assert "\n  b: seed: " in str(problem.value)


@pytest.mark.parametrize(
    ("policies", "alone", "with_baseline"),
    [
        ((), ("as_is", "third"), ("as_is", "third")),
        (("third",), ("third",), ("as_is", "third")),
        (("as_is",), ("as_is",), ("as_is",)),
        ((FAST,), ("as_is", "third", "fast"), ("as_is", "third", "fast")),
        ((FAST, "third", MORE), ("third", "fast", "more"), ("as_is", "third", "fast", "more")),
    ],
)
def test_which_are_weighed_against_each_other(policies, alone, with_baseline):
    assert candidates(wished(*policies)).names == alone
    assert candidates(wished(*policies), baseline=True).names == with_baseline


def test_a_scenario_without_policies_is_a_baseline_too():
    plain = desk(policies={})
    assert candidates(wished(FAST, of=plain), baseline=True).names == (AS_IS, "fast")
    assert [case.name for case in cases_of(candidates(wished(of=plain)))] == [AS_IS]
