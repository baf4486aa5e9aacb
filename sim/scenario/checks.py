"""Checks between the parts of a scenario: names that must exist, sums, routes that end.

Each check gives pairs of keys and message; none raises. All single values have been read by then.
"""

import math
from collections.abc import Iterable, Iterator

from sim.errors import there_are
from sim.scenario.actions import Action
from sim.scenario.customers import Segment
from sim.scenario.distributions import Constant, Timed
from sim.scenario.document import Keys
from sim.scenario.management_checks import management_checks
from sim.scenario.quality import DIMENSIONS
from sim.scenario.scenario import Scenario
from sim.scenario.stages import LEAVE, Routes, Stage
from sim.scenario.written import BySegment, Wrong, name

Finding = tuple[Keys, str]


def check(scenario: Scenario) -> Iterator[Finding]:
    """All that does not fit together, but stages that nobody reaches."""
    yield from _names(scenario)
    yield from _calendar(scenario)
    yield from _customers(scenario)
    yield from _stages(scenario)
    yield from _staff(scenario)
    yield from _actions(scenario)
    yield from _weights(scenario)
    yield from _training(scenario)
    yield from management_checks(scenario)
    yield from _endless(scenario)


def check_reach(scenario: Scenario) -> Iterator[Finding]:
    """Stages where no customer can ever come (a way of probability 0 counts: a policy may open it).

    Asked only where all else is right: a route with a mistake in it leads nowhere.
    """
    routes: dict[str, list[str]] = {}
    for key, stage in scenario.stages.items():
        ways = (stage.next.default or (), *(own for _, own in stage.next.by_segment))
        routes[key] = [target for way in ways for target, _ in way]
        if stage.error is not None:
            routes[key].append(stage.error.returns_to)
    starts = [segment.start for segment in scenario.customers.values()]
    recovery = scenario.management.recovery
    reached = set(_reached([*starts, *([recovery.stage] if recovery else [])], routes))
    for key in scenario.stages:
        if key not in reached:
            yield (
                ("stages", key),
                "no customer ever comes here; name it in a start, a next, a returns_to, or as where recovery is",
            )


def _no(kind: str, got: str, names: Iterable[str]) -> str:
    """What to say of a name that does not exist."""
    return f"no {kind} '{got}'; {there_are(names)}"


def _names(scenario: Scenario) -> Iterator[Finding]:
    for section in ("customers", "stages", "staff", "actions", "training", "policies"):
        for key in getattr(scenario, section):
            try:
                name(key)
            except Wrong as error:
                yield (section, key), str(error)


def _calendar(scenario: Scenario) -> Iterator[Finding]:
    if scenario.analysis == "steady_state" and "warm_up" not in scenario.calendar.model_fields_set:
        yield (
            ("calendar", "warm_up"),
            "analysis: steady_state needs to know when it begins; say calendar.warm_up, 0 d if none is needed",
        )
    if scenario.review is not None and scenario.calendar.is_never_shut:
        yield (
            ("review",),
            "a site that never closes has no reviews; give it opening hours, or leave review out",
        )
    if scenario.review is not None and scenario.review % 1440:
        yield ("review",), "a review comes after a number of whole days; write for example 1 wk"
    for place, size in scenario.site.places.items():
        if size == 0 and any(take.place == place for stage in scenario.stages.values() for take in stage.takes):
            yield ("site", "places", place), "there is none of it, yet a stage takes it; write at least 1"


def _customers(scenario: Scenario) -> Iterator[Finding]:
    for key, segment in scenario.customers.items():
        here = ("customers", key)
        if segment.start not in scenario.stages:
            yield (*here, "start"), _no("stage", segment.start, scenario.stages)
        for stage, _ in segment.patience.by_stage:
            if stage not in scenario.stages:
                yield (*here, "patience", stage), _no("stage", stage, scenario.stages)
        yield from _arrivals(segment, here)
        for action, level in segment.expects.items():
            if action not in scenario.actions:
                yield (*here, "expects", action), _no("action", action, scenario.actions)
            elif scenario.actions[action].kind != "wait" and not level <= 1:
                yield (*here, "expects", action), f"{level:g} will not do; write a number from 0 to 1"
        for place, appointment in enumerate(segment.arrivals.at or ()):
            if appointment.day is not None and appointment.day >= scenario.calendar.days:
                last = scenario.calendar.days - 1
                yield (
                    (*here, "arrivals", "at", str(place)),
                    f"day {appointment.day} is after the last, day {last}",
                )


