"""Reads YAML 1.2 text into plain values, with the line of every key and limits on what a file may do to us.

Tags, merge keys, several documents, keys given twice, numbers that are not finite, deep nesting, and aliases
that multiply are refused. Reading goes event by event, so that a hostile file is refused before it is built.
"""

import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

MOST_BYTES = 1_000_000
MOST_NODES = 100_000
MOST_ALIASES = 100
DEEPEST = 30
_LARGEST_INTEGER = 2**63

Keys: TypeAlias = tuple[str, ...]

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(("true", "True", "TRUE"))
_FALSE = frozenset(("false", "False", "FALSE"))
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


class Fault(NamedTuple):
    """Something wrong with the text: line (from 1, or None), keys, message."""

    line: int | None
    keys: Keys
    message: str


class Unreadable(Exception):  # noqa: N818
    """The text cannot be read at all; ``fault`` says why."""

    def __init__(self, line: int | None, message: str, keys: Keys = ()) -> None:
        self.fault = Fault(line, keys, message)
        super().__init__(message)


class Reading(NamedTuple):
    """What a text says: its value, the line of every key and list entry, and what is wrong with it."""

    value: Any
    lines: dict[Keys, int]
    faults: tuple[Fault, ...]


def read_yaml(content: bytes) -> Reading:
    """Read one YAML document. Unreadable where it cannot be read; lesser faults are in the Reading."""
    if len(content) > MOST_BYTES:
        raise Unreadable(None, f"the file has more than {MOST_BYTES} bytes; put long tables into CSV files")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(line, "the text is not UTF-8; save the file as UTF-8") from None
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._events = _events(text)
        self._lines: dict[Keys, int] = {}
        self._faults: list[Fault] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._open_anchors: set[str] = set()
        self._nodes = 0
        self._aliases = 0

    def read(self) -> Reading:
        self._next("StreamStartEvent")
        start = next(self._events)
        if _kind(start) == "StreamEndEvent":
            raise Unreadable(1, "the file is empty; write a scenario ('sim new' makes one to start from)")
        if getattr(start, "version", None) not in (None, (1, 2)):
            raise Unreadable(_line(start), "only YAML 1.2 is read; remove the %YAML line")
        value = self._value(next(self._events), ())
        self._next("DocumentEndEvent")
        end = next(self._events)
        if _kind(end) != "StreamEndEvent":
            raise Unreadable(_line(end), "a second document begins here; write one scenario in a file")
        return Reading(value, self._lines, tuple(self._faults))

    def _next(self, kind: str) -> None:
        event = next(self._events)
        assert _kind(event) == kind, kind

    def _fault(self, event: Any, keys: Keys, message: str) -> None:
        self._faults.append(Fault(_line(event), keys, message))

    def _count(self, nodes: int, event: Any, keys: Keys) -> None:
        self._nodes += nodes
        if self._nodes > MOST_NODES:
            raise Unreadable(_line(event), f"more than {MOST_NODES} values; put long tables into CSV files", keys)

    def _value(self, event: Any, keys: Keys) -> Any:
        if _kind(event) == "AliasEvent":
            return self._alias(event, keys)
        self._count(1, event, keys)
        if _has_tag(event):
            self._fault(event, keys, "tags (!) are not allowed; write the plain value")
        before, anchor = self._nodes, event.anchor
        if anchor is not None:
            self._open_anchors.add(anchor)
        value = self._content(event, keys)
        if anchor is not None:
            self._open_anchors.discard(anchor)
            self._anchors[anchor] = (value, self._nodes - before + 1)
        return value

    def _content(self, event: Any, keys: Keys) -> Any:
        kind = _kind(event)
        if kind == "ScalarEvent":
            return self._scalar(event, keys)
        if len(keys) >= DEEPEST:
            raise Unreadable(_line(event), f"nested more than {DEEPEST} deep; write it flatter", keys[:3])
        return self._mapping(keys) if kind == "MappingStartEvent" else self._sequence(keys)

    def _alias(self, event: Any, keys: Keys) -> Any:
        self._aliases += 1
        if self._aliases > MOST_ALIASES:
            raise Unreadable(_line(event), f"more than {MOST_ALIASES} aliases (*); write the values out", keys)
        if event.anchor in self._open_anchors:
            raise Unreadable(_line(event), f"'*{event.anchor}' contains itself; write the value out", keys)
        if event.anchor not in self._anchors:
            raise Unreadable(_line(event), f"'*{event.anchor}' is not defined above; define it with &", keys)
        value, nodes = self._anchors[event.anchor]
        self._count(nodes, event, keys)
        return value

    def _sequence(self, keys: Keys) -> list[Any]:
        entries: list[Any] = []
        while _kind(event := next(self._events)) != "SequenceEndEvent":
            own = (*keys, str(len(entries)))
            self._lines[own] = _line(event)
            entries.append(self._value(event, own))
        return entries

    def _mapping(self, keys: Keys) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while _kind(event := next(self._events)) != "MappingEndEvent":
            key = self._key(event, keys)
            own = (*keys, key)
            if key in entries:
                first = self._lines[own]
                self._fault(event, own, f"the key stands in line {first} too; remove one of them")
                self._value(next(self._events), own)
                continue
            self._lines[own] = _line(event)
            value = self._value(next(self._events), own)
            if key != "<<":  # refused already, by the key
                entries[key] = value
        return entries

    def _key(self, event: Any, keys: Keys) -> str:
        if _kind(event) == "AliasEvent":
            raise Unreadable(_line(event), "an alias (*) cannot be a key; write the name out", keys)
        self._count(1, event, keys)
        if _kind(event) != "ScalarEvent":
            raise Unreadable(_line(event), "a key must be a name, not a list or a mapping", keys)
        if _has_tag(event):
            self._fault(event, keys, "tags (!) are not allowed; write the plain key")
        if event.value == "<<":
            self._fault(event, keys, "merge keys (<<) are not allowed; write the entries out, or use extends")
        return str(event.value)

    def _scalar(self, event: Any, keys: Keys) -> Any:
        text = event.value
        if event.style is not None:  # quoted or block: a text, whatever it looks like
            return text
        if text in _NULL:
            return None
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
        if _INTEGER.fullmatch(text):
            return self._bounded(event, keys, text)
        if _FLOAT.fullmatch(text):
            number = float(text)
            if math.isfinite(number):
                return number
        if _FLOAT.fullmatch(text) or _NOT_FINITE.fullmatch(text):
            self._fault(event, keys, f"{text[:20]} is not a finite number; write one")
            return 0
        return text

    def _bounded(self, event: Any, keys: Keys, text: str) -> int:
        if len(text) > 20 or abs(int(text)) > _LARGEST_INTEGER:
            self._fault(event, keys, "the number has too many digits; write a smaller one")
            return 0
        return int(text)


def _events(text: str) -> Iterator[Any]:
    """The parser's events; what is not YAML is told in one line."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise Unreadable(line, f"character {error.character!r} is not allowed in YAML; remove it") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(str(error.problem or error.context or "the text is not YAML").split())
        where = "" if mark is None else f" (column {mark.column + 1})"
        context = f" {' '.join(str(error.context).split())}" if error.context and error.problem else ""
        message = f"not YAML{context}: {what}{where}; check indentation, brackets and quotes"
        raise Unreadable(None if mark is None else mark.line + 1, message) from None
    except YAMLError as error:
        raise Unreadable(None, f"not YAML: {' '.join(str(error).split())[:200]}; check it") from None


def _kind(event: Any) -> str:
    return type(event).__name__


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _has_tag(event: Any) -> bool:
    return getattr(event, "ctag", None) is not None or getattr(event, "tag", None) is not None
