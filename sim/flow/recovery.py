"""Service recovery: who meets a problem, speaks up, is heard on the spot or at a stage of its own, and how it ends."""

from __future__ import annotations

from sim.flow.blueprint import LEAVE
from sim.flow.people import Customer, Trouble, Visit
from sim.flow.site import Site
from sim.rules.actions import FATIGUE, KNOWLEDGE
from sim.rules.recovery import ESCALATED, NO_PROBLEM, ON_THE_SPOT, SILENT, error_severity, is_resolved, speaks_up
from sim.scenario.management import Recovery as Rule
from sim.units import to_us


class Recovery:
    """Keeps each customer's trouble up to date. All of it is known when a service starts, and counts when it ends."""

    def __init__(self, site: Site, rule: Rule) -> None:
        self._rule = rule
        self._settling_us = to_us(rule.time)
        self._stages = site.stages
        self._stage = next(at for at, stage in enumerate(site.stages) if stage.name == rule.stage)
        self._severities = [tuple(action.severity for action in stage.actions) for stage in site.stages]

    def settling_us(self, visit: Visit) -> int:
        """How much longer a service takes that starts now, because who serves will settle a problem on the spot."""
        problem = self._problem(visit)
        return self._settling_us if problem != NO_PROBLEM and self._does(visit) == ON_THE_SPOT else 0

    def next_after(self, visit: Visit, target: int, now: int) -> int:
        """Where a customer goes whose service ends, and whom the blueprint sends to ``target``.

        She speaks up now, if she does; who was not heard on the spot goes to be heard before she leaves; who has been
        heard leaves. What is resolved brings nobody back.
        """
        who, trouble = visit.customer, visit.customer.trouble
        if trouble.complains:
            self._hear(visit, trouble._replace(complains=False), now)
            return LEAVE
        problem = self._problem(visit)
        if problem != NO_PROBLEM:
            self._meet(visit, problem, now)
            trouble = who.trouble
        if target == LEAVE and trouble.is_due:
            who.trouble = trouble._replace(is_due=False, complains=True)
            return self._stage
        return target

    def gives_up(self, who: Customer) -> bool:
        """Whether a visit that ends without service was but a complaint: it is dropped, her business was done."""
        if not who.trouble.complains:
            return False
        who.trouble = who.trouble._replace(complains=False)
        return True

    def _meet(self, visit: Visit, problem: int, now: int) -> None:
        """Note a problem met, and what the customer does about it."""
        who, does = visit.customer, self._does(visit)
        trouble = who.trouble._replace(problem=max(problem, who.trouble.problem))
        if does != SILENT:
            trouble = trouble._replace(voiced=1, spoke_up_us=now, is_due=does == ESCALATED)
        if does == ON_THE_SPOT:
            self._hear(visit, trouble, now)
        else:
            who.trouble = trouble

    def _hear(self, visit: Visit, trouble: Trouble, now: int) -> None:
        """She has been heard, on the spot or by those who hear complaints."""
        if is_resolved(visit.luck.resolve[visit.row], self._rule.resolve):
            trouble = trouble._replace(resolved=1, recovered_us=now - trouble.spoke_up_us)
            visit.customer.comes_back_to = LEAVE
        visit.customer.trouble = trouble

    def _problem(self, visit: Visit) -> int:
        """The worst that went wrong in a service: an error that reached the customer, or a lapse that matters."""
        at = visit.stage
        if at == self._stage:
            return NO_PROBLEM
        severities = self._severities[at]
        found = [s for cause, s in zip(visit.causes, severities, strict=False) if KNOWLEDGE <= cause <= FATIGUE]
        if visit.error == 1:
            outcome = self._stages[at].outcome
            own = severities[outcome] if outcome >= 0 else NO_PROBLEM
            found.append(error_severity(own, visit.luck.severity[visit.row], self._rule.major))
        return max(found, default=NO_PROBLEM)

    def _does(self, visit: Visit) -> int:
        """What she does about a problem of this visit; she speaks up once an encounter."""
        if visit.customer.trouble.voiced:
            return SILENT
        luck, row, rule = visit.luck, visit.row, self._rule
        staffed = visit.server is not None
        return speaks_up(luck.voice[row], rule.voice, staffed, luck.authority[row], rule.authority)
