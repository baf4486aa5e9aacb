"""The table's sections about the service itself: waits, quality, gaps, what was missed, staff, losses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.show.cells import Lines, under
from sim.show.figures import Figure, cause_shares, negated, satisfaction_shares
from sim.show.forms import PERCENT
from sim.show.layout import Row, Section
from sim.show.rounding import adding_up

GAPS = {
    "listening": "  listening",
    "design": "+ design of standards",
    "performance": "+ performance",
    "communication": "+ communication",
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
    "unfinished": "still there at end",
}
WORST_ACTIONS = 3


def service_sections(lines: Lines) -> Iterator[Section]:
    """What happened to customers and staff."""
    yield waiting(lines)
    yield quality(lines)
    yield gaps(lines)
    yield worst_actions(lines)
    yield staff(lines)
    yield losses(lines)


def waiting(lines: Lines) -> Section:
    """Waits by stage."""
    scenario, rows = lines.result.scenario, []
    for stage in lines.figures.stages:
        target = scenario.target_wait(stage, next(iter(scenario.customers)))
        within = f"within {minutes(target)}, %" if target is not None else "within target, %"
        of_stage = [
            lines.row("mean", "wait_mean", stage=stage),
            lines.row("half wait less than", "wait_p50", stage=stage),
            lines.row("9 in 10 less than", "wait_p90", stage=stage),
            lines.row("19 in 20 less than", "wait_p95", stage=stage),
            lines.row(within, "service_level", PERCENT, stage=stage),
        ]
        rows += under(lines.name(scenario.stages[stage].title or stage), of_stage)
    return Section("Waiting, minutes", rows)


def quality(lines: Lines) -> Section:
    """What customers thought of it."""
    rows = [
        lines.row("satisfaction", "satisfaction"),
        lines.each("  spread from 1 to 7", lambda policy: lines.bars(satisfaction_shares(lines.result, policy))),
        lines.row("dissatisfied, %", "dissatisfied_share", PERCENT),
        lines.row("delighted, %", "delighted_share", PERCENT),
        lines.row("perceived quality", "perceived_quality"),
        lines.row("  how it was done", "process_quality"),
        lines.row("  what came of it", "outcome_quality"),
        lines.row("with those lost", "satisfaction_all"),
    ]
    return Section("Perceived quality, 1 to 7", rows)


def gaps(lines: Lines) -> Section:
    """The gaps and their sums: as printed, the parts add up."""
    parts = [lines.of_all(f"gap_{gap}") for gap in GAPS]
    whole = lines.of_all("gap_customer")
    residual = lines.of_all("measurement_residual")
    shown = adding_up(parts, whole)
    rows = [lines.line(says, figures) for says, figures in zip(GAPS.values(), shown, strict=True)]
    rows.append(lines.line("= customer gap", whole))
    by_dimension = [lines.row(name, "gap_customer", dimension=name) for name in lines.figures.dimensions]
    rows += under("  by dimension", by_dimension)
    if any(residual):
        rows += _as_a_survey_shows_it(lines, whole, residual)
    return Section("Gaps, points on the scale of 7 (positive is bad)", rows)


def _as_a_survey_shows_it(lines: Lines, whole: list[Figure | None], residual: list[Figure | None]) -> list[Row]:
    measured = negated(lines.of_all("servqual"))
    (differ,) = adding_up([negated(residual)], measured, start=whole)
    return [lines.line("+ answers differ by", differ), lines.line("= gap in the survey", measured)]


def worst_actions(lines: Lines) -> Section:
    """The actions least delivered, and why."""
    shares = cause_shares(lines.result)
    rows = []
    for action in _least_delivered(lines):
        rows.append(_missed(lines, action))
        rows += [_cause(lines, shares, action, cause) for cause in CAUSES]
    return Section("Actions not delivered, % of visits, and why, % of lapses", rows)


def staff(lines: Lines) -> Section:
    """How busy staff were."""
    rows = []
    for role in lines.figures.roles:
        of_role = [
            lines.row("busy, %", "utilisation", PERCENT, role=role),
            lines.row("overtime, h a day", "overtime_hours", role=role),
            lines.row("reflecting, h a day", "reflection_hours", role=role),
        ]
        rows += under(lines.name(role), of_role)
    return Section("Staff", rows)


def losses(lines: Lines) -> Section:
    """Customers who were lost."""
    rows = [
        lines.row(says, f"{how}_share", PERCENT)
        for how, says in LOSSES.items()
        if any(figure is not None and figure.mean > 0 for figure in lines.of_all(f"{how}_share"))
    ]
    return Section("Losses, % of arrivals", rows or [lines.each("lost", lambda policy: "nobody")])


def _least_delivered(lines: Lines) -> list[str]:
    """Actions by the share of visits that went without under the worst policy, among those that were due."""
    missed = {
        action: max((1 - hit.mean for hit in lines.of_all("hit_rate", action=action) if hit is not None), default=0)
        for action in lines.figures.actions
    }
    some = [a for a in missed if any(lapses and lapses.mean > 0 for lapses in lines.of_all("lapses", action=a))]
    return sorted(some, key=lambda action: -missed[action])[:WORST_ACTIONS]


def _missed(lines: Lines, action: str) -> Row:
    scenario = lines.result.scenario
    where = f" ({lines.name(scenario.actions[action].stage)})" if len(scenario.stages) > 1 else ""
    hits = lines.of_all("hit_rate", action=action)
    missed = [hit and hit._replace(mean=1 - hit.mean) for hit in hits]
    return lines.line(lines.name(action) + where, missed, PERCENT)


def _cause(lines: Lines, shares: Mapping[tuple[str, str, str], Figure], action: str, cause: str) -> Row:
    found = [shares.get((policy, action, cause)) for policy in lines.result.policies]
    seen = any(figure is not None and figure.mean > 0 for figure in found)
    return lines.line("  " + CAUSES[cause], found if seen else [None] * len(found), PERCENT)


def minutes(value: float) -> str:
    """Return a duration as people say it: ``30 s``, ``5 min``, ``1.5 h``."""
    if value < 1:
        return f"{60 * value:.0f} s"
    return f"{value:.3g} min" if value < 90 else f"{value / 60:.3g} h"
