"""Simulated answers beside real ones: 411 customers of a maker of durable goods, and 250 of a bank.

The answers themselves are no part of the project; what was computed from them is stated here, with the date. Tests
compute it again where the files lie beside the project.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.quality.tables import DIMENSIONS
from sim.scenario.quality import Survey
from tests.quality.fit_survey import PAIRS, REAL, Features, asked, simulated

from .customers import guests

COMPUTED = "November 2026"
BANK = REAL.with_name("bank_satisfaction.csv")
SQ_SOURCE = "Bliemel et al. 2004, data set SQ of the R package cSEM"
BANK_SOURCE = "data set satisfaction of the R packages plspm and cSEM, a Spanish credit institution"


class Row(NamedTuple):
    """A figure of real answers beside that of simulated ones; a half-width (95 %) where it was estimated."""

    name: str
    real: float
    real_half_width: float | None
    simulated: float | None


# ---- 411 customers who answered the 22 questions on what they perceived

NAMES = (
    *(f"alpha of {d}" for d in DIMENSIONS),
    *(f"correlation of {DIMENSIONS[a]} with {DIMENSIONS[b]}" for a, b in zip(*PAIRS, strict=True)),
    *(f"correlation of {d} with satisfaction" for d in DIMENSIONS),
    "alpha of all 22 questions (not fitted)",
)
SQ = (
    *(0.816, 0.874, 0.853, 0.920, 0.905),
    *(0.562, 0.589, 0.559, 0.618, 0.811, 0.733, 0.741, 0.846, 0.822, 0.846),
    *(0.665, 0.776, 0.811, 0.771, 0.815),
    0.961,
)


def flat(found: Features) -> np.ndarray:
    """In the order of NAMES."""
    return np.concatenate([found.alphas, found.between, found.with_satisfaction, [found.whole_alpha]])


def perceived() -> tuple[Row, ...]:
    """Guests of replications that the survey's defaults were not fitted to."""
    found, _ = asked(simulated(100, 4), Survey())
    return tuple(Row(name, real, None, float(value)) for name, real, value in zip(NAMES, SQ, flat(found), strict=True))


# ---- 250 customers of a bank, asked on image, expectations, quality, value, satisfaction and loyalty


@dataclass(frozen=True)
class Effect:
    """Standardised coefficient and 95 % half-width."""

    size: float
    half_width: float


BANK_FIGURES = {
    "correlation of expected with perceived quality": Effect(0.85, 0.04),
    "effect of perceived quality on satisfaction": Effect(0.62, 0.17),
    "effect of expectations on satisfaction, beside it": Effect(0.09, 0.17),
    "part of satisfaction explained by the two": Effect(0.48, 0.09),
    "correlation of loyalty with satisfaction": Effect(0.65, 0.07),
    "effect of perceived quality on loyalty, beside satisfaction and expectations": Effect(0.42, 0.19),
    "effect of perceived quality on satisfaction, beside expectations, value and image": Effect(0.15, 0.15),
    "effect of value": Effect(0.56, 0.12),
    "effect of image": Effect(0.19, 0.10),
    "effect of falling short of expectations on satisfaction, beside quality": Effect(0.02, 0.22),
    "effect of exceeding them": Effect(-0.43, 0.46),
}
"""The last two in points of the scale, with perceived quality held."""


def bank() -> tuple[Row, ...]:
    """The model's side are the answers of the hotel's guests; what is not asked there is empty."""
    score, difference, overall, *_ = guests()
    hoped = score - difference
    both = regression(overall, score, hoped)
    split = regression(overall, score, np.minimum(difference, 0), np.maximum(difference, 0), standardised=False)
    model = {
        "correlation of expected with perceived quality": float(np.corrcoef(hoped, score)[0, 1]),
        "effect of perceived quality on satisfaction": both.effects[0].size,
        "effect of expectations on satisfaction, beside it": both.effects[1].size,
        "part of satisfaction explained by the two": both.explained,
        "effect of falling short of expectations on satisfaction, beside quality": split.effects[1].size,
        "effect of exceeding them": split.effects[2].size,
    }
    return tuple(Row(name, e.size, e.half_width, model.get(name)) for name, e in BANK_FIGURES.items())


class Regression(NamedTuple):
    """Least squares with an intercept."""

    effects: tuple[Effect, ...]
    explained: float


def regression(of: np.ndarray, *on: np.ndarray, standardised: bool = True) -> Regression:
    """Effects of each variable beside the others."""
    y, xs = (_standard(of), [_standard(x) for x in on]) if standardised else (of, list(on))
    design = np.column_stack([*xs, np.ones(len(y))])
    b = np.linalg.lstsq(design, y, rcond=None)[0]
    left = y - design @ b
    variance = left @ left / (len(y) - design.shape[1])
    errors = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * variance)
    effects = tuple(Effect(float(size), 1.96 * float(error)) for size, error in zip(b, errors, strict=True))[:-1]
    return Regression(effects, float(1 - left.var() / y.var()))


def _standard(x: np.ndarray) -> np.ndarray:
    return (x - x.mean()) / x.std(ddof=1)


def bank_figures() -> dict[str, float]:
    """Computed from the answers; half-widths are stated above."""
    with BANK.open(encoding="utf-8") as file:
        people = list(csv.DictReader(file))

    def mean(about: str) -> np.ndarray:
        return np.array([[float(p[item]) for item in p if item.startswith(about)] for p in people]).mean(axis=1)

    hoped, quality, satisfied, loyal = (mean(about) for about in ("expe", "qual", "sat", "loy"))
    both = regression(satisfied, quality, hoped)
    beside = regression(satisfied, quality, mean("val"), mean("imag"), hoped).effects
    beyond = quality - hoped
    split = regression(satisfied, quality, np.minimum(beyond, 0), np.maximum(beyond, 0), standardised=False)
    return dict(
        zip(
            BANK_FIGURES,
            (
                float(np.corrcoef(hoped, quality)[0, 1]),
                both.effects[0].size,
                both.effects[1].size,
                both.explained,
                float(np.corrcoef(loyal, satisfied)[0, 1]),
                regression(loyal, satisfied, quality, hoped).effects[1].size,
                *(beside[k].size for k in range(3)),
                split.effects[1].size,
                split.effects[2].size,
            ),
            strict=True,
        )
    )
