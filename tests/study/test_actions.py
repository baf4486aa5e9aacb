"""Hits, lapses, their causes and errors, by hand."""

from math import isnan

import pytest

from sim.flow.log import AUTOMATED, FIXED, Cause
from sim.scenario.management import Management

from .logs import action, encounter, log, site, stage, visit
from .table import measures_of

HIT, KNOW, WILL, FREE = Cause.HIT, Cause.KNOWLEDGE, Cause.WILLINGNESS, Cause.NOT_REQUIRED
ERROR = Cause.ERROR


def whole():
    at = site(
        [
            stage(
                "desk", actions=(action("greet"), action("done", kind="outcome", dimension="reliability")), error=0.1
            ),
            stage("till", actions=(action("thank"),)),
        ],
        segments=("a", "b"),
        roles={"clerk": ["Ana", "Bo"]},
        warm_up=10,
    )
    never = (Cause.NOT_PERFORMED, Cause.NOT_PERFORMED)
    return log(
        at,
        [encounter(5, 6), encounter(10, 30), encounter(11, 31, segment=1), encounter(12, 32), encounter(13, 40)],
        [
            visit(0, 5, 5, 6, causes=(KNOW, ERROR), error=1),  # in the warm-up
            visit(1, 10, 10, 11, causes=(HIT, HIT)),
            visit(2, 11, 11, 12, causes=(KNOW, ERROR), error=1, member=1),
            visit(3, 12, 12, 13, causes=(FIXED + WILL, FIXED + ERROR), error=2),
            visit(4, 13, None, 40, causes=never, ended_as=2),
            visit(1, 11, 11, 30, stage=1, causes=(FREE,)),
            visit(2, 12, 12, 31, stage=1, causes=(WILL,)),
        ],
    )


def test_hits_after_and_before_the_self_check():
    value = measures_of(whole())
    assert value("hit_rate", action="greet") == 2 / 3
    assert value("hit_rate_first", action="greet") == 1 / 3
    assert value("hit_rate", action="thank") == 0 / 2  # not required is not delivered either
    assert value("hit_rate") == (2 + 2 + 0) / 8
    assert value("hit_rate", stage="desk") == 4 / 6
    assert value("hit_rate", dimension="empathy") == 2 / 5
    assert value("hit_rate", segment="b") == 0 / 3
    assert value("hit_rate", action="greet", segment="a") == 2 / 2
    assert value("hit_rate_first", action="greet", segment="a") == 1 / 2
    assert value("lapses", action="greet", segment="b") == 1


def test_lapses_are_required_actions_that_the_customer_missed_by_cause():
    value = measures_of(whole())
    assert value("lapses") == 3
    assert value("lapses", action="greet") == 1
    assert value("lapses", action="thank") == 1  # the other was not required
    assert value("lapses", cause="knowledge") == 1
    assert value("lapses", cause="willingness") == 1
    assert value("lapses", cause="error") == 1
    assert value("lapses", cause="load") == value("lapses", cause="fatigue") == 0
    assert value("lapses", action="done", cause="error") == 1
    assert value("lapses", segment="b", cause="knowledge") == 1
    assert value("lapses", segment="a", cause="knowledge") == 0  # that one was in the warm-up
    assert value("lapses", action="greet", cause="willingness") == 0


def test_error_rate_is_of_visits_that_reached_service_where_errors_can_happen():
    value = measures_of(whole())
    assert value("error_rate") == value("error_rate", stage="desk") == value("error_rate", action="done") == 1 / 3
    assert value("error_rate", segment="b") == 1 / 1
    with pytest.raises(KeyError):
        value("error_rate", stage="till")


def test_by_member():
    value = measures_of(whole(), by=("member",))
    assert value("hit_rate", role="clerk", member="Bo") == 0 / 2
    assert value("hit_rate", role="clerk", member="Ana") == 4 / 6
    assert value("lapses", role="clerk", member="Bo") == 2


def test_an_action_that_nobody_met_has_no_rate():
    at = site([stage("desk", actions=(action("greet"),))])
    value = measures_of(log(at, [], []))
    assert isnan(value("hit_rate", action="greet"))
    assert value("lapses", action="greet") == 0


def test_a_plain_queue_has_no_rows_of_actions():
    value = measures_of(log(site([stage("desk")]), [], []))
    for name in ("hit_rate", "lapses", "error_rate"):
        with pytest.raises(KeyError):
            value(name)


def automated(share=0.5):
    """Two of four greetings by a machine; the other actions are not for machines."""
    at = site(
        [stage("desk", actions=(action("greet"), action("thank")))],
        segments=("a", "b"),
        roles={"clerk": ["Ana", "Bo"]},
        management=Management(automation={"greet": {"share": share}, "thank": {"share": 0}}),
    )
    machine = AUTOMATED + HIT
    codes = [(machine, HIT), (WILL, HIT), (FIXED + WILL, KNOW), (machine, HIT)]
    return log(
        at,
        [encounter(i, 9, segment=i % 2) for i in range(4)],
        [visit(i, i, i, 9, causes=pair, member=i % 2) for i, pair in enumerate(codes)],
    )


def test_what_a_machine_does_is_a_hit_from_the_first():
    value = measures_of(automated())
    assert value("hit_rate", action="greet") == 3 / 4
    assert value("hit_rate_first", action="greet") == 2 / 4
    assert value("lapses", action="greet") == 1


def test_the_machines_share_is_of_all_that_could_have_been_delivered():
    value = measures_of(automated())
    assert value("automated_share", action="greet") == 2 / 4
    assert value("automated_share", action="greet", segment="a") == 1 / 2
    with pytest.raises(KeyError):
        value("automated_share", action="thank")  # no machine does it
    with pytest.raises(KeyError):
        measures_of(whole())("automated_share", action="greet")


def test_what_a_machine_does_is_nobodys():
    """Ana's own: a lapse mended and not mended, a hit; Bo's: a lapse and two hits."""
    value = measures_of(automated(), by=("member",))
    assert value("hit_rate", role="clerk", member="Ana") == 2 / 3
    assert value("hit_rate", role="clerk", member="Bo") == 2 / 3
    assert value("hit_rate") == 6 / 8
