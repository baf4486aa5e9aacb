"""What a survey would say: the scores, how reliable they are, who answers, and how far it is from the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.flow.log import Ints
from sim.flow.site import Site
from sim.quality.levels import Gap
from sim.quality.reliability import cronbach_alpha
from sim.quality.survey import NOT_ASKED, Points, answers
from sim.quality.tables import DIMENSIONS
from sim.study.tallies.block import Block, count
from sim.study.tallies.exact import ExactSums, exact_sums
from sim.study.tallies.judged import weighed
from sim.study.tallies.rows import HOURS, Key, Row, added, encounter_scopes, ratio

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """Exact sums over the answers to Q questions in D groups, of those who answered all of a group."""

    questions: tuple[int, ...]  # (D) how many in each group
    n: Ints  # (D,) people who answered
    sums: Ints  # (Q,)
    squares: Ints  # (Q,)
    total_squares: Ints  # (D,) of each person's sum over the group

    def __add__(self, other: Asked) -> Asked:
        return Asked(
            self.questions,
            self.n + other.n,
            self.sums + other.sums,
            self.squares + other.squares,
            self.total_squares + other.total_squares,
        )

    def mean(self, group: int) -> float:
        """Mean answer, 1 to 7; NaN where nobody answered."""
        return ratio(int(self.sums[self._part(group)].sum()), int(self.n[group]) * self.questions[group])

    def alpha(self, group: int) -> float:
        """Cronbach's alpha; NaN for a single question, and where there is nothing to tell apart."""
        part = self._part(group)
        sums, squares = self.sums[part].tolist(), self.squares[part].tolist()
        return cronbach_alpha(int(self.n[group]), sums, squares, int(self.total_squares[group]))

    def _part(self, group: int) -> slice:
        first = sum(self.questions[:group])
        return slice(first, first + self.questions[group])


def asked(points: Points, questions: tuple[int, ...]) -> Asked:
    """Add up answers (r, Q) that lie group by group; in a group a person has answered all, or none: NOT_ASKED."""
    whole = points.astype(np.int64)
    totals = _group_totals(whole, questions)
    return Asked(
        questions,
        (totals > 0).sum(axis=0),
        whole.sum(axis=0),
        (whole * whole).sum(axis=0),
        (totals * totals).sum(axis=0),
    )


def _group_totals(points: Ints, questions: tuple[int, ...]) -> Ints:
    """(r, D) sums over the groups."""
    starts = np.cumsum((0, *questions))[:-1]
    totals: Ints = np.add.reduceat(points, starts, axis=1)
    return totals


@dataclass(frozen=True)
class Surveyed:
    """Sums over encounters that arrived after the warm-up; places are (segment, hour of arrival) or dimensions."""

    judging: Ints  # customers who have a satisfaction: all are asked
    answering: Ints
    servperf: ExactSums  # of respondents; weighted over the dimensions met, as are the next two
    servqual: ExactSums
    gap: ExactSums  # the customer gap as it is, of everybody
    dimension_gap: ExactSums  # by dimension
    perceived: Asked  # by dimension
    expected: Asked
    whole: Asked  # perceived, as one group, of those who met every dimension that the site's actions are about

    def __add__(self, other: Surveyed) -> Surveyed:
        return Surveyed(
            self.judging + other.judging,
            self.answering + other.answering,
            self.servperf + other.servperf,
            self.servqual + other.servqual,
            self.gap + other.gap,
            self.dimension_gap + other.dimension_gap,
            self.perceived + other.perceived,
            self.expected + other.expected,
            self.whole + other.whole,
        )

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """Rows of the survey. The residual is the customer gap as it is, less the measured one, -`servqual`."""
        for key, part in encounter_scopes(site, by):
            servqual = self.servqual.mean(part)
            yield key._replace(measure="response_share"), ratio(added(self.answering, part), added(self.judging, part))
            yield key._replace(measure="servperf"), self.servperf.mean(part)
            yield key._replace(measure="servqual"), servqual
            yield key._replace(measure="measurement_residual"), self.gap.mean(part) + servqual
        yield Key("cronbach_alpha"), self.whole.alpha(0)
        for d in _judged_dimensions(site):
            servqual = self.perceived.mean(d) - self.expected.mean(d)
            yield Key("cronbach_alpha", dimension=DIMENSIONS[d]), self.perceived.alpha(d)
            yield Key("servperf", dimension=DIMENSIONS[d]), self.perceived.mean(d)
            yield Key("servqual", dimension=DIMENSIONS[d]), servqual
            yield Key("measurement_residual", dimension=DIMENSIONS[d]), self.dimension_gap.mean((d,)) + servqual


def surveyed(block: Block) -> Surveyed:
    """Ask the customers of a block and add up; the block must have a perception."""
    seen, kept, log = block.perception, block.kept, block.log
    assert seen is not None
    given = answers(log, seen, log.site.scenario.quality.survey)
    given = given.of(kept[given.respondent])
    who, items = given.respondent, given.item_dimension
    shape = (len(log.site.segments), HOURS)
    everybody = (log.segment[kept], block.encounter_hour[kept])
    heard = (log.segment[who], block.encounter_hour[who])
    rated = kept & ~np.isnan(seen.satisfaction)
    gaps = seen.gaps[Gap.CUSTOMER]
    weights, questions = seen.gap_weights[who], tuple(np.bincount(items).tolist())
    score, hope = dimension_scores(given.perceived, questions), dimension_scores(given.expected, questions)
    instrument = given.perceived[:, np.isin(items, _judged_dimensions(log.site))]
    return Surveyed(
        judging=count(shape, log.segment[rated], block.encounter_hour[rated]),
        answering=count(shape, *heard),
        servperf=exact_sums(shape, weighed(weights, score), *heard),
        servqual=exact_sums(shape, weighed(weights, score - hope), *heard),
        gap=exact_sums(shape, weighed(seen.gap_weights, gaps)[kept], *everybody),
        dimension_gap=_by_dimension(gaps[kept]),
        perceived=asked(given.perceived, questions),
        expected=asked(given.expected, questions),
        whole=asked(instrument[(instrument > NOT_ASKED).all(axis=1)], (instrument.shape[1],)),
    )


def dimension_scores(points: Points, questions: tuple[int, ...]) -> Floats:
    """(r, D) the mean answer about each dimension, 1 to 7; NaN where it was not met."""
    totals = _group_totals(points.astype(np.int64), questions)
    return np.where(totals > 0, totals / np.array(questions), np.nan)


def _by_dimension(gap: Floats) -> ExactSums:
    n, dimensions = gap.shape
    return exact_sums((dimensions,), gap.reshape(-1), np.tile(np.arange(dimensions), n))


def _judged_dimensions(site: Site) -> list[int]:
    """Positions of the dimensions that some action of the site is about."""
    about = {action.dimension for action in site.scenario.actions.values()}
    return [d for d, dimension in enumerate(DIMENSIONS) if dimension in about]
