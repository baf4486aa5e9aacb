"""Places held across stages, such as tables: free units, and the visits that wait for one."""

from __future__ import annotations

from sim.flow.blueprint import NOBODY
from sim.flow.people import WAITING, Customer, Visit
from sim.flow.site import Site


class Places:
    """A free place goes to the earliest-joined visit, over all stages that take it, whose group fits."""

    def __init__(self, site: Site) -> None:
        self._stages = site.stages
        self._free = list(site.place_units)
        self._waiting: list[Visit] = []  # in order of joining

    def needed(self, visit: Visit) -> bool:
        """Whether the visit's stage takes a place that the customer does not hold yet."""
        takes = self._stages[visit.stage].takes
        return bool(takes) and not any(place in visit.customer.places for place, _ in takes)

    def free_for(self, visit: Visit) -> int:
        """The first of the stage's places that fits and is free, or NOBODY."""
        for place, up_to in self._stages[visit.stage].takes:
            if self._free[place] > 0 and (up_to == NOBODY or visit.customer.group <= up_to):
                return place
        return NOBODY

    def seize(self, customer: Customer, place: int) -> None:
        """Let a customer hold one unit."""
        self._free[place] -= 1
        customer.places += (place,)

    def wait(self, visit: Visit) -> None:
        """Line up for a place; visits come in order of joining."""
        visit.place_due = True
        self._waiting.append(visit)

    def forget(self, visit: Visit) -> None:
        """A visit that waited for a place has gone."""
        visit.place_due = False
        self._waiting.remove(visit)

    def give_back(self, place: int) -> Visit | None:
        """Free one unit and hand it to the first who fits, who is returned and holds it."""
        self._free[place] += 1
        for visit in self._waiting:
            if visit.standing == WAITING and self.free_for(visit) == place:
                self.forget(visit)
                self.seize(visit.customer, place)
                return visit
        return None

    def waiting(self) -> list[Visit]:
        """Those who wait for a place, in order of joining."""
        return list(self._waiting)
