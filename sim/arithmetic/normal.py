"""The normal distribution: how likely a value below z is, and its inverse.

Sources: Wichura (1988), algorithm AS 241 (PPND16), for the quantile; Cody (1969), rational Chebyshev
approximations for the error function, for the distribution function.
"""

import math

import numpy as np

from .elementary import FloatArray, Real, exp, exp_array, in_blocks, log, log_array

SQRT_TWO_PI = 2.5066282746310002
_INV_SQRT_TWO_PI = 0.3989422804014327


def _quantile_centre(q: Real) -> Real:
    r = 0.180625 - q * q
    top = 3.3430575583588128105e4 + r * 2.5090809287301226727e3
    top = 4.5921953931549871457e4 + r * (6.7265770927008700853e4 + r * top)
    top = 1.9715909503065514427e3 + r * (1.3731693765509461125e4 + r * top)
    top = 3.3871328727963666080 + r * (1.3314166789178437745e2 + r * top)
    bottom = 2.8729085735721942674e4 + r * 5.2264952788528545610e3
    bottom = 2.1213794301586595867e4 + r * (3.9307895800092710610e4 + r * bottom)
    bottom = 6.8718700749205790830e2 + r * (5.3941960214247511077e3 + r * bottom)
    bottom = 1.0 + r * (4.2313330701600911252e1 + r * bottom)
    return q * (top / bottom)


def _quantile_near(r: Real) -> Real:
    """Distance from the mean where ``r`` = √(−log of the tail) is at most 5."""
    r = r - 1.6
    top = 2.27238449892691845833e-2 + r * 7.74545014278341407640e-4
    top = 1.27045825245236838258 + r * (2.41780725177450611770e-1 + r * top)
    top = 5.76949722146069140550 + r * (3.64784832476320460504 + r * top)
    top = 1.42343711074968357734 + r * (4.63033784615654529590 + r * top)
    bottom = 5.47593808499534494600e-4 + r * 1.05075007164441684324e-9
    bottom = 1.48103976427480074590e-1 + r * (1.51986665636164571966e-2 + r * bottom)
    bottom = 1.67638483018380384940 + r * (6.89767334985100004550e-1 + r * bottom)
    bottom = 1.0 + r * (2.05319162663775882187 + r * bottom)
    return top / bottom


def _quantile_far(r: Real) -> Real:
    r = r - 5.0
    top = 2.71155556874348757815e-5 + r * 2.01033439929228813265e-7
    top = 2.65321895265761230930e-2 + r * (1.24266094738807843860e-3 + r * top)
    top = 1.78482653991729133580 + r * (2.96560571828504891230e-1 + r * top)
    top = 6.65790464350110377720 + r * (5.46378491116411436990 + r * top)
    bottom = 1.42151175831644588870e-7 + r * 2.04426310338993978564e-15
    bottom = 7.86869131145613259100e-4 + r * (1.84631831751005468180e-5 + r * bottom)
    bottom = 1.36929880922735805310e-1 + r * (1.48753612908506148525e-2 + r * bottom)
    bottom = 1.0 + r * (5.99832206555887937690e-1 + r * bottom)
    return top / bottom


def normal_quantile(p: float) -> float:
    """The value that a standard normal number stays below with probability ``p``; ∓inf at 0 and 1."""
    q = p - 0.5
    if -0.425 <= q <= 0.425:
        return _quantile_centre(q)
    if not 0.0 < p < 1.0:
        return -math.inf if p == 0.0 else (math.inf if p == 1.0 else math.nan)
    r = math.sqrt(-log(p if q < 0.0 else 1.0 - p))
    z = _quantile_near(r) if r <= 5.0 else _quantile_far(r)
    return -z if q < 0.0 else z


def _quantile_block(p: FloatArray) -> FloatArray:
    q = p - 0.5
    z = _quantile_centre(q)
    outer = np.flatnonzero(~(np.abs(q.ravel()) <= 0.425))
    if outer.size:
        z.flat[outer] = _quantile_tails(p.ravel()[outer])
    return z


def _quantile_tails(p: FloatArray) -> FloatArray:
    inside = (p > 0.0) & (p < 1.0)
    if not inside.all():
        edge = np.where(p == 0.0, -math.inf, np.where(p == 1.0, math.inf, math.nan))
        return np.where(inside, _quantile_tails(np.where(inside, p, 0.01)), edge)
    low = p < 0.5
    r = np.sqrt(-log_array(np.where(low, p, 1.0 - p)))
    z = _quantile_near(r)
    far = np.flatnonzero(r > 5.0)
    if far.size:
        z[far] = _quantile_far(r[far])
    return np.where(low, -z, z)


