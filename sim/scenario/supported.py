"""What scenarios may already say but this version does not simulate yet: refused on loading."""

from collections.abc import Iterator, Mapping
from typing import Any

NOT_SIMULATED: tuple[str, ...] = (
    "review",
    "management.audit",
    "management.reflection",
    "management.coaching",
    "management.incentive",
    "management.research",
    "management.erosion",
    "management.turnover",
    "management.recovery",
    "management.word_of_mouth",
    "management.automation",
    "training.*.faster",
    "training.*.actions.most_missed",
)
"""Dotted paths; ``*`` is any name. A value that changes nothing (``faster: 1``) is let pass."""

_NEUTRAL: dict[str, Any] = {"training.*.faster": 1}


def not_simulated(tree: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Paths of what the written scenario asks for and this version does not simulate."""
    for pattern in NOT_SIMULATED:
        for path, value in _matches(tree, tuple(pattern.split(".")), ()):
            if not (pattern in _NEUTRAL and value == _NEUTRAL[pattern]):
                yield path


def _matches(node: Any, pattern: tuple[str, ...], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not pattern:
        if node is not None and node != {}:
            yield path, node
        return
    if isinstance(node, Mapping):
        for key in list(node) if pattern[0] == "*" else [pattern[0]]:
            if key in node:
                yield from _matches(node[key], pattern[1:], (*path, key))
