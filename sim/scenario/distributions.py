"""The laws by which durations and numbers vary from one time to the next."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal, TypeAlias

from sim.scenario.by_time import CLOCK_PATTERN, ByTime, clocked, is_by_time
from sim.scenario.written import (
    Findings,
    Parse,
    Schema,
    Written,
    duration,
    listed,
    number,
    one_of,
    shared,
    unknown_key,
    whole,
    wrong,
)

SMALLEST_SHAPE = 0.05
"""Below it gamma and beta laws are refused: nearly all of their draws would round to an end."""
GAMMA_MOST_CV = 4.47
"""The cv of a gamma law of the smallest shape, a little rounded down."""

# Parameters are minutes for durations, else plain numbers. Optional ones are None when absent.


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same value; math.inf stands for ``never``."""

    value: float
    dist: Literal["constant"] = "constant"


@dataclass(frozen=True, slots=True)
class Exponential:
    """Exponential with that mean (> 0)."""

    mean: float
    dist: Literal["exponential"] = "exponential"


@dataclass(frozen=True, slots=True)
class Shaped:
    """Lognormal, gamma or Weibull: mean with cv or sd of the value itself, or p50 with p95."""

    dist: Literal["lognormal", "gamma", "weibull"]
    mean: float | None = None
    cv: float | None = None
    sd: float | None = None
    p50: float | None = None
    p95: float | None = None


@dataclass(frozen=True, slots=True)
class Erlang:
    """Sum of ``k`` exponentials, with that mean."""

    mean: float
    k: int
    dist: Literal["erlang"] = "erlang"


@dataclass(frozen=True, slots=True)
class Uniform:
    """Uniform between ``low`` and ``high``."""

    low: float
    high: float
    dist: Literal["uniform"] = "uniform"


@dataclass(frozen=True, slots=True)
class Triangular:
    """Triangular, with its most likely value."""

    low: float
    mode: float
    high: float
    dist: Literal["triangular"] = "triangular"


@dataclass(frozen=True, slots=True)
class Normal:
    """Normal(mean, sd) truncated to [low, high]; an open end is None (for durations ``low`` is 0)."""

    mean: float
    sd: float
    low: float | None = None
    high: float | None = None
    dist: Literal["normal"] = "normal"


@dataclass(frozen=True, slots=True)
class Beta:
    """Beta on [low, high] with that mean and standard deviation."""

    low: float
    high: float
    mean: float
    sd: float
    dist: Literal["beta"] = "beta"


@dataclass(frozen=True, slots=True)
class Mixture:
    """One of the laws of ``of``, chosen with the probabilities ``weights``."""

    of: tuple["Distribution", ...]
    weights: tuple[float, ...]
    dist: Literal["mixture"] = "mixture"


@dataclass(frozen=True, slots=True)
class Empirical:
    """One of the observed values; ``weights`` (positive, any sum) is None where all weigh the same."""

    values: tuple[float, ...]
    weights: tuple[float, ...] | None = None
    dist: Literal["empirical"] = "empirical"


@dataclass(frozen=True, slots=True)
class Timed:
    """The law in force by time of day: pairs (minute from midnight, law), looked up on joining."""

    pairs: tuple[tuple[int, "Distribution"], ...]
    dist: Literal["by_time"] = "by_time"

    def at(self, minute: float) -> "Distribution":
        """The law in force at that minute of the day."""
        return ByTime(self.pairs).at(minute)


Distribution: TypeAlias = (
    Constant | Exponential | Shaped | Erlang | Uniform | Triangular | Normal | Beta | Mixture | Empirical | Timed
)


@dataclass(frozen=True, slots=True)
class Values:
    """What kind of value a law gives: how one is read, whether it may be negative, what schema it has."""

    read: Parse[float]
    spread: Parse[float]
    above: Parse[float]
    least: float
    wild: Parse[float]


_MINUTES = Values(duration(), duration(), duration(above=True), 0.0, duration())
_PATIENCE = Values(duration(never=True), duration(), duration(above=True), 0.0, duration())
_SIGNED = Values(duration(-math.inf), duration(), duration(above=True), -math.inf, duration(-math.inf))
_COUNTS = Values(number(0, 1e6), number(0, 1e6), number(0, 1e6, above=True), 0.0, number(0, 1e6))

