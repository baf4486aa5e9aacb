"""Logarithm, exponential and power that give the same bits on every machine.

Libraries of different machines and versions disagree in the last bit of ``log`` and ``exp``; these are
computed from + − × ÷, exact powers of two and fixed constants only, which IEEE 754 defines to the last bit.
Each function has a scalar form and an ``_array`` twin; both pass through the same formula, so their bits are
equal.

Source of the approximations: FDLIBM (Sun Microsystems 1993), e_log.c and e_exp.c; products and sums in two
parts after Dekker (1971), "A floating-point technique for extending the available precision".
"""

import math
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Real = TypeVar("Real", float, FloatArray)

LN2 = 0.6931471805599453
_LN2_HI = 6.93147180369123816490e-01  # 32 bits, so that its product with an exponent is exact
_LN2_LO = 1.90821492927058770002e-10
_INV_LN2 = 1.44269504088896338700
_SQRT_HALF = 0.7071067811865476
_EXP_MAX = 709.782712893384
_EXP_MIN = -745.1332191019412
_EXP_NORMAL = -708.0  # from here up exp is a normal number, scaled by a power of two that is one itself
_SPLITTER = 134217729.0  # 2**27 + 1

_BLOCK = 8192  # elements worked on at once: the temporaries stay in the processor's cache


def in_blocks(of_block: Callable[[FloatArray], FloatArray], x: FloatArray) -> FloatArray:
    """``of_block(x)`` of an elementwise function, computed piece by piece."""
    if x.size <= _BLOCK:
        return of_block(x)
    flat = x.ravel()
    out = np.empty_like(flat)
    for start in range(0, flat.size, _BLOCK):
        out[start : start + _BLOCK] = of_block(flat[start : start + _BLOCK])
    return out.reshape(x.shape)


def log_tail(f: Real) -> Real:
    """f − log(1 + f) for f in [√½ − 1, √2 − 1], without cancellation."""
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    odd = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half_square = 0.5 * f * f
    return half_square - s * (half_square + (odd + even))


def _log_formula(mantissa: Real, exponent: Real) -> Real:
    f = mantissa - 1.0
    return exponent * _LN2_HI - ((log_tail(f) - exponent * _LN2_LO) - f)


def log(x: float) -> float:
    """Natural logarithm, error below 1 unit in the last place; −inf at 0, NaN below."""
    if not 0.0 < x < math.inf:
        return x if x > 0.0 else (-math.inf if x == 0.0 else math.nan)
    mantissa, exponent = math.frexp(x)
    if mantissa < _SQRT_HALF:
        mantissa = mantissa + mantissa
        exponent -= 1
    return _log_formula(mantissa, float(exponent))


