"""The pages about the model: current, complete, and true to what the program reads."""

import re
from pathlib import Path

import numpy as np
import pytest

from sim.arithmetic import normal_cdf, normal_quantile
from sim.quality.levels import raised_by_promise
from sim.quality.loyalty import return_probability
from sim.quality.money import lifetime_multiple, training_utility
from sim.quality.reliability import alpha_of
from sim.quality.response import answer_chance
from sim.quality.waiting import perceived_wait, worth
from sim.quality.zone import adequate
from sim.rules.actions import error_factor_of_skill, fatigue_factor
from sim.rules.erosion import eroded
from sim.rules.learning import learning_factor, reflection_gain, training_gain
from sim.rules.pressure import corner_cutting_factor, speed_up_factor, work_pressure
from sim.rules.willingness import audit_strength, audited_willingness
from sim.scenario import load
from sim.scenario.distributions import LAWS
from sim.scenario.problems import field_of, keys_of, kind_below
from sim.scenario.reference import LAW_TEXTS, NAMES, duration_text, keys, reference, sections
from sim.scenario.scenario import Scenario
from sim.scenario.training import METHODS
from sim.scenario.written import BySegment
from sim.units import parse_duration

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PRESET = ROOT / "sim" / "scenario" / "presets" / "defaults.yaml"
WEEK, MONTH = 10080.0, 43200.0


def model_default(path):
    """The default of the key at the path, also within a part that is absent by default."""
    kind, steps = Scenario, path.split(".")
    while (below := kind_below(kind, steps[0])) is not None:
        kind, steps = below, steps[1:]
    default = field_of(kind, steps[0]).default
    for step in steps[1:]:  # a mapping that is read as a whole
        default = default[step]
    return default.default if isinstance(default, BySegment) else default


def of_scenario(scenario, path):
    """The value that stands at the path in a scenario."""
    value = scenario
    for step in path.split("."):
        value = value[step] if isinstance(value, dict) else getattr(value, step)
    return value


def small(**parts):
    """A scenario of one stage, with a wait and an outcome to look at."""
    return load(
        {
            "name": "small",
            "calendar": {"days": 1},
            "customers": {"all": {"arrivals": {"rate": "1/h"}, "start": "desk"}},
            "stages": {"desk": {"staff": ["clerk"], "work": 1}},
            "staff": {"clerk": {"count": 1}},
            "actions": {"wait": {"stage": "desk", "kind": "wait", "dimension": "responsiveness", "weight": 1}},
            **parts,
        }
    )


SHARES_OR_LEVELS = {"quality.error.reference_skill", "precision.within", "customers.X.expects"}
SHARES_OR_LEVELS |= {f"actions.X.{view}" for view in ("expected", "believed", "required", "promised")}
"""Numbers whose unit the action's kind, or the meaning, says."""


# --- the reference page ---


def test_the_committed_reference_is_current():
    assert (DOCS / "reference.md").read_text(encoding="utf-8") == reference(), (
        "write it anew: python -m sim.scenario.reference > docs/reference.md"
    )


def test_every_key_of_the_models_is_there_once():
    paths = [key.path for key in keys()]
    assert len(set(paths)) == len(paths)
    for section in sections():
        kind = Scenario
        for step in section.path.split(".") if section.path else ():
            kind = kind_below(kind, "0" if step in NAMES else step)
        own = {key.path.rpartition(".")[2] for key in section.keys}
        assert own - {"extends", "file", "column"} == set(keys_of(kind)), section.path


@pytest.mark.parametrize("key", keys(), ids=lambda key: key.path)
def test_every_key_has_a_meaning(key):
    assert re.match(r"\S.*[.…`]$", key.meaning), "say under the field what it means, in a sentence"
    assert "Source" not in key.meaning + key.form
    assert "Unit:" not in key.meaning + key.source
    assert key.form


@pytest.mark.parametrize("key", keys(), ids=lambda key: key.path)
def test_every_plain_number_has_a_unit(key):
    if key.form.startswith("number") and ";" not in key.form:
        said = "scale points" in key.meaning or key.path.startswith("quality.survey.response.")  # a logit
        assert said or key.path in SHARES_OR_LEVELS


def test_every_default_that_is_a_number_has_a_source_or_is_called_a_default():
    unsourced = [key.path for key in keys() if re.match(r"-?[\d.]+( \w+)?(;|$)", key.default) and not key.source]
    assert [path for path in unsourced if not path.endswith((".party", ".group", ".after"))] == []


