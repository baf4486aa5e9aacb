"""Checks on what management does: each mechanism needs the parts of the site that it acts on, and its reviews."""

from collections.abc import Iterator

from sim.errors import did_you_mean, there_are
from sim.scenario.document import Keys
from sim.scenario.scenario import Scenario
from sim.units import DAY_MINUTES

Finding = tuple[Keys, str]


def management_checks(scenario: Scenario) -> Iterator[Finding]:
    """What does not fit together in `management`, `training` and `quality` as they act over time."""
    yield from _recovery(scenario)
    yield from _helped_actions(scenario)
    yield from _incentive(scenario)
    yield from _severities(scenario)
    yield from _demand(scenario)
    if scenario.review is None:
        yield from _need_reviews(scenario, "acts at reviews, and there are none; write for example review: 1 wk")
    elif scenario.review > scenario.calendar.days * DAY_MINUTES:
        days = f"{scenario.review / DAY_MINUTES:g} days of {scenario.calendar.days}"
        yield from _need_reviews(scenario, f"acts at reviews, and the first would come after {days}; review sooner")
    else:
        yield from _before_the_first_review(scenario, scenario.review)


def _recovery(scenario: Scenario) -> Iterator[Finding]:
    recovery = scenario.management.recovery
    if recovery is None:
        return
    here = ("management", "recovery", "stage")
    stage = scenario.stages.get(recovery.stage)
    if stage is None:
        yield here, f"no stage '{recovery.stage}'; {there_are(scenario.stages)}"
    elif not stage.staff:
        yield here, "that stage is self-service, nobody hears a complaint there; name a stage with staff"
    elif stage.error is not None or any(a.severity for a in scenario.actions.values() if a.stage == recovery.stage):
        yield (
            here,
            "problems happen there too; give complaints a stage of their own, the staff may be the same",
        )
    errors = any(one.error is not None for one in scenario.stages.values())
    if not errors and not any(action.severity for action in scenario.actions.values()):
        nothing = "nothing here can be a problem: no stage has an error, no action a severity; add one, or leave it out"
        yield ("management", "recovery"), nothing


def _helped_actions(scenario: Scenario) -> Iterator[Finding]:
    """Machines and customer records help with actions of staff."""
    for section in ("automation", "crm"):
        for name in getattr(scenario.management, section):
            here = ("management", section, name)
            action = scenario.actions.get(name)
            if action is None:
                close = did_you_mean(name, scenario.actions)
                yield here, f"no action '{name}'; {there_are(scenario.actions)}{close}"
            elif action.kind != "action":
                yield here, f"'{name}' is the {action.kind}, not something staff do; name an action of staff"
            elif action.stage in scenario.stages and not scenario.stages[action.stage].staff:
                yield here, f"stage '{action.stage}' is self-service; name an action of a stage with staff"


def _incentive(scenario: Scenario) -> Iterator[Finding]:
    incentive = scenario.management.incentive
    if incentive is not None and incentive.on == "hits" and incentive.pace != 1.0:
        yield ("management", "incentive", "pace"), "hits are paid, not speed; write on: speed, or leave pace out"


def _severities(scenario: Scenario) -> Iterator[Finding]:
    for name, action in scenario.actions.items():
        if action.severity is not None and action.kind == "wait":
            yield ("actions", name, "severity"), "a wait is no lapse to complain of; leave severity out"


def _demand(scenario: Scenario) -> Iterator[Finding]:
    """What customers tell others brings nobody where all come by appointment."""
    if any(segment.arrivals.at is None for segment in scenario.customers.values()):
        return
    nobody = "all customers come by appointment, and demand moves none of these; leave it out"
    if scenario.management.word_of_mouth is not None:
        yield ("management", "word_of_mouth"), nobody
    if scenario.quality.loyalty.drives_demand:
        yield ("quality", "loyalty", "drives_demand"), nobody


def _need_reviews(scenario: Scenario, why_not: str) -> Iterator[Finding]:
    """Mechanisms that act between two periods do nothing where nothing is ever reviewed."""
    management, quality = scenario.management, scenario.quality
    acting: dict[Keys, bool] = {
        ("management", name): getattr(management, name) is not None
        for name in ("coaching", "reflection", "research", "erosion", "word_of_mouth")
    }
    turnover = management.turnover
    acting[("management", "turnover")] = turnover is not None and turnover.per_year > 0.0
    acting[("quality", "expectation_gain")] = quality.expectation_gain > 0.0
    acting[("quality", "expectation_drift")] = quality.expectation_drift != 0.0
    acting[("quality", "loyalty", "drives_demand")] = quality.loyalty.drives_demand
    for event, training in scenario.training.items():
        acting[("training", event, "actions", "most_missed")] = training.actions.most_missed is not None
    for keys, on in acting.items():
        if on:
            yield keys, why_not


def _before_the_first_review(scenario: Scenario, review_min: float) -> Iterator[Finding]:
    """What was missed most is known from the first review on."""
    first = round(review_min / DAY_MINUTES)
    for event, training in scenario.training.items():
        if training.actions.most_missed is not None and training.day < first:
            known = f"what is missed most is known from the first review on, day {first}"
            yield ("training", event, "day"), f"{known}; write a later day than {training.day}, or an earlier review"
