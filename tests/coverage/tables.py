"""All experiments, by the name that the page calls them."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

from . import beginnings, differences, engine, families, means, pairing, quantiles, searches, selection
from .row import Row, Table

KERNELS = {
    "first": Table(means.HEAD, means.FIGURES, means.first_customers),
    "long_run": Table(means.HEAD, means.FIGURES, means.long_run),
    "erlang_a": Table(means.HEAD, means.FIGURES, means.erlang_a),
    "lapses": Table(means.HEAD, means.FIGURES, means.lapses),
    "differences": Table(differences.HEAD, differences.FIGURES, differences.make),
    "searches": Table(searches.HEAD, searches.FIGURES, searches.make),
    "families": Table(families.HEAD, families.FIGURES, families.make),
    "selection": Table(selection.HEAD, selection.FIGURES, selection.make),
    "beginnings": Table(beginnings.BIAS_HEAD, beginnings.BIAS_FIGURES, beginnings.bias),
    "batches": Table(beginnings.BATCH_HEAD, beginnings.BATCH_FIGURES, beginnings.batches),
    "quantiles": Table(quantiles.HEAD, quantiles.FIGURES, quantiles.make),
}
"""Numbers alone: NumPy and the program's statistics."""
SIMULATED = {
    "engine": Table(engine.HEAD, engine.FIGURES, engine.make, engine.STUDIES),
    "pairing": Table(pairing.HEAD, pairing.FIGURES, pairing.make, pairing.REPLICATIONS),
}
"""Through the whole program; these spread over the processors by themselves."""
TABLES = KERNELS | SIMULATED


def made(name: str, tries: int | None = None) -> list[Row]:
    """The rows of a table; the figures of the page, or with fewer `tries`."""
    table = TABLES[name]
    return table.make(table.tries if tries is None else tries)


def all_made() -> dict[str, list[Row]]:
    """Every table as the page prints it: some minutes on four processors."""
    with ProcessPoolExecutor() as pool:
        numbers = dict(zip(KERNELS, pool.map(made, KERNELS), strict=True))
    return numbers | {name: made(name) for name in SIMULATED}