def _arrivals(segment: Segment, here: Keys) -> Iterator[Finding]:
    """Laws by time of day are for what a visit brings; a gap without length would bring everybody at once."""
    arrivals = segment.arrivals
    for field in ("interarrival", "late", "party"):
        if isinstance(getattr(arrivals, field), Timed):
            yield (*here, "arrivals", field), "a law by time of day has no place here; write one law, or rates by time"
    if isinstance(segment.group, Timed):
        yield (*here, "group"), "a law by time of day has no place here; write one law"
    if arrivals.interarrival == Constant(0.0):
        yield (*here, "arrivals", "interarrival"), "a gap of 0 brings customers without end; write a longer one"


def _stages(scenario: Scenario) -> Iterator[Finding]:
    for key, stage in scenario.stages.items():
        yield from _stage_staff(scenario, key, stage)
        yield from _next(scenario, key, stage.next)
        yield from _stage_places(scenario, key, stage)
        if stage.error is not None and stage.error.returns_to not in scenario.stages:
            yield (
                ("stages", key, "error", "returns_to"),
                _no("stage", stage.error.returns_to, scenario.stages),
            )
        for what in ("occupied", "explained", "anxious"):
            action = getattr(stage.waiting, what)
            if isinstance(action, str) and action not in scenario.actions:
                yield ("stages", key, "waiting", what), _no("action", action, scenario.actions)


def _stage_staff(scenario: Scenario, key: str, stage: Stage) -> Iterator[Finding]:
    for role in stage.roles:
        if role not in scenario.staff:
            yield ("stages", key, "staff"), _no("role", role, scenario.staff)
    if stage.same_as is None:
        return
    here = ("stages", key, "same_as")
    if stage.same_as not in scenario.stages:
        yield here, _no("stage", stage.same_as, scenario.stages)
    elif stage.same_as == key:
        yield here, "a stage cannot be the same as itself; name an earlier stage"
    elif not scenario.stages[stage.same_as].staff:
        yield here, f"stage '{stage.same_as}' is self-service; name a stage served by staff"
    elif not stage.staff:
        yield here, "self-service has no staff; list the roles in staff, or leave same_as out"


def _stage_places(scenario: Scenario, key: str, stage: Stage) -> Iterator[Finding]:
    places = scenario.site.places
    for take in stage.takes:
        if take.place not in places:
            yield ("stages", key, "takes"), _no("place", take.place, places)
    taken = {take.place for other in scenario.stages.values() for take in other.takes}
    for freed in stage.frees:
        if freed not in places:
            yield ("stages", key, "frees"), _no("place", freed, places)
        elif freed not in taken:
            yield ("stages", key, "frees"), f"no stage takes '{freed}'; write takes at the stage that seizes it"


def _next(scenario: Scenario, key: str, routes: Routes) -> Iterator[Finding]:
    here = ("stages", key, "next")
    known = (*scenario.stages, LEAVE)
    for segment, own in ((None, routes.default or ()), *routes.by_segment):
        for target, _ in own:
            if target not in known:
                where = (*here, target) if segment is None else (*here, segment, target)
                yield where, _no("stage", target, known)
    yield from _segments(scenario, here, routes.default is None, (segment for segment, _ in routes.by_segment))


def _segments(scenario: Scenario, here: Keys, all_due: bool, named: Iterable[str]) -> Iterator[Finding]:
    """Segments named must exist; where there is no default, each needs an entry."""
    given = list(named)
    for segment in given:
        if segment not in scenario.customers:
            yield (*here, segment), _no("segment", segment, (*scenario.customers, "default"))
    absent = [segment for segment in scenario.customers if segment not in given]
    if all_due and absent:
        yield here, f"nothing for segment {', '.join(absent)}; add it, or default"


def _staff(scenario: Scenario) -> Iterator[Finding]:
    for key, role in scenario.staff.items():
        listing = [stage for stage, step in scenario.stages.items() if key in step.roles]
        yield from _serves(scenario, ("staff", key, "serves"), role.serves, listing)
        for stage in listing if role.serves else ():
            if role.serves and stage not in role.serves:
                yield ("staff", key, "serves"), f"stage '{stage}' lists this role; give its pace there too"
        for place, member in enumerate(role.members or ()):
            yield from _serves(scenario, ("staff", key, "members", str(place), "serves"), member.serves, listing)


def _serves(scenario: Scenario, here: Keys, serves: dict[str, float] | None, listing: list[str]) -> Iterator[Finding]:
    for stage in serves or ():
        if stage not in scenario.stages:
            yield (*here, stage), _no("stage", stage, scenario.stages)
        elif stage not in listing:
            yield (*here, stage), f"stage '{stage}' does not list this role; add it to the stage's staff"


def _actions(scenario: Scenario) -> Iterator[Finding]:
    for key, action in scenario.actions.items():
        here = ("actions", key)
        if action.by is not None and action.by not in scenario.staff:
            yield (*here, "by"), _no("role", action.by, scenario.staff)
        for field in ("time", "expected", "believed", "required", "promised"):
            level: BySegment[float] = getattr(action, field)
            if field != "expected" and level is action.expected:
                continue  # not written: it follows what is expected
            named = (segment for segment, _ in level.values)
            yield from _segments(scenario, (*here, field), level.default is None, named)
        if action.stage not in scenario.stages:
            yield (*here, "stage"), _no("stage", action.stage, scenario.stages)
        else:
            yield from _action_at(scenario.stages[action.stage], here, action)
    yield from _one_of_a_kind(scenario)


