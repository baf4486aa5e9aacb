"""The simulator agrees with queueing theory, judged as one family.

The smoke cases run every day; the whole family, some forty million visits, with `-m slow`.
"""

from __future__ import annotations

import zlib
from collections import Counter

import numpy as np
import pytest

from .cases import SMOKE, family, smoke
from .family import Case, judge, observe


def simulate(case: Case, again: int) -> np.ndarray:
    """The figures of every replication; fresh seeds when run again.

    Each case has a seed of its own: with one seed, customers of one name would be the same in every case, and the
    cases not independent as the rule supposes.
    """
    import sim

    seed = zlib.crc32(f"{case.name} {again}".encode())
    result = sim.run(case.scenario, replications=case.replications, seed=seed)
    assert result.failures.empty, f"{case.name}: {result.failures.to_string()}"
    return observe(result.measures, case.figures)


@pytest.fixture(scope="module")
def whole() -> tuple[Case, ...]:
    return family()


def test_the_family_is_large_and_its_cases_differ(whole):
    names = Counter(c.name for c in whole)
    assert max(names.values()) == 1
    assert len(names) >= 40
    assert set(SMOKE) < set(names)


def test_the_simulator_agrees_with_theory_on_the_smoke_cases():
    verdict = judge(smoke(), simulate)
    assert not verdict.failures, f"\n{verdict}"


@pytest.mark.slow
def test_the_simulator_agrees_with_theory_on_the_whole_family(whole):
    verdict = judge(whole, simulate)
    print(f"\n{verdict}")
    assert not verdict.failures, f"\n{verdict}"
