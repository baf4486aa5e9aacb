"""Who comes when: the arrivals of one segment on one day, by inversion of its cumulative rate."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import log_array
from sim.chance.keys import stream_key
from sim.chance.laws import Law, law_of
from sim.chance.philox import uniform, uniforms
from sim.errors import InputError
from sim.flow.calendar import minute_us, open_spans, weekday
from sim.flow.site import Site
from sim.scenario.by_time import ByTime
from sim.scenario.customers import Arrivals as ArrivalPlan
from sim.scenario.distributions import Shaped
from sim.units import DAY_MINUTES, DAY_US, MICROSECONDS_PER_MINUTE

Ints = NDArray[np.int64]

PARTY_BIT = 24
"""The j-th encounter of a party has the index (j << 24) + epoch: a changed party size re-deals nobody."""

NO_APPOINTMENT = -1


class Arrivals(NamedTuple):
    """The arrivals of one segment on one day, unsorted. All arrays (n,)."""

    day: Ints  # with the index, the counter of each customer's luck
    index: Ints  # type: ignore[assignment]  # hides tuple.index, which nobody asks for
    arrived_us: Ints
    appointment_us: Ints  # NO_APPOINTMENT: her wait counts from joining


class Source(NamedTuple):
    """What the arrivals of a segment are drawn from, ready for any day."""

    site: Site
    segment: str
    seed: int
    replication: int
    demand: float
    plan: ArrivalPlan
    party: Law
    gap: Law | None
    late: Law | None
    busyness_of_site: Law | None  # the day's factor that all segments share
    busyness: Law | None


def source_of(site: Site, segment: str, seed: int, replication: int, demand: float) -> Source:
    """Prepare the laws of a segment's arrivals."""
    plan = site.scenario.customers[segment].arrivals
    gap = None if plan.interarrival is None else law_of(plan.interarrival)
    if gap is not None and gap.mean <= 0.0:
        raise InputError(f"customers.{segment}.arrivals.interarrival: gaps of 0 bring customers without end")
    return Source(
        site=site,
        segment=segment,
        seed=seed,
        replication=replication,
        demand=demand,
        plan=plan,
        party=law_of(plan.party),
        gap=gap,
        late=None if plan.late is None else law_of(plan.late),
        busyness_of_site=_busyness_law(site.scenario.site.busyness_cv),
        busyness=_busyness_law(plan.busyness_cv),
    )


def _busyness_law(cv: float) -> Law | None:
    return law_of(Shaped("gamma", mean=1.0, cv=cv)) if cv > 0 else None


def arrivals(source: Source, day: int) -> Arrivals:
    """Arrivals of a day of a segment with rates, appointments or, at a site that closes, a renewal process."""
    plan = source.plan
    if plan.rate is not None:
        return _poisson(source, day)
    if plan.at is not None:
        return _appointments(source, day)
    return _renewal_of_day(source, day)


def _keys(source: Source, *purposes: str) -> NDArray[np.uint64]:
    made = [stream_key(source.seed, source.replication, purpose, source.segment) for purpose in purposes]
    return np.array(made, dtype=np.uint64)


def _us(minutes: NDArray[np.float64]) -> Ints:
    """Whole microseconds, half up."""
    return np.floor(minutes * MICROSECONDS_PER_MINUTE + 0.5).astype(np.int64)


def _busyness(source: Source, day: int) -> float:
    """The day's factor on rates: the site's, shared by all segments, times the segment's own."""
    factor = 1.0
    if source.busyness_of_site is not None:
        key = stream_key(source.seed, source.replication, "busyness", "site")
        factor *= source.busyness_of_site.quantile(uniform(key, 0, day))
    if source.busyness is not None:
        key = stream_key(source.seed, source.replication, "busyness.segment", source.segment)
        factor *= source.busyness.quantile(uniform(key, 0, day))
    return factor


