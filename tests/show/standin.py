"""A result made by hand: known numbers, no simulation."""

from dataclasses import dataclass
from types import SimpleNamespace

import pandas as pd

from sim.study.results.frames import DISTRIBUTIONS, MEASURES, summary_frame
from sim.study.tallies.rows import SCOPES


@dataclass
class Standin:
    """What the tables and figures read of a result."""

    scenario: SimpleNamespace
    policies: tuple[str, ...]
    replications: int
    measures: pd.DataFrame
    distributions: pd.DataFrame
    seed: int = 7
    engine: str = "simpy"
    warnings: tuple[str, ...] = ()
    course: None = None  # a terminating run keeps none

    def summary(self) -> pd.DataFrame:
        return summary_frame(self.measures)


def scenario(stages=("check_in",), title="Front desk", stage_title="Check-in") -> SimpleNamespace:
    titles = (stage_title, *[""] * len(stages))
    return SimpleNamespace(
        name="hotel",
        title=title,
        currency="",
        calendar=SimpleNamespace(days=20),
        stages={s: SimpleNamespace(title=t, target_wait=5.0) for s, t in zip(stages, titles, strict=False)},
        staff={"receptionist": None},
        actions={
            "greet": SimpleNamespace(stage=stages[0]),
            "confirm": SimpleNamespace(stage=stages[0]),
        },
        quality=SimpleNamespace(dimension_weights={"reliability": 0.5, "empathy": 0.5}),
        target_wait=lambda stage, segment: 5.0,
        customers={"all": None},
        accept=(),
    )


def result(policies=("as_is", "train"), stages=("check_in",), replications=4, effects=False, **of) -> Standin:
    rows, counts = [], []
    for p, policy in enumerate(policies):
        for r in range(replications):
            rows += [(policy, r, *row) for row in _rows(p, r, stages, effects)]
            counts += [(policy, r, *row) for row in _counts(p, stages)]
    frame = pd.DataFrame(rows, columns=["policy", "replication", "measure", "scope", "value"])
    for name in SCOPES:
        frame[name] = [scope.get(name) for scope in frame["scope"]]
    return Standin(
        scenario=scenario(stages, **of),
        policies=tuple(policies),
        replications=replications,
        measures=frame[list(MEASURES)],
        distributions=pd.DataFrame(counts, columns=list(DISTRIBUTIONS)),
    )


def _rows(p, r, stages, effects):
    wobble = (-1) ** r * 0.1 * (1 + r // 2 % 2)
    for s, stage in enumerate(stages):
        at = {"stage": stage}
        yield "wait_mean", at, 4 - p + s + wobble
        yield "wait_p50", at, 2.5 - p + wobble
        yield "wait_p90", at, 11 - p + wobble
        yield "wait_p95", at, 14 - p + wobble
        yield "service_level", at, 0.7 + 0.05 * p
    yield "satisfaction", {}, 5 + p / 2 + wobble
    yield "dissatisfied_share", {}, 0.2 - 0.05 * p
    yield "delighted_share", {}, 0.1 + 0.05 * p
    for measure in ("perceived_quality", "process_quality", "outcome_quality", "satisfaction_all"):
        yield measure, {}, 5.5
    yield "gap_listening", {}, 0.5
    yield "gap_design", {}, -0.25
    yield "gap_performance", {}, 0.4
    yield "gap_communication", {}, 0.1
    yield "gap_customer", {}, 0.75
    for dimension in ("reliability", "empathy"):
        yield "gap_customer", {"dimension": dimension}, 0.75
    yield "hit_rate", {"action": "greet"}, 0.9
    yield "hit_rate", {"action": "confirm"}, 0.6 + 0.1 * p
    for action, lapses in (("greet", (5.0, 5.0)), ("confirm", (30.0, 10.0))):
        yield "lapses", {"action": action}, sum(lapses)
        for cause, n in zip(("knowledge", "load"), lapses, strict=True):
            yield "lapses", {"action": action, "cause": cause}, n
    yield "utilisation", {"role": "receptionist"}, 0.83
    yield "overtime_hours", {"role": "receptionist"}, 0.4
    yield "reflection_hours", {"role": "receptionist"}, 0.1
    for how in ("abandoned", "blocked", "turned_away", "unfinished"):
        yield f"{how}_share", {}, 0.07
    if effects:
        yield from _effects(p, wobble)
    yield "balked_share", {}, 0.0


def _effects(p, wobble):
    """What trainings, surveys, complaints, money and reviews add to a result."""
    yield "servperf", {}, 5.0
    yield "servqual", {}, -0.5
    yield "measurement_residual", {}, 0.25
    yield "cronbach_alpha", {}, 0.95
    yield "response_share", {}, 0.34
    for share, value in (("problem", 0.2), ("voice", 0.3), ("recovered", 0.6), ("quick", 0.5)):
        yield f"{share}_share", {}, value
    yield "return_probability", {}, 0.6 + wobble
    yield "nps", {}, 12.0
    yield "margin", {}, 208_960.0 + 1000 * wobble
    yield "staff_cost", {}, 46_440.0
    yield "training_cost", {}, 1625.0 * p
    yield "management_cost", {}, 0.0
    yield "profit", {}, 208_960.0 - 46_440.0 - 1625.0 * p + 1000 * wobble
    yield "lost_margin", {}, 13_162.0
    yield "lifetime_value", {}, 146.38
    for measure in ("satisfaction", "wait_mean", "hit_rate", "return_probability"):
        yield f"{measure}_spread", {}, 0.3
    for period in range(3):
        yield "satisfaction", {"period": period}, 5 + p / 2 + period / 10
        yield "hit_rate", {"period": period}, 0.9 + 0.002 * period
        yield "return_probability", {"period": period}, 0.95 + wobble
    if p:
        for level in ("reaction", "learning", "behaviour", "transfer", "results", "results_satisfaction"):
            yield f"training_{level}", {"event": "course"}, {"learning": 0.05, "behaviour": 0.03}.get(level, 0.02)
        yield "net_gain", {}, -98_765.0
        yield "return_on_quality", {}, 1.5
        yield "break_even_day", {}, 9.0
        yield "breaks_even", {}, 0.75


def _counts(p, stages):
    for stage in stages:
        yield "wait", stage, "all", 0.0, 0.0, 20 + 10 * p
        for k in range(20):
            yield "wait", stage, "all", float(k), float(k + 1), 4 if k < 10 else 2 - p
    for k in range(60):
        low = 1 + k / 10
        yield "satisfaction", None, "all", low, 1 + (k + 1) / 10, max(0, k - 15 + 5 * p) if k < 45 else 60 - k
