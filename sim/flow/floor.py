"""The floor of the site, where customers join, wait, are served and go on. Engine state and its changes."""

from __future__ import annotations

from sim.errors import GuardStop
from sim.flow.arrivals import NO_APPOINTMENT
from sim.flow.attendance import Attendance
from sim.flow.blueprint import LEAVE, NOBODY, StageTable, TimedLaw
from sim.flow.busyness import busyness_of
from sim.flow.clock import Clock, Moment, call_at
from sim.flow.closing import Closing
from sim.flow.counts import Counts
from sim.flow.dispatcher import Dispatcher, WatchedDispatcher
from sim.flow.door import Door
from sim.flow.log import NEVER, Ended, Spell
from sim.flow.luck import FOR_EVER_US
from sim.flow.people import ABANDONED, BALKED, IN_SERVICE, SERVED, TURNED_AWAY, WAITING, Customer, Member, Visit
from sim.flow.places import Places
from sim.flow.plan import Plan
from sim.flow.recovery import Recovery
from sim.flow.reflection import Reflections
from sim.flow.service import Performance
from sim.flow.site import Site
from sim.order import PATIENCE_ENDS, PLACE_FREED, SERVICE_ENDS
from sim.rules.customer import announced_minutes, joining_chance
from sim.rules.routing import next_branch
from sim.units import DAY_US, MICROSECONDS_PER_MINUTE, to_us

VISITS_AT_ONE_INSTANT = 1_000_000

_ENDS = {
    BALKED: Ended.BALKED,
    ABANDONED: Ended.ABANDONED,
    TURNED_AWAY: Ended.TURNED_AWAY,
}


