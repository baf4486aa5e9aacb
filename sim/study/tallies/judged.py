"""What customers made of it: satisfaction, perceived quality, gaps, zones of tolerance, loyalty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.flow.log import Ints
from sim.flow.site import Site
from sim.quality.loyalty import DETRACTOR, PROMOTER, recommendation
from sim.quality.tables import DIMENSIONS
from sim.quality.zone import NOT_MET
from sim.study.tallies.block import Block, count
from sim.study.tallies.exact import ExactSums, exact_sums
from sim.study.tallies.rows import EVERY, HOURS, Key, Part, Row, added, encounter_scopes, ratio

Floats = NDArray[np.float64]

_GAPS = ("listening", "design", "performance", "communication", "customer")  # order of Perception.gaps
_ZONES = {-1: "below", 0: "within", 1: "above"}  # codes of Perception.zone
_SCORES = ("satisfaction", "satisfaction_all", "perceived_quality", "process_quality", "outcome_quality")
_GAP_MEASURES = tuple(f"gap_{gap}" for gap in _GAPS)
_MEANS = (*_SCORES, "return_probability", *_GAP_MEASURES)  # gaps are weighted over the dimensions met
_NEUTRAL = 4.0  # middle of the scale 1..7: below it a customer is dissatisfied

# Histograms of the stored distributions: tenths of a point from 1 to 7, the last bin closed.
BINS_PER_POINT = 10
LIKERT_LOW, LIKERT_HIGH = 1, 7
_BINS = (LIKERT_HIGH - LIKERT_LOW) * BINS_PER_POINT
HISTOGRAMS = ("satisfaction", "perceived_quality")


@dataclass(frozen=True)
class Judged:
    """Sums and counts by (segment, hour of arrival) over encounters that arrived after the warm-up."""

    means: ExactSums  # (_MEANS, segments, hours)
    rated: Ints  # encounters that have a satisfaction
    dissatisfied: Ints
    delighted: Ints
    promoters: Ints
    detractors: Ints
    dimension_gaps: ExactSums  # (gaps, segments, dimensions)
    zones: Ints  # (below, within, above; segments; dimensions)
    histograms: Ints  # (HISTOGRAMS, segments, bins)

    def __add__(self, other: Judged) -> Judged:
        return Judged(
            self.means + other.means,
            self.rated + other.rated,
            self.dissatisfied + other.dissatisfied,
            self.delighted + other.delighted,
            self.promoters + other.promoters,
            self.detractors + other.detractors,
            self.dimension_gaps + other.dimension_gaps,
            self.zones + other.zones,
            self.histograms + other.histograms,
        )

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """Rows of what customers think; ``nps`` is in points, -100 to 100."""
        for key, part in encounter_scopes(site, by):
            for k, name in enumerate(_MEANS):
                yield key._replace(measure=name), self.means.mean((k, *part))
            rated = added(self.rated, part)
            yield key._replace(measure="dissatisfied_share"), ratio(added(self.dissatisfied, part), rated)
            yield key._replace(measure="delighted_share"), ratio(added(self.delighted, part), rated)
            net = added(self.promoters, part) - added(self.detractors, part)
            yield key._replace(measure="nps"), ratio(100 * net, rated)
        for segment in (None, *site.segments):
            yield from self._dimension_rows(site, segment)

    def _dimension_rows(self, site: Site, segment: str | None) -> Iterator[Row]:
        judged = {action.dimension for action in site.scenario.actions.values()}
        who = EVERY if segment is None else site.segments.index(segment)
        for d, dimension in enumerate(DIMENSIONS):
            if dimension not in judged:
                continue
            part: Part = (who, d)
            key = Key("", segment=segment, dimension=dimension)
            for g, name in enumerate(_GAP_MEASURES):
                yield key._replace(measure=name), self.dimension_gaps.mean((g, *part))
            met = added(self.zones, (EVERY, *part))
            for row, zone in enumerate(_ZONES.values()):
                share = ratio(added(self.zones, (row, *part)), met)
                yield key._replace(measure=f"{zone}_zone_share"), share


def judged(block: Block) -> Judged:
    """Add up what the customers of a block think; the block must have a perception."""
    seen, kept = block.perception, block.kept
    assert seen is not None
    shape = (len(block.log.site.segments), HOURS)
    segment, hour = block.log.segment[kept], block.encounter_hour[kept]
    satisfaction, gaps = seen.satisfaction[kept], seen.gaps[:, kept]
    rated = ~np.isnan(satisfaction)
    recommends = recommendation(satisfaction)

    def so_many(mask: NDArray[np.bool_]) -> Ints:
        return count(shape, segment[mask & rated], hour[mask & rated])

    scores = {name: getattr(seen, name)[kept] for name in _SCORES}
    whole = weighed(seen.gap_weights[kept], gaps)
    return Judged(
        means=_sums(shape, np.array([*scores.values(), seen.return_probability[kept], *whole]), segment, hour),
        rated=so_many(rated),
        dissatisfied=so_many(satisfaction < _NEUTRAL),
        delighted=so_many(seen.delighted[kept]),
        promoters=so_many(recommends == PROMOTER),
        detractors=so_many(recommends == DETRACTOR),
        dimension_gaps=_by_dimension(shape[0], gaps, segment),
        zones=_zones(shape[0], seen.zone[kept], segment),
        histograms=np.array([_histogram(shape[0], segment, scores[name]) for name in HISTOGRAMS]),
    )


def _sums(shape: tuple[int, ...], values: Floats, *positions: Ints) -> ExactSums:
    """Sums (k, *shape) of values (k, n)."""
    kinds, n = values.shape
    at = (np.repeat(np.arange(kinds), n), *(np.tile(position, kinds) for position in positions))
    return exact_sums((kinds, *shape), values.reshape(-1), *at)


def weighed(weights: Floats, values: Floats) -> Floats:
    """(…, n) values (…, n, D) over the dimensions met, each with its weight (n, D), added in their order."""
    met = weights > 0
    parts = np.where(met, weights * np.where(met, values, 0.0), 0.0)
    whole = np.zeros(parts.shape[:-1])
    for d in range(parts.shape[-1]):
        whole += parts[..., d]
    return np.where(met.any(axis=1), whole, np.nan)


def _by_dimension(segments: int, gaps: Floats, segment: Ints) -> ExactSums:
    kinds, n, dimensions = gaps.shape
    who, dimension = np.repeat(segment, dimensions), np.tile(np.arange(dimensions), n)
    return _sums((segments, dimensions), gaps.reshape(kinds, -1), who, dimension)


def _zones(segments: int, zone: NDArray[np.int8], segment: Ints) -> Ints:
    """(below, within, above; segments; dimensions) encounters in each zone."""
    who, dimension = np.nonzero(zone != NOT_MET)
    state = zone[who, dimension].astype(np.int64) - min(_ZONES)
    return count((len(_ZONES), segments, zone.shape[1]), state, segment[who], dimension)


def _histogram(segments: int, segment: Ints, values: Floats) -> Ints:
    there = ~np.isnan(values)
    position = ((values[there] - LIKERT_LOW) * BINS_PER_POINT).astype(np.int64)
    return count((segments, _BINS), segment[there], np.clip(position, 0, _BINS - 1))
