"""The table of a selection: figures in their place, 80 columns, any script, any encoding."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.show.selection import markdown_table, table, wrapped
from sim.show.text import width
from sim.study.selection.selection import Selection


def selection(policies=("as_is", "train", "hire_one"), limited=False, **changed):
    k = len(policies)
    choice = pd.DataFrame(
        {
            "policy": policies,
            "status": ["fails" if limited else "not best", "cheapest" if limited else "best", *["open"] * (k - 2)],
            "n": np.array([20, 45, *[45] * (k - 2)]),
            "mean": [4.0, 5.5, *[5.25] * (k - 2)],
            "half_width": [0.25, 0.125, *[np.nan] * (k - 2)],
            "behind": [1.5, 0.0, *[0.25] * (k - 2)],
            "left_after": pd.array([20, None, *[None] * (k - 2)], dtype="Int64"),
        }
    )
    texts = ("wait_p90[stage=desk] < 10 min", "abandoned_share < 3% in 90%")
    rows = [
        (policy, text, verdict, estimate, low, high, 20)
        for p, policy in enumerate(policies)
        for text, verdict, estimate, low, high in (
            (texts[0], "met" if p else "not met", 12.0 - 4 * p, 11.0 - 4 * p, 13.0 - 4 * p),
            (texts[1], "not decided", 0.91, 0.825, 0.975),
        )
    ]
    columns = ["policy", "limit", "verdict", "estimate", "low", "high", "n"]
    made = {
        "scenario": SimpleNamespace(name="hotel", title="Front desk", calendar=SimpleNamespace(days=20)),
        "policies": tuple(policies),
        "best": policies[1],
        "decided": True,
        "verdict": f"{policies[1]} has the highest satisfaction.",
        "guarantee": "With a probability of at least 95 % " + "this is so, and that is so, " * 6 + "it is said.",
        "question": "the highest satisfaction",
        "measure": "staff_cost" if limited else "satisfaction",
        "method": "kn",
        "confidence": 0.95,
        "delta": 0.1,
        "seed": 7,
        "engine": "simpy",
        "replications": 110,
        "simulated": 120,
        "table": choice,
        "limits": pd.DataFrame(rows if limited else [], columns=columns),
        "measures": pd.DataFrame(),
        "failures": pd.DataFrame(),
    }
    return Selection(**{**made, **changed})


def line(text, label):
    return next(one for one in text.splitlines() if one.strip().startswith(label))


def test_figures_are_in_their_place():
    text = table(selection())
    assert text.splitlines()[0] == "hotel: the highest satisfaction"
    assert "110 replications in all, of 20 days, seed 7, engine simpy; ± 95 % half-width" in text
    assert "train has the highest satisfaction." in text
    assert line(text, "status").split() == ["status", "not", "best", "best", "open"]
    assert line(text, "mean, points").split() == ["mean,", "points", "4.00", "±0.25", "5.50", "±0.12", "5.25"]
    assert line(text, "worse by").split() == ["worse", "by", "1.50", "0.00", "0.25"]
    assert line(text, "replications").split() == ["replications", "20", "45", "45"]
    assert line(text, "out after").split() == ["out", "after", "20"]


def test_limits_have_verdict_and_interval():
    text = table(selection(limited=True))
    assert "wait_p90[stage=desk] < 10 min" in text
    assert line(text, "verdict").split() == ["verdict", "not", "met", "met", "met"]
    assert line(text, "mean, minutes").split()[2:] == ["12.00", "8.00", "4.00"]
    assert line(text, "from").split() == ["from", "11.00", "7.00", "3.00"]
    assert line(text, "to ").split() == ["to", "13.00", "9.00", "5.00"]
    assert line(text, "in replications").split() == ["in", "replications", *["91.0%"] * 3]
    shares = text[text.index("in replications") :]
    assert line(shares, "from").split() == ["from", *["82.5%"] * 3]
    assert line(shares, "to ").split() == ["to", *["97.5%"] * 3]
    assert "Limits (at 95 % all ends 'from' hold at once, and so do all ends 'to')" in text
    assert line(text, "dearer by").split() == ["dearer", "by", "1.50", "0.00", "0.25"]
    assert text.splitlines().index("Choice") < text.splitlines().index(line(text, "Limits"))


@pytest.mark.parametrize("limited", [False, True])
@pytest.mark.parametrize(
    "policies", [("a", "b"), tuple(f"policy_number_{i}" for i in range(9)), ("前台培训", "训" * 30, "x")]
)
def test_it_fits_the_terminal(policies, limited):
    text = table(selection(policies, limited=limited))
    assert max(map(width, text.splitlines())) <= 80


def test_it_can_be_said_in_ascii_and_commands_no_terminal():
    text = table(selection(("as_is", "tr\x1b[31main", "前台")), encoding="ascii")
    assert text.isascii()
    assert "\x1b" not in text
    assert "+-0.25" in text


def test_markdown_has_a_column_for_each_policy_and_escapes_names():
    text = markdown_table(selection(("as_is", "<b>", "x"), limited=True))
    assert "| | as\\_is | &lt;b&gt; | x |" in text
    assert "**&lt;b&gt; has the highest satisfaction.**" in text
    assert "### Limits" in text
    assert "<b>" not in text


def test_long_text_is_broken_at_spaces():
    text = "one two three " * 20
    lines = list(wrapped(text.strip(), 30))
    assert max(map(len, lines)) <= 30
    assert " ".join(lines) == text.strip()


def test_a_notebook_shows_it_escaped():
    html = selection(("as_is", "<b>", "x"))._repr_html_()
    assert "<b>Front desk</b>" in html
    assert "&lt;b&gt; has the highest" in html
