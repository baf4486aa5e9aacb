"""Quantiles of the gamma and beta laws: Taylor polynomials on fixed cells of the probability.

Both are Pearson laws: their quantile x(p) obeys A(x)·x'' = x'²·(B·x − C), so that one accurate point gives
the whole series (Steinbrecher and Shaw 2008, "Quantile mechanics"). The tail probability t = min(p, 1 − p) is
cut into sixteen cells to each halving; in a cell the quantile is a polynomial of degree 12 in the mantissa of
t.

A value depends on its cell alone, however it is asked for: so a law may keep its cells in a table, and the
bits stay. Within a cell the steps between neighbouring numbers p are far wider than the rounding of the
polynomial, and where two cells meet the value stops at the neighbour's: so a quantile never decreases in p.

As in ``solve``, a beta law with ``b`` = inf stands for the gamma law of shape ``a``.
"""

import math
from typing import Any

import numpy as np

from .elementary import FloatArray
from .normal import normal_quantile, normal_quantile_array
from .solve import log_error, point, point_array, solve, solve_array

DEGREE = 12
_HALF_WIDTH = 1.0 / 64.0  # of a cell, on the scale of the mantissa, which is in [½, 1)
_OCTAVES = 53  # a table holds the tails down to 2**-54: every uniform number of the streams
_HALF = 16 * _OCTAVES  # cells in one half of a table
_TABLE_PAYS = 48  # values from which on making a table is quicker than making their cells
_CLEAR = 1e-9  # cells differ by far less where they meet: this far from there the neighbour need not be asked
_NORMAL_SHAPE = 1e5  # from this shape on five correction terms to the normal law are exact to 1e-13


def _series(x: Any, slope: Any, rest: Any, curve: float, b: float, c: float) -> Any:
    """Coefficients 1 to 12 of x(t)/x₀ around a cell's centre, for numbers or arrays alike.

    ``slope`` is x'/x₀; A(x) = x − curve·x², and ``rest`` = 1 − curve·x₀ is given because it may be tiny.
    """
    ratio = [slope * 0.0 + 1.0, slope]
    rate = [slope]  # derivative of ratio
    rate_square = [slope * slope]
    for k in range(DEGREE - 1):
        right = rate_square[k] * (b * x - c)
        for i in range(k):
            right = right + rate_square[i] * (b * x * ratio[k - i])
        for i in range(1, k + 1):
            a_i = ratio[i] - curve * x * _product_term(ratio, i)
            right = right - a_i * ((k + 1.0 - i) * rate[k + 1 - i])
        rate.append(right / (rest * (k + 1.0)))
        ratio.append(rate[k + 1] / (k + 2.0))
        rate_square.append(_product_term(rate, k + 1))
    return ratio


def _product_term(f: Any, k: int) -> Any:
    """Coefficient k of the square of the series ``f``."""
    total = f[0] * f[k]
    for i in range(1, k + 1):
        total = total + f[i] * f[k - i]
    return total


def _polynomial(cell: Any, h: Any) -> Any:
    value = cell[DEGREE]
    for k in range(DEGREE - 1, -1, -1):
        value = cell[k] + h * value
    return value


def _pearson(a: float, b: float) -> tuple[float, float, float]:
    """``curve``, B and C of the law's equation."""
    return (0.0, 1.0, a - 1.0) if b == math.inf else (1.0, a + b - 2.0, a - 1.0)


def _cell(number: int, exponent: int, upper: bool, a: float, b: float) -> Any:
    """Coefficients 0 to 12 of cell ``number`` (16..31) of the tails in [2**(exponent − 1), 2**exponent)."""
    error = log_error(a, b)
    width = math.ldexp(1.0, exponent)
    v = solve((number + 0.5) / 32.0 * width, upper, a, b, error)
    x, rest, mass = point(v, a, b, error)
    curve, big_b, c = _pearson(a, b)
    ratio = _series(x, (-width if upper else width) / mass * rest, rest, curve, big_b, c)
    return [x * r for r in ratio]


