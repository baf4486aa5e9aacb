"""Luck of a member of staff at reviews: keyed to the name or the position, so that one more disturbs nobody."""

from __future__ import annotations

from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from sim.management.occasion import Occasion


def lot(occasion: Occasion, purpose: str, position: int, day: int = 0, hire: int = 0) -> float:
    """The number in (0, 1) that a purpose draws for the holder of a position: on a day, for each one hired."""
    site = occasion.site
    member = site.members[position]
    key = stream_key(occasion.seed, occasion.replication, purpose, site.roles[member.role].name, member.key)
    return uniform(key, 0 if member.key else member.position, day, hire)
