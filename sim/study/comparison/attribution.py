"""Where a difference between two policies comes from: the change of the customer gap, taken apart without remainder."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import InputError, did_you_mean, there_are
from sim.study.statistics.intervals import CONFIDENCE, interval
from sim.study.tallies.attribution import SOURCES, Source
from sim.study.tallies.rows import SCOPES

if TYPE_CHECKING:
    import pandas as pd

GAPS = tuple(measure.removeprefix("part_") for measure in SOURCES)
CAUSES = tuple(source.name.lower() for source in Source)
VIEWS = ("gap", "cause", "stage", "action")

_WHOLE = "gap_customer"
_ONLY_CAUSE = {name: sources[0].name.lower() for name, sources in SOURCES.items() if len(sources) == 1}

Name = tuple[str, ...]  # of a part: gap, cause, stage, action
Series = dict[int, float]  # by replication


class Change(NamedTuple):
    """A gap, or a part of it, under two policies: points, means over the replications that both have."""

    baseline: float
    policy: float
    difference: float  # policy - baseline: below 0 is better
    half_width: float  # of the difference, replication by replication; NaN where there is but one


@dataclass(frozen=True, eq=False)
class Attribution:
    """The change of the customer gap from one policy to another, by gap, cause, stage and action.

    Every view adds up to `total`. A part is what an action contributes for the average judged customer; so where a
    policy changes who is judged, or how many meet an action, that is in the parts too. They say where the change
    arose, not what would happen if one thing alone were changed.
    """

    baseline: str
    policy: str
    confidence: float
    replications: tuple[int, ...]  # in which both have a customer gap
    total: Change  # of `gap_customer`
    parts: pd.DataFrame  # VIEWS and the fields of Change, a row for each part, by gap and cause
    _before: dict[Name, list[float]]  # each part's values by replication
    _after: dict[Name, list[float]]

    def by(self, *views: str) -> pd.DataFrame:
        """The parts added up by ``gap``, ``cause``, ``stage``, ``action``, or by several of them at once, in points.

        InputError: no such view, or none.
        """
        for view in views:
            if view not in VIEWS:
                raise InputError(f"no view by '{view}'{did_you_mean(view, VIEWS)}; {there_are(VIEWS)}")
        if not views:
            raise InputError(f"say by what; {there_are(VIEWS)}")
        places = [VIEWS.index(view) for view in views]
        groups: dict[Name, list[Name]] = {}
        for name in self._before:
            groups.setdefault(tuple(name[place] for place in places), []).append(name)
        return _frame(views, {group: self._change(names) for group, names in groups.items()})

    def words(self, most: int = 5, views: bool = True) -> tuple[str, ...]:
        """What contributes most, in plain sentences: the whole, the ``most`` largest parts and the rest.

        With ``views`` also what each gap and each cause adds or takes away.
        """
        from sim.study.comparison.attribution_words import words

        return words(self, most, views)

    def _change(self, names: Sequence[Name]) -> Change:
        before, after = (
            [math.fsum(of_one) for of_one in zip(*(values[name] for name in names), strict=True)]
            for values in (self._before, self._after)
        )
        return _change(before, after, self.confidence)


def attribution(measures: pd.DataFrame, baseline: str, policy: str, confidence: float = CONFIDENCE) -> Attribution:
    """Take apart the change of the customer gap from ``baseline`` to ``policy``, replication by replication.

    ``measures`` is that of a `Result`. InputError: no such policy, or twice the same; nothing that customers judge;
    no replication in which both policies have a customer gap.
    """
    _check(measures, baseline, policy)
    whole_before, whole_after = (_whole(measures, name) for name in (baseline, policy))
    shared = tuple(sorted(set(whole_before) & set(whole_after)))
    if not shared:
        raise InputError(f"no replication has a customer gap under both '{baseline}' and '{policy}'")
    found = [_parts(measures, name) for name in (baseline, policy)]
    names = _in_order(name for parts in found for name in parts)
    # An action that only one of the two policies has contributes nothing under the other.
    before, after = ({name: [parts.get(name, {}).get(n, 0.0) for n in shared] for name in names} for parts in found)
    return Attribution(
        baseline,
        policy,
        confidence,
        shared,
        _change([whole_before[n] for n in shared], [whole_after[n] for n in shared], confidence),
        _frame(VIEWS, {name: _change(before[name], after[name], confidence) for name in names}),
        before,
        after,
    )


def _check(measures: pd.DataFrame, baseline: str, policy: str) -> None:
    known = [str(name) for name in measures["policy"].unique()]
    for name in (baseline, policy):
        if name not in known:
            raise InputError(f"no policy '{name}'{did_you_mean(name, known)}; {there_are(known)}")
    if baseline == policy:
        raise InputError(f"a difference takes two policies, not '{policy}' twice")
    if not measures["measure"].isin(list(SOURCES)).any():
        raise InputError("no parts of the gaps to take apart: the scenario has no actions, or the result is older")


def _whole(measures: pd.DataFrame, policy: str) -> Series:
    """The customer gap of the whole site, where it is defined."""
    rows = measures[(measures["policy"] == policy) & (measures["measure"] == _WHOLE)]
    rows = rows[rows[list(SCOPES)].isna().all(axis=1) & rows["value"].notna()]
    return dict(zip(rows["replication"].tolist(), rows["value"].tolist(), strict=True))


def _parts(measures: pd.DataFrame, policy: str) -> dict[Name, Series]:
    """The finest parts, in the order of the rows: those with a cause, and those of gaps that have no causes."""
    rows = measures[(measures["policy"] == policy) & measures["measure"].isin(list(SOURCES))]
    rows = rows[rows["cause"].notna() | rows["measure"].isin(list(_ONLY_CAUSE))]
    found: dict[Name, Series] = {}
    columns = (rows[name].tolist() for name in ("measure", "cause", "stage", "action", "replication", "value"))
    for measure, cause, stage, action, replication, value in zip(*columns, strict=True):
        name = (measure.removeprefix("part_"), _ONLY_CAUSE.get(measure, cause), stage, action)
        found.setdefault(name, {})[replication] = value
    return found


def _in_order(names: Iterable[Name]) -> list[Name]:
    """Each once, by gap and cause, and then as the scenario has the actions."""
    return sorted(dict.fromkeys(names), key=lambda name: (GAPS.index(name[0]), CAUSES.index(name[1])))


def _change(before: Sequence[float], after: Sequence[float], confidence: float) -> Change:
    n = len(before)
    found = interval([b - a for a, b in zip(before, after, strict=True)], confidence)
    means = math.fsum(before) / n, math.fsum(after) / n, math.fsum([*after, *(-value for value in before)]) / n
    return Change(*means, math.nan if found.half_width is None else found.half_width)


def _frame(views: Sequence[str], changes: dict[Name, Change]) -> pd.DataFrame:
    import pandas as pd

    rows = [(*name, *change) for name, change in changes.items()]
    return pd.DataFrame(rows, columns=[*views, *Change._fields])
