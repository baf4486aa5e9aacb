"""``sim run``: simulate a scenario and print what came out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from sim.cli import console
from sim.cli.exits import BUG, DONE, LIMIT_NOT_MET, SOME_FAILED
from sim.cli.options import policy_option, share

if TYPE_CHECKING:
    from sim.study.desk import Progress
    from sim.study.results.result import Result


@click.command(short_help="Simulate a scenario and print what came out.")
@click.argument("file")
@click.option("-n", "--replications", type=click.IntRange(1), help="Independent runs; else as the file says.")
@click.option("--precision", metavar="PERCENT", help="Run until waits are known to within this, e.g. 5%.")
@policy_option(added=False)
@click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help="Change the scenario, as a lever does.")
@click.option("--seed", type=click.IntRange(0), help="Deal other luck than the file's seed does.")
@click.option("--engine", default="auto", show_default=True, metavar="NAME", help="auto or simpy.")
@click.option("--jobs", type=click.IntRange(1), help="Worker processes; else as the work is worth.")
@click.option("--out", default="results", show_default=True, metavar="DIR", help="Folder of results.")
@click.option("--name", metavar="NAME", help="Name of the run's folder; else a hash of its content.")
@click.option("--no-save", is_flag=True, help="Print only, store nothing.")
@click.option("--log", is_flag=True, help="Store every encounter and visit too.")
@click.option(
    "--by", default="", metavar="WHAT", help="More rows: member, hour or member,hour (json and csv show them)."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "markdown"]),
    default="table",
    show_default=True,
    help="Of what is printed.",
)
@click.option("--quiet", is_flag=True, help="No progress bar, and no word on where results are.")
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


def levers_of(settings: tuple[str, ...]) -> dict[str, Any] | None:
    """Path and value of each ``--set``. InputError where one is no setting or given twice."""
    from sim.errors import InputError
    from sim.scenario import parse_setting

    levers: dict[str, Any] = {}
    for path, value in map(parse_setting, settings):
        if path in levers:
            raise InputError(f"--set {path} is given twice")
        levers[path] = value
    return levers or None


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


def told(result: Result, quiet: bool) -> int:
    """Say warnings, failures and where the results are; return the exit status."""
    for warning in result.warnings:
        console.warn(warning)
    for failure in result.failures.itertuples():
        console.complain(
            f"policy {failure.policy}, replication {failure.replication}, seed {failure.seed}: {failure.error}: "
            f"{failure.message}\n  again: {failure.command}"
        )
    if result.folder is not None and not quiet:
        console.tell(f"Results are in {result.folder}")
    if not len(result.failures):
        return DONE
    return BUG if (result.failures["error"] == "SelfCheckError").any() else SOME_FAILED


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


@contextmanager
def progress_bar(*, shown: bool) -> Iterator[Progress | None]:
    """Show a bar on standard error once replications come in; rich itself obeys NO_COLOR."""
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)

    def moved(done: int, asked: int) -> None:
        bar.start()  # again and again does no harm
        bar.update(task, completed=done, total=asked)

    try:
        yield moved
    finally:
        if bar.live.is_started:
            bar.stop()
