"""What each customer is judged to have met: one row for each action, wait or missed outcome that counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.flow.log import CAUSE_MASK, FIXED, NEVER, Cause, EncounterLog, Ended, VisitEnded
from sim.quality.sums import looked_up
from sim.quality.tables import Causes, Flags, Ints, Judgement, Met


@dataclass(frozen=True, slots=True)
class Marks:
    """Rows in order of encounter, visit, moment; a lost customer's missed outcome is her last moment."""

    encounter: Ints  # (r,) row of the log
    visit: Ints  # (r,) row of the log; NEVER for a missed outcome
    action: Ints  # (r,) position in Judgement.names
    hit: Flags  # (r,) delivered, a lapse that was fixed included; False for a wait
    cause: Causes  # (r,) code of the log; NOT_PERFORMED for a wait or a missed outcome
    moment: Ints  # (r,) row of the moment arrays below

    moment_encounter: Ints  # (j,)
    moment_visit: Ints  # (j,) row of the log; NEVER for a missed outcome
    moment_scene: Ints  # (j,)
    moment_position: Ints  # (j,) in Judgement.moment_names[scene]

    def of(self, encounters: Ints, n: int) -> tuple[Marks, Ints]:
        """The marks of some of n encounters, which are numbered anew in this order, and the rows they had here."""
        place = np.full(n, NEVER)
        place[encounters] = np.arange(len(encounters))
        rows, moments = (np.flatnonzero(place[who] != NEVER) for who in (self.encounter, self.moment_encounter))
        renumbered = np.full(len(self.moment_encounter), NEVER)
        renumbered[moments] = np.arange(len(moments))
        return Marks(
            encounter=place[self.encounter[rows]],
            visit=self.visit[rows],
            action=self.action[rows],
            hit=self.hit[rows],
            cause=self.cause[rows],
            moment=renumbered[self.moment[rows]],
            moment_encounter=place[self.moment_encounter[moments]],
            moment_visit=self.moment_visit[moments],
            moment_scene=self.moment_scene[moments],
            moment_position=self.moment_position[moments],
        ), rows


def joined(log: EncounterLog) -> Flags:
    """(m,) visits that joined: neither balked nor sent off on the spot at closing."""
    refused = log.visit_ended_as == VisitEnded.BALKED
    sent_off = (log.visit_ended_as == VisitEnded.TURNED_AWAY) & (log.ended_us == log.joined_us)
    came_in: Flags = ~(refused | sent_off)
    return came_in


def hits(causes: Causes) -> Flags:
    """Which cause codes are of something delivered: a hit, or a lapse that the self-check fixed."""
    delivered: Flags = ((causes & CAUSE_MASK) == Cause.HIT) | ((causes & FIXED) != 0)
    return delivered


def marks_of(log: EncounterLog, table: Judgement) -> Marks:
    """All that counts: actions and waits of the completed; of the lost, waits and the outcome missed."""
    encounter, visit, scene = _scenes(log, table)
    completed = (log.ended_as == Ended.COMPLETED)[encounter]
    lost = _lost(log)[encounter]
    imagined = visit == NEVER
    real = np.where(imagined, 0, visit) if len(log.encounter) else visit
    when = np.zeros((4, len(encounter)), dtype=bool)  # by Met; the last row stays False
    when[Met.WHEN_LOST] = imagined
    if len(log.encounter):
        when[Met.WHEN_SERVED] = completed & ~imagined & (log.started_us >= 0)[real]
        when[Met.WHEN_JOINED] = (completed | lost) & ~imagined & joined(log)[real]

    row, column = np.nonzero(looked_up(when, table.scene_met[scene], np.arange(len(scene))[:, None]))
    at = scene[row]
    position = looked_up(table.scene_moment, at, column)
    causes = _causes(log, table, visit[row], at, column)
    moment_starts, moment = _groups(row * max(map(len, table.moment_names)) + position)
    return Marks(
        encounter=encounter[row],
        visit=visit[row],
        action=looked_up(table.scene_action, at, column),
        hit=hits(causes),
        cause=causes,
        moment=moment,
        moment_encounter=encounter[row[moment_starts]],
        moment_visit=visit[row[moment_starts]],
        moment_scene=at[moment_starts],
        moment_position=position[moment_starts],
    )


def _lost(log: EncounterLog) -> Flags:
    """(n,) encounters that ended without service: balked, blocked, abandoned or turned away."""
    gone: Flags = (log.ended_as != Ended.COMPLETED) & (log.ended_as != Ended.UNFINISHED)
    return gone


def _scenes(log: EncounterLog, table: Judgement) -> tuple[Ints, Ints, Ints]:
    """Encounter, visit and scene of every visit, with an imagined last one for each lost customer."""
    lost = np.flatnonzero(_lost(log))
    where = table.start[log.segment]
    where[log.encounter] = log.stage  # visits are in order, so the last one stays
    encounter = np.concatenate((log.encounter, lost))
    visit = np.concatenate((np.arange(len(log.encounter)), np.full(len(lost), NEVER)))
    scene = np.concatenate((log.stage, table.missed[where[lost], log.segment[lost]]))
    order = np.argsort(encounter, kind="stable")
    return encounter[order], visit[order], scene[order]


def _groups(key: Ints) -> tuple[Ints, Ints]:
    """First row of each run of equal keys, and the number of the run that each row is in."""
    first = np.ones(len(key), dtype=bool)
    first[1:] = key[1:] != key[:-1]
    return np.flatnonzero(first), np.cumsum(first) - 1


def _causes(log: EncounterLog, table: Judgement, visit: Ints, scene: Ints, column: Ints) -> Causes:
    """What came of each mark that is an action done; NOT_PERFORMED for the others."""
    causes = np.full(len(visit), Cause.NOT_PERFORMED, dtype=np.uint8)
    service = np.flatnonzero(looked_up(table.scene_met, scene, column) == Met.WHEN_SERVED)
    if len(service):
        place = looked_up(table.scene_column, scene[service], column[service])
        causes[service] = looked_up(log.causes, visit[service], place)
    return causes