def _poisson(source: Source, day: int) -> Arrivals:
    """A unit-rate process that starts afresh each day, stretched to the day's cumulative rate.

    So a changed demand moves customers in time and deals nobody anew, and a gap never runs at an old rate.
    """
    plan = source.plan
    assert plan.rate is not None
    by_time = plan.rate.on(weekday(source.site, day))
    factor = plan.scale * source.demand * _busyness(source, day)
    starts, rates, lengths = _pieces(source.site, by_time, day)
    cumulative = np.concatenate(([0.0], np.cumsum(rates * factor * lengths)))
    total = cumulative[-1]
    epochs = _unit_epochs(source, day, total)
    piece = np.searchsorted(cumulative, epochs, side="right") - 1
    within = (epochs - cumulative[piece]) / (rates[piece] * factor)
    at = day * DAY_US + _us(starts[piece] + within)
    return _with_parties(source, day, np.arange(len(at)), at)


def expected_arrivals(source: Source) -> float:
    """Mean number of encounters over the horizon; days' busyness has mean 1."""
    plan = source.plan
    party = source.party.mean
    total = 0.0
    for day in range(source.site.days):
        if plan.rate is not None:
            _, rates, lengths = _pieces(source.site, plan.rate.on(weekday(source.site, day)), day)
            total += math.fsum((rates * lengths).tolist()) * plan.scale * source.demand
        elif plan.at is not None:
            total += sum(1 for a in plan.at if a.day in (None, day)) * (1.0 - plan.no_show)
        else:
            assert source.gap is not None  # exactly one of rate, at and interarrival is given
            spans = open_spans(source.site, day)
            minutes = sum(end - start for start, end in spans) / MICROSECONDS_PER_MINUTE
            total += minutes * plan.scale * source.demand / source.gap.mean
    return total * party


