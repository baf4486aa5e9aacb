"""Counts, shares, stays and visits, by hand."""

from sim.flow.log import Ended, VisitEnded

from .logs import encounter, log, site, stage, visit
from .table import measures_of


def test_every_way_of_ending_is_counted_and_is_a_share_of_arrivals():
    ways = [Ended.COMPLETED] * 3 + [w for w in Ended if w != Ended.COMPLETED]
    whole = log(site([stage("desk")]), [encounter(i, i + 1, ended_as=way) for i, way in enumerate(ways)], [])
    value = measures_of(whole)
    assert value("arrivals") == 8
    assert value("completed") == 3
    assert value("completed_share") == 3 / 8
    for name in ("balked", "blocked", "abandoned", "turned_away", "unfinished"):
        assert value(name) == 1
        assert value(f"{name}_share") == value(f"{name}_share", segment="all") == 1 / 8


def test_a_stay_is_the_time_on_site_of_completed_encounters():
    whole = log(
        site([stage("desk")]),
        [
            encounter(0, 10),
            encounter(5, 200, away=150),  # came back
            encounter(7, 90, ended_as=Ended.ABANDONED),
        ],
        [
            visit(0, 0, 0, 10),
            visit(1, 5, 10, 20),
            visit(1, 170, 175, 200),
            visit(2, 7, None, 90, ended_as=VisitEnded.ABANDONED),
        ],
    )
    value = measures_of(whole)
    assert value("stay_mean") == (10 + 45) / 2
    assert value("stay_p90") == 10 + 0.9 * 35
    assert value("visits_mean") == 3 / 2
    assert value("service_mean") == (10 + 10 + 25) / 3


def test_returns_lost_are_counted_by_segment():
    at = site([stage("desk")], segments=("a", "b"))
    whole = log(at, [encounter(0, 1, return_lost=1), encounter(0, 1, segment=1)], [])
    value = measures_of(whole)
    assert (value("returns_lost"), value("returns_lost", segment="b")) == (1, 0)
