"""Anchors about staff: what is learned and forgotten, fatigue, audits, coaching, checks, pressure, erosion."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri
from scipy.stats import norm

from sim.chance.laws import law_of
from sim.flow.log import CAUSE_MASK, Cause
from sim.rules.erosion import eroded
from sim.rules.pressure import corner_cutting_factor
from sim.scenario.distributions import Shaped
from tests.predictions.pairs import study

from .anchor import RULE, RUN, Anchor, figure
from .crowd import SEED, crowd, hit_rate, lived, share

MONTH = 30
SAKS = "Saks and Belcourt 2006, 150 organisations"
DE_GRIP = "De Grip, Sauermann and Sieben 2016"
RCT = "De Grip and Sauermann 2012"
DAI = "Dai et al. 2015, 13.7 million opportunities"
ARMELLINO = "Armellino et al. 2012, 73 080 observations"
KLUGER = "Kluger and DeNisi 1996, 607 effects"
HAYNES = "Haynes et al. 2009; meta-analysis .58 to .72"
STERMAN = "Oliva and Sterman 2001, as published code"


def transfer() -> tuple[Anchor, ...]:
    """A course on day 0, looked at from the next day on; what is done is read on the probit scale."""
    when = {"right after": 1, "after six months": 1 + 6 * MONTH, "after a year": 1 + 12 * MONTH}
    site = crowd(
        {(day, "09:00"): 2000 for day in when.values()},
        actions=50,
        staff={"clerk": {"count": 1, "at_once": 10_000, "skill": 0.5}},
        training={"course": {"who": "clerk", "day": 0, "backfill": True}},
    )
    logs = [day.log for day in lived(site)]
    found = []
    for (name, day), published in zip(when.items(), (0.62, 0.44, 0.34), strict=True):
        rate, half_width = hit_rate(logs[day])
        gain = float(ndtri(rate))
        found.append(
            Anchor(
                f"Transfer of training, {name}",
                "effect .62, half-time 15 months, skill .5; gain of what is done, in standard deviations",
                SAKS,
                "finding",
                published,
                gain,
                half_width / float(norm.pdf(gain)),
                0.005,
                RUN,
            )
        )
    return tuple(found)


def learning() -> tuple[Anchor, ...]:
    """A newcomer, one customer in each of 52 weeks; ten minutes of work for somebody experienced."""
    weeks = range(1, 53)
    site = crowd(
        {(7 * week, "09:00"): 1 for week in weeks},
        stages={"desk": {"staff": ["clerk"], "work": "10 min"}},
        staff={"clerk": {"count": 1, "tenure": "1 s"}},
        quality={"learning": {"exponent": 0.1252}},
    )
    minutes = [_minutes(day.log)[0] for day in lived(site) if len(day.log.number)]
    of = "learning exponent .1252, plateau 52 weeks, newcomer"
    return (
        Anchor(
            "Pace after a year / in the first week",
            of,
            DE_GRIP,
            "finding",
            1.64,
            minutes[0] / minutes[51],
            None,
            0.005,
            RUN,
        ),
        Anchor(
            "Pace in week 13 / in the first week",
            of,
            DE_GRIP + ", read as a power curve",
            "derived",
            1.38,
            minutes[0] / minutes[12],
            None,
            0.005,
            RUN,
        ),
        Anchor(
            "Mean time of the first year / experienced",
            of,
            DE_GRIP + ", read as a power curve",
            "derived",
            1.133,
            float(np.mean(minutes)) / 10,
            None,
            0.0005,
            RUN,
        ),
    )


def _minutes(log: object) -> list[float]:
    return ((log.ended_us - log.started_us) / 60e6).tolist()


def faster() -> tuple[Anchor, ...]:
    """Half of ten clerks are trained on day 0; the day after, twenty customers at once."""
    site = crowd(
        {(1, "09:00"): 20},
        stages={"desk": {"staff": ["clerk"], "work": "10 min"}},
        staff={"clerk": {"count": 10, "at_once": 2}},
        training={
            "course": {
                "who": "clerk",
                "share": 0.5,
                "day": 0,
                "effect": 0,
                "faster": 1.1,
                "spill": 0.051,
                "backfill": True,
            }
        },
    )
    minutes = sorted(_minutes(list(lived(site))[1].log))
    of = "faster 1.10, spill .051, half of the role trained; the day after"
    return (
        Anchor("Pace of the trained / before", of, RCT, "finding", 1.10, 10 / minutes[0], None, 0.001, RUN),
        Anchor("Pace of their colleagues / before", of, RCT, "finding", 1.025, 10 / minutes[-1], None, 0.001, RUN),
    )


def fatigue() -> tuple[Anchor, ...]:
    """A shift of twelve hours, looked at as it begins and as it ends."""
    site = crowd(
        {(0, "07:00"): 2000, (0, "19:00"): 2000},
        actions=50,
        staff={"clerk": {"count": 1, "at_once": 10_000, "skill": 0.43}},
        quality={"fatigue_per_hour": 0.0165},
    )
    log = next(lived(site)).log
    causes = log.causes[np.argsort(log.number[log.encounter], kind="stable")] & CAUSE_MASK
    found = []
    for name, part, published in (("start", causes[:2000], 0.43), ("end", causes[2000:], 0.35)):
        obtained, half_width = share(int((part == Cause.HIT).sum()), part.size)
        of = "fatigue .0165 per hour, skill .43"
        found.append(
            Anchor(
                f"Hand hygiene at the {name} of 12 hours",
                of,
                DAI,
                "finding",
                published,
                obtained,
                half_width,
                0.005,
                RUN,
            )
        )
    return tuple(found)


def audits() -> tuple[Anchor, ...]:
    """Adherence as it was without feedback; every service audited and told, or audited and not told."""

    def done(day: int = 0, **audit: object) -> tuple[float, float]:
        site = crowd(
            {(day, "09:00"): 2000},
            actions=50,
            staff={"clerk": {"count": 1, "at_once": 10_000, "adherence": 0.065}},
            management={"audit": {"share": 1, **audit}},
        )
        return hit_rate(list(lived(site))[day].log)

    def anchor(name: str, of: str, published: float, obtained: tuple[float, float], tolerance: float) -> Anchor:
        return Anchor(name, f"adherence .065; {of}", ARMELLINO, "finding", published, *obtained, tolerance, RUN)

    return (
        anchor("Hygiene audited, not told", "audit of all, no feedback", 0.065, done(feedback=False), 0.0005),
        anchor("Hygiene audited and told, first 16 weeks", "effect .80 (default)", 0.816, done(), 0.005),
        anchor(
            "Hygiene told, next 75 weeks", "effect .871, no fading", 0.879, done(effect=0.871, fade="never"), 0.0005
        ),
    )


def audits_fade() -> tuple[Anchor, ...]:
    """The middle of the 75 weeks that followed the first 16, by default."""
    middle = (16 + 75 // 2) * 7
    site = crowd(
        {(middle, "09:00"): 2000},
        actions=50,
        staff={"clerk": {"count": 1, "at_once": 10_000, "adherence": 0.065}},
        management={"audit": {"share": 1}},
    )
    obtained = hit_rate(list(lived(site))[middle].log)
    of = "adherence .065; effect .80, fading with a half-time of 24 months (defaults)"
    return (Anchor("Hygiene told, next 75 weeks", of, ARMELLINO, "finding", 0.879, *obtained, 0.0005, RUN),)


def coaching() -> tuple[Anchor, ...]:
    """A review at which four thousand people are coached."""
    site = crowd(
        {(0, "09:00"): 1, (1, "09:00"): 1},
        staff={"clerk": {"count": 4000}},
        review="1 d",
        management={"coaching": {"every": "1 d"}},
    )
    *_, after = lived(site)
    effects = np.array([person.coached for person in after.plan.state.people])
    of = "coaching of 4000 people, mean .41, spread .98"
    return (
        Anchor("Mean effect of coaching", of, KLUGER, "finding", 0.41, *figure(effects), 0.0, RUN),
        Anchor(
            "Share of people harmed by it",
            of,
            KLUGER + ": more than a third; spread from memory",
            "derived",
            0.338,
            *share(int((effects < 0).sum()), len(effects)),
            0.0005,
            RUN,
        ),
    )


def checks() -> tuple[Anchor, ...]:
    """Errors that reach customers with the check, against those of the same customers without it."""
    site = crowd(
        {(0, "09:00"): 3000},
        actions=1,
        each={"kind": "outcome", "dimension": "reliability", "checkable": True},
        stages={"desk": {"staff": ["clerk"], "work": 0, "error": {"probability": 0.11}}},
    )
    found = study(site, replications=10, seed=SEED, check={"management.self_check.share": 0.8})
    with_check = found.of("check", "error_rate")
    of = "errors 11 %, self-check of .80 that catches .46"
    return (
        Anchor("Complications with the checklist", of, HAYNES, "finding", 0.07, *figure(with_check), 0.0005, RUN),
        Anchor(
            "Complications with / without the checklist",
            of,
            HAYNES,
            "finding",
            0.63,
            *figure(with_check / found.of("base", "error_rate")),
            0.005,
            RUN,
        ),
    )


def causes() -> tuple[Anchor, ...]:
    """One customer a day, six hours into the shift, who meets fifty actions at a work pressure of 1.2."""
    site = crowd(
        {(day, "13:00"): 1 for day in range(400)},
        actions=50,
        each={"discretion": 0.5},
        staff={"clerk": {"count": 1, "skill": 0.88, "adherence": 0.95}},
        quality={"load": {"corner_cutting": 0.5, "reference": 1 / 1.2}, "fatigue_per_hour": 0.0165},
    )
    met = np.concatenate([day.log.causes.ravel() & CAUSE_MASK for day in lived(site)])
    published = {Cause.HIT: 0.71967, Cause.KNOWLEDGE: 0.12, Cause.WILLINGNESS: 0.044, Cause.LOAD: 0.03725}
    published[Cause.FATIGUE] = 0.07908
    return tuple(
        Anchor(
            f"Worked example of causes: {cause.name.lower()}",
            "skill .88, adherence .95, pressure 1.2, corner cutting .5, discretion .5, 6 h on shift",
            "computed from the model's equations",
            "derived",
            value,
            *share(int((met == cause).sum()), len(met)),
            0.00001,
            RUN,
        )
        for cause, value in published.items()
    )


def service_times() -> tuple[Anchor, ...]:
    """Median of a call, and the spread that customers of different clerks see."""
    calls = law_of(Shaped("lognormal", mean=188.0, cv=240.0 / 188.0))
    of = "Brown et al. 2005, from memory"
    site = crowd(
        {(0, "09:00"): 4000},
        actions=1,
        stages={"desk": {"staff": ["clerk"], "work": {"dist": "lognormal", "mean": "5 min", "cv": 0.5}}},
        staff={"clerk": {"count": 4000, "pace_cv": 0.2}},
    )
    squares = []
    for replication in range(20):
        minutes = np.array(_minutes(next(lived(site, replication)).log))
        squares.append((minutes.std() / minutes.mean()) ** 2)
    return (
        Anchor(
            "Median call, seconds",
            "lognormal, mean 188 s, sd 240 s",
            of,
            "recalled",
            116.0,
            calls.quantile(0.5),
            None,
            0.5,
            RULE,
        ),
        Anchor(
            "Squared spread of service over all clerks",
            "work cv .5, pace cv .20",
            "(1 + .5²)(1 + .2²) − 1",
            "derived",
            0.30,
            *figure(squares),
            0.0,
            RUN,
        ),
    )


# ---- Oliva and Sterman's lending centre


ALPHA, DOWN_WEEKS = 0.64, 18.83


def published_standard(orders: float, weeks: int, elasticity: float) -> list[float]:
    """Time given to an order, relative to the start, week by week: the published model, written out."""
    standard = [1.0]
    for _ in range(weeks):
        given = standard[-1] * (orders * standard[-1]) ** -elasticity
        standard.append(standard[-1] + (given - standard[-1]) * (1 - math.exp(-1 / DOWN_WEEKS)))
    return standard


def erosion_rule() -> tuple[Anchor, ...]:
    """The program's rule, week by week, for ten per cent more orders than there is time for, and then as many."""
    standard = 1.0
    for week in range(104):
        orders = 1.1 if week < 52 else 1.0
        given = standard * corner_cutting_factor(orders * standard, ALPHA, 1.0)
        standard = eroded(standard, given, 1.0, DOWN_WEEKS, float("inf"))
    of = "10 % more orders for a year, then a year as before; time constant 18.83 weeks, elasticity −.64"
    return (
        Anchor("Standard two years on", of, STERMAN, "derived", 1 - 0.075, standard, None, 0.0005, RULE),
        Anchor(
            "Time constant: left of a distance after 18.83 weeks",
            "a standard to which nothing is delivered",
            STERMAN,
            "derived",
            0.368,
            eroded(1.0, 0.0, DOWN_WEEKS, DOWN_WEEKS, float("inf")),
            None,
            0.0005,
            RULE,
        ),
    )


