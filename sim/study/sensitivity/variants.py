"""The policies of a study with parameters set on top: every different scenario once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, ScenarioError
from sim.study.cases import Case

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.study.sensitivity.ranges import Range

Setting = Mapping[str, Any]
"""Values of parameters by path; empty: as written."""


def leads_somewhere(scenario: Scenario, path: str, value: Any) -> bool:
    """Whether a scenario has what the path names: a policy's training, for example, is there under it alone."""
    from sim.scenario.levers import LeverError, apply_levers

    try:
        apply_levers(scenario._document.tree, {path: value}, scenario)
    except LeverError:
        return False
    return True


def variants(cases: Sequence[Case], settings: Sequence[Setting]) -> tuple[tuple[Case, ...], list[list[int]]]:
    """All the scenarios to simulate, and by setting and case the position of its own among them.

    A setting is applied after the policy. Where a policy has no such parameter it stays as it is; scenarios that
    turn out to be the same are simulated once. InputError where the values of a setting do not go together.
    """
    found: list[Case] = list(cases)
    known = {(place, "{}"): place for place in range(len(cases))}
    reached: dict[tuple[int, str], bool] = {}

    def at(place: int, setting: Setting) -> int:
        for path, value in setting.items():
            if (place, path) not in reached:
                reached[place, path] = leads_somewhere(cases[place].scenario, path, value)
        own = {path: value for path, value in setting.items() if reached[place, path]}
        key = (place, json.dumps(own, sort_keys=True))
        if key not in known:
            changed = _changed(cases[place], own)
            same = changed.scenario == cases[place].scenario
            known[key] = place if same else len(found)
            found.extend([] if same else [changed])
        return known[key]

    positions = [[at(place, setting) for place in range(len(cases))] for setting in settings]
    return tuple(found), positions


def _changed(case: Case, setting: Setting) -> Case:
    told = {path: json.dumps(value, ensure_ascii=False) for path, value in setting.items()}
    try:
        scenario = case.scenario.with_levers(setting)
    except ScenarioError as problem:
        values = "; ".join(f"{path}={value}" for path, value in told.items())
        raise InputError(f"policy {case.name} does not go with {values}: {problem}") from None
    name = f"{case.name} | " + "; ".join(f"{path}={value.strip(chr(34))}" for path, value in told.items())
    file, *rest = case.words
    return Case(name, scenario, (file, *(f"--set={path}={value}" for path, value in told.items()), *rest))


def set_by(levers: Setting, ranges: Sequence[Range]) -> frozenset[str]:
    """The parameters that a policy with these levers sets itself: the ends of a range would take its value away."""
    found = set()
    for of in ranges:
        on_top = isinstance(of.low, dict) and of.low.keys() <= {"add", "times"}
        if not on_top and any(_sets(lever, value, of.path) for lever, value in levers.items()):
            found.add(of.path)
    return frozenset(found)


def _sets(lever: str, value: Any, path: str) -> bool:
    if lever == path or lever.startswith(f"{path}."):
        return True
    if not path.startswith(f"{lever}."):
        return False
    for key in path.removeprefix(f"{lever}.").split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value is not None
