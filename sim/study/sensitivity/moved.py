"""Which parameters a study of sensitivity moves, and over which ranges: checked before the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError, ScenarioError
from sim.study.cases import Case
from sim.study.sensitivity.ranges import EXAMPLE, Range, refusal, shown, written_position
from sim.study.sensitivity.variants import Setting, leads_somewhere

if TYPE_CHECKING:
    from sim.scenario import Scenario

Given = Mapping[str, Sequence[Any]]


class Moved(NamedTuple):
    """The ranges to study, and what to warn of."""

    ranges: tuple[Range, ...]
    warnings: tuple[str, ...]


def moved(scenario: Scenario, cases: Sequence[Case], given: Given | None, fixed: Setting) -> Moved:
    """The ranges given, else those of the scenario's ``uncertain`` that are not fixed and that some case has.

    InputError with all that is wrong: no ranges at all, or values that a case will not take.
    """
    found = [Range(path, *_two(path, ends)) for path, ends in (given or scenario.uncertain).items()]
    if not found:
        raise InputError(_what_to_write(scenario))
    _check_ends(found, "" if given is not None else f"{scenario.file}: uncertain.")
    if given is not None:
        warnings = _both(found, fixed)
    else:
        warnings = [f"{of.path} is set, so it is not moved" for of in found if of.path in fixed]
        found = [of for of in found if of.path not in fixed]
        absent = [of for of in found if not _having(cases, of.path, of.low)]
        warnings += [f"{of.path} is there under none of these policies" for of in absent]
        found = [of for of in found if of not in absent]
    if not found:
        raise InputError("nothing is left to move: " + "; ".join(warnings))
    problems = [problem for of in found for _, value in of.ends for problem in _problems(cases, of.path, value)]
    if problems:
        raise InputError("\n".join(dict.fromkeys(problems)))
    warnings += [text for of in found for text in _outside(cases, of)]
    return Moved(tuple(of._replace(whole=_is_whole(cases, of)) for of in found), tuple(warnings))


def _check_ends(ranges: Sequence[Range], where: str) -> None:
    told = [(of.path, refusal(of.path, of.low, of.high)) for of in ranges]
    problems = [f"{where}{path}: {text}" for path, text in told if text is not None]
    if problems:
        raise InputError("\n".join(problems))


def _two(path: str, ends: Sequence[Any]) -> tuple[Any, Any]:
    if isinstance(ends, str) or not isinstance(ends, Sequence) or len(ends) != 2:
        raise InputError(f"{path}: two values are due, (low, high)")
    return ends[0], ends[1]


def _both(ranges: Sequence[Range], fixed: Setting) -> list[str]:
    for of in ranges:
        if of.path in fixed:
            raise InputError(f"{of.path} has a value and a range; give it one of the two")
    return []


def _having(cases: Sequence[Case], path: str, value: Any) -> list[Case]:
    return [case for case in cases if leads_somewhere(case.scenario, path, value)]


def _problems(cases: Sequence[Case], path: str, value: Any) -> tuple[str, ...]:
    """What is wrong with a value: some case should have such a parameter, and all that have it should take it."""
    for case in _having(cases, path, value) or cases[:1]:
        try:
            case.scenario.with_levers({path: value})
        except ScenarioError as problem:
            return (f"range of {path}, {shown(value)}: {problem.problems[0].message}",)
    return ()


def _is_whole(cases: Sequence[Case], of: Range) -> bool:
    """Whether the parameter takes whole numbers only."""
    if any(isinstance(end, bool) or not isinstance(end, int) for end in (of.low, of.high)):
        return False
    return bool(_problems(cases, of.path, of.low + 0.37))


def _outside(cases: Sequence[Case], of: Range) -> tuple[str, ...]:
    """What to warn of: a value as written outside of what is said to be plausible."""
    place = written_position(cases[0].scenario, of)
    if place is None or -1e-9 <= place <= 1 + 1e-9:
        return ()
    return (f"{of.path} as written is not between {of.shown(of.low)} and {of.shown(of.high)}",)


def _what_to_write(scenario: Scenario) -> str:
    path = f"staff.{next(iter(scenario.staff))}.pace" if scenario.staff else EXAMPLE.partition("=")[0]
    return (
        f"{scenario.file} does not say what is uncertain. Write into it, for example\n"
        f"  uncertain:\n    {path}: [0.9, 1.1]\n"
        f'or say it here: --range "{path}=0.9..1.1"'
    )