def test_every_law_is_told():
    assert set(LAW_TEXTS) == set(LAWS)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (189504.0, "18.8 wk"),
        (648000.0, "15 month"),
        (1036800.0, "24 month"),
        (0.5, "30 s"),
        (10.0, "10 min"),
        (525600.0, "1 y"),
        (240.0, "4 h"),
        (float("inf"), "never"),
        (0.0, "0 min"),
    ],
)
def test_a_duration_is_shown_as_people_write_it(minutes, text):
    assert duration_text(minutes) == text
    assert text == "never" or parse_duration(text) == minutes


def test_forms_and_defaults_in_words():
    by_path = {key.path: key for key in keys()}
    assert by_path["management.self_check.fix"].form == "duration"
    assert by_path["training.X.half_time"].form == "duration above 0 or `never`"
    assert by_path["actions.X.time"].form == "duration, or by segment"
    assert by_path["staff.X.on_duty"].form == "whole number of at least 0, or by time of day, or by weekday"
    assert by_path["staff.X.members.Y.shift"].form == "[time of day, time of day]"
    assert by_path["quality.loss_aversion"].source.startswith("Brown, Imai")
    assert by_path["quality.fatigue_per_hour"].default == "0; preset: 0.0165"
    assert by_path["calendar.days"].default == ""
    assert by_path["calendar.week"].default == "all seven"


# --- the numbers of the model ---

MODEL, PRESET_, NAMED, HOTEL = "the models", "the preset", "neutral, its usual value named", "the hotel"
PARAMETERS = (
    (1, MODEL, "quality.dimension_weights.tangibles", 0.11),
    (2, MODEL, "quality.dimension_weights.reliability", 0.32),
    (3, MODEL, "quality.dimension_weights.responsiveness", 0.22),
    (4, MODEL, "quality.dimension_weights.assurance", 0.19),
    (5, MODEL, "quality.dimension_weights.empathy", 0.16),
    (6, HOTEL, "actions.outcome.weight", 0.70),
    (7, HOTEL, "stages.check_in.work.cv", 0.5),
    (8, NAMED, "staff.X.pace_cv", "0.20"),
    (9, NAMED, "customers.X.patience", "40 min"),
    (10, NAMED, "stages.X.balk.per_person_ahead", "0.02"),
    (11, PRESET_, "quality.learning.exponent", 0.125),
    (12, PRESET_, "quality.learning.plateau", 52 * WEEK),
    (13, PRESET_, "quality.error.reference_skill", 0.88),
    (13, NAMED, "staff.X.skill", "0.88"),
    (14, NAMED, "staff.X.skill_sd", "0.30"),
    (15, MODEL, "training.X.effect", 0.62),
    (16, MODEL, "training.X.half_time", 15 * MONTH),
    (17, NAMED, "training.X.spill", "0.051"),
    (18, MODEL, "management.coaching.mean", 0.41),
    (19, MODEL, "management.coaching.sd", 0.98),
    (20, NAMED, "staff.X.adherence", "0.95"),
    (21, MODEL, "management.audit.effect", 0.80),
    (22, MODEL, "management.audit.fade", 24 * MONTH),
    (23, PRESET_, "quality.load.speed_up", 0.20),
    (24, PRESET_, "quality.load.corner_cutting", 0.50),
    (25, PRESET_, "quality.load.reference", 0.85),
    (26, PRESET_, "quality.load.low", 0.5),
    (27, PRESET_, "quality.load.high", 2.0),
    (28, PRESET_, "quality.fatigue_per_hour", 0.0165),
    (29, MODEL, "management.erosion.down", 18.8 * WEEK),
    (30, NAMED, "stages.X.error", "0.06"),
    (31, PRESET_, "quality.error.skill_effect", 0.5),
    (32, PRESET_, "quality.error.load_effect", 0.5),
    (33, NAMED, "management.self_check.share", "0.80"),
    (34, MODEL, "management.self_check.catches", 0.46),
    (35, MODEL, "management.self_check.time", 0.5),
    (36, MODEL, "management.self_check.fix", 1.5),
    (37, MODEL, "staff.X.empowerment", 0.0),
    (38, MODEL, "quality.perceived_wait.factor", 1.541),
    (39, MODEL, "quality.perceived_wait.exponent", 0.90),
    (40, MODEL, "quality.perceived_wait.sd", 0.35),
    (41, MODEL, "actions.X.half_value", 10.0),
    (42, NAMED, "actions.X.expected", "5 min"),
    (43, MODEL, "quality.promise_inflation", 0.30),
    (44, MODEL, "quality.memory.mean", 0.50),
    (45, MODEL, "quality.memory.peak", 0.25),
    (46, MODEL, "quality.memory.end", 0.25),
    (47, MODEL, "quality.loss_aversion", 1.955),
    (48, MODEL, "quality.disconfirmation", 0.40),
    (49, NAMED, "quality.expectation_gain", "0.30"),
    (53, MODEL, "quality.survey.response.base", -1.1),
    (53, MODEL, "quality.survey.response.extreme", 0.8),
    (53, MODEL, "quality.survey.response.unhappy", 0.3),
    (54, MODEL, "management.research.gain", 0.5),
    (55, MODEL, "management.recovery.voice", 0.30),
    (56, MODEL, "quality.loyalty.steepness", 1.1945),
    (57, MODEL, "quality.loyalty.midpoint", 5.0),
    (58, MODEL, "management.word_of_mouth.strength", 0.05),
    (58, MODEL, "management.word_of_mouth.per", MONTH),
)
"""Number, place, path and value. The models have what every scenario has; the preset has what changes the flow."""
FITTED = (50, 51, 52)
"""Halo, leniency and noise of the survey: fitted to answers, in place of one guess for all dimensions."""


