"""The JSON Schema of a scenario file, for editors: it accepts the forms that people write.

Editors complete and check by it; ``load`` checks more (names that must exist, sums, routes that end).
"""

from collections.abc import Iterator
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from sim.scenario.descriptions import descriptions
from sim.scenario.distributions import law_schema
from sim.scenario.problems import keys_of, kind_below
from sim.scenario.scenario import Scenario
from sim.scenario.written import NAME, Part, Schema, shared
from sim.units import NUMBER

_UNITS = "(s|min|h|d|wk|month|y)"
_NUMBER = {"type": "number"}
_DURATION: Schema = {
    "description": "4 min, 30 s, 2 h, 3 d, 1 wk, 15 month, 1 y; a bare number is minutes",
    "anyOf": [_NUMBER, {"type": "string", "pattern": rf"^\s*{NUMBER}\s*{_UNITS}\s*$"}],
}


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a scenario file."""
    schema = Scenario.model_json_schema(by_alias=True, schema_generator=_Generator)
    required = schema.pop("required")
    _describe(schema)
    for part in schema["$defs"].values():
        part.pop("required", None)  # what is due may come from the scenario that this one extends
    schema["$defs"].update(_shared_definitions())
    _accept_files(schema["$defs"]["Arrivals"])
    schema["properties"]["extends"] = {
        "type": "string",
        "description": "A scenario to build on: a path relative to this file, or presets/defaults.yaml",
    }
    schema["properties"]["policies"]["additionalProperties"] = {
        "anyOf": [{"type": "null"}, {"type": "object", "propertyNames": {"type": "string"}}]
    }
    for section in ("customers", "stages", "staff", "actions", "training", "policies"):
        schema["properties"][section]["propertyNames"] = NAME
    schema["anyOf"] = [{"required": required}, {"required": ["extends"]}]
    tidy: dict[str, Any] = _tidy(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **tidy,
        "title": "Scenario of a service encounter simulation",
    }


def _describe(schema: Schema) -> None:
    """Put the meaning of each key beside it."""
    for part in _parts(Scenario):
        properties = (schema if part is Scenario else schema["$defs"][part.__name__])["properties"]
        for key, meaning in descriptions(part).items():
            properties[key] = {**properties[key], "description": meaning}


def _parts(part: type[Part]) -> Iterator[type[Part]]:
    """The part and all that it is made of."""
    yield part
    for key in keys_of(part):
        below = kind_below(part, key)
        kind = below if isinstance(below, type) else kind_below(below, "0")
        if isinstance(kind, type) and issubclass(kind, Part):
            yield from _parts(kind)


class _Generator(GenerateJsonSchema):
    """Without warnings about defaults that are no JSON: those are left out."""

    ignored_warning_kinds = frozenset(("skipped-choice", "non-serializable-default"))  # type: ignore[assignment]

    def encode_default(self, dft: Any) -> Any:
        """Only plain values are shown as defaults."""
        return dft if isinstance(dft, bool | int | float | str) else None

    def get_title_from_name(self, name: str) -> str:
        """No titles made up from names."""
        return ""


def _accept_files(arrivals: Schema) -> None:
    arrivals["properties"]["file"] = {
        "type": "string",
        "description": "A CSV file of appointments, with `column`.",
    }
    arrivals["properties"]["column"] = {
        "type": "string",
        "description": "Its column of times; `day` is read too.",
    }


def _shared_definitions() -> Schema:
    never = {"const": "never"}
    duration, count = shared("duration"), {"type": "number", "minimum": 0}
    return {
        "duration": _DURATION,
        "duration_or_never": {"anyOf": [shared("duration"), never]},
        "rate": {
            "description": "12/h, 0.8/min, 150/d",
            "type": "string",
            "pattern": rf"^\s*{NUMBER}\s*/\s*{_UNITS}\s*$",
        },
        "minutes_law": law_schema(duration, shared("minutes_law")),
        "signed_minutes_law": law_schema(duration, shared("signed_minutes_law")),
        "count_law": law_schema(count, shared("count_law")),
        "patience_law": _patience(law_schema(shared("duration_or_never"), shared("minutes_law_or_never"))),
        "minutes_law_or_never": law_schema(shared("duration_or_never"), shared("minutes_law_or_never")),
    }


def _patience(law: Schema) -> Schema:
    """The law, with ``silent`` beside its parameters."""
    silent = {
        "type": "object",
        "properties": {"share": {"type": "number", "minimum": 0, "maximum": 1}, "wasted": shared("duration")},
        "additionalProperties": False,
    }
    forms = [
        {**form, "properties": {**form["properties"], "silent": silent}} if "properties" in form else form
        for form in law["anyOf"]
    ]
    return {"anyOf": forms}


def _tidy(node: Any) -> Any:
    """With references to the shared definitions, without empty titles and defaults that say nothing."""
    if isinstance(node, list):
        return [_tidy(entry) for entry in node]
    if not isinstance(node, dict):
        return "never" if node == float("inf") else node
    if "x-shared" in node:
        return {"$ref": f"#/$defs/{node['x-shared']}"}
    hidden = (
        "x-levers",
        *(key for key, empty in (("title", ""), ("default", None)) if node.get(key) == empty),
    )
    return {key: _tidy(entry) for key, entry in node.items() if key not in hidden}
