"""The same question put to the whole program: scenarios simulated customer by customer, in fewer studies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import sim
from sim.study.cases import Case
from sim.study.desk import Desk
from sim.study.keys import key_of
from tests.theory.days import Block, day
from tests.theory.oracles import exponential_patience, impatient

from .differences import TRAINED, exact_trained
from .means import students
from .row import Found, Row, cover, shown, studies, within

SIZE = 20
"""Replications to a study."""
STUDIES = 200
"""Studies of the quickest problem."""
SEED = 4
LEAST = 0.9
"""Coverage of the most skewed measure from 20 replications, about; few studies cannot tell more."""

Data = dict[str, Any]


class Problem(NamedTuple):
    """`values` turns the desk's replications of one case, or of two that share customers, into figures."""

    name: str
    exact: float
    scenarios: tuple[Data, ...]
    values: Callable[[Desk, int], np.ndarray]
    part: int = 1  # one study for so many of the quickest


def desk_of(clerks: int, rate: float, work: float, calendar: Data, **customers: Any) -> Data:
    return {
        "name": "one-desk",
        "calendar": calendar,
        "customers": {"all": {"arrivals": {"rate": f"{rate}/min"}, "start": "desk", **customers}},
        "stages": {"desk": {"staff": ["clerk"], "work": {"dist": "exponential", "mean": f"{work} min"}}},
        "staff": {"clerk": {"count": clerks}},
    }


def measured(case: int, measure: str) -> Callable[[Desk, int], np.ndarray]:
    return lambda desk, n: np.array(desk.values(case, key_of(measure), n))


def waited_in_all(desk: Desk, n: int) -> np.ndarray:
    """Minutes that all customers of a day waited together: unlike their mean it has an exact expectation."""
    return measured(0, "wait_mean")(desk, n) * measured(0, "arrivals")(desk, n)


def change(desk: Desk, n: int) -> np.ndarray:
    return measured(1, "wait_mean")(desk, n) - measured(0, "wait_mean")(desk, n)


def exact_waited(minutes: float) -> float:
    """Minutes that the customers of a day wait in all; services of 2 minutes, a customer every 2.5."""
    exact = day([Block(minutes, 0.4, 1)], 0.5, longest=150)
    return exact.wait * exact.arrivals


def terminating() -> Problem:
    """M/M/1 open for four hours, closing when the last has been served."""
    calendar = {"days": 1, "open": "09:00", "close": "13:00"}
    name = "minutes waited on a day of four hours, M/M/1 at load .8"
    return Problem(name, exact_waited(240.0), (desk_of(1, 0.4, 2.0, calendar),), waited_in_all)


def steady() -> Problem:
    """Erlang A of scenarios/theory/erlang_a.yaml in slower time, so that a day has few customers."""
    slower = 5.0
    exact = slower * impatient(3.0, 1.0, 3, exponential_patience(2.0)).wait
    calendar = {"days": 1, "warm_up": "4 h"}
    patience = {"dist": "exponential", "mean": f"{2 * slower} min"}
    scenario = desk_of(3, 3 / slower, slower, calendar, patience=patience)
    return Problem("mean wait, Erlang A, a day after four hours", exact, (scenario,), measured(0, "wait_mean"), 2)


def at_adherence(adherence: float) -> Data:
    scenario = desk_of(1, TRAINED["arrive"], 1.0, {"days": 2, "warm_up": "8 h"})
    scenario["stages"]["desk"]["work"] = "1.5 min"
    scenario["staff"]["clerk"]["adherence"] = adherence
    one = {"stage": "desk", "dimension": "reliability", "weight": 1 / TRAINED["actions"], "time": "30 s", "expected": 1}
    scenario["actions"] = {f"a{k}": one for k in range(int(TRAINED["actions"]))}
    return scenario


BOTH = tuple(at_adherence(TRAINED[when]) for when in ("before", "after"))


def problems() -> tuple[Problem, ...]:
    return (
        terminating(),
        steady(),
        Problem("change of the mean wait, M/G/1: actions done .9 instead of .6", exact_trained(), BOTH, change, 4),
        Problem("share of actions done, .6", TRAINED["before"], BOTH[:1], measured(0, "hit_rate"), 4),
    )


def make(tries: int) -> list[Row]:
    return [row(problem, tries) for problem in problems()]


def row(problem: Problem, tries: int) -> Row:
    many = max(1, tries // problem.part)
    n = SIZE * many
    desk = Desk([Case(str(i), sim.load(data), ()) for i, data in enumerate(problem.scenarios)], SEED)
    desk.collect(range(n))
    values = problem.values(desk, n)
    covered = cover([students(group) for group in studies(values, SIZE)], problem.exact)
    error = 3 * float(values.std(ddof=1)) / np.sqrt(n)
    figures = (
        Found(covered.share, within(LEAST, many)[0], 1.0),
        shown(covered.half_width),
        Found(float(values.mean()), problem.exact - error, problem.exact + error),
    )
    return Row((problem.name, f"{problem.exact:.5g}", f"{many} × {SIZE}"), figures)


HEAD = ("problem", "exact", "studies × replications")
FIGURES = ("Student's t covers (must lie in)", "half-width", "mean of all (must lie in)")
