"""Portable arithmetic: accuracy against many-digit arithmetic, order, and scalar forms equal to array forms."""

import math

import mpmath
import numpy as np
import pytest

from sim import arithmetic as ar
from sim.arithmetic.gamma import gamma_tails, stirling_error

# Units in the last place, stated bounds of each function.
LOG_ULP = 1.0
EXP_ULP = 1.0
NORMAL_QUANTILE_ULP = 8.0
NORMAL_CDF_ULP = 12.0
QUANTILE_RELATIVE = 1e-12
LOG_GAMMA_RELATIVE = 4e-15

UNIFORM_STEP = 2.0**-52
TAILS = [1e-15, 3e-12, 1e-8, 1e-4, 0.01, 0.1, 0.3, 0.4999, 0.5, 0.5001, 0.7, 0.9, 0.99, 0.9999]
TAILS += [1.0 - 1e-8, 1.0 - 1e-12, 1.0 - 2.0**-53]
SHAPES = [0.05, 0.07, 0.3, 0.5, 1.0, 1.5, 4.0, 11.0, 30.0, 100.0, 999.0, 1e4]
PAIRS = [(0.05, 0.05), (0.05, 1.0), (1.0, 0.05), (0.5, 0.5), (0.3, 7.0), (2.0, 3.0), (30.0, 2.0), (100.0, 200.0)]
WIDE_PAIRS = [*PAIRS, (0.05, 1e4), (1e4, 0.05), (2.0, 1e4), (1e4, 3.0), (1e4, 1e4)]


@pytest.fixture(autouse=True)
def _many_digits():
    with mpmath.workdps(50):
        yield


def uniform_grid(n, seed=1):
    """Numbers as the streams give them: odd multiples of 2**-53."""
    bits = np.random.default_rng(seed).integers(0, 2**52, n)
    return bits * 2.0**-52 + 2.0**-53


def ulps(value, exact):
    return float(abs(mpmath.mpf(value) - exact) / mpmath.mpf(math.ulp(abs(float(exact)))))


def worst_ulps(function, exact, points):
    return max(ulps(function(x), exact(mpmath.mpf(x))) for x in points)


def same_bits(a, b):
    return np.array_equal(np.asarray(a, dtype=np.float64).view(np.int64), np.asarray(b).view(np.int64))


WIDE = np.ldexp(uniform_grid(2000), np.random.default_rng(2).integers(-1000, 1000, 2000)).tolist()


def test_log():
    points = uniform_grid(2000).tolist() + WIDE + (1.0 + 1e-3 * (uniform_grid(2000) - 0.5)).tolist()
    points += [5e-324, 2.2e-308, 1.7976931348623157e308]
    assert worst_ulps(ar.log, mpmath.log, points) < LOG_ULP


def test_exp():
    points = (uniform_grid(3000) * 1400 - 700).tolist() + (uniform_grid(3000, 3) * 4 - 2).tolist()
    assert worst_ulps(ar.exp, mpmath.exp, points) < EXP_ULP


@pytest.mark.parametrize("y", [0.05, 0.5, 0.9, -0.2, 2.0, 2.5, 7.3, -20.0])
def test_power(y):
    points = (uniform_grid(1000) * 5).tolist() + np.ldexp(uniform_grid(500), 30).tolist()
    bound = 2.0 + abs(y) / 8.0
    assert worst_ulps(lambda x: ar.power(x, y), lambda x: mpmath.power(x, mpmath.mpf(y)), points) < bound


def test_log1p():
    points = (10.0 ** (-16 * uniform_grid(500))).tolist() + (-0.9 * uniform_grid(500)).tolist()
    assert worst_ulps(ar.log1p, mpmath.log1p, points) < 4.0


