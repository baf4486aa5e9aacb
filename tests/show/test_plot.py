"""Figures: the axes hold the data given, say what and in which unit, and need neither colour nor a Chinese font."""

import warnings

import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402

from sim.errors import InputError  # noqa: E402
from sim.show import fonts, plot  # noqa: E402
from tests.show.standin import result  # noqa: E402


@pytest.fixture(autouse=True)
def _no_figure_stays_open():
    yield
    plt.close("all")


def test_waits_jump_at_zero_and_rise_as_counted():
    ax = plot.wait_ecdf(result())
    first = ax.lines[0]
    # as_is: 20 at once, 4 in each of minutes 0..9, 2 in each of 10..19: 80 in all.
    for minute, percent in ((0, 25.0), (1, 30.0), (10, 75.0), (20, 100.0)):
        assert first.get_ydata()[first.get_xdata() == minute][-1] == pytest.approx(percent)
    assert np.all(np.diff(first.get_ydata()) >= 0)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["as_is", "train"]
    assert ax.get_xlabel() == "wait, minutes"
    assert "%" in ax.get_ylabel()
    assert ax.get_title(loc="left") == "Check-in"


def test_each_line_of_a_figure_differs_without_colour():
    lines = plot.wait_ecdf(result(("a", "b", "c", "d"))).lines
    assert len({line.get_linestyle() + str(line._unscaled_dash_pattern) for line in lines}) == 4
    both = plot.wait_ecdf(result(("a", "b"), ("desk", "till"))).lines
    looks = {(line._unscaled_dash_pattern, line.get_color()) for line in both}
    assert len(looks) == 4
    grey = [np.dot(matplotlib.colors.to_rgb(line.get_color()), (0.299, 0.587, 0.114)) for line in both]
    assert max(grey) - min(grey) > 0.2


def test_stages_can_be_chosen_and_a_wrong_one_is_told():
    many = result(("a",), ("desk", "till"))
    assert len(plot.wait_ecdf(many).lines) == 2
    assert len(plot.wait_ecdf(many, stages=["till"]).lines) == 1
    with pytest.raises(InputError, match="did you mean 'till'"):
        plot.wait_ecdf(many, stages=["tell"])


def test_quality_bars_are_the_shares_of_the_scale():
    given = result()
    ax = plot.quality(given)
    rows = given.distributions
    rows = rows[(rows["what"] == "satisfaction") & (rows["policy"] == "train")]
    part = np.clip(((rows["low"] + 0.05).to_numpy() - 1).astype(int), 0, 5)
    shares = np.bincount(part, rows["count"], 6) / rows["count"].sum()
    drawn = [container.patches[1].get_width() for container in ax.containers]
    assert drawn == pytest.approx(list(100 * shares))
    assert sum(drawn) == pytest.approx(100)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["as_is", "train"]
    assert "%" in ax.get_xlabel()
    assert [bool(c.patches[0].get_hatch()) for c in ax.containers] == [True] * 3 + [False] * 3


@pytest.mark.parametrize("draw", [plot.wait_ecdf, plot.quality])
def test_draws_on_the_axes_given_and_gives_them_back(draw):
    _, ax = plt.subplots()
    assert draw(result(), ax) is ax
    assert draw(result(), ax=None) is not ax


@pytest.mark.parametrize("installed", [True, False])
@pytest.mark.parametrize("draw", [plot.wait_ecdf, plot.quality])
def test_chinese_names_warn_of_nothing(draw, installed, monkeypatch):
    if not installed:
        monkeypatch.setattr(fonts, "CHINESE", ())
    elif len(fonts.families()) == 1:
        pytest.skip("no Chinese font here")
    ax = draw(result(("现状", "培训前台"), stage_title="办理入住"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax.figure.canvas.draw()
    texts = ax.get_legend().get_texts() if draw is plot.wait_ecdf else ax.get_yticklabels()
    assert texts[0].get_text() == ("现状" if installed else "□□")
