"""The rows of a replication do not depend on how its log was cut into blocks: the same bits."""

from __future__ import annotations

import random

import numpy as np
import pytest

from sim.flow.log import FIXED, Cause, Ended, Spell, VisitEnded
from sim.study.days import Day
from sim.study.measures import measure
from sim.study.tallies import samples

from .logs import action, cut, encounter, judged_rows, log, marks, perception, site, spell, stage, visit

BY = ("member", "hour")


def random_replication(seed: int):
    """A log that obeys the log's own rules and little else: every branch of the measures is met."""
    chance = random.Random(seed)
    at = site(
        [
            stage("desk", target=3, actions=(action("greet"), action("done", kind="outcome")), error=0.1),
            stage("kiosk", queue=False, actions=(action("thank", dimension="assurance"),)),
        ],
        segments=("a", "b"),
        roles={"clerk": ["Ana", "Bo"], "guide": ["Cy"]},
        at_once=2,
        warm_up=300,
        days=4,
    )
    codes = [c for c in Cause if c != Cause.NOT_PERFORMED] + [FIXED + Cause.KNOWLEDGE, FIXED + Cause.ERROR]
    encounters, visits = [], []
    for row in range(chance.randrange(1, 80)):
        day = 1440 * chance.randrange(4)
        now = arrived = day + chance.uniform(480, 1000)
        way, away = Ended.COMPLETED, 0.0
        for passage in range(chance.randrange(0, 4)):
            end = chance.choice(list(VisitEnded))
            joined = now
            started = joined + chance.choice([0, chance.expovariate(0.2)])
            causes = tuple(int(chance.choice(codes)) for _ in range(2))
            kind = chance.randrange(2)
            if end == VisitEnded.SERVED:
                now = started + chance.expovariate(0.1)
                visits.append(
                    visit(row, joined, started, now, stage=kind, causes=causes[: 2 - kind],
                          member=chance.randrange(2) if kind == 0 else -1, error=chance.randrange(3))
                )  # fmt: skip
            elif end == VisitEnded.IN_SERVICE:
                visits.append(visit(row, joined, started, stage=0, ended_as=end, causes=causes))
            elif end == VisitEnded.WAITING:
                visits.append(visit(row, joined, stage=0, ended_as=end))
            else:
                now = joined if end == VisitEnded.BALKED else started
                visits.append(visit(row, joined, None, now, stage=0, ended_as=end))
            if end in (VisitEnded.IN_SERVICE, VisitEnded.WAITING):
                way = Ended.UNFINISHED
                break
            if passage and chance.random() < 0.3:
                pause = chance.uniform(1, 60)
                now, away = now + pause, away + pause
        if way != Ended.UNFINISHED:
            way = chance.choice([w for w in Ended if w != Ended.UNFINISHED])
        left = None if way == Ended.UNFINISHED else now
        encounters.append(
            encounter(arrived, left, ended_as=way, segment=chance.randrange(2), away=away,
                      return_lost=chance.randrange(2))
        )  # fmt: skip
    spells, windows = [], []
    for day in range(4):
        windows.append((1440 * day + 480, 1440 * day + 480 + chance.uniform(300, 700)))
        for kind in Spell:
            begin = 1440 * day + chance.uniform(400, 900)
            spells.append(spell(chance.randrange(3), begin, begin + chance.uniform(0, 300), kind))
    n, dice = len(encounters), np.random.default_rng(seed)
    judged = perception(
        n,
        **{name: dice.uniform(1, 7, n) for name in ("satisfaction", "satisfaction_all", "perceived_quality")},
        delighted=dice.random(n) < 0.2,
        gaps=dice.uniform(-6, 6, (5, n, 5)),
        gap_weights=dice.uniform(0.1, 0.3, (n, 5)),
        zone=dice.integers(-1, 2, (n, 5)).astype(np.int8),
    )
    judged.satisfaction[dice.random(n) < 0.3] = np.nan
    _meets_actions(judged, n, dice)
    return log(at, encounters, visits, spells, windows), judged


def _meets_actions(judged, n, dice):
    """Each encounter meets a few of the three actions, some wrongly."""
    who = np.sort(dice.integers(0, n, 4 * n))
    judged.marks = marks(who, dice.integers(0, 3, 4 * n), dice.choice([0, 1, 2, 6, 15, FIXED + 3], 4 * n))
    judged.judgement.dimension = np.array([4, 4, 3])
    judged.values = dice.random((6, 4 * n))
    judged.weight, judged.remembered_weight = dice.random((2, 4 * n)) / 8
    judged.levels = dice.uniform(1, 7, (6, n, 5))
    judged.perceived_quality[dice.random(n) < 0.3] = np.nan


def bits(found):
    rows = [(key, np.float64(value).tobytes()) for key, value in found.rows]
    return rows, [column.tobytes() for column in found.distributions], found.from_bins


@pytest.mark.parametrize("limit", [1_000_000, 30])
def test_any_cutting_gives_the_same_bits(monkeypatch, limit):
    monkeypatch.setattr(samples, "EXACT_UP_TO", limit)
    for seed in range(25):
        whole, judged = random_replication(seed)
        expected = bits(measure([Day(whole, judged)], BY))
        for parts in (1, 2, 5):
            blocks = cut(whole, parts, random.Random(seed))
            found = measure([Day(block, judged_rows(judged, rows)) for block, rows in blocks], BY)
            assert bits(found) == expected, (seed, parts)


def test_the_keys_do_not_depend_on_what_happened():
    keys = {tuple(key for key, _ in measure([Day(*random_replication(seed))], BY).rows) for seed in range(5)}
    assert len(keys) == 1


def test_no_key_is_there_twice():
    rows = measure([Day(*random_replication(3))], BY).rows
    assert len(dict(rows)) == len(rows)


def test_hours_stages_and_segments_add_up():
    whole, judged = random_replication(7)
    value = dict(measure([Day(whole, judged)], BY).rows)
    by_hour = [v for key, v in value.items() if key.measure == "arrivals" and key.hour is not None]
    by_segment = [v for key, v in value.items() if key.measure == "arrivals" and key.segment is not None]
    (everybody,) = [
        v for key, v in value.items() if key == key._replace(**dict.fromkeys(key._fields[1:]), measure="arrivals")
    ]
    assert sum(by_hour) == sum(by_segment) == everybody > 0