@pytest.mark.parametrize(
    ("function", "x", "value"),
    [
        (ar.log, 0.0, -math.inf),
        (ar.log, 1.0, 0.0),
        (ar.log, math.inf, math.inf),
        (ar.log, -1.0, math.nan),
        (ar.log, math.nan, math.nan),
        (ar.exp, 0.0, 1.0),
        (ar.exp, 710.0, math.inf),
        (ar.exp, -746.0, 0.0),
        (ar.exp, math.inf, math.inf),
        (ar.exp, -math.inf, 0.0),
        (ar.exp, math.nan, math.nan),
        (ar.normal_cdf, 0.0, 0.5),
        (ar.normal_cdf, math.inf, 1.0),
        (ar.normal_cdf, -math.inf, 0.0),
        (ar.normal_cdf, math.nan, math.nan),
        (ar.normal_quantile, 0.5, 0.0),
        (ar.normal_quantile, 0.0, -math.inf),
        (ar.normal_quantile, 1.0, math.inf),
        (ar.normal_quantile, 1.5, math.nan),
        (ar.normal_quantile, math.nan, math.nan),
    ],
)
def test_edges(function, x, value):
    np.testing.assert_equal(function(x), value)
    np.testing.assert_equal(getattr(ar, f"{function.__name__}_array")(np.array([x, x])), [value, value])


@pytest.mark.parametrize(
    ("x", "y", "value"),
    [
        (0.0, 2.0, 0.0),
        (0.0, -1.0, math.inf),
        (0.0, 0.0, 1.0),
        (1.0, 1e300, 1.0),
        (-2.0, 2.0, math.nan),
        (math.inf, 0.5, math.inf),
        (math.inf, -1.0, 0.0),
        (2.0, 10000.0, math.inf),
        (2.0, -10000.0, 0.0),
        (0.5, 1e20, 0.0),
        (2.0, 10.0, 1024.0),
        (4.0, 0.5, 2.0),
        (4.0, -0.5, 0.5),
        (math.nan, 1.0, math.nan),
    ],
)
def test_power_edges(x, y, value):
    np.testing.assert_equal(ar.power(x, y), value)
    np.testing.assert_equal(ar.power_array(np.array([x, 2.0]), y)[0], value)


def test_log_gamma():
    for a in [*SHAPES, 1e-3, 0.9999, 1.0, 1.0001, 2.0, 2.5, 15.99, 16.0, 1e6]:
        exact = mpmath.loggamma(mpmath.mpf(a))
        assert abs(ar.log_gamma(a) - exact) < LOG_GAMMA_RELATIVE * max(1, abs(exact)), a


def exact_normal_quantile(p, start):
    z = mpmath.mpf(start)
    for _ in range(3):
        below = mpmath.ncdf(z)
        z -= mpmath.log(below / p) * below / mpmath.npdf(z)
    return z


def test_normal_quantile():
    points = uniform_grid(400).tolist() + (10.0 ** (-16 * uniform_grid(400))).tolist() + [2.0**-53, 1e-300]
    worst = max(
        ulps(ar.normal_quantile(p), exact_normal_quantile(mpmath.mpf(p), ar.normal_quantile(p))) for p in points
    )
    assert worst < NORMAL_QUANTILE_ULP


def test_normal_quantile_is_odd():
    p = uniform_grid(10_000)
    assert same_bits(-ar.normal_quantile_array(p), ar.normal_quantile_array(1.0 - p) + 0.0)


def test_normal_cdf():
    points = (uniform_grid(1500) * 16 - 8).tolist() + (uniform_grid(500) * -37).tolist()
    assert worst_ulps(ar.normal_cdf, mpmath.ncdf, points) < NORMAL_CDF_ULP


def gamma_error(p, shape):
    """Relative error of the quantile, from the exact tail there."""
    x = mpmath.mpf(ar.gamma_quantile(p, shape))
    low = p < 0.5
    ends = (0, x) if low else (x, mpmath.inf)
    tail = mpmath.gammainc(shape, *ends, regularized=True)
    density = mpmath.exp(shape * mpmath.log(x) - x - mpmath.loggamma(shape))
    return float(abs(tail - (mpmath.mpf(p) if low else 1 - mpmath.mpf(p))) / density)


@pytest.mark.parametrize("shape", SHAPES)
def test_gamma_quantile(shape):
    assert max(gamma_error(p, shape) for p in TAILS) < QUANTILE_RELATIVE


def test_gamma_quantile_of_shape_one_is_exponential():
    p = uniform_grid(10_000)
    np.testing.assert_allclose(ar.gamma_quantile_array(p, 1.0), -np.log1p(-p), rtol=1e-13)


