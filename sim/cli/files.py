"""``sim validate``, ``sim schema`` and ``sim new``: scenario files, checked, described and begun."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli import console
from sim.cli.exits import DONE, WRONG_INPUT
from sim.errors import InputError, ScenarioError, did_you_mean, there_are

if TYPE_CHECKING:
    from sim.scenario import Scenario

_NAME = re.compile(r"[a-z0-9-]{1,64}")
_EXTENDS = re.compile(r"(?m)^extends:\s*([^\s#]+)")
_PACKAGE = Path(__file__).parent.parent
_STARTER = _PACKAGE / "scenario" / "starter.yaml"
_CASES = (_PACKAGE / "cases", _PACKAGE.parent / "scenarios")  # as installed, as checked out


@click.command(short_help="Check scenario files.")
@click.argument("files", nargs=-1, required=True)
def validate(files: tuple[str, ...]) -> int:
    """Check scenario files; say all that is wrong, where, and the cure. Warn of what can be foreseen."""
    return max(_checked(file) for file in files)


def _checked(file: str) -> int:
    from sim.scenario import load
    from sim.study.limits.asked import check_asked

    try:
        scenario = load(file)
        check_asked(scenario, [scenario.with_policy(policy) for policy in scenario.policy_names])
    except ScenarioError as problem:
        console.complain(str(problem))
        return WRONG_INPUT
    for warning in _foreseen(scenario):
        console.warn(f"{file}: {warning}")
    parts = (
        _count(len(scenario.customers), "segment"),
        _count(len(scenario.stages), "stage"),
        _count(len(scenario.actions), "action"),
        _count(len(scenario.policies), "policy", "policies"),
    )
    console.say(f"{file}: fine; {', '.join(parts)}")
    return DONE


def _foreseen(scenario: Scenario) -> list[str]:
    """Say what can be foreseen of the first replication, policy by policy."""
    from sim.flow.foreseen import foreseen
    from sim.flow.plan import draw
    from sim.flow.site import site_of
    from sim.flow.state import initial_state

    found = []
    for policy in scenario.policy_names or (None,):
        site = site_of(scenario if policy is None else scenario.with_policy(policy))
        plan = draw(site, initial_state(site, scenario.seed, 0), scenario.seed, 0)
        under = "" if policy is None else f"policy {policy}: "
        found += [f"{under}{warning}" for warning in foreseen(plan)]
    return found


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


@click.command(short_help="Print the JSON Schema of scenario files.")
def schema() -> None:
    """Print the JSON Schema of scenario files, by which editors complete and check."""
    from sim.scenario import json_schema

    console.say(json.dumps(json_schema(), indent=1, ensure_ascii=False, allow_nan=False))


@click.command(short_help="Write a scenario to start from.")
@click.argument("name")
@click.option("--from", "case", metavar="CASE", help="Start from a scenario that comes with the program.")
def new(name: str, case: str | None) -> None:
    """Write NAME.yaml in this folder: a commented scenario that runs as it is."""
    if not _NAME.fullmatch(name):
        raise InputError(f"'{name}' will not do as a name; write small letters a-z, digits and hyphens{_hint(name)}")
    source = _STARTER if case is None else _case(case)
    text = re.sub(r"(?m)^name:[^#\n]*?(?=\s*(#|$))", f"name: {name}", source.read_text("utf-8"), count=1)
    target = Path(f"{name}.yaml")
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(f"{target} is there already; take another name, or remove it") from None
    beside = [path.name for path in _extended(source) if _put_beside(path)]
    written = " and ".join([str(target), *beside])
    console.tell(f"Wrote {written}. Now: sim run {target}")


def _extended(case: Path) -> Iterator[Path]:
    """The scenarios that a case extends, one after the other; presets are found wherever a scenario lies."""
    found = _EXTENDS.search(case.read_text("utf-8"))
    if found and not found[1].startswith("presets/"):
        other = case.parent / found[1]
        yield other
        yield from _extended(other)


def _put_beside(source: Path) -> bool:
    """Copy a scenario that the new one needs into this folder; one that is there already is left as it is."""
    try:
        with Path(source.name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(source.read_text("utf-8"))
    except FileExistsError:
        return False
    return True


def _hint(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", Path(name).name.removesuffix(".yaml").lower()).strip("-")
    return f"; did you mean '{plain}'?" if plain else ""


def _case(name: str) -> Path:
    """Find a case by its name; it is looked up among those that exist, so a path leads nowhere."""
    cases = {path.stem: path for folder in reversed(_CASES) for path in sorted(folder.glob("**/*.yaml"))}
    cases = {stem: path for stem, path in cases.items() if path.parent.name != "presets"}
    wanted = name.replace("-", "_")
    if wanted not in cases:
        raise InputError(f"no case '{name}'{did_you_mean(wanted, cases)}; {there_are(cases)}")
    return cases[wanted]