class Floor:
    """The state of the site at an instant. Its methods are the steps that an encounter is made of."""

    def __init__(self, plan: Plan, clock: Clock) -> None:
        site = plan.site
        self._clock = clock
        self._plan = plan
        self._site = site
        self._stages = site.stages
        members = [
            Member(i, table, person, site.roles[table.role].slowdown)
            for i, (table, person) in enumerate(zip(site.members, plan.state.people, strict=True))
        ]
        self.door = Door(plan, clock)
        self.counts = Counts(len(site.stages), clock)
        busyness = busyness_of(site, clock)
        if busyness is None:
            self.dispatcher = Dispatcher(plan, members, self._start, self._waste)
        else:
            self.dispatcher = WatchedDispatcher(plan, members, self._start, self._waste, busyness)
        self.attendance = Attendance(clock, self.dispatcher)
        self.places = Places(site)
        self.performance = Performance(plan, busyness)
        self.closing = Closing(site, self)
        management = site.scenario.management
        self._recovery = None if management.recovery is None else Recovery(site, management.recovery)
        self._reflections = None if management.reflection is None else Reflections(site, management.reflection)
        self._perform = self.performance.perform if self._recovery is None else self._perform_or_settle
        self._members = members
        self._take_in_hand = self.dispatcher.take_in_hand
        self._inside = self.counts.inside
        self._only_shelf = [
            None if stage.takes or not stage.has_queue else shelf
            for stage, shelf in zip(site.stages, self.dispatcher.only_shelf, strict=True)
        ]
        # Whether customers come back to a stage on their way, not just by a retry or a return: worth drawing for all.
        self._comes_round = [_comes_round(site, at) for at in range(len(site.stages))]
        self._heeds_clock = _heeds_clock(site)
        self._uses_pressure = site.uses_pressure
        self._horizon_us = site.horizon_us
        self._sequence = 0
        self._instant_us, self._visits_now = NEVER, 0
        self._remembers_staff = any(stage.same_as != NOBODY for stage in site.stages)
        self._looks_back = self._remembers_staff or self._reflections is not None
        self._only_target = [
            [route.targets[0] if len(route.targets) == 1 else None for route in stage.routes] for stage in site.stages
        ]

    def begin_period(self, plan: Plan) -> None:
        """A review has changed what management decides: new people, what they know, what they hold to."""
        self._plan = plan
        for member, person in zip(self._members, plan.state.people, strict=True):
            member.person = person
        self.performance.begin_period(plan)

    # ---- coming in and going out -----------------------------------------------------------------

    def arrive(self, who: Customer) -> Visit | None:
        """A customer's first arrival: her first visit, or None if she may not enter."""
        return self._join(who, who.table.start, who.arrived_us) if self.door.arrives(who) else None

    def come_back(self, who: Customer) -> Visit | None:
        """A return or a retry that is due now."""
        stage, who.comes_back_to = who.comes_back_to, LEAVE
        return self._join(who, stage, who.due_us) if self.door.admits(who) else None

    def _leave(self, who: Customer, now: int) -> None:
        for place in who.places:
            self._free_place(who, place)
        who.places = ()
        self.door.let_out(who, now)
        if not self.door.is_open:
            self.closing.send_home()

    # ---- joining a stage -------------------------------------------------------------------------

    def _join(self, who: Customer, at: int, now: int) -> Visit:
        """Come to a stage: start at once if a place and a member are free, else balk, wait or be sent off."""
        stage = self._stages[at]
        if now == self._instant_us:
            self._one_more_now(stage)
        else:
            self._instant_us, self._visits_now = now, 1
        bit = 1 << at
        if who.been_at & bit:
            visit = self._later_visit(who, at, now)
        else:
            who.been_at |= bit
            visit = Visit(who, at, 0, who.day_luck.first[at] or who.day_luck.at(at), who.row, now)
        if self._heeds_clock:
            self._heed_clock(visit, stage, now)
        who.visits.append(visit)
        shelf = self._only_shelf[at]
        if shelf:
            self._inside[at] += 1
            if stage.announces:
                visit.announced_us = 0
            self._start(visit, self._members[shelf[0][1]], now)
        elif shelf is not None:
            self._wait_or_not(visit, stage, NOBODY, now)
        else:
            self._join_with_care(visit, stage, now)
        return visit

    def _later_visit(self, who: Customer, at: int, now: int) -> Visit:
        passage = sum([visit.stage == at for visit in who.visits])
        if passage == 1 and self._comes_round[at]:
            return Visit(who, at, 1, who.day_luck.again_at(at), who.row, now)
        luck = self._plan.later_passage(who.segment, at, who.day, who.index, passage)
        return Visit(who, at, passage, luck, 0, now)

    def _heed_clock(self, visit: Visit, stage: StageTable, now: int) -> None:
        """Laws by time of day: the one in force now counts. An appointment: the wait counts from it."""
        who, luck, row = visit.customer, visit.luck, visit.row
        patience = who.table.patience[visit.stage]
        if len(stage.work.laws) > 1:
            visit.work_min = luck.work_min[self._law(stage.work)][row]
        if patience is not None and len(patience.laws) > 1:
            visit.patience_us = luck.patience_us[self._law(patience)][row]
        if who.appointment_us != NO_APPOINTMENT and not who.visits:
            visit.waits_from_us = max(now, who.appointment_us)

    def _join_with_care(self, visit: Visit, stage: StageTable, now: int) -> None:
        """The same where a place is held, where nobody serves, or where it matters who does."""
        needed = self.places.needed(visit)
        place = self.places.free_for(visit) if needed else NOBODY
        ready = place != NOBODY or not needed
        member = self.dispatcher.free_member(visit) if ready and stage.has_queue else None
        if not ready or (stage.has_queue and member is None):
            self._wait_or_not(visit, stage, place, now)
            return
        if place != NOBODY:
            self.places.seize(visit.customer, place)
        self._begin_at_once(visit, stage, member, now)

    def _one_more_now(self, stage: StageTable) -> None:
        self._visits_now += 1
        if self._visits_now > VISITS_AT_ONE_INSTANT:
            raise GuardStop(f"a million visits at one instant, the last at stage {stage.name}: time stands still")

    def _law(self, law: TimedLaw) -> int:
        return law.in_force(self._clock.now % DAY_US / MICROSECONDS_PER_MINUTE)

    def _begin_at_once(self, visit: Visit, stage: StageTable, member: Member | None, now: int) -> None:
        self._inside[visit.stage] += 1
        if stage.announces:
            visit.announced_us = 0
        self._start(visit, member, now)

    def _wait_or_not(self, visit: Visit, stage: StageTable, place: int, now: int) -> None:
        if stage.announces or stage.balks or not self.door.is_open:
            visit.standing = self._stands_who_must_wait(visit, stage)
            if visit.standing != WAITING:
                return
        self._sequence += 1
        visit.sequence = self._sequence
        self.counts.inside[visit.stage] += 1
        self.counts.change_waiting(visit.stage, 1, now)
        if place != NOBODY:
            self.places.seize(visit.customer, place)
        elif stage.takes and self.places.needed(visit):
            self.places.wait(visit)
            return
        self.dispatcher.lines[visit.stage].add(visit)

    def _stands_who_must_wait(self, visit: Visit, stage: StageTable) -> int:
        """Announcement, balking and closing time, in this order."""
        waiting = self.counts.waiting[visit.stage]
        if stage.announces == "expected_wait":
            hands = sum(self.dispatcher.hands_on_duty[role] for role in stage.roles)
            visit.announced_us = to_us(announced_minutes(waiting, stage.mean_service_min, hands))
            if stage.announce_balk and visit.announced_us > visit.patience_us:
                return BALKED
        elif stage.announces == "position":
            visit.announced_us = waiting
        if stage.balks:
            in_service = self.counts.inside[visit.stage] - waiting
            chance = joining_chance(
                waiting, in_service, stage.per_person_ahead, stage.if_wait, stage.inverse, stage.queue_limit
            )
            if visit.luck.balk[visit.row] >= chance:
                return BALKED
        if not self.door.is_open and not self.closing.lets_wait(visit):
            return TURNED_AWAY
        return WAITING

    # ---- waiting, and being served ---------------------------------------------------------------

    def wait(self, visit: Visit) -> None:
        """A customer whose turn has not come waits, if need be until her patience ends."""
        if visit.patience_us < FOR_EVER_US and visit.joined_us + visit.patience_us < self._horizon_us:
            who = visit.customer
            visit.patience_ends = Moment(self._clock, visit.patience_us, PATIENCE_ENDS + who.number, who.resume)

    def _start(self, visit: Visit, member: Member | None, now: int) -> None:
        """The visit leaves the line, if it was in one, and its service starts."""
        if visit.sequence:
            self.counts.change_waiting(visit.stage, -1, now)
        visit.started_us = now
        visit.standing = IN_SERVICE
        in_hand = 0
        if member is not None:
            in_hand = self._take_in_hand(member, now)
            visit.server = member
            visit.member = member.position
            visit.shift_us = member.clock_base_us + now - member.clock_from_us
            if self._uses_pressure:
                stage = self._stages[visit.stage]
                visit.present = sum([self.counts.inside[s] for s in stage.kin])
                visit.capacity = max(1, sum([self.dispatcher.hands_on_duty[role] for role in stage.roles]))
        duration = self._perform(visit, member, in_hand)
        self._clock.schedule(visit, SERVICE_ENDS + visit.customer.number, duration)
        if visit.patience_ends is not None:
            visit.patience_ends.callbacks = []  # what is left of her patience concerns nobody

    def _perform_or_settle(self, visit: Visit, member: Member | None, in_hand: int) -> int:
        """Perform a service in which a problem may be settled on the spot, where there is recovery."""
        assert self._recovery is not None
        return self.performance.perform(visit, member, in_hand) + self._recovery.settling_us(visit)

    def send_off(self, visit: Visit, now: int) -> None:
        """Turn a waiting visit away."""
        visit.standing = TURNED_AWAY
        self.stop_waiting(visit, now)
        if visit.patience_ends is not None:
            visit.patience_ends.callbacks = []
        visit.customer.resume(visit)

    def _waste(self, visit: Visit, member: Member, now: int) -> None:
        """A member turns to a customer who has left without a word."""
        self._take_in_hand(member, now)
        ends, visit.ghost_us = now + visit.ghost_us, 0
        self._occupy(member, Spell.WASTED, visit, now, ends)

    def _occupy(self, member: Member, kind: Spell, visit: Visit, now: int, ends: int) -> None:
        """Keep the hand that is on a visit until ``ends``, though the customer has gone; then it is free."""

        def done() -> None:
            self.attendance.note(member, kind, now, ends)
            self.dispatcher.release(member, ends)
            self._turn_or_go(member, ends)

        call_at(self._clock, ends, SERVICE_ENDS + visit.customer.number, done)

    def go_on(self, visit: Visit) -> Visit | None:
        """A service ends: the customer joins her next stage or leaves (None); then the freed member takes who waits.

        In this order: another free member may have taken her, and the freed one may take her from the line.
        """
        now = self._clock.now
        at, who, member = visit.stage, visit.customer, visit.server
        stage = self._stages[at]
        visit.ended_us = now
        visit.standing = SERVED
        self._inside[at] -= 1
        if member is not None:
            if self._looks_back and self._is_on_her_mind(visit, member, now):
                member = None  # she turns to nobody yet
            else:
                self.dispatcher.release(member, now)
        for place in stage.frees:
            if place in who.places:
                who.places = tuple(held for held in who.places if held != place)
                self._free_place(who, place)
        if visit.error == 1 and stage.returns and visit.luck.returns[visit.row] < stage.returns:
            self._pend(who, stage.returns_to, stage.return_after, visit.luck.return_after[visit.row])
        target = self._only_target[at][who.segment]
        if target is None:
            route = stage.routes[who.segment]
            target = route.targets[next_branch(visit.luck.route[visit.row], route.cumulative)]
        if self._recovery is not None:
            target = self._recovery.next_after(visit, target, now)
        joined = None
        if target != LEAVE:
            joined = self._join(who, target, now)
        else:
            self._leave(who, now)
        if member is not None:
            if member.on_duty and self.door.is_open:
                self.dispatcher.turn_to_next(member, now)
            else:
                self._turn_or_go(member, now)
        elif self._reflections is not None and not self.door.is_open:
            self.closing.send_home()  # others may go while she thinks
        return joined

    def _is_on_her_mind(self, visit: Visit, member: Member, now: int) -> bool:
        """Remember who served the customer, where a stage asks; and whether the member thinks the service over now."""
        if self._remembers_staff:
            visit.customer.served_by = ((visit.stage, member.position), *visit.customer.served_by)
        if self._reflections is None or not self._reflections.follows(visit, now):
            return False
        self._occupy(member, Spell.REFLECTING, visit, now, now + self._reflections.time_us)
        return True

    def _turn_or_go(self, member: Member, now: int) -> None:
        """A freed member takes who waits, or has a break, or goes: her roster has ended, or nobody needs her."""
        if member.on_duty:
            self.dispatcher.turn_to_next(member, now)
        elif not member.in_hand:
            self.attendance.hands_empty(member)
        if not self.door.is_open:
            self.closing.send_home()

    def lose(self, visit: Visit) -> None:
        """A visit ends without service: balked, out of patience, or sent off. The customer leaves."""
        now = self._clock.now
        who, stage = visit.customer, self._stages[visit.stage]
        visit.ended_us = now
        if visit.standing == WAITING:
            visit.standing = ABANDONED
            silent = who.table.silent[visit.stage]
            if silent is not None and visit.luck.silent[visit.row] < silent[0] and not visit.place_due:
                visit.ghost_us = silent[1]  # she stays in the line, as staff see it
            self.stop_waiting(visit, now)
        if self._recovery is not None and self._recovery.gives_up(who):
            self._leave(who, now)
            return
        who.ended_as = _ENDS[visit.standing]
        if stage.retry and visit.standing != TURNED_AWAY and visit.luck.retry[visit.row] < stage.retry:
            self._pend(who, visit.stage, stage.retry_after, visit.luck.retry_after[visit.row])
        self._leave(who, now)

    def stop_waiting(self, visit: Visit, now: int) -> None:
        """Take a visit out of whatever it waits in."""
        self.counts.inside[visit.stage] -= 1
        self.counts.change_waiting(visit.stage, -1, now)
        if visit.place_due:
            self.places.forget(visit)
        elif not visit.ghost_us:
            self.dispatcher.lines[visit.stage].discard(visit)

    def _pend(self, who: Customer, stage: int, after: TimedLaw | None, u: float) -> None:
        """Fix a return or retry; at most one is pending, the first."""
        if who.comes_back_to == LEAVE:
            assert after is not None  # the scenario gives a delay wherever it lets customers come back
            minutes = after.laws[self._law(after)].quantile(u)
            who.comes_back_to = stage
            who.away_for_us = to_us(min(minutes, 1e9))

    # ---- places ----------------------------------------------------------------------------------

    def _free_place(self, who: Customer, place: int) -> None:
        """A place is free for others only after what this instant has still to end."""
        call_at(self._clock, self._clock.now, PLACE_FREED + who.number, lambda: self._hand_over(place))

    def _hand_over(self, place: int) -> None:
        visit, now = self.places.give_back(place), self._clock.now
        if visit is None:
            return
        if not self._stages[visit.stage].has_queue:
            self._start(visit, None, now)
            return
        member = self.dispatcher.free_member(visit)
        if member is None:
            self.dispatcher.lines[visit.stage].add(visit)
        else:
            self._start(visit, member, now)

    def stop(self) -> None:
        """The horizon: close the books of queues, staff and those still under way."""
        self.counts.stop()
        self.attendance.stop()
        self.door.stop()


def _heeds_clock(site: Site) -> bool:
    """Whether anything a customer brings depends on when she joins."""
    laws = [stage.work for stage in site.stages] + [p for c in site.customers for p in c.patience if p is not None]
    booked = any(segment.arrivals.at is not None for segment in site.scenario.customers.values())
    return booked or any(len(law.laws) > 1 for law in laws)


def _comes_round(site: Site, at: int) -> bool:
    """Whether a stage's customers may be routed back to it."""
    onward = {target for route in site.stages[at].routes for target in route.targets if target != LEAVE}
    return any(site.stages[target].reach >> at & 1 for target in onward)
