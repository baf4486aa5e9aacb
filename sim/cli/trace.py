"""``sim trace``: one customer's story."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.cli import console
from sim.errors import InputError, did_you_mean, there_are

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.study.days import Day


@click.command(short_help="Tell one customer's story, event by event.")
@click.argument("file")
@click.option("--customer", type=click.IntRange(0), help="Number of the encounter, as in --log; else the first.")
@click.option("--policy", metavar="NAME", help="The policy; else the first of the file.")
@click.option("--seed", type=click.IntRange(0), help="Other luck than the file's seed.")
@click.option("--replication", type=click.IntRange(0), default=0, show_default=True, help="Which run, from 0.")
@click.option("--day", type=click.IntRange(0), help="Arrived on this day, from 0; else the first after the warm-up.")
def trace(
    file: str, customer: int | None, policy: str | None, seed: int | None, replication: int, day: int | None
) -> None:
    """Tell one customer's story: joined, waited, who served, each action hit or missed and why, what was thought.

    A customer keeps number and luck under every policy: run it twice and compare.
    """
    from sim.scenario import load
    from sim.show.story import story

    scenario = load(file)
    if policy is not None and policy not in scenario.policy_names:
        names = scenario.policy_names
        raise InputError(f"no policy '{policy}'{did_you_mean(policy, names)}; {there_are(names)}")
    name = policy or next(iter(scenario.policy_names), None)
    chosen = scenario if name is None else scenario.with_policy(name)
    lived, row = _found(chosen, scenario.seed if seed is None else seed, replication, customer, day)
    log = lived.log
    under = "" if name is None else f"policy {name}, "
    console.say(f"{scenario.name}, {under}seed {log.seed}, replication {replication}\n")
    console.say(story(log, row, lived.perception, encoding=console.encoding()))


def _found(scenario: Scenario, seed: int, replication: int, customer: int | None, day: int | None) -> tuple[Day, int]:
    """Simulate until the customer has left; return the day with the customer's row in its log."""
    import numpy as np

    from sim.flow.site import site_of
    from sim.study.days import days
    from sim.units import DAY_US

    site = site_of(scenario)
    first_us = site.warm_up_us if customer is None and day is None else 0
    best: tuple[int, Day, int] | None = None
    for lived in days(site, seed, replication):
        log = lived.log
        wanted = log.arrived_us >= first_us
        if customer is not None:
            wanted &= log.number == customer
        if day is not None:
            wanted &= log.arrived_us // DAY_US == day
        rows = np.flatnonzero(wanted)
        if len(rows):
            row = int(rows[np.argmin(log.number[rows])])
            if best is None or log.number[row] < best[0]:
                best = (int(log.number[row]), lived, row)
    if best is None:
        who = "no customer" if customer is None else f"no customer {customer}"
        raise InputError(f"{who}{'' if day is None else f' on day {day}'} in replication {replication}")
    return best[1], best[2]
