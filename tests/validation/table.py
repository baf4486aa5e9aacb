"""Writes docs/validation.md: `python -m tests.validation.table > docs/validation.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from .anchor import Anchor
from .anchors import FAST, SLOW, apart, by_topic
from .answers import BANK_SOURCE, COMPUTED, SQ_SOURCE, Row, bank, perceived
from .predictions import PREDICTIONS

INTRODUCTION = """\
# Validation: published figures beside the program's

<!-- Written by `python -m tests.validation.table`; a test compares the two. Change that, not this. -->

Each row of the first tables is a figure of the literature beside the one that the program gives in the same
circumstances. *Run* means that it was simulated, customer by customer, from a scenario that stands beside the test;
what is left to chance has its 95 % half-width. *Rule* means that the program's rule was asked alone, where it is a
curve without chance. The two figures agree if they differ by no more than what the rounding of the published one, or of
the default taken from it, allows, and twice the half-width.

**What this does not show.** The mechanisms were built from these numbers. That they come out again shows that they are
implemented as meant, alone and together with everything else on the floor; it is a check of calibration, not of whether
the model predicts what will happen at your site. Predictions in the proper sense are the directions further down, which
follow from the mechanisms together and were not put in; and the real answers, some of which the model was not fitted
to. Of both, what does not hold is said. Before you rest a decision on a figure, calibrate the scenario with your own
data, and vary what is marked *choice* in [the model](model.md).

*Status*: a **finding** is a published figure; **derived** was computed from published ones or from the model's
equations; **recalled** is of the literature, but was not looked up again.
"""

APART_TEXT = """\
## What does not agree

Known, and left as it is. The tests check that these still differ, so that the page changes when the model does.

{table}

- *Audits.* By default their effect fades, after Staats et al. (2017), who saw it decline over years. Armellino's
  wards kept it for 75 weeks. `management.audit.fade: never` gives their figure.
- *SERVPERF and SERVQUAL.* The model's guests answer two questions for a difference, each with its own noise, so the
  difference goes less well with satisfaction. That is the side of Cronin and Taylor, and of Brady et al. (2002), in a
  debate in which the meta-analysis finds the two equal.
- *Peak and end.* In the model memory shifts weight between moments within each dimension, never from one dimension to
  another. So what is felt on average goes better with satisfaction than the peak and the end do, and `quality.memory`
  does not turn it, even with all weight on the peak and the end.

On a floor, the elasticity of Oliva and Sterman has to be read with care: their pressure is that of the orders, that of
the program of those in hand, who are fewer when things are skipped. An exponent that gives an elasticity of .64 to the
orders (1.78 to those in hand) missed their trajectory by about .01 after a year (.911 against .925, in a run not kept
as a test): a floor of long services swings, perhaps because what is skipped relieves it only as long after as a service
takes. So their trajectory itself is met by the rule, not by the floor. An exponent of .64 to those in hand gives .39 to
the orders, and the trajectory of that elasticity is met.
"""

ANSWERS_TEXT = """\
## Against real answers

Six-point answers of 411 customers ({sq}),
computed in {when}; the model's are those of guests of the shipped hotel,
in replications that the survey's defaults were not fitted to. Halo, leniency and noise were fitted to these figures, so
they show that such answers are within reach of the model's survey, and that a survey without halo is not like a real
one; the reliability of all questions together was not fitted.

{perceived}

Ten-point answers of 250 customers ({bank_source})
on image, expectations, quality, value, satisfaction and loyalty; means of the questions on each, computed in {when}.
Effects are standardised, but for the last two, which are in points of the scale. Nothing was fitted to these. The
model's are answers of guests of the same hotel; empty where they are not asked.

{bank}

What agrees: satisfaction follows what is perceived; expectations have no direct effect worth the name beside it, as in
Anderson and Sullivan (1993); loyalty rises with satisfaction. What does not: in the bank expectations and perceptions
go together far more (they were asked about at the same time, after the fact), the two explain less of satisfaction,
perceived quality acts on loyalty beside satisfaction, which in the model it does not, and there is no sign that falling
short of expectations costs more than exceeding them brings, once quality is held: of the model's loss aversion a
trace would show there. Value and image, which the model does not have, take over most of what quality explains.
"""


def anchor_line(anchor: Anchor) -> str:
    """A row of the table."""
    width = "" if anchor.half_width is None else f" ± {anchor.half_width:.2g}"
    cells = (
        anchor.name,
        anchor.inputs,
        f"{anchor.source} ({anchor.status})",
        number(anchor.published, 5),
        f"{number(anchor.obtained, 4)}{width}",
        anchor.how,
        "yes" if anchor.agrees else "no",
    )
    return line(cells)


def number(value: float, digits: int) -> str:
    """Rounded to so many digits, and never in powers of ten."""
    return f"{value:,.0f}" if abs(value) >= 10**digits / 10 else f"{value:.{digits}g}"


def line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def table(head: Sequence[str], lines: Iterable[str]) -> str:
    return "\n".join([line(head), line(["---"] * len(head)), *lines])


ANCHOR_HEAD = ("figure", "inputs", "source (status)", "published", "obtained", "how", "agrees")


def anchor_table(of: Iterable[Anchor]) -> str:
    return table(ANCHOR_HEAD, map(anchor_line, of))


def answers_table(rows: Iterable[Row]) -> str:
    def cells(row: Row) -> tuple[str, ...]:
        width = "" if row.real_half_width is None else f" ± {row.real_half_width:.2f}"
        return row.name, f"{row.real:.2f}{width}", "" if row.simulated is None else f"{row.simulated:.2f}"

    return table(("figure", "real", "model"), (line(cells(row)) for row in rows))


def predictions_table() -> str:
    head = ("", "the model says", "holds", "test")
    return table(head, (line((p.number, p.says, p.holds, f"`tests/{p.test}…`")) for p in PREDICTIONS))


def page() -> str:
    """The whole page; takes some minutes."""
    parts = [INTRODUCTION]
    for topic, of in by_topic(FAST, SLOW).items():
        parts.append(f"## {topic}\n\n{anchor_table(of)}\n")
    parts.append(APART_TEXT.format(table=anchor_table(apart())))
    parts.append(
        "## Directions: what the model predicts\n\n"
        "Each is tested on the same customers under two policies; where chance is left, the 99.9 % interval of the\n"
        "difference lies on the side that is said.\n\n" + predictions_table() + "\n"
    )
    parts.append(
        ANSWERS_TEXT.format(
            sq=SQ_SOURCE,
            bank_source=BANK_SOURCE,
            when=COMPUTED,
            perceived=answers_table(perceived()),
            bank=answers_table(bank()),
        )
    )
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
