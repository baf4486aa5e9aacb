"""Who serves whom: free members on the shelf, waiting customers in line, and what brings the two together."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from functools import partial

from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from sim.flow.blueprint import NOBODY, Choose, Picks, StageTable
from sim.flow.busyness import Busyness
from sim.flow.lines import Line, line_for
from sim.flow.people import Member, Visit
from sim.flow.plan import Plan
from sim.rules.routing import pick_index

Start = Callable[[Visit, Member, int], None]
Waste = Callable[[Visit, Member, int], None]
Shelf = list[tuple[int, int]]
"""Free members with the same number in hand: (idle since, position), so that the first is the longest idle."""


class Dispatcher:
    """Keeps free members and waiting visits. A member is assigned here, the moment it is decided."""

    def __init__(self, plan: Plan, members: list[Member], start: Start, waste: Waste) -> None:
        """``start`` carries out a decision; ``waste`` one that fell on a customer who had silently left."""
        site = plan.site
        self._plan = plan
        self._stages = site.stages
        self._roles = site.roles
        self._choose = site.choose
        self.members = members
        self._start = start
        self._waste = waste
        self._hands = range(max((role.at_once for role in site.roles), default=1))
        self._shelves: list[list[Shelf]] = [[[] for _ in self._hands] for _ in site.roles]  # by role, in hand
        self._picked = [0] * len(site.stages)  # choices at random so far: the counter of their luck
        self.hands_on_duty = [0] * len(site.roles)  # places at once of those on duty and not on a break
        alike = [self._all_serve(s, stage) for s, stage in enumerate(site.stages)]
        self._everybody = [alike[s] and stage.same_as == NOBODY for s, stage in enumerate(site.stages)]
        self.only_shelf = [self._shelf_of(s, stage) for s, stage in enumerate(site.stages)]
        self.lines: list[Line] = [
            line_for(stage, alike[s], self.may_serve, partial(self._luck_of_pick, s))
            for s, stage in enumerate(site.stages)
        ]
        self._only_line = [self.lines[r.serves[0]] if len(r.serves) == 1 else None for r in site.roles]
        self._passes_on = any(stage.or_any for stage in site.stages)

    def _all_serve(self, at: int, stage: StageTable) -> bool:
        """Whether every member of the stage's roles serves it."""
        return all(self.members[m].table.pace_at[at] > 0 for role in stage.roles for m in self._roles[role].members)

    def _shelf_of(self, at: int, stage: StageTable) -> Shelf | None:
        """The shelf whose first member takes any visit of the stage, where it is as simple as that; else None."""
        simple = self._everybody[at] and self._choose == Choose.LONGEST_IDLE and len(self._hands) == 1
        return self._shelves[stage.roles[0]][0] if simple and len(stage.roles) == 1 else None

    def may_serve(self, member: Member, visit: Visit) -> bool:
        """Whether this member may take this visit: her stages, and the one who served the customer before."""
        stage = self._stages[visit.stage]
        if member.table.pace_at[visit.stage] <= 0 or member.role not in stage.roles:
            return False
        if stage.same_as == NOBODY:
            return True
        own = next((m for s, m in visit.customer.served_by if s == stage.same_as), NOBODY)
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
                    member = self._chosen(visit, shelf)
                    if member is not None:
                        return member
        return None

    def _chosen(self, visit: Visit, shelf: Shelf) -> Member | None:
        members, at = self.members, visit.stage
        if not self._everybody[at]:
            shelf = [entry for entry in shelf if self.may_serve(members[entry[1]], visit)]
            if not shelf:
                return None
        if self._choose == Choose.LONGEST_IDLE:
            return members[shelf[0][1]]
        positions = sorted(position for _, position in shelf)
        if self._choose == Choose.FASTEST:
            return members[min(positions, key=lambda p: members[p].slow[at])]
        if self._choose == Choose.MOST_SKILLED:
            return members[max(positions, key=lambda p: (members[p].person.z, -p))]
        if self._choose == Choose.RANDOM:
            return members[positions[pick_index(visit.luck.choose[visit.row], len(positions))]]
        return members[positions[0]]

    def take_in_hand(self, member: Member, now: int) -> int:
        """One customer more in a member's hands; gives how many she had."""
        if member.shelf is not None:
            self._unshelve(member)
        in_hand = member.in_hand
        member.in_hand = in_hand + 1
        member.idle_since_us = now
        if in_hand + 1 < member.at_once:
            self._shelve(member)
        return in_hand

    def release(self, member: Member, now: int) -> None:
        """One customer less in hand; the member is taken by nobody until she turns to the next."""
        if member.shelf is not None:
            self._unshelve(member)
        member.in_hand -= 1
        member.idle_since_us = now

    def turn_to_next(self, member: Member, now: int) -> None:
        """Let a member with a free hand take who waits, as her role picks; else she is free."""
        only = self._only_line[member.role]
        while member.on_duty and member.in_hand < member.at_once:
            line = self._line_of_choice(member) if only is None else only
            visit = None if line is None else line.take(member)
            if visit is None:
                self._shelve(member)
                return
            if visit.ghost_us:
                self._waste(visit, member, now)
            else:
                self._start(visit, member, now)

    def _line_of_choice(self, member: Member) -> Line | None:
        picks, serves = self._roles[member.role].picks, member.table.serves
        waiting = [(s, visit) for s in serves if (visit := self.lines[s].oldest(member)) is not None]
        if not waiting:
            return None
        if picks == Picks.IN_ORDER or (picks == Picks.OWN_FIRST and waiting[0][0] == serves[0]):
            return self.lines[waiting[0][0]]
        return self.lines[min(waiting, key=lambda w: (w[1].joined_us, w[1].sequence))[0]]

    def _luck_of_pick(self, stage: int) -> float:
        """The uniform of a random discipline's next choice; it belongs to the stage, no customer brings it."""
        self._picked[stage] += 1
        plan = self._plan
        key = stream_key(plan.seed, plan.replication, "queue.random", self._stages[stage].name)
        return uniform(key, self._picked[stage], plan.period)

    def let_others_take(self, now: int) -> None:
        """A member has gone off duty: where anybody may then serve her customers, free members look again."""
        for member in self.members if self._passes_on else ():
            self.turn_to_next(member, now)

    def set_on_duty(self, member: Member, on_duty: bool) -> None:
        """The one place where a member begins or ceases to take customers."""
        if member.on_duty != on_duty:
            member.on_duty = on_duty
            self.hands_on_duty[member.role] += member.at_once if on_duty else -member.at_once
        if not on_duty and member.shelf is not None:
            self._unshelve(member)

    def _shelve(self, member: Member) -> None:
        if member.shelf is None and member.on_duty:
            member.shelf = (member.idle_since_us, member.position)
            insort(self._shelves[member.role][member.in_hand], member.shelf)

    def _unshelve(self, member: Member) -> None:
        assert member.shelf is not None  # callers look first: most members are not on the shelf
        shelf = self._shelves[member.role][member.in_hand]
        del shelf[bisect_left(shelf, member.shelf)]
        member.shelf = None


class WatchedDispatcher(Dispatcher):
    """The same where it matters how busy staff have been: every change of hands or duty is told."""

    def __init__(self, plan: Plan, members: list[Member], start: Start, waste: Waste, busyness: Busyness) -> None:
        """``busyness`` is told; the rest as for ``Dispatcher``."""
        super().__init__(plan, members, start, waste)
        self._busyness = busyness

    def take_in_hand(self, member: Member, now: int) -> int:
        """One customer more in a member's hands; gives how many she had."""
        in_hand = super().take_in_hand(member, now)
        self._busyness.note(member)
        return in_hand

    def release(self, member: Member, now: int) -> None:
        """One customer less in hand."""
        super().release(member, now)
        self._busyness.note(member)

    def set_on_duty(self, member: Member, on_duty: bool) -> None:
        """The one place where a member begins or ceases to take customers."""
        super().set_on_duty(member, on_duty)
        self._busyness.note(member)
