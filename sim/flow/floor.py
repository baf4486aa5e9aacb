"""The floor of the site: where customers enter, join, wait, are served and leave. Engine state and its changes."""

from __future__ import annotations

import simpy

from sim.errors import GuardStop
from sim.flow.arrivals import NO_APPOINTMENT
from sim.flow.attendance import Attendance
from sim.flow.calendar import next_opening, open_spans
from sim.flow.clock import Clock, Moment, call_at
from sim.flow.dispatcher import Dispatcher
from sim.flow.log import NEVER, Ended
from sim.flow.luck import FOR_EVER_US, Luck
from sim.flow.people import Customer, Member, Stands, Visit
from sim.flow.places import Places
from sim.flow.plan import Plan
from sim.flow.service import Performance
from sim.flow.site import LEAVE, NOBODY, StageTable, TimedLaw
from sim.order import ARRIVAL, PATIENCE_ENDS, PLACE_FREED, SERVICE_ENDS
from sim.rules.customer import announced_minutes, joining_chance
from sim.rules.routing import next_branch
from sim.units import DAY_US, MICROSECONDS_PER_MINUTE, to_us

EVENTS_AT_ONE_INSTANT = 1_000_000

_ENDS = {
    Stands.BALKED: Ended.BALKED,
    Stands.ABANDONED: Ended.ABANDONED,
    Stands.TURNED_AWAY: Ended.TURNED_AWAY,
}


