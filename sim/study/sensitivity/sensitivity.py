"""Which of the assumed parameters matter, and which conclusions change within their plausible ranges."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sim.errors import InputError, did_you_mean, there_are
from sim.study.cases import ALL, Case, candidates, cases_of, wishes_of
from sim.study.desk import Desk, Progress
from sim.study.keys import key_of, rows_by, text_of
from sim.study.limits.asked import unknown_names
from sim.study.replicate import engine_of, jobs_of, scenario_of, seed_of, whole_number
from sim.study.replication import Options
from sim.study.results.frames import plain_rows
from sim.study.sensitivity import one_at_a_time, whole_ranges
from sim.study.sensitivity.moved import moved
from sim.study.sensitivity.ranges import Range, between, written_position
from sim.study.sensitivity.turns import Conclusion
from sim.study.sensitivity.variants import Setting, set_by, variants
from sim.study.statistics.intervals import CONFIDENCE
from sim.study.statistics.morris_sobol import USUAL_SIZE, design
from sim.study.tallies.rows import Key
from sim.study.worth import WORTH

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

FORMAT = 1
Method = Literal["one_at_a_time", "morris", "sobol"]
METHODS: tuple[Method, ...] = ("one_at_a_time", "morris", "sobol")
_FEW = 5  # replications of each point, where a design has hundreds of points


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What uncertain parameters decide. Data frames have plain columns; treat them as fixed.

    ``effects``, one at a time: `sim.study.sensitivity.one_at_a_time.effects`; else the indices of
    `sim.study.statistics.morris_sobol.indices` by measure, policy (or difference from the baseline) and parameter.
    ``sentences``: the conclusions in words; ``conclusions``: the same as numbers, one at a time only.
    """

    scenario: Scenario
    method: Method
    policies: tuple[str, ...]  # the first is the baseline
    measures: tuple[str, ...]
    ranges: tuple[Range, ...]
    as_written: tuple[str, ...]  # the values that the file gives them, "" where one cannot tell
    replications: int  # of each case
    cases: int  # different scenarios
    seed: int
    confidence: float
    effects: pd.DataFrame
    conclusions: tuple[Conclusion, ...]
    sentences: tuple[str, ...]
    failures: pd.DataFrame
    warnings: tuple[str, ...]
    seconds: float

    @property
    def runs(self) -> int:
        """Replications in all."""
        return self.cases * self.replications

    def __repr__(self) -> str:
        return f"<Sensitivity of {self.scenario.name}, {self.method}: {len(self.ranges)} parameters, {self.runs} runs>"

    def to_json_object(self) -> dict[str, Any]:
        """The one object of ``--format json``: None for what is undefined."""
        return {
            "format": FORMAT,
            "scenario": self.scenario.name,
            "method": self.method,
            "replications": self.replications,
            "runs": self.runs,
            "confidence": self.confidence,
            "parameters": [{"parameter": of.path, "low": of.low, "high": of.high} for of in self.ranges],
            "results": plain_rows(self.effects),
            "conclusions": [one.to_json_object() for one in self.conclusions],
            "sentences": list(self.sentences),
            "warnings": list(self.warnings),
        }

    def _repr_html_(self) -> str:
        from html import escape

        said = "".join(f"<li>{escape(sentence)}</li>" for sentence in self.sentences)
        return f"<ul>{said}</ul>{self.effects.to_html(index=False, float_format='{:.4g}'.format)}"


def sensitivity(
    scenario: Scenario | str | Path | Mapping[str, Any],
    measures: Sequence[str] | str | None = None,
    policies: Sequence[str] | str | None = None,
    method: Method = "one_at_a_time",
    replications: int | None = None,
    ranges: Mapping[str, Sequence[Any]] | None = None,
    seed: int | None = None,
    jobs: int | Executor | None = None,
    progress: Progress | None = None,
    levers: Mapping[str, Any] | None = None,
    engine: str = "auto",
    confidence: float = CONFIDENCE,
    size: int | None = None,
) -> Sensitivity:
    """Move uncertain parameters within their ranges and say what that does to measures and to conclusions.

    ``ranges``: ``{path: (low, high)}``; absent, those of the scenario's ``uncertain``. ``measures``: such as
    ``"wait_p90[stage=check_in]"``; absent, satisfaction (where there are actions) and the mean wait. ``policies``:
    absent, all; those written out alone join all; the file's first is the baseline and always there. ``levers`` are
    set on top of each policy; a parameter among them is known and not moved. All cases have the same customers,
    replication by replication.

    ``method="one_at_a_time"``: each parameter at low and at high, the rest as written. Of every two policies and each
    measure it is then said who is better and unless what. Everything that is said of one pair and measure holds
    together with ``confidence``: its intervals are Bonferroni's over the ends and the values as written; where a
    difference passes 0 is told by a straight line between as written and the end, hence "about". What parameters do
    together one does not see so. ``"morris"`` and ``"sobol"`` move all at once, evenly over the ranges, and need
    SALib; ``size``: trajectories (10) or base points (64, a power of 2). Their response is the mean over a few
    replications: what is said is of these customers, without an interval for having drawn others.

    InputError: no ranges, or a value, policy or measure that does not exist.
    """
    asked = planned(scenario, measures, policies, method, replications, ranges, seed, levers, engine, confidence, size)
    return asked.carried_out(jobs_of(jobs), progress)


