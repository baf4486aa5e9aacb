"""The site as the engine sees it: the scenario's names lowered to positions, its durations to microseconds."""

from __future__ import annotations

from dataclasses import dataclass

from sim.arithmetic import normal_quantile
from sim.chance.laws import law_of
from sim.flow.blueprint import (
    LEAVE,
    NOBODY,
    ActionTable,
    Choose,
    Discipline,
    MemberTable,
    Picks,
    RoleTable,
    Route,
    SegmentTable,
    StageTable,
    TimedLaw,
)
from sim.rules import service as rules
from sim.scenario import Scenario
from sim.units import DAY_US, to_us


@dataclass(frozen=True)
class Site:
    """A scenario lowered to positions. Stages, roles, segments and places keep the order of the file."""

    scenario: Scenario
    segments: tuple[str, ...]
    customers: tuple[SegmentTable, ...]
    stages: tuple[StageTable, ...]
    roles: tuple[RoleTable, ...]
    members: tuple[MemberTable, ...]
    places: tuple[str, ...]
    place_units: tuple[int, ...]
    choose: Choose
    days: int
    never_closes: bool
    warm_up_us: int
    horizon_us: int
    serve_at_close: bool
    reference_z: float
    wait_actions: tuple[tuple[int, str], ...]
    uses_pressure: bool

    @property
    def action_columns(self) -> int:
        """Most actions at any stage: the width of the log's causes."""
        return max((len(stage.actions) for stage in self.stages), default=0)


def site_of(scenario: Scenario) -> Site:
    """Lower a checked scenario; a pure function, a few milliseconds."""
    stage_at = {name: i for i, name in enumerate(scenario.stages)}
    role_at = {name: i for i, name in enumerate(scenario.staff)}
    serves = tuple(_serves(scenario, name, stage_at) for name in scenario.staff)
    roles, members = _staff(scenario, serves, stage_at)
    load, error = scenario.quality.load, scenario.quality.error
    return Site(
        scenario=scenario,
        segments=tuple(scenario.customers),
        customers=tuple(_segment(scenario, name, stage_at) for name in scenario.customers),
        stages=_stages(scenario, serves, stage_at, role_at),
        roles=roles,
        members=members,
        places=tuple(scenario.site.places),
        place_units=tuple(scenario.site.places.values()),
        choose=Choose[scenario.choose_staff.upper()],
        days=scenario.calendar.days,
        never_closes=scenario.calendar.hours is None,
        warm_up_us=to_us(scenario.calendar.warm_up),
        horizon_us=_horizon_us(scenario),
        serve_at_close=scenario.calendar.at_close == "serve",
        reference_z=normal_quantile(error.reference_skill),
        wait_actions=tuple((stage_at[a.stage], n) for n, a in scenario.actions.items() if a.kind == "wait"),
        uses_pressure=bool(load.corner_cutting or load.speed_up or error.load_effect)
        or min(load.idle.willingness, load.overload.factor) < 1.0,
    )


def _horizon_us(scenario: Scenario) -> int:
    """A site that never closes ends after its days; another ends empty, at the latest a day after its last close."""
    calendar = scenario.calendar
    end = calendar.days * DAY_US
    if calendar.hours is None:
        return end
    for day in range(calendar.days):
        for span in calendar.hours.on((calendar.first_weekday + day) % 7):
            end = max(end, day * DAY_US + to_us(span.end))
    return end + DAY_US


def _segment(scenario: Scenario, name: str, stage_at: dict[str, int]) -> SegmentTable:
    segment = scenario.customers[name]
    patience, silent = [], []
    for stage in stage_at:
        law, quiet = segment.patience_at(stage), segment.silent_at(stage)
        patience.append(None if law is None else timed(law))
        silent.append(None if quiet is None else (quiet.share, to_us(quiet.wasted)))
    return SegmentTable(
        name=name,
        start=stage_at[segment.start],
        priority=segment.priority,
        complexity=segment.complexity,
        patience=tuple(patience),
        silent=tuple(silent),
    )


def timed(distribution: object) -> TimedLaw:
    """A distribution of the scenario as laws by time of day."""
    if getattr(distribution, "dist", "") == "by_time":
        pairs = distribution.pairs  # type: ignore[attr-defined]
        return TimedLaw(tuple(minute for minute, _ in pairs), tuple(law_of(law) for _, law in pairs))
    return TimedLaw((0,), (law_of(distribution),))


