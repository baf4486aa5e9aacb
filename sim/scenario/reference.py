"""The reference of a scenario file: every key with its meaning, unit, range, default and source, made from the models.

``python -m sim.scenario.reference > docs/reference.md`` writes the page; a test keeps it current.
"""

import inspect
import math
import re
import sys
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import PydanticUndefined

from sim.scenario.by_time import CLOCK_PATTERN
from sim.scenario.customers import Patience
from sim.scenario.descriptions import descriptions
from sim.scenario.distributions import Constant, law_schema
from sim.scenario.problems import field_of, keys_of, kind_below
from sim.scenario.scenario import Scenario
from sim.scenario.stages import Routes
from sim.scenario.training import Covered
from sim.scenario.written import BySegment, Part, Schema, Written
from sim.scenario.yaml_reader import read_yaml
from sim.units import WEEKDAYS, format_rate, parse_duration

PRESET = Path(__file__).parent / "presets" / "defaults.yaml"
NAMES = "XYZ"
"""Stand in a path for names that the scenario chooses, one letter for each mapping or list on the way."""

LAW_TEXTS = {
    "constant": "Always the same.",
    "exponential": "Memoryless: most are short, a few long.",
    "lognormal": "Usual for durations of service: a hump and a long tail.",
    "gamma": "A hump, or with a cv above 1 many small values; its cv is 4.47 at most.",
    "weibull": "Usual for patience: chances that rise or fall with the time already spent.",
    "erlang": "The sum of `k` exponential steps.",
    "uniform": "Anything between `low` and `high` alike.",
    "triangular": "Between `low` and `high`, most likely about `mode`.",
    "normal": "A bell with that `mean` and `sd` before it is cut to [`low`, `high`]; for durations `low` is 0.",
    "beta": "Between `low` and `high`, with that `mean` and `sd`.",
    "mixture": "One of several laws, chosen with the probabilities `weights`.",
    "empirical": "One of the observed values; all alike, or in proportion to `weights`. Or read from a CSV file.",
    "by_time": "The law in force at that time of day, looked up when the visit joins the stage.",
}
"""What each law is like, in words."""

_TEXT = re.compile(r"(?P<meaning>.*?)(?:\s*Unit: (?P<unit>.*?)\.)?(?:\s*Source: (?P<source>.*))?")
_UNITS = ("s", "min", "h", "d", "wk", "month", "y")
_PARTS = {dict: "by name: its own keys", tuple: "list: its own keys"}
_SHARED = {
    "duration": "duration",
    "duration_or_never": "duration or `never`",
    "rate": "rate",
    "minutes_law": "[distribution](#distributions) of durations",
    "signed_minutes_law": "[distribution](#distributions) of durations, negative ones too",
    "count_law": "[distribution](#distributions) of numbers",
    "patience_law": "[distribution](#distributions) of durations, or `never`",
}


class Key(NamedTuple):
    """One key of a scenario file, in words."""

    path: str  # dotted; X, Y, Z for names
    meaning: str
    form: str  # how it is written: unit and range
    default: str  # empty: it is due
    source: str  # of the default; empty where it is no number
    is_part: bool  # has keys of its own


class Section(NamedTuple):
    """The keys of one part of a scenario file."""

    path: str  # empty at the top
    meaning: str
    keys: tuple[Key, ...]


def sections() -> tuple[Section, ...]:
    """The parts of a scenario file, each before those within it, in the order of the file."""
    preset = read_yaml(PRESET.read_bytes()).value
    return tuple(_sections(Scenario, (), preset))


def keys() -> tuple[Key, ...]:
    """Every key of a scenario file, in its order."""
    return tuple(key for section in sections() for key in section.keys)


def reference() -> str:
    """The page, in Markdown."""
    blocks = [_INTRODUCTION]
    for section in sections():
        level = "#" * (1 + max(1, sum(step not in NAMES for step in section.path.split("."))))
        blocks.append(f"{level} {f'`{section.path}`' if section.path else 'At the top'}\n\n{section.meaning}")
        blocks.append(_table(("key", "meaning", "unit and range", "default", "source of the default"), section.keys))
    return "\n\n".join([*blocks, _distributions()]) + "\n"


