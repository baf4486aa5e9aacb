"""How a comparison is shown: a column for each policy, signs for what is clear, words that say it."""

import matplotlib as mpl
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt

import sim
from sim.errors import InputError
from sim.show.comparison import markdown_table, table
from sim.show.plot.differences import differences
from tests.study.scenarios import desk


@pytest.fixture(scope="module")
def comparison():
    costs = desk()
    costs["staff"]["clerk"]["wage"] = 20
    return sim.compare({**costs, "currency": "EUR"}, replications=6, jobs=1)


def line(text, label):
    return next(one for one in text.splitlines() if one.strip().startswith(label))


def test_the_baseline_stands_beside_signed_differences(comparison):
    text = table(comparison)
    row = comparison.table.set_index("measure").loc["wait_mean"]
    assert f"{row['baseline_mean']:.2f}" in line(text, "wait_mean ")
    assert f"−{-row['difference']:.2f} ±{row['half_width']:.2f}" in line(text, "wait_mean ")
    assert line(text, "staff_cost").endswith("!")  # it costs more, and never by chance
    assert "Costs and benefits, EUR" in text
    assert max(map(len, text.splitlines())) <= 80


def test_what_a_gain_costs_has_an_interval_or_says_why_not(comparison):
    worth = comparison.worth.set_index("measure").loc["wait_mean"]
    assert f"{worth['per_unit']:.2f}" in line(table(comparison), "per minute saved")
    saves = sim.compare(
        desk(policies={"as_is": {}, "fewer": {"staff.clerk.count": 1}}, staff={"clerk": {"count": 2, "wage": 20}}),
        replications=4,
        jobs=1,
    )
    verdict = saves.worth.set_index("measure").loc["wait_mean", "verdict"]
    assert verdict in ("worse", "not clear")  # four replications may not settle it
    assert ("no gain" if verdict == "worse" else "not clear") in line(table(saves), "per minute saved")


def test_a_terminal_without_such_signs_gets_plain_ones(comparison):
    text = table(comparison, encoding="ascii")
    assert text.isascii()
    assert "+-" in text


def test_markdown_has_the_same_rows(comparison):
    text = markdown_table(comparison)
    assert "| | as\\_is | third |" in text
    assert "satisfaction" in text


def test_the_figure_has_a_dot_and_an_interval_for_each_policy(comparison):
    ax = differences(comparison, "wait_mean")
    row = comparison.table.set_index("measure").loc["wait_mean"]
    ends = sorted(tuple(one.get_xdata()) for one in ax.lines if len(one.get_xdata()) == 2 and one.get_xdata()[0])
    assert any(left == pytest.approx(row["difference"] - row["half_width"]) for left, _ in ends)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["third"]
    assert "wait_mean: change from as_is, minutes" in ax.get_xlabel()
    plt.close("all")
    with pytest.raises(InputError, match="no nps"):
        differences(comparison, "nps")
