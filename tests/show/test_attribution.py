"""Tables and the figure of where a difference comes from: what is printed adds up, and it fits."""

import re
import warnings

import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402

from sim.show import plot  # noqa: E402
from sim.show.attribution import MOST_ACTIONS, attribution_markdown, attribution_table, sections  # noqa: E402
from sim.show.text import width  # noqa: E402
from sim.study.comparison.attribution import attribution  # noqa: E402
from tests.study.parts import AFTER, BEFORE, measures  # noqa: E402


@pytest.fixture(autouse=True)
def _no_figure_stays_open():
    yield
    plt.close("all")


def taken_apart(before=BEFORE, after=AFTER, names=("as_is", "train")):
    return attribution(measures(**dict(zip(names, (before, after), strict=True))), *names)


def many_actions(n=30):
    """Sizes that the last decimal cuts."""
    before = {("performance", "load", "desk", f"act_{k}"): (0.0137 * k, 0.0141 * k, 0.0139 * k) for k in range(n)}
    after = {name: tuple(value * 1.0713 for value in values) for name, values in before.items()}
    return taken_apart(before, after)


def numbers(row):
    """Baseline, policy and change as they are printed, in units of the last decimal."""
    texts = [cell.split(" ±")[0].replace("−", "-") for cell in row.cells]
    return [int(text.replace(".", "")) for text in texts]


def test_the_table_as_it_is_printed():
    assert attribution_table(taken_apart()).splitlines() == [
        "                          as_is       train      change",
        "Customer gap, points on the scale of 7 (more is worse)",
        "  customer gap             1.25        0.94 −0.31 ±0.25",
        "    listening              0.30        0.30  0.00 ±0.00",
        "    design                −0.10       −0.10  0.00 ±0.00",
        "    performance            1.00        0.69 −0.31 ±0.25",
        "      knowledge            0.70        0.35 −0.35 ±0.25",
        "      lack of time         0.10        0.10  0.00 ±0.00",
        "      waits                0.20        0.24 +0.04 ±0.00",
        "    communication          0.05        0.05  0.00 ±0.00",
        "The same by stage",
        "  desk                     0.85        0.55 −0.30 ±0.25",
        "  till                     0.40        0.39 −0.01 ±0.00",
        "The same by action",
        "  greet                    0.85        0.55 −0.30 ±0.25",
        "  thank                    0.20        0.15 −0.05 ±0.00",
        "  wait                     0.20        0.24 +0.04 ±0.00",
    ]


@pytest.mark.parametrize("found", [taken_apart(), many_actions()], ids=["few", "many"])
def test_every_view_adds_up_as_printed(found):
    first, *others = sections(found)
    whole, *rest = first.rows
    depth = [len(row.label) - len(row.label.lstrip()) for row in rest]
    gaps = [numbers(row) for row, d in zip(rest, depth, strict=True) if d == 2]
    for parts in (gaps, *([numbers(row) for row in section.rows] for section in others)):
        assert [sum(column) for column in zip(*parts, strict=True)] == numbers(whole)
    for row in (*first.rows, *(row for section in others for row in section.rows)):
        before, after, change = numbers(row)
        assert before + change == after
    for place, row in enumerate(rest):
        causes = []
        for below, d in zip(rest[place + 1 :], depth[place + 1 :], strict=True):
            if d <= depth[place]:
                break
            causes.append(numbers(below))
        if depth[place] == 2 and causes:
            assert [sum(column) for column in zip(*causes, strict=True)] == numbers(row)


def test_of_many_actions_those_that_change_most_are_shown():
    by_action = sections(many_actions())[-1]
    assert len(by_action.rows) == MOST_ACTIONS + 1
    assert [row.label for row in by_action.rows[:2]] == ["act_29", "act_28"]
    assert by_action.rows[-1].label == "18 others"


def test_the_markdown_has_the_same_figures():
    text = attribution_markdown(taken_apart())
    assert "| | as\\_is | train | change |" in text
    assert "performance | 1.00 | 0.69 | −0.31 ±0.25 |" in text
    assert text.count("###") == 3


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_lines_fit_and_names_cannot_command_the_terminal(columns):
    name = "red\x1b[31m 前台 with a name that is far too long for any table of this width"
    before = {("performance", "load", name, name): (0.5, 0.6), ("performance", "load", "till", "b"): (0.1, 0.1)}
    after = {part: tuple(value / 2 for value in values) for part, values in before.items()}
    found = taken_apart(before, after, ("as_is", "other\x07"))
    lines = attribution_table(found, columns=columns).splitlines()
    assert max(map(width, lines)) <= columns
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", "".join(lines))
    attribution_table(found, encoding="ascii").encode("ascii")


def test_the_figure_goes_from_one_gap_to_the_other():
    found = taken_apart()
    ax = plot.attribution(found)
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "as_is", "performance: knowledge", "performance: waits", "train",
    ]  # fmt: skip
    knowledge, waits = ax.patches
    assert (knowledge.get_x() + knowledge.get_width(), waits.get_x()) == pytest.approx((0.90, 0.90))
    assert knowledge.get_width() == pytest.approx(-0.35)
    assert waits.get_width() == pytest.approx(0.04)
    ends = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "D"]
    assert ends == pytest.approx([1.25, 0.94])
    assert [text.get_text() for text in ax.texts] == ["−0.35", "+0.04", "1.25", "0.94"]
    assert "points" in ax.get_xlabel()


def test_better_and_worse_differ_without_colour():
    ax = plot.attribution(taken_apart())
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, True]


def test_it_draws_on_the_axes_given_in_any_script_without_a_warning():
    one = {("performance", "capacity", "前台", "等"): (0.5,)}
    other = {("performance", "capacity", "前台", "等"): (0.75,)}
    found = taken_apart(one, other, ("现状", "$x_1$"))
    ax = plt.subplots()[1]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert plot.attribution(found, ax) is ax
        ax.figure.canvas.draw()
    assert len(ax.patches) == 1
