"""The limits in the table: a verdict per policy, what would decide, and the one line for standard error."""

from dataclasses import dataclass

import pandas as pd
import pytest

from sim.show.acceptance import not_met
from sim.show.certainty import Known, certainty, known
from sim.show.table import markdown_table, table
from sim.show.text import UNICODE
from tests.show.standin import Standin, result

LIMITS = ("wait_p90 < 12 min", "satisfaction[segment=a] > 5")


@dataclass
class Judged(Standin):
    """A result with limits, and verdicts made by hand."""

    verdicts: tuple[tuple[str, str, str, int | None], ...] = ()

    def acceptance(self):
        found = pd.DataFrame(self.verdicts, columns=["policy", "limit", "verdict", "more"])
        return found.astype({"more": "Int64"})


def judged(*verdicts, limits=LIMITS):
    of = result()
    of.scenario.accept = limits
    return Judged(**vars(of), verdicts=verdicts)


MIXED = (
    ("as_is", LIMITS[0], "not decided", 31),
    ("as_is", LIMITS[1], "not met", None),
    ("train", LIMITS[0], "met", None),
    ("train", LIMITS[1], "not decided", None),
)


def line(text, label):
    return next(row for row in text.splitlines() if row.strip().startswith(label))


def test_a_line_for_each_limit_and_what_would_decide_below_it():
    text = table(judged(*MIXED))
    assert "Limits" in text.splitlines()
    assert line(text, LIMITS[0]).split()[-3:] == ["not", "decided", "met"]
    assert line(text, LIMITS[1]).split()[-4:] == ["not", "met", "not", "decided"]
    assert line(text, "more replications to decide").split()[-1] == "31"
    assert sum("more replications to decide" in row for row in text.splitlines()) == 1


def test_markdown_has_the_same_lines():
    text = markdown_table(judged(*MIXED))
    assert "| wait\\_p90 &lt; 12 min | not decided | met |" in text
    assert "more replications to decide | 31 |  |" in text


def test_no_limits_no_section():
    assert "Limits" not in table(result())


def test_a_policy_that_a_limit_does_not_concern_has_an_empty_cell():
    text = table(judged(("train", "net_gain > 0", "met", None), limits=("net_gain > 0",)))
    assert line(text, "net_gain > 0").split()[-2:] == ["0", "met"]


def test_the_words_for_standard_error_name_policy_limit_and_verdict_or_point_to_the_table():
    found = judged(*MIXED).acceptance()
    told = f"3 of {len(found)} limits (of 2 policies together) are not met or not decided"
    assert not_met(found, shown=True) == f"{told}; see Limits above."
    assert not_met(found, shown=False).splitlines() == [
        f"{told}:",
        "  as_is: wait_p90 < 12 min is not decided (31 more replications)",
        "  as_is: satisfaction[segment=a] > 5 is not met",
        "  train: satisfaction[segment=a] > 5 is not decided",
    ]
    evil = judged(("x\n\x1b[2J", LIMITS[0], "not met", None)).acceptance()
    assert not_met(evil, shown=True) == "1 of 1 limits is not met; see Limits above."
    assert "\x1b" not in not_met(evil, shown=False)
    assert len(not_met(evil, shown=False).splitlines()) == 2


def test_one_replication_is_said_plainly():
    text = table(judged(("as_is", LIMITS[0], "not decided", 1), ("train", LIMITS[0], "met", None)))
    assert line(text, "more replications to decide").split()[-1] == "1"
    assert "(1 more replication)" in not_met(judged(("as_is", LIMITS[0], "not decided", 1)).acceptance(), shown=False)


def test_how_sure_waits_are_by_the_worst_policy_and_stage():
    """Relative half-widths of 1, 2, 3 and of ten times that are t(2, .975) sd/sqrt(3) / mean = 2.4841/2."""
    assert known([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]).width == pytest.approx(1.2421, abs=1e-4)
    assert known([[5.0, 5.0]]) == Known(0.0, 2)
    assert known([[5.0]]) is None
    assert known([]) is None


def test_satisfaction_is_told_where_it_is_known_less_well_than_waits():
    def sure(spread):
        of = result(("as_is",))
        rows = of.measures["measure"] == "satisfaction"
        of.measures.loc[rows, "value"] = [5 - spread, 5 + spread, 5 - spread, 5 + spread]
        return list(certainty(of, UNICODE))

    assert sure(1.0)[1].startswith("Satisfaction is known to ±37 %; ")  # t(3, .975) * 1.1547 / 2 / 5
    assert not any("Satisfaction" in row for row in sure(0.1))


def test_a_caution_is_said_once_where_replications_are_few():
    few = [row for row in certainty(result(replications=4), UNICODE) if row.startswith("Caution: ")]
    assert len(few) == 1
    assert few[0].endswith(".")
    assert not any(row.startswith("Caution: ") for row in certainty(result(replications=40), UNICODE))
    text = table(result(replications=4))
    assert "Caution: " in text
    assert max(map(len, text.splitlines())) <= 80