def _serves(scenario: Scenario, role: str, stage_at: dict[str, int]) -> tuple[int, ...]:
    """Stages of a role in order of preference: as its own list says, else as the stages come in the file."""
    named = scenario.staff[role].serves
    calling = [name for name, stage in scenario.stages.items() if any(role in rank for rank in stage.staff)]
    if named is not None:
        calling = [name for name in named if name in calling]
    return tuple(stage_at[name] for name in calling)


def _stages(
    scenario: Scenario,
    serves: tuple[tuple[int, ...], ...],
    stage_at: dict[str, int],
    role_at: dict[str, int],
) -> tuple[StageTable, ...]:
    reach = _reach_masks(scenario, stage_at)
    place_at = {name: i for i, name in enumerate(scenario.site.places)}
    return tuple(_stage(scenario, name, serves, stage_at, role_at, place_at, reach) for name in scenario.stages)


def _stage(
    scenario: Scenario,
    name: str,
    serves: tuple[tuple[int, ...], ...],
    stage_at: dict[str, int],
    role_at: dict[str, int],
    place_at: dict[str, int],
    reach: list[int],
) -> StageTable:
    stage, here = scenario.stages[name], stage_at[name]
    ranks = tuple(
        kept for rank in stage.staff if (kept := tuple(role_at[r] for r in rank if here in serves[role_at[r]]))
    )
    roles = tuple(role for rank in ranks for role in rank)
    work = timed(stage.work)
    actions = _actions(scenario, name, role_at)
    balk, announce, error, retry = stage.balk, stage.announce, stage.error, stage.retry
    target = stage.target_wait if stage.target_wait is not None else _required_wait(scenario, name)
    return StageTable(
        name=name,
        title=stage.title or name,
        has_queue=bool(stage.staff),
        ranks=ranks,
        roles=roles,
        kin=tuple(sorted({s for role in roles for s in serves[role]} | {here})),
        work=work,
        discipline=Discipline[stage.queue.upper()],
        target_wait_us=None if target is None else to_us(target),
        per_person_ahead=balk.per_person_ahead if balk else 0.0,
        if_wait=balk.if_wait if balk else 0.0,
        inverse=bool(balk and balk.inverse),
        queue_limit=NOBODY if balk is None or balk.queue_at_least is None else balk.queue_at_least,
        balks=balk is not None,
        announces=announce.what if announce else None,
        announce_balk=bool(announce and announce.balk),
        mean_service_min=_mean_service(scenario, work, actions),
        error=error.probability if error else 0.0,
        returns=error.returns if error else 0.0,
        return_after=timed(error.after) if error and error.returns > 0 else None,
        returns_to=stage_at[error.returns_to] if error and error.returns > 0 else LEAVE,
        retry=retry.probability if retry else 0.0,
        retry_after=timed(retry.after) if retry else None,
        routes=tuple(_route(stage.next_of(segment), stage_at) for segment in scenario.customers),
        takes=tuple((place_at[t.place], NOBODY if t.up_to is None else t.up_to) for t in stage.takes),
        frees=tuple(place_at[place] for place in stage.frees),
        same_as=NOBODY if stage.same_as is None else stage_at[stage.same_as],
        or_any=stage.or_any,
        actions=actions,
        outcome=next((k for k, a in enumerate(actions) if a.kind == "outcome"), NOBODY),
        reach=reach[here],
    )


def _required_wait(scenario: Scenario, stage: str) -> float | None:
    """The wait that the standard asks for at a stage; of several segments, the first one's."""
    first = next(iter(scenario.customers))
    for action in scenario.actions.values():
        if action.kind == "wait" and action.stage == stage:
            return action.required.of(first)
    return None


def _actions(scenario: Scenario, stage: str, role_at: dict[str, int]) -> tuple[ActionTable, ...]:
    segments = tuple(scenario.customers)
    return tuple(
        ActionTable(
            name=name,
            kind=action.kind,
            dimension=action.dimension,
            weight=action.weight,
            moment=action.moment,
            discretion=action.discretion,
            checkable=action.checkable,
            by=NOBODY if action.by is None else role_at[action.by],
            time_min=tuple(action.time.of(segment) for segment in segments),
            required=tuple(action.required.of(segment) for segment in segments),
            severity=(None, "minor", "major").index(action.severity),
        )
        for name, action in scenario.actions.items()
        if action.stage == stage and action.kind != "wait"
    )


