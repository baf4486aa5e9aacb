"""What a run is: the hash of everything its numbers follow from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.chance.keys import STREAM_VERSION

if TYPE_CHECKING:
    from sim.scenario import Scenario

RESULTS_VERSION = 1
"""Raised by any change that moves a number of the tables or their columns."""


def content_id(
    scenarios: Sequence[tuple[str, Scenario]], replications: object, seed: int, asked: Mapping[str, Any]
) -> str:
    """64 hex digits of what a run's tables follow from.

    ``scenarios``: each policy's name and the scenario with its levers; ``replications``: their number or the
    precision asked for; ``asked``: what else shapes the tables, such as ``by`` and ``log``.
    """
    content = {
        "versions": {"stream": STREAM_VERSION, "results": RESULTS_VERSION},
        "policies": [[name, scenario.canonical()] for name, scenario in scenarios],
        "replications": replications,
        "seed": seed,
        "asked": dict(asked),
    }
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def canonical_json(value: object) -> str:
    """The value as JSON, one text for equal values: keys sorted, floats as Python's shortest exact decimal."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