def _sections(part: type[Part], at: tuple[str, ...], preset: Any) -> Iterator[Section]:
    below: list[tuple[type[Part], tuple[str, ...], Any]] = []
    rows = []
    for key in keys_of(part):
        own = preset.get(key) if isinstance(preset, dict) else None
        inner, path = _part_below(part, key, (*at, key))
        rows.append(_key(part, key, (*at, key), own, inner is not None))
        if inner is not None:
            below.append((inner, path, own))
    yield Section(".".join(at), _plain(inspect.cleandoc(part.__doc__ or "")), (*rows, *_beside(at)))
    for inner, path, own in below:
        yield from _sections(inner, path, own)


def _part_below(part: type[Part], key: str, at: tuple[str, ...]) -> tuple[type[Part] | None, tuple[str, ...]]:
    """The part that stands under the key, or under every name there; None for a value."""
    kind = kind_below(part, key)
    if typing.get_origin(kind) in (dict, tuple):
        kind, at = kind_below(kind, "0"), (*at, NAMES[sum(step in NAMES for step in at)])
    return (kind, at) if isinstance(kind, type) and issubclass(kind, Part) else (None, at)


def _key(part: type[Part], key: str, at: tuple[str, ...], preset: Any, is_part: bool) -> Key:
    field = field_of(part, key)
    text = _TEXT.fullmatch(_plain(descriptions(part).get(key, "")))
    assert text is not None  # every group of the pattern may be empty
    written = _written(field)
    form = _PARTS.get(_origin(field.annotation), "its own keys") if is_part else _form(written, field.annotation)
    default = _default(field, written)
    if preset is not None and not is_part:
        default += f"; preset: {_plain_value(preset)}"
    return Key(
        path=".".join(at),
        meaning=text["meaning"],
        form=f"{form}; {text['unit']}" if text["unit"] else form,
        default=default,
        source=(text["source"] or ("a default" if default and _is_number(field) else "")).rstrip("."),
        is_part=is_part,
    )


def _written(field: Any) -> Written | None:
    """How the field is written: said beside its type, or within `… | None`."""
    marks = [*field.metadata]
    for kind in (field.annotation, *typing.get_args(field.annotation)):
        marks += getattr(kind, "__metadata__", ())
    return next((mark for mark in marks if isinstance(mark, Written)), None)


def _origin(annotation: Any) -> Any:
    """What holds the parts: dict, tuple or neither, `… | None` left out."""
    kinds = (annotation, *typing.get_args(annotation))
    return next((typing.get_origin(kind) for kind in kinds if typing.get_origin(kind) in _PARTS), None)


def _beside(at: tuple[str, ...]) -> tuple[Key, ...]:
    """Keys that `load` resolves before the models are read."""
    if not at:
        meaning = "A scenario to build on: a path relative to this file, or `presets/defaults.yaml`."
        return (Key("extends", meaning, "text", "absent", "", False),)
    if at == ("customers", "X", "arrivals"):
        path = ".".join(at)
        file = "A CSV file of appointments, in place of `at`: a path relative to the scenario."
        column = "Its column of times; a column `day` is read too."
        return (
            Key(f"{path}.file", file, "text", "absent", "", False),
            Key(f"{path}.column", column, "text", "absent", "", False),
        )
    return ()


def _plain(text: str) -> str:
    """One line, fit for a cell of a table and for GitHub."""
    return " ".join(text.replace("``", "`").split()).replace("|", "\\|")


# --- how a value is written ---


def _form(written: Written | None, annotation: Any) -> str:
    if written is None:  # policies and what is uncertain: anything by name
        return "by name"
    form = _in_words(written.schema, _several(annotation))
    return form.replace("duration", "duration above 0", 1) if _refuses_nought(written) else form


def _several(annotation: Any) -> str:
    """By what a mapping in place of one value goes."""
    kinds = {BySegment: "by segment", Routes: "by segment", Patience: "by stage"}
    return kinds.get(typing.get_origin(annotation) or annotation, "by name")


