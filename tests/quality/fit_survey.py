"""The survey's halo, leniency and noise, fitted to real answers: `python -m tests.quality.fit_survey` prints the table.

Who answers in the model: guests of scenarios/hotel_front_desk.yaml, simulated and judged, thinned by who responds.
What is fitted: the reliabilities, the correlations between the dimensions and those with satisfaction of 411 real
customers, and the correlation of expected with perceived, which that survey did not ask for, of 386 patients.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from sim.flow.plan import draw
from sim.flow.simulate import simulate
from sim.flow.site import site_of
from sim.flow.state import initial_state
from sim.quality.levels import Level
from sim.quality.perceive import perceive
from sim.quality.reliability import cronbach_alpha
from sim.quality.survey import Luck, answered, item_dimension, luck_of, respondents
from sim.quality.tables import DIMENSIONS
from sim.scenario import load

ROOT = Path(__file__).parents[2]
HOTEL = ROOT / "scenarios" / "hotel_front_desk.yaml"
REAL = ROOT.parent / "shared" / "data" / "servqual_survey.csv"  # Bliemel et al. 2004: data set SQ of the R package cSEM

ALPHA_WITHIN, CORRELATION_WITHIN = 0.03, 0.08
EXPECTED_WITH_PERCEIVED, THAT_WITHIN = 0.40, 0.05  # mean over the dimensions: .35 to .44 in PMC6131925, table 2
HALOS_ALIKE = 0.2  # a halo this far from the mean one costs as much as a feature one band off
SEED = 7
PAIRS = np.triu_indices(len(DIMENSIONS), 1)


@dataclass(frozen=True)
class Features:
    """What makes answers look real; none of it depends on the scale's unit or origin."""

    alphas: np.ndarray  # (5,) of perceived
    whole_alpha: float
    between: np.ndarray  # (10,) correlations between dimension means, in order of PAIRS
    with_satisfaction: np.ndarray  # (5,)


def features(perceived: np.ndarray, overall: np.ndarray, item: np.ndarray) -> Features:
    """Features of whole-numbered answers (n, 22) and (n,)."""
    means = means_of(perceived, item)
    r = np.corrcoef(np.column_stack([means, overall]).T)
    return Features(
        np.array([alpha(perceived[:, item == d]) for d in range(len(DIMENSIONS))]),
        alpha(perceived),
        r[:-1, :-1][PAIRS],
        r[:-1, -1],
    )


def means_of(points: np.ndarray, item: np.ndarray) -> np.ndarray:
    return np.stack([points[:, item == d].mean(axis=1) for d in range(len(DIMENSIONS))], axis=1)


def alpha(points: np.ndarray) -> float:
    whole = points.astype(np.int64)
    totals = whole.sum(axis=1)
    return cronbach_alpha(
        len(whole), whole.sum(axis=0).tolist(), (whole**2).sum(axis=0).tolist(), int((totals**2).sum())
    )


