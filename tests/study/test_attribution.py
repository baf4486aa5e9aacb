"""The change of the customer gap taken apart: nothing is lost, replications are paired, and words say it."""

import re
from math import fsum, isnan, nan, sqrt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.errors import InputError
from sim.scenario import load
from sim.study.comparison.attribution import CAUSES, GAPS, VIEWS, attribution
from sim.study.comparison.rounding import rounded
from tests.study.parts import AFTER, BEFORE, measures

ROOT = Path(__file__).parents[2]
T_2 = 4.302652729911275  # Student's t, two degrees of freedom, 97.5 %


@pytest.fixture
def found():
    return attribution(measures(as_is=BEFORE, train=AFTER), "as_is", "train")


def rows(table):
    """A view as {names: (baseline, policy, difference, half-width)}."""
    columns = [table[name].tolist() for name in table.columns]
    return {line[:-4]: line[-4:] for line in zip(*columns, strict=True)}


def test_a_part_is_the_mean_of_the_paired_differences(found):
    baseline, policy, difference, half_width = rows(found.parts)["performance", "knowledge", "desk", "greet"]
    assert (baseline, policy, difference) == pytest.approx((0.5, 0.2, -0.3))
    assert half_width == pytest.approx(T_2 * 0.1 / sqrt(3))  # differences -.3, -.2, -.4
    baseline, policy, difference, half_width = rows(found.parts)["performance", "capacity", "till", "wait"]
    assert (difference, half_width) == pytest.approx((0.04, 0.0), abs=1e-12)  # each varies, the difference does not


def test_views_group_the_parts(found):
    assert {name: one[2] for (name,), one in rows(found.by("gap")).items()} == pytest.approx(
        {"listening": 0, "design": 0, "performance": -0.31, "communication": 0}
    )
    by_cause = {name: one[2] for (name,), one in rows(found.by("cause")).items()}
    assert by_cause == pytest.approx(
        {"belief": 0, "standard": 0, "knowledge": -0.35, "load": 0, "capacity": 0.04, "promise": 0}
    )
    assert {name: one[2] for (name,), one in rows(found.by("stage")).items()} == pytest.approx(
        {"desk": -0.30, "till": -0.01}
    )
    assert rows(found.by("stage", "cause"))["till", "knowledge"][:3] == pytest.approx((0.20, 0.15, -0.05))
    assert rows(found.by("gap"))["performance",][3] == pytest.approx(T_2 * 0.1 / sqrt(3))


def test_parts_are_in_the_order_of_gaps_and_causes(found):
    names = list(zip(found.parts["gap"], found.parts["cause"], strict=True))
    assert names == sorted(names, key=lambda name: (GAPS.index(name[0]), CAUSES.index(name[1])))


def test_the_whole_is_the_customer_gap_of_the_site(found):
    assert found.total[:3] == pytest.approx((1.25, 0.94, -0.31))
    assert found.replications == (0, 1, 2)


def test_replications_without_a_customer_gap_are_left_out_of_both():
    table = measures(as_is=BEFORE, train=AFTER)
    undefined = (table["policy"] == "train") & (table["replication"] == 1)
    table.loc[undefined, "value"] = nan
    failed = (table["policy"] == "as_is") & (table["replication"] == 0)
    found = attribution(table[~failed], "as_is", "train")
    assert found.replications == (2,)
    assert rows(found.parts)["performance", "knowledge", "desk", "greet"][:3] == pytest.approx((0.6, 0.2, -0.4))
    assert isnan(found.total.half_width)
    assert "±" not in "".join(found.words())


def test_an_action_that_one_policy_alone_has_contributes_nothing_under_the_other():
    more = AFTER | {("performance", "load", "till", "smile"): (0.2, 0.2, 0.2)}
    found = attribution(measures(as_is=BEFORE, train=more), "as_is", "train")
    assert rows(found.parts)["performance", "load", "till", "smile"][:3] == pytest.approx((0.0, 0.2, 0.2))
    assert fsum(found.parts["difference"]) == pytest.approx(found.total.difference, abs=1e-9)


def test_the_confidence_is_that_asked_for():
    table = measures(as_is=BEFORE, train=AFTER)
    wide, narrow = (attribution(table, "as_is", "train", c).total.half_width for c in (0.95, 0.5))
    assert wide / narrow == pytest.approx(T_2 / 0.816496580927726)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("as_was", "train"), "did you mean 'as_is'"),
        (("as_is", "trian"), "did you mean 'train'"),
        (("train", "train"), "two policies"),
    ],
)
def test_what_makes_no_sense_is_told(names, told):
    with pytest.raises(InputError, match=told):
        attribution(measures(as_is=BEFORE, train=AFTER), *names)


