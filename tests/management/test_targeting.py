"""What trainings teach that leave it to what was missed."""

import pytest

from tests.management.hand import reviewed, scenario, site, start

GREET, CONFIRM, RECAP, SERVE, WAIT = range(5)
CLERK, BARMAN = range(2)


def targeted(place, missed, state=None):
    return reviewed(place, state or start(place), missed=missed).state.targeted


def course(who="clerk", actions=None, day=10, **more):
    return {"who": who, "actions": {"most_missed": 2} if actions is None else actions, "day": day} | more


def test_the_most_missed_of_those_taught():
    """Clerks missed `confirm` most, then `recap`; what the barman missed is not theirs."""
    place = site(training={"course": course()})
    missed = {(CLERK, GREET): 3, (CLERK, CONFIRM): 9, (CLERK, RECAP): 5, (BARMAN, SERVE): 50}
    assert targeted(place, missed) == (("course", 10, ("confirm", "recap")),)


def test_of_several_roles_the_lapses_are_counted_together():
    place = site(training={"course": course(who=["clerk", "barman"])})
    missed = {(CLERK, GREET): 3, (CLERK, CONFIRM): 9, (BARMAN, SERVE): 50}
    assert targeted(place, missed) == (("course", 10, ("serve", "confirm")),)


def test_among_equals_the_first_in_the_file():
    place = site(training={"course": course()})
    assert targeted(place, {(CLERK, RECAP): 1, (CLERK, CONFIRM): 1}) == (("course", 10, ("confirm", "recap")),)
    assert targeted(place, {}) == (("course", 10, ("greet", "confirm")),)


def test_no_more_than_the_role_does():
    place = site(training={"course": course(who="barman", actions={"most_missed": 4})})
    assert targeted(place, {}) == (("course", 10, ("serve",)),)


def test_what_no_training_betters_is_not_aimed_at():
    """Who tends the kiosk does so by the role's skill on file, whatever people have learnt since."""
    written = scenario()
    stages = {"kiosk": {"staff": [], "work": "1 min", "next": {"desk": 1}}, **written["stages"]}
    customers = {name: one | {"start": "kiosk"} for name, one in written["customers"].items()}
    tidy = {"stage": "kiosk", "dimension": "empathy", "weight": 1, "by": "clerk"}
    actions = written["actions"] | {"tidy": tidy, "greet": written["actions"]["greet"] | {"weight": 0}}
    place = site(stages=stages, customers=customers, actions=actions, training={"course": course()})
    assert targeted(place, {(CLERK, 5): 99, (CLERK, CONFIRM): 9}) == (("course", 10, ("confirm", "greet")),)


@pytest.mark.parametrize(("day", "chosen"), [(7, True), (13, True), (14, False)])
def test_a_review_chooses_for_the_period_to_come(day, chosen):
    """For a training after the next review, that review chooses: what was missed most lately."""
    place = site(training={"course": course(day=day)})
    assert bool(targeted(place, {(CLERK, GREET): 1})) == chosen


def test_every_repetition_has_its_own_choice_and_keeps_it():
    place = site(training={"course": course(actions={"most_missed": 1}, every="3 d")})
    first = reviewed(place, start(place), missed={(CLERK, CONFIRM): 1}).state
    second = reviewed(place, first, missed={(CLERK, RECAP): 1}).state
    assert first.targeted == (("course", 10, ("confirm",)), ("course", 13, ("confirm",)))
    assert second.targeted == (*first.targeted, ("course", 16, ("recap",)), ("course", 19, ("recap",)))


def test_reflection_may_choose_in_place_of_the_list():
    training = {"course": course(actions=["greet", "recap"])}
    plain = site(training=training, management={"reflection": {}})
    place = site(training=training, management={"reflection": {"target_training": True}})
    missed = {(CLERK, CONFIRM): 9, (CLERK, RECAP): 5}
    assert targeted(plain, missed) == ()
    assert targeted(place, missed) == (("course", 10, ("confirm", "recap")),)
    assert targeted(place, {}) == (("course", 10, ("greet", "recap")),)  # nothing missed: what was listed


def test_a_training_of_everything_needs_no_choice():
    place = site(training={"course": course(actions="all")}, management={"reflection": {"target_training": True}})
    assert targeted(place, {(CLERK, CONFIRM): 9}) == ()
