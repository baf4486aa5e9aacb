"""The blueprint of a site: what a scenario file may say, read and checked."""

from typing import Any

from sim.scenario.levers import parse_setting
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario

__all__ = ["Scenario", "json_schema", "load", "parse_setting"]


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, for editors."""
    from sim.scenario.schema import json_schema as schema

    return schema()
