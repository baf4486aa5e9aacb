"""What was delivered: hits, lapses and their causes, and errors, before and after the self-check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.flow.log import AUTOMATED, FIXED, Cause, Ints
from sim.flow.site import Site
from sim.study.tallies.block import Block, count
from sim.study.tallies.rows import EVERY, Key, Part, Row, added, ratio

_CODES = 2 * AUTOMATED
_LAPSES = (Cause.KNOWLEDGE, Cause.WILLINGNESS, Cause.LOAD, Cause.FATIGUE, Cause.ERROR)
_MENDED = tuple(FIXED + cause for cause in _LAPSES)
_BY_MACHINE = AUTOMATED + Cause.HIT
_CHANCES = (Cause.HIT, _BY_MACHINE, *_MENDED, *_LAPSES, Cause.NOT_REQUIRED)
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
        ``automated_share`` is of the same times, for actions that a machine may do; what it did is no member's.
        """
        acting = acting_of(site)
        if acting:
            for key, part in _scopes(site, acting, by):
                yield from self._hits(key, part)
            yield from self._automated(site, acting)
            for segment in (None, *site.segments):
                of_all: Part = (EVERY, EVERY if segment is None else site.segments.index(segment))
                for cause in _LAPSES:
                    lapses = added(self.codes[..., cause], of_all)
                    yield Key("lapses", segment=segment, cause=cause.name.lower()), float(lapses)
            for position, action in enumerate(acting):
                for cause in _LAPSES:
                    if (cause == Cause.ERROR) != (action.kind == "outcome"):
                        continue
                    lapses = added(self.codes[..., cause], (position,))
                    yield Key("lapses", action=action.name, cause=cause.name.lower()), float(lapses)
        yield from self._errors(site, acting)

    def _hits(self, key: Key, part: Part) -> Iterator[Row]:
        lapses = self._so_many(part, _LAPSES)
        first = self._so_many(part, (Cause.HIT, _BY_MACHINE))
        mended = self._so_many(part, _MENDED)
        could = self._so_many(part, _CHANCES)
        yield key._replace(measure="hit_rate"), ratio(first + mended, could)
        yield key._replace(measure="hit_rate_first"), ratio(first, could)
        yield key._replace(measure="lapses"), float(lapses)

    def _automated(self, site: Site, acting: list[Acting]) -> Iterator[Row]:
        """Rows of the actions that a machine may do."""
        machines = site.scenario.management.automation
        for key, part in _scopes(site, acting, ()):
            if key.action in machines and machines[key.action].share > 0:
                by_machine = self._so_many(part, (_BY_MACHINE,))
                yield key._replace(measure="automated_share"), ratio(by_machine, self._so_many(part, _CHANCES))

    def _so_many(self, part: Part, codes: tuple[int, ...]) -> int:
        return sum(added(self.codes[..., code], part) for code in codes)

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
    none = np.zeros((0, len(site.segments), len(site.members) + 1, _CODES), np.int64)
    by_stage = (len(site.stages), len(site.segments))
    wrong = block.started & (log.error == _CAUGHT_NOT)
    return Actions(
        codes=np.concatenate([none, *(_codes(block, j) for j, stage in enumerate(site.stages) if stage.actions)]),
        served=count(by_stage, log.stage[block.started], block.visit_segment[block.started]),
        errors=count(by_stage, log.stage[wrong], block.visit_segment[wrong]),
    )


def _codes(block: Block, stage: int) -> Ints:
    """(actions of the stage, segments, members and nobody, codes); visits that never reached service say so."""
    log, site = block.log, block.log.site
    visits, k = np.flatnonzero(block.visit_kept & (log.stage == stage)), len(site.stages[stage].actions)
    code = log.causes[visits, :k].T.astype(np.int64)
    member = np.where((log.member[visits] >= 0) & (code != _BY_MACHINE), log.member[visits], len(site.members))
    shape = (k, len(site.segments), len(site.members) + 1, _CODES)
    action = np.repeat(np.arange(k), len(visits))
    return count(shape, action, np.tile(block.visit_segment[visits], k), member.reshape(-1), code.reshape(-1))


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
        for s, segment in enumerate(site.segments):
            yield Key("", action=action.name, segment=segment), (position, s)
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
