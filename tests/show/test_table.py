"""The table: known numbers in the right place, 80 columns, any script, any encoding."""

import re

import pytest

from sim.show.layout import Row, Section, markdown, saying, terminal
from sim.show.service_sections import minutes
from sim.show.table import markdown_table, table
from sim.show.text import UNICODE, clean, shorten, width
from tests.show.standin import result

MANY = ("as_is", "train", "hire_one", "train_and_check")


def line(text, label):
    return next(row for row in text.splitlines() if row.strip().startswith(label))


def test_figures_stand_under_their_policy_with_their_half_width():
    text = table(result())
    # Waits of as_is over replications: 4.1, 3.9, 4.2, 3.8. sd .18257, t(3) 3.18245, half-width .29052.
    assert re.split(r"\s{2,}", line(text, "mean").strip()) == ["mean", "4.00 ±0.29", "3.00 ±0.29"]
    assert line(text, "within 5 min, %").split("  ")[-1].strip() == "75.0 ±0.0"
    assert "−0.25 ±0.00" in line(text, "+ design")
    assert line(text, "gave up waiting").strip().endswith("7.0 ±0.0")
    assert "did not join" not in text


def test_actions_are_ordered_by_misses_with_shares_of_their_causes():
    lines = table(result()).splitlines()
    at = next(i for i, row in enumerate(lines) if row.startswith("Actions not delivered"))
    assert [row.split()[0] for row in lines[at + 1 : at + 7]] == ["confirm", "did", "under", "greet", "did", "under"]
    assert "40.0 ±0.0" in lines[at + 1]
    assert "75.0 ±0.0" in lines[at + 2]
    assert "25.0 ±0.0" in lines[at + 3]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252", "gbk"])
@pytest.mark.parametrize("policies", [("as_is",), MANY, tuple(f"a_policy_with_a_long_name_{k}" for k in range(9))])
def test_fits_80_columns_and_its_encoding(policies, encoding):
    text = table(result(policies, ("check_in", "concierge")), encoding=encoding)
    assert max(width(row) for row in text.splitlines()) <= 80
    assert text.encode(encoding).decode(encoding) == text
    assert text.count("satisfaction ") >= 1


def test_four_policies_stand_side_by_side():
    text = table(result(MANY))
    assert text.count("Perceived quality") == 1


def test_chinese_names_line_up():
    text = table(result(("现状", "培训前台接待"), title="城市酒店前台", stage_title="办理入住"))
    heads = line(text, "现状")
    assert width(heads) == width(line(text, "mean")) == width(line(text, "busy, %"))
    assert "办理入住" in text
    assert text.startswith("hotel – 城市酒店前台\n")


def test_nothing_in_a_name_steers_the_terminal():
    text = table(result(("a\x1b[31m", "b\u202e"), title="x\ny\x07", stage_title="\x9b2J"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert "a\\x1b[31m" in text


def test_several_policies_are_said_to_meet_the_same_customers():
    said = "The same customers under every policy"
    assert said in table(result())
    assert said in markdown_table(result())
    assert said not in table(result(("as_is",)))


def test_a_heading_stands_only_above_lines_that_say_something():
    blank, low = ("", ""), ("", "1")
    rows = [Row("a", blank), Row("  b", low), Row("c", blank), Row("  d", ("–", "")), Row("e", low)]
    assert [row.label for row in saying(rows)] == ["a", "  b", "e"]
    assert saying(rows, slice(0, 1)) == []


def test_one_replication_has_no_half_width():
    text = table(result(replications=1))
    assert line(text, "mean").split() == ["mean", "4.10", "3.10"]
    assert "more replication" not in text


def test_replications_needed_is_where_students_half_width_meets_the_wish():
    one = result(("as_is",))
    # sd .18257, mean 4: t(n-1, .975) sd/sqrt(n) <= .2 first at n = 6: 2.5706 * .18257 / 2.4495 = .1916; at 5: .2267.
    # At 4 it is 3.1824 * .18257 / 2 = .2905, 7.3 % of 4.
    assert "Mean waits are known to ±7.3 %; 2 more replications give ±5 %: -n 6" in table(one)
    assert "within ±5 %" in table(result(("as_is",), replications=8))


def test_markdown_escapes_what_would_be_markup():
    text = markdown_table(result(("a|b", "<b>*x*</b>")))
    assert "a\\|b" in text
    assert "&lt;b&gt;\\*x\\*&lt;/b&gt;" in text
    rows = [row for row in text.splitlines() if row.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}


def test_layout_repeats_labels_in_each_part():
    sections = [Section("S", [Row("label", tuple("abcdef"))])]
    lines = list(terminal(sections, [f"policy{k}" for k in range(6)], columns=40, signs=UNICODE))
    assert sum(row.strip().startswith("label") for row in lines) == 2
    assert max(map(width, lines)) <= 40
    assert "".join(markdown(sections, list("123456"))).count("| label |") == 1


@pytest.mark.parametrize(
    ("value", "said"), [(0.5, "30 s"), (5.0, "5 min"), (2.25, "2.25 min"), (90.0, "1.5 h"), (0.0, "0 s")]
)
def test_durations_as_people_say_them(value, said):
    assert minutes(value) == said


def test_shorten_counts_columns_not_characters():
    assert shorten("前台接待", 5) == "前台…"
    assert shorten("前台", 4) == "前台"
    assert width("前台接待") == 8


def test_clean_keeps_lines_and_spells_out_the_rest():
    assert clean("a\nb\tc\x1b\u200b\u202e前") == "a\nb\tc\\x1b\\u200b\\u202e前"