def normal_quantile_array(p: FloatArray) -> FloatArray:
    """``normal_quantile`` of each element, the same bits."""
    p = np.asarray(p, dtype=np.float64)
    return np.asarray(in_blocks(_quantile_block, np.atleast_1d(p)).reshape(p.shape))


def _cdf_centre(x: Real) -> Real:
    """Φ(x) for |x| ≤ 0.67448975."""
    s = x * x
    top = 2.2352520354606839287 + s * 0.065682337918207449113
    top = 161.02823106855587881 + s * top
    top = 1067.6894854603709582 + s * top
    top = 18154.981253343561249 + s * top
    bottom = 47.20258190468824187 + s
    bottom = 976.09855173777669322 + s * bottom
    bottom = 10260.932208618978205 + s * bottom
    bottom = 45507.789335026729956 + s * bottom
    return 0.5 + x * (top / bottom)


def _mills_near(y: Real) -> Real:
    """(1 − Φ(y)) / exp(−y²/2) for 0.67448975 < y ≤ √32."""
    top = 0.39894151208813466764 + y * 1.0765576773720192317e-8
    top = 93.506656132177855979 + y * (8.8831497943883759412 + y * top)
    top = 2494.5375852903726711 + y * (597.27027639480026226 + y * top)
    top = 11602.651437647350124 + y * (6848.1904505362823326 + y * top)
    top = 9842.7148383839780218 + y * top
    bottom = 22.266688044328115691 + y
    bottom = 1519.377599407554805 + y * (235.38790178262499861 + y * bottom)
    bottom = 18615.571640885098091 + y * (6485.558298266760755 + y * bottom)
    bottom = 38912.003286093271411 + y * (34900.952721145977266 + y * bottom)
    bottom = 19685.429676859990727 + y * bottom
    return top / bottom


def _mills_far(y: Real) -> Real:
    s = 1.0 / (y * y)
    top = 0.21589853405795699 + s * 0.02307344176494017303
    top = 0.02223527787064980685 + s * (0.1274011611602473639 + s * top)
    top = 2.9112874951168792e-5 + s * (0.001421619193227893466 + s * top)
    bottom = 1.28426009614491121 + s
    bottom = 0.0659881378689285515 + s * (0.468238212480865118 + s * bottom)
    bottom = 7.29751555083966205e-5 + s * (0.00378239633202758244 + s * bottom)
    return (_INV_SQRT_TWO_PI - s * (top / bottom)) / y


def normal_cdf(x: float) -> float:
    """Φ(x): the probability that a standard normal number stays below ``x``; 0 below −38.6."""
    y = abs(x)
    if y <= 0.67448975:
        return _cdf_centre(x)
    if not y < 38.6:
        return math.nan if x != x else (1.0 if x > 0.0 else 0.0)
    # y² = head² + rest with an exact head²: exp of a rounded y² would lose bits in the tail
    head = math.floor(y * 16.0) / 16.0
    rest = (y - head) * (y + head)
    mills = _mills_near(y) if y <= 5.656854249492381 else _mills_far(y)
    tail = exp(-head * head * 0.5) * exp(-rest * 0.5) * mills
    return 1.0 - tail if x > 0.0 else tail


def _cdf_block(x: FloatArray) -> FloatArray:
    y = np.abs(x)
    value = _cdf_centre(np.where(y <= 0.67448975, x, 0.0))
    outer = np.flatnonzero(~(y.ravel() <= 0.67448975))
    if outer.size:
        value.flat[outer] = _cdf_outside(x.ravel()[outer])
    return value


def _cdf_outside(x: FloatArray) -> FloatArray:
    y = np.abs(x)
    inside = y < 38.6
    if not inside.all():
        edge = np.where(x != x, math.nan, np.where(x > 0.0, 1.0, 0.0))
        return np.where(inside, _cdf_outside(np.where(inside, x, 1.0)), edge)
    head = np.floor(y * 16.0) / 16.0
    rest = (y - head) * (y + head)
    mills = _mills_near(y)
    far = np.flatnonzero(y > 5.656854249492381)
    if far.size:
        mills[far] = _mills_far(y[far])
    tail = exp_array(-head * head * 0.5) * exp_array(-rest * 0.5) * mills
    return np.where(x > 0.0, 1.0 - tail, tail)


def normal_cdf_array(x: FloatArray) -> FloatArray:
    """``normal_cdf`` of each element, the same bits."""
    x = np.asarray(x, dtype=np.float64)
    return np.asarray(in_blocks(_cdf_block, np.atleast_1d(x)).reshape(x.shape))


def normal_density(x: float) -> float:
    """Density of the standard normal at ``x``."""
    return _INV_SQRT_TWO_PI * exp(-0.5 * x * x)
