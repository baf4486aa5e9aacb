"""Turns a written scenario into the model, and what is wrong with it into plain language.

All problems are told at once: what will not do is noted, replaced by a stand-in and the rest is read on, so
that the checks between parts of the scenario still run.
"""

import copy
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from sim.scenario.descriptions import descriptions
from sim.scenario.document import Keys
from sim.scenario.scenario import Scenario
from sim.scenario.written import Part, Wrong, show, unknown_key

Finding = tuple[Keys, str]

_ROUNDS = 5


class Attempt(typing.NamedTuple):
    """A model (None where too little can be read), what is wrong, and where stand-ins are."""

    scenario: Scenario | None
    findings: list[Finding]
    stand_ins: list[Keys]


def read_model(tree: Mapping[str, Any]) -> Attempt:
    """Read the tree of a written scenario; never raises for what a user may have written."""
    reading = said(tree)
    findings: list[Finding] = []
    stand_ins: list[Keys] = []
    for _ in range(_ROUNDS):
        try:
            return Attempt(Scenario.model_validate(reading), findings, stand_ins)
        except ValidationError as error:
            faults = error.errors(include_url=False)
        for fault in faults:
            where = tuple(str(part) for part in fault["loc"])
            if not related(where, stand_ins):
                findings += [(keys, message) for keys, message in _findings(where, fault)]
        reading = copy.deepcopy(reading)
        for fault in faults:
            _repair(reading, tuple(str(part) for part in fault["loc"]), fault["type"], stand_ins)
    return Attempt(None, findings, stand_ins)


def related(keys: Keys, others: list[Keys]) -> bool:
    """Whether one of the others holds the keys, or lies below them."""
    return any(keys[: len(other)] == other[: len(keys)] for other in others)


