"""The verdict on a policy in words: better in what, worse in what, and what is not clear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.study.keys import key_of_row, text_of
from sim.study.meanings import meaning

_FORMS = {
    "share": (100.0, 1, " percentage points"),
    "chance": (100.0, 1, " percentage points"),
    "minutes": (1.0, 2, " min"),
    "money": (1.0, 0, ""),
    "count": (1.0, 1, ""),
}
"""How a difference is said in a sentence: factor, decimals and unit."""
_FIRST = ("satisfaction", "wait_mean", "profit")
_MOST = 3
_SAYS = {"better": "better in", "worse": "worse in", "higher": "higher in", "lower": "lower in"}


def sentence(policy: str, against: str, rows: Sequence[Any]) -> str:
    """Better in what, worse in what, what is not clear: the weightiest with the difference and its half-width."""
    rows = sorted(rows, key=lambda row: _FIRST.index(row.measure) if row.measure in _FIRST else len(_FIRST))
    parts = [
        f"{says} {_told([row for row in rows if row.verdict == verdict])}"
        for verdict, says in _SAYS.items()
        if any(row.verdict == verdict for row in rows)
    ]
    unclear = [_label(row) for row in rows if row.verdict == "not clear"]
    if rows and all(row.verdict == "equal" for row in rows):
        return f"{policy}: the same as {against} in every replication."
    if not parts:
        what = f" in {_listed(unclear)}" if unclear else ""
        return f"{policy}: no clear difference from {against}{what}."
    rest = f"; not clear in {_listed(unclear)}" if unclear else ""
    return f"{policy} against {against}: {'; '.join(parts)}{rest}."


def _told(rows: Sequence[Any]) -> str:
    """The first of them with their figures, the rest as a number."""
    shown = [f"{_label(row)} ({_signed(row)})" for row in rows[:_MOST]]
    more = len(rows) - len(shown)
    return _listed([*shown, f"{more} more"] if more else shown)


def _label(row: Any) -> str:
    return text_of(key_of_row(row))


def _signed(row: Any) -> str:
    unit = meaning(row.measure).unit
    scale, digits, word = _FORMS.get(unit, (1.0, 2, ""))
    difference = f"{scale * row.difference:+.{digits}f}".replace("-", "−")
    return f"{difference} ± {scale * row.half_width:.{digits}f}{word}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
