"""What was delivered: hits, lapses and their causes, and errors, before and after the self-check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.flow.log import CAUSE_MASK, FIXED, Cause, Ints
from sim.flow.site import Site
from sim.study.block import Block, count
from sim.study.rows import EVERY, Key, Part, Row, added, ratio

_CODES = 2 * FIXED
_LAPSES = (Cause.KNOWLEDGE, Cause.WILLINGNESS, Cause.LOAD, Cause.FATIGUE, Cause.ERROR)
_CAUGHT_NOT = 1  # log.error: an uncaught error


class Acting(NamedTuple):
    """One action of the site: where it stands in the counts and what it is called."""

    stage: int
    column: int
    name: str
    dimension: str
    kind: str


@dataclass(frozen=True)
class Actions:
    """Counts over visits that reached service."""

    codes: Ints  # (actions, segments, members and nobody, codes of the log's causes)
    served: Ints  # (stages, segments)
    errors: Ints  # (stages, segments) that reached the customer

    def __add__(self, other: Actions) -> Actions:
        return Actions(self.codes + other.codes, self.served + other.served, self.errors + other.errors)

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """Rows of hit rates, lapses and error rates.

        A hit rate is hits / times the action could have been delivered, required or not; ``hit_rate_first`` takes
        lapses that the self-check mended as lapses. ``lapses`` counts required actions that the customer missed.
        """
        acting = acting_of(site)
        if acting:
            for key, part in _scopes(site, acting, by):
                yield from self._hits(key, part)
            for cause in _LAPSES:
                yield Key("lapses", cause=cause.name.lower()), float(added(self.codes[..., cause], ()))
            for position, action in enumerate(acting):
                for cause in _LAPSES:
                    if (cause == Cause.ERROR) != (action.kind == "outcome"):
                        continue
                    lapses = added(self.codes[..., cause], (position,))
                    yield Key("lapses", action=action.name, cause=cause.name.lower()), float(lapses)
        yield from self._errors(site, acting)

    def _hits(self, key: Key, part: Part) -> Iterator[Row]:
        def so_many(*codes: int) -> int:
            return sum(added(self.codes[..., code], part) for code in codes)

        lapses = so_many(*_LAPSES)
        first = so_many(Cause.HIT)
        mended = so_many(*(FIXED + cause for cause in _LAPSES))
        could = first + mended + lapses + so_many(Cause.NOT_REQUIRED)
        yield key._replace(measure="hit_rate"), ratio(first + mended, could)
        yield key._replace(measure="hit_rate_first"), ratio(first, could)
        yield key._replace(measure="lapses"), float(lapses)

    def _errors(self, site: Site, acting: list[Acting]) -> Iterator[Row]:
        """Errors that reached the customer / visits that reached service, where errors can happen."""
        prone = [j for j, stage in enumerate(site.stages) if stage.error > 0 or stage.outcome >= 0]
        if not prone:
            return
        everywhere = np.array(prone)
        yield Key("error_rate"), ratio(added(self.errors[everywhere], ()), added(self.served[everywhere], ()))
        for s, segment in enumerate(site.segments):
            part: Part = (EVERY, s)
            rate = ratio(added(self.errors[everywhere], part), added(self.served[everywhere], part))
            yield Key("error_rate", segment=segment), rate
        for j in prone:
            rate = ratio(added(self.errors, (j,)), added(self.served, (j,)))
            yield Key("error_rate", stage=site.stages[j].name), rate
            for action in acting:
                if action.stage == j and action.kind == "outcome":
                    yield Key("error_rate", action=action.name), rate


def actions(block: Block) -> Actions:
    """Count what became of every action of a block's visits that reached service."""
    log, site = block.log, block.log.site
    acting = acting_of(site)
    shape = (len(site.segments), len(site.members) + 1, _CODES)
    codes = np.zeros((len(acting), *shape), np.int64)
    for position, action in enumerate(acting):
        met = block.visit_kept & (log.stage == action.stage)
        met &= log.causes[:, action.column] & CAUSE_MASK != Cause.NOT_PERFORMED
        member = np.where(log.member[met] >= 0, log.member[met], len(site.members))
        code = log.causes[met, action.column].astype(np.int64)
        codes[position] = count(shape, block.visit_segment[met], member, code)
    by_stage = (len(site.stages), len(site.segments))
    wrong = block.started & (log.error == _CAUGHT_NOT)
    return Actions(
        codes=codes,
        served=count(by_stage, log.stage[block.started], block.visit_segment[block.started]),
        errors=count(by_stage, log.stage[wrong], block.visit_segment[wrong]),
    )


def acting_of(site: Site) -> list[Acting]:
    """The actions and outcomes of all stages, in order; waits are judged elsewhere."""
    return [
        Acting(j, k, action.name, action.dimension, action.kind)
        for j, stage in enumerate(site.stages)
        for k, action in enumerate(stage.actions)
    ]


def _scopes(site: Site, acting: list[Acting], by: tuple[str, ...]) -> Iterator[tuple[Key, Part]]:
    """Scopes as parts of (actions, segments, members); several actions are given by their positions."""
    yield Key(""), (EVERY,)
    for position, action in enumerate(acting):
        yield Key("", action=action.name), (position,)
    for j, stage in enumerate(site.stages):
        if stage.actions:
            yield Key("", stage=stage.name), (np.array([i for i, a in enumerate(acting) if a.stage == j]),)
    for dimension in dict.fromkeys(action.dimension for action in acting):
        of = np.array([i for i, action in enumerate(acting) if action.dimension == dimension])
        yield Key("", dimension=dimension), (of,)
    for s, segment in enumerate(site.segments):
        yield Key("", segment=segment), (EVERY, s)
    if "member" in by:
        for role in site.roles:
            for m in role.members:
                yield Key("", role=role.name, member=site.members[m].name), (EVERY, EVERY, m)
