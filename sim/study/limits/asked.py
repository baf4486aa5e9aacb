"""What a scenario asks of a study, its limits and its precision, checked before anything is simulated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sim.errors import InputError, Problem, ScenarioError, did_you_mean, printable, there_are
from sim.study.keys import key_of
from sim.study.limits.limits import limit_of
from sim.study.tallies.rows import SCOPES, Key

if TYPE_CHECKING:
    from sim.scenario import Scenario


def check_asked(scenario: Scenario, cases: Sequence[Scenario] = ()) -> None:
    """Raise ScenarioError with all that is wrong in ``accept`` and ``precision.of``; see `problems_of`."""
    problems = problems_of(scenario, cases)
    if problems:
        raise ScenarioError(scenario.file, problems)


def problems_of(scenario: Scenario, cases: Sequence[Scenario] = ()) -> tuple[Problem, ...]:
    """Measures that do not exist, bounds in a wrong unit, and stages, segments and the like that no case has.

    ``cases``: the scenario under its policies; absent, the scenario as it is.
    """
    return tuple(_problems(scenario, cases or (scenario,)))


def _problems(scenario: Scenario, cases: Sequence[Scenario]) -> Iterator[Problem]:
    document = scenario._document
    of = () if scenario.precision is None else scenario.precision.of
    written: list[tuple[tuple[str, ...], str]] = [
        (("accept", str(place)), text) for place, text in enumerate(scenario.accept)
    ]
    written += [(("precision", "of", str(place)), text) for place, text in enumerate(of)]
    for keys, text in written:
        try:
            key = limit_of(text).key if keys[0] == "accept" else key_of(text)
        except InputError as problem:
            yield document.problem(keys, str(problem))
            continue
        for message in unknown_names(key, cases):
            yield document.problem(keys, message)


def rows_asked(scenario: Scenario) -> tuple[str, ...]:
    """Which rows, ``member`` or ``hour``, the limits and the precision need that are there on request alone."""
    of = () if scenario.precision is None else scenario.precision.of
    keys = [limit_of(text).key for text in scenario.accept] + [key_of(text) for text in of]
    return tuple(name for name in ("member", "hour") if any(getattr(key, name) is not None for key in keys))


def unknown_names(key: Key, cases: Sequence[Scenario]) -> Iterator[str]:
    """What to tell of each name in a measure's scope that none of the cases has, as far as scenarios tell."""
    for scope, value in zip(SCOPES, key[1:], strict=True):
        known = [names_of(case, scope) for case in cases]
        if value is None or None in known or any(value in names for names in known if names is not None):
            continue
        choices = tuple(dict.fromkeys(name for names in known if names is not None for name in names))
        yield f"no {scope} '{printable(str(value))}'{did_you_mean(str(value), choices) or '; ' + there_are(choices)}"


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
