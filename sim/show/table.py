"""The table of a run: waits, quality, gaps, staff and losses, one column for each policy."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.show.figures import SCOPES, Figure, Figures, cause_shares, satisfaction_shares
from sim.show.layout import Row, Section, escaped, markdown, terminal
from sim.show.text import UNICODE, Signs, one_line, signs_for, spoken

if TYPE_CHECKING:
    from sim.study.result import Result

GAPS = {
    "listening": "  listening",
    "design": "+ design of standards",
    "performance": "+ performance",
    "communication": "+ communication",
    "customer": "= customer gap",
}
CAUSES = {
    "knowledge": "did not know how",
    "willingness": "did not want to",
    "load": "under pressure",
    "fatigue": "tired",
    "error": "went wrong",
}
LOSSES = {
    "balked": "did not join",
    "abandoned": "gave up waiting",
    "blocked": "site full",
    "turned_away": "turned away at close",
    "unfinished": "still there at the end",
}
WORST_ACTIONS = 3
NO_WAIT_MIN = 0.05


def table(result: Result, *, columns: int = 80, encoding: str = "utf-8") -> str:
    """Return the table for a terminal of so many columns, in signs that ``encoding`` can say."""
    signs = signs_for(encoding)
    names = [_name(policy, encoding) for policy in result.policies]
    body = terminal(sections(result, encoding), names, columns=columns, signs=signs)
    return "\n".join([*headline(result, encoding), "", *body, "", *closing(result, signs)])


def markdown_table(result: Result) -> str:
    """Return the same sections as Markdown tables."""
    title, how = headline(result)
    names = [one_line(policy) for policy in result.policies]
    return "\n".join(
        [f"## {escaped(title)}", "", how, "", *markdown(sections(result), names), *closing(result, UNICODE)]
    )


def headline(result: Result, encoding: str = "utf-8") -> tuple[str, str]:
    """Return what was simulated, and how, in two lines."""
    signs = signs_for(encoding)
    scenario = result.scenario
    title = f" {signs.dash} {scenario.title}" if scenario.title else ""
    n = result.replications
    days = scenario.calendar.days
    how = f"{_count(n, 'replication')} of {_count(days, 'day')}, seed {result.seed}, engine {result.engine}"
    return _name(f"{scenario.name}{title}", encoding), f"{how}; {signs.plus_minus} 95 % half-width"


def closing(result: Result, signs: Signs) -> Iterator[str]:
    """Yield how many replications would settle the waits, where that can be told."""
    wanted = replications_needed(result, within=0.05)
    if wanted is None:
        return
    if wanted <= result.replications:
        yield f"Mean waits are known to within {signs.plus_minus}5 %."
    else:
        yield f"About {wanted} replications would settle mean waits to {signs.plus_minus}5 %: -n {wanted}."


def replications_needed(result: Result, within: float) -> int | None:
    """Return the replications that would bring every policy's mean wait, by stage, to ± ``within`` of itself.

    A projection from the spread seen so far; None where too few replications say nothing of spread, or nobody
    waits. Waits below 3 seconds are left out: nobody acts on five per cent of nothing.
    """
    from sim.study.intervals import interval, needed

    rows = result.measures
    waits = rows[(rows["measure"] == "wait_mean") & rows["stage"].notna() & (rows["stage"] != "")]
    for scope in SCOPES[1:]:
        waits = waits[waits[scope].isna() | (waits[scope] == "")]
    seen = [interval(values.tolist()) for _, values in waits.groupby(["policy", "stage"], observed=True)["value"]]
    worth = [needed(one, within) for one in seen if one.mean is not None and one.mean >= NO_WAIT_MIN]
    return max((n for n in worth if n is not None), default=None)


def sections(result: Result, encoding: str = "utf-8") -> list[Section]:
    """Return the table's sections, empty ones left out; names in ``encoding``, ready to be laid out."""
    figures = Figures(result)
    build = _Builder(result, figures, signs_for(encoding), encoding)
    found = [build.waiting(), build.quality(), build.gaps(), build.worst_actions(), build.staff(), build.losses()]
    return [section for section in found if section.rows]