def _half_table(upper: bool, a: float, b: float) -> FloatArray:
    """(13, 848): the cells of one half, from the median outward."""
    error = log_error(a, b)
    width = np.ldexp(1.0, np.repeat(-1 - np.arange(_OCTAVES), 16).astype(np.int32))
    t = np.tile((31.5 - np.arange(16)) / 32.0, _OCTAVES) * width
    x, rest, mass = point_array(solve_array(t, upper, a, b, error), a, b, error)
    curve, big_b, c = _pearson(a, b)
    ratio = _series(x, (-width if upper else width) / mass * rest, rest, curve, big_b, c)
    return np.array([x * r for r in ratio])


def _table(a: float, b: float) -> FloatArray:
    """(14, 1696): all cells of a law, lower half then upper; the last row is where the neighbour begins."""
    out = np.empty((DEGREE + 2, 2 * _HALF))
    for upper, start in ((False, 0), (True, _HALF)):
        half = out[:, start : start + _HALF]
        half[:-1] = _half_table(upper, a, b)
        half[-1, 1:] = _polynomial(half, -_HALF_WIDTH)[:-1]
    out[-1, _HALF] = -math.inf
    out[-1, 0] = _polynomial(out[:, _HALF], _HALF_WIDTH)
    return out


def _edge(number: int, exponent: int, upper: bool, a: float, b: float) -> float:
    """The value at which the cell nearer to the median begins; the upper half gives the median itself."""
    if exponent == -1 and number == 31:
        return -math.inf if upper else float(_polynomial(_cell(31, -1, True, a, b), _HALF_WIDTH))
    if number == 31:
        return float(_polynomial(_cell(16, exponent + 1, upper, a, b), -_HALF_WIDTH))
    return float(_polynomial(_cell(number + 1, exponent, upper, a, b), -_HALF_WIDTH))


def _place(t: float) -> tuple[int, int, float]:
    """Cell number, exponent and distance from the centre of a tail in (0, ½]."""
    mantissa, exponent = math.frexp(t)
    if exponent == 0:  # t is just ½: the right edge of the last cell
        mantissa, exponent = 1.0, -1
    number = min(int(mantissa * 32.0), 31)
    return number, exponent, mantissa - (number + 0.5) / 32.0


def _quantile(p: float, a: float, b: float) -> float:
    upper = p >= 0.5
    number, exponent, h = _place(1.0 - p if upper else p)
    cell = _cell(number, exponent, upper, a, b)
    value = float(_polynomial(cell, h))
    if abs(_polynomial(cell, _HALF_WIDTH) - value) > _CLEAR * value:
        return value
    edge = _edge(number, exponent, upper, a, b)
    return max(value, edge) if upper else min(value, edge)


def table_quantile(p: float, table: FloatArray) -> float:
    """Quantile at one p in [2**-54, 1 − 2**-53] from a law's table: the bits of the law's own function."""
    upper = p >= 0.5
    number, exponent, h = _place(1.0 - p if upper else p)
    cell: list[float] = table[:, (_HALF if upper else 0) + 16 * (-1 - exponent) + 31 - number].tolist()
    value = float(_polynomial(cell, h))
    return max(value, cell[-1]) if upper else min(value, cell[-1])


def _table_block(p: FloatArray, table: FloatArray) -> FloatArray:
    upper = p >= 0.5
    mantissa, exponent = np.frexp(np.where(upper, 1.0 - p, p))
    half = exponent == 0
    if half.any():
        mantissa, exponent = np.where(half, 1.0, mantissa), np.where(half, -1, exponent)
    number = np.minimum((mantissa * 32.0).astype(np.int64), 31)
    at = upper * _HALF + 16 * (-1 - exponent.astype(np.int64)) + 31 - number
    h = mantissa - (number + 0.5) / 32.0
    value: FloatArray = table[DEGREE].take(at)
    for k in range(DEGREE - 1, -1, -1):
        value *= h
        value += table[k].take(at)
    edge: FloatArray = table[-1].take(at)
    return np.where(upper, np.maximum(value, edge), np.minimum(value, edge))