def _refuses_nought(written: Written) -> bool:
    if not _is_duration(written):
        return False
    try:
        written.parse(0)
    except ValueError:
        return True
    except TypeError:  # it depends on other keys
        return False
    return False


def _in_words(schema: Schema, several: str) -> str:
    if "x-shared" in schema:
        return _SHARED[schema["x-shared"]]
    if "anyOf" in schema:
        forms: list[str] = []
        for one in schema["anyOf"]:
            words = _in_words(one, several)
            forms += [words] if words not in forms else []
        return ", or ".join(forms)
    if "enum" in schema:
        return ", ".join(f"`{choice}`" for choice in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    kind = schema.get("type")
    if kind == "object":
        return _mapping_in_words(schema, several)
    if kind == "array":
        return _list_in_words(schema, several)
    if kind == "string":
        return "name" if "maxLength" in schema else "time of day" if CLOCK_PATTERN in _pattern(schema) else "text"
    return {"boolean": "`true` or `false`", "integer": _range("whole number", schema)}.get(
        str(kind), _range("number", schema)
    )


def _pattern(schema: Schema) -> str:
    return str(schema.get("pattern", ""))


def _mapping_in_words(schema: Schema, several: str) -> str:
    patterns = schema.get("patternProperties", {})
    if CLOCK_PATTERN in patterns:
        return "by time of day"
    if patterns:
        return "by weekday"
    entry = schema.get("additionalProperties")
    if schema.get("properties"):
        return "mapping: " + ", ".join(f"`{key}`" for key in schema["properties"])
    if not isinstance(entry, dict):
        return "mapping"
    inner = _in_words(entry, several)
    return several if several != "by name" else f"by name: {inner}"


def _list_in_words(schema: Schema, several: str) -> str:
    entry = _in_words(schema["items"], several) if "items" in schema else "value"
    return f"[{entry}, {entry}]" if schema.get("maxItems") == 2 else f"list: {entry}"


def _range(word: str, schema: Schema) -> str:
    low, high, above = schema.get("minimum"), schema.get("maximum"), schema.get("exclusiveMinimum")
    if (low, high) == (0, 1):
        return "share, 0 to 1"
    if above is not None:
        return f"{word} above {above:g}" + (f", up to {high:g}" if high is not None else "")
    if low is None:
        return word
    return f"{word} of at least {low:g}" if high is None else f"{word} from {low:g} to {high:g}"


# --- what stands where nothing is written ---


def _default(field: Any, written: Written | None) -> str:
    if field.default_factory is not None:
        return "as said" if field.default_factory_takes_validated_data else "none"
    if field.default is PydanticUndefined:
        return ""
    return _value(field.default, written)


def _is_number(field: Any) -> bool:
    value = field.default.default if isinstance(field.default, BySegment) else field.default
    if isinstance(value, dict):
        return True
    return isinstance(value, int | float) and not isinstance(value, bool)


def _value(value: Any, written: Written | None) -> str:
    if value is None:
        return "absent"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Part):
        return "its own"
    if isinstance(value, BySegment):
        return _value(value.default, written)
    if isinstance(value, Routes):
        return "they leave"
    if isinstance(value, Patience):
        return "never"
    if isinstance(value, Constant):
        return _value(value.value, written)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain_value(entry)}" for key, entry in value.items()) or "none"
    if isinstance(value, int | float):
        return duration_text(value) if _is_duration(written) else _plain_value(value)
    if isinstance(value, Covered):
        return "`all`"
    return _listed(value) if isinstance(value, tuple) else f"`{value}`" if value else "absent"


def _listed(value: tuple[Any, ...]) -> str:
    if value == tuple(range(7)):
        return "all seven"
    return ", ".join(f"`{entry}`" for entry in value) or "none"


def _is_duration(written: Written | None) -> bool:
    words = "" if written is None else _in_words(written.schema, "")
    return words.startswith(("duration", _SHARED["minutes_law"]))


