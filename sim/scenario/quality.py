"""How quality comes about and is perceived: the parameters of the service-quality model."""

import math
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import model_validator

from sim.scenario.written import (
    SHARE,
    Duration,
    Factor,
    Findings,
    Flag,
    LongDuration,
    Number,
    Parse,
    Part,
    Positive,
    Schema,
    Share,
    Written,
    mapping,
    number,
    unknown_key,
    whole,
    whole_schema,
    wrong,
)

T = TypeVar("T")

DIMENSIONS = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")


def _by_dimension(parse_value: Parse[T], usual: Mapping[str, T]) -> Parse[dict[str, T]]:
    """Parser of a value for each dimension; absent ones take their usual one."""

    def parse(value: Any) -> dict[str, T]:
        found = Findings()
        result = dict(usual)
        for key, entry in mapping(value).items():
            if key not in usual:
                found.add(unknown_key(key, usual), key)
            else:
                result[key] = found.read(key, parse_value, entry)  # type: ignore[assignment]
        found.settle()
        return result

    return parse


def _weights(value: Any) -> dict[str, float]:
    weights = _by_dimension(number(0, 1), _WEIGHTS)(value)
    total = math.fsum(weights.values())
    if abs(total - 1) > 1e-9:
        raise wrong(f"weights sum to {total:.12g}, they must sum to 1 (absent ones take their default)")
    return weights


def _schema(schema: Schema) -> Schema:
    return {"type": "object", "properties": dict.fromkeys(DIMENSIONS, schema), "additionalProperties": False}


_WEIGHTS = dict(zip(DIMENSIONS, (0.11, 0.32, 0.22, 0.19, 0.16), strict=True))
_ITEMS = dict(zip(DIMENSIONS, (4, 5, 4, 4, 5), strict=True))
_items = _by_dimension(whole(1, 100), _ITEMS)


class Memory(Part):
    """What the remembered quality of an encounter is made of; the three sum to 1."""

    mean: Share = 0.50
    """Share of the average moment. Source: a default, after Alaybek et al. 2022."""
    peak: Share = 0.25
    """Share of the moment that stood out most. Source: a default, after Alaybek et al. 2022."""
    end: Share = 0.25
    """Share of the last moment. Source: a default, after Alaybek et al. 2022; none was found on the telephone by
    Verhoef et al. 2002."""

    @model_validator(mode="after")
    def _sum(self) -> "Memory":
        total = self.mean + self.peak + self.end
        if abs(total - 1) > 1e-9:
            raise wrong(f"mean, peak and end sum to {total:.12g}, they must sum to 1")
        return self


class PerceivedWait(Part):
    """Felt minutes = factor × minutes^exponent, with a spread between people."""

    factor: Factor = 1.541
    """Felt minutes of a wait of one minute. Unit: min^(1 − exponent). Source: computed from 158 s that felt like 221 s
    in Jones and Peppiatt 1996."""
    exponent: Annotated[
        float, Written(number(0, 10, above=True), {"type": "number", "exclusiveMinimum": 0, "maximum": 10})
    ] = 0.90
    """Below 1, short waits are overestimated most. Unit: exponent. Source: Eisler 1976, from memory."""
    sd: Positive = 0.35
    """Spread between people and visits. Unit: of the logarithm. Source: a default."""


class Loyalty(Part):
    """Chance of return = 1 / (1 + exp(−steepness × (satisfaction − midpoint)))."""

    steepness: Positive = 1.1945
    """How much the odds of return grow; 0.4 where customers have little choice. Unit: per scale point. Source: ln 6 /
    1.5, computed from Jones and Sasser 1995; of 0.4, a default."""
    midpoint: Number = 5.0
    """Satisfaction at which half come back. Unit: scale points. Source: a default."""
    drives_demand: Flag = False
    """Whether the mean chance of return, against that of the first period, moves demand. Not of appointments."""


class AfterMinor(Part):
    """Chance that a customer comes back after a minor problem, by what was done."""

    silent: Share = 0.37
    """She said nothing. Source: TARP, from memory."""
    unresolved: Share = 0.46
    """She spoke up in vain. Source: TARP, from memory."""
    resolved: Share = 0.70
    """She spoke up and it was resolved. Source: TARP, in Goodman."""
    quick: Share = 0.95
    """It was resolved quickly. Source: TARP, in Goodman."""


