"""``sim sensitivity``: which of the assumed parameters matter, and which conclusions change within their ranges."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from sim.cli import console
from sim.cli.options import policy_option, printing_options, share, simulation_options
from sim.cli.work import levers_of, progress_bar, told_failures

if TYPE_CHECKING:
    from sim.study.sensitivity.sensitivity import Plan, Sensitivity


@click.command(short_help="Say which uncertain parameters matter, and which conclusions they change.")
@click.argument("file")
@click.option(
    "--measure", "measures", multiple=True, metavar="MEASURE", help="E.g. wait_p90[stage=desk]; may be repeated."
)
@policy_option(baseline=True)
@click.option(
    "--range",
    "ranges",
    multiple=True,
    metavar="PATH=LOW..HIGH",
    help="Move this parameter, in place of those in the file; may be repeated.",
)
@click.option(
    "--method",
    type=click.Choice(["one_at_a_time", "morris", "sobol"]),
    default="one_at_a_time",
    show_default=True,
    help="How parameters are moved; the last two move all at once.",
)
@click.option("--size", type=click.IntRange(2), help="Of Morris's or Sobol's design; else 10 and 64.")
@click.option("-n", "--replications", type=click.IntRange(1), help="Runs of each case; else as the file says.")
@click.option("--confidence", default="95%", show_default=True, metavar="PERCENT", help="Of what is said.")
@simulation_options("every case")
@printing_options(quiet="No progress bar, and no word on how many runs it takes.")
def sensitivity(
    file: str,
    measures: tuple[str, ...],
    policies: tuple[str, ...],
    ranges: tuple[str, ...],
    method: Any,
    size: int | None,
    replications: int | None,
    confidence: str,
    settings: tuple[str, ...],
    seed: int | None,
    jobs: int | None,
    form: str,
    quiet: bool,
) -> int:
    """Move each parameter of the file's ``uncertain:`` to both ends of its range, under every policy.

    Prints which comparisons of policies change, where, and how much each parameter moves each measure. Nothing is
    stored.
    """
    from sim.study.sensitivity.sensitivity import planned

    plan = planned(
        file,
        measures=measures or None,
        policies=policies or None,
        method=method,
        replications=replications,
        ranges=_ranges(ranges),
        seed=seed,
        levers=levers_of(settings),
        confidence=share(confidence, "--confidence"),
        size=size,
    )
    if not quiet:
        console.tell(_announced(plan))
    with progress_bar(shown=not quiet and console.shows_progress()) as progress:
        found = plan.carried_out(jobs, progress)
    if len(found.failures) < found.runs:
        console.say(_printed(found, form))
    return told_failures(found.warnings, found.failures)


def _ranges(texts: tuple[str, ...]) -> dict[str, tuple[Any, Any]] | None:
    from sim.errors import InputError
    from sim.study.sensitivity.ranges import range_of

    found: dict[str, tuple[Any, Any]] = {}
    for path, ends in map(range_of, texts):
        if path in found:
            raise InputError(f"--range {path} is given twice")
        found[path] = ends
    return found or None


def _announced(plan: Plan) -> str:
    policies = f"{len(plan.nominal)} policies" if len(plan.nominal) > 1 else "one policy"
    moved = f"{len(plan.ranges)} parameters" if len(plan.ranges) > 1 else "one parameter"
    return f"{plan.runs} runs: {moved} under {policies} make {len(plan.cases)} cases, {plan.replications} runs of each"


def _printed(found: Sensitivity, form: str) -> str:
    if form == "json":
        return json.dumps(found.to_json_object(), allow_nan=False)
    if form == "csv":
        return str(found.effects.to_csv(index=False, lineterminator="\n"))
    if form == "markdown":
        from sim.show.sensitivity import markdown_table

        return markdown_table(found)
    from sim.show.sensitivity import table

    return table(found, columns=console.columns(), encoding=console.encoding())
