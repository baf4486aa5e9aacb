"""Text for people's screens: nothing in a scenario can command a terminal, and columns line up in any script."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

_SAFE = "\n\t"


def clean(text: str) -> str:
    """Return the text with every character that could steer a terminal written out, as ``\\x1b`` for escape.

    Covers control characters and those that reorder or hide text (Unicode categories Cc, Cf, Cs, Zl, Zp). Line
    ends and tabs stay.
    """
    return "".join(_visible(c) for c in text)


def one_line(text: str) -> str:
    """Return the cleaned text on one line: what a name or a title may put into a table."""
    return " ".join(clean(text).split())


def _visible(character: str) -> str:
    if character in _SAFE or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return character
    return character.encode("unicode_escape").decode("ascii")


def spoken(text: str, encoding: str) -> str:
    """Return the text with what ``encoding`` cannot say written out, as ``\\u524d``."""
    return text.encode(encoding, "backslashreplace").decode(encoding)


def width(text: str) -> int:
    """Columns that the text takes on a terminal: two for a Chinese character, none for a combining mark."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def left(text: str, columns: int) -> str:
    """Pad on the right to ``columns`` on the screen."""
    return text + " " * max(0, columns - width(text))


def right(text: str, columns: int) -> str:
    """Pad on the left to ``columns`` on the screen."""
    return " " * max(0, columns - width(text)) + text


def shorten(text: str, columns: int, more: str = "…") -> str:
    """Cut the text to at most ``columns`` on the screen, ending in ``more`` where something was cut."""
    if width(text) <= columns:
        return text
    room = columns - width(more)
    kept = ""
    for character in text:
        if width(kept + character) > room:
            break
        kept += character
    return kept + more


class Signs(NamedTuple):
    """The few signs beyond ASCII that tables use."""

    plus_minus: str
    minus: str
    dash: str
    more: str
    times: str
    dot: str
    bars: str
    hit: str
    lapse: str


UNICODE = Signs("±", "−", "–", "…", "×", "·", " ▁▂▃▄▅▆▇█", "✓", "✗")
ASCII = Signs("+-", "-", "-", "..", "x", "-", " .:-=+*#@", "+", "x")


def signs_for(encoding: str) -> Signs:
    """Return the signs that a stream of this encoding can show."""
    try:
        "".join(UNICODE).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE
