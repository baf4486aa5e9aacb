"""A loaded scenario, simulated and judged: the parts fit together."""

import numpy as np
import pytest

from sim.flow.log import Ended
from sim.flow.plan import draw
from sim.flow.simulate import simulate
from sim.flow.site import site_of
from sim.flow.state import initial_state
from sim.quality.levels import Gap
from sim.quality.perceive import perceive
from sim.quality.tables import judgement_of
from sim.scenario import load

DESK = {
    "name": "desk",
    "calendar": {"days": 3, "open": "09:00", "close": "12:00"},
    "customers": {
        "guest": {
            "arrivals": {"rate": "14/h"},
            "start": "desk",
            "patience": {"dist": "exponential", "mean": "10 min"},
            "expects": {"greet": 0.5, "wait": "3 min"},
        },
        "member": {"arrivals": {"rate": "4/h"}, "start": "desk"},
    },
    "stages": {
        "desk": {
            "staff": ["clerk"],
            "work": {"dist": "exponential", "mean": "3 min"},
            "waiting": {"explained": "greet"},
            "error": {"probability": 0.2},
        }
    },
    "staff": {"clerk": {"count": 1, "skill": 0.8, "adherence": 0.9}},
    "actions": {
        "greet": {"stage": "desk", "moment": "arrival", "dimension": "empathy", "weight": 1, "expected": 0.9},
        "outcome": {"stage": "desk", "kind": "outcome", "dimension": "reliability", "weight": 1},
        "wait": {"stage": "desk", "kind": "wait", "dimension": "responsiveness", "weight": 1},
    },
}


def test_the_table_of_a_loaded_scenario():
    table = judgement_of(site_of(load(DESK)))
    assert table.names == ("greet", "outcome", "wait")
    assert table.expected.tolist() == [[0.5, 0.9], [1.0, 1.0], [3.0, 5.0]]
    assert table.promised.tolist() == [[0.0, 0.0], [0.0, 0.0], [np.inf, np.inf]]
    assert table.dimension_weight == pytest.approx([0.11, 0.32, 0.22, 0.19, 0.16])
    assert table.circumstances.tolist() == [[-2], [0], [-2]]


def test_a_simulated_desk_is_judged():
    site = site_of(load(DESK))
    judged = lost = 0
    for log in simulate(draw(site, initial_state(site, 1, 0), 1, 0)):
        seen = perceive(log)
        completed = log.ended_as == Ended.COMPLETED
        assert (~np.isnan(seen.satisfaction) == completed).all()
        assert (np.isnan(seen.satisfaction_all) == (log.ended_as == Ended.UNFINISHED)).all()
        residual = seen.gaps[:4, completed].sum(axis=0) - seen.gaps[Gap.CUSTOMER, completed]
        assert np.nanmax(np.abs(residual), initial=0.0) < 1e-9
        assert set(np.unique(seen.outcome_quality[completed])) <= {1.0, 7.0}
        judged += int(completed.sum())
        lost += int((log.ended_as == Ended.ABANDONED).sum())
    assert judged > 50
    assert lost > 0
