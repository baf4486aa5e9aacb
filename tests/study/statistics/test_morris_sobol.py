"""Morris and Sobol on functions whose effects and indices are known."""

import math
import sys

import numpy as np
import pytest

from sim.errors import InputError
from sim.study.statistics.morris_sobol import design, indices


def linear(points):
    return points @ np.array([1.0, 2.0, 0.0])


def ishigami(points, a=7.0, b=0.1):
    x = (2 * points - 1) * math.pi
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_morris_finds_the_slopes_of_a_plane_and_no_spread():
    points = design("morris", 3, 10, seed=4)
    assert points.shape == (40, 3)
    found = indices("morris", points, linear(points), seed=4, confidence=0.95)
    for slope, (mu_star, half, mu, sigma) in zip((1, 2, 0), found, strict=True):
        assert (mu_star, half, mu, sigma) == pytest.approx((slope, 0, slope, 0), abs=1e-12)


def test_morris_tells_the_sign_and_sees_interplay():
    points = design("morris", 2, 50, seed=0)
    (falling, _, mu, sigma), (_, _, other, spread) = indices(
        "morris", points, -points[:, 0] + 0 * points[:, 1], 0, 0.95
    )
    assert (falling, mu, sigma, other, spread) == pytest.approx((1, -1, 0, 0, 0), abs=1e-12)
    product = indices("morris", points, (points[:, 0] - 0.5) * (points[:, 1] - 0.5), 0, 0.95)
    assert all(sigma > mu_star > abs(mu) for mu_star, _, mu, sigma in product)


def test_sobol_splits_the_variance_of_a_plane():
    # Variances are as the squares of slopes: 1 : 4.
    points = design("sobol", 3, 1024, seed=1)
    assert points.shape == (1024 * 5, 3)
    found = indices("sobol", points, linear(points), seed=1, confidence=0.95)
    for share, (s1, s1_half, st, st_half) in zip((0.2, 0.8, 0.0), found, strict=True):
        assert abs(s1 - share) <= 2 * s1_half  # some four standard errors
        assert abs(st - share) <= 2 * st_half
        assert s1_half < 0.1


def test_sobol_knows_the_function_of_ishigami():
    # Variances by hand, with a = 7 and b = 0.1: a²/8, b π⁴/5 + b² π⁸/50 + 1/2, and 8 b² π⁸/225 for 1 and 3 together.
    first, second = 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2, 49 / 8
    both = 8 * 0.01 * math.pi**8 / 225
    whole = first + second + both
    alone = (first / whole, second / whole, 0.0)
    in_all = ((first + both) / whole, second / whole, both / whole)
    points = design("sobol", 3, 2048, seed=2)
    found = indices("sobol", points, ishigami(points), seed=2, confidence=0.95)
    for place, (s1, s1_half, st, st_half) in enumerate(found):
        assert abs(s1 - alone[place]) <= 2 * s1_half
        assert abs(st - in_all[place]) <= 2 * st_half
        assert max(s1_half, st_half) < 0.1


@pytest.mark.parametrize("method", ["morris", "sobol"])
@pytest.mark.parametrize("seed", [0, 7, 2**62])
def test_the_same_seed_gives_the_same_numbers(method, seed):
    points = design(method, 3, 8, seed)
    assert (points == design(method, 3, 8, seed)).all()
    assert not np.array_equal(points, design(method, 3, 8, seed + 1))
    once, again = (indices(method, points, ishigami(points), seed, 0.9) for _ in range(2))
    assert once == again


def test_nothing_varies_or_is_undefined():
    points = design("sobol", 2, 4, 1)
    assert np.isnan(indices("sobol", points, [3.0] * len(points), 1, 0.95)).all()
    points = design("morris", 2, 4, 1)
    assert np.array(indices("morris", points, [3.0] * len(points), 1, 0.95)).any() == False  # noqa: E712
    assert np.isnan(indices("morris", points, [math.nan] + [3.0] * (len(points) - 1), 1, 0.95)).all()


def test_sizes_that_will_not_do():
    with pytest.raises(InputError, match="power of 2"):
        design("sobol", 2, 12, 1)
    with pytest.raises(InputError, match="at least 2"):
        design("morris", 2, 1, 1)


def test_without_salib_it_says_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("SALib")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "SALib", None)
    with pytest.raises(InputError, match=r"pip install 'service-encounter-sim\[sensitivity\]'"):
        design("morris", 2, 4, 1)
