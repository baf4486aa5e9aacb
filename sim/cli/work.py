"""What commands that simulate have in common: settings are read, progress is shown, and it is told how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sim.cli import console
from sim.cli.exits import BUG, DONE, SOME_FAILED

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.desk import Progress
    from sim.study.results.result import Result


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


def told(result: Result, quiet: bool) -> int:
    """Say warnings, failures and where the results are; return the exit status."""
    status = told_failures(result.warnings, result.failures)
    if result.folder is not None and not quiet:
        console.tell(f"Results are in {result.folder}")
    return status


def told_failures(warnings: Sequence[str], failures: pd.DataFrame) -> int:
    """Say warnings, and each failure with the command that repeats it; return the exit status that follows."""
    for warning in warnings:
        console.warn(warning)
    for failure in failures.itertuples():
        console.complain(
            f"policy {failure.policy}, replication {failure.replication}, seed {failure.seed}: {failure.error}: "
            f"{failure.message}\n  again: {failure.command}"
        )
    if not len(failures):
        return DONE
    return BUG if (failures["error"] == "SelfCheckError").any() else SOME_FAILED


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