def test_without_parts_or_replications_in_common_it_is_told():
    table = measures(as_is=BEFORE, train=AFTER)
    with pytest.raises(InputError, match="no actions"):
        attribution(table[~table["measure"].str.startswith("part_")], "as_is", "train")
    apart = table[(table["policy"] == "as_is") == (table["replication"] == 0)]
    with pytest.raises(InputError, match="no replication"):
        attribution(apart, "as_is", "train")


def test_a_wrong_view_is_told(found):
    with pytest.raises(InputError, match="did you mean 'cause'"):
        found.by("causes")
    with pytest.raises(InputError, match="gap"):
        found.by()


@pytest.fixture(
    scope="module",
    params=[
        ("tests/everything.yaml", {"training.gaps.day": 8}, ["as_is", "no_course"]),
        ("scenarios/hotel_front_desk.yaml", {}, ["as_is", "train"]),
    ],
    ids=["everything", "hotel"],
)
def simulated(request):
    path, levers, policies = request.param
    scenario = load(ROOT / path).with_levers({"calendar.days": 12, **levers})
    return sim.run(scenario, policies=policies, replications=3, jobs=1).measures, policies


def test_every_view_of_a_simulated_difference_sums_to_it_exactly(simulated):
    table, policies = simulated
    found = attribution(table, *policies)
    for view in [(name,) for name in VIEWS] + [("gap", "cause"), VIEWS]:
        changes = found.by(*view)
        for column in ("baseline", "policy", "difference"):
            residual = fsum(changes[column]) - getattr(found.total, column)
            assert abs(residual) < 1e-9, (view, column)
    assert abs(found.total.difference) > 0.001
    assert found.parts.shape[0] > 40


def test_the_half_width_of_a_sum_is_not_the_sum_of_half_widths(simulated):
    """Nor any rule of thumb: over all parts it is that of the customer gap itself."""
    table, policies = simulated
    found = attribution(table, *policies)
    assert found._change(list(found._before)).half_width == pytest.approx(found.total.half_width, rel=1e-6)


def test_words_say_the_whole_the_gaps_and_the_largest_parts(found):
    lines = found.words(most=2)
    assert (
        lines[0]
        == "The customer gap goes from 1.25 under as_is to 0.94 under train: −0.31 ±0.25 points, less is better."
    )
    assert lines[1] == "By gap: performance −0.31."
    assert lines[2] == "By cause: knowledge −0.35, waits +0.04."
    assert lines[3] == (
        "What lowers it most: knowledge of `greet` at desk −0.30 ±0.25; knowledge of `thank` at till −0.05 ±0.00."
    )
    assert lines[4] == "All other parts together (1): +0.04."
    assert found.words(most=3)[4] == "What raises it most: waiting longer, `wait` at till +0.04 ±0.00."
    assert len(found.words(most=3)) == 5


def test_words_say_where_chance_may_be_all():
    noisy = BEFORE | {("performance", "knowledge", "desk", "greet"): (0.10, 0.90, 0.40)}
    assert "may be chance" in attribution(measures(a=BEFORE, b=noisy), "a", "b").words()[0]


def test_words_of_no_change():
    lines = attribution(measures(a=BEFORE, b=BEFORE), "a", "b").words()
    assert lines[1:] == ("By gap: nothing.", "By cause: nothing.")


def test_the_words_add_up_as_printed(simulated):
    table, policies = simulated
    whole, gaps, causes, *others = attribution(table, *policies).words(most=7)
    number = r"[+−]?\d\.\d+(?= |;|,|\.$|$)"
    before, after, change = (float(text.replace("−", "-")) for text in re.findall(r"[+−]?\d\.\d+", whole)[:3])
    assert after - before == pytest.approx(change, abs=1e-9)
    for lines in ([gaps], [causes], others):
        listed = [float(n.replace("−", "-")) for line in lines for n in re.findall(rf"(?<!±){number}", line)]
        assert fsum(listed) == pytest.approx(change, abs=1e-9)


@given(st.lists(st.floats(-6, 6), min_size=1, max_size=30), st.integers(0, 3))
def test_rounded_values_add_up_and_none_moves_by_a_unit(values, digits):
    whole = fsum(values)
    found = rounded(values, whole, digits)
    assert fsum(found) == pytest.approx(round(whole, digits), abs=1e-9 * len(values))
    assert all(abs(one - value) < 10**-digits + 1e-9 for one, value in zip(found, values, strict=True))