def _pieces(site: Site, by_time: ByTime[float], day: int) -> tuple[NDArray[np.float64], ...]:
    """Start (minutes from the day's midnight), rate and length of each piece of constant, positive rate."""
    pieces = []
    for opens, closes in open_spans(site, day):
        a, b = ((x - minute_us(day, 0)) // MICROSECONDS_PER_MINUTE for x in (opens, closes))
        marks = sorted(m + k for m, _ in by_time.pairs for k in (0, DAY_MINUTES) if a < m + k < b)
        edges = [a, *marks, b]
        pieces += [(s, by_time.at(s % DAY_MINUTES), e - s) for s, e in pairwise(edges)]
    kept = [p for p in pieces if p[1] > 0]
    table = np.array(kept, dtype=np.float64).reshape(len(kept), 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _unit_epochs(source: Source, day: int, until: float) -> NDArray[np.float64]:
    """Epochs below ``until`` of a Poisson process of rate 1: running sums of keyed exponential gaps."""
    key = _keys(source, "arrivals")
    n = int(until + 6.0 * np.sqrt(until) + 16)
    while True:
        gaps = -log_array(uniforms(key, np.arange(n), day)[0])
        epochs = np.cumsum(gaps)
        if epochs[-1] >= until:
            return epochs[: int(np.searchsorted(epochs, until, side="left"))]
        n *= 2


def _with_parties(source: Source, day: int, epoch: Ints, at: Ints) -> Arrivals:
    """Each epoch brings a party of encounters that arrive together; usually of one."""
    law = source.party
    if law.is_constant and law.mean == 1.0:
        return Arrivals(np.full(len(at), day), epoch, at, np.full(len(at), NO_APPOINTMENT))
    drawn = law.quantiles(uniforms(_keys(source, "party"), epoch, day)[0])
    size = np.maximum(0, np.floor(drawn + 0.5).astype(np.int64))
    seat = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    index = np.repeat(epoch, size) + (seat << PARTY_BIT)
    nothing = np.full(len(index), NO_APPOINTMENT)
    return Arrivals(np.full(len(index), day), index, np.repeat(at, size), nothing)


def _renewal_of_day(source: Source, day: int) -> Arrivals:
    """Renewals that start anew at each opening with one gap; where a site never closes, at midnight of day 0 only."""
    found: list[Ints] = []
    first = 0
    for opens, closes in open_spans(source.site, day):
        at = opens + np.cumsum(_gaps(source, day, first, closes - opens))
        at = at[at < closes]
        found.append(at)
        first += len(at) + 1
    instants = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
    return _with_parties(source, day, np.arange(len(instants)), instants)


def _gaps(source: Source, day: int, first: int, total_us: int) -> Ints:
    """Renewal gaps that together reach ``total_us``; gap i is keyed to the day and ``first`` + i."""
    plan = source.plan
    law = source.gap
    assert law is not None
    if plan.scale * source.demand == 0.0:
        return np.array([total_us])  # nobody comes
    factor = 1.0 / (plan.scale * source.demand)
    n = int(total_us / (law.mean * factor * MICROSECONDS_PER_MINUTE) * 1.2) + 16
    while True:
        luck = uniforms(_keys(source, "interarrival"), first + np.arange(n), day)[0]
        gaps = _us(law.quantiles(luck) * factor)
        if gaps.sum() >= total_us:
            return gaps
        n *= 2


def renewal_start(source: Source) -> int:
    """The first arrival of a renewal process at a site that never closes: one gap after midnight of day 0."""
    plan = source.plan
    assert source.gap is not None
    if plan.scale * source.demand == 0.0:
        return source.site.horizon_us  # nobody comes
    gap = source.gap.quantiles(uniforms(_keys(source, "interarrival.first"), np.arange(1))[0])
    return int(_us(gap / (plan.scale * source.demand))[0])


def renewal_carry(source: Source, day: int, carry_us: int) -> tuple[Arrivals, int]:
    """Renewals of a site that never closes: ``carry_us`` is the first instant on or after this day's midnight.

    Returns the day's arrivals and the first instant after it: midnight is nothing special.
    """
    end_us = (day + 1) * DAY_US
    instants = np.zeros(0, dtype=np.int64)
    if carry_us < end_us:
        gaps = _gaps(source, day, 0, end_us - carry_us)
        at = carry_us + np.concatenate(([0], np.cumsum(gaps)))
        instants, carry_us = at[at < end_us], int(at[at >= end_us][0])
    return _with_parties(source, day, np.arange(len(instants)), instants), carry_us


def _appointments(source: Source, day: int) -> Arrivals:
    """Booked customers: each comes late (or early) by a draw of her own, or not at all.

    Where the site closes, who comes before the opening waits at the door, who comes too late is refused there. Where
    it never closes, the late of yesterday and the early of tomorrow come today.
    """
    if not source.site.never_closes:
        return _booked(source, day)
    near = [_booked(source, d) for d in (day - 1, day, day + 1) if d >= 0]
    whole = Arrivals(*(np.concatenate(column) for column in zip(*near, strict=True)))
    today = (whole.arrived_us >= day * DAY_US) & (whole.arrived_us < (day + 1) * DAY_US)
    return Arrivals(*(column[today] for column in whole))


def _booked(source: Source, day: int) -> Arrivals:
    plan = source.plan
    assert plan.at is not None
    spans = open_spans(source.site, day)
    booked = [(i, a.minute) for i, a in enumerate(plan.at) if a.day == day or (a.day is None and spans)]
    index = np.array([i for i, _ in booked], dtype=np.int64)
    due = day * DAY_US + _us(np.array([minute for _, minute in booked], dtype=np.float64))
    for opens, closes in spans:  # 01:00 at a site that is open from 18:00 to 02:00 is in that night
        due = np.where((due + DAY_US >= opens) & (due + DAY_US < closes), due + DAY_US, due)
    luck = uniforms(_keys(source, "no_show", "late"), index, day)
    at = due
    if source.late is not None:
        at = due + np.clip(_us(source.late.quantiles(luck[1])), -DAY_US, DAY_US)
    if not source.site.never_closes:
        at = np.maximum(at, _doors(due, spans, day))
    shows = luck[0] >= plan.no_show
    origin = due if plan.wait_from == "appointment" else np.full(len(due), NO_APPOINTMENT)
    return Arrivals(np.full(shows.sum(), day), index[shows], at[shows], origin[shows])


def _doors(due: Ints, spans: tuple[tuple[int, int], ...], day: int) -> Ints:
    """When the doors open for who is due at these instants: of the hours she is due in, else of the next ones."""
    doors = np.full(len(due), spans[-1][0] if spans else day * DAY_US)
    for opens, closes in reversed(spans):
        doors = np.where(due < closes, opens, doors)
    return doors


def is_carried(source: Source) -> bool:
    """Whether a segment's arrivals run on from one day to the next."""
    return source.site.never_closes and source.gap is not None
