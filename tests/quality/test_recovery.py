"""After a problem: who may come back, what a quick solution does to satisfaction, and what it leaves alone."""

from math import exp, inf

import numpy as np
import pytest

from sim.flow.log import Severity
from sim.quality.perceive import perceive
from sim.quality.recovery import Case, cases_of, failures, only_once, retained
from sim.scenario.management import Management
from sim.scenario.quality import Retention
from tests.quality.logs import Customer, Visit, action, log_of, site, stage

MINOR, MAJOR = Severity.MINOR, Severity.MAJOR
TABLE = {
    Case.SILENT: (0.37, 0.09),
    Case.UNRESOLVED: (0.46, 0.19),
    Case.RESOLVED: (0.70, 0.54),
    Case.QUICK: (0.95, 0.82),
}
DONE = {Case.SILENT: (0, None), Case.UNRESOLVED: (1, None), Case.RESOLVED: (1, 10.5), Case.QUICK: (1, 10.0)}


def management(**recovery):
    return Management(recovery={"stage": "complaints", "quick": "10 min"} | recovery)


def place(rules=None, **numbers):
    """A desk whose greeting matters to nobody much; its advice and its outcome are problems when they fail."""
    actions = {
        "greet": action("desk", "empathy", 1.0, expected=0.6, moment="arrival"),
        "advise": action("desk", "assurance", 1.0, expected=0.6, severity="minor"),
        "outcome": action("desk", "reliability", 1.0, kind="outcome", expected=0.7),
        "apologise": action("complaints", "empathy", 1.0, expected=0.5, severity="major"),
    }
    stages = {"desk": stage(), "complaints": stage()}
    return site(actions, stages, management=management() if rules is None else rules, **numbers)


def desk(hits=("greet", "advise"), wrong=("outcome",), **more):
    return Visit("desk", hits=hits, wrong=wrong, **more)


def met(case, severity=MINOR, visits=None):
    """A customer whose outcome went wrong, and what was done about it."""
    voiced, recovered = DONE[case]
    return Customer(visits or [desk()], problem=severity, voiced=voiced, recovered=recovered)


WELL = Customer([desk(hits=("greet", "advise", "outcome"), wrong=())])


def chance(satisfaction):
    return 1 / (1 + exp(-1.1945 * (satisfaction - 5)))


def test_cases_are_told_from_the_log():
    log = log_of(place(), [WELL, *(met(case) for case in TABLE)])
    assert cases_of(log).tolist() == [Case.NO_PROBLEM, *TABLE]


def test_without_recovery_nobody_has_a_problem():
    log = log_of(place(Management()), [met(Case.SILENT), met(Case.QUICK)])
    assert cases_of(log).tolist() == [Case.NO_PROBLEM] * 2


def test_any_solution_is_quick_where_there_is_no_hurry():
    log = log_of(place(management(quick="never")), [met(Case.RESOLVED)])
    assert log.site.scenario.management.recovery.quick == inf
    assert cases_of(log).tolist() == [Case.QUICK]


@pytest.mark.parametrize("severity", [MINOR, MAJOR])
@pytest.mark.parametrize("case", list(TABLE))
def test_the_chance_of_return_after_a_problem_is_the_tables(case, severity):
    """The desk pleases so well without the failure that the bound does not bind."""
    seen = perceive(log_of(place(), [WELL, met(case, severity)]))
    assert seen.satisfaction[0] == 7
    assert seen.return_probability.tolist() == pytest.approx([chance(7.0), TABLE[case][severity - MINOR]], abs=1e-12)


def test_never_far_above_what_it_would_have_been_without_the_problem():
    """Everything else is bad too: without the error hardly anybody would have come back either."""
    bad = Visit("desk", wrong=["outcome"])
    seen = perceive(log_of(place(), [Customer([Visit("desk", hits=["outcome"])]), met(Case.QUICK, MAJOR, [bad])]))
    # The advice is a problem as well, so that without the failures it is given.
    without = perceive(log_of(place(), [Customer([Visit("desk", hits=["advise", "outcome"])])])).satisfaction[0]
    assert chance(without) + 0.08 < 0.82
    assert seen.return_probability.tolist() == pytest.approx(
        [chance(seen.satisfaction[0]), chance(without) + 0.08], abs=1e-12
    )


def test_the_bound_does_not_lift_anybody():
    found = retained(np.array([1, 2]), np.array([Case.SILENT] * 2), np.array([0.9, np.nan]), Retention())
    assert found.tolist() == [0.37, 0.09]  # where nothing is judged the table stands alone


