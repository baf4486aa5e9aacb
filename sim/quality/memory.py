"""What is remembered of an encounter: the mean of its moments, the strongest one and the last."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.quality.sums import ratio, summed
from sim.quality.tables import Flags, Floats, Ints
from sim.quality.weights import normalised


class Moments(NamedTuple):
    """The moments of the encounters, in order of encounter and time. (j,)"""

    utility: Floats  # mean disconfirmation, losses weighing more; from -2 or so to 1
    share: Floats  # of the encounter's weight: how far it is a moment of truth
    is_peak: Flags
    is_last: Flags


def moments_of(surprise: Floats, weight: Floats, moment: Ints, encounter: Ints) -> Moments:
    """Gather marks into moments (E15): disconfirmation and weight of each mark, and the moment it is in.

    `encounter` (j,) is whose each moment is. A moment without weight has utility 0 and is never peak or last.
    """
    share = summed(weight, moment, len(encounter))
    utility = ratio(summed(weight * surprise, moment, len(encounter)), share, 0.0)
    return Moments(utility, share, *peaks_and_ends(utility, share, encounter))


def peaks_and_ends(utility: Floats, share: Floats, encounter: Ints) -> tuple[Flags, Flags]:
    """(j,) which moment of an encounter is the peak, the first of largest |utility|, and which the last."""
    peak, last = np.zeros(len(utility), dtype=bool), np.zeros(len(utility), dtype=bool)
    rows = np.flatnonzero(share > 0)
    if not len(rows):
        return peak, last
    strength = np.abs(utility[rows])
    first = np.ones(len(rows), dtype=bool)
    first[1:] = encounter[rows[1:]] != encounter[rows[:-1]]
    starts = np.flatnonzero(first)
    strongest = np.maximum.reduceat(strength, starts)[np.cumsum(first) - 1]
    position = np.where(strength == strongest, np.arange(len(rows)), len(rows))
    peak[rows[np.minimum.reduceat(position, starts)]] = True
    last[rows[np.append(starts[1:], len(rows)) - 1]] = True
    return peak, last


def memory_multiplier(moments: Moments, *, mean: float, peak: float, end: float) -> Floats:
    """(j,) how much more a moment counts in memory than it did (E16); `mean` + `peak` + `end` = 1.

    Alaybek et al. 2022: the peak and end do about as well as the plain average, duration has no effect.
    """
    return mean + ratio(peak * moments.is_peak + end * moments.is_last, moments.share, 0.0)


def remembered(within: Floats, multiplier: Floats, cell: Ints, cells: int) -> Floats:
    """(r,) weights as remembered, summing to 1 over each encounter and dimension like `within`.

    Where memory keeps nothing of a dimension (no share for the mean), it is judged as it was.
    """
    recalled = within * multiplier
    kept = summed(recalled, cell, cells)[cell] > 0
    return normalised(np.where(kept, recalled, within), cell, cells)
