"""Random numbers looked up, not generated: Philox 4×32-10 turns a key and a counter into uniform numbers.

The counter's four 32-bit words are (index, day, visit, block). A block gives two numbers: draw ``k`` is half
k % 2 of block k // 2. A number is u = (bits >> 12)·2**-52 + 2**-53: strictly inside (0, 1), and so is 1 − u,
exactly.

Source: Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".
"""

import numpy as np
from numpy.typing import NDArray

_MASK = 0xFFFFFFFF
_MULTIPLY_0, _MULTIPLY_1 = 0xD2511F53, 0xCD9E8D57
_KEY_STEPS = tuple((i * 0x9E3779B9 & _MASK, i * 0xBB67AE85 & _MASK) for i in range(10))  # one for each round
_STEP, _HALF_STEP = 2.0**-52, 2.0**-53
_BLOCK = 16384  # numbers worked on at once: the temporaries stay in the processor's cache

Words = NDArray[np.uint64]
Numbers = NDArray[np.float64]
Whole = NDArray[np.integer]


def block(key: int, index: int, day: int, visit: int, number: int) -> tuple[int, int, int, int]:
    """The four 32-bit words of one block; the counter's words are taken modulo 2**32."""
    a, b, c, d = index & 0xFFFFFFFF, day & 0xFFFFFFFF, visit & 0xFFFFFFFF, number & 0xFFFFFFFF
    k0, k1 = key & 0xFFFFFFFF, key >> 32 & 0xFFFFFFFF
    for add_0, add_1 in _KEY_STEPS:
        p = 0xD2511F53 * a
        q = 0xCD9E8D57 * c
        a, c = q >> 32 ^ b ^ (k0 + add_0 & 0xFFFFFFFF), p >> 32 ^ d ^ (k1 + add_1 & 0xFFFFFFFF)
        b, d = q & 0xFFFFFFFF, p & 0xFFFFFFFF
    return a, b, c, d


def uniform(key: int, index: int, day: int = 0, visit: int = 0, k: int = 0) -> float:
    """The uniform number in (0, 1) of this key and counter."""
    a, b, c, d = block(key, index, day, visit, k >> 1)
    high, low = (c, d) if k & 1 else (a, b)
    return (high << 20 | low >> 12) * _STEP + _HALF_STEP


def pair(key: int, index: int, day: int = 0, visit: int = 0) -> tuple[float, float]:
    """Draws k = 0 and k = 1 of this key and counter, at the cost of one."""
    a, b, c, d = block(key, index, day, visit, 0)
    return (a << 20 | b >> 12) * _STEP + _HALF_STEP, (c << 20 | d >> 12) * _STEP + _HALF_STEP


def uniforms(keys: Words, index: Whole, day: int | Whole = 0, visit: int | Whole = 0, k: int = 0) -> Numbers:
    """(p, n) numbers for p keys and n counters, the same bits as ``uniform`` of each.

    ``index``, and ``day`` and ``visit`` unless they are single numbers, have shape (n,).
    """
    out: Numbers = np.empty((1, keys.size, index.size))
    _fill(out, (k & 1,), keys, index, day, visit, k >> 1)
    return np.asarray(out[0])


def uniform_pairs(
    keys: Words, index: Whole, day: int | Whole = 0, visit: int | Whole = 0, block: int | Whole = 0
) -> Numbers:
    """(2, p, n): both numbers of a block at the cost of one; for block 0 the draws k = 0 and k = 1."""
    out = np.empty((2, keys.size, index.size))
    _fill(out, (0, 1), keys, index, day, visit, block)
    return out


def _fill(
    out: Numbers,
    halves: tuple[int, ...],
    keys: Words,
    index: Whole,
    day: int | Whole,
    visit: int | Whole,
    number: int | Whole,
) -> None:
    """Fill (halves, p, n) piece by piece: some keys at a time, and some counters where there are many."""
    counters = [_word(part) for part in (index, day, visit, number)]
    columns = min(max(index.size, 1), _BLOCK)
    rows = max(_BLOCK // columns, 1)
    for left in range(0, index.size, columns):
        part = slice(left, left + columns)
        words = [word[part] if word.size > 1 else word for word in counters]
        for top in range(0, keys.size, rows):
            some = slice(top, top + rows)
            a, b, c, d = _rounds(words, keys[some, np.newaxis])
            for place, half in enumerate(halves):
                _to_uniform(*((c, d) if half else (a, b)), out[place, some, part])


def _word(part: int | Whole) -> Words:
    words: Words = np.atleast_1d(np.asarray(part)).astype(np.uint64) & np.uint64(_MASK)
    return words


def _rounds(counter: list[Words], keys: Words) -> tuple[Words, Words, Words, Words]:
    """The blocks of (p, 1) keys and (n,) counters: four words (p, n) each."""
    mask, shift = np.uint64(_MASK), np.uint64(32)
    m0, m1 = np.uint64(_MULTIPLY_0), np.uint64(_MULTIPLY_1)
    a, b, c, d = counter
    first_0, first_1 = keys & mask, keys >> shift
    p, q = m0 * a, m1 * c
    # the first round mixes the keys in and gives the arrays their full shape; the others work in place
    start = (q >> shift ^ b, q & mask, p >> shift ^ d, p & mask)
    a, b, c, d, p, q = np.empty((6, keys.size, counter[0].size), dtype=np.uint64)
    a[...], b[...], c[...], d[...] = start[0] ^ first_0, start[1], start[2] ^ first_1, start[3]
    for add_0, add_1 in _KEY_STEPS[1:]:
        k0, k1 = first_0 + np.uint64(add_0) & mask, first_1 + np.uint64(add_1) & mask
        np.multiply(a, m0, out=p)
        np.multiply(c, m1, out=q)
        np.right_shift(q, shift, out=a)
        a ^= b
        a ^= k0
        np.right_shift(p, shift, out=c)
        c ^= d
        c ^= k1
        np.bitwise_and(q, mask, out=b)
        np.bitwise_and(p, mask, out=d)
    return a, b, c, d


def _to_uniform(high: Words, low: Words, out: Numbers) -> None:
    bits = high << np.uint64(20)
    bits |= low >> np.uint64(12)
    np.multiply(bits.view(np.int64), _STEP, out=out)
    out += _HALF_STEP
