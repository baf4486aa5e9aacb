"""Which policy is better than which, and where in the ranges of the parameters that stops being so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sim.study.meanings import HIGH, LOW, meaning
from sim.study.sensitivity.amounts import Amounts, amounts
from sim.study.statistics.intervals import Interval
from sim.study.statistics.turning import Outcome


class Turn(NamedTuple):
    """What the comparison of two policies comes to with one parameter at one end of its range."""

    parameter: str
    end: str  # "low" or "high"
    value: str  # at that end
    difference: Interval
    outcome: Outcome
    side: str  # "above", "below", or "" where the values have no order
    crossing: str | None  # the value at which the difference is about 0, by a straight line from as written

    @property
    def turns(self) -> bool:
        """Whether the conclusion is another one here."""
        return self.outcome not in ("holds", "not clear")


class Conclusion(NamedTuple):
    """Two policies compared on a measure: as written, and at both ends of every range.

    Differences are ``policy`` − ``against``. All intervals of one conclusion hold together with the confidence asked
    for, by Bonferroni; over several conclusions chance has more than one turn.
    """

    measure: str
    policy: str
    against: str
    difference: Interval  # as written
    clear: int  # sign of the difference where its interval leaves out 0, else 0
    turns: tuple[Turn, ...]
    left_out: tuple[str, ...] = ()  # parameters that one of the two sets itself: at their ends it is not that policy
    currency: str = ""  # of money

    @property
    def changes(self) -> bool:
        """Whether the conclusion is another one at some end."""
        return any(turn.turns for turn in self.turns)

    def at(self, parameter: str, end: str) -> tuple[float | None, str]:
        """Half-width of the difference with the parameter at that end, and what becomes of the conclusion there."""
        if parameter in self.left_out:
            return None, "left out"
        for turn in self.turns:
            if (turn.parameter, turn.end) == (parameter, end):
                return turn.difference.half_width, turn.outcome
        return self.difference.half_width, "holds" if self.clear else "not clear"

    @property
    def brief(self) -> str:
        """What the values as written say: who is better, and by how much."""
        return _decided(self) if self.clear else _undecided(self)

    @property
    def sentence(self) -> str:
        """The conclusion in words: who is better, by how much, and unless what."""
        return self.brief + (_unless(self) if self.clear else _becoming(self))

    def to_json_object(self) -> dict[str, Any]:
        """As JSON says it: None for what is undefined."""
        turns = [
            {
                "parameter": turn.parameter,
                "end": turn.end,
                "value": turn.value,
                "difference": turn.difference.mean,
                "half_width": turn.difference.half_width,
                "outcome": turn.outcome,
                "crossing": turn.crossing,
            }
            for turn in self.turns
        ]
        return {
            "measure": self.measure,
            "policy": self.policy,
            "against": self.against,
            "difference": self.difference.mean,
            "half_width": self.difference.half_width,
            "clear": self.clear != 0,
            "changes": self.changes,
            "sentence": self.sentence,
            "turns": turns,
            "left_out": list(self.left_out),
        }


def _decided(of: Conclusion) -> str:
    """A clear difference, told from the winner's side."""
    sign = _winning_sign(of)
    winner, other = (of.policy, of.against) if sign > 0 else (of.against, of.policy)
    verb = f"beats {other} on {of.measure}" if _good(of) else f"has the higher {of.measure} than {other}"
    return f"{winner} {verb} ({difference(of, of.difference, sign)})"


def _winning_sign(of: Conclusion) -> int:
    """1 where the policy wins, −1 where the other does."""
    return of.clear * (_good(of) or 1)


def _unless(of: Conclusion) -> str:
    """Where a clear difference turns round, or is one no longer."""
    sign, reversed_, weakened = _winning_sign(of), _with(of, "reversed"), _with(of, "no longer clear")
    if not reversed_ and not weakened:
        return f", at both ends of every range{_but(of)}" if of.turns else ""
    text = ", unless " + _or([_where(of, turn, sign) for turn in reversed_]) if reversed_ else ""
    if weakened:
        text += "; no longer clear with " + _or([_at(of, turn, sign) for turn in weakened])
    return text


def _undecided(of: Conclusion) -> str:
    if of.difference.mean is None:
        return f"{of.policy} and {of.against} cannot be compared on {of.measure}: as written no replication has both"
    gap = f"{difference(of, of.difference)}, {of.policy} − {of.against}"
    if of.difference.half_width is None:
        return (
            f"{of.policy} and {of.against} are not told apart on {of.measure} by one replication, "
            f"which cannot show what is chance ({gap})"
        )
    return f"{of.policy} and {of.against} cannot be told apart on {of.measure} ({gap})"


def _becoming(of: Conclusion) -> str:
    """Where a difference that is not clear becomes so."""
    clear = _with(of, "becomes clear")
    if not clear:
        known = of.turns and of.difference.half_width is not None
        return f", nor at any end of a range{_but(of)}" if known else ""
    parts = []
    for policy, sign in ((of.policy, 1), (of.against, -1)):
        ends = [turn for turn in clear if (turn.difference.mean or 0.0) * sign * (_good(of) or 1) > 0]
        if ends:
            better = "is better" if _good(of) else "has more"
            parts.append(f"{policy} {better} with " + _or([_at(of, turn, sign) for turn in ends]))
    return "; " + ", and ".join(parts)


def _but(of: Conclusion) -> str:
    return f" but {', '.join(of.left_out)}" if of.left_out else ""


def _good(of: Conclusion) -> int:
    good = meaning(of.measure.partition("[")[0]).good
    return good if good in (HIGH, LOW) else 0


def _with(of: Conclusion, outcome: Outcome) -> list[Turn]:
    return [turn for turn in of.turns if turn.outcome == outcome]


def _where(of: Conclusion, turn: Turn, sign: int) -> str:
    if turn.crossing is None or not turn.side:
        return _at(of, turn, sign)
    there = difference(of, turn.difference, sign)
    return f"{turn.parameter} is {turn.side} about {turn.crossing} (at {turn.value}: {there})"


def _at(of: Conclusion, turn: Turn, sign: int) -> str:
    return f"{turn.parameter} at {turn.value} ({difference(of, turn.difference, sign)})"


def _or(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " or " + parts[-1]


def difference(of: Conclusion, found: Interval, sign: int = 1) -> str:
    """A difference with its half-width and unit, with as many decimals as the others of its conclusion."""
    form = _form(of)
    return "undefined" if found.mean is None else form.with_unit(form.change(sign * found.mean, found.half_width))


def _form(of: Conclusion) -> Amounts:
    told = (of.difference, *(turn.difference for turn in of.turns if turn.turns))
    return amounts(of.measure, [(one.mean, one.half_width) for one in told], of.currency)