class _Builder:
    """Makes the sections of one result's table."""

    def __init__(self, result: Result, figures: Figures, signs: Signs, encoding: str) -> None:
        self.result = result
        self.figures = figures
        self.signs = signs
        self.encoding = encoding

    def waiting(self) -> Section:
        rows = []
        for stage in self.figures.stages:
            target = self._target(stage)
            within = f"within {minutes(target)}, %" if target is not None else "within target, %"
            lines = [
                self._row("mean", "wait_mean", stage=stage),
                self._row("half wait less than", "wait_p50", stage=stage),
                self._row("9 in 10 less than", "wait_p90", stage=stage),
                self._row("19 in 20 less than", "wait_p95", stage=stage),
                self._row(within, "service_level", percent=True, stage=stage),
            ]
            rows += _under(self._name(self._title(stage)), lines)
        return Section("Waiting, minutes", rows)

    def quality(self) -> Section:
        rows = [
            self._row("satisfaction", "satisfaction"),
            self._spread(),
            self._row("dissatisfied, %", "dissatisfied_share", percent=True),
            self._row("delighted, %", "delighted_share", percent=True),
            self._row("perceived quality", "perceived_quality"),
            self._row("  how it was done", "process_quality"),
            self._row("  what came of it", "outcome_quality"),
            self._row("with those who were lost", "satisfaction_all"),
        ]
        return Section("Perceived quality, 1 to 7", _present(rows))

    def gaps(self) -> Section:
        rows = [self._row(says, f"gap_{gap}") for gap, says in GAPS.items()]
        rows += _under(
            "customer gap by dimension",
            [self._row(dimension, "gap_customer", dimension=dimension) for dimension in self.figures.dimensions],
        )
        return Section("Gaps, points on the scale of 7 (positive is bad)", _present(rows))

    def worst_actions(self) -> Section:
        shares = cause_shares(self.result)
        rows = []
        for action in self._least_delivered():
            rows.append(self._missed(action))
            rows += _present([self._cause(shares, action, cause) for cause in CAUSES], self.signs.dash)
        return Section("Actions least delivered, % of visits, and why not, % of lapses", rows)

    def staff(self) -> Section:
        rows = []
        for role in self.figures.roles:
            rows += _under(
                self._name(role),
                [
                    self._row("busy, %", "utilisation", percent=True, role=role),
                    self._row("overtime, h a day", "overtime_hours", role=role),
                ],
            )
        return Section("Staff", rows)

    def losses(self) -> Section:
        rows = [
            self._row(says, f"{how}_share", percent=True)
            for how, says in LOSSES.items()
            if any(figure is not None and figure.mean > 0 for figure in self._of_all(f"{how}_share"))
        ]
        nobody = Row("nobody was lost", ("",) * len(self.result.policies))
        return Section("Losses, % of arrivals", rows or [nobody])

    def _spread(self) -> Row:
        cells = tuple(self._bars(satisfaction_shares(self.result, policy)) for policy in self.result.policies)
        return Row("  spread from 1 to 7", cells)

    def _bars(self, shares: Sequence[float] | None) -> str:
        if shares is None:
            return ""
        top, bars = max(shares), self.signs.bars
        # Whoever is there at all shows: a share above nothing never rounds down to the empty sign.
        return "".join(bars[math.ceil((len(bars) - 1) * share / top)] for share in shares) if top > 0 else ""

    def _least_delivered(self) -> list[str]:
        """Actions by the share of visits that went without under the worst policy, among those that were due."""
        missed = {
            action: max((1 - hit.mean for hit in self._of_all("hit_rate", action=action) if hit is not None), default=0)
            for action in self.figures.actions
        }
        some = [a for a in missed if any(lapses and lapses.mean > 0 for lapses in self._of_all("lapses", action=a))]
        return sorted(some, key=lambda action: -missed[action])[:WORST_ACTIONS]

    def _missed(self, action: str) -> Row:
        where = self.result.scenario.actions[action].stage
        label = self._name(action) + (f" ({self._name(where)})" if len(self.result.scenario.stages) > 1 else "")
        hits = self._of_all("hit_rate", action=action)
        missed = [hit and hit._replace(mean=1 - hit.mean) for hit in hits]
        return Row(label, tuple(self._cell(figure, percent=True) for figure in missed))

    def _cause(self, shares: Mapping[tuple[str, str, str], Figure], action: str, cause: str) -> Row:
        found = [shares.get((policy, action, cause)) for policy in self.result.policies]
        seen = any(figure is not None and figure.mean > 0 for figure in found)
        cells = [self._cell(figure, percent=True) if seen else "" for figure in found]
        return Row("  " + CAUSES[cause], tuple(cells))

    def _of_all(self, measure: str, **scope: str) -> list[Figure | None]:
        return [self.figures.get(policy, measure, **scope) for policy in self.result.policies]

    def _row(self, label: str, measure: str, *, percent: bool = False, **scope: str) -> Row:
        found = self._of_all(measure, **scope)
        return Row(label, tuple(self._cell(figure, percent=percent) for figure in found))

    def _cell(self, figure: Figure | None, *, percent: bool) -> str:
        if figure is None:
            return ""
        if math.isnan(figure.mean):
            return self.signs.dash
        scale, digits = (100.0, 1) if percent else (1.0, 2)
        mean = f"{scale * figure.mean:.{digits}f}".replace("-", self.signs.minus)
        if math.isnan(figure.half_width):
            return mean
        return f"{mean} {self.signs.plus_minus}{scale * figure.half_width:.{digits}f}"

    def _target(self, stage: str) -> float | None:
        scenario = self.result.scenario
        return scenario.target_wait(stage, next(iter(scenario.customers)))

    def _title(self, stage: str) -> str:
        return self.result.scenario.stages[stage].title or stage

    def _name(self, text: str) -> str:
        return _name(text, self.encoding)


def minutes(value: float) -> str:
    """Return a duration as people say it: ``30 s``, ``5 min``, ``1.5 h``."""
    if value < 1:
        return f"{60 * value:.0f} s"
    return f"{value:.3g} min" if value < 90 else f"{value / 60:.3g} h"


def _name(text: str, encoding: str) -> str:
    return spoken(one_line(text), encoding)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _present(rows: list[Row], dash: str = "–") -> list[Row]:
    return [row for row in rows if any(cell not in {"", dash} for cell in row.cells)]


def _under(heading: str, rows: list[Row]) -> list[Row]:
    """Put the rows that say anything below a heading; nothing if none does."""
    rows = _present(rows)
    blank = ("",) * len(rows[0].cells) if rows else ()
    return [Row(heading, blank), *(Row("  " + row.label, row.cells) for row in rows)] if rows else []
