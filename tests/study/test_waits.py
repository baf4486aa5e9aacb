"""Every denominator of the wait measures, by hand."""

from math import isnan

import pytest

from sim.flow.log import Ended, VisitEnded

from .logs import encounter, log, site, stage, visit
from .table import measures_of

ABANDONED, BALKED = VisitEnded.ABANDONED, VisitEnded.BALKED


def desk(**more):
    return site([stage("desk", target=5)], **more)


def test_waits_of_one_served_at_once_one_later_and_one_who_gave_up():
    whole = log(
        desk(),
        [encounter(0, 10), encounter(2, 14), encounter(3, 7, ended_as=Ended.ABANDONED)],
        [visit(0, 0, 0, 10), visit(1, 2, 10, 14), visit(2, 3, None, 7, ended_as=ABANDONED)],
    )
    value = measures_of(whole)
    assert value("wait_mean") == (0 + 8 + 4) / 3
    assert value("wait_served_mean") == (0 + 8) / 2
    assert value("waited_share") == 2 / 3
    assert value("visits_abandoned_share") == 1 / 3
    assert value("wait_p50") == 4.0
    assert value("wait_p90") == 8 * 0.9
    assert value("wait_mean", stage="desk") == value("wait_mean", segment="all") == value("wait_mean")
    assert value("wait_mean", stage="desk", segment="all") == value("wait_mean")


def test_who_balks_or_is_sent_off_on_the_spot_never_joined_but_who_is_sent_off_from_the_queue_did():
    sent_off = VisitEnded.TURNED_AWAY
    whole = log(
        desk(),
        [
            encounter(0, 10),
            encounter(1, 1, ended_as=Ended.BALKED),
            encounter(2, 2, ended_as=Ended.TURNED_AWAY),
            encounter(3, 9, ended_as=Ended.TURNED_AWAY),
        ],
        [
            visit(0, 0, 0, 10),
            visit(1, 1, None, 1, ended_as=BALKED),
            visit(2, 2, None, 2, ended_as=sent_off),
            visit(3, 3, None, 9, ended_as=sent_off),
        ],
    )
    value = measures_of(whole)
    assert value("wait_mean") == (0 + 6) / 2
    assert value("waited_share") == 1 / 2
    assert value("service_level") == 1 / 2


def test_a_wait_unfinished_at_the_horizon_is_cut_there_and_is_no_served_wait():
    day = 24 * 60
    whole = log(
        desk(),
        [
            encounter(0, 4),
            encounter(day - 30, ended_as=Ended.UNFINISHED),
            encounter(day - 9, ended_as=Ended.UNFINISHED),
        ],
        [
            visit(0, 0, 0, 4),
            visit(1, day - 30, day - 24, None, ended_as=VisitEnded.IN_SERVICE),
            visit(2, day - 9, ended_as=VisitEnded.WAITING),
        ],
    )
    value = measures_of(whole)
    assert value("wait_mean") == (0 + 6 + 9) / 3
    assert value("wait_served_mean") == (0 + 6) / 2  # service of the second has begun
    assert value("service_mean") == 4.0  # but not ended
    assert value("service_level") == 1 / 3


def test_service_level_leaves_out_who_abandoned_within_the_target_and_counts_a_wait_of_just_the_target():
    whole = log(
        desk(),
        [encounter(0, 9)] * 6,
        [
            visit(0, 0, 5, 6),  # just in time
            visit(1, 0, 5.0001, 6),
            visit(2, 0, None, 5, ended_as=ABANDONED),  # within the target: not judged
            visit(3, 0, None, 5.0001, ended_as=ABANDONED),  # after it: a failure
            visit(4, 0, 0, 1),
            visit(5, 0, None, 0, ended_as=BALKED),
        ],
    )
    value = measures_of(whole)
    assert value("service_level") == 2 / 4
    assert value("visits_abandoned_share") == 2 / 5


def test_service_level_is_only_of_stages_with_a_target():
    at = site([stage("desk", target=5), stage("till")])
    whole = log(at, [encounter(0, 30)], [visit(0, 0, 2, 4), visit(0, 4, 20, 30, stage=1)])
    value = measures_of(whole)
    assert value("service_level") == value("service_level", stage="desk") == 1.0
    with pytest.raises(KeyError):
        value("service_level", stage="till")


def test_self_service_has_no_queue_and_no_waits():
    at = site([stage("desk"), stage("kiosk", queue=False)])
    whole = log(at, [encounter(0, 9)], [visit(0, 0, 3, 4), visit(0, 4, 4, 9, stage=1, member=-1)])
    value = measures_of(whole)
    assert value("wait_mean") == 3.0
    assert value("service_mean") == (1 + 5) / 2
    assert value("service_mean", stage="kiosk") == 5.0
    for name in ("wait_mean", "wait_p90", "queue_mean"):
        with pytest.raises(KeyError):
            value(name, stage="kiosk")


def test_a_wait_from_the_appointment_is_not_longer_than_that_and_never_negative():
    whole = log(
        desk(),
        [encounter(0, 30), encounter(1, 40)],
        [visit(0, 0, 12, 30, waits_from=10), visit(1, 1, 1, 40, waits_from=20)],
    )
    value = measures_of(whole)
    assert value("wait_mean") == (2 + 0) / 2
    assert value("waited_share") == 1 / 2  # the second started at once


def test_encounters_of_the_warm_up_and_their_visits_are_left_out_whenever_the_visits_were():
    whole = log(
        desk(warm_up=60),
        [encounter(59.999, 200), encounter(60, 71)],
        [visit(0, 59.999, 100, 110), visit(0, 190, 195, 200), visit(1, 60, 61, 71)],
    )
    value = measures_of(whole)
    assert value("arrivals") == 1
    assert value("wait_mean") == 1.0
    assert value("visits_mean") == 1.0
    assert value("service_mean") == 10.0


def test_segments_and_stages_are_kept_apart():
    at = site([stage("desk"), stage("till")], segments=("a", "b"))
    whole = log(
        at,
        [encounter(0, 9), encounter(0, 9, segment=1)],
        [visit(0, 0, 1, 2), visit(1, 0, 2, 3), visit(0, 2, 5, 9, stage=1), visit(1, 3, 8, 9, stage=1)],
    )
    value = measures_of(whole)
    assert value("wait_mean", stage="desk") == 1.5
    assert value("wait_mean", segment="b") == (2 + 5) / 2
    assert value("wait_mean", stage="till", segment="b") == 5.0
    assert value("wait_p50", stage="till") == 4.0
    assert value("wait_p99", stage="desk", segment="a") == 1.0


def test_hours_are_those_of_joining():
    whole = log(desk(), [encounter(59, 70), encounter(60, 90)], [visit(0, 59, 62, 70), visit(1, 60, 61, 90)])
    value = measures_of(whole, by=("hour",))
    assert value("wait_mean", hour=0) == 3.0
    assert value("wait_mean", hour=1) == 1.0
    assert value("wait_mean", stage="desk", hour=1) == 1.0
    assert isnan(value("wait_mean", hour=2))
    assert value("arrivals", hour=2) == 0.0


def test_nothing_gives_null_not_zero():
    value = measures_of(log(desk(), [], []))
    for name in ("wait_mean", "wait_served_mean", "waited_share", "service_level", "wait_p50", "wait_p99",
                 "service_mean", "stay_mean", "stay_p90", "visits_mean", "balked_share", "queue_mean"):  # fmt: skip
        assert isnan(value(name)), name
    assert value("arrivals") == value("completed") == value("returns_lost") == 0.0
