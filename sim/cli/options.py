"""What the commands ask in the same words: which policies, and shares in per cent."""

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
