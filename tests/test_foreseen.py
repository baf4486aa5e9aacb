"""What can be foreseen is said before anything is simulated: courses that nobody attends or that empty the floor."""

import pytest

from sim.flow.foreseen import foreseen
from sim.flow.plan import draw
from sim.flow.site import site_of
from sim.flow.state import initial_state
from sim.scenario import load

DESK = {
    "name": "desk",
    "calendar": {"days": 14, "open": "08:00", "close": "18:00", "week": ["mon", "tue", "wed", "thu", "fri"]},
    "customers": {"all": {"arrivals": {"rate": "12/h"}, "start": "desk"}},
    "stages": {"desk": {"staff": ["clerk"], "work": "4 min"}},
    "staff": {"clerk": {"count": 2}},
    "actions": {"greet": {"stage": "desk", "dimension": "empathy", "weight": 1}},
}


def warnings(**changes):
    site = site_of(load(DESK | changes))
    return foreseen(draw(site, initial_state(site, 1, 0), 1, 0))


def course(**of):
    return {"course": {"who": "clerk", **of}}


@pytest.mark.parametrize(
    ("training", "said"),
    [
        (course(day=3), "on day 3 nobody is left to serve desk"),
        (course(day=5), "the site is closed on day 5"),
        (course(day=2, share=0.01), "a share of 0.01 of clerk is nobody"),
    ],
)
def test_a_course_that_cannot_be_meant_is_told(training, said):
    (warning,) = warnings(training=training)
    assert said in warning
    assert warning.startswith("training course: ")


@pytest.mark.parametrize("training", [course(day=3, share=0.5), course(day=3, backfill=True), {}])
def test_a_course_that_leaves_somebody_is_fine(training):
    assert warnings(training=training) == ()


def test_too_much_work_is_told_too():
    (warning,) = warnings(customers={"all": {"arrivals": {"rate": "60/h"}, "start": "desk"}})
    assert "customers ask for" in warning
