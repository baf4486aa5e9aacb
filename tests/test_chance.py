"""Random numbers by key: known answers, scalar equal to vectorised, independence, and that nobody disturbs anybody.

Bounds of 4.5 standard deviations are passed by chance alone but once in 150,000; the seeds are fixed.
"""

import math

import numpy as np
import pytest

from sim.arithmetic import normal_quantile_array
from sim.chance.keys import STREAM_VERSION, stream_key
from sim.chance.philox import block, uniform, uniform_pairs, uniforms

ONES = 0xFFFFFFFF
KEY_OF_WORK = 0x6F52A2BBEB71D81F
KEY_OF_DESK = 0x6CDBE26644F38587
PURPOSES = [f"purpose-{i}" for i in range(20)]


def keys_of(seed=7, replication=0, purposes=PURPOSES, *names):
    return np.array([stream_key(seed, replication, purpose, *names) for purpose in purposes], dtype=np.uint64)


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ((0, 0, 0, 0), 0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ONES,) * 4, ONES << 32 | ONES, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            0x299F31D0 << 32 | 0xA4093822,
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_known_answers(counter, key, answer):
    """Random123's published test vectors, by scalar and by arrays."""
    index, day, visit, number = counter
    assert block(key, *counter) == answer
    pair = uniform_pairs(np.array([key], dtype=np.uint64), np.array([index]), day, visit, number)[:, 0, 0]
    bits = [(answer[0] << 32 | answer[1]) >> 12, (answer[2] << 32 | answer[3]) >> 12]
    assert pair.tolist() == [b * 2.0**-52 + 2.0**-53 for b in bits]


def test_numbers_lie_strictly_inside():
    assert 0 * 2.0**-52 + 2.0**-53 > 0.0
    assert (2**52 - 1) * 2.0**-52 + 2.0**-53 < 1.0
    u = uniforms(keys_of(), np.arange(10_000))
    assert u.min() > 0.0
    assert u.max() < 1.0
    assert np.array_equal(1.0 - (1.0 - u), u)