@pytest.mark.parametrize("shape", [0.9e5, 1.1e5, 1e6])
def test_gamma_quantile_of_large_shapes(shape):
    """By the distribution function, which the power series gives; at 1e5 and more the quantile is not built on it."""
    for p in TAILS:
        x = ar.gamma_quantile(p, shape)
        low, high, mass = gamma_tails(shape, x, stirling_error(shape))
        off = low - p if p < 0.5 else (1.0 - p) - high
        assert abs(off) / mass < QUANTILE_RELATIVE


@pytest.mark.parametrize("shape", [1.1e5, 1e7])
def test_gamma_quantile_of_large_shapes_in_many_digits(shape):
    assert max(gamma_error(p, shape) for p in TAILS if p > 0.5) < QUANTILE_RELATIVE


def test_gamma_quantile_across_the_change_of_method():
    p = uniform_grid(1000)
    below, above = ar.gamma_quantile_array(p, 1e5), ar.gamma_quantile_array(p, np.nextafter(1e5, 1e6))
    np.testing.assert_allclose(below, above, rtol=1e-12)


def test_gamma_quantile_edges():
    assert ar.gamma_quantile(0.0, 2.0) == 0.0
    assert ar.gamma_quantile(1.0, 2.0) == math.inf
    assert math.isnan(ar.gamma_quantile(-0.1, 2.0))
    assert ar.gamma_quantile(1e-300, 0.05) == 0.0
    np.testing.assert_equal(ar.gamma_quantile_array(np.tile([0.0, 1.0, 1e-300, 0.5], 20), 1e6)[:2], [0.0, math.inf])


def beta_error(p, a, b):
    """Relative error of the quantile, less the half unit by which 1 − x cannot be told near 1."""
    x = mpmath.mpf(ar.beta_quantile(p, a, b))
    if x == 1:
        return 0.0
    low = p < 0.5
    tail = mpmath.betainc(a, b, 0, x, regularized=True) if low else mpmath.betainc(b, a, 0, 1 - x, regularized=True)
    slope = mpmath.exp(a * mpmath.log(x) + (b - 1) * mpmath.log(1 - x)) / mpmath.beta(a, b)
    return float(abs(tail - (mpmath.mpf(p) if low else 1 - mpmath.mpf(p))) / slope)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_beta_quantile(a, b):
    assert max(beta_error(p, a, b) for p in TAILS) < QUANTILE_RELATIVE


@pytest.mark.parametrize(("a", "b"), [(2.0, 1e4), (1e4, 3.0), (1e4, 1e4), (0.05, 1e4)])
def test_beta_quantile_of_large_shapes(a, b):
    from scipy import special

    p = np.array([1e-8, 1e-4, 0.01, 0.3, 0.5, 0.7, 0.99, 0.9999])
    tail = special.betainc(a, b, ar.beta_quantile_array(p, a, b))
    np.testing.assert_allclose(tail, p, rtol=1e-9)


@pytest.mark.parametrize("shape", [*SHAPES, 1e6])
def test_gamma_quantile_never_decreases(shape):
    never_decreases(lambda p: ar.gamma_quantile_array(p, shape))


@pytest.mark.parametrize(("a", "b"), WIDE_PAIRS)
def test_beta_quantile_never_decreases(a, b):
    never_decreases(lambda p: ar.beta_quantile_array(p, a, b))


def test_normal_quantile_never_decreases():
    never_decreases(ar.normal_quantile_array)


def never_decreases(quantile):
    """On neighbouring uniform numbers: at random, in both tails, and where cells meet."""
    u = uniform_grid(30_000)
    tail = np.arange(2000) * UNIFORM_STEP + 2.0**-53
    edges = np.ldexp(np.arange(16, 32) / 32.0, -np.arange(30)[:, np.newaxis]).ravel()
    near = (edges[:, np.newaxis] + np.arange(-2, 3) * UNIFORM_STEP).ravel() + 2.0**-53
    near = near[(near > 2.0**-53) & (near < 1.0)]
    p = np.concatenate([u, u + UNIFORM_STEP, tail, 1.0 - tail, near, 1.0 - near])
    p = np.unique(p[(p > 0.0) & (p < 1.0)])
    assert (np.diff(quantile(p)) >= 0.0).all()


