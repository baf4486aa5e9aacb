"""Problems, complaints and recoveries: who had a problem, spoke up, was helped, and how likely each is to return."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.flow.log import Ended, Ints
from sim.flow.site import Site
from sim.quality.recovery import Case, cases_of
from sim.study.tallies.block import Block, count
from sim.study.tallies.exact import ExactSums, exact_sums
from sim.study.tallies.rows import HOURS, Part, Row, added, encounter_scopes, ratio

_SPOKE = (Case.UNRESOLVED, Case.RESOLVED, Case.QUICK)
_HELPED = (Case.RESOLVED, Case.QUICK)


@dataclass(frozen=True)
class Complaints:
    """Counts by (case, segment, hour of arrival) of completed encounters that arrived after the warm-up."""

    cases: Ints
    returning: ExactSums | None  # chance of return; None: nothing was judged

    def __add__(self, other: Complaints) -> Complaints:
        judged = None if self.returning is None or other.returning is None else self.returning + other.returning
        return Complaints(self.cases + other.cases, judged)

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """Rows of complaints: customers who spoke up; shares of the completed, of those with a problem, of those
        who spoke up (recovered: resolved, quickly or not); and the mean chance of return in each case."""
        for key, part in encounter_scopes(site, by):
            had_problem = self._so_many(part, (Case.SILENT, *_SPOKE))
            spoke = self._so_many(part, _SPOKE)
            yield key._replace(measure="complaints"), float(spoke)
            yield key._replace(measure="problem_share"), ratio(had_problem, self._so_many(part, tuple(Case)))
            yield key._replace(measure="voice_share"), ratio(spoke, had_problem)
            yield key._replace(measure="recovered_share"), ratio(self._so_many(part, _HELPED), spoke)
            yield key._replace(measure="quick_share"), ratio(self._so_many(part, (Case.QUICK,)), spoke)
            if self.returning is not None:
                for case in Case:
                    mean = self.returning.mean((case, *part))
                    yield key._replace(measure=f"return_probability_{case.name.lower()}"), mean

    def _so_many(self, part: Part, cases: tuple[Case, ...]) -> int:
        return sum(added(self.cases, (case, *part)) for case in cases)


def complaints(block: Block) -> Complaints:
    """Count the problems of a block and what became of them, where the scenario has recovery."""
    log, seen = block.log, block.perception
    shape = (len(Case), len(log.site.segments), HOURS)
    rows = np.flatnonzero(block.kept & (log.ended_as == Ended.COMPLETED))
    at = (cases_of(log)[rows], log.segment[rows], block.encounter_hour[rows])
    return Complaints(
        cases=count(shape, *at),
        returning=None if seen is None else exact_sums(shape, seen.return_probability[rows], *at),
    )
