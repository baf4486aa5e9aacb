"""Loads a scenario from a file or a dict, checks it whole, and changes it by levers and policies."""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.errors import Problem, ScenarioError, did_you_mean, there_are
from sim.scenario.checks import check, check_reach
from sim.scenario.csv_files import with_csv_contents
from sim.scenario.document import Document, Keys, Place
from sim.scenario.extends import merged
from sim.scenario.levers import LeverError, apply_levers
from sim.scenario.problems import read_model, related
from sim.scenario.scenario import Scenario
from sim.scenario.written import show
from sim.scenario.yaml_reader import DEEPEST, MOST_BYTES, MOST_NODES, Reading, Unreadable, read_yaml

_PRESETS = Path(__file__).parent
_LONGEST_CHAIN = 10


def load(source: str | Path | Mapping[str, Any]) -> Scenario:
    """The scenario in a YAML file, or in a dict of that form (files it names are in the current folder).

    ScenarioError tells all that is wrong, each with file, line and path.
    """
    if isinstance(source, Mapping):
        return _load_document(_from_dict(source))
    if not isinstance(source, str | Path):
        raise TypeError(f"a path or a dict is due, not {type(source).__name__}")
    return _load_document(_from_file(Path(source), str(source), ()))


def _load_document(document: Document) -> Scenario:
    scenario, problems = _built(document)
    if scenario is not None and not problems:
        problems += [document.problem(keys, message) for keys, message in check_reach(scenario)]
        problems += _variant_problems(scenario)
    if scenario is None or problems:
        raise ScenarioError(document.file, _in_order(problems))
    return scenario


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda one: (one.file, one.line or 0))


def _built(document: Document) -> tuple[Scenario | None, list[Problem]]:
    """The model of a document, and all problems found but those of its policies."""
    attempt = read_model(document.tree)
    found = [document.problem(keys, message) for keys, message in attempt.findings]
    if attempt.scenario is not None:
        for keys, message in check(attempt.scenario):
            if not related(keys, attempt.stand_ins):
                found.append(document.problem(keys, message))
        attempt.scenario._document = document
    return attempt.scenario, [*document.problems, *found]


def _variant_problems(scenario: Scenario) -> list[Problem]:
    """What is wrong with policies and uncertain values: each is tried."""
    document = scenario._document
    found = []
    for name, levers in scenario.policies.items():
        for path, message in lever_problems(scenario, levers):
            found.append(document.problem(("policies", name, path) if path else ("policies", name), message))
    for path, ends in scenario.uncertain.items():
        for end in ends:
            for _, message in _uncertain_problems(scenario, {path: end})[:1]:
                found.append(document.problem(("uncertain", path), message))
    return list(dict.fromkeys(found))


