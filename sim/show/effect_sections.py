"""The table's sections about effects: training, listening, complaints, loyalty, money, fairness, the course of time."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.show.cells import Lines, under
from sim.show.figures import Figure, negated
from sim.show.forms import NUMBER, PERCENT, TENTHS, WHOLE, Form, fitting, largest
from sim.show.layout import Row, Section
from sim.show.rounding import adding_up

MOST_BARS = 12
"""Periods side by side; more are drawn together."""

COURSES = (
    ("satisfaction at {}", "satisfaction", NUMBER, 0.5),
    ("hit rate at {}, %", "hit_rate", PERCENT, 0.05),
    ("come back at {}, %", "return_probability", PERCENT, 0.05),
)
"""What is shown over time, in which form; and the least that bars rise over, so that small changes look small."""

COSTS = {"staff_cost": "staff", "training_cost": "training", "management_cost": "management"}


def effect_sections(lines: Lines) -> Iterator[Section]:
    """What it led to; lines that say nothing are for the caller to leave out."""
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
            lines.row("1 reaction, assumed", "training_reaction", event=event),
            lines.row("2 know more, points", "training_learning", PERCENT, event=event),
            lines.row("3 do more, points", "training_behaviour", PERCENT, event=event),
            lines.row("  beyond learning", "training_transfer", PERCENT, event=event),
            lines.row("4 customer gap", "training_results", event=event),
            lines.row("  satisfaction", "training_results_satisfaction", event=event),
        ]
        rows += under(lines.name(event), of_event)
    return Section("Training, from before to after (2, 3: percentage points; 1, 4: scale of 7)", rows)


def listening(lines: Lines) -> Section:
    """What a survey of the customers would show."""
    rows = [
        lines.row("perceived, SERVPERF", "servperf"),
        lines.row("gap, SERVQUAL", "servqual"),
        lines.row("Cronbach's alpha", "cronbach_alpha"),
        lines.row("answered, %", "response_share", PERCENT),
    ]
    return Section("In a survey, points on the scale of 7 (a gap below 0 is bad)", rows)


def complaints(lines: Lines) -> Section:
    """Problems, and what became of them."""
    rows = [
        lines.row("had a problem, %", "problem_share", PERCENT),
        lines.row("  spoke up, %", "voice_share", PERCENT),
        lines.row("    resolved, %", "recovered_share", PERCENT),
        lines.row("    quickly, %", "quick_share", PERCENT),
    ]
    return Section("Complaints, % of customers, and indented % of those they are part of", rows)


def loyalty(lines: Lines) -> Section:
    """Who comes back and who recommends."""
    rows = [
        lines.row("come back, %", "return_probability", PERCENT),
        lines.row("net promoter score", "nps", WHOLE),
    ]
    return Section("Loyalty", rows)


def money(lines: Lines) -> Section:
    """Income, costs and value; income less costs is profit as printed, all in one unit."""
    margin, profit, lost = (lines.of_all(measure) for measure in ("margin", "profit", "lost_margin"))
    costs = [lines.of_all(measure) for measure in COSTS]
    form = fitting(figure for figures in (margin, profit, lost, *costs) for figure in figures)
    earned, *less = adding_up([margin, *map(negated, costs)], profit, form=form)
    rows = [
        lines.line("margin earned", earned, form),
        *(
            lines.line(f"{lines.signs.minus} {says}", negated(cost), form)
            for says, cost in zip(COSTS.values(), less, strict=True)
        ),
        lines.line("= profit", profit, form),
        lines.line("margin lost", lost, form),
        lines.row("worth of a customer", "lifetime_value"),
        *_against_the_first(lines),
    ]
    currency = lines.name(lines.result.scenario.currency)
    return Section(f"Money, {currency}" if currency else "Money", rows)


def _against_the_first(lines: Lines) -> list[Row]:
    """What each other policy brings in comparison."""
    returns = lines.of_all("return_on_quality")
    rows = [
        lines.row("gain in all", "net_gain"),
        lines.line("return on quality", returns, TENTHS if largest(returns) < 100 else WHOLE),
        lines.row("breaks even, day", "break_even_day", WHOLE),
        lines.row("ever breaks even, %", "breaks_even", PERCENT),
    ]
    return under(f"against {lines.name(lines.result.policies[0])}", rows)


def fairness(lines: Lines) -> Section:
    """How far apart the segments are."""
    rows = [
        lines.row("satisfaction", "satisfaction_spread"),
        lines.row("mean wait, minutes", "wait_mean_spread"),
        lines.row("hit rate, %", "hit_rate_spread", PERCENT),
        lines.row("come back, %", "return_probability_spread", PERCENT),
    ]
    return Section("Best and worst served segment, difference", rows)


def over_time(lines: Lines) -> Section:
    """The course of a few measures over the periods between reviews."""
    together = math.ceil(len(lines.figures.periods) / MOST_BARS)
    rows = [row for course in COURSES for row in _over_time(lines, together, *course)]
    bar = "period" if together <= 1 else f"{together} periods"
    return Section(f"Over time, a bar for every {bar} between reviews", rows)


def _over_time(lines: Lines, together: int, label: str, measure: str, form: Form, least_range: float) -> list[Row]:
    """The ends of the course of a measure, and bars of what is in between; all policies' on one scale."""
    courses = [_course(lines, policy, measure) for policy in lines.result.policies]
    if not all(courses):
        return []
    means = [_drawn_together(course, together) for course in courses]
    low = min(map(min, means))
    rise = max(least_range, max(map(max, means)) - low)
    return [
        lines.line(label.format("first"), [course[0] for course in courses], form),
        Row("  its course", tuple(lines.course([(mean - low) / rise for mean in of_one]) for of_one in means)),
        lines.line(label.format("last"), [course[-1] for course in courses], form),
    ]


def _course(lines: Lines, policy: str, measure: str) -> list[Figure]:
    found = [lines.figures.get(policy, measure, period=period) for period in lines.figures.periods]
    return [figure for figure in found if figure is not None and not math.isnan(figure.mean)]


def _drawn_together(course: list[Figure], size: int) -> list[float]:
    """Means of every so many periods."""
    groups = [course[first : first + size] for first in range(0, len(course), size)]
    return [math.fsum(point.mean for point in group) / len(group) for group in groups]
