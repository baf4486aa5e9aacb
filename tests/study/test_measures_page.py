"""The page of measures has every measure, with its scopes and its range, and none that is not there."""

import re
from collections import Counter
from math import inf
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import sim
from sim.scenario import load
from sim.study.tallies.rows import SCOPES

ROOT = Path(__file__).parents[2]
HEADER = "| measure | meaning and definition | unit and range | good | rows for |"
BY_PERIOD_TOO = {"site", "segment", "role", "dimension"}
NO_PERIODS = "Worth of a policy"  # the page exempts the trainings as well, which have no such rows anyway


class Told(NamedTuple):
    """What the page says of a measure."""

    name: str
    group: str
    unit: str
    good: str
    scopes: frozenset[str]

    @property
    def limits(self):
        """Least and greatest value that the range allows."""
        _, _, said = self.unit.replace("−", "-").partition(", ")
        between = re.fullmatch(r"(-?\d+) to (-?\d+)", said)
        if between:
            return float(between[1]), float(between[2])
        return {"": (-inf, inf), "from 0": (0.0, inf), "up to 1": (-inf, 1.0)}[said]

    @property
    def scopes_over_time(self):
        """With the rows by period that the page's rule adds where there are several."""
        by_period = {"period" if scope == "site" else f"{scope} × period" for scope in self.scopes & BY_PERIOD_TOO}
        return self.scopes if self.group == NO_PERIODS else self.scopes | by_period


def _page():
    group, rows, in_table = "", [], False
    for line in (ROOT / "docs" / "measures.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            group = line.removeprefix("## ")
        in_table = line == HEADER or (in_table and line.startswith("|"))
        if in_table and line != HEADER and not line.startswith("|---"):
            name, _, unit, good, scopes = (cell.strip() for cell in line.strip("|").split("|"))
            rows.append(Told(re.fullmatch(r"`(\w+)`", name)[1], group, unit, good, frozenset(scopes.split(", "))))
    return rows


def _found(path, policies, levers):
    """Scopes and values of each measure, the policies together, with rows by hour and member."""
    scenario = load(ROOT / path).with_levers(levers)
    measures = sim.run(scenario, policies=policies, replications=1, jobs=1, by=("member", "hour")).measures
    there, scopes, values = measures[list(SCOPES)].notna().to_numpy(), {}, {}
    for name, row, value in zip(measures["measure"], there, measures["value"], strict=True):
        scope = " × ".join(np.array(SCOPES)[row]) or "site"
        scopes.setdefault(name, set()).add(scope)
        values.setdefault(name, []).append(value)
    return scopes, {name: np.array(of) for name, of in values.items()}


PAGE = _page()


@pytest.fixture(scope="module")
def everything():
    return _found("tests/everything.yaml", ["as_is", "no_course"], {"calendar.days": 10, "training.gaps.day": 8})


@pytest.fixture(scope="module")
def hotel():
    return _found("scenarios/hotel_front_desk.yaml", ["as_is", "train"], {"calendar.days": 7})


def test_a_measure_is_defined_once():
    assert len(PAGE) > 90
    assert [name for name, times in Counter(told.name for told in PAGE).items() if times > 1] == []


def test_the_page_has_every_measure_and_none_that_is_not_there(everything, hotel):
    scopes, _ = everything
    defined = {told.name for told in PAGE}
    assert set(scopes) - defined == set(), "not on the page"
    assert defined - set(scopes) == set(), "on the page alone"
    assert set(hotel[0]) <= defined


def test_the_rows_of_each_measure_are_those_told(everything):
    scopes, _ = everything
    wrong = {told.name: scopes[told.name] ^ told.scopes_over_time for told in PAGE}
    assert {name: difference for name, difference in wrong.items() if difference} == {}


def test_without_reviews_the_same_rows_but_no_periods(hotel):
    scopes, _ = hotel
    wrong = {told.name: scopes[told.name] - told.scopes for told in PAGE if told.name in scopes}
    assert {name: difference for name, difference in wrong.items() if difference} == {}


def test_values_lie_in_the_range_told(everything, hotel):
    outside = {}
    for told in PAGE:
        low, high = told.limits
        values = np.concatenate([found[1].get(told.name, np.zeros(0)) for found in (everything, hotel)])
        known = values[~np.isnan(values)]
        assert len(known), f"{told.name} is undefined everywhere"
        outside[told.name] = known[(known < low) | (known > high)].tolist()
    assert {name: values for name, values in outside.items() if values} == {}


def test_good_is_one_of_the_ways_that_the_page_explains():
    assert {told.good for told in PAGE} == {"high", "low", "0", "–"}
