"""``sim warm-up``: is the warm-up of a steady-state scenario long enough?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from sim.cli import console
from sim.cli.options import printing_options, simulation_options
from sim.cli.work import levers_of, progress_bar

if TYPE_CHECKING:
    from sim.study.steady import WarmUp


@click.command(name="warm-up", short_help="Judge the warm-up of a steady-state scenario.")
@click.argument("file")
@click.option("-n", "--replications", type=int, default=10, show_default=True, help="Pilot runs, at least 10.")
@click.option("--policy", metavar="NAME", help="This policy; else the first.")
@simulation_options()
@click.option("--plot", metavar="FILE.png", help="Draw the course and the cuts into this file.")
@printing_options(note="; csv: the course")
def warm_up(
    file: str,
    replications: int,
    policy: str | None,
    settings: tuple[str, ...],
    seed: int | None,
    jobs: int | None,
    plot: str | None,
    form: str,
    quiet: bool,
) -> None:
    """Run pilots of a steady-state scenario and suggest how much of the beginning to leave out.

    The cut is the later of what MSER-5 suggests for the number on site and for the waits, each averaged over the
    pilots. A run that follows the clock is looked at day by day and needs at least 50 days. Nothing is stored but the
    figure.
    """
    from sim.study.steady import warm_up as judge

    if plot is not None:
        from sim.show.plot.warm_up import check_path

        check_path(plot)
    with progress_bar(shown=not quiet and console.shows_progress()) as progress:
        found = judge(file, policy, replications, seed, jobs, levers_of(settings), progress)
    if plot is not None:
        from sim.show.plot.warm_up import save

        save(found, plot)
    console.say(_printed(found, form))


def _printed(found: WarmUp, form: str) -> str:
    from sim.show.warm_up import csv, json_object, markdown, said

    if form == "json":
        return json.dumps(json_object(found), allow_nan=False)
    if form == "csv":
        return csv(found)
    if form == "markdown":
        return markdown(found)
    return said(found, console.columns(), console.encoding())
