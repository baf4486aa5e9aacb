"""``sim compare``: what each policy changes against the baseline, how surely, and at what cost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from sim.cli import console
from sim.cli.options import policy_option, printing_options, share, simulation_options, storing_options
from sim.cli.work import levers_of, progress_bar, told

if TYPE_CHECKING:
    from sim.study.comparison.comparison import Comparison


@click.command(short_help="Compare every policy with the baseline, on the same customers.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--measure", "measures", multiple=True, metavar="MEASURE", help="E.g. wait_p90[stage=desk]; may be repeated."
)
@policy_option(baseline=True)
@click.option("-n", "--replications", type=click.IntRange(2), help="Independent runs; else as the file says.")
@click.option(
    "--precision",
    multiple=True,
    metavar="PERCENT",
    help="Run until differences are known to 5% of the baseline, or to MEASURE=WIDTH, e.g. satisfaction=0.05.",
)
@click.option("--at-most", type=click.IntRange(2), help="Replications that --precision may take; else 500.")
@click.option("--confidence", default="95%", show_default=True, metavar="PERCENT", help="Of every interval.")
@click.option("--unadjusted", is_flag=True, help="Do not adjust for the number of comparisons.")
@click.option("--simultaneous", is_flag=True, help="Print the wider intervals, which hold all at once.")
@click.option("--all-pairs", is_flag=True, help="Compare each policy with each, not with the baseline alone.")
@click.option("--why", is_flag=True, help="Take each change of the customer gap apart: by cause, stage and action.")
@simulation_options("every policy")
@storing_options()
@printing_options(quiet="No progress bar, and no word on where results are.")
def compare(
    files: tuple[str, ...],
    measures: tuple[str, ...],
    policies: tuple[str, ...],
    replications: int | None,
    precision: tuple[str, ...],
    at_most: int | None,
    confidence: str,
    unadjusted: bool,
    simultaneous: bool,
    all_pairs: bool,
    why: bool,
    settings: tuple[str, ...],
    seed: int | None,
    jobs: int | None,
    out: str,
    name: str | None,
    no_save: bool,
    form: str,
    quiet: bool,
) -> int:
    """Simulate every policy of a scenario with the same customers and compare each with the first.

    Several files are compared each under its first policy. The folder of a stored run is compared as it is.
    """
    from sim.errors import InputError
    from sim.study.comparison.compare import compare as compared

    if no_save and name:
        raise InputError("--no-save stores nothing, so it cannot go with --name")
    with progress_bar(shown=not quiet and console.shows_progress()) as progress:
        found = compared(
            *files,
            policies=policies or None,
            measures=measures or None,
            replications=replications,
            precision=_precision(precision),
            at_most=at_most,
            confidence=share(confidence, "--confidence"),
            adjust="none" if unadjusted else "holm",
            pairs="all" if all_pairs else "baseline",
            levers=levers_of(settings),
            seed=seed,
            jobs=jobs,
            out=None if no_save else out,
            name=name,
            progress=progress,
        )
    console.say(_printed(found, form, why, simultaneous))
    return told(found.result, quiet)


def _precision(wishes: tuple[str, ...]) -> float | dict[str, Any] | None:
    """One width for all measures, or one by measure: ``wait_mean[stage=desk]=20 s`` is split at its last sign."""
    from sim.errors import InputError

    if not wishes:
        return None
    if len(wishes) == 1 and "=" not in wishes[0]:
        return share(wishes[0], "--precision", above=0.0)
    split = {measure.strip(): width.strip() for measure, _, width in (wish.rpartition("=") for wish in wishes)}
    if "" in split or len(split) < len(wishes):
        raise InputError('--precision: one width such as 5%, or widths by measure, each once: "satisfaction=0.05"')
    return split


def _printed(found: Comparison, form: str, why: bool, together: bool) -> str:
    if form == "json":
        return json.dumps(found.to_json_object(), allow_nan=False)
    if form == "csv":
        return str(found.table.to_csv(index=False, lineterminator="\n"))
    if form == "markdown":
        from sim.show.comparison import markdown_table

        return markdown_table(found, why=why, together=together)
    from sim.show.comparison import table

    return table(found, columns=console.columns(), encoding=console.encoding(), why=why, together=together)
