"""What a policy leads to, in the table and over time: training, listening, complaints, money, reviews."""

import math

import matplotlib as mpl
import pandas as pd
import pytest

from sim.errors import InputError
from sim.show import plot
from sim.show.figures import bounds
from sim.show.table import sections, table
from sim.show.text import signs_for
from tests.show.standin import result

mpl.use("Agg")


def lines(**of):
    return table(result(effects=True, **of)).splitlines()


def cells(label, **of):
    row = next(row for row in lines(**of) if row.strip().startswith(label))
    return row.strip()[len(label) :].split()


def number(cell):
    return float(cell.replace("−", "-").rstrip("k"))


def test_the_gaps_end_in_what_a_survey_shows():
    text = lines()
    at = next(i for i, row in enumerate(text) if row.strip().startswith("listening"))
    labels = [row.strip().split("  ")[0] for row in text[at : at + 10]]
    assert labels == [
        "listening", "+ design of standards", "+ performance", "+ communication", "= customer gap",
        "by dimension", "reliability", "empathy", "+ answers differ by", "= gap in the survey",
    ]  # fmt: skip
    of = {
        label: number(row.split("±")[0].split()[-1])
        for label, row in zip(labels, text[at : at + 10], strict=True)
        if "±" in row
    }
    assert sum(of[part] for part in labels[:4]) == pytest.approx(of["= customer gap"])
    assert of["= customer gap"] + of["+ answers differ by"] == pytest.approx(of["= gap in the survey"])
    assert of["= gap in the survey"] == 0.5  # SERVQUAL is -0.5: a shortfall of half a point


def test_trainings_stand_by_name_and_only_under_the_policies_that_hold_them():
    text = lines()
    at = next(i for i, row in enumerate(text) if row.startswith("Training"))
    assert text[at + 1].strip() == "course"
    assert text[at + 3].split() == ["2", "know", "more,", "points", "5.0", "±0.0"]
    assert text[at + 4].split() == ["3", "do", "more,", "points", "3.0", "±0.0"]


def test_a_part_of_the_table_without_a_figure_of_a_training_leaves_it_out():
    parts = table(result(effects=True), columns=40).split("\n\n")[1:3]
    assert ["\n  course\n" in part for part in parts] == [False, True]
    assert ["Training" in part for part in parts] == [False, True]
    assert ["against as_is" in part for part in parts] == [False, True]


@pytest.mark.parametrize("policy", [0, 1])
def test_money_is_in_one_unit_and_adds_up_as_printed(policy):
    of = {
        label: number(cells(label)[2 * policy])
        for label in ("margin earned", "− staff", "− training", "− management", "= profit", "margin lost")
    }
    assert of["− staff"] == 46.4  # thousands; constant, so the margin of 209.0 gives way
    assert of["= profit"] == (162.5, 160.9)[policy]
    costs = of["− staff"] + of["− training"] + of["− management"]
    assert of["margin earned"] - costs == pytest.approx(of["= profit"])
    assert all(cells(label)[0].endswith("k") for label in of)


def test_what_a_policy_gains_is_said_to_be_against_the_first():
    text = lines()
    at = next(i for i, row in enumerate(text) if row.strip() == "against as_is")
    assert [row.split("  ±")[0].split() for row in text[at + 1 : at + 5]] == [
        ["gain", "in", "all", "−98765", "±0"],
        ["return", "on", "quality", "1.5", "±0.0"],
        ["breaks", "even,", "day", "9", "±0"],
        ["ever", "breaks", "even,", "%", "75.0", "±0.0"],
    ]


def test_rows_against_the_first_need_their_measures():
    found = result(effects=True)
    found.measures = found.measures[~found.measures["measure"].isin(["net_gain", "breaks_even"])]
    plain = table(found)
    assert "against as_is" in plain
    assert "gain in all" not in plain
    assert "ever breaks even" not in plain