class AfterMajor(Part):
    """Chance that a customer comes back after a major problem, by what was done."""

    silent: Share = 0.09
    """She said nothing. Source: TARP, from memory."""
    unresolved: Share = 0.19
    """She spoke up in vain. Source: TARP, from memory."""
    resolved: Share = 0.54
    """She spoke up and it was resolved. Source: TARP, in Goodman."""
    quick: Share = 0.82
    """It was resolved quickly. Source: TARP, in Goodman."""


class Retention(Part):
    """What a problem does to the chance of return where the scenario has a recovery."""

    minor: AfterMinor = AfterMinor()
    """Of minor problems."""
    major: AfterMajor = AfterMajor()
    """Of major problems."""
    bonus: Share = 0.08
    """No problem ends with a chance of return above that of no problem by more than this. Source: resolved complainers,
    in Goodman."""
    paradox: Positive = 0.2
    """Satisfaction of a quick solution of a first problem, above that without the problem. Unit: scale points. Source:
    a default; de Matos et al. 2007 find the direction."""


def _one_or_each(parse_value: Parse[float], usual: Mapping[str, float]) -> Parse[dict[str, float]]:
    """Parser of one value for all dimensions, or of a value for each; absent ones take their usual one."""
    each = _by_dimension(parse_value, usual)

    def parse(value: Any) -> dict[str, float]:
        return each(value) if isinstance(value, dict) else dict.fromkeys(DIMENSIONS, parse_value(value))

    return parse


def _one_or_each_schema(schema: Schema) -> Schema:
    return {"anyOf": [schema, _schema(schema)]}


_AT_LEAST_0: Schema = {"type": "number", "minimum": 0}
_HALO = dict(zip(DIMENSIONS, (0.45, 0.56, 0.71, 0.70, 0.63), strict=True))
_NOISE = dict(zip(DIMENSIONS, (1.53, 1.24, 1.15, 0.95, 0.90), strict=True))


class Response(Part):
    """Who answers: logit of the chance = base + extreme × (satisfaction − 4)²/9 + unhappy if below 4."""

    base: Number = -1.1
    """Logit at indifference: 25 per cent answer. Source: a default."""
    extreme: Number = 0.8
    """Added at the ends of the scale. Source: a default; direction of Anderson 1998."""
    unhappy: Number = 0.3
    """Added where the customer is dissatisfied. Source: a default."""


class Survey(Part):
    """How latent quality becomes answers on a seven-point scale."""

    items: Annotated[dict[str, int], Written(_items, _schema(whole_schema(1)))] = _ITEMS
    """Questions asked in each dimension."""
    halo: Annotated[dict[str, float], Written(_one_or_each(number(0, 1), _HALO), _one_or_each_schema(SHARE))] = _HALO
    """Part of an answer that is satisfaction overall, not the dimension asked about: one for all, or by dimension.
    Source: fitted, with the spreads below, so that guests of the shipped hotel answer like the 411 customers of
    Bliemel et al. 2004 (data set SQ of the R package cSEM)."""
    leniency: Positive = 0.84
    """Spread between people of one shift in all their answers, in scale points. Source: as the halo, and the
    correlation of .4 between expected and perceived of 386 patients (PMC6131925)."""
    noise: Annotated[
        dict[str, float], Written(_one_or_each(number(0, 1e9), _NOISE), _one_or_each_schema(_AT_LEAST_0))
    ] = _NOISE
    """Spread of a single answer, in scale points: one for all, or by dimension. Source: as the halo."""
    overall_noise: Positive = 0.72
    """Spread of the answer on satisfaction overall, in scale points. Source: as the halo."""
    response: Response = Response()
    """Who answers at all."""


class Idle(Part):
    """Drift when there is little to do. Off unless said. Source: direction of Tan and Netessine 2014."""

    below: Factor = 0.7
    """Pressure below which people drift. Unit: work pressure. Source: a default."""
    willingness: Share = 1.0
    """Factor on willingness then; 0.97 where it is switched on. Source: of 0.97, a default; direction of Tan and
    Netessine 2014."""


class Overload(Part):
    """A kink where staff are busy for long. Off unless said. Source: tipping point of Kuntz et al. 2015."""

    above: Share = 0.925
    """Share of time busy above which more is missed. Source: tipping point of hospital wards, Kuntz et al. 2015."""
    over: Duration = 240.0
    """Looking back so long. Source: a default."""
    factor: Share = 1.0
    """Factor on every action's chance then; 0.9 where it is switched on. Source: of 0.9, a default."""