def table_quantile_array(p: FloatArray, table: FloatArray) -> FloatArray:
    """``table_quantile`` of each element, the same bits."""
    flat, out = p.ravel(), np.empty(p.size)
    for start in range(0, flat.size, 8192):
        out[start : start + 8192] = _table_block(flat[start : start + 8192], table)
    return out.reshape(p.shape)


def _nearly_normal(z: Any, shape: float) -> Any:
    """The gamma quantile at the normal quantile z, for shapes above 1e5 (Cornish and Fisher 1937)."""
    s = z * z
    root = 1.0 / math.sqrt(shape)
    fifth = z * (9.0 * s * s + 256.0 * s - 433.0) / 38880.0
    tail = (s - 7.0) * z / 36.0 + root * (-(3.0 * s * s + 7.0 * s - 16.0) / 810.0 + root * fifth)
    return shape * (1.0 + root * (z + root * ((s - 1.0) / 3.0 + root * tail)))


def gamma_quantile(p: float, shape: float) -> float:
    """The value a gamma number of this shape and scale 1 stays below with probability ``p``.

    Relative error below 1e-12 for shapes from 0.05 and p from 1e-15 to 1 − 2**-53, non-decreasing in p; 0
    where the value is below 1e-304.
    """
    if not 0.0 < p < 1.0:
        return 0.0 if p == 0.0 else (math.inf if p == 1.0 else math.nan)
    if shape > _NORMAL_SHAPE:
        return float(_nearly_normal(normal_quantile(p), shape))
    return _quantile(p, shape, math.inf)


def beta_quantile(p: float, a: float, b: float) -> float:
    """The share a beta number stays below with probability ``p``; as accurate as ``gamma_quantile``."""
    if not 0.0 < p < 1.0:
        return p if p in (0.0, 1.0) else math.nan
    return _quantile(p, a, b)


def gamma_table(shape: float) -> FloatArray:
    """What ``table_quantile`` reads for a gamma law of this shape, in [0.05, 1e5]."""
    return _table(shape, math.inf)


def beta_table(a: float, b: float) -> FloatArray:
    """What ``table_quantile`` reads for a beta law."""
    return _table(a, b)


def gamma_quantile_array(p: FloatArray, shape: float) -> FloatArray:
    """``gamma_quantile`` of each element, the same bits."""
    p = np.asarray(p, dtype=np.float64)
    if shape > _NORMAL_SHAPE:
        if _inside(p):
            return np.asarray(_nearly_normal(normal_quantile_array(p), shape))
        return np.array([gamma_quantile(x, shape) for x in p.ravel().tolist()]).reshape(p.shape)
    return _quantile_array(p, shape, math.inf)


def beta_quantile_array(p: FloatArray, a: float, b: float) -> FloatArray:
    """``beta_quantile`` of each element, the same bits."""
    return _quantile_array(np.asarray(p, dtype=np.float64), a, b)


def _inside(p: FloatArray) -> bool:
    return p.size == 0 or bool(p.min() >= 2.0**-54 and p.max() <= 1.0 - 2.0**-53)


def _one(p: float, a: float, b: float) -> float:
    return gamma_quantile(p, a) if b == math.inf else beta_quantile(p, a, b)


def _quantile_array(p: FloatArray, a: float, b: float) -> FloatArray:
    """Through a table where there are many values, one by one where there are few."""
    flat = p.ravel()
    if flat.size < _TABLE_PAYS:
        return np.array([_one(x, a, b) for x in flat.tolist()], dtype=np.float64).reshape(p.shape)
    if _inside(flat):
        return table_quantile_array(p, _table(a, b))
    within = (flat >= 2.0**-54) & (flat <= 1.0 - 2.0**-53)
    out = table_quantile_array(np.where(within, flat, 0.5), _table(a, b))
    beyond = np.flatnonzero(~within)
    out[beyond] = [_one(x, a, b) for x in flat[beyond].tolist()]
    return out.reshape(p.shape)
