"""Unit and good direction of every measure are those of the page of measures."""

import pytest

from sim.errors import InputError
from sim.study.meanings import DEPENDS, HIGH, LOW, MEANINGS, Meaning, known_measures, meaning
from tests.study.test_measures_page import PAGE

GOOD = {"high": HIGH, "low": LOW, "0": DEPENDS, "–": DEPENDS}


def test_the_page_and_the_table_agree_in_every_row():
    said = {told.name: Meaning(told.unit.partition(", ")[0], GOOD[told.good]) for told in PAGE}
    assert {name: (said.get(name), MEANINGS.get(name)) for name in {*said, *MEANINGS}} == {
        name: (said[name], said[name]) for name in said
    }


def test_a_measure_is_in_the_table_once():
    from sim.study import meanings

    names = [name for _, _, listed in meanings._TABLE for name in listed.split()]
    assert len(names) == len(set(names)) == len(known_measures())


def test_an_unknown_measure_is_told_with_the_nearest():
    assert meaning("wait_p90") == ("minutes", -1)
    with pytest.raises(InputError, match="no measure 'satisfacton'; did you mean 'satisfaction'"):
        meaning("satisfacton")
    with pytest.raises(InputError, match=r"no measure 'xyzzy'; docs/measures\.md has them all"):
        meaning("xyzzy")