def at(place):
    return [pytest.param(path, value, id=path) for _, where, path, value in PARAMETERS if where == place]


def test_all_58_parameters_are_looked_at():
    assert {number for number, *_ in PARAMETERS} | set(FITTED) == set(range(1, 59))


@pytest.mark.parametrize(("path", "value"), at(MODEL))
def test_defaults_of_the_models(path, value):
    assert model_default(path) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(("path", "value"), at(PRESET_))
def test_defaults_of_the_preset(path, value):
    assert of_scenario(small(extends="presets/defaults.yaml"), path) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(("path", "usual"), at(NAMED))
def test_what_is_neutral_names_its_usual_value(path, usual):
    (key,) = (key for key in keys() if key.path == path)
    assert key.default in ("0", "1", "never", "absent", "as said")
    assert usual in key.meaning
    assert f"of {usual}" in key.source


@pytest.mark.parametrize(("path", "value"), at(HOTEL))
def test_what_belongs_to_a_site_stands_in_the_hotel(path, value):
    assert of_scenario(load(ROOT / "scenarios" / "hotel_front_desk.yaml"), path) == value


def test_the_wait_that_is_expected_where_nothing_is_said():
    assert small().expected("wait", "all") == 5.0


def test_the_median_skill_is_the_base_of_knowledge():
    assert normal_quantile(0.88) == pytest.approx(1.175, abs=1e-4)


# --- the pages that are written by hand ---

ROOTS = frozenset(keys_of(Scenario))
PATTERNS = [key.path.split(".") for key in keys()]
CODE = re.compile(r"`([^`]+)`")
WITHIN = {
    ("customers", "X", "patience"): ("silent",),
    ("training", "X", "actions"): ("most_missed",),
    ("stages", "X", "work"): ("cv", "mean", "sd"),
}
"""Keys below a value that is read as a whole."""


def is_a_path(code):
    """Whether a code in a text means a key of a scenario file."""
    return bool(re.fullmatch(r"[a-z_]+(\.\w+)+", code)) and code.split(".")[0] in ROOTS


def exists(path):
    steps = path.split(".")
    return any(_fits(pattern, steps) for pattern in PATTERNS)


def _fits(pattern, steps):
    head = [here if there in NAMES else there for here, there in zip(steps, pattern, strict=False)]
    if len(steps) < len(pattern) or head != steps[: len(pattern)]:
        return False
    rest, below = tuple(steps[len(pattern) :]), WITHIN.get(tuple(pattern), ())
    by_name = {"quality.dimension_weights", "quality.survey.items", "quality.survey.halo", "customers.X.expects"}
    return not rest or rest[0] in below or (len(rest) == 1 and ".".join(pattern) in by_name)


def test_the_check_of_paths_finds_wrong_ones():
    assert exists("staff.X.skill")
    assert exists("staff.receptionist.skill")
    assert exists("customers.X.expects.greet")
    assert not exists("staff.X.skil")
    assert not exists("staff.skill")
    assert not exists("quality.loyalty.steep")
    assert is_a_path("quality.memory")
    assert not is_a_path("wait_p90")


@pytest.mark.parametrize("page", ["seeds.md", "model.md"])
def test_every_path_named_in_a_page_exists(page):
    text = re.sub(r"(?ms)^```.*?^```", "", (DOCS / page).read_text(encoding="utf-8"))
    codes = CODE.findall(text)
    paths = [code for code in codes if is_a_path(code)]
    assert len(paths) > 50
    assert [path for path in paths if not exists(path)] == []


def test_every_row_of_ideas_says_how_or_that_it_is_not_built():
    rows = [line.split("|")[1:-1] for line in (DOCS / "seeds.md").read_text(encoding="utf-8").splitlines()]
    rows = [[cell.strip() for cell in row] for row in rows if row and re.fullmatch(r"\s*\d-\d+\s*", row[0])]
    assert len(rows) > 130
    for number, idea, said, shown in rows:
        assert idea, number
        assert "not built" in said or CODE.search(said), number
        assert shown, number
    assert len({row[0] for row in rows}) == len(rows)