# For each law its class, then its parameters and how each is read ("?" marks an optional one).
_LAWS: dict[str, tuple[Callable[..., Any], dict[str, str]]] = {
    "constant": (Constant, {"value": "read"}),
    "exponential": (Exponential, {"mean": "above"}),
    **{
        shape: (
            partial(Shaped, shape),
            {"mean": "above?", "cv": "cv?", "sd": "spread?", "p50": "above?", "p95": "above?"},
        )
        for shape in ("lognormal", "gamma", "weibull")
    },
    "erlang": (Erlang, {"mean": "above", "k": "k"}),
    "uniform": (Uniform, {"low": "wild", "high": "wild"}),
    "triangular": (Triangular, {"low": "wild", "mode": "wild", "high": "wild"}),
    "normal": (Normal, {"mean": "wild", "sd": "spread", "low": "wild?", "high": "wild?"}),
    "beta": (Beta, {"low": "wild", "high": "wild", "mean": "wild", "sd": "spread"}),
    "mixture": (Mixture, {"of": "of", "weights": "weights"}),
    "empirical": (Empirical, {"values": "values", "weights": "any_weights?"}),
}
LAWS = (*_LAWS, "by_time")


def distribution(values: Values) -> Parse[Distribution]:
    """Parser of a law over such values: a bare value is constant, else a mapping with ``dist``."""

    def parse(value: Any) -> Distribution:
        if not isinstance(value, dict):
            return Constant(values.read(value))
        if "dist" not in value:
            raise wrong(f"'dist' is missing; there are {', '.join(LAWS)}")
        found = Findings()
        law = found.read("dist", one_of(*LAWS), value["dist"])
        found.settle()
        rest = {key: entry for key, entry in value.items() if key != "dist"}
        return _timed(rest, parse) if law == "by_time" else _law(str(law), rest, values, parse)

    return parse


def _timed(entries: Mapping[str, Any], parse: Parse[Distribution]) -> Distribution:
    if not is_by_time(entries):
        raise wrong('no law by time of day; write "HH:MM": law pairs beside dist')
    return Timed(clocked(entries.items(), _untimed(parse)))


def _untimed(parse: Parse[Distribution]) -> Parse[Distribution]:
    def parse_untimed(value: Any) -> Distribution:
        law = parse(value)
        if isinstance(law, Timed):
            raise wrong("a law by time of day cannot stand inside another law")
        return law

    return parse_untimed


def _law(law: str, entries: Mapping[str, Any], values: Values, parse: Parse[Distribution]) -> Distribution:
    make, parameters = _LAWS[law]
    found = Findings()
    given = {}
    for key, entry in entries.items():
        if key in parameters:
            given[key] = found.read(key, _reader(parameters[key].rstrip("?"), values, parse), entry)
        else:
            found.add(unknown_key(key, parameters), key)
    for key, kind in parameters.items():
        if key not in entries and not kind.endswith("?"):
            found.add(f"{law} needs '{key}'")
    found.settle()
    made: Distribution = make(**given)
    if law == "normal" and made.low is None and values.least == 0:  # type: ignore[union-attr]
        made = Normal(given["mean"], given["sd"], 0.0, given.get("high"))  # type: ignore[arg-type]
    fault = _fault(made)
    if fault:
        raise wrong(fault)
    return made


def _reader(kind: str, values: Values, parse: Parse[Distribution]) -> Parse[Any]:
    readers: dict[str, Parse[Any]] = {
        "read": values.read,
        "spread": values.spread,
        "above": values.above,
        "wild": values.wild,
        "cv": number(0, 1000),
        "k": whole(1, 1000),
        "of": listed(_untimed(parse), 1),
        "weights": listed(number(0, 1), 1),
        "values": listed(values.wild, 1),
        "any_weights": listed(number(0, 1e12), 1),
    }
    return readers[kind]


def _fault(law: Distribution) -> str:
    """What is impossible about the parameters taken together, or nothing."""
    match law:
        case Shaped():
            return _shaped_fault(law)
        case Uniform(low, high) if low > high:
            return f"low {low:g} is above high {high:g}"
        case Triangular(low, mode, high) if not low <= mode <= high:
            return f"low {low:g}, mode {mode:g}, high {high:g} are not in rising order"
        case Normal():
            return _normal_fault(law)
        case Beta():
            return _beta_fault(law)
        case Mixture(of, weights):
            if len(of) != len(weights):
                return f"{len(of)} laws but {len(weights)} weights; write one weight for each"
            total = math.fsum(weights)
            return "" if abs(total - 1) <= 1e-9 else f"weights sum to {total:.12g}, they must sum to 1"
        case Empirical(values, weights) if weights is not None:
            if len(values) != len(weights):
                return f"{len(values)} values but {len(weights)} weights; write one weight for each"
            return "" if math.fsum(weights) > 0 else "all weights are 0; at least one must be above 0"
    return ""


