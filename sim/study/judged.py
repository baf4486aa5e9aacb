"""What customers made of it: satisfaction, perceived quality, gaps, zones of tolerance, loyalty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.flow.log import Ints
from sim.flow.site import Site
from sim.quality.loyalty import DETRACTOR, PROMOTER, recommendation, return_probability
from sim.quality.tables import DIMENSIONS
from sim.study.block import Block, count
from sim.study.exact import ExactSums, exact_sums
from sim.study.rows import HOURS, Key, Row, added, encounter_scopes, ratio

if TYPE_CHECKING:
    from sim.quality.perceive import Perception

Floats = NDArray[np.float64]

_GAPS = ("listening", "design", "performance", "communication", "customer")  # order of Perception.gaps
_ZONES = {-1: "below", 0: "within", 1: "above"}  # codes of Perception.zone
_MEANS = ("satisfaction", "satisfaction_all", "perceived_quality", "process_quality", "outcome_quality")
_NEUTRAL = 4.0  # middle of the scale 1..7: below it a customer is dissatisfied

# Histograms of the stored distributions: tenths of a point from 1 to 7, the last bin closed.
BINS_PER_POINT = 10
LIKERT_LOW, LIKERT_HIGH = 1, 7
_BINS = (LIKERT_HIGH - LIKERT_LOW) * BINS_PER_POINT
HISTOGRAMS = ("satisfaction", "perceived_quality")


@dataclass(frozen=True)
class Judged:
    """Sums and counts by (segment, hour of arrival) over encounters that arrived after the warm-up."""

    means: dict[str, ExactSums]  # by measure; gaps are weighted over the dimensions met
    rated: Ints  # encounters that have a satisfaction
    dissatisfied: Ints
    delighted: Ints
    promoters: Ints
    detractors: Ints
    dimension_gaps: dict[str, ExactSums]  # by gap: places are dimensions
    zones: Ints  # (below, within, above; dimensions)
    histograms: Ints  # (HISTOGRAMS, segments, bins)

    def __add__(self, other: Judged) -> Judged:
        return Judged(
            {name: sums + other.means[name] for name, sums in self.means.items()},
            self.rated + other.rated,
            self.dissatisfied + other.dissatisfied,
            self.delighted + other.delighted,
            self.promoters + other.promoters,
            self.detractors + other.detractors,
            {name: sums + other.dimension_gaps[name] for name, sums in self.dimension_gaps.items()},
            self.zones + other.zones,
            self.histograms + other.histograms,
        )

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """Rows of what customers think; ``nps`` is in points, -100 to 100."""
        for key, part in encounter_scopes(site, by):
            for name, sums in self.means.items():
                yield key._replace(measure=name), sums.mean(part)
            rated = added(self.rated, part)
            yield key._replace(measure="dissatisfied_share"), ratio(added(self.dissatisfied, part), rated)
            yield key._replace(measure="delighted_share"), ratio(added(self.delighted, part), rated)
            net = added(self.promoters, part) - added(self.detractors, part)
            yield key._replace(measure="nps"), ratio(100 * net, rated)
        yield from self._dimension_rows(site)

    def _dimension_rows(self, site: Site) -> Iterator[Row]:
        judged = {action.dimension for action in site.scenario.actions.values()}
        for d, dimension in enumerate(DIMENSIONS):
            if dimension not in judged:
                continue
            for name, sums in self.dimension_gaps.items():
                yield Key(name, dimension=dimension), sums.mean((d,))
            met = int(self.zones[:, d].sum())
            for row, zone in enumerate(_ZONES.values()):
                yield Key(f"{zone}_zone_share", dimension=dimension), ratio(int(self.zones[row, d]), met)


def judged(block: Block) -> Judged:
    """Add up what the customers of a block think; the block must have a perception."""
    seen, kept = block.perception, block.kept
    assert seen is not None
    shape = (len(block.log.site.segments), HOURS)
    segment, hour = block.log.segment[kept], block.encounter_hour[kept]
    satisfaction = seen.satisfaction[kept]
    rated = ~np.isnan(satisfaction)
    recommends = recommendation(satisfaction)
    loyalty = block.log.site.scenario.quality.loyalty

    def so_many(mask: NDArray[np.bool_]) -> Ints:
        return count(shape, segment[mask & rated], hour[mask & rated])

    values = {name: getattr(seen, name)[kept] for name in _MEANS}
    values["return_probability"] = return_probability(satisfaction, loyalty.steepness, loyalty.midpoint)
    values |= {f"gap_{gap}": _weighed(seen, g)[kept] for g, gap in enumerate(_GAPS)}
    return Judged(
        means={name: exact_sums(shape, array, segment, hour) for name, array in values.items()},
        rated=so_many(rated),
        dissatisfied=so_many(satisfaction < _NEUTRAL),
        delighted=so_many(seen.delighted[kept]),
        promoters=so_many(recommends == PROMOTER),
        detractors=so_many(recommends == DETRACTOR),
        dimension_gaps={f"gap_{gap}": _by_dimension(seen.gaps[g][kept]) for g, gap in enumerate(_GAPS)},
        zones=np.array([(seen.zone[kept] == code).sum(axis=0) for code in _ZONES], np.int64),
        histograms=np.array([_histogram(shape[0], segment, values[name]) for name in HISTOGRAMS]),
    )


def _weighed(seen: Perception, gap: int) -> Floats:
    """(n,) a gap over all dimensions met, each with its weight, added in the order of the dimensions."""
    met = seen.gap_weights > 0
    parts = np.where(met, seen.gap_weights * np.where(met, seen.gaps[gap], 0.0), 0.0)
    whole = np.zeros(len(parts))
    for d in range(parts.shape[1]):
        whole = whole + parts[:, d]
    return np.where(met.any(axis=1), whole, np.nan)


def _by_dimension(gap: Floats) -> ExactSums:
    n, dimensions = gap.shape
    return exact_sums((dimensions,), gap.reshape(-1), np.tile(np.arange(dimensions), n))


def _histogram(segments: int, segment: Ints, values: Floats) -> Ints:
    there = ~np.isnan(values)
    position = ((values[there] - LIKERT_LOW) * BINS_PER_POINT).astype(np.int64)
    return count((segments, _BINS), segment[there], np.clip(position, 0, _BINS - 1))