def _action_at(stage: Stage, here: Keys, action: Action) -> Iterator[Finding]:
    if action.moment not in stage.moments:
        yield (*here, "moment"), f"no moment '{action.moment}' at that stage; {there_are(stage.moments)}"
    if action.kind == "wait" and not stage.staff and not stage.takes:
        yield (*here, "kind"), "there is no queue at that stage to wait in; give it staff, or drop the action"
    if action.by is not None and stage.staff:
        yield (*here, "by"), "that stage has staff, who do it; 'by' is for self-service"


def _one_of_a_kind(scenario: Scenario) -> Iterator[Finding]:
    seen: dict[tuple[str, str], str] = {}
    for key, action in scenario.actions.items():
        if action.kind == "action":
            continue
        first = seen.setdefault((action.stage, action.kind), key)
        if first != key:
            message = f"'{first}' is the {action.kind} of stage '{action.stage}' already; a stage has one"
            yield ("actions", key, "kind"), message


def _weights(scenario: Scenario) -> Iterator[Finding]:
    for dimension in DIMENSIONS:
        weights = [one.weight for one in scenario.actions.values() if one.dimension == dimension]
        total = math.fsum(weights)
        if weights and abs(total - 1) > 1e-9:
            yield ("actions",), f"the weights of {dimension} sum to {total:.12g}, they must sum to 1"


def _training(scenario: Scenario) -> Iterator[Finding]:
    for key, event in scenario.training.items():
        here = ("training", key)
        for role in event.who:
            if role not in scenario.staff:
                yield (*here, "who"), _no("role", role, scenario.staff)
        for action in event.actions.names:
            if action not in scenario.actions:
                yield (*here, "actions"), _no("action", action, scenario.actions)
            elif scenario.actions[action].kind == "wait":
                yield (*here, "actions"), f"'{action}' is a wait, which nobody is taught; leave it out"
            elif scenario.actions[action].by is not None:
                yield (
                    (*here, "actions"),
                    f"'{action}' is of a self-service stage, which training leaves as it is; leave it out",
                )
        if event.day >= scenario.calendar.days:
            last = scenario.calendar.days - 1
            yield (*here, "day"), f"day {event.day} is after the last, day {last}; write one from 0 to {last}"


def _endless(scenario: Scenario) -> Iterator[Finding]:
    """Stages that a segment can get to and never leave from."""
    for segment in scenario.customers:
        routes = {stage: _onward(scenario, stage, segment) for stage in scenario.stages}
        ends = _leading_to(LEAVE, routes)
        starts = [scenario.customers[segment].start, *_returns(scenario)]
        stuck = [stage for stage in _reached(starts, routes) if stage in routes and stage not in ends]
        if stuck:
            message = f"customers of segment '{segment}' never leave from here; let some go to leave, or fewer return"
            yield ("stages", stuck[0], "next"), message


def _onward(scenario: Scenario, stage: str, segment: str) -> list[str]:
    """Where the segment can go on to; a return that is certain comes in place of leaving."""
    step = scenario.stages[stage]
    try:
        named = [target for target, probability in step.next_of(segment).items() if probability > 0]
    except KeyError:
        return [LEAVE]  # no route for this segment: said elsewhere
    onward = [target if target in scenario.stages else LEAVE for target in named]
    rule = step.error
    if rule is not None and rule.probability * rule.returns >= 1 and not _skill_matters(scenario):
        return [rule.returns_to if target == LEAVE else target for target in onward]
    return onward


def _skill_matters(scenario: Scenario) -> bool:
    return scenario.quality.error.skill_effect > 0 or scenario.quality.error.load_effect > 0


def _returns(scenario: Scenario) -> list[str]:
    rules = (stage.error for stage in scenario.stages.values())
    return [rule.returns_to for rule in rules if rule is not None and rule.probability * rule.returns > 0]


def _reached(starts: Iterable[str], routes: dict[str, list[str]]) -> list[str]:
    reached: dict[str, None] = {}
    ahead = list(starts)[::-1]
    while ahead:
        stage = ahead.pop()
        if stage not in reached:
            reached[stage] = None
            ahead += reversed(routes.get(stage, []))
    return list(reached)


def _leading_to(end: str, routes: dict[str, list[str]]) -> set[str]:
    before: dict[str, list[str]] = {}
    for stage, onward in routes.items():
        for target in onward:
            before.setdefault(target, []).append(stage)
    return set(_reached([end], before))
