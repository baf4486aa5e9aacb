"""Anchors about customers: gaps, delight, loyalty, recovery, talk, surveys, and what they are worth."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

import sim
from sim.arithmetic import normal_quantile_array
from sim.flow.site import site_of
from sim.quality.loyalty import net_promoter_score
from sim.quality.money import training_utility
from sim.quality.survey import answers
from sim.quality.tables import DIMENSIONS
from sim.study.days import days
from tests.predictions.pairs import study
from tests.predictions.test_customers import DAYS_WITH, by_period, spoilt
from tests.quality.fit_survey import HOTEL

from .anchor import RULE, RUN, Anchor
from .crowd import SEED, crowd, lived

EQUATIONS = "computed from the model's equations"
TARP = "TARP, in Goodman"
JONES_SASSER = "Jones and Sasser 1995"
ARITHMETIC = "arithmetic of margins at the ends of years"

ALL_EXPECT_THE_SAME = {"expectation_spread": 0}


def gaps() -> tuple[Anchor, ...]:
    """Three actions of one dimension: a must-be delivered, one not required and missed, a surprise by a machine."""
    one = {"stage": "desk", "dimension": "assurance"}
    site = {
        **crowd({(0, "09:00"): 2}),
        "actions": {
            "a": one | {"weight": 0.5, "expected": 0.9, "believed": 0.8, "required": 1, "promised": 0.9},
            "b": one | {"weight": 0.3, "expected": 0.6, "believed": 0.4, "required": 0, "promised": 1},
            "c": one | {"weight": 0.2, "expected": 0.1, "believed": 0.1, "required": 0, "promised": 0.1},
        },
        "quality": ALL_EXPECT_THE_SAME,
        "management": {"automation": {"c": {"share": 1, "warmth": 1}}},
    }
    found = study(site, replications=2)

    def of(measure: str) -> float:
        return float(found.of("base", measure)[0])

    felt = (of("satisfaction") - of("perceived_quality")) / 0.4
    obtained = {
        "listening gap": (0.66, of("gap_listening")),
        "design gap": (0.24, of("gap_design")),
        "performance gap": (-1.2, of("gap_performance")),
        "communication gap": (0.216, of("gap_communication")),
        "customer gap": (-0.084, of("gap_customer")),
        "perceived quality": (5.2, of("perceived_quality")),
        "disconfirmation": (-1.154, felt),
    }
    inputs = "weights .5 .3 .2; expected .9 .6 .1; believed .8 .4 .1; required 1 0 0; done 1 0 1; promised .9 1 .1"
    return tuple(
        Anchor(f"Worked example of gaps: {name}", inputs, EQUATIONS, "derived", published, value, None, 0.0005, RUN)
        for name, (published, value) in obtained.items()
    )


def delight() -> tuple[Anchor, ...]:
    """A surprise every day, until it stops."""
    gap = by_period(study(spoilt(), replications=2), "gap_customer", periods=DAYS_WITH + 1, dimension="empathy")[0]
    expected = (*(1 + gap[:DAYS_WITH] / 6), gap[DAYS_WITH] / 6)
    inputs = "expected .1 at first, gain .3, all customers return, delivered each time"
    published = (0.1, 0.37, 0.559, 0.691, 0.784, 0.849)
    return tuple(
        Anchor(f"Expected after {k} times delivered", inputs, EQUATIONS, "derived", value, found, None, 0.0005, RUN)
        for k, (value, found) in enumerate(zip(published, expected, strict=True))
    )


# ---- loyalty, recovery, talk


def satisfied(weight: float) -> dict[str, Any]:
    """Everybody is satisfied alike: 1 + 6 × the weight of what is always done; nobody expects the rest."""
    one = {"stage": "desk", "dimension": "assurance"}
    return {
        **crowd({(0, "09:00"): 2}),
        "actions": {
            "done": one | {"weight": weight},
            "nobody": one | {"weight": 1 - weight, "expected": 0, "required": 0},
        },
        "quality": ALL_EXPECT_THE_SAME,
    }


def loyalty() -> tuple[Anchor, ...]:
    """Satisfaction of 7 and of 5.5: one of five steps apart."""
    odds = []
    for weight in (1.0, 0.75):
        chance = float(study(satisfied(weight), replications=2).of("base", "return_probability")[0])
        odds.append(chance / (1 - chance))
    return (
        Anchor(
            "Odds of return, totally satisfied / satisfied",
            "steepness 1.1945; satisfaction 7 and 5.5",
            JONES_SASSER,
            "finding",
            6.0,
            odds[0] / odds[1],
            None,
            0.005,
            RUN,
        ),
    )


CELLS = {
    ("minor", "silent"): 0.37,
    ("minor", "unresolved"): 0.46,
    ("minor", "resolved"): 0.70,
    ("minor", "resolved quickly"): 0.95,
    ("major", "silent"): 0.09,
    ("major", "unresolved"): 0.19,
    ("major", "resolved"): 0.54,
    ("major", "resolved quickly"): 0.82,
}


def recovery() -> tuple[Anchor, ...]:
    """Everybody meets an error; nobody complains, or all do, in vain, or with a solution at once or too late."""
    deeds = {
        "silent": {"voice": 0},
        "unresolved": {"resolve": 0},
        "resolved": {"quick": "0 min"},
        "resolved quickly": {},
    }
    site = {
        **crowd({(0, "09:00"): 2}),
        "stages": {
            "desk": {"staff": ["clerk"], "work": 0, "error": {"probability": 1}},
            "complaints": {"staff": ["clerk"], "work": "1 min"},
        },
        "actions": {"outcome": {"stage": "desk", "kind": "outcome", "dimension": "reliability", "weight": 1}},
        "management": {"recovery": {"stage": "complaints", "voice": 1, "resolve": 1, "major": 0}},
    }
    policies = {
        f"{severity}_{deed.replace(' ', '_')}": {
            f"management.recovery.{key}": value
            for key, value in {"major": int(severity == "major"), **deeds[deed]}.items()
        }
        for severity, deed in CELLS
    }
    found = study(site, replications=2, **policies)
    return tuple(
        Anchor(
            f"Return after a {severity} problem, {deed}",
            "every customer meets it",
            TARP,
            "finding" if "resolved" in deed.split() else "recalled",
            published,
            float(found.of(f"{severity}_{deed.replace(' ', '_')}", "return_probability")[0]),
            None,
            0.0005,
            RUN,
        )
        for (severity, deed), published in CELLS.items()
    )


def word_of_mouth() -> tuple[Anchor, ...]:
    """A month in which everybody is delighted, or dissatisfied, and demand in the next."""

    def demand(expected: float, required: float) -> float:
        action = {"stage": "desk", "dimension": "assurance", "weight": 1, "expected": expected, "required": required}
        site = {
            **crowd({(30, "09:00"): 1}),
            "customers": {"all": {"arrivals": {"rate": "1/h"}, "start": "desk"}},  # talk moves no appointments
            "review": "30 d",
            "actions": {"a": action},
            "quality": ALL_EXPECT_THE_SAME,
            "management": {"word_of_mouth": {"strength": 0.05, "per": "30 d"}},
        }
        *_, last = lived(site)
        return float(last.plan.state.demand[0])

    of = "strength .05 a month, 5 listeners and 10"
    anderson = "arithmetic of listeners in Anderson 1998"
    return (
        Anchor(
            "Demand when all are delighted / before", of, anderson, "derived", 1.025, demand(0.1, 1), None, 1e-9, RUN
        ),
        Anchor(
            "Demand when all are dissatisfied / before", of, anderson, "derived", 0.95, demand(1, 0), None, 1e-9, RUN
        ),
    )


def promoters() -> tuple[Anchor, ...]:
    """Net promoter score of satisfaction that is normal, at a hundred thousand quantiles."""
    z = normal_quantile_array((np.arange(100_000) + 0.5) / 100_000)
    return tuple(
        Anchor(
            f"Net promoter score of satisfaction {mean} ± {sd}",
            "promoters from 6.1, detractors below 4.9",
            "normal distribution",
            "derived",
            published,
            net_promoter_score(mean + sd * z),
            None,
            0.1,
            RULE,
        )
        for mean, sd, published in ((5.4, 1.1, -6.2), (5.8, 1.0, 19.8))
    )


# ---- money


def lifetime_value() -> tuple[Anchor, ...]:
    """Customers of whom the published share comes back; two visits of 5 a year, for two hundred years."""
    cases = {(0.8, 0.10): 2.667, (0.9, 0.10): 4.5, (0.9, 0.12): 4.091, (0.70, 0.0): 2.333, (0.72, 0.0): 2.571}
    site = satisfied(1.0)
    site["customers"]["all"]["margin"] = 5
    site["money"] = {"visits_per_year": 2, "horizon": "200 y"}
    return tuple(
        Anchor(
            f"Value of a customer / yearly margin, retention {retention:.0%}, discount {discount:.0%}",
            "steepness of loyalty set for this retention; horizon 200 years",
            ARITHMETIC,
            "derived",
            published,
            float(study(_kept(site, retention, discount), replications=2).of("base", "lifetime_value")[0]) / 10,
            None,
            0.0005,
            RUN,
        )
        for (retention, discount), published in cases.items()
    )


def _kept(site: dict[str, Any], retention: float, discount: float) -> dict[str, Any]:
    steepness = math.log(retention / (1 - retention)) / 2  # at a satisfaction of 7, two points above the midpoint
    return {
        **site,
        "quality": {**ALL_EXPECT_THE_SAME, "loyalty": {"steepness": steepness}},
        "money": {**site["money"], "discount": discount},
    }


def utility() -> tuple[Anchor, ...]:
    """The cross-check of what training is worth."""
    return (
        Anchor(
            "Utility of training of one person in a year",
            "effect .62, half-time 15 months, salary 60 000, one sd of performance 40 % of it",
            "Brogden, Cronbach and Gleser; 40 % from memory",
            "derived",
            10_933.0,
            training_utility(0.62, 1.25, 1.0, 60_000.0),
            None,
            0.5,
            RULE,
        ),
    )


# ---- surveys, and what is remembered


@cache
def guests() -> tuple[np.ndarray, ...]:
    """Respondents of the hotel as it is, in the order in which a sample takes them.

    SERVPERF, SERVQUAL, overall answer, answered gap of reliability; utility of the peak and the end, of the average
    moment, and satisfaction itself.
    """
    site = site_of(sim.load(str(HOTEL)))
    parts = []
    for replication in range(3):
        for day in days(site, SEED, replication):
            seen = day.perception
            given = answers(day.log, seen, site.scenario.quality.survey)
            item, weights = given.item_dimension, site.scenario.quality.dimension_weights
            met = (given.perceived > 0).all(axis=1)
            perceived, expected = given.perceived[met].astype(float), given.expected[met].astype(float)
            mean = np.stack([(item == d) / (item == d).sum() for d in range(len(DIMENSIONS))], axis=1)
            w = mean @ np.array([weights[d] for d in DIMENSIONS])
            reliable = (expected - perceived)[:, item == DIMENSIONS.index("reliability")].mean(axis=1)
            moments = day.perception.moments
            last, peak = (_of_encounters(day, moments.utility, flag) for flag in (moments.is_last, moments.is_peak))
            plain = np.bincount(
                seen.marks.moment_encounter, moments.utility * moments.share, minlength=len(day.log.segment)
            )
            who = given.respondent[met]
            parts.append(
                (
                    perceived @ w,
                    (perceived - expected) @ w,
                    given.overall[met].astype(float),
                    reliable,
                    ((last + peak) / 2)[who],
                    plain[who],
                    seen.satisfaction[who],
                    given.lot[met],
                )
            )
    *columns, lot = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(lot, kind="stable")
    return tuple(column[order] for column in columns)


def _of_encounters(day: Any, utility: np.ndarray, flag: np.ndarray) -> np.ndarray:
    """The utility of the one flagged moment of each encounter."""
    return np.bincount(day.perception.marks.moment_encounter[flag], utility[flag], minlength=len(day.log.segment))


def survey_size() -> tuple[Anchor, ...]:
    """Means of waves of n answers on reliability, in units of the answers' spread, scaled to one of 1.3."""
    gap = guests()[3]
    found = []
    for n, published in ((30, 0.237), (100, 0.130), (400, 0.065)):
        waves = gap[: len(gap) // n * n].reshape(-1, n).mean(axis=1)
        error = 1.3 * float(waves.std(ddof=1) / gap.std(ddof=1))
        half_width = 1.96 * error / math.sqrt(2 * (len(waves) - 1))
        found.append(
            Anchor(
                f"Standard error of a gap from {n} answers",
                "guests of the hotel on reliability, by lot; scaled to a spread of 1.3",
                "1.3 / √n",
                "derived",
                published,
                error,
                half_width,
                0.0005,
                RUN,
            )
        )
    return tuple(found)


def validity() -> tuple[Anchor, ...]:
    """How far SERVPERF and SERVQUAL go with overall satisfaction, as answered by guests of the hotel."""
    performance, quality, overall, *_ = guests()
    r = [float(np.corrcoef(score, overall)[0, 1]) for score in (performance, quality)]
    error = 1.96 / math.sqrt(len(overall))
    return (
        Anchor(
            "Correlation with satisfaction: SERVPERF less SERVQUAL",
            f"guests of the hotel; {r[0]:.2f} and {r[1]:.2f}",
            "Carrillat, Jaramillo and Mulki 2007: equally valid, 42 effects",
            "finding",
            0.0,
            r[0] - r[1],
            error,
            0.0,
            RUN,
        ),
    )


def peak_and_end() -> tuple[Anchor, ...]:
    """How far the peak and the end go with satisfaction, and how far the plain average of moments does."""
    *_, peak_end, plain, satisfaction = guests()
    r = [float(np.corrcoef(score, satisfaction)[0, 1]) for score in (peak_end, plain)]
    return (
        Anchor(
            "Correlation with satisfaction: average of moments less peak and end",
            f"guests of the hotel; {r[1]:.2f} and {r[0]:.2f}",
            "Alaybek et al. 2022: about alike, 174 effects",
            "finding",
            0.0,
            r[1] - r[0],
            1.96 / math.sqrt(len(satisfaction)),
            0.0,
            RUN,
        ),
    )
