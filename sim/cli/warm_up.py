"""``sim warm-up``: is the warm-up of a steady-state scenario long enough?"""

from __future__ import annotations

import json

import click

from sim.cli import console
from sim.cli.run import levers_of, progress_bar


@click.command(name="warm-up", short_help="Judge the warm-up of a steady-state scenario.")
@click.argument("file")
@click.option("-n", "--replications", type=int, default=10, show_default=True, help="Pilot runs, at least 10.")
@click.option("--policy", metavar="NAME", help="This policy; else the first.")
@click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help="Change the scenario, as a lever does.")
@click.option("--seed", type=click.IntRange(0), help="Deal other luck than the file's seed does.")
@click.option("--jobs", type=click.IntRange(1), help="Worker processes; else as the work is worth.")
@click.option("--plot", metavar="FILE.png", help="Draw the course and the cuts into this file.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="Of what is printed.",
)
@click.option("--quiet", is_flag=True, help="No progress bar.")
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
    pilots. A run that follows the clock is looked at day by day and needs at least 50 days.
    """
    from sim.show.warm_up import json_object, said
    from sim.study.steady import warm_up as judge

    with progress_bar(shown=not quiet and console.shows_progress()) as progress:
        found = judge(file, policy, replications, seed, jobs, levers_of(settings), progress)
    if plot is not None:
        from sim.show.plot.warm_up import save

        save(found, plot)
    if form == "json":
        console.say(json.dumps(json_object(found), allow_nan=False))
    else:
        console.say(said(found, console.columns(), console.encoding()))