@dataclass(frozen=True)
class Plan:
    """A study of sensitivity, checked, with all its cases; nothing simulated yet."""

    scenario: Scenario
    method: Method
    nominal: tuple[Case, ...]  # as written, by policy
    ranges: tuple[Range, ...]
    keys: tuple[Key, ...]
    replications: int
    seed: int
    options: Options
    confidence: float
    cases: tuple[Case, ...]
    positions: list[list[int]]
    points: Any  # the design, where all parameters move at once
    set_by: tuple[frozenset[str], ...]  # by policy, the parameters that it sets itself
    warnings: tuple[str, ...]

    @property
    def runs(self) -> int:
        """Replications in all."""
        return len(self.cases) * self.replications

    def carried_out(self, jobs: int | Executor | None = None, progress: Progress | None = None) -> Sensitivity:
        """Simulate, and say what was found."""
        began = time.perf_counter()
        found = self._ends(jobs, progress) if self.method == "one_at_a_time" else self._points(jobs, progress)
        return Sensitivity(
            scenario=self.scenario,
            method=self.method,
            policies=tuple(case.name for case in self.nominal),
            measures=tuple(text_of(key) for key in self.keys),
            ranges=self.ranges,
            as_written=tuple(_as_written(self.nominal, of) for of in self.ranges),
            replications=self.replications,
            cases=len(self.cases),
            seed=self.seed,
            confidence=self.confidence,
            effects=found.effects,
            conclusions=found.conclusions,
            sentences=found.sentences,
            failures=_failures(found.desks, self.seed),
            warnings=(*self.warnings, *found.warnings),
            seconds=time.perf_counter() - began,
        )

    def _collected(self, desk: Desk, first: int) -> Desk:
        """Have the desk simulate all. A measure that a case does not have is told before the work: the ``first``
        cases begin, then every case with one replication."""
        for cases in (range(first), range(len(desk.cases))):
            desk.collect(range(1), cases)
            for case in cases:
                self._check(desk, case)
        desk.collect(range(self.replications))
        return desk

    def _check(self, desk: Desk, case: int) -> None:
        for key in self.keys:
            try:
                desk.values(case, key, 1)
            except InputError as problem:
                raise InputError(f"policy {desk.cases[case].name}: {problem}") from None

    def _desk(self, cases: Sequence[Case], jobs: int | Executor | None, progress: Progress | None) -> Desk:
        return Desk(cases, self.seed, self.options, jobs, progress)

    def _ends(self, jobs: int | Executor | None, progress: Progress | None) -> _Found:
        desk = self._collected(self._desk(self.cases, jobs, progress), len(self.nominal))
        ends = one_at_a_time.Ends(self.nominal, self.ranges, self.positions, self.set_by)
        of = (desk, ends, self.keys, self.replications, self.confidence)
        concluded = one_at_a_time.conclusions(*of)
        said = tuple(one.sentence for one in concluded)
        left_out = (
            f"{_failed([desk], self.runs)}; each difference leaves out the replications that either side lacks",
        )
        return _Found(
            one_at_a_time.effects(*of, concluded), concluded, said, [desk], left_out if desk.failures() else ()
        )

    def _points(self, jobs: int | Executor | None, progress: Progress | None) -> _Found:
        done = 0

        def desk_of(cases: Sequence[Case]) -> Desk:
            nonlocal done
            before, done = done, done + len(cases) * self.replications
            desk = self._desk(cases, jobs, progress and (lambda now, _: progress(before + now, self.runs)))
            return self._collected(desk, 0 if before else len(self.nominal))  # the policies as written are first

        assert self.method != "one_at_a_time"
        values, desks = whole_ranges.values_of(self.cases, self.keys, self.replications, desk_of)
        of = whole_ranges.Points(self.nominal, self.ranges, self.points, self.positions)
        means = {key: whole_ranges.average(of, found) for key, found in values.items()}
        effects = whole_ranges.effects(of, means, self.method, self.seed, self.confidence)
        failed = (_failed(desks, self.runs),) if desks else ()
        warnings = (*failed, *whole_ranges.told(of, means, self.replications))
        return _Found(effects, (), whole_ranges.sentences(of, means), desks, warnings)


class _Found(NamedTuple):
    effects: pd.DataFrame
    conclusions: tuple[Conclusion, ...]
    sentences: tuple[str, ...]
    desks: list[Desk]
    warnings: tuple[str, ...]


