"""An anchor: a published figure beside the one that the program gives in the same circumstances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

RUN = "run"  # simulated from a scenario, customer by customer
RULE = "rule"  # by the program's rule alone, where it is a curve without chance


@dataclass(frozen=True)
class Anchor:
    """One figure of the table. `half_width` (95 %) is None where nothing is left to chance.

    `status`: finding (published figure), derived (computed from published ones), recalled (of the literature, from
    memory). `tolerance`: how far the two may lie apart, beside twice the half-width: the rounding of what is
    published, or of the default taken from it.
    """

    name: str
    inputs: str
    source: str
    status: str
    published: float
    obtained: float
    half_width: float | None
    tolerance: float
    how: str

    @property
    def agrees(self) -> bool:
        """Whether the two figures are one; twice the half-width of 95 % is passed by chance once in ten thousand."""
        return abs(self.obtained - self.published) <= self.tolerance + 2 * (self.half_width or 0.0)


def figure(values: Sequence[float] | np.ndarray) -> tuple[float, float]:
    """Mean over replications, and its 95 % half-width."""
    sample = np.asarray(values, dtype=float)
    error = float(sample.std(ddof=1)) / float(np.sqrt(len(sample)))
    return float(sample.mean()), float(student.ppf(0.975, len(sample) - 1)) * error