def without_failure(visits, **numbers):
    return perceive(log_of(place(**numbers), [Customer(visits)])).satisfaction[0]


MILD = {"disconfirmation": 0.1}  # so that nobody is at the end of the scale


def test_a_quick_solution_of_the_only_problem_leaves_her_happier_than_none():
    visits = [desk(hits=(), wrong=("outcome",))]
    better = without_failure([desk(hits=("advise", "outcome"), wrong=())], **MILD)
    silent, unresolved, resolved, quick = perceive(
        log_of(place(**MILD), [met(case, visits=visits) for case in TABLE])
    ).satisfaction
    assert silent == unresolved == resolved < better < 6.8
    assert quick == pytest.approx(better + 0.2, abs=1e-12)


def test_what_is_said_of_the_visit_itself_stays():
    """The paradox is in satisfaction alone: levels, gaps and qualities are of what happened."""
    silent, quick = (perceive(log_of(place(), [met(case)])) for case in (Case.SILENT, Case.QUICK))
    for name in ("levels", "gaps", "zone", "perceived_quality", "outcome_quality", "gap_weights", "values"):
        assert np.array_equal(getattr(silent, name), getattr(quick, name), equal_nan=True)
    assert quick.satisfaction[0] > silent.satisfaction[0]
    assert quick.satisfaction_all[0] == quick.satisfaction[0]


def test_satisfaction_ends_at_seven():
    assert perceive(log_of(place(), [met(Case.QUICK)])).satisfaction[0] == 7.0


@pytest.mark.parametrize("first", [("advise", "outcome"), ("outcome",)])
def test_no_paradox_for_a_second_problem(first):
    """The visit before went well, or had a problem of its own: only in the first case is it the first problem."""
    before = Visit("desk", hits=["greet", *first])
    visits = [before, desk(hits=("greet", "advise"), number=1)]
    log = log_of(place(**MILD), [met(Case.QUICK, visits=visits), met(Case.SILENT, visits=visits)])
    quick, silent = perceive(log).satisfaction
    assert (quick > silent) == (first == ("advise", "outcome"))


def test_a_lapse_where_complaints_are_heard_is_no_problem():
    visits = [desk(), Visit("complaints")]
    log = log_of(place(**MILD), [met(Case.QUICK, visits=visits)])
    seen = perceive(log)
    assert failures(seen.judgement, seen.marks).sum() == 1
    assert only_once(log, seen.judgement, seen.marks).tolist() == [True]
    well = [desk(hits=("greet", "advise", "outcome"), wrong=()), Visit("complaints")]
    assert seen.satisfaction[0] == pytest.approx(min(7, without_failure(well, **MILD) + 0.2), abs=1e-12)


def test_an_error_is_a_problem_where_no_outcome_is_judged():
    """It is in the log alone; two of them are two problems."""
    at = site({"greet": action()}, {"desk": stage(), "complaints": stage()}, management=management())
    visits = [Visit(hits=["greet"]), Visit(hits=["greet"], number=1)]
    log = log_of(at, [met(Case.QUICK, visits=visits), met(Case.QUICK, visits=visits)])
    log.error[:] = (0, 1, 1, 1)
    seen = perceive(log)
    assert only_once(log, seen.judgement, seen.marks).tolist() == [True, False]


def test_the_others_are_judged_as_if_nobody_had_a_problem():
    customers = [WELL, Customer([desk(hits=("greet",), wrong=())]), Customer([desk(hits=("advise",), wrong=())])]
    alone = perceive(log_of(place(), customers))
    among = perceive(log_of(place(), [*customers, met(Case.QUICK), met(Case.SILENT, MAJOR)]))
    for name in ("satisfaction", "return_probability", "delighted"):
        assert np.array_equal(getattr(alone, name), getattr(among, name)[:3])


def test_delight_counts_after_the_solution():
    """Something hardly expected, and a solution that brings satisfaction to 6.5."""
    actions = {
        "gift": action("desk", "empathy", 1.0, expected=0.1),
        "outcome": action("desk", "reliability", 1.0, kind="outcome", expected=0.9),
    }
    at = site(actions, {"desk": stage(), "complaints": stage()}, management=management())
    customers = [met(case, visits=[Visit("desk", hits=["gift"], wrong=["outcome"])]) for case in TABLE]
    assert perceive(log_of(at, customers)).delighted.tolist() == [False, False, False, True]
