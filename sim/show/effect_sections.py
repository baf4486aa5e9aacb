"""The table's sections about effects: training, listening, complaints, loyalty, money, fairness, the course of time."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.show.cells import Lines, present, under
from sim.show.figures import Figure
from sim.show.layout import Row, Section

MOST_BARS = 12
"""Periods side by side; more are drawn together."""


def effect_sections(lines: Lines) -> Iterator[Section]:
    """What it led to; sections without a line are for the caller to leave out."""
    yield training(lines)
    yield listening(lines)
    yield complaints(lines)
    yield loyalty(lines)
    yield money(lines)
    yield fairness(lines)
    yield over_time(lines)


def training(lines: Lines) -> Section:
    """Each training by Kirkpatrick's four levels."""
    rows = []
    for event in lines.figures.events:
        of_event = [
            lines.row("1 liked it, 1 to 7", "training_reaction", event=event),
            lines.row("2 knew more, points of %", "training_learning", percent=True, event=event),
            lines.row("3 did more, points of %", "training_behaviour", percent=True, event=event),
            lines.row("  of it not from knowing", "training_transfer", percent=True, event=event),
            lines.row("4 customer gap", "training_results", event=event),
            lines.row("  satisfaction", "training_results_satisfaction", event=event),
        ]
        rows += under(lines.name(event), of_event)
    return Section("Training: what changed from before to after", rows)


def listening(lines: Lines) -> Section:
    """What a survey of the customers would show."""
    rows = [
        lines.row("perceived (SERVPERF)", "servperf"),
        lines.row("less expected (SERVQUAL)", "servqual"),
        lines.row("Cronbach's alpha", "cronbach_alpha"),
        lines.row("answered, %", "response_share", percent=True),
    ]
    return Section("In a survey, 1 to 7", present(rows))


def complaints(lines: Lines) -> Section:
    """Problems, and what became of them."""
    rows = [
        lines.row("had a problem, % of customers", "problem_share", percent=True),
        lines.row("  spoke up, % of them", "voice_share", percent=True),
        lines.row("    resolved, % of those", "recovered_share", percent=True),
        lines.row("    resolved quickly, %", "quick_share", percent=True),
    ]
    return Section("Complaints", present(rows))


def loyalty(lines: Lines) -> Section:
    """Who comes back and who recommends."""
    rows = [
        lines.row("come back, %", "return_probability", percent=True),
        lines.row("net promoter score", "nps", whole=True),
    ]
    return Section("Loyalty", present(rows))


def money(lines: Lines) -> Section:
    """Income, costs and value."""
    rows = [
        lines.row("margin of customers served", "margin"),
        lines.row(f"{lines.signs.minus} staff", "staff_cost"),
        lines.row(f"{lines.signs.minus} training", "training_cost"),
        lines.row(f"{lines.signs.minus} management", "management_cost"),
        lines.row("= profit", "profit"),
        lines.row("margin lost with customers", "lost_margin"),
        lines.row("lifetime value, a customer", "lifetime_value"),
        lines.row("return on quality", "return_on_quality"),
        lines.row("breaks even on day", "break_even_day", whole=True),
    ]
    currency = lines.name(lines.result.scenario.currency)
    return Section(f"Money, {currency}" if currency else "Money", present(rows, lines.signs.dash))


def fairness(lines: Lines) -> Section:
    """How far apart the segments are."""
    rows = [
        lines.row("satisfaction", "satisfaction_spread"),
        lines.row("mean wait, minutes", "wait_mean_spread"),
        lines.row("hit rate, %", "hit_rate_spread", percent=True),
        lines.row("come back, %", "return_probability_spread", percent=True),
    ]
    return Section("Best and worst served segment, difference", present(rows))


def over_time(lines: Lines) -> Section:
    """The course of a few measures over the periods between reviews."""
    rows = []
    for label, measure, percent in (
        ("satisfaction", "satisfaction", False),
        ("hit rate, %", "hit_rate", True),
        ("come back, %", "return_probability", True),
    ):
        courses = [_course(lines, policy, measure) for policy in lines.result.policies]
        if not all(courses):
            continue
        ends = [(course[0], course[-1]) for course in courses]
        least = min(point.mean for course in courses for point in course)
        rows += [
            lines.line(f"{label}, first", [first for first, _ in ends], percent=percent),
            Row("  the course of it", tuple(lines.bars(_heights(course, least)) for course in courses)),
            lines.line(f"{label}, last", [last for _, last in ends], percent=percent),
        ]
    return Section("Over time, by period between reviews", rows)


def _course(lines: Lines, policy: str, measure: str) -> list[Figure]:
    found = [lines.figures.get(policy, measure, period=period) for period in lines.figures.periods]
    return [figure for figure in found if figure is not None and not math.isnan(figure.mean)]


def _heights(course: list[Figure], least: float) -> list[float]:
    """Heights above the least of all policies, periods drawn together where there are many; the least shows too."""
    size = math.ceil(len(course) / MOST_BARS)
    groups = [course[first : first + size] for first in range(0, len(course), size)]
    means = [math.fsum(point.mean for point in group) / len(group) for group in groups]
    return [mean - least + 0.1 * (max(means) - least) + 1e-12 for mean in means]
