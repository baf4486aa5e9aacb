"""A warm-up in words and as Welch's figure."""

import numpy as np
import pandas as pd
import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402

import sim  # noqa: E402
from sim.errors import InputError  # noqa: E402
from sim.show.certainty import certainty  # noqa: E402
from sim.show.plot.warm_up import save  # noqa: E402
from sim.show.plot.warm_up import warm_up as draw  # noqa: E402
from sim.show.text import UNICODE  # noqa: E402
from sim.show.warm_up import json_object, said, sparkline  # noqa: E402
from sim.study.statistics.warm_up import moving_average  # noqa: E402
from sim.study.steady import WarmUp  # noqa: E402
from tests.study.test_course import steady  # noqa: E402


@pytest.fixture(autouse=True)
def _no_figure_stays_open():
    yield
    plt.close("all")


def found(**more):
    """Four days by twelve minutes; on site it rises for a day, waits are 2 where there are any."""
    start = np.arange(480) * 12.0
    frame = pd.DataFrame(
        {"start_min": start, "in_system": np.minimum(start / 144, 10.0), "wait_min": np.where(start < 120, np.nan, 2.0)}
    )
    given = {
        "scenario": "lounge",
        "policy": "as_is",
        "replications": 12,
        "frame": frame,
        "bucket_min": 12.0,
        "stated_min": 720.0,
        "suggestion_min": 1440.0,
        "looks_short": True,
        "verdict": "warm-up of 12 h looks short: and so on",
    }
    return WarmUp(**{**given, **more})


def test_the_figure_holds_the_course_its_average_and_both_cuts():
    ax = draw(found())
    course, average, stated, suggested = ax.lines
    inside = found().frame["in_system"].to_numpy()
    assert course.get_ydata().tolist() == inside.tolist()
    assert course.get_xdata()[[0, -1]].tolist() == pytest.approx([6 / 1440, 4 - 6 / 1440])  # middles of the buckets
    assert average.get_ydata().tolist() == moving_average(inside, 12).tolist()
    assert (stated.get_xdata()[0], suggested.get_xdata()[0]) == (0.5, 1.0)
    assert stated.get_linestyle() != suggested.get_linestyle()
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["mean of 12 runs", "moving average", "warm-up, stated", "warm-up, suggested by MSER-5"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("day", "customers on site")
    assert ax.get_xlim() == (0, 4)


def test_without_a_suggestion_there_is_no_line_for_it():
    assert len(draw(found(suggestion_min=None)).lines) == 3


def test_waits_pass_over_the_time_in_which_nobody_joined():
    ax = draw(found(), what="wait_min", window=3)
    assert len(ax.lines[0].get_xdata()) == 470
    assert set(ax.lines[1].get_ydata()) == {2.0}
    assert ax.get_ylabel() == "wait, minutes"


def test_it_draws_on_the_axes_given():
    _, ax = plt.subplots()
    assert draw(found(), ax) is ax


def test_what_cannot_be_drawn_is_told(tmp_path):
    with pytest.raises(InputError, match="did you mean 'wait_min'"):
        draw(found(), what="wait_mi")
    with pytest.raises(InputError, match="does not fit"):
        draw(found(), window=300)
    with pytest.raises(InputError, match="no figure can be written as 'doc'"):
        save(found(), tmp_path / "course.doc")


def test_a_course_is_a_row_of_bars_from_zero_to_its_highest():
    assert sparkline([0.0, 1.0, 2.0, 4.0], "▁▂▃▄▅▆▇█") == "▁▃▅█"
    assert sparkline([0.0, 0.0], "▁▂▃▄▅▆▇█") == "▁▁"


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_the_report_fits_the_terminal_in_any_encoding(columns):
    for encoding in ("utf-8", "ascii"):
        lines = said(found(), columns, encoding).splitlines()
        assert max(map(len, lines)) <= columns
        assert lines[-1] == "Warm-up of 12 h looks short: and so on"
        lines[4].encode(encoding)


def test_what_cannot_be_told_is_said_and_null():
    unknown = found(suggestion_min=None)
    assert "suggested   it cannot be told" in said(unknown)
    assert json_object(unknown)["suggestion_min"] is None
    assert json_object(unknown)["course"]["wait_min"][:11] == [None] * 10 + [2.0]


def test_a_single_long_run_says_how_sure_its_mean_wait_is_instead_of_warning_that_nothing_is_known():
    calm = {"all": {"arrivals": {"rate": "6/h"}, "start": "desk"}}
    long = sim.run(steady(calendar={"days": 40, "warm_up": "2 d"}, customers=calm), replications=1, jobs=1)
    found = long.summary().query("measure == 'wait_mean' and half_width.notna()")
    mean, half = found["mean"].item(), found["half_width"].item()
    assert list(certainty(long, UNICODE)) == [
        f"Mean wait of the whole site: {mean:.2f} ±{half:.2f} min, by parts of this one run (batch means)."
    ]
    (caution,) = certainty(sim.run(steady(), replications=1, jobs=1), UNICODE)
    assert caution.startswith("Caution: one replication")
