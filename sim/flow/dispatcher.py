"""Who serves whom: free members on the shelf, waiting customers in line, and the two rules that bring them together."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable

from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from sim.flow.lines import Line, line_for
from sim.flow.people import Member, Visit
from sim.flow.plan import Plan
from sim.flow.site import NOBODY, Choose, Picks, StageTable
from sim.rules.routing import pick_index

Serve = Callable[[Member, Visit], None]


class Dispatcher:
    """Keeps free members and waiting visits. A member is assigned here, the moment it is decided."""

    def __init__(self, plan: Plan, members: list[Member], serve: Serve) -> None:
        site = plan.site
        self._plan = plan
        self._stages = site.stages
        self._roles = site.roles
        self._choose = site.choose
        self.members = members
        self._serve = serve
        self._hands = range(max((role.at_once for role in site.roles), default=1))
        # Free members by role and customers in hand: (idle since, position), so that the first is longest idle.
        self._shelves: list[list[list[tuple[int, int]]]] = [[[] for _ in self._hands] for _ in site.roles]
        self._alike = [all(members[m].table.pace_at[s] > 0 for r in stage.roles for m in site.roles[r].members)
                       for s, stage in enumerate(site.stages)]  # fmt: skip
        self.lines: list[Line] = [
            line_for(stage, alike, self.may_serve) for stage, alike in zip(site.stages, self._alike, strict=True)
        ]
        self._picks = [0] * len(site.stages)  # so far, by stage: the counter of the random discipline
        self.hands_on_duty = [0] * len(site.roles)  # places at once of those on duty and not on a break

    def may_serve(self, member: Member, visit: Visit) -> bool:
        """Whether this member may take this visit: her stages, and the one who served the customer before."""
        stage = self._stages[visit.stage]
        if member.table.pace_at[visit.stage] <= 0 or member.role not in stage.roles:
            return False
        if stage.same_as == NOBODY:
            return True
        own = visit.customer.served_by.get(stage.same_as, NOBODY)
        if own in (NOBODY, member.position):
            return True
        return stage.or_any and not self.members[own].rostered and not self.members[own].on_duty

    def free_member(self, visit: Visit) -> Member | None:
        """The member who takes a joining visit: fewest in hand, then the stage's order of roles, then the choice."""
        stage = self._stages[visit.stage]
        for hand in self._hands:
            for rank in stage.ranks:
                if len(rank) == 1:
                    shelf = self._shelves[rank[0]][hand]
                else:
                    shelf = sorted(entry for role in rank for entry in self._shelves[role][hand])
                if shelf:
                    member = self._chosen(stage, visit, shelf)
                    if member is not None:
                        return member
        return None

    def _chosen(self, stage: StageTable, visit: Visit, shelf: list[tuple[int, int]]) -> Member | None:
        if stage.same_as != NOBODY or not self._alike[visit.stage]:
            shelf = [entry for entry in shelf if self.may_serve(self.members[entry[1]], visit)]
            if not shelf:
                return None
        if self._choose == Choose.LONGEST_IDLE:
            return self.members[shelf[0][1]]
        positions = sorted(position for _, position in shelf)
        if self._choose == Choose.FASTEST:
            return self.members[min(positions, key=lambda p: self.members[p].slow[visit.stage])]
        if self._choose == Choose.MOST_SKILLED:
            return self.members[max(positions, key=lambda p: (self.members[p].person.z, -p))]
        if self._choose == Choose.RANDOM:
            return self.members[positions[pick_index(visit.luck.choose, len(positions))]]
        return self.members[positions[0]]

    def begin(self, member: Member, visit: Visit, now: int) -> None:
        """Put a visit into a member's hands."""
        self._unshelve(member)
        member.in_hand += 1
        member.idle_since_us = now
        self._serve(member, visit)
        self._shelve(member)

    def release(self, member: Member, now: int) -> None:
        """One customer less in hand; the member is taken by nobody until she turns to the next."""
        self._unshelve(member)
        member.in_hand -= 1
        member.idle_since_us = now

    def turn_to_next(self, member: Member, now: int) -> None:
        """Let a member with a free hand take who waits, as her role picks; else she is free."""
        while member.on_duty and member.in_hand < member.at_once:
            visit = self._next_for(member)
            if visit is None:
                break
            self.begin(member, visit, now)
        self._shelve(member)

    def _next_for(self, member: Member) -> Visit | None:
        role = self._roles[member.role]
        stages = role.serves
        if len(stages) > 1:
            stage = self._line_of_choice(member, role.picks, stages)
            if stage == NOBODY:
                return None
        elif stages:
            stage = stages[0]
        else:
            return None
        return self.lines[stage].take(member, lambda: self._luck_of_pick(stage))

    def _line_of_choice(self, member: Member, picks: Picks, stages: tuple[int, ...]) -> int:
        waiting = [(s, visit) for s in stages if (visit := self.lines[s].oldest(member)) is not None]
        if not waiting:
            return NOBODY
        if picks == Picks.IN_ORDER or (picks == Picks.OWN_FIRST and waiting[0][0] == stages[0]):
            return waiting[0][0]
        return min(waiting, key=lambda w: (w[1].joined_us, w[1].sequence))[0]

    def _luck_of_pick(self, stage: int) -> float:
        """The uniform of a random discipline's next choice; it belongs to the stage, no customer brings it."""
        self._picks[stage] += 1
        plan = self._plan
        key = stream_key(plan.seed, plan.replication, "queue.random", self._stages[stage].name)
        return uniform(key, self._picks[stage], plan.period)

    def set_on_duty(self, member: Member, on_duty: bool) -> None:
        """The one place where a member begins or ceases to take customers."""
        if member.on_duty != on_duty:
            member.on_duty = on_duty
            self.hands_on_duty[member.role] += member.at_once if on_duty else -member.at_once
        if not on_duty:
            self._unshelve(member)

    def _shelve(self, member: Member) -> None:
        if member.shelf is None and member.on_duty and member.in_hand < member.at_once:
            member.shelf = (member.idle_since_us, member.position)
            insort(self._shelves[member.role][member.in_hand], member.shelf)

    def _unshelve(self, member: Member) -> None:
        if member.shelf is not None:
            shelf = self._shelves[member.role][member.in_hand]
            del shelf[bisect_left(shelf, member.shelf)]
            member.shelf = None