def real_features() -> Features:
    """Features of the real answers: a scale of six points written as 0, 20 … 100."""
    with REAL.open(encoding="utf-8") as file:
        points = np.array([[int(entry) // 20 for entry in row] for row in list(csv.reader(file))[1:]])
    return features(points[:, :22], points[:, 22], np.repeat(np.arange(5), (4, 5, 4, 4, 5)))


@dataclass(frozen=True)
class Respondents:
    """What simulated respondents perceived and expected, and the chance that will be in their answers."""

    perceived: np.ndarray  # (n, 5)
    expected: np.ndarray  # (n, 5)
    satisfaction: np.ndarray  # (n,)
    luck: Luck


def simulated(first: int, replications: int) -> Respondents:
    """Respondents of some replications of the hotel as it is."""
    site = site_of(load(str(HOTEL)))
    survey = site.scenario.quality.survey
    parts = []
    for r in range(first, first + replications):
        for log in simulate(draw(site, initial_state(site, SEED, r), SEED, r)):
            seen = perceive(log)
            who, _ = respondents(log, seen.satisfaction, survey.response)
            levels = seen.levels[:, who]
            luck = luck_of(log, who, survey)
            parts.append((levels[Level.PERCEIVED], levels[Level.EXPECTED], seen.satisfaction[who], *luck))
    perceived, expected, satisfaction, *luck = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Respondents(perceived, expected, satisfaction, Luck(*luck))


def asked(them: Respondents, survey) -> tuple[Features, float]:
    """Features of their answers, and the mean over dimensions of the correlation of expected with perceived."""
    item = item_dimension(survey)
    seen, hoped, overall = answered(them.perceived, them.expected, them.satisfaction, them.luck, survey)
    p, e = means_of(seen, item), means_of(hoped, item)
    with_expected = np.mean([np.corrcoef(p[:, d], e[:, d])[0, 1] for d in range(len(DIMENSIONS))])
    return features(seen, overall, item), float(with_expected)


def misses(found: Features, with_expected: float, real: Features) -> np.ndarray:
    """How far each feature is from the real one, in bands: all within 1 is a fit."""
    return np.concatenate(
        [
            (found.alphas - real.alphas) / ALPHA_WITHIN,
            (found.between - real.between) / CORRELATION_WITHIN,
            (found.with_satisfaction - real.with_satisfaction) / CORRELATION_WITHIN,
            [(with_expected - EXPECTED_WITH_PERCEIVED) / THAT_WITHIN],
        ]
    )


def survey_of(halo, leniency, noise, overall_noise) -> SimpleNamespace:
    """A survey with these parameters; halo and noise are one number or five."""
    each = [dict(zip(DIMENSIONS, np.broadcast_to(value, 5).tolist(), strict=True)) for value in (halo, noise)]
    items = dict(zip(DIMENSIONS, (4, 5, 4, 4, 5), strict=True))
    return SimpleNamespace(items=items, halo=each[0], leniency=leniency, noise=each[1], overall_noise=overall_noise)


def fitted(them: Respondents, real: Features, halos: int, noises: int) -> SimpleNamespace:
    """Least squares in bands, with one halo or five, and one noise or five.

    The five halos are hardly told apart by the features, so of those that fit the most alike are taken.
    """
    from scipy.optimize import least_squares

    def survey(x):
        return survey_of(x[:halos], x[halos], x[halos + 1 : -1], x[-1])

    def residuals(x):
        alike = (x[:halos] - x[:halos].mean()) / HALOS_ALIKE
        return np.concatenate([misses(*asked(them, survey(x)), real), alike])

    start = [0.6] * halos + [0.7] + [1.0] * noises + [0.6]
    top = [1.0] * halos + [2.0] + [3.0] * (noises + 1)
    # answers are whole points, so the slope is felt over a step that moves some of them
    found = least_squares(residuals, start, bounds=(np.zeros(len(start)), top), diff_step=0.03)
    return survey(found.x)


def table(found: Features, with_expected: float, real: Features) -> str:
    names = [f"alpha {d}" for d in DIMENSIONS]
    names += [f"{DIMENSIONS[a]} with {DIMENSIONS[b]}" for a, b in zip(*PAIRS, strict=True)]
    names += [f"{d} with satisfaction" for d in DIMENSIONS]
    pairs = [
        *zip(
            names,
            np.concatenate([real.alphas, real.between, real.with_satisfaction]),
            np.concatenate([found.alphas, found.between, found.with_satisfaction]),
            strict=True,
        ),
        ("alpha of all (not fitted)", real.whole_alpha, found.whole_alpha),
        ("expected with perceived", EXPECTED_WITH_PERCEIVED, with_expected),
    ]
    return "\n".join(f"{name:32} {a:6.3f} {b:6.3f} {b - a:+7.3f}" for name, a, b in pairs)


def main() -> None:
    """Print how well each family of surveys does, and the fit behind the defaults."""
    them, real = simulated(0, 4), real_features()
    for halos, noises in ((1, 1), (1, 5), (5, 1), (5, 5)):
        best = fitted(them, real, halos, noises)
        off = np.abs(misses(*asked(them, best), real))
        print(f"{halos} halo, {noises} noise: worst {off.max():.2f} bands, {np.sum(off > 1)} of {len(off)} outside")
    print("\nhalo", {d: round(v, 3) for d, v in best.halo.items()})
    print("leniency", round(best.leniency, 3))
    print("noise", {d: round(v, 3) for d, v in best.noise.items()})
    print("overall_noise", round(best.overall_noise, 3), "\n")
    print(f"{'':32} {'real':>6} {'fitted':>6} {'miss':>7}")
    print(table(*asked(them, best), real))


if __name__ == "__main__":
    main()
