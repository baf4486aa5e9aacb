"""What each customer is judged to have met: one row for each action, wait or missed outcome that counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.flow.log import CAUSE_MASK, FIXED, NEVER, Cause, EncounterLog, Ended, VisitEnded
from sim.quality.tables import Causes, Flags, Ints, Judgement


@dataclass(frozen=True, slots=True)
class Marks:
    """Rows in order of encounter, visit, moment; a lost customer's missed outcome is her last moment."""

    encounter: Ints  # (r,) row of the log
    visit: Ints  # (r,) row of the log; NEVER for a missed outcome
    action: Ints  # (r,) position in Judgement.names
    hit: Flags  # (r,) delivered, a lapse that was fixed included; False for a wait
    moment: Ints  # (r,) row of the moment arrays below

    moment_encounter: Ints  # (j,)
    moment_visit: Ints  # (j,) row of the log; NEVER for a missed outcome
    moment_scene: Ints  # (j,)
    moment_position: Ints  # (j,) in Judgement.moment_names[scene]


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
    when[2] = imagined
    if len(log.encounter):
        when[0] = completed & ~imagined & (log.started_us >= 0)[real]
        when[1] = (completed | lost) & ~imagined & joined(log)[real]

    row, column = np.nonzero(when[table.scene_met[scene], np.arange(len(scene))[:, None]])
    at = scene[row]
    position = table.scene_moment[at, column]
    moment_starts, moment = _groups(row * max(map(len, table.moment_names)) + position)
    return Marks(
        encounter=encounter[row],
        visit=visit[row],
        action=table.scene_action[at, column],
        hit=_delivered(log, table, visit[row], at, column),
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


def _delivered(log: EncounterLog, table: Judgement, visit: Ints, scene: Ints, column: Ints) -> Flags:
    done = np.zeros(len(visit), dtype=bool)
    service = np.flatnonzero(table.scene_met[scene, column] == 0)
    if len(service):
        causes = log.causes[visit[service], table.scene_column[scene[service], column[service]]]
        done[service] = hits(causes)
    return done
