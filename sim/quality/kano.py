"""Kano's classes: what an action does for satisfaction follows from how far it is expected."""

from __future__ import annotations

MUST_BE_FROM = 0.85
ATTRACTIVE_TO = 0.20


def kano_class(expected: float, weight: float = 1.0) -> str:
    """'must-be', 'one-dimensional', 'attractive' or, without weight, 'indifferent' (E19).

    `expected` is the share of customers' encounters in which they expect the action, in [0, 1].
    """
    if weight == 0:
        return "indifferent"
    if expected >= MUST_BE_FROM:
        return "must-be"
    return "attractive" if expected <= ATTRACTIVE_TO else "one-dimensional"
