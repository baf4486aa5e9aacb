"""What must hold in every run, checked in every run: nobody is lost, and Little's law holds to the microsecond."""

from __future__ import annotations

import numpy as np

from sim.errors import SelfCheckError
from sim.flow.log import NEVER, EncounterLog, Severity, Spell, VisitEnded
from sim.flow.site import Site


class Invariants:
    """Follows the blocks of one replication; a violation is a bug of the program, and said so."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._ended = np.zeros(len(site.segments), dtype=np.int64)
        self._waited_us = np.zeros(len(site.stages), dtype=np.int64)
        self._recent = np.zeros((3, 0), dtype=np.int64)  # services: member, start, end

    def add(self, log: EncounterLog) -> None:
        """Count a block and check what it can show by itself."""
        self._ended += np.bincount(log.segment, minlength=len(self._ended))
        queued = log.visit_ended_as != VisitEnded.BALKED
        end = np.where(log.started_us >= 0, log.started_us, log.ended_us)
        end = np.where(end >= 0, end, self._site.horizon_us)
        wait = np.where(queued, end - log.joined_us, 0)
        np.add.at(self._waited_us, log.stage, wait)
        served = log.started_us >= 0
        service_end = np.where(log.ended_us >= 0, log.ended_us, self._site.horizon_us)
        self._require(log, bool((wait >= 0).all()), "a wait is negative")
        self._require(log, bool((service_end[served] >= log.started_us[served]).all()), "a service is negative")
        self._check_hands(log, served & (log.member >= 0), service_end)
        self._check_problems(log)

    def finish(self, last: EncounterLog) -> None:
        """Check the whole against the engine's own count, in the last block."""
        for name, came, ended in zip(self._site.segments, last.arrivals, self._ended, strict=True):
            self._require(last, came == ended, f"segment {name}: {came} arrived, {ended} were accounted for")
        for stage, area, waited in zip(self._site.stages, last.queue_area_us, self._waited_us, strict=True):
            self._require(
                last,
                area == waited,
                f"Little's law fails at stage {stage.name}: queue over time {area} us, sum of waits {waited} us",
            )

    def _check_hands(self, log: EncounterLog, staffed: np.ndarray, end: np.ndarray) -> None:
        """No member has more than her number in hand at once. Services that ended a block ago are let go of."""
        new = np.stack((log.member[staffed], log.started_us[staffed], end[staffed]))
        alone = (log.spell_kind == Spell.WASTED) | (log.spell_kind == Spell.REFLECTING)
        if alone.any():  # a hand is as full while nobody is there any more
            spells = np.stack((log.spell_member, log.spell_start_us, log.spell_end_us))
            new = np.concatenate((new, spells[:, alone]), axis=1)
        services = np.concatenate((self._recent, new[:, new[2] > new[1]]), axis=1)
        most = _most_at_once(services, len(self._site.members))
        for member, at_once in zip(self._site.members, most.tolist(), strict=True):
            self._require(log, at_once <= member.at_once, f"{member.name} served {at_once} customers at once")
        self._recent = services[:, services[2] >= new[1].min(initial=self._site.horizon_us)]

    def _check_problems(self, log: EncounterLog) -> None:
        """Only a problem is spoken of, only what is spoken of is resolved, and only what is resolved took its time."""
        problem, voiced, resolved = log.problem != Severity.NONE, log.voiced == 1, log.resolved == 1
        self._require(log, bool((problem | ~voiced).all()), "somebody complained of no problem")
        self._require(log, bool((voiced | ~resolved).all()), "a problem was resolved that nobody spoke of")
        self._require(
            log,
            bool(((log.recovered_us != NEVER) == resolved).all()),
            "a solution without its time, or time without one",
        )

    def _require(self, log: EncounterLog, holds: bool, what: str) -> None:
        if not holds:
            raise SelfCheckError(f"self-check failed: {what} (seed {log.seed}, replication {log.replication})")


def _most_at_once(services: np.ndarray, members: int) -> np.ndarray:
    """Most services of each member that overlap; one that ends as another starts does not."""
    who, start, end = services
    step = np.repeat(np.array([1, -1]), len(who))
    both = np.concatenate((who, who))
    order = np.lexsort((step, np.concatenate((start, end)), both))  # by member, then time; ends before starts
    most = np.zeros(members, dtype=np.int64)
    np.maximum.at(most, both[order], np.cumsum(step[order]))  # each member's steps sum to zero
    return most
