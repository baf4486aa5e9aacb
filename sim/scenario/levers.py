"""Levers: quantities set by their dotted path, to a value or by ``{add: …}`` and ``{times: …}``."""

import re
from collections.abc import Mapping
from typing import Any

from sim.errors import InputError, did_you_mean, there_are
from sim.scenario.distributions import Constant
from sim.scenario.extends import drop_excluded
from sim.scenario.problems import field_of, keys_of, kind_below
from sim.scenario.scenario import Scenario
from sim.scenario.written import BySegment, Part, show
from sim.scenario.yaml_reader import Unreadable, read_yaml
from sim.units import DAY_MINUTES, NUMBER, format_clock, parse_clock, parse_duration, parse_rate

NOT_LEVERS = frozenset(
    ("name", "title", "currency", "policies", "analysis", "precision", "uncertain", "accept", "extends")
)
_BEGUN_BY_A_VALUE = (("management", "automation"), ("management", "crm"))
"""Sections whose entries may be begun by one of their values: all the others have a default."""
_QUANTITY = re.compile(rf"\s*({NUMBER})(\s*(?:/\s*)?[A-Za-z]+\s*)", re.ASCII)
_CLOCK = re.compile(r"\d\d:\d\d", re.ASCII)

# What of a law moves with its mean: all of these are multiplied, or shifted, together.
_SCALED = ("value", "mean", "p50", "p95", "values", "of")
_ENDS = ("low", "mode", "high")


class LeverError(InputError):
    """Levers that cannot be applied: pairs of dotted path and message."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{path}: {message}" for path, message in problems))


def parse_setting(text: str) -> tuple[str, Any]:
    """Path and value of ``PATH=VALUE``; the value is read as in a scenario file. InputError otherwise."""
    path, equals, written = text.partition("=")
    path = path.strip()
    if not equals or not path:
        raise LeverError((text.strip()[:60], "not a setting; write PATH=VALUE, as staff.receptionist.skill=0.9"))
    if not written.strip():
        return path, None
    try:
        reading = read_yaml(written.encode("utf-8", "surrogateescape"))
    except Unreadable as error:
        raise LeverError((path, error.fault.message)) from None
    if reading.faults:
        raise LeverError(*((path, fault.message) for fault in reading.faults))
    return path, reading.value


def apply_levers(tree: Mapping[str, Any], levers: Mapping[str, Any], scenario: Scenario) -> dict[str, Any]:
    """The written tree with the levers set, in order; ``scenario`` is its model, for values not written."""
    problems = []
    result = dict(tree)
    for path, value in levers.items():
        try:
            keys = _keys(result, path)
            result = _set(result, keys, _new_value(result, keys, value, scenario))
        except ValueError as error:
            problems.append((path, str(error)))
    if problems:
        raise LeverError(*problems)
    return result


def _keys(tree: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """The keys of a lever; ValueError tells what one can set where the path leads nowhere."""
    keys = tuple(path.split("."))
    if keys[0] in NOT_LEVERS:
        raise ValueError(f"'{keys[0]}' is not a lever; {there_are(_roots())}")
    kind: Any = Scenario
    node: Any = tree
    walked: tuple[str, ...] = ()
    for place, key in enumerate(keys):
        key = _member_number(node, key) if isinstance(node, list) else key
        _check_step(kind, node, key, last=place == len(keys) - 1, at=walked)
        kind = kind_below(kind, key)
        walked = (*walked, key)
        node = _below(node, key)
    if len(keys) == 1 and kind is not None:
        example = there_are(keys_of(kind)) if isinstance(kind, type) else there_are(node or ())
        raise ValueError(f"a lever is one value by its dotted path; in '{path}' {example}")
    return walked


def _roots() -> list[str]:
    return [key for key in keys_of(Scenario) if key not in NOT_LEVERS]


def _check_step(kind: Any, node: Any, key: str, last: bool, at: tuple[str, ...]) -> None:
    here = f"in '{'.'.join(at)}'" if at else "at the top"
    if isinstance(kind, type) and issubclass(kind, Part):
        if field_of(kind, key) is None:
            known = keys_of(kind) if at else _roots()
            raise ValueError(f"nothing to set by the name '{key}'; {here} {_choice(key, known)}")
    elif isinstance(node, list):
        if not key.isdigit() or int(key) >= len(node):
            names = [str(one.get("name")) for one in node if isinstance(one, dict)]
            raise ValueError(f"no entry '{key}'; {here} {_choice(key, names)}")
    elif not isinstance(node, dict | None):
        raise ValueError(f"'{'.'.join(at)}' is one value ({show(node)}); set it whole")
    elif not last and key not in (node or {}) and at not in _BEGUN_BY_A_VALUE:
        whole = f"; write it whole: {'.'.join((*at, key))}={{…}}" if not node else ""
        raise ValueError(f"no '{key}'; {here} {_choice(key, list(node or ()))}{whole}")


def _choice(name: str, known: list[str]) -> str:
    return f"{there_are(known)}{did_you_mean(name, known)}"


def _member_number(members: list[Any], key: str) -> str:
    """The number of the list's entry that has that name."""
    for place, member in enumerate(members):
        if isinstance(member, dict) and str(member.get("name")) == key:
            return str(place)
    return key


