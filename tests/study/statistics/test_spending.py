"""Looks: they grow by one factor through the number asked for, and what they may spend never exceeds the whole."""

from itertools import islice, pairwise

import pytest

from sim.study.statistics.spending import GROWTH, looks, spent


@pytest.mark.parametrize(("first", "through"), [(20, 100), (20, 21), (2, 1000), (7, 7), (10, 15), (3, 500)])
def test_looks_grow_from_the_first_through_the_number_asked_for(first, through):
    found = list(islice(looks(first, through), 40))
    assert found[0] == first
    assert through in found
    for one, other in pairwise(found):
        assert one < other <= one * GROWTH + 1


def test_a_number_below_the_first_changes_nothing():
    assert list(islice(looks(20, 5), 4)) == [20, 30, 45, 68]


def test_further_looks_do_not_depend_on_how_many_are_taken():
    assert list(islice(looks(20, 100), 5)) == list(islice(looks(20, 100), 50))[:5]


def test_all_looks_together_spend_no_more_than_the_whole():
    shares = [spent(look, 0.05) for look in range(1, 10_000)]
    assert sum(shares) < 0.05
    assert sum(shares) == pytest.approx(0.05, rel=2e-4)
    assert shares[0] == 0.025  # half of it at the first look: most is decided early