def erosion_run() -> tuple[Anchor, ...]:
    """A floor where an hour of small things is done for each order, one order a minute, ten per cent more than usual.

    Pressure is how many are in hand, which falls with what is skipped: an exponent of .64 to those in hand is an
    elasticity of .64 / 1.64 to the orders, with which the published model is run. With the elasticity of .64 to the
    orders the floor does not settle: what is skipped now relieves it an hour later, and too much. Mondays, 24 hours.
    """
    things, usual = 40, 60
    site = crowd(
        {(0, "09:00"): 1},
        actions=things,
        each={"time": f"{60 / things} min", "discretion": 1},
        calendar={"days": 7 * 53, "week": ["mon"], "open": "00:00", "close": "24:00"},
        review="1 wk",
        customers={"all": {"arrivals": {"interarrival": f"{60 / usual / 1.1} min"}, "start": "desk"}},
        staff={"clerk": {"count": 1, "at_once": 1000}},
        quality={"load": {"corner_cutting": ALPHA, "reference": (usual + 0.5) / 1000}},
        management={"erosion": {"down": f"{DOWN_WEEKS} wk", "up": "never"}},
    )
    runs = [_standards(site, replication) for replication in range(3)]
    published = published_standard(1.1, 52, ALPHA / (1 + ALPHA))
    return tuple(
        Anchor(
            f"Standard after {week} weeks of 10 % more orders, on a floor of 60 in hand",
            "exponent .64 to those in hand, elasticity .39 to the orders; time constant 18.83 weeks",
            STERMAN + ", with this elasticity",
            "derived",
            published[week],
            *figure([run[week] for run in runs]),
            0.002,
            RUN,
        )
        for week in (13, 26, 52)
    )


def _standards(site: dict, replication: int) -> list[float]:
    """The clerk's own standard, week by week."""
    by_week = {day.period: day.plan.state.people[0].standard for day in lived(site, replication)}
    return [by_week[week] for week in sorted(by_week)]