def test_the_course_of_time_rises_from_the_first_to_the_last_period():
    text = lines()
    at = next(i for i, row in enumerate(text) if row.startswith("Over time"))
    assert text[at] == "Over time, a bar for every period between reviews"
    assert text[at + 1].split()[-4:] == ["5.00", "±0.00", "5.50", "±0.00"]
    first, *_, last = text[at + 2].split()[-1]
    assert first < last  # bars rise in the order of their signs
    assert text[at + 3].split()[-4:] == ["5.20", "±0.00", "5.70", "±0.00"]


def test_small_changes_over_time_look_small():
    text = lines()
    at = next(i for i, row in enumerate(text) if row.strip().startswith("hit rate at first"))
    assert text[at + 1].split()[-1] in {"▁▁▁", "▁▁▂"}  # less than half a point of per cent


def test_periods_drawn_together_are_said_to_be():
    found = result(effects=True)
    rows = found.measures
    by_period = rows[(rows["measure"] == "satisfaction") & (rows["period"] == 0)]
    later = [by_period.assign(period=period) for period in range(3, 25)]
    found.measures = pd.concat([rows, *later], ignore_index=True)
    assert "Over time, a bar for every 3 periods between reviews" in table(found)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_no_label_is_cut_beside_four_policies(encoding):
    text = table(result(("as_is", "train", "hire", "check"), effects=True), encoding=encoding)
    labels = [row.strip().split("  ")[0] for row in text.splitlines()]
    assert not [label for label in labels if signs_for(encoding).more in label]
    assert text.count("margin earned") == 1  # side by side


def test_every_label_leaves_room_for_four_policies():
    own = [row.label for section in sections(result(effects=True)) for row in section.rows if any(row.cells)]
    assert len(own) > 60
    assert [label for label in own if len(label) > 21] == []  # 24 with an indent and a gap


def test_without_effects_there_are_no_empty_sections():
    plain = table(result())
    for title in ("Training", "In a survey", "Complaints", "Money", "Best and worst", "Over time"):
        assert title not in plain


def test_all_fits_80_columns():
    assert max(map(len, lines())) <= 80


def test_a_measure_over_time_is_a_line_for_each_policy():
    found = result(effects=True)
    found.scenario.review = 7 * 1440.0
    axes = plot.over_time(found, "satisfaction")
    drawn = {line.get_label(): line.get_xydata().tolist() for line in axes.get_lines()}
    assert drawn["as_is"] == [[3.5, 5.0], [10.5, pytest.approx(5.1)], [17.5, pytest.approx(5.2)]]
    assert axes.get_ylabel() == "satisfaction"


def test_a_band_ends_where_the_scale_does():
    found = result(effects=True)
    found.scenario.review = 7 * 1440.0
    bands = plot.over_time(found, "return_probability").collections
    tops = [vertex[1] for band in bands for vertex in band.get_paths()[0].vertices]
    assert max(tops) == 1.0  # .95 ± .29


@pytest.mark.parametrize(
    ("measure", "scope", "said"),
    [
        ("satisfactoin", {}, "no measure 'satisfactoin' by period; did you mean 'satisfaction'"),
        ("wait_mean", {}, "no measure 'wait_mean' by period"),
        ("satisfaction", {"segmnet": "all"}, "no scope 'segmnet'; did you mean 'segment'"),
        ("satisfaction", {"period": "1"}, "no scope 'period'"),
        ("satisfaction", {"segment": "none"}, "no 'satisfaction' by period for segment 'none'"),
    ],
)
def test_over_time_says_what_there_is_none_of(measure, scope, said):
    with pytest.raises(InputError, match=said):
        plot.over_time(result(effects=True), measure, **scope)


def test_over_time_needs_reviews():
    with pytest.raises(InputError, match="review:"):
        plot.over_time(result())


@pytest.mark.parametrize(
    ("measure", "ends"),
    [
        ("satisfaction", (1, 7)),
        ("abandoned_share", (0, 1)),
        ("return_probability_quick", (0, 1)),
        ("gap_customer", (-math.inf, math.inf)),
    ],
)
def test_scales_of_measures(measure, ends):
    assert bounds(measure) == ends
