"""The rule by which many simulated figures are judged against theory, so that a right simulator passes.

"All figures within three sigma" fails a perfect simulator once there are enough of them. The rule here: every
figure is the mean of at least 20 replications, judged by Student's t and told as the sigma of equal chance;
no figure beyond 4.5 sigma; few cases beyond 3 (at most 3 of 40: figures of one case go together); each figure
beyond 3 is run again with fresh seeds and must then, alone, be within 3; and every interval narrow enough
for the agreement to mean something. A perfect simulator fails about once in a hundred families of 40 cases of
six independent figures each, less often when they are correlated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.special import ndtri, stdtr, stdtrit

if TYPE_CHECKING:
    import pandas as pd

SCOPE = ("stage", "segment", "role", "member", "dimension", "action", "cause", "period", "hour")
FLAGGED_SIGMA = 3.0
IMPOSSIBLE_SIGMA = 4.5
FEWEST_REPLICATIONS = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure and its exact value; `within` is the widest relative 95 % half-width allowed."""

    measure: str
    exact: float
    scope: dict[str, str] = field(default_factory=dict)
    within: float = 0.02

    @property
    def label(self) -> str:
        return " ".join([self.measure, *(f"{k}={v}" for k, v in self.scope.items())])


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario whose figures theory knows."""

    name: str
    scenario: Any
    figures: tuple[Figure, ...]
    replications: int = FEWEST_REPLICATIONS


Simulate = Callable[[Case, int], np.ndarray]
"""(case, round) -> values (figure, replication); round 0 is the first look, round 1 the fresh seeds."""


class Row(NamedTuple):
    """One line of the table: `sigma` is the normal deviate of the same chance as Student's t."""

    case: str
    figure: str
    simulated: float
    exact: float
    error: float
    sigma: float
    half_width: float
    fresh: float | None = None


class Verdict(NamedTuple):
    rows: tuple[Row, ...]
    failures: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([table(self.rows), *(f"FAILED {f}" for f in self.failures)])


def judge(cases: Sequence[Case], simulate: Simulate) -> Verdict:
    """Run every case, run the flagged ones again, and say what is wrong (nothing, one hopes)."""
    rows: list[Row] = []
    for case in cases:
        first = score(case, simulate(case, 0))
        if any(abs(r.sigma) > FLAGGED_SIGMA for r in first):
            again = score(case, simulate(case, 1))
            first = [
                r._replace(fresh=f.sigma) if abs(r.sigma) > FLAGGED_SIGMA else r
                for r, f in zip(first, again, strict=True)
            ]
        rows += first
    within = {(c.name, f.label): f.within for c in cases for f in c.figures}
    return Verdict(tuple(rows), tuple(failures(rows, within, len(cases))))


def score(case: Case, values: np.ndarray) -> list[Row]:
    """Mean, standard error and deviation from theory of each figure of a case."""
    n = values.shape[1]
    if n < FEWEST_REPLICATIONS:
        raise ValueError(f"{case.name}: {n} replications, the rule needs {FEWEST_REPLICATIONS}")
    rows = []
    for figure, sample in zip(case.figures, values, strict=True):
        average, error = float(sample.mean()), float(sample.std(ddof=1)) / math.sqrt(n)
        half_width = float(stdtrit(n - 1, 0.975)) * error
        sigma = deviation(average - figure.exact, error, n, figure.exact)
        rows.append(Row(case.name, figure.label, average, figure.exact, error, sigma, half_width))
    return rows


def deviation(difference: float, error: float, n: int, exact: float) -> float:
    """The normal deviate as unlikely as Student's t; a figure that never varies must be exact to 1e-9."""
    if math.isnan(difference):
        return math.inf
    if error <= 1e-12 * abs(exact):
        return 0.0 if abs(difference) <= 1e-9 * max(1.0, abs(exact)) else math.copysign(math.inf, difference)
    return math.copysign(float(ndtri(stdtr(n - 1, -abs(difference) / error))), difference)


def failures(rows: Sequence[Row], within: dict[tuple[str, str], float], cases: int) -> list[str]:
    """Why the family fails, one line each."""
    said = [
        f"{r.case}: {r.figure} is {r.sigma:+.1f} sigma off: {r.simulated:.6g}, exactly {r.exact:.6g}"
        for r in rows
        if abs(r.sigma) > IMPOSSIBLE_SIGMA
    ]
    said += [
        f"{r.case}: {r.figure} is {r.sigma:+.1f} sigma off, and with fresh seeds {r.fresh:+.1f}"
        for r in rows
        if r.fresh is not None and not abs(r.fresh) <= FLAGGED_SIGMA
    ]
    said += [
        f"{r.case}: {r.figure} is known to {r.half_width / abs(r.exact):.1%} only, too wide to mean something"
        for r in rows
        if r.exact and not r.half_width <= within[r.case, r.figure] * abs(r.exact)
    ]
    flagged = sorted({r.case for r in rows if abs(r.sigma) > FLAGGED_SIGMA})
    if len(flagged) > allowed(cases):
        said.append(f"{len(flagged)} of {cases} cases beyond 3 sigma, at most {allowed(cases)}: {flagged}")
    return said


def allowed(cases: int) -> int:
    """How many cases of a family may lie beyond three sigma: 3 of 40, and at least one."""
    return max(1, math.ceil(3 * cases / 40))


def observe(measures: pd.DataFrame, figures: Sequence[Figure]) -> np.ndarray:
    """Values (figure, replication) from a tidy table of measures of one policy."""
    values = []
    for figure in figures:
        chosen = measures["measure"] == figure.measure
        for column in SCOPE:
            if column in figure.scope:
                chosen &= measures[column] == figure.scope[column]
            elif column in measures:
                chosen &= measures[column].isna() | (measures[column] == "")
        found = measures[chosen].sort_values("replication")
        if found.empty or found["replication"].duplicated().any():
            raise LookupError(f"{figure.label}: {len(found)} rows, one per replication expected")
        values.append(found["value"].to_numpy(float))
    return np.array(values)


def table(rows: Sequence[Row]) -> str:
    """Case, figure, simulated, exact, standard error, z; a star marks what was run again."""
    wide = max((len(r.figure) for r in rows), default=6)
    name = max((len(r.case) for r in rows), default=4)
    head = f"{'case':{name}}  {'figure':{wide}}  {'simulated':>12}  {'exact':>12}  {'std error':>10}  {'z':>6}"
    lines = [
        f"{r.case:{name}}  {r.figure:{wide}}  {r.simulated:12.6g}  {r.exact:12.6g}"
        f"  {r.error:10.3g}  {r.sigma:6.2f}" + (f" * fresh {r.fresh:.2f}" if r.fresh is not None else "")
        for r in rows
    ]
    return "\n".join([head, *lines])