class Load(Part):
    """What work pressure does: corners are cut, work goes faster. Neutral unless said."""

    corner_cutting: Positive = 0.0
    """Exponent by which discretionary actions are skipped under pressure. Unit: exponent. Source: of the preset, a
    default; 0.64 after Oliva and Sterman 2001."""
    speed_up: Positive = 0.0
    """Exponent by which core work goes faster under pressure. Unit: exponent. Source: of the preset, a default; 0.64
    after Oliva and Sterman 2001."""
    reference: Factor = 0.85
    """Customers per member at which pressure is 1. Unit: customers per member. Source: a default."""
    low: Factor = 0.5
    """Least pressure. Unit: work pressure. Source: a default."""
    high: Factor = 2.0
    """Greatest pressure. Unit: work pressure. Source: a default."""
    idle: Idle = Idle()
    """What too little pressure does."""
    overload: Overload = Overload()
    """What lasting overload does."""

    @model_validator(mode="after")
    def _rising(self) -> "Load":
        if self.low > self.high:
            raise wrong(f"low {self.low:g} is above high {self.high:g}")
        return self


class Learning(Part):
    """Newcomers are slower: time × (weeks in the job / plateau)^−exponent. Neutral unless said."""

    exponent: Annotated[float, Written(number(0, 10), {"type": "number", "minimum": 0, "maximum": 10})] = 0.0
    """How steeply newcomers get faster. Unit: exponent. Source: of the preset, ln 1.64 / ln 52, computed from De Grip,
    Sauermann and Sieben 2016."""
    plateau: LongDuration = 524160.0
    """Time in the job after which nobody gets faster. Source: De Grip, Sauermann and Sieben 2016."""


class ErrorSize(Part):
    """How skill and work pressure change the chance of an error. Neutral unless said."""

    skill_effect: Positive = 0.0
    """Errors × exp(−this × knowledge above the reference). Unit: per point of the probit scale. Source: of the preset,
    a default."""
    load_effect: Positive = 0.0
    """Errors × pressure to this power. Unit: exponent. Source: of the preset, a default."""
    reference_skill: Annotated[
        float,
        Written(number(0.001, 0.999), {"type": "number", "minimum": 0.001, "maximum": 0.999}),
    ] = 0.88
    """Skill at which the stage's error probability holds. Source: a default."""


class Quality(Part):
    """The service-quality model. What changes the flow is neutral unless said."""

    dimension_weights: Annotated[dict[str, float], Written(_weights, _schema(SHARE))] = _WEIGHTS
    """How much each dimension matters; they sum to 1. Source: stated weights, Zeithaml, Parasuraman and Berry 1990,
    from memory."""
    loss_aversion: Positive = 1.955
    """A shortfall weighs so much more than an excess. Unit: factor. Source: Brown, Imai, Vieider and Camerer 2024, 607
    estimates: 1.820 to 2.102."""
    disconfirmation: Positive = 0.40
    """Weight of what was better or worse than expected. Unit: scale points per scale point. Source: a default; form of
    Anderson and Sullivan 1993."""
    memory: Memory = Memory()
    """What is remembered of an encounter."""
    perceived_wait: PerceivedWait = PerceivedWait()
    """How long a wait feels."""
    promise_inflation: Share = 0.30
    """Part of a promise above the expectation that raises it. Source: a default."""
    expectation_spread: Positive = 0.08
    """Spread of expectations between customers. Unit: share. Source: a default."""
    expectation_gain: Share = 0.0
    """How fast returning customers come to expect what they met, at each visit (`money.visits_per_year`); 0.30 where
    it is switched on. Source: of 0.30, a default; form of Boulding et al. 1993."""
    expectation_drift: Number = 0.0
    """Growth of every expected share, whatever is met. Unit: share per year."""
    loyalty: Loyalty = Loyalty()
    """Who comes back."""
    retention: Retention = Retention()
    """Who comes back after a problem."""
    survey: Survey = Survey()
    """What customers answer when they are asked."""
    load: Load = Load()
    """What work pressure does."""
    fatigue_per_hour: Share = 0.0
    """Hit rate lost per hour on shift. Source: of the preset, computed from Dai et al. 2015."""
    learning: Learning = Learning()
    """How experience makes people faster."""
    error: ErrorSize = ErrorSize()
    """What skill and work pressure do to errors."""