@pytest.mark.parametrize("n", [0, 1, 3, 1000, 20_000])
@pytest.mark.parametrize("k", [0, 1, 2, 7])
def test_scalar_and_vectorised_agree(n, k):
    keys = keys_of(purposes=PURPOSES[:3])
    index, visit = np.arange(n) * 77, np.arange(n) % 5
    for day in (0, 12, np.arange(n) % 9):
        many = uniforms(keys, index, day, visit, k)
        assert many.shape == (3, n)
        days = np.broadcast_to(day, n)
        for i in range(0, n, max(n // 50, 1)):
            for p, key in enumerate(keys.tolist()):
                assert many[p, i] == uniform(key, int(index[i]), int(days[i]), int(visit[i]), k)


def test_pairs_are_both_draws_of_a_block():
    keys, index = keys_of(), np.arange(3000)
    for number in (0, 3):
        pairs = uniform_pairs(keys, index, 4, 1, number)
        assert np.array_equal(pairs[0], uniforms(keys, index, 4, 1, 2 * number))
        assert np.array_equal(pairs[1], uniforms(keys, index, 4, 1, 2 * number + 1))


def test_keys_are_stable():
    """A changed key would silently re-deal everything that was ever published."""
    assert STREAM_VERSION == 1
    assert stream_key(7, 0, "work") == KEY_OF_WORK
    assert stream_key(7, 3, "work", "前台", "check_in") == KEY_OF_DESK


def test_keys_tell_their_parts_apart():
    parts = [(1, 11, "a"), (11, 1, "a"), (1, 1, "1a"), (1, 1, "a", "bc"), (1, 1, "ab", "c"), (1, 1, "abc")]
    parts += [(1, 1, "a", "b", "c"), (1, 1, "a", "bc", ""), (1, 1, "", "abc"), (-1, 1, "a"), (1, 1, "a\x00bc")]
    assert len({stream_key(*part) for part in parts}) == len(parts)
    assert all(0 <= stream_key(*part) < 2**64 for part in parts)


N = 100_000
INDEX = np.arange(N)
KEYS = keys_of()


def pair(one, other):
    return lambda: (one(), other())


def first(**change):
    arguments = {"index": INDEX, "day": 0, "visit": 0, "k": 0, **change}
    return uniforms(keys_of()[:1], **arguments)[0]


PAIRS = {
    "index": pair(first, lambda: first(index=INDEX + 1)),
    "index in bits": pair(first, lambda: first(index=INDEX + (1 << 20))),
    "day": pair(first, lambda: first(day=1)),
    "days running": pair(lambda: first(index=INDEX * 0, day=INDEX), lambda: first(index=INDEX * 0, day=INDEX + 1)),
    "visit": pair(first, lambda: first(visit=1)),
    "visits running": pair(
        lambda: first(index=INDEX * 0, visit=INDEX), lambda: first(index=INDEX * 0 + 1, visit=INDEX)
    ),
    "draw in a block": pair(first, lambda: first(k=1)),
    "next block": pair(first, lambda: first(k=2)),
    "words swapped": pair(lambda: first(index=INDEX, day=5), lambda: first(index=INDEX * 0 + 5, day=INDEX)),
    "purpose": pair(first, lambda: uniforms(keys_of()[1:2], INDEX)[0]),
    "replication": pair(first, lambda: uniforms(keys_of(replication=1)[:1], INDEX)[0]),
    "seed": pair(first, lambda: uniforms(keys_of(seed=8)[:1], INDEX)[0]),
    "name": pair(first, lambda: uniforms(keys_of(7, 0, PURPOSES, "vip")[:1], INDEX)[0]),
}


@pytest.mark.parametrize("what", PAIRS)
def test_neighbours_are_independent(what):
    x, y = PAIRS[what]()
    bound = 4.5 / math.sqrt(N)
    for score in (lambda u: u, lambda u: u < 0.1, lambda u: u > 0.9, normal_quantile_array):
        assert abs(np.corrcoef(score(x), score(y))[0, 1]) < bound
    assert chi_square(np.histogram2d(x, y, bins=16, range=[[0, 1], [0, 1]])[0]) < chi_square_bound(255)


def chi_square(counts):
    expected = counts.sum() / counts.size
    return ((counts - expected) ** 2 / expected).sum()


def chi_square_bound(freedom):
    """Passed with probability 1e-6 by chance (Wilson and Hilferty)."""
    return freedom * (1 - 2 / (9 * freedom) + 4.753 * math.sqrt(2 / (9 * freedom))) ** 3


def test_each_purpose_is_uniform():
    u = uniforms(KEYS, np.arange(50_000))
    for row in u:
        assert chi_square(np.histogram(row, bins=1000, range=(0, 1))[0]) < chi_square_bound(999)
        assert abs(row.mean() - 0.5) < 4.5 / math.sqrt(12 * row.size)


def test_purposes_are_independent_of_each_other():
    u = uniforms(KEYS, np.arange(50_000))
    r = np.corrcoef(u)[np.triu_indices(len(KEYS), 1)]
    assert np.abs(r).max() < 4.5 / math.sqrt(50_000)


def test_low_bits_are_random_too():
    bits = np.floor(uniforms(KEYS[:1], INDEX)[0] * 2.0**52).astype(np.int64)
    ones = np.array([(bits >> i & 1).mean() for i in range(52)])
    assert np.abs(ones - 0.5).max() < 4.5 * 0.5 / math.sqrt(N)


def test_counts_of_a_poisson_process_are_neither_bunched_nor_even():
    gaps = -np.log(uniforms(KEYS[:1], np.arange(400_000))[0])
    counts = np.bincount(np.floor(np.cumsum(gaps) / 10).astype(int))[:-1]
    assert abs(counts.var() / counts.mean() - 1) < 4.5 * math.sqrt(2 / counts.size)


def test_a_draw_depends_on_nothing_else():
    """A million draws: in another order, one alone, in pieces, with more purposes, with more customers."""
    keys, index = keys_of(), np.arange(50_000)
    day, visit = index % 30, index % 4
    all_at_once = uniforms(keys, index, day, visit)
    order = np.random.default_rng(3).permutation(index.size)
    assert np.array_equal(uniforms(keys, index[order], day[order], visit[order]), all_at_once[:, order])
    pieces = [uniforms(keys, index[i : i + 777], day[i : i + 777], visit[i : i + 777]) for i in range(0, 50_000, 777)]
    assert np.array_equal(np.concatenate(pieces, axis=1), all_at_once)
    more = keys_of(purposes=["new", *PURPOSES[:10], "another", *PURPOSES[10:]])
    rows = [i for i in range(22) if i not in (0, 11)]
    assert np.array_equal(uniforms(more, index, day, visit)[rows], all_at_once)
    assert np.array_equal(
        uniforms(keys, np.arange(60_000), np.arange(60_000) % 30, np.arange(60_000) % 4)[:, :50_000], all_at_once
    )
    for i in (0, 123, 49_999):
        alone = uniforms(keys, index[i : i + 1], day[i : i + 1], visit[i : i + 1])
        assert np.array_equal(alone[:, 0], all_at_once[:, i])