class Floor:
    """The state of the site at an instant. Its methods are the steps that an encounter is made of."""

    def __init__(self, plan: Plan, env: Clock) -> None:
        site = plan.site
        self._env = env
        self._plan = plan
        self._site = site
        self._stages = site.stages
        members = [
            Member(i, table, person)
            for i, (table, person) in enumerate(zip(site.members, plan.state.people, strict=True))
        ]
        self.dispatcher = Dispatcher(plan, members, self._serve)
        self.attendance = Attendance(env, self.dispatcher)
        self.places = Places(site)
        self.performance = Performance(plan)
        n = len(site.stages)
        self.inside = [0] * n  # visits waiting or in service
        self.waiting = [0] * n
        self.queue_area_us = [0] * n
        self._queue_since_us = [0] * n
        self.people_inside = 0
        self.encounters_inside = 0
        self.arrivals = [0] * len(site.segments)
        self.live: dict[int, Customer] = {}  # every encounter that has not ended, also those away for a while
        self.finished: list[Customer] = []
        self.is_open = site.never_closes
        self.last_departure_us = 0
        self.warnings: list[str] = []
        self._sequence = 0
        self._capacity = site.scenario.site.capacity
        self._max_in_system = site.scenario.site.max_in_system
        self._instant_us, self._events_now = NEVER, 0
        self._remembers_staff = any(stage.same_as != NOBODY for stage in site.stages)

    # ---- the door --------------------------------------------------------------------------------

    def arrive(self, who: Customer) -> None:
        """A customer's first arrival."""
        self.arrivals[who.segment] += 1
        self.live[who.number] = who

    def enter(self, who: Customer) -> bool:
        """Let a customer onto the site, or not: closed, or full."""
        if not self.is_open:
            who.ended_as = Ended.TURNED_AWAY
            return False
        if self._capacity is not None and self.people_inside + who.group > self._capacity:
            who.ended_as = Ended.BLOCKED
            return False
        self.people_inside += who.group
        self.encounters_inside += 1
        if self.encounters_inside > self._max_in_system:
            raise GuardStop(
                f"more than {self._max_in_system} customers inside on day {self._env.now // DAY_US}: arrivals outrun"
                " the staff; add staff, let customers leave, or raise site.max_in_system"
            )
        return True

    def leave(self, who: Customer) -> None:
        """A customer goes; what she holds is freed; a return or retry that is due is fixed."""
        for place in who.places:
            self._free_place(who, place)
        who.places = ()
        self.people_inside -= who.group
        self.encounters_inside -= 1
        self.last_departure_us = self._env.now
        if not self.is_open:
            self._send_home()

    def comes_back(self, who: Customer) -> bool:
        """Whether a return or retry of the customer falls within the horizon; what does not is lost."""
        now = self._env.now
        if who.comes_back_to != LEAVE:
            due = self._when_open(who.due_us)
            if due is not None:
                who.due_us = due
                who.away_us += due - now
                return True
            who.return_lost = True
        who.left_us = now
        del self.live[who.number]
        self.finished.append(who)
        return False

    def away(self, who: Customer) -> simpy.Event:
        """Wait elsewhere until a return or retry is due."""
        return Moment(self._env, who.due_us, ARRIVAL + who.number)

    def _when_open(self, at_us: int) -> int | None:
        """The instant itself if the site is open then, else the next opening; None beyond the horizon."""
        if self._site.never_closes:
            return at_us if at_us < self._site.horizon_us else None
        for day in (at_us // DAY_US - 1, at_us // DAY_US):
            if 0 <= day < self._site.days:
                for opens, closes in open_spans(self._site, day):
                    if opens <= at_us < closes:
                        return at_us
        return next_opening(self._site, at_us)

    # ---- joining a stage -------------------------------------------------------------------------

    def join(self, who: Customer, at: int) -> Visit:
        """Come to a stage: start at once if a place and a member are free, else balk, wait or be sent off."""
        stage = self._stages[at]
        visit = self._visit(who, at, stage)
        place = self.places.free_for(visit) if stage.takes and self.places.needed(visit) else NOBODY
        ready = place != NOBODY or not (stage.takes and self.places.needed(visit))
        member = self.dispatcher.free_member(visit) if ready and stage.has_queue else None
        if member is None and not (ready and not stage.has_queue):
            visit.standing = self._stands_who_must_wait(visit, stage)
            if visit.standing == Stands.WAITING:
                self._line_up(visit, stage, place)
            return visit
        if place != NOBODY:
            self.places.seize(who, place)
        self.inside[at] += 1
        if stage.announces:
            visit.announced_us = 0
        if member is None:
            self._start(visit, None, 0)
        else:
            self.dispatcher.begin(member, visit, self._env.now)
        return visit

    def _visit(self, who: Customer, at: int, stage: StageTable) -> Visit:
        now = self._env.now
        if now != self._instant_us:
            self._instant_us, self._events_now = now, 0
        self._events_now += 1
        if self._events_now > EVENTS_AT_ONE_INSTANT:
            raise GuardStop(f"a million visits at one instant, the last at stage {stage.name}: time stands still")
        passage = who.passages.get(at, 0)
        who.passages[at] = passage + 1
        luck = self._luck(who, at, passage)
        work_min = luck.work_min[0] if len(luck.work_min) == 1 else luck.work_min[self._law(stage.work)]
        visit = Visit(who, at, passage, luck, work_min, now)
        if luck.patience_us:
            law = who.table.patience[at]
            assert law is not None  # the luck has a patience because the segment has one
            visit.patience_us = luck.patience_us[0 if len(luck.patience_us) == 1 else self._law(law)]
        if who.appointment_us != NO_APPOINTMENT and not who.visits:
            visit.waits_from_us = max(now, who.appointment_us)
        who.visits.append(visit)
        return visit

    def _luck(self, who: Customer, at: int, passage: int) -> Luck:
        if passage == 0:
            return who.drawn[at][who.row]
        return self._plan.later_passage(who.segment, at, who.day, who.index, passage)

    def _law(self, law: TimedLaw) -> int:
        return law.in_force(self._env.now % DAY_US / MICROSECONDS_PER_MINUTE)

    def _stands_who_must_wait(self, visit: Visit, stage: StageTable) -> int:
        """Announcement, balking and closing time, in this order."""
        waiting = self.waiting[visit.stage]
        if stage.announces == "expected_wait":
            hands = sum(self.dispatcher.hands_on_duty[role] for role in stage.roles)
            visit.announced_us = to_us(announced_minutes(waiting, stage.mean_service_min, hands))
            if stage.announce_balk and visit.announced_us > visit.patience_us:
                return Stands.BALKED
        elif stage.announces == "position":
            visit.announced_us = waiting
        if stage.balks:
            in_service = self.inside[visit.stage] - waiting
            chance = joining_chance(
                waiting, in_service, stage.per_person_ahead, stage.if_wait, stage.inverse, stage.queue_limit
            )
            if visit.luck.balk >= chance:
                return Stands.BALKED
        if not self.is_open and (not self._site.serve_at_close or not self._someone_stays_for(visit)):
            return Stands.TURNED_AWAY
        return Stands.WAITING

    def _line_up(self, visit: Visit, stage: StageTable, place: int) -> None:
        self._sequence += 1
        visit.sequence = self._sequence
        self.inside[visit.stage] += 1
        self._count_waiting(visit.stage, 1)
        if place != NOBODY:
            self.places.seize(visit.customer, place)
        elif stage.takes and self.places.needed(visit):
            self.places.wait(visit)
            return
        self.dispatcher.lines[visit.stage].add(visit)

    def _count_waiting(self, at: int, change: int) -> None:
        now = self._env.now
        self.queue_area_us[at] += self.waiting[at] * (now - self._queue_since_us[at])
        self._queue_since_us[at] = now
        self.waiting[at] += change

    # ---- waiting, and being served ---------------------------------------------------------------

    def wait(self, visit: Visit) -> simpy.Event:
        """What a waiting customer waits on: her turn, or the end of her patience."""
        deadline = visit.joined_us + visit.patience_us
        if visit.patience_us < FOR_EVER_US and deadline < self._site.horizon_us:
            visit.turn = Moment(self._env, deadline, PATIENCE_ENDS + visit.customer.number)
        else:
            visit.turn = simpy.Event(self._env)
        return visit.turn

    def _serve(self, member: Member, visit: Visit) -> None:
        """The dispatcher's decision carried out: the visit leaves the line and its service starts."""
        if visit.ghost_us:
            self._waste(member, visit)
            return
        if visit.sequence:
            self._count_waiting(visit.stage, -1)
        self._start(visit, member, member.in_hand - 1)
        self._go_on(visit)

    def _start(self, visit: Visit, member: Member | None, in_hand: int) -> None:
        now = self._env.now
        visit.started_us = now
        visit.standing = Stands.IN_SERVICE
        if member is not None:
            visit.member = member.position
            visit.shift_us = member.on_shift_us(now)
            if self._site.uses_pressure:
                stage = self._stages[visit.stage]
                visit.present = sum(self.inside[s] for s in stage.kin)
                visit.capacity = max(1, sum(self.dispatcher.hands_on_duty[role] for role in stage.roles))
        duration = self.performance.perform(visit, member, in_hand, now)
        visit.service_ends = Moment(self._env, now + duration, SERVICE_ENDS + visit.customer.number)

    @staticmethod
    def _go_on(visit: Visit) -> None:
        """Wake the customer; what is left of her patience no longer concerns anybody."""
        if visit.turn is not None:
            callbacks, visit.turn.callbacks = visit.turn.callbacks, []
            for callback in callbacks:
                callback(visit.turn)

    def _waste(self, member: Member, visit: Visit) -> None:
        """A member turns to a customer who has left without a word."""
        now = self._env.now
        ends, visit.ghost_us = now + visit.ghost_us, 0

        def done() -> None:
            self.attendance.waste(member, now, ends)
            self.dispatcher.release(member, ends)
            self.turn_to_next(member)

        call_at(self._env, ends, SERVICE_ENDS + visit.customer.number, done)

    def complete(self, visit: Visit) -> tuple[Member | None, int]:
        """End a service: note it, free a place, decide on a return and on what comes next.

        Gives the member, who turns to the next only when the customer has joined her next stage, and that stage.
        """
        now = self._env.now
        at, who, luck = visit.stage, visit.customer, visit.luck
        stage = self._stages[at]
        visit.ended_us = now
        visit.standing = Stands.SERVED
        self.inside[at] -= 1
        member = None
        if visit.member != NOBODY:
            member = self.dispatcher.members[visit.member]
            self.dispatcher.release(member, now)
            if self._remembers_staff:
                who.served_by[at] = visit.member
        for place in stage.frees:
            if place in who.places:
                who.places = tuple(held for held in who.places if held != place)
                self._free_place(who, place)
        if visit.error == 1 and luck.returns < stage.returns and who.comes_back_to == LEAVE:
            assert stage.return_after is not None
            self._pend(who, stage.returns_to, stage.return_after, luck.return_after)
        route = stage.routes[who.segment]
        return member, route.targets[next_branch(luck.route, route.cumulative)]

    def turn_to_next(self, member: Member | None) -> None:
        """A freed member takes who waits; one whose roster has ended goes."""
        if member is None:
            return
        if not member.on_duty and not member.in_hand:
            self.attendance.hands_empty(member)
        self.dispatcher.turn_to_next(member, self._env.now)
        if not self.is_open:
            self._send_home()

    def lose(self, visit: Visit) -> None:
        """A visit ends without service: balked, out of patience, or sent off. She may try again later."""
        who, at = visit.customer, visit.stage
        stage = self._stages[at]
        visit.ended_us = self._env.now
        if visit.standing == Stands.WAITING:
            visit.standing = Stands.ABANDONED
            silent = who.table.silent[at]
            if silent is not None and visit.luck.silent < silent[0] and not visit.place_due:
                visit.ghost_us = silent[1]  # she stays in the line, as staff see it
            self._stop_waiting(visit)
        who.ended_as = _ENDS[visit.standing]
        again = visit.standing != Stands.TURNED_AWAY and visit.luck.retry < stage.retry
        if again and who.comes_back_to == LEAVE:
            assert stage.retry_after is not None
            self._pend(who, at, stage.retry_after, visit.luck.retry_after)

    def _stop_waiting(self, visit: Visit) -> None:
        self.inside[visit.stage] -= 1
        self._count_waiting(visit.stage, -1)
        if visit.place_due:
            self.places.forget(visit)
        elif not visit.ghost_us:
            self.dispatcher.lines[visit.stage].discard(visit)

    def _pend(self, who: Customer, stage: int, after: TimedLaw, u: float) -> None:
        minutes = after.laws[self._law(after)].quantile(u)
        who.comes_back_to = stage
        who.due_us = self._env.now + to_us(min(minutes, 1e9))

    # ---- places ----------------------------------------------------------------------------------

    def _free_place(self, who: Customer, place: int) -> None:
        """A place is free for others only after what this instant has still to end."""
        call_at(self._env, self._env.now, PLACE_FREED + who.number, lambda: self._hand_over(place))

    def _hand_over(self, place: int) -> None:
        visit = self.places.give_back(place)
        if visit is None:
            return
        if not self._stages[visit.stage].has_queue:
            self._count_waiting(visit.stage, -1)
            self._start(visit, None, 0)
            self._go_on(visit)
            return
        member = self.dispatcher.free_member(visit)
        if member is None:
            self.dispatcher.lines[visit.stage].add(visit)
        else:
            self.dispatcher.begin(member, visit, self._env.now)

    # ---- opening and closing ---------------------------------------------------------------------

    def open(self) -> None:
        """Opening time; work left from before goes on."""
        if self.encounters_inside:
            self._warn("work was left at closing time and went on at the next opening")
        self.is_open = True

    def close(self) -> None:
        """Closing time: arrivals stop, and those waiting are served by who stays, or sent off."""
        self.is_open = False
        self.attendance.close(self._site.serve_at_close or self.encounters_inside > 0)
        waiting = [visit for line in self.dispatcher.lines for visit in line.waiting() if not visit.ghost_us]
        waiting += self.places.waiting()
        for visit in sorted(waiting, key=lambda v: v.sequence):
            if visit.standing != Stands.WAITING:
                continue
            if not self._site.serve_at_close:
                self._turn_away(visit)
            elif not self._someone_stays_for(visit):
                stage = self._stages[visit.stage].name
                self._warn(f"stage {stage}: customers were sent off at closing time, nobody on duty could serve them")
                self._turn_away(visit)
        self._send_home()

    def _turn_away(self, visit: Visit) -> None:
        visit.standing = Stands.TURNED_AWAY
        self._stop_waiting(visit)
        self._go_on(visit)

    def _someone_stays_for(self, visit: Visit) -> bool:
        if not self._stages[visit.stage].has_queue:
            return True
        return any(self.dispatcher.may_serve(member, visit) for member in self.attendance.staying())

    def _send_home(self) -> None:
        """Those who could serve nobody still inside go home."""
        needed = 0
        for at, inside in enumerate(self.inside):
            if inside:
                needed |= self._stages[at].reach
        self.attendance.send_home(needed)

    def _warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)

    # ---- days, and the end -----------------------------------------------------------------------

    def stop(self) -> None:
        """The horizon: close the books of queues, staff and those still under way."""
        for at in range(len(self._stages)):
            self._count_waiting(at, 0)
        self.attendance.stop()
        for who in self.live.values():
            who.ended_as = Ended.UNFINISHED
        self.finished += self.live.values()
