"""Keys of the random streams: which purpose, of which run, a random number serves.

Numbers with different keys are independent; equal keys give equal numbers, in any order, on any machine. The
policy is never part of a key, so that two policies meet the same customers.
"""

from hashlib import blake2b

STREAM_VERSION: int = 1
"""Raised by one whenever any number drawn from a key changes."""


def stream_key(seed: int, replication: int, purpose: str, *names: str) -> int:
    """64-bit key of ``purpose`` ("work", "patience" …) and the names it concerns (segment, stage, action …).

    BLAKE2b of the parts, each preceded by its length, so that ("a", "bc") and ("ab", "c") differ.
    """
    digest = blake2b(digest_size=8)
    for part in (str(STREAM_VERSION), str(seed), str(replication), purpose, *names):
        text = part.encode()
        digest.update(len(text).to_bytes(8, "little") + text)
    return int.from_bytes(digest.digest(), "little")