U = uniform_grid(100_000)
ELEMENTWISE = {
    "log": (ar.log, ar.log_array, np.concatenate([np.ldexp(U, np.arange(100_000) % 2000 - 1000), [0.0, -1.0, 5e-324]])),
    "exp": (ar.exp, ar.exp_array, np.concatenate([U * 1500 - 750, [709.7827, -745.13, -720.5, 0.0]])),
    "exp, ordinary": (ar.exp, ar.exp_array, U * 60 - 40),
    "normal_cdf": (ar.normal_cdf, ar.normal_cdf_array, np.concatenate([U * 80 - 40, [-0.0, 38.6, math.nan]])),
    "normal_quantile": (ar.normal_quantile, ar.normal_quantile_array, np.concatenate([U, U[:1000] ** 20, [0.0, 1.0]])),
    "power": (lambda x: ar.power(x, 0.9), lambda x: ar.power_array(x, 0.9), U * 30),
    "power, edges": (lambda x: ar.power(x, -3.3), lambda x: ar.power_array(x, -3.3), np.append(U[:5000], [0, 1, -1])),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_scalar_and_array_forms_have_the_same_bits(name):
    one, many, points = ELEMENTWISE[name]
    assert same_bits([one(x) for x in points.tolist()], many(points))


def test_power_of_many_exponents():
    y = np.linspace(-4.0, 4.0, U.size)
    many = ar.power_array(U * 9, y)
    assert same_bits(
        [ar.power(a, b) for a, b in zip((U * 9)[::50].tolist(), y[::50].tolist(), strict=True)], many[::50]
    )


def spread(n):
    """Uniform numbers with both tails and the edges of cells among them."""
    tails = 2.0 ** (-53.0 * uniform_grid(n, 5))
    edges = np.ldexp(np.arange(16, 32) / 32.0, -np.arange(40)[:, np.newaxis]).ravel()
    edges = np.concatenate([edges, np.nextafter(edges, 0.0)])
    return np.concatenate([uniform_grid(n, 4), tails, 1.0 - tails[tails > 2.0**-53], edges, 1.0 - edges[1:]])[: 4 * n]


@pytest.mark.parametrize("shape", [0.05, 0.5, 1.0, 2.7, 40.0, 1e4, 1e6])
def test_gamma_scalar_and_array_forms_have_the_same_bits(shape):
    p = spread(150)
    p = p[p < 1.0]
    many = ar.gamma_quantile_array(p, shape)
    assert same_bits([ar.gamma_quantile(x, shape) for x in p.tolist()], many)
    assert same_bits(ar.gamma_quantile_array(p[:20], shape), many[:20])
    x = many[::5][many[::5] > 0]
    assert same_bits([ar.gamma_cdf(v, shape) for v in x.tolist()], ar.gamma_cdf_array(x, shape))


@pytest.mark.parametrize(("a", "b"), [(0.05, 0.05), (0.05, 1e4), (1e4, 0.05), (1.0, 1.0), (2.0, 3.0), (1e4, 1e4)])
def test_beta_scalar_and_array_forms_have_the_same_bits(a, b):
    p = spread(100)
    p = p[p < 1.0]
    many = ar.beta_quantile_array(p, a, b)
    assert same_bits([ar.beta_quantile(x, a, b) for x in p.tolist()], many)
    assert same_bits([ar.beta_cdf(v, a, b) for v in many[::5].tolist()], ar.beta_cdf_array(many[::5], a, b))


@pytest.mark.parametrize("shape", [0.05, 2.7, 1e4])
def test_a_table_gives_the_bits_of_the_function(shape):
    table = ar.gamma_table(shape)
    p = spread(100)
    p = p[(p < 1.0) & (p > 2.0**-54)]
    direct = [ar.gamma_quantile(x, shape) for x in p.tolist()]
    assert same_bits([ar.table_quantile(x, table) for x in p.tolist()], direct)
    assert same_bits(ar.table_quantile_array(p, table), direct)


def test_shapes_are_kept():
    x = U[:20_000].reshape(2, 10_000)
    for many in (ar.log_array, ar.exp_array, ar.normal_cdf_array, ar.normal_quantile_array):
        assert many(x).shape == x.shape
        assert many(x[:, :0]).shape == (2, 0)
    assert ar.gamma_quantile_array(x, 2.0).shape == x.shape
    assert ar.gamma_quantile_array(x[:, :0], 2.0).shape == (2, 0)
