"""All anchors: those that take a moment, those that take longer, and those that the model does not meet."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from . import customers, staff, waits
from .anchor import Anchor

Topic = dict[str, tuple[Callable[[], tuple[Anchor, ...]], ...]]

FAST: Topic = {
    "Staff": (
        staff.transfer,
        staff.learning,
        staff.faster,
        staff.coaching,
        staff.fatigue,
        staff.audits,
        staff.erosion_rule,
    ),
    "Waits": (waits.perceived,),
    "Customers": (
        customers.gaps,
        customers.delight,
        customers.loyalty,
        customers.recovery,
        customers.word_of_mouth,
        customers.promoters,
    ),
    "Money": (customers.lifetime_value, customers.utility),
}
SLOW: Topic = {
    "Staff": (staff.checks, staff.causes, staff.service_times, staff.erosion_run),
    "Waits": (waits.hang_ups, waits.erlang_a),
    "Customers": (customers.survey_size,),
}
APART = (staff.audits_fade, customers.validity, customers.peak_and_end)


@cache
def made(make: Callable[[], tuple[Anchor, ...]]) -> tuple[Anchor, ...]:
    """The anchors of one maker; fixed seeds, so once is enough."""
    return make()


def by_topic(*parts: Topic) -> dict[str, list[Anchor]]:
    """The anchors of some parts, topic by topic."""
    found: dict[str, list[Anchor]] = {}
    for part in parts:
        for topic, makers in part.items():
            found.setdefault(topic, []).extend(anchor for make in makers for anchor in made(make))
    return found


def fast_anchors() -> list[Anchor]:
    """Those that take a moment."""
    return [anchor for of in by_topic(FAST).values() for anchor in of]


def anchors() -> list[Anchor]:
    """All that the model meets."""
    return [anchor for of in by_topic(FAST, SLOW).values() for anchor in of]


def apart() -> list[Anchor]:
    """Those that it does not meet."""
    return [anchor for make in APART for anchor in made(make)]