def said(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The tree without keys that have no value (a policy without levers is empty, not absent)."""
    result: dict[str, Any] = {key: _said(value) for key, value in tree.items() if value is not None}
    policies = tree.get("policies")
    if isinstance(policies, dict):
        result["policies"] = {name: {} if levers is None else levers for name, levers in policies.items()}
    return result


def _said(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _said(value) for key, value in node.items() if value is not None}
    return [_said(entry) for entry in node] if isinstance(node, list) else node


def _findings(where: Keys, fault: Any) -> Iterator[Finding]:
    kind = fault["type"]
    cause = fault.get("ctx", {}).get("error")
    if isinstance(cause, Wrong):
        yield from (((*where, *below), message) for below, message in cause.problems)
    elif kind == "extra_forbidden":
        part = part_at(where[:-1])
        yield where, unknown_key(where[-1], keys_of(part) if part else ())
    elif kind == "missing":
        yield where, f"missing{_purpose(where)}"
    elif kind in ("model_type", "dict_type", "model_attributes_type"):
        yield where, f"{show(fault['input'])} is not a mapping; write key: value pairs"
    elif kind in ("tuple_type", "list_type"):
        yield where, f"{show(fault['input'])} is not a list; write it in brackets, [...]"
    elif kind == "too_short":
        yield where, "nothing stands here; at least one entry is due"
    elif kind != "default_factory_not_called":
        yield where, f"{show(fault['input'])} will not do: {fault['msg'][:1].lower()}{fault['msg'][1:]}"


def _purpose(where: Keys) -> str:
    part = part_at(where[:-1])
    meaning = descriptions(part).get(where[-1], "") if part else ""
    return f"; due here: {meaning.rstrip('.')}" if meaning else "; it is due here"


def part_at(keys: Keys) -> type[Part] | None:
    """The part of the model that stands at those keys, None where it is a value or nothing."""
    kind: Any = Scenario
    for key in keys:
        kind = kind_below(kind, key)
    return kind if isinstance(kind, type) and issubclass(kind, Part) else None


def kind_below(kind: Any, key: str) -> Any:
    """The type of what stands under the key: a Part, a dict or tuple of Parts, or None for a value."""
    if isinstance(kind, type) and issubclass(kind, Part):
        field = field_of(kind, key)
        return plain_kind(field.annotation) if field and not _is_value(field) else None
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is dict:
        return plain_kind(arguments[1])
    return plain_kind(arguments[0]) if typing.get_origin(kind) is tuple else None


def _is_value(field: Any) -> bool:
    return any(hasattr(mark, "parse") for mark in field.metadata)


def plain_kind(kind: Any) -> Any:
    """The type without ``| None``; None where it is read as one value."""
    if typing.get_origin(kind) is typing.Annotated:
        kind = None if any(hasattr(mark, "parse") for mark in kind.__metadata__) else typing.get_args(kind)[0]
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        rest = [one for one in typing.get_args(kind) if one is not types.NoneType]
        return plain_kind(rest[0]) if len(rest) == 1 else None
    return kind


def field_of(part: type[Part], key: str) -> Any:
    """The field that is written under the key, or None."""
    return next((each for name, each in part.model_fields.items() if (each.alias or name) == key), None)


def keys_of(part: type[Part]) -> list[str]:
    """The keys that may be written in the part."""
    return [field.alias or name for name, field in part.model_fields.items()]


_STAND_INS: dict[Keys, Any] = {
    ("name",): "x",
    ("calendar",): {"days": 1_000_000},
    ("calendar", "days"): 1_000_000,
    ("customers", "*"): {"arrivals": {"rate": "0/h"}, "start": "@stages"},
    ("customers", "*", "arrivals"): {"rate": "0/h"},
    ("customers", "*", "start"): "@stages",
    ("stages", "*"): {"staff": [], "work": 0},
    ("stages", "*", "staff"): [],
    ("stages", "*", "work"): 0,
    ("stages", "*", "error", "probability"): 0,
    ("stages", "*", "retry", "probability"): 0,
    ("staff", "*"): {"count": 1},
    ("staff", "*", "members", "*", "name"): "@number",
    ("staff", "*", "members", "*", "shift"): ["00:00", "24:00"],
    ("actions", "*"): {"stage": "@stages", "dimension": "empathy", "weight": 0},
    ("actions", "*", "stage"): "@stages",
    ("actions", "*", "dimension"): "empathy",
    ("actions", "*", "weight"): 0,
    ("training", "*"): {"who": "@staff", "day": 0},
    ("training", "*", "who"): "@staff",
    ("training", "*", "day"): 0,
    ("management", "recovery", "stage"): "@stages",
}
"""What takes the place of a value that is due and will not do; ``@stages`` is the first of the stages."""


def _repair(tree: dict[str, Any], where: Keys, kind: str, stand_ins: list[Keys]) -> None:
    """Remove what will not do, or put a stand-in there where it is due."""
    if not where:
        return
    parent: Any = tree
    for key in where[:-1]:
        parent = _entry(parent, key)
        if parent is None:
            return
    if kind == "extra_forbidden":
        parent.pop(where[-1], None)
        return
    stand_ins.append(where)
    _remove(parent, where[-1])
    pattern = next((one for one in _STAND_INS if _fits(one, where)), None)
    if pattern is not None and isinstance(parent, dict):
        parent[where[-1]] = _stand_in(tree, copy.deepcopy(_STAND_INS[pattern]), where)


def _stand_in(tree: Mapping[str, Any], value: Any, where: Keys) -> Any:
    if isinstance(value, dict):
        return {key: _stand_in(tree, entry, where) for key, entry in value.items()}
    if value == "@number":
        return f"member {where[3]}"
    if isinstance(value, str) and value.startswith("@"):
        section = tree.get(value[1:])
        return next(iter(section), "x") if isinstance(section, dict) else "x"
    return value


def _entry(node: Any, key: str) -> Any:
    if isinstance(node, dict):
        return node.get(key)
    return node[int(key)] if isinstance(node, list) and key.isdigit() and int(key) < len(node) else None


def _remove(parent: Any, key: str) -> None:
    if isinstance(parent, dict):
        parent.pop(key, None)
    elif isinstance(parent, list) and key.isdigit() and int(key) < len(parent):
        del parent[int(key)]


def _fits(pattern: Keys, keys: Keys) -> bool:
    return len(pattern) == len(keys) and all(one in ("*", key) for one, key in zip(pattern, keys, strict=True))
