"""No result moves unnoticed: every shipped scenario leaves the fingerprints that are stored."""

import csv

import pytest

from tests.golden.fingerprints import FILE, ROOT, fingerprint, scenarios

with FILE.open() as file:
    STORED = list(csv.DictReader(file))


@pytest.mark.parametrize("stored", STORED, ids=lambda row: f"{row['scenario']}:{row['policy']}")
def test_scenario_leaves_its_fingerprints(stored):
    found = fingerprint(ROOT / stored["scenario"], stored["policy"])
    assert found == stored, (
        "results have moved: if that is meant, run `python -m tests.golden.fingerprints`"
        " and declare it in CHANGELOG.md with the tag [results]"
    )


def test_every_scenario_is_stored():
    assert {row["scenario"] for row in STORED} == {p.relative_to(ROOT).as_posix() for p in scenarios()}
