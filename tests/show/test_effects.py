"""What a policy leads to, in the table and over time: training, listening, complaints, money, reviews."""

import matplotlib as mpl
import pytest

from sim.errors import InputError
from sim.show import plot
from sim.show.table import table
from tests.show.standin import result

mpl.use("Agg")


def lines(**of):
    return table(result(effects=True, **of)).splitlines()


def cells(label):
    row = next(row for row in lines() if row.strip().startswith(label))
    return row.strip()[len(label) :].split()


def test_the_gaps_end_in_what_a_survey_shows():
    text = lines()
    at = next(i for i, row in enumerate(text) if row.strip().startswith("listening"))
    shown = [float(row.split("±")[0].split()[-1].replace("−", "-")) for row in text[at : at + 7]]
    assert [row.strip().split("  ")[0] for row in text[at : at + 7]] == [
        "listening", "+ design of standards", "+ performance", "+ communication", "= customer gap",
        "+ lost in the answers", "= gap in the survey",
    ]  # fmt: skip
    assert sum(shown[:4]) == pytest.approx(shown[4])
    assert shown[4] + shown[5] == pytest.approx(shown[6])
    assert shown[6] == 0.5  # SERVQUAL is -0.5: a shortfall of half a point


def test_trainings_stand_by_name_and_only_under_the_policies_that_hold_them():
    text = lines()
    at = next(i for i, row in enumerate(text) if row.startswith("Training"))
    assert text[at + 1].strip() == "course"
    assert text[at + 2].split() == ["2", "knew", "more,", "points", "of", "%", "5.0", "±0.0"]
    assert text[at + 3].split() == ["3", "did", "more,", "points", "of", "%", "3.0", "±0.0"]


def test_money_has_no_decimals_where_it_is_much_and_the_baseline_no_return():
    assert cells("margin of customers served") == ["54321", "±0", "54321", "±0"]
    assert cells("return on quality") == ["1.50", "±0.00"]
    assert cells("breaks even on day") == ["9", "±0"]


def test_the_course_of_time_rises_from_the_first_to_the_last_period():
    text = lines()
    at = next(i for i, row in enumerate(text) if row.startswith("Over time"))
    assert text[at + 1].split()[-4:] == ["5.00", "±0.00", "5.50", "±0.00"]
    first, *_, last = text[at + 2].split()[-1]
    assert first < last  # bars rise in the order of their signs
    assert text[at + 3].split()[-4:] == ["5.20", "±0.00", "5.70", "±0.00"]


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
    with pytest.raises(InputError, match="by period"):
        plot.over_time(found, "wait_mean")
