"""What uncertain parameters decide, for a terminal or as Markdown: conclusions in words, then tornadoes in signs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.show.layout import Row, Section, escaped, markdown, terminal
from sim.show.text import ASCII, UNICODE, Signs, left, one_line, right, shorten, signs_for, spoken, width
from sim.study.sensitivity.amounts import Amounts, Found, amounts, finer, unit_of
from sim.study.sensitivity.turns import Conclusion, difference

if TYPE_CHECKING:
    from sim.study.sensitivity.sensitivity import Sensitivity
    from sim.study.statistics.intervals import Interval

_LEAST_BAR = 13
_MOST_VALUE = 14
_INDENT = "  "
_SMALL = 0.05  # of the largest change: what moves a measure less than that is named, not drawn
_FEW = 10  # replications: with fewer, intervals are wide
_HEADS = {
    "morris": (("mean size", "mu_star"), ("mean", "mu"), ("spread", "sigma")),
    "sobol": (("alone", "s1"), ("in all", "st")),
}
_WITHOUT = {
    "morris": "which is undefined at some points",
    "sobol": "which is undefined at some points, or the same at all",
}
_MEANS = {
    "morris": (
        "Morris: what the whole range of a parameter changes, from many starting points: the mean size of the change, "
        "its mean with the sign, and its spread, by interplay with other parameters or a bent response."
    ),
    "sobol": (
        "Sobol: the share of the variance that a parameter brings alone, and in all with its interplay with others; "
        "parameters are taken to lie anywhere in their ranges, independently."
    ),
}


class Bar(NamedTuple):
    """One parameter of a tornado: its name, both ends as written, and what each changes with its half-width.

    Changes are as measured: shares from 0 to 1.
    """

    parameter: str
    values: tuple[str, str]
    changes: tuple[float, float]
    half_widths: tuple[float, float]

    @property
    def size(self) -> float:
        """The larger of both changes."""
        return max((abs(change) for change in self.changes if not math.isnan(change)), default=0.0)

    @property
    def unknown(self) -> bool:
        """Whether the change is undefined at an end."""
        return any(map(math.isnan, self.changes))


def table(found: Sensitivity, *, columns: int = 80, encoding: str = "utf-8") -> str:
    """Return the page for a terminal of so many columns, in signs that ``encoding`` can say."""
    page = _Page(found, encoding)
    title, *how = page.head()
    lines = [title, *(line for text in how for line in _wrapped(text, columns)), ""]
    for title, sentences in page.said():
        lines.append(title)
        for text in sentences:
            lines += _wrapped(text, columns, "- ")
        lines.append("")
    for measure in found.measures:
        lines += page.tornado(measure, columns) if found.method == "one_at_a_time" else page.indices(measure, columns)
    return "\n".join([*lines, *(line for text in page.notes() for line in _wrapped(text, columns))])


def markdown_table(found: Sensitivity) -> str:
    """Return the same as Markdown."""
    page = _Page(found, "utf-8")
    title, *how = page.head()
    lines = [f"## {escaped(title)}", "", escaped("; ".join(how)), ""]
    for heading, sentences in page.said():
        lines += [f"### {escaped(heading)}", "", *(f"- {escaped(text)}" for text in sentences), ""]
    for measure in found.measures:
        for names, section in page.sections(measure):
            lines += markdown([section], names)
    return "\n".join([*lines, *map(escaped, page.notes())])


def bars(found: Sensitivity, measure: str, policy: str, against: str | None = None) -> list[Bar]:
    """The tornado of a measure under a policy, or of the difference from another; what moves most comes first."""
    rows = found.effects
    own = rows["against"].isna() if against is None else (rows["against"] == against).fillna(False)
    chosen = rows[(rows["measure"] == measure) & (rows["policy"] == policy) & own]
    result = []
    for parameter, ends in chosen.groupby("parameter", sort=False):
        low: Any
        high: Any
        low, high = ends.itertuples()
        changes = float(low.change), float(high.change)
        halves = float(low.half_width), float(high.half_width)
        result.append(Bar(str(parameter), (str(low.value), str(high.value)), changes, halves))
    return sorted(result, key=lambda bar: -bar.size)


class _Page:
    """Words and tables of one study, in signs that an encoding can say."""

    def __init__(self, found: Sensitivity, encoding: str) -> None:
        self.found = found
        self.signs: Signs = signs_for(encoding)
        self._encoding = encoding
        self._translated = str.maketrans(
            {UNICODE.plus_minus: self.signs.plus_minus, UNICODE.minus: self.signs.minus, "×": self.signs.times}
        )

    def text(self, text: str) -> str:
        """Any text as this page can say it, on one line."""
        return spoken(one_line(text.translate(self._translated)), self._encoding)

    def head(self) -> Iterator[str]:
        """What was studied, and how."""
        found = self.found
        title = f" {self.signs.dash} {found.scenario.title}" if found.scenario.title else ""
        yield self.text(f"{found.scenario.name}{title}")
        many = len(found.ranges)
        moved = "an uncertain parameter" if many == 1 else f"{many} uncertain parameters"
        how = "one at a time" if found.method == "one_at_a_time" else "all at once"
        yield f"{moved}, moved {how}"
        yield f"{found.cases} cases, {_each(found.replications)}, seed {found.seed}; the same customers in every case"

    def said(self) -> list[tuple[str, list[str]]]:
        """The sentences under their headings, those that a parameter may overturn first."""
        every, but = self.found.conclusions, ""
        if self.found.method != "one_at_a_time":
            told = [("Who comes out ahead", list(self.found.sentences))]
        else:
            if any(one.left_out for one in every):
                but = ", but those that a policy sets itself"
            told = [
                ("Conclusions that the ranges change", [one.sentence for one in every if one.changes]),
                (
                    f"Conclusions that hold at both ends of every range{but}",
                    [one.brief for one in every if one.clear and not one.changes],
                ),
                (
                    f"Not told apart by {_each(self.found.replications)}, neither as written nor at any end{but}",
                    [_open(one) for one in every if not one.clear and not one.changes],
                ),
            ]
        return [(title, [self.text(one) for one in sentences]) for title, sentences in told if sentences]

    def tornado(self, measure: str, columns: int) -> Iterator[str]:
        """The tornado of the baseline, and the differences of the other policies from it where they turn."""
        first = self.found.policies[0]
        moving, small, idle = self._bars(measure, first)
        yield from _wrapped(self.text(f"What moves {measure} under {first}, {self._level(measure, first)}"), columns)
        yield from self._drawn(moving, self._amounts(measure, _of_bars(moving)), columns)
        if small:
            text = f"{_INDENT}less than a twentieth of the largest change with " + ", ".join(small)
            yield from _wrapped(text, columns)
        if idle:
            yield from _wrapped(f"{_INDENT}nothing changes with " + ", ".join(idle), columns)
        yield ""
        for names, section in self._differences(measure, turning=True):
            yield from terminal([section], names, columns=columns, signs=self.signs)
            yield ""

    def indices(self, measure: str, columns: int) -> Iterator[str]:
        """The indices of a measure under the baseline, and of the differences from it."""
        for names, section in self.sections(measure):
            yield from terminal([section], names, columns=columns, signs=self.signs)
            yield ""
        without = self.without_indices(measure)
        if without:
            yield from _wrapped(without, columns)
            yield ""

    def sections(self, measure: str) -> Iterator[tuple[list[str], Section]]:
        """Tables of a measure, each with the names of its columns."""
        if self.found.method != "one_at_a_time":
            yield from self._indices(measure)
            return
        first = self.found.policies[0]
        moving = [bar for bar in bars(self.found, measure, first) if bar.changes != (0.0, 0.0)]
        form = self._amounts(measure, _of_bars(moving))
        rows = [
            Row(self.text(bar.parameter), (self.text(low), changed[0], self.text(high), changed[1]))
            for bar in moving
            for (low, high), changed in [(bar.values, [self._change(bar, end, form) for end in (0, 1)])]
        ]
        title = self.text(f"{measure} under {first}: {self._level(measure, first)}")
        yield ["low", "change", "high", "change"], Section(title, rows)
        yield from self._differences(measure)

    def _amounts(self, measure: str, figures: Sequence[Found]) -> Amounts:
        return amounts(measure, figures, self.found.scenario.currency)

    def _change(self, bar: Bar, end: int, form: Amounts) -> str:
        """What an end changes, as it is printed; a dash where it is undefined."""
        mean, half = bar.changes[end], bar.half_widths[end]
        return self.signs.dash if math.isnan(mean) else self.text(form.change(mean, _known(half)))

    def _drawn(self, moving: Sequence[Bar], form: Amounts, columns: int) -> Iterator[str]:
        """Two lines for each parameter, one for each end: its value, the change, and a bar from the middle."""
        if not moving:
            return
        signs, text = self.signs, self.text
        values = [[shorten(text(value), _MOST_VALUE, signs.more) for value in bar.values] for bar in moving]
        changes = [[self._change(bar, end, form) for end in (0, 1)] for bar in moving]
        value_room = max(width(value) for pair in values for value in pair) + 1
        change_room = max(width(change) for pair in changes for change in pair) + 2
        rest = columns - len(_INDENT) - value_room - change_room - 1
        label = min(max(width(text(bar.parameter)) for bar in moving), rest - _LEAST_BAR) + 1
        half = (rest - label - 1) // 2
        most = max(bar.size for bar in moving) or 1.0
        for bar, shown, changed in zip(moving, values, changes, strict=True):
            name = _ending(text(bar.parameter), label - 1, signs)
            for end in (0, 1):
                words = left(name if end == 0 else "", label) + right(shown[end], value_room)
                words += right(changed[end], change_room)
                yield f"{_INDENT}{words} {_sign_bar(bar.changes[end] / most, half, signs)}".rstrip()

    def _bars(self, measure: str, policy: str) -> tuple[list[Bar], list[str], list[str]]:
        """The bars that show something, and names of parameters with which hardly anything, and nothing, changes."""
        every = bars(self.found, measure, policy)
        most = max((bar.size for bar in every), default=0.0)
        idle = [bar for bar in every if bar.changes == (0.0, 0.0)]
        small = [bar for bar in every if bar not in idle and bar.size < _SMALL * most and not bar.unknown]
        moving = [bar for bar in every if bar not in idle and bar not in small]
        return moving, [self.text(bar.parameter) for bar in small], [self.text(bar.parameter) for bar in idle]

    def _level(self, measure: str, policy: str) -> str:
        rows = self.found.effects
        chosen = rows[(rows["measure"] == measure) & (rows["policy"] == policy) & rows["against"].isna()]
        mean = float(chosen["as_written"].iloc[0])
        form = self._amounts(measure, [(mean, None)])
        form = form._replace(unit="%") if form.unit == "percentage points" else form
        return self.signs.dash if math.isnan(mean) else form.with_unit(form.level(mean))

    def _differences(self, measure: str, turning: bool = False) -> Iterator[tuple[list[str], Section]]:
        """One table: every other policy minus the baseline, as written and at each end that changes it.

        ``turning``: only at the ends that change a conclusion, and no table where none does.
        """
        first, *others = self.found.policies
        if not others:
            return
        every = {(one.policy, one.against): one for one in self.found.conclusions if one.measure == measure}
        pairs = [every[other, first] for other in others]
        ends = list(self._ends(pairs, turning))
        if turning and not ends:
            return
        every_row: list[tuple[str, list[Interval | None]]] = [("as written", [one.difference for one in pairs]), *ends]
        form = self._amounts(measure, [one[:2] for _, found in every_row for one in found if one is not None])
        rows = [Row(self.text(label), tuple(self._cell(one, form) for one in found)) for label, found in every_row]
        at = ", where it turns" if turning else ""
        title = self.text(f"{measure}: difference from {first}{self._in_unit(measure)}{at}")
        yield [self.text(other) for other in others], Section(title, rows)

    def _ends(self, pairs: Sequence[Conclusion], turning: bool) -> Iterator[tuple[str, list[Interval | None]]]:
        """The differences at the ends that change some of them, or turn some conclusion; None where one is left out."""
        turns = [{(turn.parameter, turn.end): turn for turn in one.turns} for one in pairs]
        for of in self.found.ranges:
            for name, value in of.ends:
                at = [(one, of_pair.get((of.path, name))) for one, of_pair in zip(pairs, turns, strict=True)]
                if turning and not any(turn is not None and turn.turns for _, turn in at):
                    continue
                if all(turn is None or turn.difference.mean == one.difference.mean for one, turn in at):
                    continue
                found = [None if of.path in one.left_out else (turn or one).difference for one, turn in at]
                yield f"{of.path} {of.shown(value)}", found

    def _cell(self, found: Interval | None, form: Amounts) -> str:
        if found is None or found.mean is None:
            return self.signs.dash
        return self.text(form.change(found.mean, found.half_width))

    def _indices(self, measure: str) -> Iterator[tuple[list[str], Section]]:
        heads = _HEADS[self.found.method]
        rows = self.found.effects[self.found.effects["measure"] == measure]
        for (policy, against), own in rows.groupby(["policy", "against"], sort=False, dropna=False):
            alone = not isinstance(against, str)
            about = f"{measure} under {policy}" if alone else f"{measure}: {policy} {UNICODE.minus} {against}"
            about += self._in_unit(measure) if self.found.method == "morris" else ", shares of the variance"
            if not own[[name for _, name in heads]].any(axis=None):
                continue
            ordered = own.sort_values(
                heads[-1 if self.found.method == "sobol" else 0][1], ascending=False, kind="stable"
            )
            figures = [_indices_of(row, heads) for _, row in ordered.iterrows()]
            every = [one for of_row in figures for one in of_row]
            form = self._amounts(measure, every) if self.found.method == "morris" else finer(Amounts(), every)
            lines = [
                Row(self.text(parameter), tuple(self._index(one, form) for one in of_row))
                for parameter, of_row in zip(ordered["parameter"], figures, strict=True)
            ]
            yield [head for head, _ in heads], Section(self.text(about), lines)

    def without_indices(self, measure: str) -> str:
        """What to say where a measure has no indices; "" where it has all."""
        rows = self.found.effects[self.found.effects["measure"] == measure]
        lacking = rows[rows[_HEADS[self.found.method][0][1]].isna()].drop_duplicates(["policy", "against"])
        if lacking.empty:
            return ""
        about = [
            policy if not isinstance(against, str) else f"{policy} {UNICODE.minus} {against}"
            for policy, against in zip(lacking["policy"], lacking["against"], strict=True)
        ]
        return self.text(f"{measure}: nothing can be said of {', '.join(about)}, {_WITHOUT[self.found.method]}")

    def _index(self, found: Found, form: Amounts) -> str:
        mean, half = found
        if mean is None or math.isnan(mean):
            return self.signs.dash
        return self.text(form.change(mean, half)).removeprefix("+")

    def _in_unit(self, measure: str) -> str:
        unit = unit_of(measure, self.found.scenario.currency)[0]
        return f", {unit}" if unit else ""

    def notes(self) -> Iterator[str]:
        """How sure it all is."""
        found, percent = self.found, f"{100 * self.found.confidence:.4g} %"
        if found.method != "one_at_a_time":
            yield _MEANS[found.method]
            yield self.text(f"± of {percent} bootstrap intervals: of the design, not of having drawn other customers.")
            return
        yield self.text(f"What moves a measure: ± of {percent} intervals, each by itself.")
        if found.conclusions:
            yield self.text(
                f"Differences of policies: ± holds in {percent} of such studies for a whole list of ends at once, "
                "as written and at both ends of every range (Bonferroni), so it is wider than in sim compare."
            )
        if any("about " in one.sentence for one in found.conclusions):
            yield "A value after 'about' lies on a straight line between as written and the end."
        if found.conclusions and found.replications < _FEW:
            yield self.text(
                f"Few replications make wide intervals: -n {2 * _FEW} would tell more than {found.replications}."
            )
        if len(found.ranges) > 1:
            yield "What two parameters do together is not seen; --method morris moves all at once."


def _open(one: Conclusion) -> str:
    """A conclusion that is none, in few words: the heading says the rest."""
    if one.difference.mean is None:
        return one.brief
    return f"{one.policy} {UNICODE.minus} {one.against} on {one.measure}: {difference(one, one.difference)}"


def _of_bars(moving: Sequence[Bar]) -> list[Found]:
    return [(bar.changes[end], _known(bar.half_widths[end])) for bar in moving for end in (0, 1)]


def _indices_of(row: Any, heads: Sequence[tuple[str, str]]) -> list[Found]:
    return [(float(row[name]), _known(float(row.get(f"{name}_half_width", math.nan)))) for _, name in heads]


def _known(half: float) -> float | None:
    return None if math.isnan(half) else half


def _sign_bar(share: float, half: int, signs: Signs) -> str:
    """A bar to the left of the axis for less, to the right for more; whatever is not nothing shows."""
    if math.isnan(share):
        return " " * half + "|"
    sign = "#" if signs is ASCII else signs.bars[-1]
    length = math.ceil(half * abs(share) - 1e-9)
    return right(sign * length, half) + "|" if share < 0 else " " * half + "|" + sign * length


def _ending(path: str, room: int, signs: Signs) -> str:
    """The path, or its end where it is too long: names of parameters differ at the end."""
    if width(path) <= room:
        return path
    kept = path
    while width(signs.more + kept) > room:
        kept = kept[1:]
    return signs.more + kept


def _each(replications: int) -> str:
    return "one replication of each" if replications == 1 else f"{replications} replications of each"


def _wrapped(text: str, columns: int, start: str = "") -> list[str]:
    """Lines of at most so many columns; those that continue one with a start, or an indent, are further in."""
    indent = " " * (len(start) + len(text) - len(text.lstrip()))
    first, *words = text.split()
    lines = [(start or indent) + first]
    for word in words:
        if width(f"{lines[-1]} {word}") <= columns:
            lines[-1] += f" {word}"
        else:
            lines.append(indent + word)
    return lines