def _parts(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mantissas in [√½, √2) and exponents of positive finite numbers."""
    mantissa, exponent = np.frexp(x)
    small = mantissa < _SQRT_HALF
    return np.where(small, mantissa + mantissa, mantissa), exponent - small.astype(np.float64)


def _ordinary(x: FloatArray) -> bool:
    return x.size == 0 or bool(x.min() > 0.0 and x.max() < math.inf)


def _log_block(x: FloatArray) -> FloatArray:
    if _ordinary(x):
        return _log_formula(*_parts(x))
    inside = (x > 0.0) & (x < math.inf)
    outside = np.where(x > 0.0, x, np.where(x == 0.0, -math.inf, math.nan))
    return np.where(inside, _log_formula(*_parts(np.where(inside, x, 1.0))), outside)


def log_array(x: FloatArray) -> FloatArray:
    """``log`` of each element, the same bits."""
    return in_blocks(_log_block, np.asarray(x, dtype=np.float64))


def _exp_formula(x: Real, k: Real) -> Real:
    high = x - k * _LN2_HI
    low = k * _LN2_LO
    r = high - low
    t = r * r
    c = r - t * (
        1.66666666666666019037e-01
        + t
        * (
            -2.77777777770155933842e-03
            + t * (6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))
        )
    )
    return 1.0 - ((low - (r * c) / (2.0 - c)) - high)


def exp(x: float) -> float:
    """Exponential, error below 1 unit in the last place; inf above 709.78, 0 below −745.13."""
    if not _EXP_MIN <= x <= _EXP_MAX:
        return math.inf if x > 0.0 else (0.0 if x < 0.0 else math.nan)
    k = math.floor(x * _INV_LN2 + 0.5)
    return math.ldexp(_exp_formula(x, float(k)), int(k))


def _exp_block(x: FloatArray) -> FloatArray:
    if x.size and not (x.min() >= _EXP_NORMAL and x.max() < _EXP_MAX - 1.0):
        return _exp_careful(x)
    k = np.floor(x * _INV_LN2 + 0.5)
    power_of_two: FloatArray = ((k.astype(np.int64) + 1023) << 52).view(np.float64)
    return _exp_formula(x, k) * power_of_two


def _exp_careful(x: FloatArray) -> FloatArray:
    inside = (x >= _EXP_MIN) & (x <= _EXP_MAX)
    clean = np.where(inside, x, 0.0)
    k = np.floor(clean * _INV_LN2 + 0.5)
    value = np.ldexp(_exp_formula(clean, k), k.astype(np.int32))
    return np.where(inside, value, np.where(x > 0.0, math.inf, np.where(x < 0.0, 0.0, math.nan)))


def exp_array(x: FloatArray) -> FloatArray:
    """``exp`` of each element, the same bits."""
    return in_blocks(_exp_block, np.asarray(x, dtype=np.float64))


def _product(x: Real, y: Real) -> tuple[Real, Real]:
    """x·y as a sum of two numbers, exactly (Dekker)."""
    p = x * y
    t = _SPLITTER * x
    x_high = t - (t - x)
    x_low = x - x_high
    t = _SPLITTER * y
    y_high = t - (t - y)
    y_low = y - y_high
    return p, ((x_high * y_high - p) + x_high * y_low + x_low * y_high) + x_low * y_low


def _exponent_formula(mantissa: Real, exponent: Real, y: Real) -> tuple[Real, Real]:
    """y·log(x) as a sum of two numbers, about 57 bits right."""
    f = mantissa - 1.0
    tail = log_tail(f)
    head = exponent * _LN2_HI
    high = head + f
    shift = high - head
    low = ((head - (high - shift)) + (f - shift)) + (exponent * _LN2_LO - tail)
    total = high + low
    rest = low - (total - high)
    product, error = _product(y, total)
    return product, error + y * rest


def power(x: float, y: float) -> float:
    """x to the power y for x ≥ 0, error below 2 + |y|/8 units in the last place; NaN for negative x."""
    if y == 0.0 or x == 1.0:
        return 1.0
    if not 0.0 < x < math.inf or not -1e15 < y < 1e15:
        return _power_at_the_edge(x, y)
    mantissa, exponent = math.frexp(x)
    if mantissa < _SQRT_HALF:
        mantissa = mantissa + mantissa
        exponent -= 1
    high, low = _exponent_formula(mantissa, float(exponent), y)
    value = exp(high)
    return value + value * low if 0.0 < value < math.inf else value


def _power_at_the_edge(x: float, y: float) -> float:
    if not x >= 0.0 or y != y:
        return math.nan
    return math.inf if (x > 1.0) == (y > 0.0) else 0.0


def _power_block(x: FloatArray, y: FloatArray | float) -> FloatArray:
    exponents = np.broadcast_to(np.asarray(y, dtype=np.float64), x.shape)
    if not (_ordinary(x) and (x.size == 0 or np.abs(exponents).max() < 1e15)):
        pairs = zip(x.ravel().tolist(), exponents.ravel().tolist(), strict=True)
        return np.array([power(a, b) for a, b in pairs], dtype=np.float64).reshape(x.shape)
    high, low = _exponent_formula(*_parts(x), exponents)
    value = _exp_block(high)
    finite = value < math.inf
    if finite.all():
        return value + value * low
    return np.where(finite, value + np.where(finite, value, 0.0) * low, value)


def power_array(x: FloatArray, y: FloatArray | float) -> FloatArray:
    """``power`` of each element, the same bits; ``y`` is one number or has the shape of ``x``."""
    x = np.asarray(x, dtype=np.float64)
    if x.size <= _BLOCK:
        return _power_block(x, y)
    flat, out = x.ravel(), np.empty(x.size)
    exponents = np.broadcast_to(np.asarray(y, dtype=np.float64), x.shape).ravel() if np.ndim(y) else None
    for start in range(0, flat.size, _BLOCK):
        piece = slice(start, start + _BLOCK)
        out[piece] = _power_block(flat[piece], y if exponents is None else exponents[piece])
    return out.reshape(x.shape)


def log1p(x: float) -> float:
    """log(1 + x) for x > −1, relative error below 1e-15 also for small x."""
    u = 1.0 + x
    return x if u == 1.0 else log(u) * (x / (u - 1.0))
