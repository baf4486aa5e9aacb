"""The page and the figure of a sensitivity study, from one small study whose numbers are known by hand."""

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt

from sim.errors import InputError
from sim.show.plot.tornado import tornado
from sim.show.sensitivity import bars, markdown_table, table
from sim.show.text import width
from sim.study.sensitivity.sensitivity import sensitivity
from tests.study.test_sensitivity import pair

LONG = "一个名字很长的前台接待员在很远的地方工作"


@pytest.fixture(scope="module")
def found():
    return sensitivity(pair(title="Two <at> a desk"), jobs=1)


@pytest.fixture(scope="module")
def morris():
    return sensitivity(pair(), method="morris", size=3, jobs=1)


@pytest.fixture(scope="module")
def chinese():
    given = pair(
        stages={LONG: {"staff": ["clerk"], "work": "4 min"}, "till": {"staff": ["robot"], "work": "3 min"}},
        uncertain={f"stages.{LONG}.work": ["2 min", "6 min"]},
    )
    given["customers"]["pair"]["start"] = LONG
    return sensitivity(given, jobs=1)


@pytest.fixture
def ax():
    yield plt.subplots()[1]
    plt.close("all")


def test_conclusions_come_first_and_in_words(found):
    lines = table(found).splitlines()
    assert lines[0] == "pair – Two <at> a desk"
    assert lines[4] == "Conclusions that the ranges change"
    assert " ".join(line.strip() for line in lines[5:7]) == f"- {found.sentences[0]}"


def test_a_tornado_in_signs(found):
    # The change is as large to one side as to the other: as many signs.
    low, high = (line for line in table(found).splitlines() if "█" in line)
    assert low.split()[:4] == ["stages.desk.work", "2", "min", "−0.50"]
    assert high.split()[:3] == ["6", "min", "+0.50"]
    assert low.count("█") == high.count("█") > 5
    assert low.index("|") == high.index("|")
    assert low.rstrip().endswith("█|")
    assert "  nothing changes with quality.loss_aversion" in table(found)


def test_differences_from_the_baseline_as_written_and_where_they_turn(found):
    lines = table(found).splitlines()
    start = lines.index("wait_mean: difference from as_is, min, where it turns")
    rows = [line.rsplit(maxsplit=2)[-2:] for line in lines[start + 1 : start + 4]]
    assert rows == [["−0.25", "±0.00"], ["+0.25", "±0.00"], []]


def under(lines, heading):
    """The lines under a heading, up to the next empty one."""
    start = lines.index(heading) + 1
    return lines[start : lines.index("", start)]


def test_a_conclusion_that_holds_and_one_that_is_open_stand_under_headings_of_their_own():
    given = pair(
        policies={"as_is": {}, "robot": {"customers.pair.start": "till"}, "same": {"staff.clerk.skill": 0.9}},
        uncertain={"stages.desk.work": ["3.5 min", "6 min"]},
    )
    lines = table(sensitivity(given, jobs=1)).splitlines()
    assert under(lines, "Conclusions that hold at both ends of every range") == [
        "- robot beats as_is on wait_mean (−0.25 ±0.00 min)",
        "- robot beats same on wait_mean (−0.25 ±0.00 min)",
    ]
    assert under(lines, "Not told apart by 3 replications of each, neither as written nor at any end") == [
        "- same − as_is on wait_mean: 0 min"
    ]
    assert not any("difference from" in line for line in lines)  # nothing turns
    assert lines[-4:] == [
        "Differences of policies: ± holds in 95 % of such studies for a whole list of",
        "ends at once, as written and at both ends of every range (Bonferroni), so it is",
        "wider than in sim compare.",
        "Few replications make wide intervals: -n 20 would tell more than 3.",
    ]


def test_money_is_told_in_the_currency_and_shares_with_one_decimal():
    # The clerk is paid for the hour from nine to ten, and a quarter on top for the burden.
    given = pair(
        currency="EUR",
        staff={"clerk": {"count": 1, "wage": 1600.0}, "robot": {"count": 1}},
        policies={"as_is": {}, "two": {"staff.clerk.count": 2}},
        uncertain={"staff.clerk.wage": [800.0, 2800.0]},
    )
    found = sensitivity(given, ["profit", "completed_share"], jobs=1)
    lines = table(found).splitlines()
    assert "- as_is beats two on profit (+2000 ±0 EUR)" in lines
    assert "- two − as_is on completed_share: 0 percentage points" in lines
    low, high = under(lines, "What moves profit under as_is, −2000 EUR")
    assert (low.split()[2], high.split()[1]) == ("+1000", "−1500")
    assert "What moves completed_share under as_is, 100.0 %" in lines
    assert "| staff.clerk.wage 2800 | −3500 ±0 |" in markdown_table(found)
    assert "### profit: difference from as\\_is, EUR" in markdown_table(found)


