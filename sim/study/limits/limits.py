"""A limit that a measure must keep, such as ``wait_p90 < 12 min``, and whether replications show that it does."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from sim.errors import InputError, printable
from sim.study.keys import key_of
from sim.study.meanings import meaning
from sim.study.statistics.intervals import CONFIDENCE, interval
from sim.study.statistics.one_sided import binomial_limits, defined, keeps, mean_limits, one_sided, share_limits
from sim.study.statistics.skewness import leaning_ends, skewness
from sim.study.tallies.rows import Key
from sim.units import NUMBER, parse_duration

Verdict = Literal["met", "not met", "not decided"]

# A name in brackets may have any sign but the equals sign, so the sign that compares is the one after the brackets.
_WRITTEN = re.compile(r"\s*([^\s<>=\[\]]+\s*(?:\[.*\])?)\s*(<=|>=|<|>)\s*(\S.*?)\s*", re.DOTALL)
_IN_SHARE = re.compile(rf"(.*?)\s+in\s+({NUMBER})\s*(%?)(?:\s+of\s+(?:the\s+)?replications)?", re.DOTALL)
_NUMBER = re.compile(rf"({NUMBER})\s*(.*)", re.DOTALL)
_IN_ONE = ("share", "chance", "ratio", "factor", "score", "count", "day")  # units that are said of one
_FARTHEST = 1_000_000  # replications; a projection beyond says nothing


class Limit(NamedTuple):
    """A measure's bound: of its mean, or with ``share`` of single replications, so many of which must keep it."""

    text: str  # as it was written
    key: Key
    below: bool
    bound: float  # in the measure's own unit: minutes, shares from 0 to 1, …
    share: float | None = None
    strict: bool = False  # written with < or >: a value that touches the bound does not keep it


class Judgement(NamedTuple):
    """What replications say of a limit; NaN where they are too few to say anything."""

    limit: Limit
    verdict: Verdict
    estimate: float  # the mean; with a share, the share of replications that keep the bound
    low: float  # of its interval
    high: float
    n: int  # replications in which the measure is defined
    more: int | None  # replications that would decide, judged by those so far; None: decided, or no telling


def limit_of(text: str) -> Limit:
    """Read ``wait_p90 < 12 min``, ``satisfaction[segment=business] >= 5.5``, ``abandoned_share < 3%``, or, of single
    replications, ``wait_p90 < 10 min in 90%``.

    A bound without a unit is in that of the measure: minutes, points, shares from 0 to 1. InputError: no such
    measure, or a bound in another unit.
    """
    match = _WRITTEN.fullmatch(text)
    if not match:
        raise InputError(f"'{printable(text)}' is not a limit; write for example wait_p90 < 12 min")
    key, written, share = key_of(match[1]), match[3], None
    chance = _IN_SHARE.fullmatch(written)
    if chance:
        written, share = chance[1], float(chance[2]) / (100 if chance[3] else 1)
        if not 0 < share < 1:
            raise InputError(f"'{printable(text)}': in how many of the replications is a share between 0 % and 100 %")
    sign = match[2]
    return Limit(text.strip(), key, sign[0] == "<", bound_of(key.measure, written), share, len(sign) == 1)


def limits_of(texts: Iterable[str]) -> tuple[Limit, ...]:
    """Read several limits. InputError tells all that is wrong with them, a line for each."""
    found, wrong = [], []
    for text in texts:
        try:
            found.append(limit_of(text))
        except InputError as problem:
            wrong.append(str(problem))
    if wrong:
        raise InputError("\n".join(wrong))
    return tuple(found)


def judged(limit: Limit, values: Sequence[float], confidence: float = CONFIDENCE) -> Judgement:
    """Judge a limit by a measure's values over replications; NaN is a replication without a value.

    It is met, or not met, once the whole interval is on that side: of the mean by Student's t corrected for
    skewness, of a share of replications by Clopper and Pearson. Said wrongly with a probability of at most
    (1 − ``confidence``)/2, for means if replications are nearly normal. Of a mean wait whose true mean is the bound
    (M/M/1 at load 0.9, 100 customers a day) "met" is said in 5 % of studies of ten replications, 4 % of twenty or
    thirty, where 2.5 % is asked for.
    """
    alpha = (1 - confidence) / 2
    kept = one_sided(values, limit.below, limit.bound, limit.share, alpha, limit.strict)
    known = defined(values)
    if limit.share is None:
        low, high = mean_limits(known, alpha)
        estimate = math.fsum(known) / len(known) if known else math.nan
        more = _more_for_mean(limit, known, alpha)
    else:
        low, high = share_limits(known, limit.below, limit.bound, alpha, limit.strict)
        successes = sum(keeps(value, limit.below, limit.bound, limit.strict) for value in known)
        estimate = successes / len(known) if known else math.nan
        more = _more_for_share(estimate, limit.share, len(known), alpha)
    if not known or math.isinf(low):
        low = high = math.nan
    verdict: Verdict = "not decided" if kept is None else "met" if kept else "not met"
    return Judgement(limit, verdict, estimate, low, high, len(known), more if kept is None else None)