# --- numbers worked out on the page ---


def worked():
    """What the page says, and what the program makes of it."""
    quality = small(extends="presets/defaults.yaml").quality
    wait, loyalty, response = quality.perceived_wait, quality.loyalty, quality.survey.response
    felt = perceived_wait(np.array([158 / 60]), wait.factor, wait.exponent, 1.0, 0.0, np.zeros(1))
    chances = return_probability(np.array([4.0, 5.0, 6.0, 7.0]), loyalty.steepness, loyalty.midpoint)
    answering = answer_chance(np.array([4.0, 7.0, 1.0]), response)
    load = corner_cutting_factor(1.2, quality.load.corner_cutting, 0.5)
    pressure = work_pressure(3, 2, quality.load.reference, quality.load.low, quality.load.high)
    skilled = 0.06 * error_factor_of_skill(normal_quantile(0.95), normal_quantile(0.88), quality.error.skill_effect)
    role_play = training_gain(0.62 * METHODS["role_play"], 0.0, 15 * MONTH)
    check = model_default("management.self_check.catches")
    return [
        ("8 minutes is worth 0.574, the 5 expected 0.707", worth(np.array([8.0, 5.0]), 10.0), 3),
        ("158 seconds feel like 221", felt * 60, 0),
        ("e = 0.72", raised_by_promise(np.array([0.6]), np.array([1.0]), quality.promise_inflation), 2),
        ("L = 1.2^(−.25) = .955", [load], 3),
        ("F = .901", [fatigue_factor(6.0, quality.fatigue_per_hour)], 3),
        ("delivered with .720", [0.88 * 0.95 * load * fatigue_factor(6.0, quality.fatigue_per_hour)], 3),
        ("Φ(1.175) = .880 to Φ(1.919) = .973", [normal_cdf(1.175), normal_cdf(1.175 + role_play)], 3),
        ("after 15 months .939", [normal_cdf(1.175 + training_gain(0.744, 15 * MONTH, 15 * MONTH))], 3),
        ("gives .62, .443, .344", [training_gain(0.62, m * MONTH, 15 * MONTH) for m in (0, 6, 12)], 3),
        ("sixty bring .359", [reflection_gain(0.41, 60, 20)], 3),
        ("one service in ten audited: .954; all of them: .99", [audited(0.0, 0.1), audited(0.0, 1.0)], 3),
        ("after two years of that, .97", [audited(24 * MONTH, 1.0)], 2),
        ("three visits on two hands give 1.765", [pressure], 3),
        ("shrink by .893", [speed_up_factor(pressure, quality.load.speed_up)], 3),
        ("survives with .868", [corner_cutting_factor(pressure, quality.load.corner_cutting, 0.5)], 3),
        ("lowers q from 1 to .981", [eroded(1.0, 0.9, 4 * WEEK, 18.8 * WEEK, float("inf"))], 3),
        ("the 26th 1.09 times", [learning_factor(26.0, 52.0, quality.learning.exponent)], 2),
        ("becomes .047 for a skill of .95", [skilled], 3),
        (".063 for the same person", [skilled * pressure**quality.error.load_effect], 3),
        ("1 − .80·.46 = .632", [1 - 0.8 * check], 3),
        ("with r = .494 have .83", [alpha_of(5, 0.494)], 2),
        ("with .25, a wholly satisfied one with .43, a wholly dissatisfied one with .50", answering, 2),
        (".23 at 4, .50 at 5, .77 at 6, .92 at 7", chances, 2),
        ("2.667; over five years 2.124", [lifetime_multiple(0.8, 0.1, y) for y in (float("inf"), 5)], 3),
        ("over one year .727", [lifetime_multiple(0.8, 0.1, 1)], 3),
        ("10,933", [training_utility(0.62, 1.25, 1.0, 60_000)], 0),
        ("lifts .88 to .953", [normal_cdf(normal_quantile(0.88) + 0.5)], 3),
        (".82 for reliability, 1.07 for tangibles", [7 - adequate(7.0, weight) for weight in (0.32, 0.11)], 2),
    ]


def audited(elapsed, share):
    strength = audit_strength(0.80, elapsed, 24 * MONTH)
    return audited_willingness(0.95, strength, share)


def numbers_of(text):
    """The numbers of a phrase, in order; digits may be grouped by commas."""
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\.?\d*|\.\d+", text.replace(", ", " "))]


@pytest.mark.parametrize(
    ("text", "values", "digits"), worked(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_numbers_worked_out_on_the_page(text, values, digits):
    page = " ".join((DOCS / "model.md").read_text(encoding="utf-8").split())
    assert text in page
    said = numbers_of(text)
    for value in values:
        assert round(float(value), digits) in said
