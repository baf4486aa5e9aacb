"""``sim run``: simulate a scenario and print what came out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from sim.cli import console
from sim.cli.exits import DONE, LIMIT_NOT_MET
from sim.cli.options import policy_option, printing_options, share, simulation_options, storing_options
from sim.cli.work import levers_of, progress_bar, told

if TYPE_CHECKING:
    from sim.study.results.result import Result


@click.command(short_help="Simulate a scenario and print what came out.")
@click.argument("file")
@click.option("-n", "--replications", type=click.IntRange(1), help="Independent runs; else as the file says.")
@click.option("--precision", metavar="PERCENT", help="Run until waits are known to within this, e.g. 5%.")
@policy_option(added=False)
@click.option("--engine", default="auto", show_default=True, metavar="NAME", help="auto or simpy.")
@simulation_options()
@storing_options()
@click.option("--log", is_flag=True, help="Store every encounter and visit too.")
@click.option(
    "--by", default="", metavar="WHAT", help="More rows: member, hour or member,hour (json and csv show them)."
)
@printing_options(quiet="No progress bar, and no word on where results are.")
def run(
    file: str,
    replications: int | None,
    precision: str | None,
    policies: tuple[str, ...],
    settings: tuple[str, ...],
    seed: int | None,
    engine: str,
    jobs: int | None,
    out: str,
    name: str | None,
    no_save: bool,
    log: bool,
    by: str,
    form: str,
    quiet: bool,
) -> int:
    """Simulate a scenario under all its policies; print the service and what it led to.

    Every figure is a mean over replications with its 95 % half-width. Policies meet the same customers.
    """
    from sim.errors import InputError
    from sim.study.replicate import run as simulate

    if no_save and (log or name):
        raise InputError("--no-save stores nothing, so it cannot go with --log or --name")
    with progress_bar(shown=not quiet and console.shows_progress()) as progress:
        result = simulate(
            file,
            policies=policies or "all",
            replications=replications,
            precision=None if precision is None else share(precision, "--precision", above=0.0),
            seed=seed,
            jobs=jobs,
            engine=engine,
            by=tuple(part.strip() for part in by.split(",") if part.strip()),
            log=log,
            out=None if no_save else out,
            name=name,
            progress=progress,
            levers=levers_of(settings),
        )
    printed = len(result.failures) < result.replications * len(result.policies)
    if printed:
        console.say(_printed(result, form))
    status = told(result, quiet)
    limits = _judged(result, shown=printed and form == "table")
    return status if status != DONE else limits


def _printed(result: Result, form: str) -> str:
    if form == "json":
        return json.dumps(result.to_json_object(), allow_nan=False)
    if form == "csv":
        return str(result.summary().to_csv(index=False, lineterminator="\n"))
    if form == "markdown":
        from sim.show.table import markdown_table

        return markdown_table(result)
    from sim.show.table import table

    return table(result, columns=console.columns(), encoding=console.encoding())


def _judged(result: Result, shown: bool) -> int:
    """Say that limits of the scenario are not met, which, unless the table has ``shown`` it; return the status."""
    if not result.scenario.accept:
        return DONE
    from sim.show.acceptance import not_met

    found = result.acceptance()
    if (found["verdict"] == "met").all():
        return DONE
    console.tell(not_met(found, shown))
    return LIMIT_NOT_MET