def duration_text(minutes: float) -> str:
    """The shortest way to write a duration that reads back the same: ``18.8 wk``; infinite is ``never``."""
    if math.isinf(minutes):
        return "never"
    if minutes == 0:
        return "0 min"
    sizes = {unit: parse_duration(f"1 {unit}") for unit in _UNITS}
    written = [f"{minutes / size:.12g} {unit}" for unit, size in sizes.items()]
    exact = [text for text in written if parse_duration(text) == minutes]
    return min(exact, key=lambda text: (len(text.split()[0]), -_UNITS.index(text.split()[1])))


def _plain_value(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


# --- the page ---


def _table(head: tuple[str, ...], rows: tuple[Key, ...]) -> str:
    cells = [(f"`{row.path}`", row.meaning, row.form, row.default or "**due**", row.source) for row in rows]
    return _markdown((head, *cells))


def _markdown(rows: tuple[tuple[str, ...], ...]) -> str:
    head, *body = (f"| {' | '.join(cells)} |".replace("|  |", "| |") for cells in rows)
    rule = f"|{'---|' * len(rows[0])}"
    return "\n".join((head, rule, *body))


def _distributions() -> str:
    rows = [("`dist`", "parameters", "law"), *_law_rows()]
    return f"{_LAWS_INTRODUCTION}\n\n{_markdown(tuple(rows))}"


def _law_rows() -> Iterator[tuple[str, str, str]]:
    for form in law_schema({"type": "number"}, {"type": "object"})["anyOf"][1:]:
        names: Mapping[str, Any] = form["properties"]
        dist = names["dist"]["const"]
        parameters = [f"`{key}`" if key in form["required"] else f"[`{key}`]" for key in names if key != "dist"]
        yield f"`{dist}`", ", ".join(parameters) or '`"HH:MM": law` pairs', LAW_TEXTS[dist]


_INTRODUCTION = f"""# Scenario reference

Every key that a scenario file may hold, by its dotted path: the path that a policy, a sweep or `--set` uses too. This
page is made from the program itself (`python -m sim.scenario.reference`), and so is `sim schema`, by which editors
complete and check. [The model in one hour](model.md) says what the numbers do; [From ideas to parameters](seeds.md)
leads from what a manager may want to the key that says it.

`X`, `Y` in a path stand for names of your own: `staff.X.skill` is `staff.receptionist.skill`. A member of a role goes
by name: `staff.concierge.members.Ana.skill`.

**Forms.** Durations: `30 s`, `4 min`, `2 h`, `3 d`, `1 wk`, `15 month`, `1 y`; a bare number is minutes. Rates carry a
unit: `12/h`, `0.8/min`, `150/d`. Times of day are quoted: `"07:30"`, up to `"24:00"`. Shares and probabilities lie in
[0, 1], quality levels in [1, 7]; money is without unit, `currency` names it. *By time of day* is
`{{"07:00": 2, "15:00": 4}}`: each value holds until the next, past midnight too. *By weekday* is
`{{sat: …, default: …}}` with {", ".join(WEEKDAYS)}. *By segment* is `{{business: 0.9, default: 0.7}}`.

**Defaults.** *due*: must be written. *absent*: the thing is not there. *preset*: what `extends: presets/defaults.yaml`
puts in its place; without it, whatever would change the flow is neutral. A source stands behind a default where one is
known. *A default* is a choice of this program: no finding, but a place to begin; vary it before you rest a decision on
it. *From memory* is a figure of the literature that was not seen again for this program: check it before quoting."""

_LAWS_INTRODUCTION = f"""## Distributions

Where a distribution is due, a bare duration (or number) is constant; else write a mapping with `dist` and its
parameters, as `{{dist: lognormal, mean: 4 min, cv: 0.5}}`. Parameters in brackets may be left out: `lognormal`, `gamma`
and `weibull` take `mean` with `cv`, or `mean` with `sd`, or `p50` with `p95`; all are of the value itself, not of its
logarithm. A rate of {format_rate(0.5)} is an exponential gap with a mean of 2 min."""


if __name__ == "__main__":
    sys.stdout.write(reference())
