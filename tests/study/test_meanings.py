"""Unit, range, good direction and scopes of every measure are those of the page of measures."""

from math import inf

import pytest

from sim.errors import InputError
from sim.study.meanings import DEPENDS, HIGH, LOW, MEANINGS, Meaning, known_measures, meaning, unknown_measure
from sim.study.tallies.rows import SCOPES
from tests.study.test_measures_page import PAGE

GOOD = {"high": HIGH, "low": LOW, "0": DEPENDS, "–": DEPENDS}


def told_by(scopes):
    """The scopes that every row has; none where one row has none."""
    rows = [() if scope == "site" else tuple(scope.split(" × ")) for scope in scopes]
    shared = set.intersection(*map(set, rows))
    return tuple(scope for scope in SCOPES if scope in shared)


def test_the_page_and_the_table_agree_in_every_row():
    said = {
        told.name: Meaning(told.unit.partition(", ")[0], GOOD[told.good], *told.limits, told_by(told.scopes))
        for told in PAGE
    }
    assert {name: (said.get(name), MEANINGS.get(name)) for name in {*said, *MEANINGS}} == {
        name: (said[name], said[name]) for name in said
    }


def test_ranges_and_scopes_of_their_own_are_of_measures_that_there_are():
    from sim.study import meanings

    for table in (meanings._OWN_RANGES, meanings._BY):
        names = [name for *_, listed in table for name in listed.split()]
        assert len(names) == len(set(names))
        assert set(names) <= set(MEANINGS)


def test_a_measure_is_in_the_table_once():
    from sim.study import meanings

    names = [name for _, _, listed in meanings._TABLE for name in listed.split()]
    assert len(names) == len(set(names)) == len(known_measures())


def test_an_unknown_measure_is_told_with_the_nearest():
    assert meaning("wait_p90") == ("minutes", -1, 0, inf, ())
    assert meaning("utilisation").by == ("role",)
    with pytest.raises(InputError, match="no measure 'satisfacton'; did you mean 'satisfaction'"):
        meaning("satisfacton")
    with pytest.raises(InputError, match=r"no measure 'xyzzy'; docs/measures\.md has them all"):
        meaning("xyzzy")


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("waits", "wait_mean"),
        ("wait", "wait_mean"),
        ("Waiting", "wait_mean"),
        ("gap", "gap_customer"),
        ("costs", "staff_cost"),
    ],
)
def test_a_plain_word_is_told_the_first_measure_that_has_it(word, near):
    assert unknown_measure(word) == f"no measure '{word}'; did you mean '{near}'?"