def _uncertain_problems(scenario: Scenario, levers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """None where some policy takes the value: what is uncertain may be there under it alone, such as its training."""
    problems = lever_problems(scenario, levers)
    under = ({**policy, **levers} for policy in scenario.policies.values() if problems)
    return [] if any(not lever_problems(scenario, both) for both in under) else problems


def lever_problems(scenario: Scenario, levers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with setting those levers: pairs of dotted path and message; empty where nothing is."""
    try:
        with_levers(scenario, levers)
    except ScenarioError as error:
        return [(problem.path, problem.message) for problem in error.problems]
    return []


def with_policy(scenario: Scenario, name: str) -> Scenario:
    """The scenario under the policy; ScenarioError where there is none of that name."""
    if name not in scenario.policies:
        hint = did_you_mean(name, scenario.policies) or "; " + there_are(scenario.policies)
        raise ScenarioError(
            scenario._document.file,
            [Problem(scenario._document.file, None, "policies", f"no policy '{name}'{hint}")],
        )
    return with_levers(scenario, scenario.policies[name])


def with_policies(scenario: Scenario, policies: Mapping[str, Mapping[str, Any]]) -> Scenario:
    """The scenario with these policies after its own; ScenarioError tells all that is wrong with them."""
    document = scenario._document
    added = {name: dict(levers) for name, levers in policies.items()}
    tree = {**document.tree, "policies": {**document.tree.get("policies", {}), **added}}
    changed, problems = _built(replace(document, tree=tree))
    for name, levers in added.items():
        told = [
            Problem(document.file, None, f"policies.{name}", f"{p}: {m}") for p, m in lever_problems(scenario, levers)
        ]
        problems += told
    if changed is None or problems:
        raise ScenarioError(document.file, [one._replace(line=None) for one in problems])
    return changed


def with_levers(scenario: Scenario, levers: Mapping[str, Any]) -> Scenario:
    """The scenario with the levers applied in order; ScenarioError tells all that is wrong with them."""
    document = scenario._document
    if not levers:
        return scenario
    values, faults = with_csv_contents(_plain_tree(levers, document.file), document.folder)
    problems = [Problem(document.file, None, ".".join(keys), message) for keys, message in faults]
    try:
        tree = apply_levers(document.tree, values, scenario)
    except LeverError as error:
        problems += [Problem(document.file, None, path, message) for path, message in error.problems]
        raise ScenarioError(document.file, problems) from None
    changed, found = _built(replace(document, tree=tree))
    problems += [one._replace(file=document.file, line=None) for one in found]
    if changed is None or problems:
        raise ScenarioError(document.file, problems)
    return changed


def _from_file(path: Path, shown: str, chain: tuple[Path, ...]) -> Document:
    reading = _read(path, shown)
    if not isinstance(reading.value, dict):
        message = f"{show(reading.value)} is not a scenario; write key: value pairs"
        raise ScenarioError(shown, [Problem(shown, 1, "", message)])
    problems = [Problem(shown, fault.line, ".".join(fault.keys), fault.message) for fault in reading.faults]
    places = {keys: Place(shown, line) for keys, line in reading.lines.items()}
    own = Document(reading.value, shown, path.parent, places, tuple(problems))
    return _extended(own, (*chain, path.resolve()))


def _read(path: Path, shown: str) -> Reading:
    try:
        if not path.is_file():
            raise ScenarioError(shown, [Problem(shown, None, "", _absent(path))])
        with path.open("rb") as stream:
            return read_yaml(stream.read(MOST_BYTES + 1))
    except Unreadable as error:
        fault = error.fault
        raise ScenarioError(shown, [Problem(shown, fault.line, ".".join(fault.keys), fault.message)]) from None
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or "the name will not do"
        raise ScenarioError(shown, [Problem(shown, None, "", f"cannot be read: {what}")]) from None


def _absent(path: Path) -> str:
    if path.is_dir():
        return "this is a folder; name the scenario file in it"
    near = [each.name for each in path.parent.glob("*.yaml")] if path.parent.is_dir() else []
    return f"no such file{did_you_mean(path.name, near)}"


def _from_dict(source: Mapping[str, Any]) -> Document:
    file = "the scenario"
    return _extended(Document(_plain_tree(source, file), file, Path.cwd()), ())


def _plain_tree(source: Mapping[str, Any], file: str) -> dict[str, Any]:
    """The dict as a file would hold it: own copies, text keys, lists. ScenarioError where it is none."""
    count = 0

    def plain(node: Any, keys: Keys) -> Any:
        nonlocal count
        count += 1
        if count > MOST_NODES or len(keys) > DEEPEST:
            raise ScenarioError(file, [Problem(file, None, ".".join(keys[:3]), "too many or too deep values")])
        if isinstance(node, Mapping):
            return {str(key): plain(entry, (*keys, str(key))) for key, entry in node.items()}
        if isinstance(node, list | tuple):
            return [plain(entry, (*keys, str(place))) for place, entry in enumerate(node)]
        if hasattr(node, "item") and not isinstance(node, str | int | float):
            node = node.item()  # a NumPy scalar
        if isinstance(node, float) and not math.isfinite(node):
            raise ScenarioError(file, [Problem(file, None, ".".join(keys), f"{node} is not a finite number")])
        if node is None or isinstance(node, str | int | float):
            return node
        problem = f"a {type(node).__name__} is no value of a scenario; write a number, a text, a list or a dict"
        raise ScenarioError(file, [Problem(file, None, ".".join(keys), problem)])

    return {str(key): plain(entry, (str(key),)) for key, entry in source.items()}


def _extended(own: Document, chain: tuple[Path, ...]) -> Document:
    """The document with the contents of CSV files in it, over the one that it extends."""
    tree, faults = with_csv_contents(dict(own.tree), own.folder)
    problems = (*own.problems, *(own.problem(keys, message) for keys, message in faults))
    name = tree.pop("extends", None)
    own = replace(own, tree=tree, problems=problems)
    if name is None:
        return own
    path = _base_path(name, own.folder)
    fault = path if isinstance(path, str) else _chain_fault(path, chain)
    if fault:
        return replace(own, problems=(*problems, own.problem(("extends",), fault)))
    assert isinstance(path, Path)
    base = _from_file(path, _shown(path, own), chain)
    return Document(
        tree=merged(base.tree, tree),
        file=own.file,
        folder=own.folder,
        places={**base.places, **own.places},
        problems=(*base.problems, *own.problems),
    )


def _chain_fault(path: Path, chain: tuple[Path, ...]) -> str:
    if path.resolve() in chain:
        return f"'{path.name}' extends itself, directly or by way of others; break the circle"
    return "more than 10 scenarios extend one another; join some" if len(chain) >= _LONGEST_CHAIN else ""


def _base_path(name: Any, folder: Path) -> Path | str:
    """The file that is extended, or what is wrong with its name."""
    form = "write the path of a YAML file relative to this one"
    if not isinstance(name, str) or not name.isprintable() or "\\" in name:
        return f"{show(name)} is not a path; {form}"
    if ":" in name or Path(name).is_absolute() or Path(name).suffix not in (".yaml", ".yml"):
        return f"{show(name)} will not do; {form}"
    own = folder / name
    if own.is_file():
        return own
    shipped = _PRESETS / name
    if Path(name).parts[0] == "presets" and ".." not in Path(name).parts and shipped.is_file():
        return shipped
    return f"no file {show(name)}; {form}, or presets/defaults.yaml"


def _shown(path: Path, own: Document) -> str:
    """The base file's name as messages say it: beside the one that names it."""
    if path.is_relative_to(_PRESETS):
        return path.relative_to(_PRESETS).as_posix()
    return str(path)
