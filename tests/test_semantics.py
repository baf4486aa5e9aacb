"""The semantics names a test for each sentence: every test it names is there."""

import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = (HERE.parent / "docs" / "semantics.md").read_text(encoding="utf-8")
TESTS = set(re.findall(r"def test_(\w+)", "\n".join(p.read_text(encoding="utf-8") for p in HERE.glob("*/test_*.py"))))


def test_every_test_named_is_there():
    brackets = re.findall(r"\[([^\]]*)\]", PAGE)
    named = {name for inside in brackets for name in re.findall(r"\b[a-z0-9]+(?:_[a-z0-9]+){2,}\b", inside)}
    assert len(named) > 100
    assert named <= TESTS, sorted(named - TESTS)
