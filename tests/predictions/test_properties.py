"""Properties that any build of the model has, and where each is tested.

T1  gaps add up for each customer: tests/quality/test_gaps.py (the_gaps_sum_to_the_customer_gap), test_simulated.py
T2  causes partition the misses: tests/laws/test_better_is_not_worse.py (causes_partition_the_misses)
T3  better staff turn no hit into a miss: tests/laws/test_better_is_not_worse.py; audits: here
T4  with all effects off, and actions that take no time, the site is a plain queue: here; one mechanism at a time:
    tests/laws/test_mechanisms_off.py
T5  Little's law on the sample path: checked in every run (tests/laws/test_self_checks.py); in the measures: here
T6  without loss aversion, memory and distortion, satisfaction is plain: tests/quality/test_gaps.py
T7  what is exactly expected neither pleases nor hurts: tests/quality/test_gaps.py
T8  weights that do not sum to 1 are refused: here
T9  same seed, same log; another policy, the same customers: tests/laws/test_luck.py; their tastes and sense of time:
    tests/quality/test_taste.py; expectations and surveys over whole runs: here
T10 everything is computed from the log, however it is cut: tests/study/test_blocks.py, test_replicate.py
T11 survey means converge to the latent levels and what rounding leaves: tests/quality/test_survey.py; of a run: here
T12 minutes or seconds are one: tests/quality/test_gaps.py; of a whole run: here
"""

from __future__ import annotations

import copy

import numpy as np
import pytest

import sim
from sim.errors import ScenarioError
from sim.flow.plan import draw
from sim.flow.simulate import simulate
from sim.flow.site import site_of
from sim.flow.state import initial_state
from sim.quality.levels import Level
from sim.quality.perceive import perceive
from sim.quality.survey import answers
from sim.quality.tables import DIMENSIONS
from tests.by_hand.run import Run
from tests.laws.sites import busy, everything
from tests.laws.test_better_is_not_worse import actions_of, quiet

from .pairs import Effect, study
from .sites import desk, wait

# ---- T3


def test_more_audits_turn_no_hit_into_a_miss():
    before, after = (
        actions_of(Run(quiet(management={"audit": {"share": share, "fade": "never"}}))) for share in (0.1, 0.9)
    )
    assert before.keys() == after.keys()
    assert not [key for key in before if before[key] == "hit" and after[key] != "hit"]
    assert [key for key in before if before[key] != "hit" and after[key] == "hit"]


# ---- T4


def test_with_every_effect_off_the_site_is_a_plain_queue():
    """Everything that customers notice is written down and takes no time: not one instant moves."""
    noticed = busy()
    noticed["actions"] = {name: {**a, "time": 0} for name, a in noticed["actions"].items()}
    noticed["management"] = {}
    plain = {key: value for key, value in noticed.items() if key != "actions"}
    with_actions, without = Run(noticed), Run(plain)
    for column in ("arrived_us", "left_us", "ended_as", "joined_us", "started_us", "ended_us", "member", "error"):
        assert with_actions.column(column).tolist() == without.column(column).tolist()
    assert everything(with_actions) != everything(without)  # the causes


# ---- T5


@pytest.mark.parametrize("staff", [1, 2])
def test_queue_length_is_the_rate_of_joining_times_the_mean_wait(staff):
    """In each replication, though the desk closes and is busy or not by turns."""
    found = study(
        desk("18/h", {"dist": "exponential", "mean": "3 min"}, days=3, staff={"clerk": {"count": staff}}),
        replications=5,
    )
    joined_minutes = found.of("base", "arrivals") * found.of("base", "wait_mean")
    served_minutes = found.of("base", "completed") * found.of("base", "service_mean")
    in_queue, in_service = found.of("base", "queue_mean"), found.of("base", "in_service_mean")
    assert joined_minutes / in_queue == pytest.approx(served_minutes / in_service, rel=1e-9)
    assert found.of("base", "in_system_mean") == pytest.approx(in_queue + in_service, rel=1e-9)


# ---- T8

