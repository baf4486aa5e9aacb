"""``sim select``: choose the best policy with a guarantee, or the cheapest that keeps every limit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from sim.cli import console
from sim.cli.exits import BUG, LIMIT_NOT_MET
from sim.cli.options import policy_option, printing_options, share, simulation_options
from sim.cli.work import levers_of, progress_bar, told_failures

if TYPE_CHECKING:
    from sim.study.selection.selection import Selection


@click.command(short_help="Choose the best policy, or the cheapest within limits, with a guarantee.")
@click.argument("file")
@click.option(
    "--measure", metavar="MEASURE", help="Choose the best by this, e.g. satisfaction or wait_p90[stage=desk]."
)
@click.option("--best", type=click.Choice(["high", "low"]), help="Which end is best; else as the measure is meant.")
@click.option("--delta", metavar="SIZE", help="A difference that would not matter, e.g. 0.1, '30 s' or 2%.")
@click.option("--limit", "limits", multiple=True, metavar="LIMIT", help="Keep it at the least cost; may be repeated.")
@click.option(
    "--cost", "costs", multiple=True, metavar="MEASURE", help="Counts as cost; else staff, training and management."
)
@policy_option()
@click.option(
    "--confidence", default="95%", show_default=True, metavar="PERCENT", help="Of all that is found, together."
)
@click.option(
    "--method", type=click.Choice(["kn", "rinott", "ocba"]), help="By a measure: kn unless you say otherwise."
)
@click.option(
    "--first", type=click.IntRange(5), metavar="N", help="Replications before a first look; else 20, with limits 40."
)
@click.option("--at-most", type=click.IntRange(1), metavar="N", help="Budget in all; else 500 for each policy.")
@simulation_options()
@printing_options()
def select(
    file: str,
    measure: str | None,
    best: str | None,
    delta: str | None,
    limits: tuple[str, ...],
    costs: tuple[str, ...],
    policies: tuple[str, ...],
    confidence: str,
    method: str | None,
    first: int | None,
    at_most: int | None,
    settings: tuple[str, ...],
    seed: int | None,
    jobs: int | None,
    form: str,
    quiet: bool,
) -> int:
    """Choose a policy, adding replications until it is clear which one. Nothing is stored.

    \b
    The best by a measure:
      sim select hotel.yaml --measure satisfaction --delta 0.1
    The cheapest that keeps every limit (absent, those under `accept:` in the file):
      sim select hotel.yaml --limit "wait_p90 < 10 min" --limit "satisfaction > 5.5 in 90%"

    Exit status 4: no policy keeps every limit, or the budget did not decide it.
    """
    from sim.study.selection.choose import select as chosen

    with progress_bar(shown=not quiet and console.shows_progress()) as progress:
        selection = chosen(
            file,
            measure=measure,
            best=best,  # type: ignore[arg-type]
            delta=delta,
            limits=limits or None,
            cost=costs or None,
            policies=policies or None,
            confidence=share(confidence, "--confidence"),
            method=method,  # type: ignore[arg-type]
            first=first,
            at_most=at_most,
            seed=seed,
            jobs=jobs,
            levers=levers_of(settings),
            progress=progress,
        )
    console.say(_printed(selection, form))
    return _told(selection, form)


def _printed(selection: Selection, form: str) -> str:
    if form == "json":
        return json.dumps(selection.to_json_object(), allow_nan=False)
    if form == "csv":
        frame = selection.limits if len(selection.limits) else selection.table
        if len(selection.limits):
            frame = selection.table.merge(selection.limits.drop(columns="n"), on="policy")
        return str(frame.to_csv(index=False, lineterminator="\n"))
    if form == "markdown":
        from sim.show.selection import markdown_table

        return markdown_table(selection)
    from sim.show.selection import table

    return table(selection, columns=console.columns(), encoding=console.encoding())


def _told(selection: Selection, form: str) -> int:
    """Say warnings, failures and, where the table does not, the verdict; return the exit status."""
    status = told_failures(selection.warnings, selection.failures)
    if selection.best is None and form in ("json", "csv"):
        console.tell(selection.verdict)
    undecided = selection.best is None and status != BUG
    return LIMIT_NOT_MET if undecided else status