def _shaped_fault(law: Shaped) -> str:
    given = {key for key in ("mean", "cv", "sd", "p50", "p95") if getattr(law, key) is not None}
    if given not in ({"mean", "cv"}, {"mean", "sd"}, {"p50", "p95"}):
        got = ", ".join(sorted(given)) or "nothing"
        return f"{law.dist} needs mean and cv, or mean and sd, or p50 and p95; got {got}"
    if law.p50 is not None and law.p95 is not None and law.p50 >= law.p95:
        return f"p50 {law.p50:g} is not below p95 {law.p95:g}"
    if law.mean and law.sd is not None and law.sd > 1000 * law.mean:
        return f"sd {law.sd:g} is more than 1000 times the mean {law.mean:g}"
    if law.dist == "weibull" and law.mean and not _in_weibull_range(law):
        return "a Weibull law has a cv from 0.01 to 100; 0 would be constant"
    if law.dist == "gamma" and law.mean and _cv(law) > GAMMA_MOST_CV:
        return f"a gamma law has a cv of {GAMMA_MOST_CV:g} at most; a lognormal one may spread wider"
    return ""


def _in_weibull_range(law: Shaped) -> bool:
    cv = _cv(law)
    return cv == 0 or 0.01 <= cv <= 100


def _cv(law: Shaped) -> float:
    return law.cv if law.cv is not None else (law.sd or 0.0) / (law.mean or 1.0)


def _normal_fault(law: Normal) -> str:
    low = -math.inf if law.low is None else law.low
    high = math.inf if law.high is None else law.high
    if low > high:
        return f"low {low:g} is above high {high:g}"
    if law.sd == 0:
        return "" if low <= law.mean <= high else "with sd 0 the mean must lie between low and high"
    # Beyond 8 standard deviations next to nothing of the law is left to draw from.
    if law.mean + 8 * law.sd < low or law.mean - 8 * law.sd > high:
        return f"low {low:g} to high {high:g} lies more than 8 sd away from the mean {law.mean:g}"
    return ""


def _beta_fault(law: Beta) -> str:
    if not law.low < law.mean < law.high:
        return f"the mean {law.mean:g} must lie between low {law.low:g} and high {law.high:g}"
    most = math.sqrt((law.mean - law.low) * (law.high - law.mean))
    if not 0 < law.sd < most:
        return f"sd {law.sd:g} is impossible there; with this mean it must lie above 0 and below {most:.4g}"
    # Both shapes of the law, mean × total and (1 - mean) × total on the unit interval, must be computable.
    total = (most / law.sd) ** 2 - 1
    share = (law.mean - law.low) / (law.high - law.low)
    if min(share, 1 - share) * total < SMALLEST_SHAPE:
        return f"sd {law.sd:g} leaves nearly everything at the two ends; a smaller one would do"
    return ""


def has_dist(value: Any) -> bool:
    """Whether a written value is a mapping that names a law."""
    return isinstance(value, dict) and "dist" in value


parse_minutes = distribution(_MINUTES)
parse_patience = distribution(_PATIENCE)
MinutesLaw = Annotated[Distribution, Written(parse_minutes, shared("minutes_law"))]
SignedMinutesLaw = Annotated[Distribution, Written(distribution(_SIGNED), shared("signed_minutes_law"))]
CountLaw = Annotated[Distribution, Written(distribution(_COUNTS), shared("count_law"))]


def law_schema(value: Schema, law: Schema) -> Schema:
    """JSON Schema of a law over values written as ``value``; ``law`` is the schema of a nested one."""
    kinds: dict[str, Schema] = {
        "read": value,
        "spread": value,
        "above": value,
        "wild": value,
        "cv": {"type": "number", "minimum": 0},
        "k": {"type": "integer", "minimum": 1},
        "of": {"type": "array", "items": law, "minItems": 1},
        "weights": {"type": "array", "items": {"type": "number", "minimum": 0, "maximum": 1}, "minItems": 1},
        "values": {"type": "array", "items": value, "minItems": 1},
        "any_weights": {"type": "array", "items": {"type": "number", "minimum": 0}, "minItems": 1},
    }
    forms: list[Schema] = [value]
    for dist, (_, parameters) in _LAWS.items():
        needed = ["dist", *(key for key, kind in parameters.items() if not kind.endswith("?"))]
        properties = {key: kinds[kind.rstrip("?")] for key, kind in parameters.items()}
        forms.append(_law_form(dist, properties, needed))
    table = {"type": "string"}
    forms.append(_law_form("empirical", {"file": table, "column": table}, ["dist", "file", "column"]))
    timed = _law_form("by_time", {}, ["dist"])
    forms.append({**timed, "patternProperties": {CLOCK_PATTERN: law}, "minProperties": 2})
    return {"anyOf": forms}


def _law_form(dist: str, properties: Schema, needed: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": {"dist": {"const": dist}, **properties},
        "required": needed,
        "additionalProperties": False,
    }
