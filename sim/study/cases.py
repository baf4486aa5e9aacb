"""Which scenarios are simulated side by side: the policies asked for, levers set on top; the first is the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError, ScenarioError, did_you_mean, there_are

if TYPE_CHECKING:
    from sim.scenario import Scenario

AS_IS = "as_is"
"""What the only policy of a scenario without policies is called."""
ALL = "all"

Levers = Mapping[str, Any]


class Case(NamedTuple):
    """One policy: its name and the scenario under it, all levers set."""

    name: str
    scenario: Scenario
    words: tuple[str, ...]  # after `sim run`: what simulates this case alone


def parse_policy(text: str) -> tuple[str, dict[str, Any] | None]:
    """Name and levers of ``name`` or ``name: PATH=VALUE; PATH=VALUE``; None where it only names one.

    InputError where the levers are no settings.
    """
    from sim.scenario import parse_setting

    name, colon, written = text.partition(":")
    name = name.strip()
    if not colon:
        return name, None
    levers: dict[str, Any] = {}
    for part in filter(str.strip, written.split(";")):
        path, value = parse_setting(part)
        if path in levers:
            raise InputError(f"policy '{name}': {path} is given twice")
        levers[path] = value
    if not name or not levers:
        raise InputError(f"'{text.strip()[:60]}' is no policy; write name: PATH=VALUE; PATH=VALUE")
    return name, levers


class Wishes(NamedTuple):
    """The policies that somebody asked for."""

    scenario: Scenario  # with those policies added that were written out
    names: tuple[str, ...]  # in the order of asking; none where nothing was asked
    own: Mapping[str, Levers]  # those written out


def wishes_of(scenario: Scenario, wishes: Sequence[str] | str | None) -> Wishes:
    """Read names of policies, and policies written out as ``name: PATH=VALUE``; ``"all"`` is every one of the file.

    InputError where there is no such policy, or one of that name already; ScenarioError where levers will not do.
    """
    known = scenario.policy_names or (AS_IS,)
    if wishes is None:
        return Wishes(scenario, (), {})
    if wishes == ALL:
        return Wishes(scenario, known, {})
    texts = [wishes] if isinstance(wishes, str) else list(wishes)
    parsed = [(text, None) if text in known else parse_policy(str(text)) for text in texts]
    own = {name: levers for name, levers in parsed if levers is not None}
    for name, levers in parsed:
        if levers is None and name not in known:
            raise InputError(f"no policy '{name}'{did_you_mean(name, known)}; {there_are(known)}")
        if levers is not None and name in known:
            raise InputError(f"there is a policy '{name}' already; give yours another name")
    if own:
        scenario = scenario.with_policies(own if scenario.policies else {AS_IS: {}, **own})
    return Wishes(scenario, tuple(dict.fromkeys(name for name, _ in parsed)), own)


def cases_of(wishes: Wishes, levers: Levers | None = None) -> tuple[Case, ...]:
    """The scenario under each of the policies named, with the levers set on top."""
    return tuple(_case(wishes, name, levers or {}) for name in wishes.names)


def _case(wishes: Wishes, name: str, levers: Levers) -> Case:
    scenario = wishes.scenario
    under = scenario.with_policy(name) if name in scenario.policy_names else scenario
    settings = tuple(f"--set={_setting(path, value)}" for path, value in levers.items())
    written = "; ".join(_setting(path, value) for path, value in wishes.own.get(name, {}).items())
    words = (scenario.file, *settings, "--policy", f"{name}: {written}" if written else name)
    return Case(name, under.with_levers(levers) if levers else under, words)


def _setting(path: str, value: Any) -> str:
    import json

    return f"{path}={json.dumps(value, ensure_ascii=False)}"


def base_of(scenario: Scenario, cases: Sequence[Case], levers: Levers | None) -> Scenario:
    """The scenario itself with the levers; where they set what only policies have, the first policy's."""
    if not levers:
        return scenario
    try:
        return scenario.with_levers(levers)
    except ScenarioError:
        return cases[0].scenario


def unlike(cases: Sequence[Case]) -> tuple[str, ...]:
    """Warnings of cases that simulate another length of time than the first: their counts and money do not compare."""
    if not cases:
        return ()

    def spans(case: Case) -> dict[str, Any]:
        scenario = case.scenario
        return {
            "calendar.days": scenario.calendar.days,
            "calendar.warm_up": scenario.calendar.warm_up,
            "review": scenario.review,
        }

    first, told = spans(cases[0]), []
    for case in cases[1:]:
        other = [path for path, value in spans(case).items() if value != first[path]]
        if other:
            told.append(
                f"{case.name} has another {' and another '.join(other)} than {cases[0].name}: "
                "counts and money of the two do not compare"
            )
    return tuple(told)
