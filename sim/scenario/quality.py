"""How quality comes about and is perceived: the parameters of the service-quality model."""

import math
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import model_validator

from sim.scenario.written import (
    SHARE,
    Factor,
    Findings,
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
    """The average moment."""
    peak: Share = 0.25
    """The moment that stood out most."""
    end: Share = 0.25
    """The last moment."""

    @model_validator(mode="after")
    def _sum(self) -> "Memory":
        total = self.mean + self.peak + self.end
        if abs(total - 1) > 1e-9:
            raise wrong(f"mean, peak and end sum to {total:.12g}, they must sum to 1")
        return self


class PerceivedWait(Part):
    """Felt minutes = factor × minutes^exponent, with a spread between people."""

    factor: Factor = 1.541
    exponent: Annotated[
        float, Written(number(0, 10, above=True), {"type": "number", "exclusiveMinimum": 0, "maximum": 10})
    ] = 0.90
    sd: Positive = 0.35
    """Of the logarithm."""


class Loyalty(Part):
    """Chance of return = 1 / (1 + exp(−steepness × (satisfaction − midpoint)))."""

    steepness: Positive = 1.1945
    midpoint: Number = 5.0


class Response(Part):
    """Who answers: logit of the chance = base + extreme × (satisfaction − 4)²/9 + unhappy if below 4."""

    base: Number = -1.1
    extreme: Number = 0.8
    unhappy: Number = 0.3


class Survey(Part):
    """How latent quality becomes answers on a seven-point scale."""

    items: Annotated[dict[str, int], Written(_items, _schema(whole_schema(1)))] = _ITEMS
    """Questions asked in each dimension."""
    halo: Share = 0.30
    """Part of every answer that is the overall impression."""
    leniency: Positive = 0.60
    """Spread between people of one shift in all their answers, in scale points."""
    noise: Positive = 1.0
    """Spread of a single answer, in scale points."""
    response: Response = Response()


class Load(Part):
    """What work pressure does: corners are cut, work goes faster. Neutral unless said."""

    corner_cutting: Positive = 0.0
    """Exponent by which discretionary actions are skipped under pressure."""
    speed_up: Positive = 0.0
    """Exponent by which core work goes faster under pressure."""
    reference: Factor = 0.85
    """Customers per member at which pressure is 1."""
    low: Factor = 0.5
    """Least pressure."""
    high: Factor = 2.0
    """Greatest pressure."""

    @model_validator(mode="after")
    def _rising(self) -> "Load":
        if self.low > self.high:
            raise wrong(f"low {self.low:g} is above high {self.high:g}")
        return self


class Learning(Part):
    """Newcomers are slower: time × (weeks in the job / plateau)^−exponent. Neutral unless said."""

    exponent: Annotated[float, Written(number(0, 10), {"type": "number", "minimum": 0, "maximum": 10})] = 0.0
    plateau: LongDuration = 524160.0
    """Time in the job after which nobody gets faster."""


class ErrorSize(Part):
    """How skill and work pressure change the chance of an error. Neutral unless said."""

    skill_effect: Positive = 0.0
    load_effect: Positive = 0.0
    reference_skill: Annotated[
        float,
        Written(number(0.001, 0.999), {"type": "number", "minimum": 0.001, "maximum": 0.999}),
    ] = 0.88
    """Skill at which the stage's error probability holds."""


class Quality(Part):
    """The service-quality model. What changes the flow is neutral unless said."""

    dimension_weights: Annotated[dict[str, float], Written(_weights, _schema(SHARE))] = _WEIGHTS
    """How much each dimension matters; they sum to 1."""
    loss_aversion: Positive = 1.955
    """A shortfall weighs so much more than an excess."""
    disconfirmation: Positive = 0.40
    """Weight of what was better or worse than expected."""
    memory: Memory = Memory()
    perceived_wait: PerceivedWait = PerceivedWait()
    promise_inflation: Share = 0.30
    """Part of a promise above the expectation that raises it."""
    expectation_spread: Positive = 0.08
    """Spread of expectations between customers."""
    loyalty: Loyalty = Loyalty()
    survey: Survey = Survey()
    load: Load = Load()
    fatigue_per_hour: Share = 0.0
    """Hit rate lost per hour on shift."""
    learning: Learning = Learning()
    error: ErrorSize = ErrorSize()
