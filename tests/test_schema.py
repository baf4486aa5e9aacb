"""The JSON Schema that editors use: current, and true to the files people write."""

import json
from functools import cache
from pathlib import Path

import pytest

from sim.scenario import json_schema, load
from sim.scenario.yaml_reader import read_yaml

ROOT = Path(__file__).parents[1]
SHIPPED = [*sorted((ROOT / "scenarios").rglob("*.yaml")), ROOT / "sim" / "scenario" / "starter.yaml"]
COMMITTED = ROOT / "scenarios" / "scenario.schema.json"


@cache
def validator():
    jsonschema = pytest.importorskip("jsonschema")
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_committed_schema_is_current():
    text = COMMITTED.read_text(encoding="utf-8")
    assert text == json.dumps(json_schema(), indent=1, ensure_ascii=False, allow_nan=False) + "\n", (
        "write it anew: sim schema > scenarios/scenario.schema.json"
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_scenario_is_valid(path):
    value = read_yaml(path.read_bytes()).value
    assert [error.message for error in validator().iter_errors(value)] == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_key_of_a_shipped_scenario_is_in_the_schema(path):
    known = json_schema()["properties"]
    assert set(read_yaml(path.read_bytes()).value) <= set(known)


@pytest.mark.parametrize(
    "change",
    [
        {"stages": {"desk": {"staff": ["clerk"], "wrok": 1}}},
        {"stages": {"desk": {"staff": ["clerk"], "work": "4 minutes"}}},
        {"stages": {"desk": {"staff": ["clerk"], "work": {"dist": "gama", "mean": 1}}}},
        {"customers": {"all": {"arrivals": {"rate": 12}, "start": "desk"}}},
        {"staff": {"clerk": {"count": 1, "skill": 1.2}}},
        {"staff": {"clerk": {"count": 1, "picks": "any"}}},
        {"calendar": {"days": 1, "open": "7:00", "close": "17:00"}},
        {"name": "Not a slug"},
        {"whatever": 1},
    ],
    ids=str,
)
def test_common_mistakes_are_seen_in_the_editor(change):
    value = read_yaml((ROOT / "scenarios" / "theory" / "mm1.yaml").read_bytes()).value
    assert validator().is_valid(value)
    assert not validator().is_valid({**value, **change})


def test_written_forms_are_accepted():
    value = {
        "name": "forms",
        "calendar": {"days": 3, "hours": {"sun": [], "default": [["08:00", "12:00"], ["13:30", "24:00"]]}},
        "customers": {
            "a": {
                "arrivals": {
                    "rate": {"mon": {"08:00": "12/h"}, "default": "3/h"},
                    "party": {"dist": "uniform", "low": 1, "high": 4},
                },
                "start": "desk",
                "patience": {
                    "desk": {"dist": "exponential", "mean": "5 min", "silent": {"share": 0.5, "wasted": "1 min"}}
                },
                "expects": {"wait": "3 min"},
            },
            "b": {
                "arrivals": {"at": ["09:00"], "late": {"dist": "normal", "mean": -2, "sd": 5}},
                "start": "desk",
                "patience": "never",
            },
        },
        "site": {"places": {"table": 3}},
        "stages": {
            "desk": {
                "staff": [["clerk", "boss"]],
                "work": {
                    "dist": "by_time",
                    "08:00": "2 min",
                    "12:00": {"dist": "mixture", "of": [1, 2], "weights": [0.5, 0.5]},
                },
                "takes": [{"place": "table", "up_to": 2}],
                "next": {"a": {"leave": 1}, "default": {"leave": 1}},
            }
        },
        "staff": {
            "clerk": {"on_duty": {"sat": 1, "default": {"08:00": 2}}},
            "boss": {"members": [{"name": "Ana", "shift": ["22:00", "06:00"], "days": ["mon"]}]},
        },
        "actions": {
            "wait": {
                "stage": "desk",
                "kind": "wait",
                "dimension": "responsiveness",
                "weight": 1,
                "expected": {"a": "5 min", "default": 3},
            }
        },
        "policies": {"as_is": None, "more": {"staff.clerk.on_duty": {"add": 1}}},
    }
    assert load(value).policy_names == ("as_is", "more")
    assert [error.message for error in validator().iter_errors(value)] == []