HALVES = {
    "half": {"stage": "desk", "dimension": "empathy", "weight": 0.5},
    "other": {"stage": "desk", "dimension": "empathy", "weight": 0.5},
}


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("actions.half.weight", 0.6, "the weights of empathy sum to 1.1"),
        ("quality", {"dimension_weights": {"empathy": 0.5}}, "weights sum to 1.34"),
        ("quality", {"memory": {"mean": 0.6}}, "mean, peak and end sum to 1.1"),
    ],
)
def test_weights_that_do_not_sum_to_one_are_refused(path, value, said):
    site = {"name": "weights", **desk(actions=copy.deepcopy(HALVES))}
    assert sim.load(site)
    node = site
    *parents, last = path.split(".")
    for key in parents:
        node = node[key]
    node[last] = value
    with pytest.raises(ScenarioError, match=said):
        sim.load(site)


# ---- T9


def judged(**more: object) -> tuple[dict, dict]:
    """What each customer had expected, and what she answered on it, by segment, day and index."""
    site = site_of(sim.load({"name": "judged", **opinionated(), **more}))
    expects, says = {}, {}
    for log in simulate(draw(site, initial_state(site, 1, 0), 1, 0)):
        seen = perceive(log)
        given = answers(log, seen, site.scenario.quality.survey)
        who = list(zip(log.segment.tolist(), log.day.tolist(), log.index.tolist(), strict=True))
        met = seen.levels[Level.EXPECTED0][:, [DIMENSIONS.index("empathy"), DIMENSIONS.index("responsiveness")]]
        expects |= dict(zip(who, met.tolist(), strict=True))
        says |= {who[row]: points for row, points in zip(given.respondent, given.expected.tolist(), strict=True)}
    return expects, says


def opinionated() -> dict:
    """A desk where everybody is asked, and answers."""
    return desk(
        "10/h",
        {"dist": "exponential", "mean": "3 min"},
        days=3,
        actions={
            "greet": {"stage": "desk", "dimension": "empathy", "weight": 1, "expected": 0.7, "time": "0.5 min"},
            "wait": wait(),
        },
        quality={"survey": {"response": {"base": 30, "extreme": 0, "unhappy": 0}}},
    )


@pytest.mark.parametrize(
    "policy",
    [
        {"staff": {"clerk": {"count": 2, "skill": 0.5}}},
        {"management": {"self_check": {"share": 1}, "audit": {"share": 1}}},
        {"training": {"course": {"who": "clerk", "day": 0, "backfill": True}}},
    ],
)
def test_under_another_policy_the_same_customers_expect_and_answer_the_same(policy):
    expects, says = judged()
    others, answered = judged(**policy)
    assert len(expects) > 200
    assert others == expects
    assert answered == says


# ---- T11


def test_measured_gaps_converge_to_the_latent_ones_and_what_rounding_leaves():
    """Error rate: see `pairs`. Far from the ends of the scale rounding is fair: with everybody asked, without halo,
    the residual vanishes. Near its top clipped expectations hide a part of the gap (P2)."""
    survey = {"response": {"base": 30, "extreme": 0, "unhappy": 0}, "halo": 0, "leniency": 0.3, "noise": 0.7}
    half = {"stage": "desk", "dimension": "empathy", "weight": 0.5}
    site = desk(
        "30/h",
        "1 min",
        days=4,
        actions={"a": half | {"expected": 0.6}, "b": half | {"expected": 0.6, "required": 0}},
        quality={"survey": survey},
    )
    found = study(site, high={"actions.a.expected": 1, "actions.b.expected": 1})
    residual = found.level("base", "measurement_residual", dimension="empathy")
    assert abs(residual.mean) < residual.half_width < 0.02
    assert found.level("high", "measurement_residual", dimension="empathy").is_above(0.1)


# ---- T12


def test_minutes_or_seconds_are_one_in_a_whole_run():
    """The same site in other units: the same bits."""

    def site(unit: str, of: float, rate: str) -> dict:
        def time(minutes: float) -> str:
            return f"{minutes * of:g} {unit}"

        return desk(
            rate,
            {"dist": "lognormal", "mean": time(3), "cv": 0.5},
            days=2,
            actions={
                "greet": {"stage": "desk", "dimension": "empathy", "weight": 1, "time": time(0.5), "expected": 0.7},
                "wait": wait(expected=time(5), required=time(4), promised=time(3), half_value=time(10)),
            },
        )

    minutes, seconds = (
        study(site(*units), replications=3).measures for units in (("min", 1, "0.25/min"), ("s", 60, "15/h"))
    )
    assert minutes["measure"].tolist() == seconds["measure"].tolist()
    assert np.array_equal(minutes["value"], seconds["value"], equal_nan=True)
    assert Effect(minutes["value"].dropna().to_numpy()).error > 0
