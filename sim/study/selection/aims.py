"""What a selection is to look for, checked: the best by a measure, or the least cost within limits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import InputError, did_you_mean, there_are
from sim.study.cases import Case
from sim.study.keys import key_of, text_of
from sim.study.limits.asked import check_asked, out_of_range, unknown_names
from sim.study.limits.limits import Limit, limit_of, limits_of
from sim.study.meanings import DEPENDS, HIGH, LOW, meaning
from sim.study.tallies.rows import Key
from sim.study.worth import COSTS, WORTH

if TYPE_CHECKING:
    from sim.scenario import Scenario

METHODS = ("kn", "rinott", "ocba")
CHEAPEST = "cheapest"
COST_KEYS = tuple(map(Key, COSTS))
_EXAMPLES = {"minutes": "'30 s'", "share": "1%", "chance": "1%", "money": "100", "count": "5", "hours": "1"}


class Aim(NamedTuple):
    """What is looked for."""

    keys: tuple[Key, ...]  # a measure, or costs that add up; none: the usual costs, as far as the scenario has them
    sign: int
    limits: tuple[Limit, ...]
    method: str
    delta: float

    @property
    def what(self) -> str:
        """The measure or cost in a word."""
        return " + ".join(map(text_of, self.keys))

    @property
    def unit(self) -> str:
        """That of the measure or cost."""
        return meaning(self.keys[0].measure).unit


def aim_of(
    scenario: Scenario,
    cases: Sequence[Case],
    measure: str | None,
    best: str | None,
    delta: float | str | None,
    limits: Sequence[str] | str | None,
    cost: str | Sequence[str] | None,
    method: str | None,
) -> Aim:
    """Read what was asked of `select`. InputError where it makes no sense."""
    if measure is not None:
        if limits or cost:
            raise InputError("choose by a measure, or the cheapest within limits: not both")
        aim = _aim_of_measure(key_of(measure), best, delta, method, len(cases))
    else:
        texts = [limits] if isinstance(limits, str) else list(limits or scenario.accept)
        if not texts:
            raise InputError(
                "say what is best: a measure (--measure satisfaction), or limits to keep at the least cost "
                "(--limit 'wait_p90 < 10 min')"
            )
        if method is not None or best is not None:
            raise InputError("a method and high or low are for choosing by a measure; limits need neither")
        if not limits:
            check_asked(scenario, [case.scenario for case in cases])
        aim = _aim_of_limits(limits_of(texts), cost, delta)
    for problem in (told for limit in aim.limits for told in out_of_range(limit)):
        raise InputError(problem)
    for key in (*aim.keys, *(limit.key for limit in aim.limits)):
        if key.measure in WORTH:
            raise InputError(f"{key.measure} compares a policy with the first; choose by a measure of each by itself, "
                             "such as profit")  # fmt: skip
        for problem in unknown_names(key, [case.scenario for case in cases]):
            raise InputError(f"{text_of(key)}: {problem}")
    return aim


def _aim_of_measure(key: Key, best: str | None, delta: float | str | None, method: str | None, policies: int) -> Aim:
    name = method or "kn"
    if name not in METHODS:
        raise InputError(f"no method '{name}'{did_you_mean(str(name), METHODS)}; {there_are(METHODS)}")
    if best not in (None, "high", "low"):
        raise InputError(f"best: '{best}' is neither high nor low")
    good = meaning(key.measure).good
    sign = {"high": HIGH, "low": LOW, None: good}[best]
    if sign == DEPENDS:
        raise InputError(f"{key.measure} is good neither high nor low by itself; say which: --best high or --best low")
    if policies < 2:
        raise InputError(
            "there is one policy only; to choose, add others to the file or by --policy 'name: PATH=VALUE'"
        )
    if delta is None and name != "ocba":
        unit = meaning(key.measure).unit
        raise InputError(
            f"say which difference in {key.measure} would not matter to you, in {_units(unit)}: for example --delta "
            f"{_EXAMPLES.get(unit, '0.1')}; the smaller it is, the more replications it takes"
        )
    width = 0.0 if delta is None else _delta(key, delta)
    if width <= 0 and name != "ocba":
        raise InputError(f"delta must be more than 0, not {delta}")
    return Aim((key,), sign, (), name, width)


def _units(unit: str) -> str:
    return f"{unit}s" if unit in ("share", "chance") else unit


def _aim_of_limits(limits: tuple[Limit, ...], cost: str | Sequence[str] | None, delta: float | str | None) -> Aim:
    names = (cost,) if isinstance(cost, str) else tuple(cost or ())
    keys = tuple(map(key_of, names))
    units = {meaning(key.measure).unit for key in keys}
    if len(units) > 1:
        raise InputError(f"costs that add up are in one unit; these are in {', '.join(sorted(units))}")
    width = 0.0 if delta is None else _delta(keys[0] if keys else COST_KEYS[0], delta)
    if width < 0:
        raise InputError(f"delta must be 0 or more, not {delta}")
    return Aim(keys, LOW, limits, CHEAPEST, width)


def _delta(key: Key, delta: float | str) -> float:
    """A difference in the measure's own unit."""
    try:
        width = limit_of(f"{key.measure} < {delta}").bound
    except InputError as problem:
        raise InputError(f"delta: {problem}") from None
    if not math.isfinite(width):
        raise InputError(f"delta: {delta} is not a number")
    return width


def confidence_of(confidence: float | str) -> float:
    """A share above one half: 0.95, or ``95%``. InputError where it is none."""
    text = str(confidence).strip()
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = math.nan
    if not 0.5 < value < 1:
        raise InputError(f"confidence {text} must be a share between 50% and 100%, for example 95%")
    return value