def _mean_service(scenario: Scenario, work: TimedLaw, actions: tuple[ActionTable, ...]) -> float:
    """Mean minutes of a service at standard pace with every required action performed, segments weighed alike."""
    n = len(scenario.customers)
    acting = sum(
        action.required[s] * action.time_min[s] for action in actions if action.kind == "action" for s in range(n)
    )
    return rules.service_minutes(work.mean, acting / n, 1.0, 1.0, 1.0, 0, 0.0)


def _route(branches: dict[str, float], stage_at: dict[str, int]) -> Route:
    targets, cumulative, total = [], [], 0.0
    for name, probability in branches.items():
        if probability > 0:
            total += probability
            targets.append(LEAVE if name == "leave" else stage_at[name])
            cumulative.append(total)
    return Route(tuple(targets), tuple(cumulative))


def _reach_masks(scenario: Scenario, stage_at: dict[str, int]) -> list[int]:
    """For each stage, the stages that a customer there may still come to before leaving, as bits."""
    recovery = scenario.management.recovery
    complaint = 0 if recovery is None else 1 << stage_at[recovery.stage]  # from anywhere, and then out
    masks = [1 << i | complaint for i in range(len(stage_at))]
    changed = True
    while changed:
        changed = False
        for name, stage in scenario.stages.items():
            mask = masks[stage_at[name]]
            for segment in scenario.customers:
                for target, probability in stage.next_of(segment).items():
                    if target != "leave" and probability > 0:
                        mask |= masks[stage_at[target]]
            if mask != masks[stage_at[name]]:
                masks[stage_at[name]], changed = mask, True
    return masks


def _staff(
    scenario: Scenario, serves: tuple[tuple[int, ...], ...], stage_at: dict[str, int]
) -> tuple[tuple[RoleTable, ...], tuple[MemberTable, ...]]:
    roles: list[RoleTable] = []
    members: list[MemberTable] = []
    for r, (name, role) in enumerate(scenario.staff.items()):
        first = len(members)
        members.extend(_members(scenario, r, name, serves[r], stage_at))
        roles.append(
            RoleTable(
                name=name,
                wage=role.wage,
                at_once=role.at_once,
                slowdown=role.slowdown,
                empowerment=role.empowerment,
                picks=Picks[role.picks.upper()],
                serves=serves[r],
                members=range(first, len(members)),
            )
        )
    return tuple(roles), tuple(members)


def _members(
    scenario: Scenario, r: int, name: str, serves: tuple[int, ...], stage_at: dict[str, int]
) -> list[MemberTable]:
    role = scenario.staff[name]
    paces = role.serves or {}
    stage_names = list(stage_at)

    def pace_at(own: dict[str, float] | None) -> tuple[float, ...]:
        factors, unnamed = (paces, 1.0) if own is None else (own, 0.0)
        return tuple(factors.get(s, unnamed) if i in serves else 0.0 for i, s in enumerate(stage_names))

    if role.members is None:
        at_most = role.count
        if at_most is None:
            assert role.on_duty is not None  # the models require exactly one of the three
            at_most = max(count for by_time in role.on_duty.days for _, count in by_time.pairs)
        return [
            MemberTable(
                f"{name} {i + 1}", "", i, r, role.skill, False, role.adherence, role.pace, False, role.tenure,
                role.wage, role.at_once, pace_at(None), serves,
            )
            for i in range(at_most)
        ]  # fmt: skip
    return [
        MemberTable(
            name=person.name,
            key=person.name,
            position=i,
            role=r,
            skill=role.skill if person.skill is None else person.skill,
            own_skill=person.skill is not None,
            adherence=role.adherence if person.adherence is None else person.adherence,
            pace=role.pace if person.pace is None else person.pace,
            own_pace=person.pace is not None,
            tenure_min=role.tenure if person.tenure is None else person.tenure,
            wage=role.wage if person.wage is None else person.wage,
            at_once=role.at_once,
            pace_at=pace_at(person.serves),
            serves=serves if person.serves is None else tuple(stage_at[s] for s in person.serves),
        )
        for i, person in enumerate(role.members)
    ]
