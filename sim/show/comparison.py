"""The table of a comparison: what each policy changes against the baseline, how surely, and at what cost."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.show.attribution import (
    Line,
    attribution_markdown,
    attribution_table,
    gaps_and_causes,
    whole_of,
)
from sim.show.figures import Figure
from sim.show.forms import NUMBER, PERCENT, Form, fitting
from sim.show.layout import Row, Section, escaped, markdown, saying, terminal
from sim.show.table import headline
from sim.show.text import UNICODE, Signs, one_line, signs_for, spoken
from sim.study.comparison.attribution_words import CAUSES
from sim.study.comparison.differences import values_of
from sim.study.keys import key_of_row, text_of
from sim.study.meanings import meaning
from sim.study.statistics.intervals import interval
from sim.study.tallies.rows import Key

if TYPE_CHECKING:
    from sim.study.comparison.attribution import Attribution
    from sim.study.comparison.comparison import Comparison

_TITLES = {
    "minutes": "Minutes",
    "share": "Percentage points",
    "chance": "Percentage points",
    "points": "Points on the scale from 1 to 7",
    "money": "Money",
}
_MARKS = {"better": "+", "worse": "!", "higher": "*", "lower": "*"}
_GAINED = ("wait_mean", "satisfaction")


def table(
    comparison: Comparison, *, columns: int = 80, encoding: str = "utf-8", why: bool = False, together: bool = False
) -> str:
    """Return the table for a terminal of so many columns, in signs that ``encoding`` can say.

    With ``why`` the change of the customer gap is taken apart by cause, stage and action, pair by pair; with
    ``together`` the half-widths of differences are those that hold all at once.
    """
    page = _Page(comparison, encoding, why, together)
    body = terminal(page.sections(), page.names, columns=columns, signs=page.signs)
    verdicts = [line for text in page.verdicts() for line in wrap(text, columns, subsequent_indent="  ")]
    notes = [line for text in page.notes() for line in wrap(text, columns)]
    apart = [line for one in page.taken_apart() for line in ("", *_apart(one, columns, encoding))] if why else []
    return "\n".join(
        [*headline(comparison.result, encoding, comparison.confidence), "", *verdicts, "", *body, "", *notes, *apart]
    )


def _apart(found: Attribution, columns: int, encoding: str) -> Iterator[str]:
    """Yield where the change of the customer gap comes from: in words, then as tables."""
    signs = signs_for(encoding)
    for text in found.words(views=False):
        yield from wrap(spoken(one_line(_in_signs(text, signs)), encoding), columns, subsequent_indent="  ")
    yield attribution_table(found, columns=columns, encoding=encoding)


def _in_signs(text: str, signs: Signs) -> str:
    return text.replace("±", signs.plus_minus).replace(UNICODE.minus, signs.minus)


def markdown_table(comparison: Comparison, *, why: bool = False, together: bool = False) -> str:
    """Return the same as Markdown."""
    page = _Page(comparison, "utf-8", why, together)
    title, how = headline(comparison.result, confidence=comparison.confidence)
    verdicts = [f"- {escaped(text)}" for text in page.verdicts()]
    notes = [f"{escaped(text)}\n" for text in page.notes()]
    apart = [text for one in page.taken_apart() for text in _apart_markdown(one)] if why else []
    return "\n".join(
        [f"## {escaped(title)}", "", how, "", *verdicts, "", *markdown(page.sections(), page.names), *notes, *apart]
    )


def _apart_markdown(found: Attribution) -> list[str]:
    return [*(f"- {escaped(text)}" for text in found.words(views=False)), "", attribution_markdown(found)]


class _Page:
    """Looks up the rows of one comparison and lays them out: a column for the baseline and one for each pair."""

    def __init__(self, comparison: Comparison, encoding: str, why: bool, together: bool) -> None:
        self.comparison = comparison
        self._together = together
        self._taken_apart_below = why
        self.signs: Signs = signs_for(encoding)
        self._encoding = encoding
        rows: list[Any] = list(comparison.table.itertuples())
        self._rows = {(row.policy, row.against, key_of_row(row)): row for row in rows}
        self.keys = list(dict.fromkeys(key_of_row(row) for row in rows))
        self.pairs: list[tuple[str, str]] = list(dict.fromkeys((row.policy, row.against) for row in rows))
        self.by_baseline = all(against == comparison.baseline for _, against in self.pairs)
        own = [policy if self.by_baseline else f"{policy} {self.signs.minus} {other}" for policy, other in self.pairs]
        self.names = [self.said(name) for name in ([comparison.baseline, *own] if self.by_baseline else own)]

    def said(self, text: str) -> str:
        return spoken(one_line(text), self._encoding)

    def sections(self) -> list[Section]:
        why = [] if self._taken_apart_below else [self._why()]
        told = (*self._differences(), self._worth(), *why, self._gained())
        return [Section(one.title, rows) for one in told if (rows := saying(one.rows))]

    def verdicts(self) -> list[str]:
        sentences = (self.comparison.words(policy, against) for policy, against in self.pairs)
        return [self.said(_in_signs(text, self.signs)) for text in sentences]

    def notes(self) -> Iterator[str]:
        pm, share = self.signs.plus_minus, f"{100 * self.comparison.confidence:.3g} %"
        many = self.comparison.comparisons
        of = f"that of all {many} together" if self._together else "by itself"
        yield f"The same customers under every policy. {pm} is the {share} interval of each difference, {of}."
        marks = f"+ better, ! worse, * other: clear at {share}"
        if self.comparison.adjust == "holm" and many > 1:
            yield f"{marks} for all {many} comparisons together (Holm). ~ not: one of so many may look so by chance."
        elif self.comparison.adjust == "none":
            chance = round(1 / (1 - self.comparison.confidence))
            yield f"{marks}. NOT adjusted: of comparisons without a difference one in {chance} looks clear by chance."
        else:
            yield f"{marks}."
        if self.comparison.result.precise:
            yield f"The precision asked for is reached after {self.comparison.result.replications} replications."
        yield from self._left_out()
        caution = self._caution()
        if caution is not None:
            yield caution

    def _left_out(self) -> Iterator[str]:
        """What is not in the table, or in part."""
        shown = {name for pair in self.pairs for name in pair}
        failed = set(self.comparison.result.failures["policy"]) - shown
        for policy in self.comparison.result.policies:
            if policy in failed:
                yield f"{self.said(policy)} is left out: no replication of it could be measured."
        for (policy, _, key), row in self._rows.items():
            if 0 < row.n < self.comparison.result.replications:
                what = f"{self.said(text_of(key))} of {self.said(policy)}"
                yield f"{what} is compared in {row.n} of {self.comparison.result.replications} replications alone."

    def _caution(self) -> str | None:
        """What to bear in mind of few replications: changes of waits are skewed, whether a sample shows it or not."""
        from sim.study.statistics.skewness import caution

        told = caution(self.comparison.result.replications, "difference")
        if told is None or not any(meaning(key.measure).unit == "minutes" for key in self.keys):
            return None
        return f"Caution: {told}; skew_low and skew_high of --format csv are corrected for it."

    def _differences(self) -> Iterator[Section]:
        titles = {key: _TITLES.get(meaning(key.measure).unit, "Other") for key in self.keys}
        for title in dict.fromkeys((*_TITLES.values(), "Other")):
            rows = [self._line(key) for key, own in titles.items() if own == title]
            currency = self.comparison.result.scenario.currency
            yield Section(f"{title}, {self.said(currency)}" if title == "Money" and currency else title, rows)

    def _line(self, key: Key) -> Row:
        found = [self._rows[policy, against, key] for policy, against in self.pairs]
        form = _form(key.measure, [Figure(row.difference, self._half(row)) for row in found])
        cells = [self._cell(row, form) for row in found]
        if self.by_baseline:
            mean = Figure(self._mean_of_baseline(key), math.nan)
            own = form if meaning(key.measure).unit == "money" else _form(key.measure, [mean])
            cells = [own.cell(mean, self.signs), *cells]
        return Row(self.said(text_of(key)), tuple(cells))

    def _mean_of_baseline(self, key: Key) -> float:
        """Over all its replications; a pair may have fewer in which both are defined."""
        mean = interval(values_of(self.comparison.result, key, self.comparison.baseline)).mean
        return math.nan if mean is None else mean

    def _half(self, row: Any) -> float:
        return float(row.simultaneous_half_width if self._together else row.half_width)

    def _cell(self, row: Any, form: Form) -> str:
        if row.verdict == "equal":
            return "equal  "
        mark = _MARKS.get(row.verdict, "~" if abs(row.difference) > row.half_width else " ")
        return f"{self._signed(row.difference, self._half(row), form)} {mark}"

    def _signed(self, mean: float, half_width: float, form: Form) -> str:
        sign = "+" if not math.isnan(mean) and form.units(mean) > 0 else ""
        return sign + form.cell(Figure(mean, half_width), self.signs)

    def _worth(self) -> Section:
        """What a policy costs in addition, and what it brings for that."""
        rows_of: list[Any] = list(self.comparison.worth.itertuples())
        worth = {(row.policy, row.against, row.measure): row for row in rows_of}
        if not worth:
            return Section("", [])

        def each(label: str, cell: Any) -> Row:
            cells = tuple(cell(policy, against) for policy, against in self.pairs)
            return Row(label, ("", *cells) if self.by_baseline else cells)

        def cost(policy: str, against: str) -> str:
            row = next((row for key, row in worth.items() if key[:2] == (policy, against)), None)
            if row is None:
                return ""
            figure = Figure(row.cost, row.cost_half_width)
            return f"{self._signed(*figure, fitting([figure]))}  "

        def per(measure: str) -> Any:
            def cell(policy: str, against: str) -> str:
                row = worth.get((policy, against, measure))
                return "" if row is None else self._per_unit(row)

            return cell

        rows = [each("cost in addition", cost)]
        rows += [self._gain("gain in all", "net_gain")] if self.by_baseline else []
        rows += [each("per point gained", per("satisfaction")), each("per minute saved", per("wait_mean"))]
        currency = self.comparison.result.scenario.currency
        return Section(f"Costs and benefits, {self.said(currency)}" if currency else "Costs and benefits", rows)

    def _per_unit(self, row: Any) -> str:
        """What a unit of gain costs, or why there is no such figure."""
        if row.verdict == "not clear":
            return "not clear  "
        if math.isnan(row.per_unit):
            return "no gain  "
        if row.cost + row.cost_half_width < 0:
            return "saves  "
        form = fitting([Figure(row.high, 0.0)])
        low, value, high = (form.cell(Figure(one, math.nan), self.signs) for one in (row.low, row.per_unit, row.high))
        return f"{value} ({low}{self.signs.dash}{high})  "

    def _gain(self, label: str, measure: str) -> Row:
        """A measure of worth, which is against the baseline already."""
        cells = [""]
        for policy, _ in self.pairs:
            found = interval(values_of(self.comparison.result, Key(measure), policy), self.comparison.confidence)
            figure = Figure(*(math.nan if one is None else one for one in found[:2]))
            cells.append("" if math.isnan(figure.mean) else f"{self._signed(*figure, fitting([figure]))}  ")
        return Row(label, tuple(cells))

    def _gained(self) -> Section:
        """How many times the replications comparisons of different customers would need."""
        keys = [key for key in self.keys if key.measure in _GAINED]
        rows = []
        for key in keys:
            cells = [self._times(self._rows[policy, against, key]) for policy, against in self.pairs]
            rows.append(Row(self.said(text_of(key)), ("", *cells) if self.by_baseline else tuple(cells)))
        return Section("Replications that other customers would take, times as many", rows)

    def _times(self, row: Any) -> str:
        ratio = row.variance_ratio
        if math.isnan(ratio):
            return ""
        return f"{self.signs.dash}  " if math.isinf(ratio) else f"{ratio:.0f}  " if ratio >= 100 else f"{ratio:.3g}  "

    def taken_apart(self) -> list[Attribution]:
        """The attribution of every pair; none where nothing is judged."""
        if "part_listening" not in set(self.comparison.result.measures["measure"]):
            return []
        try:
            return [self.comparison.attribution(policy, against) for policy, against in self.pairs]
        except InputError:  # no replication has a gap under both
            return []

    def _why(self) -> Section:
        """Where the change of the customer gap comes from: each policy's adds up as printed."""
        form = Form(digits=2)
        lines = [
            {(depth, line.name): line for depth, line in gaps_and_causes(found, whole_of(found, form), form)}
            for found in self.taken_apart()
        ]
        rows = []
        for depth, name in dict.fromkeys(key for of_pair in lines for key in of_pair):
            cells = [self._part(of_pair.get((depth, name)), form) for of_pair in lines]
            label = "  " * depth + CAUSES.get(name, name)
            rows.append(Row(label, ("", *cells) if self.by_baseline else tuple(cells)))
        return Section("Why the customer gap changes, points (more is worse)", rows)

    def _part(self, line: Line | None, form: Form) -> str:
        return "" if line is None else f"{self._signed(line.change, line.half_width, form)}  "


def _form(measure: str, figures: Sequence[Figure]) -> Form:
    """The form of a measure's unit, with one more decimal where a half-width would round to nothing."""
    unit = meaning(measure).unit
    if unit == "money":
        return fitting(figures)
    form = PERCENT if unit in ("share", "chance") else NUMBER
    halves = [one.half_width for one in figures if one.half_width > 0]
    return form._replace(digits=form.digits + 1) if any(form.units(half) == 0 for half in halves) else form
