"""What the commands ask in the same words: which policies, what is set, where it is kept, what is printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

_EXAMPLE = '"fast: staff.clerk.pace=1.1; staff.clerk.count=3"'


def policy_option(*, baseline: bool = False, added: bool = True) -> Callable[[Any], Any]:
    """``--policy``, in the same sentence for every command.

    ``baseline``: the first of the file comes along unasked. ``added``: those written out join all of the file's where
    none of these is named; else they are simulated alone.
    """
    others = " and the baseline" if baseline else ""
    alone = " (such alone join all of the file's)" if added else ""
    says = f"Only this policy{others}, or one written out: {_EXAMPLE}{alone}; may be repeated."
    return click.option("--policy", "policies", multiple=True, metavar="NAME", help=says)


FORMATS = ("table", "json", "csv", "markdown")


def printing_options(quiet: str = "No progress bar.", note: str = "") -> Callable[[Any], Any]:
    """``--format`` and ``--quiet``: what is printed, and what is not said beside it."""
    form = click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default=FORMATS[0],
        show_default=True,
        help=f"Of what is printed{note}.",
    )
    return lambda command: form(click.option("--quiet", is_flag=True, help=quiet)(command))


def simulation_options(what: str = "the scenario") -> Callable[[Any], Any]:
    """``--set``, ``--seed`` and ``--jobs``: what every command that simulates can be told."""
    options = (
        click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help=f"Change {what}, as a lever does."),
        click.option("--seed", type=click.IntRange(0), help="Deal other luck than the file's seed does."),
        click.option("--jobs", type=click.IntRange(1), help="Worker processes; else as the work is worth."),
    )
    return lambda command: _with(options, command)


def storing_options() -> Callable[[Any], Any]:
    """``--out``, ``--name`` and ``--no-save``: where a run is kept."""
    options = (
        click.option("--out", default="results", show_default=True, metavar="DIR", help="Folder of results."),
        click.option("--name", metavar="NAME", help="Name of the run's folder; else a hash of its content."),
        click.option("--no-save", is_flag=True, help="Print only, store nothing."),
    )
    return lambda command: _with(options, command)


def _with(options: tuple[Callable[[Any], Any], ...], command: Any) -> Any:
    """The command with the options, in their order in its help."""
    for option in reversed(options):
        command = option(command)
    return command


def share(text: str, what: str, above: float = 0.5) -> float:
    """A share of ``95%``, ``0.95`` or ``95``: a bare number from 1 on is per cent.

    InputError, naming ``what``, where it is none between ``above`` and 1.
    """
    from sim.errors import InputError

    number = text.strip().removesuffix("%").strip()
    try:
        value = float(number) / (100 if number != text.strip() or float(number) >= 1 else 1)
    except ValueError:
        value = 0.0
    if not above < value < 1:
        raise InputError(
            f"{what}: '{text}' will not do; write a share between {above:.0%} and 100%, for example "
            f"{'95%' if above else '5%'}"
        )
    return value
