"""Which scenarios are simulated side by side: the policies asked for, levers set on top; the first is the baseline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError, Problem, ScenarioError, did_you_mean, there_are

if TYPE_CHECKING:
    from sim.scenario import Scenario

AS_IS = "as_is"
"""What the only policy of a scenario without policies is called."""
ALL = "all"

Levers = Mapping[str, Any]

_OF_ALL_POLICIES = {
    "seed": "one for all policies, which meet the same customers; set it by --seed, or at the top of the file",
    "replications": "one number for all policies; set it by -n, or at the top of the file",
}
_COLON = re.compile("[:：]")
_PIECE = re.compile(r""""(?:\\.|[^"\\])*"|'(?:[^']|'')*'|.""", re.DOTALL)  # a text in quotes is one


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

    name, *written = (part.strip() for part in _COLON.split(text, maxsplit=1))
    if not written:
        return name, None
    levers: dict[str, Any] = {}
    for part in filter(str.strip, _settings(written[0])):
        try:
            path, value = parse_setting(part)
        except InputError as problem:
            raise InputError(f"policy '{name}': {problem}") from None
        if path in levers:
            raise InputError(f"policy '{name}': {path} is given twice")
        levers[path] = value
    if not name or not levers:
        raise InputError(f"'{text.strip()[:60]}' is no policy; write name: PATH=VALUE; PATH=VALUE")
    return name, levers


def _settings(written: str) -> Iterator[str]:
    """The parts between semicolons, other than those in quotes or brackets."""
    found, depth = "", 0
    for piece in _PIECE.findall(written):
        depth += (piece in "[{") - (piece in "]}")
        if piece in ";；" and depth <= 0:
            yield found
            found = ""
        else:
            found += piece
    yield found


class Wishes(NamedTuple):
    """The policies that somebody asked for."""

    scenario: Scenario  # with those policies added that were written out
    names: tuple[str, ...]  # in the order of asking; none where nothing was asked
    own: Mapping[str, Levers]  # those written out


def wishes_of(scenario: Scenario, wishes: Sequence[str] | str | None) -> Wishes:
    """Read names of policies, and policies written out as ``name: PATH=VALUE``; ``"all"`` is every one of the file.

    InputError where there is no such policy, or one of that name already; ScenarioError where levers will not do.
    """
    wrong = own_problems(scenario)
    if wrong:
        raise ScenarioError(scenario.file, wrong)
    known = scenario.policy_names or (AS_IS,)
    if wishes is None:
        return Wishes(scenario, (), {})
    if wishes == ALL:
        return Wishes(scenario, known, {})
    texts = [wishes] if isinstance(wishes, str) else list(wishes)
    parsed = [(text, None) if text in known else parse_policy(str(text)) for text in texts]
    own: dict[str, Levers] = {}
    for name, levers in parsed:
        if levers is None and name not in known:
            raise InputError(f"no policy '{name}'{did_you_mean(name, known)}; {there_are(known)}")
        if levers is not None and name in known:
            raise InputError(f"there is a policy '{name}' already; give yours another name")
        if levers is not None and name in own:
            raise InputError(f"policy '{name}' is written out twice; give each a name of its own")
        own |= {} if levers is None else {name: levers}
    names = tuple(dict.fromkeys(name for name, _ in parsed))
    return Wishes(_with_own(scenario, own) if own else scenario, names, own)


def _with_own(scenario: Scenario, own: Mapping[str, Levers]) -> Scenario:
    """The scenario with the policies written out; what is wrong is told of them, not of the file."""
    wrong = {name: [f"{path}: {told}" for path, told in _for_all(levers)] for name, levers in own.items()}
    try:
        added = scenario.with_policies(own if scenario.policies else {AS_IS: {}, **own})
    except ScenarioError as error:
        for one in error.problems:
            wrong.setdefault(one.path.removeprefix("policies."), []).append(one.message)
    wrong = {name: told for name, told in wrong.items() if told}
    if not wrong:
        return added
    head = f"policy {next(iter(wrong))}" if len(wrong) == 1 else "policies written out"
    of = [("" if len(wrong) == 1 else name, told) for name, all_told in wrong.items() for told in all_told]
    raise ScenarioError(head, [Problem(head, None, name, told) for name, told in of])


def own_problems(scenario: Scenario) -> tuple[Problem, ...]:
    """What the scenario's own policies set that no study asks of a policy."""
    return tuple(
        scenario._document.problem(("policies", name, path), told)
        for name, levers in scenario.policies.items()
        for path, told in _for_all(levers)
    )


def _for_all(levers: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Which of the levers are no policy's, each with why and what would do."""
    return ((path, _OF_ALL_POLICIES[path]) for path in levers if path in _OF_ALL_POLICIES)


def candidates(wishes: Wishes, baseline: bool = False) -> Wishes:
    """The policies to weigh against each other: those named, and those written out; where none of the file's is named,
    all of them. With ``baseline`` the file's first comes first, named or not.
    """
    known = [name for name in wishes.scenario.policy_names or (AS_IS,) if name not in wishes.own]
    named = [name for name in wishes.names if name not in wishes.own] or known
    first = known[:1] if baseline else []
    return wishes._replace(names=tuple(dict.fromkeys((*first, *named, *wishes.own))))


def cases_of(wishes: Wishes, levers: Levers | None = None) -> tuple[Case, ...]:
    """The scenario under each of the policies named, with the levers set on top.

    InputError: a lever that is none of a policy.
    """
    for path, told in _for_all(levers or {}):
        raise InputError(f"--set {path}: {told}")
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
