"""What a scenario asks of a study, its limits and its precision, checked before anything is simulated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sim.errors import InputError, Problem, ScenarioError, did_you_mean, printable, there_are
from sim.study.cases import own_problems
from sim.study.keys import key_of, rows_by, text_of
from sim.study.limits.limits import Limit, limit_of
from sim.study.meanings import meaning
from sim.study.sensitivity.ranges import refusal
from sim.study.tallies.money import counts_money
from sim.study.tallies.rows import SCOPES, Key
from sim.study.worth import WORTH

if TYPE_CHECKING:
    from sim.scenario import Scenario


def check_asked(scenario: Scenario, cases: Sequence[Scenario] = ()) -> None:
    """Raise ScenarioError with all that is wrong in ``accept`` and ``precision.of``; see `problems_of`."""
    problems = problems_of(scenario, cases)
    if problems:
        raise ScenarioError(scenario.file, problems)


def problems_of(scenario: Scenario, cases: Sequence[Scenario] = ()) -> tuple[Problem, ...]:
    """Measures that do not exist or have no rows, bounds in a wrong unit or out of the measure's range, stages,
    segments and the like that no case has, ranges that are none, and policies that set what is one for all.

    ``cases``: the scenario under its policies; absent, the scenario as it is.
    """
    return tuple(_problems(scenario, cases or (scenario,)))


def _problems(scenario: Scenario, cases: Sequence[Scenario]) -> Iterator[Problem]:
    yield from own_problems(scenario)
    document = scenario._document
    for path, ends in scenario.uncertain.items():
        told = refusal(path, *ends)
        if told is not None:
            yield document.problem(("uncertain", path), told)
    of = () if scenario.precision is None else scenario.precision.of
    written: list[tuple[tuple[str, ...], str]] = [
        (("accept", str(place)), text) for place, text in enumerate(scenario.accept)
    ]
    written += [(("precision", "of", str(place)), text) for place, text in enumerate(of)]
    for keys, text in written:
        try:
            limit = limit_of(text) if keys[0] == "accept" else None
            key = key_of(text) if limit is None else limit.key
        except InputError as problem:
            yield document.problem(keys, str(problem))
            continue
        for message in (*unknown_names(key, cases), *out_of_range(limit)):
            yield document.problem(keys, message)


def out_of_range(limit: Limit | None) -> Iterator[str]:
    """What to tell of a limit that is kept always or never, whatever is simulated."""
    if limit is None:
        return
    unit, _, low, high, _ = meaning(limit.key.measure)
    bound, most, least = (limit.bound, high, low) if limit.below else (-limit.bound, -low, -high)
    never = bound < least or (bound == least and limit.strict)
    always = bound > most or (bound == most and not limit.strict)
    if never or always:
        what = "can never hold" if never else "always holds"
        upper = f"to {high:g}" if high < math.inf else "on"
        lies = f"at most {high:g}" if math.isinf(low) else f"from {low:g} {upper}"
        yield f"'{printable(limit.text)}' {what}: {limit.key.measure} is {lies} ({unit})"


def rows_asked(scenario: Scenario, more: Sequence[Key] = ()) -> tuple[str, ...]:
    """Which rows that are there on request alone, ``member`` and ``hour``, limits, precision and ``more`` need."""
    of = () if scenario.precision is None else scenario.precision.of
    keys = [*(limit_of(text).key for text in scenario.accept), *(key_of(text) for text in of), *more]
    return rows_by(keys)


def unknown_names(key: Key, cases: Sequence[Scenario]) -> Iterator[str]:
    """What to tell of a measure, or a name in its scope, that none of the cases has, as far as scenarios tell."""
    unit, by = meaning(key.measure).unit, meaning(key.measure).by
    if (key.measure in WORTH or unit.startswith("money")) and not any(map(counts_money, cases)):
        yield "there is no money in this scenario: give a wage, a fee or a margin"
    elif any(getattr(key, scope) is None for scope in by):
        yield _rows_such_as(key, cases)
    for scope, value in zip(SCOPES, key[1:], strict=True):
        known = [names_of(case, scope) for case in cases]
        if value is None or None in known or any(value in names for names in known if names is not None):
            continue
        choices = tuple(dict.fromkeys(name for names in known if names is not None for name in names))
        yield f"no {scope} '{printable(str(value))}'{did_you_mean(str(value), choices) or '; ' + there_are(choices)}"


def _rows_such_as(key: Key, cases: Sequence[Scenario]) -> str:
    """How to name a row of a measure that has none of the whole site."""
    by = meaning(key.measure).by
    for case in cases:
        names = {scope: names_of(case, scope) for scope in by}
        if all(names.values()):
            of = {scope: getattr(key, scope) or (known or ("",))[0] for scope, known in names.items()}
            if key.stage is None and of.get("action") in case.actions and "stage" in by:
                of["stage"] = case.actions[of["action"]].stage
            named = Key(**{**key._asdict(), **of})
            return f"it has rows by {' and '.join(by)} alone, such as {text_of(named)}"
    return f"it has rows by {' and '.join(by)} alone, of which there are none in this scenario"


def names_of(scenario: Scenario, scope: str) -> tuple[str, ...] | None:
    """What a scope may name in a scenario; None where only a simulation tells."""
    named: dict[str, Iterable[str]] = {
        "stage": scenario.stages,
        "segment": scenario.customers,
        "role": scenario.staff,
        "dimension": scenario.quality.dimension_weights,
        "action": scenario.actions,
        "event": scenario.training,
    }
    return tuple(named[scope]) if scope in named else None
