"""Lopsided measures: an interval that leans as the values do, and words where few values make intervals too narrow.

Waiting times are skewed: most days are fair and some are dreadful. Few replications rarely hold a dreadful day, so
that plain intervals lie too low and hold the true mean less often than they say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.study.statistics.intervals import CONFIDENCE, interval, t_quantile

FEW = 10
"""With fewer replications not even the skewness can be judged."""
ENOUGH = 30
"""From so many on no words of caution are given; a 95 % interval of a skewed wait then covers about 93 %."""
SKEWED = 1.0
_NEARLY_SYMMETRIC = 1e-6


def skewness(values: Sequence[float]) -> float:
    """Third standardised moment, adjusted for few values (G1); 0 is symmetric, 2 is exponential. NaN are left out.

    NaN where fewer than three are defined, 0 where nothing varies. Never beyond the root of their number.
    """
    defined = [value for value in values if not math.isnan(value)]
    n = len(defined)
    if n < 3:
        return math.nan
    if min(defined) == max(defined):
        return 0.0
    mean = math.fsum(defined) / n
    sd = math.sqrt(math.fsum((value - mean) ** 2 for value in defined) / (n - 1))
    return n * math.fsum(((value - mean) / sd) ** 3 for value in defined) / ((n - 1) * (n - 2))


def skew_interval(values: Sequence[float], confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Interval of the mean, (low, high), corrected for skewness; NaN values are left out.

    Student's t with the pivot made symmetric by a cubic (Hall 1992, in the form of Willink 2005, which has one
    inverse only). At 95 % and ten replications of a mean wait it covers 93 to 94.5 % where Student's t covers 90 %,
    and is then half as wide again on average, a fifth in the median; for normal values a tenth at ten on average and
    nothing from thirty on. The shift of Johnson (1978) covered 0.3 % more than Student's t, so it is not offered.
    Judge a measure by one of the two intervals throughout: replications that miss the bad days do not look skewed.
    (NaN, NaN) where fewer than two values are defined; Student's t for two.
    """
    found = interval(values, confidence)
    if found.mean is None or found.sd is None:
        return math.nan, math.nan
    root = math.sqrt(found.n)
    lean = skewness(values) / (6.0 * root) if found.n > 2 else 0.0
    t, step = t_quantile(found.n - 1, 0.5 + confidence / 2), found.sd / root
    return found.mean - _leaning(t, lean) * step, found.mean - _leaning(-t, lean) * step


def _leaning(t: float, lean: float) -> float:
    """The skewed pivot whose symmetric form is ``t``: inverse of x + 2a x² + (4/3) a² x³ + a, with a = lean."""
    if abs(lean) < _NEARLY_SYMMETRIC:
        return t  # the limit; the formula would divide nothing by nothing
    cube = 1.0 + 6.0 * lean * (t - lean)
    return (math.copysign(abs(cube) ** (1.0 / 3.0), cube) - 1.0) / (2.0 * lean)


def caution(values: Sequence[float]) -> str | None:
    """What to bear in mind about a 95 % interval of Student's t over these values; None where it can be trusted.

    Said below 10 replications, and below 30 where the values are skewed by more than 1 either way. The figures are
    those measured for exponential values (skewness 2) and for mean waits of the first ten and hundred customers of
    an M/M/1 queue at load 0.9. Rare disasters are worse: lognormal values of skewness 6 are covered by 84 % with ten
    replications and 88 % with thirty.
    """
    defined = [value for value in values if not math.isnan(value)]
    n = len(defined)
    if n == 0 or (n > 1 and min(defined) == max(defined)):
        return None
    if n == 1:
        return "one replication shows nothing of how much chance there is: run at least ten"
    skew = skewness(defined)
    if n < ENOUGH and abs(skew) > SKEWED:
        side = "above" if skew > 0 else "below"
        return (
            f"with {n} replications of so skewed a measure a 95 % interval covers about {_covered(n)} %, and where "
            f"it fails the true mean is nearly always {side} it; {_CURE}"
        )
    if n < FEW:
        return (
            f"{n} replications cannot show whether the measure is skewed; if it is as skewed as waiting times are, "
            f"a 95 % interval covers about {_covered(n)} %; {_CURE}"
        )
    return None


_CURE = "30 replications bring it to about 93 %, 100 to about 94 %"


def _covered(n: int) -> int:
    """Per cent that a 95 % interval of Student's t covers, as measured at 3 to 25 replications."""
    return 92 if n >= 20 else 91 if n >= 15 else 90 if n >= 8 else 88