def test_all_of_a_table_have_the_same_decimals(morris):
    text = table(morris)
    assert "e+" not in text
    assert "000000" not in text
    (line,) = [line for line in under(text.splitlines(), "wait_mean under as_is, min") if "desk.work" in line]
    assert line.split()[1:] == ["1.00", "±0.00", "1.00", "0"]


def test_what_hardly_moves_a_measure_is_named_and_not_drawn():
    # At a pace of 0.99 the work takes 2.4 s more: 1 / 50 of what two minutes more do.
    uncertain = {"stages.desk.work": ["2 min", "6 min"], "staff.clerk.pace": [0.99, 1.0]}
    lines = table(sensitivity(pair(uncertain=uncertain), jobs=1)).splitlines()
    drawn = under(lines, "What moves wait_mean under as_is, 0.75 min")
    assert drawn[2:] == ["  less than a twentieth of the largest change with staff.clerk.pace"]


def test_a_measure_without_indices_is_said_to_have_none():
    full = pair(site={"max_in_system": 50}, uncertain={"site.max_in_system": [1, 50], "stages.desk.work": [2, 6]})
    found = sensitivity(full, policies=["as_is"], method="morris", size=3, jobs=1)
    assert np.isnan(found.effects["mu_star"]).all()
    assert "wait_mean: nothing can be said of as_is, which is undefined at some points" in table(found)


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_lines_fit_the_terminal_and_its_signs(found, morris, chinese, columns, encoding):
    for each in (found, morris, chinese):
        for line in table(each, columns=columns, encoding=encoding).splitlines():
            line.encode(encoding)
            if "\\u" not in line:  # what an encoding cannot say is longer than any terminal
                assert width(line) <= columns


def test_a_path_that_is_too_long_keeps_its_end(chinese):
    (line,) = [line for line in table(chinese, columns=60).splitlines() if "█|" in line]
    assert line.split()[0].startswith("…")
    assert line.split()[0].endswith("作.work")


def test_markdown_has_the_same_figures_escaped(found):
    text = markdown_table(found)
    assert "## pair – Two &lt;at&gt; a desk" in text
    assert "| stages.desk.work | 2 min | −0.50 ±0.00 | 6 min | +0.50 ±0.00 |" in text
    assert "| stages.desk.work 6 min | −0.75 ±0.00 |" in text
    assert "- robot beats as\\_is on wait\\_mean" in text


def test_all_at_once_lists_indices_the_largest_first(morris):
    lines = table(morris).splitlines()
    start = lines.index("wait_mean under as_is, min")
    assert lines[start - 1].split() == ["mean", "size", "mean", "spread"]
    assert lines[start + 1].split()[0] == "stages.desk.work"
    assert lines[start + 2].split() == ["quality.loss_aversion", "0", "0", "0"]
    assert any("Who comes out ahead" in line for line in lines)
    assert "| quality.loss\\_aversion | 0 | 0 | 0 |" in markdown_table(morris)


def test_bars_are_ordered_by_what_they_move(found):
    first, second = bars(found, "wait_mean", "as_is")
    assert (first.parameter, second.parameter) == ("stages.desk.work", "quality.loss_aversion")
    assert (first.size, second.size) == (pytest.approx(0.5), 0)


def test_the_figure_has_a_bar_for_each_end(found, ax):
    assert tornado(found, ax=ax) is ax
    assert sorted(bar.get_width() for bar in ax.patches) == pytest.approx([-0.5, 0.5])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["stages.desk.work", "quality.loss_aversion"]
    assert ax.get_xlabel() == "change of wait mean, min\n(as_is; as written 0.75 min)"
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first is on top
    assert {text.get_text() for text in ax.texts} == {"2 min", "6 min", "no change"}


def test_the_figure_of_a_difference_shows_where_there_is_none(found, ax):
    tornado(found, "wait_mean", "robot", "as_is", ax=ax)
    dotted = [line for line in ax.lines if line.get_linestyle() == ":"]
    assert dotted[0].get_xdata()[0] == pytest.approx(0.25)  # a change so large makes up for −0.25
    assert ax.get_xlabel().endswith("(robot − as_is; as written −0.25 min)")


def test_chinese_names_and_long_paths_are_drawn_without_a_warning(chinese, ax):
    tornado(chinese, ax=ax)
    ax.figure.canvas.draw()
    (label,) = [label.get_text() for label in ax.get_yticklabels()]
    assert label.count("\n") == 1


def test_what_a_figure_cannot_show(found, morris):
    with pytest.raises(InputError, match="one at a time"):
        tornado(morris)
    with pytest.raises(InputError, match="no wait_p90"):
        tornado(found, "wait_p90")
    with pytest.raises(InputError, match="did you mean 'robot'"):
        tornado(found, policy="robt")
    with pytest.raises(InputError, match="turn them round"):
        tornado(found, policy="as_is", against="robot")
