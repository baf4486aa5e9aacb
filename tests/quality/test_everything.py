"""The properties that hold whatever is switched on, on a site that has it all, simulated for three weeks."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from sim.flow.log import CAUSE_MASK, FIXED, NEVER, Cause, Ended
from sim.flow.state import initial_state
from sim.quality.levels import Gap, Level
from sim.quality.perceive import perceive
from sim.quality.recovery import Case, cases_of, failures, harmed
from sim.quality.tables import judgement_of
from sim.scenario import load
from sim.study.days import days

EVERYTHING = Path(__file__).parent.parent / "everything.yaml"


@pytest.fixture(scope="module")
def lived():
    from sim.flow.site import site_of

    scenario = load(EVERYTHING).with_levers({"calendar.days": 21})
    return list(days(site_of(scenario), seed=2, replication=0))


def test_the_gaps_of_every_customer_add_up(lived):
    met = 0
    for day in lived:
        seen = day.perception
        residual = seen.gaps[:4].sum(axis=0) - seen.gaps[Gap.CUSTOMER]
        difference = seen.gaps[Gap.CUSTOMER] - (seen.levels[Level.EXPECTED] - seen.levels[Level.PERCEIVED])
        met += int((~np.isnan(residual)).sum())
        assert np.nanmax(np.abs(residual)) < 1e-9
        assert np.nanmax(np.abs(difference)) < 1e-9
    assert met > 5000


def test_the_overall_gap_is_the_weighted_one(lived):
    """Expected less perceived quality, over the dimensions met with their weights."""
    for day in lived:
        seen = day.perception
        judged = ~np.isnan(seen.perceived_quality)
        weights = np.nan_to_num(seen.gap_weights[judged])
        whole = (weights * np.nan_to_num(seen.gaps[:4, judged])).sum(axis=(0, 2))
        expected = (weights * np.nan_to_num(seen.levels[Level.EXPECTED, judged])).sum(axis=1)
        assert whole == pytest.approx(expected - seen.perceived_quality[judged], abs=1e-9)


def test_the_causes_part_the_misses(lived):
    """Every action that a service met was a hit, was mended, was not required, or was missed for one cause."""
    lapses = {Cause.KNOWLEDGE, Cause.WILLINGNESS, Cause.LOAD, Cause.FATIGUE, Cause.ERROR}
    missed = dict.fromkeys(lapses, 0)
    for day in lived:
        log, seen = day.log, day.perception
        marks, table = seen.marks, seen.judgement
        done = (~table.is_wait[marks.action]) & (marks.visit != NEVER)
        codes = marks.cause[done]
        kinds = codes & CAUSE_MASK
        assert set(kinds.tolist()) <= {Cause.HIT, Cause.NOT_REQUIRED, *lapses}
        lapse = np.isin(kinds, list(lapses)) & (codes & FIXED == 0)
        assert np.array_equal(lapse | (kinds == Cause.NOT_REQUIRED), ~marks.hit[done])
        for cause in lapses:
            missed[cause] += int((lapse & (kinds == cause)).sum())
        required = table.required[marks.action[done], log.segment[marks.encounter[done]]]
        assert not (required[kinds == Cause.NOT_REQUIRED] == 1).any()
    assert min(missed.values()) > 0


def test_the_performance_gap_is_made_of_the_misses_and_the_waits(lived):
    """By cause: weight × 6 for each miss; less than nothing where more is done than the standard asks."""
    for day in lived:
        seen, n = day.perception, len(day.log.segment)
        marks, values = seen.marks, seen.values
        short = 6 * seen.weight * (values[Level.REQUIRED] - values[Level.DELIVERED])
        causes = marks.cause & CAUSE_MASK
        by_cause = [np.bincount(marks.encounter, np.where(causes == c, short, 0.0), n) for c in range(CAUSE_MASK + 1)]
        judged = ~np.isnan(seen.perceived_quality)
        whole = np.nansum(seen.gap_weights * seen.gaps[Gap.PERFORMANCE], axis=1)
        assert sum(by_cause)[judged] == pytest.approx(whole[judged], abs=1e-9)


def test_everything_follows_from_the_log_alone(lived):
    """Judged again, later and from a copy of the log: the same bits."""
    for day in reversed(lived[::5]):
        again = perceive(dataclasses.replace(day.log), judgement_of(day.log.site, day.plan.state))
        for name in ("satisfaction", "satisfaction_all", "return_probability", "levels", "gaps", "zone", "delighted"):
            assert np.array_equal(getattr(again, name), getattr(day.perception, name), equal_nan=True)


def test_who_had_a_problem_is_who_met_a_failure(lived):
    """The floor's word for it and what the judgement takes for a failure are one."""
    cases = np.zeros(len(Case), dtype=int)
    for day in lived:
        log, seen = day.log, day.perception
        failed = np.bincount(seen.marks.encounter[failures(seen.judgement, seen.marks)], minlength=len(log.segment))
        completed = log.ended_as == Ended.COMPLETED
        assert np.array_equal((failed > 0) & completed, (log.problem > 0) & completed)
        assert np.array_equal(harmed(log), np.flatnonzero((failed > 0) & completed))
        cases += np.bincount(cases_of(log)[completed], minlength=len(Case))
    assert cases.min() > 0


def test_who_had_no_problem_comes_back_for_satisfaction_and_the_others_at_most_as_the_table_says(lived):
    retention = lived[0].log.site.scenario.quality.retention
    after = [case.name.lower() for case in list(Case)[1:]]
    table = np.array([[getattr(of, name) for name in after] for of in (retention.minor, retention.major)])
    for day in lived:
        seen, rows = day.perception, harmed(day.log)
        highest = table[day.log.problem[rows] - 1, cases_of(day.log)[rows] - 1]
        assert (seen.return_probability[rows] <= highest).all()
        assert (np.isnan(seen.return_probability) == np.isnan(seen.satisfaction)).all()
        well = np.setdiff1d(np.flatnonzero(~np.isnan(seen.satisfaction)), rows)
        usual = 1 / (1 + np.exp(-1.1945 * (seen.satisfaction[well] - 5)))
        assert seen.return_probability[well] == pytest.approx(usual, abs=1e-12)


def test_what_time_has_moved_is_in_the_judgement(lived):
    """Reviews move what is expected and believed: the first two levels follow the state of the period."""
    last = lived[-1]
    state, table = last.plan.state, last.perception.judgement
    assert state.expected is not None
    assert state.believed is not None
    assert np.array_equal(table.expected, np.array(state.expected))
    assert np.array_equal(table.believed, np.array(state.believed))
    first = judgement_of(last.log.site)
    assert not np.array_equal(table.expected, first.expected)
    for name in ("required", "promised", "weight", "scene_action"):
        assert np.array_equal(getattr(table, name), getattr(first, name))


def test_the_first_period_is_judged_as_the_scenario_says(lived):
    site = lived[0].log.site
    plain, given = judgement_of(site), judgement_of(site, initial_state(site, 2, 0))
    assert np.array_equal(plain.expected, given.expected)
    assert np.array_equal(plain.believed, given.believed)
