"""Where a difference between two policies comes from, in plain sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.study.comparison.rounding import rounded

if TYPE_CHECKING:
    from sim.study.comparison.attribution import Attribution

CAUSES = {
    "belief": "expected, not believed",
    "standard": "believed, not required",
    "knowledge": "knowledge",
    "willingness": "willingness",
    "load": "lack of time",
    "fatigue": "fatigue",
    "error": "errors",
    "capacity": "waits",
    "beyond": "more than asked",
    "promise": "promises",
    "perception": "perception",
    "memory": "memory",
}
"""What the causes of the change are called."""
_PHRASES = {
    "belief": "expecting more of {} than management believes",
    "standard": "what the standard asks of {}",
    "knowledge": "knowledge of {}",
    "willingness": "willingness for {}",
    "load": "lack of time for {}",
    "fatigue": "fatigue at {}",
    "error": "errors of {}",
    "promise": "promises of {}",
    "perception": "how {} is perceived",
    "memory": "what is remembered of {}",
}
_BY_DIRECTION = {  # less of a gap, more of it
    "capacity": ("waiting less, {}", "waiting longer, {}"),
    "beyond": ("more of {} than is asked", "less of {} where it is not asked"),
}
_FINE = 0.1  # points: where no part changes by so much, a third decimal is told


class _Part(NamedTuple):
    """A part and its change in points."""

    gap: str
    cause: str
    stage: str
    action: str
    baseline: float
    policy: float
    difference: float
    half_width: float


def words(found: Attribution, most: int, views: bool = True) -> tuple[str, ...]:
    """The whole, with ``views`` the gaps and causes, the ``most`` largest parts and all others; they add up."""
    parts = [_Part(*row) for row in found.parts.itertuples(index=False, name=None)]
    moved = sorted((part for part in parts if part.difference != 0), key=lambda part: -abs(part.difference))
    chosen, others = moved[:most], moved[most:]
    digits = digits_of(found)
    values = [*(part.difference for part in chosen), math.fsum(part.difference for part in others)]
    *printed, rest = rounded(values, found.total.difference, digits) if moved else [0.0]
    lines = [_of_the_whole(found, digits), *(_by(found, view, digits) for view in ("gap", "cause") if views)]
    many = len({part.stage for part in parts}) > 1
    for heading, sign in (("What lowers it most", -1), ("What raises it most", 1)):
        told = [
            _told(part, value, digits, many) for part, value in zip(chosen, printed, strict=True) if value * sign > 0
        ]
        lines += [f"{heading}: {'; '.join(told)}."] if told else []
    if others:
        lines.append(f"All other parts together ({len(others)}): {signed(rest, digits)}.")
    return tuple(lines)


def digits_of(found: Attribution) -> int:
    """Decimals that show the parts that change most."""
    return 2 if bool((found.parts["difference"].abs() >= _FINE).any()) else 3


def signed(value: float, digits: int) -> str:
    """A difference with its sign; none where it rounds to nothing."""
    text = f"{value:+z.{digits}f}".replace("-", "−")
    return text if float(f"{value:.{digits}f}") else text[1:]


def _of_the_whole(found: Attribution, digits: int) -> str:
    baseline, _, difference, half_width = found.total
    before, change = round(baseline, digits), round(difference, digits)
    sure = math.isnan(half_width) or abs(difference) > half_width
    return (
        f"The customer gap goes from {_plain(before, digits)} under {found.baseline} to "
        f"{_plain(before + change, digits)} under {found.policy}: {signed(difference, digits)}"
        f"{_give_or_take(half_width, digits)} points, less is better{'' if sure else '; that may be chance'}."
    )


def _by(found: Attribution, view: str, digits: int) -> str:
    """The largest first; what rounds to nothing is left out."""
    table = found.by(view)
    printed = rounded(table["difference"].tolist(), found.total.difference, digits)
    told = sorted(zip(table[view].tolist(), printed, strict=True), key=lambda one: -abs(one[1]))
    parts = [f"{CAUSES.get(name, name)} {signed(value, digits)}" for name, value in told if value]
    return f"By {view}: {', '.join(parts) or 'nothing'}."


def _told(part: _Part, printed: float, digits: int, with_stage: bool) -> str:
    phrase = _BY_DIRECTION[part.cause][part.difference > 0] if part.cause in _BY_DIRECTION else _PHRASES[part.cause]
    where = f" at {part.stage}" if with_stage else ""
    change = f"{signed(printed, digits)}{_give_or_take(part.half_width, digits)}"
    return f"{phrase.format(f'`{part.action}`')}{where} {change}"


def _give_or_take(half_width: float, digits: int) -> str:
    return "" if math.isnan(half_width) else f" ±{half_width:.{digits}f}"


def _plain(value: float, digits: int) -> str:
    return f"{value:z.{digits}f}".replace("-", "−")
