"""How a scenario builds on another one: ``extends: other.yaml``."""

from collections.abc import Mapping
from typing import Any

from sim.scenario.by_time import is_by_time, is_weekly

_WHOLE = frozenset(("next", "arrivals", "on_duty", "hours", "work", "patience", "after"))
"""Keys whose mapping is one value, replaced whole: half of the old and half of the new would be neither."""

EXCLUSIVE = (
    (("staff",), frozenset(("count",)), frozenset(("on_duty",)), frozenset(("members",))),
    (("calendar",), frozenset(("hours",)), frozenset(("open", "close"))),
)
"""Under these sections, setting a key of one set removes those of the others."""


def merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The base with ``own`` over it: deeply, but a single value, a list or a lever is replaced whole."""
    return _merged(base, own, ())


def _merged(base: Mapping[str, Any], own: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    result = dict(base)
    for key, value in own.items():
        old = result.get(key)
        here = (*keys, key)
        if isinstance(old, dict) and isinstance(value, dict) and not _one_value(here, old, value):
            result[key] = _merged(old, value, here)
        else:
            result[key] = value
    for key in own:
        drop_excluded(result, keys, key)
    return result


def _one_value(keys: tuple[str, ...], old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    if keys[0] == "policies":
        return len(keys) > 2
    if keys[-1] in _WHOLE and len(keys) > 2:
        return True
    return any("dist" in one or is_by_time(one) or is_weekly(one) for one in (old, new))


def drop_excluded(mapping: dict[str, Any], keys: tuple[str, ...], key: str) -> None:
    """Remove from the mapping at ``keys`` what cannot stand beside ``key``, just set."""
    if mapping.get(key) is None:
        return
    for section, *groups in EXCLUSIVE:
        if keys[:1] == section and len(keys) == (2 if section == ("staff",) else 1):
            for group in groups:
                if key not in group and any(key in other for other in groups):
                    for excluded in group:
                        mapping.pop(excluded, None)
