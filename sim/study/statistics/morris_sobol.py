"""How much of an outcome's variation each parameter brings, over all of their ranges at once: Morris and Sobol.

The designs and indices are SALib's (Herman and Usher 2017); parameters run from 0 to 1, evenly and each by itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError

Method = Literal["morris", "sobol"]
Floats = NDArray[np.float64]

LEVELS = 4
USUAL_SIZE: dict[Method, int] = {"morris": 10, "sobol": 64}
"""Trajectories of Morris's method; base points of Sobol's, a power of 2."""
COLUMNS: dict[Method, tuple[str, ...]] = {
    "morris": ("mu_star", "mu_star_half_width", "mu", "sigma"),
    "sobol": ("s1", "s1_half_width", "st", "st_half_width"),
}
_RESAMPLES = 500
_NOISE = 1e-12  # of the largest response: what floating point leaves where all changes are alike
INSTALL = "pip install 'service-encounter-sim[sensitivity]'"


def design(method: Method, parameters: int, size: int, seed: int) -> Floats:
    """Points to look at, one row each, a column per parameter; rows: size × (parameters + 1), or + 2 for Sobol.

    InputError: a size that the method cannot use, or SALib is not installed.
    """
    if size < 2 or (method == "sobol" and size & (size - 1)):
        due = "trajectories of Morris's method are" if method == "morris" else "points of Sobol's method are a power of"
        raise InputError(f"size {size} will not do; {due} {'at least 2' if method == 'morris' else '2'}")
    morris, sobol = _salib("sample")
    problem = _problem(parameters)
    if method == "morris":
        points = morris.sample(problem, size, num_levels=LEVELS, seed=_seed(seed))
    else:
        points = sobol.sample(problem, size, calc_second_order=False, seed=_seed(seed))
    return np.asarray(points, float)


def indices(
    method: Method, points: Floats, responses: Sequence[float], seed: int, confidence: float
) -> list[tuple[float, ...]]:
    """By parameter, the numbers named in `COLUMNS`; half-widths are of bootstrap intervals.

    Morris: mean size of the change that the whole range brings (mu_star), its mean with the sign (mu) and its spread
    (sigma: interplay with other parameters, or a bent response). Sobol: share of the variance that the parameter
    brings alone (s1) and with all interplay (st). NaN where a response is undefined, and for Sobol where nothing
    varies.
    """
    parameters, values = points.shape[1], np.asarray(responses, float)
    if np.isnan(values).any() or (method == "sobol" and np.ptp(values) == 0.0):
        return [(math.nan,) * len(COLUMNS[method])] * parameters
    morris, sobol = _salib("analyze")
    problem, options = _problem(parameters), {"num_resamples": _RESAMPLES, "conf_level": confidence}
    if method == "morris":
        found = morris.analyze(problem, points, values, num_levels=LEVELS, seed=_seed(seed), **options)
        names: tuple[str, ...] = ("mu_star", "mu_star_conf", "mu", "sigma")
    else:
        found = sobol.analyze(problem, values, calc_second_order=False, seed=_seed(seed), **options)
        names = ("S1", "S1_conf", "ST", "ST_conf")
    least = _NOISE * (float(np.abs(values).max()) if method == "morris" else 1.0)
    by_parameter = [[float(found[name][place]) for name in names] for place in range(parameters)]
    return [tuple(0.0 if abs(one) <= least else one for one in row) for row in by_parameter]


def _problem(parameters: int) -> dict[str, Any]:
    return {
        "num_vars": parameters,
        "names": [f"p{place}" for place in range(parameters)],
        "bounds": [[0.0, 1.0]] * parameters,
    }


def _seed(seed: int) -> int:
    return seed % (2**31 - 1) + 1  # SALib takes a seed of 0 for none


def _salib(part: str) -> tuple[Any, Any]:
    """SALib's modules of both methods; a second's import, so only when it is asked for."""
    from importlib import import_module

    try:
        return import_module(f"SALib.{part}.morris"), import_module(f"SALib.{part}.sobol")
    except ImportError:
        raise InputError(f"Morris and Sobol are computed by SALib, which is not installed: {INSTALL}") from None