def _below(node: Any, key: str) -> Any:
    if isinstance(node, list):
        return node[int(key)]
    return node.get(key) if isinstance(node, dict) else None


def _set(tree: Mapping[str, Any], keys: tuple[str, ...], value: Any) -> dict[str, Any]:
    """A copy of the tree with the value in it; nothing of the old tree is changed (parts may be shared)."""

    def placed(node: Any, at: int) -> Any:
        if at == len(keys):
            return value
        if isinstance(node, list):
            copy = list(node)
            copy[int(keys[at])] = placed(node[int(keys[at])], at + 1)
            return copy
        entries = dict(node or {})
        entries[keys[at]] = placed(entries.get(keys[at]), at + 1)
        if at == len(keys) - 1:
            drop_excluded(entries, keys[:at], keys[at])
        return entries

    result: dict[str, Any] = placed(tree, 0)
    return result


def _new_value(tree: Mapping[str, Any], keys: tuple[str, ...], value: Any, scenario: Scenario) -> Any:
    if not (isinstance(value, dict) and len(value) == 1 and next(iter(value)) in ("add", "times")):
        return value
    ((relation, by),) = value.items()
    if relation == "times" and (isinstance(by, bool) or not isinstance(by, int | float)):
        raise ValueError(f"times: {show(by)} is not a number; write for example {{times: 1.1}}")
    node: Any = tree
    for key in keys:
        node = _below(node, key)
    if node is None:
        node = _default(scenario, keys)
    return _changed(node, relation, by)


def _default(scenario: Scenario, keys: tuple[str, ...]) -> Any:
    """The value in force where nothing is written."""
    node: Any = scenario
    for key in keys:
        if isinstance(node, dict):
            node = node.get(key)
        elif isinstance(node, tuple) and key.isdigit():
            node = node[int(key)]
        else:
            node = getattr(node, key, None)
    if isinstance(node, BySegment):
        node = node.default
    if isinstance(node, Constant):
        node = node.value
    if isinstance(node, bool) or not isinstance(node, int | float):
        raise ValueError("it has no value that could be changed; set it to one")
    return node


def _changed(node: Any, relation: str, by: Any) -> Any:
    """The written value multiplied or added to; in a mapping every entry, in a law what moves its mean."""
    if isinstance(node, dict):
        if "dist" in node:
            return _changed_law(node, relation, by)
        return {key: _changed(entry, relation, by) for key, entry in node.items()}
    if isinstance(node, bool) or not isinstance(node, int | float | str):
        raise ValueError(f"{show(node)} cannot be changed by {{{relation}: …}}; set it whole")
    if isinstance(node, str):
        return _changed_text(node, relation, by)
    return node * by if relation == "times" else node + _addend(by)


def _changed_law(law: Mapping[str, Any], relation: str, by: Any) -> dict[str, Any]:
    if relation == "add" and "p50" in law:
        raise ValueError("a law given by p50 and p95 can be multiplied, not added to; set it whole")
    result = dict(law)
    for key in _moved_with_mean(law, relation):
        if key in law:
            entry = law[key]
            many = isinstance(entry, list)
            result[key] = [_changed(one, relation, by) for one in entry] if many else _changed(entry, relation, by)
    return result


def _moved_with_mean(law: Mapping[str, Any], relation: str) -> tuple[str, ...]:
    """Parameters that move together so that the mean moves as asked and the law stays possible."""
    if law["dist"] == "by_time":
        return tuple(key for key in law if key != "dist")
    if law["dist"] == "beta":
        return ("mean", "low", "high", "sd") if relation == "times" else ("mean", "low", "high")
    return _SCALED if "mean" in law else (*_SCALED, *_ENDS)


def _addend(by: Any) -> float:
    if isinstance(by, str):
        return parse_duration(by)
    if isinstance(by, bool) or not isinstance(by, int | float):
        raise ValueError(f"add: {show(by)} is neither a number nor a duration; write for example {{add: 1}}")
    return by


def _changed_text(text: str, relation: str, by: Any) -> Any:
    if text == "never":
        return text
    if _CLOCK.fullmatch(text):
        return _changed_clock(text, relation, by)
    match = _QUANTITY.fullmatch(text)
    if not match:
        raise ValueError(f"{show(text)} cannot be changed by {{{relation}: …}}; set it whole")
    if relation == "times":
        return f"{float(match[1]) * by!r}{match[2]}"
    if "/" in match[2]:
        if not isinstance(by, str):
            raise ValueError(f"add: {show(by)} is not a rate; write for example {{add: 2/h}}")
        return f"{parse_rate(text) + parse_rate(by)!r}/min"
    return parse_duration(text) + _addend(by)


def _changed_clock(text: str, relation: str, by: Any) -> str:
    minute = parse_clock(text) + _addend(by) if relation == "add" else -1
    if not 0 <= minute <= DAY_MINUTES or minute != round(minute):
        raise ValueError(f"'{text}' is a time of day; write for example {{add: 30 min}}, within the day")
    return format_clock(minute)