def planned(
    scenario: Scenario | str | Path | Mapping[str, Any],
    measures: Sequence[str] | str | None = None,
    policies: Sequence[str] | str | None = None,
    method: Method = "one_at_a_time",
    replications: int | None = None,
    ranges: Mapping[str, Sequence[Any]] | None = None,
    seed: int | None = None,
    levers: Mapping[str, Any] | None = None,
    engine: str = "auto",
    confidence: float = CONFIDENCE,
    size: int | None = None,
) -> Plan:
    """Check what is asked of `sensitivity`, and make all the scenarios that it takes; simulate nothing."""
    if method not in METHODS:
        raise InputError(f"no method '{method}'{did_you_mean(str(method), METHODS)}; {there_are(METHODS)}")
    if not 0.5 <= confidence < 1:
        raise InputError(f"confidence: {confidence!r} will not do; write a number from 0.5 to below 1, as 0.95")
    asked = candidates(wishes_of(scenario_of(scenario), policies or ALL), baseline=True)
    whole = asked.scenario
    nominal = cases_of(asked, levers)
    known, warnings = moved(whole, nominal, ranges, levers or {})
    keys = _keys(whole, nominal, measures)
    numbers = seed_of(whole, seed)
    points, settings = _settings(method, known, size, numbers)
    cases, positions = variants(nominal, settings)
    own = tuple(set_by(whole.policies.get(name, {}), known) for name in asked.names)
    fewer = whole.replications if method == "one_at_a_time" else min(_FEW, whole.replications)
    return Plan(
        scenario=whole,
        method=method,
        nominal=nominal,
        ranges=known,
        keys=keys,
        replications=fewer if replications is None else whole_number(replications, "replications", 1),
        seed=numbers,
        options=Options(engine_of(engine), rows_by(keys)),
        confidence=confidence,
        cases=cases,
        positions=positions,
        points=points,
        set_by=own,
        warnings=(*warnings, *_replaced(asked.names, own, method)),
    )


def _settings(method: Method, ranges: Sequence[Range], size: int | None, seed: int) -> tuple[Any, list[Setting]]:
    if method == "one_at_a_time":
        if size is not None:
            raise InputError("a size is for the designs of Morris and Sobol; one at a time there are two ends")
        return None, one_at_a_time.settings_of_ends(ranges)
    for of in ranges:
        if not of.has_middle:
            raise InputError(
                f"{of.path}: there is nothing between {of.shown(of.low)} and {of.shown(of.high)}, which the method of "
                f"{method.title()} asks for; leave it out, or move parameters one at a time"
            )
    number = USUAL_SIZE[method] if size is None else whole_number(size, "size", 2)
    points = design(method, len(ranges), number, seed)
    return points, whole_ranges.settings_of_points(ranges, points)


def _keys(scenario: Scenario, cases: Sequence[Case], measures: Sequence[str] | str | None) -> tuple[Key, ...]:
    if measures is None:
        return (*([Key("satisfaction")] if scenario.actions else []), Key("wait_mean"))
    texts = [measures] if isinstance(measures, str) else list(measures)
    keys = tuple(dict.fromkeys(key_of(text) for text in texts))
    if not keys:
        raise InputError("no measures; leave them out for satisfaction and wait_mean")
    for key in keys:
        _check_key(key, cases)
    return keys


def _check_key(key: Key, cases: Sequence[Case]) -> None:
    if key.measure in WORTH:
        raise InputError(f"{key.measure} compares policies already; ask for profit, and see its differences")
    for message in unknown_names(key, [case.scenario for case in cases]):
        raise InputError(f"'{text_of(key)}': {message}")
    for case in cases:
        for message in unknown_names(key, [case.scenario]):
            raise InputError(f"'{text_of(key)}' is not there under policy {case.name}: {message}")


def _replaced(names: Sequence[str], own: Sequence[frozenset[str]], method: Method) -> list[str]:
    """What to warn of: a policy that sets a parameter is no longer that policy where the parameter is moved."""
    what = "; conclusions on it leave that parameter out" if method == "one_at_a_time" else ""
    return [
        f"policy {name} sets {path} itself, and the range takes the place of its value{what}"
        for name, paths in zip(names, own, strict=True)
        for path in sorted(paths)
    ]


def _as_written(nominal: Sequence[Case], of: Range) -> str:
    """The value in force under the first policy that has one, written as the ends are."""
    for case in nominal:
        place = written_position(case.scenario, of)
        if place is not None:
            return of.shown(between(of.low, of.high, place))
    return ""


def _failures(desks: Sequence[Desk], seed: int) -> pd.DataFrame:
    from sim.study.results.frames import failures_frame

    return failures_frame([failure for desk in desks for failure in desk.failures()], seed)


def _failed(desks: Sequence[Desk], runs: int) -> str:
    return f"{sum(len(desk.failures()) for desk in desks)} of {runs} runs failed"
