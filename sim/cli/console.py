"""Where words go: data to standard output, all else to standard error, whatever those streams can take."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO

from sim.show.text import clean, spoken


def say(text: str) -> None:
    """Write data to standard output. A reader who has gone (``| head``) is no error."""
    _write(sys.stdout, clean(text))


def tell(text: str) -> None:
    """Write a word about the work to standard error."""
    _write(sys.stderr, clean(text))


def warn(text: str) -> None:
    """Write a warning to standard error."""
    _labelled("Warning:", "33", text)


def complain(text: str) -> None:
    """Write an error to standard error."""
    _labelled("Error:", "31", text)


def encoding() -> str:
    """Return the encoding of standard output."""
    return getattr(sys.stdout, "encoding", None) or "utf-8"


def columns(default: int = 80) -> int:
    """Return COLUMNS where it is set, else the width of the terminal that reads standard output, at least 60.

    ``default`` if there is neither.
    """
    if not _is_terminal(sys.stdout) and not os.environ.get("COLUMNS"):
        return default
    return max(60, shutil.get_terminal_size((default, 24)).columns)


def shows_progress() -> bool:
    """Return whether somebody watches standard error."""
    return _is_terminal(sys.stderr)


def _labelled(label: str, colour: str, text: str) -> None:
    if _is_terminal(sys.stderr) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb":
        label = f"\033[1;{colour}m{label}\033[0m"
    _write(sys.stderr, f"{label} {clean(text)}")


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None or stream.closed:
        return
    text = spoken(text, getattr(stream, "encoding", None) or "utf-8")
    try:
        stream.write(text if text.endswith("\n") else text + "\n")
        stream.flush()
    except BrokenPipeError:
        _discard(stream)


def _discard(stream: TextIO) -> None:
    """Send what is still to come nowhere, so that closing the stream at exit cannot fail either."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    finally:
        os.close(nowhere)
