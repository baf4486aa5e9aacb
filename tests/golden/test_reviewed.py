"""No result of reviews moves unnoticed: a run with every mechanism on leaves the fingerprint that is stored."""

import json

from tests.golden.reviewed import FILE, fingerprint


def test_a_run_with_everything_on_leaves_its_fingerprint():
    assert fingerprint() == json.loads(FILE.read_text(encoding="utf-8")), (
        "results have moved: if that is meant, run `python -m tests.golden.reviewed`"
        " and declare it in CHANGELOG.md with the tag [results]"
    )