def _more_for_mean(limit: Limit, known: Sequence[float], alpha: float) -> int | None:
    """Further replications until the interval, as wide and lopsided as values so far make it, ends at the bound."""
    mean, _, sd, n = interval(known)
    if mean is None:
        return None
    if not sd:
        due = math.ceil(-math.log2(alpha))  # values that never vary prove their median
        return due - n if n < due else None
    skew = skewness(known) if n > 2 else 0.0

    def decides(total: int) -> bool:
        low, high = leaning_ends(mean, sd, total, skew, 1 - 2 * alpha)
        return low > limit.bound or high < limit.bound

    return None if mean == limit.bound else _further(decides, n)


def _more_for_share(estimate: float, share: float, n: int, alpha: float) -> int | None:
    """Further replications that would decide if as large a part of them kept the bound as so far."""

    def decides(total: int) -> bool:
        low, high = binomial_limits(round(estimate * total), total, alpha)
        return low >= share or high < share

    return None if not n or estimate == share else _further(decides, n)


def _further(decides: Callable[[int], bool], n: int) -> int | None:
    """How many more than ``n`` decide; None where even very many do not."""
    total = n
    while not decides(total):
        total *= 2
        if total > _FARTHEST:
            return None
    return _first(decides, n, total) - n


def _first(holds: Callable[[int], bool], no: int, yes: int) -> int:
    """Where, between a number for which it does not hold and one for which it does, it begins to hold."""
    while yes - no > 1:
        middle = (no + yes) // 2
        no, yes = (no, middle) if holds(middle) else (middle, yes)
    return yes


def bound_of(measure: str, written: str) -> float:
    """The bound in the measure's unit."""
    unit = meaning(measure).unit
    read, example = _READERS.get(unit, (_plain, "5"))
    value = read(written, unit)
    if value is None or not math.isfinite(value):
        what = f"a {unit}" if unit in _IN_ONE else f"in {unit}"
        raise InputError(
            f"'{printable(written)}' will not do for {measure}, which is {what}; write for example {example}"
        )
    return value


def _plain(written: str, unit: str) -> float | None:
    """A bare number; the unit's own word may follow."""
    match = _NUMBER.fullmatch(written)
    return float(match[1]) if match and match[2] in ("", unit) else None


def _part(written: str, unit: str) -> float | None:
    """A part of one: ``80%``, or 0.8; a bare 80 is refused."""
    match = _NUMBER.fullmatch(written)
    if match and match[2] == "%":
        return float(match[1]) / 100
    bare = _plain(written, unit)
    return None if bare is None or abs(bare) > 1 else bare


def _ratio(written: str, unit: str) -> float | None:
    """A ratio: 0.2, or ``20%``."""
    match = _NUMBER.fullmatch(written)
    return float(match[1]) / 100 if match and match[2] == "%" else _plain(written, unit)


def _time(unit_min: float) -> Callable[[str, str], float | None]:
    """A reader of durations, in units of so many minutes."""

    def read(written: str, unit: str) -> float | None:
        bare = _plain(written, unit)
        if bare is not None:
            return bare
        try:
            return parse_duration(written) / unit_min
        except ValueError:
            return None

    return read


_READERS: dict[str, tuple[Callable[[str, str], float | None], str]] = {
    "minutes": (_time(1.0), "12 min"),
    "hours": (_time(60.0), "40 h"),
    "hours a day": (_time(60.0), "2 h"),
    "day": (_time(1440.0), "30 d"),
    "share": (_part, "80% or 0.8"),
    "chance": (_part, "80% or 0.8"),
    "ratio": (_ratio, "0.2 or 20%"),
    "factor": (_ratio, "1.1 or 110%"),
    "score": (_plain, "20"),
    "money": (_plain, "1000"),
    "money per customer": (_plain, "100"),
}
