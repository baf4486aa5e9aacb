"""Money day by day: what came in, what was spent on what, and what the day's customers are worth later on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Daily:
    """Money of one replication day by day, (days,) each; the sum over days is the measure."""

    margin: Floats
    staff: Floats  # wages of the roster
    overtime: Floats  # wages beyond it
    training: Floats
    management: Floats  # audits, bonuses, coaching, research, hiring
    amends: Floats  # spent on putting problems right
    equity: Floats  # lifetime value of the customers of the encounters completed that day, each customer once

    @property
    def earned(self) -> Floats:
        """Margin, and what the customers are worth later on, less what work beyond the roster and problems cost."""
        return self.margin + self.equity - self.amends - self.overtime

    @property
    def cost(self) -> Floats:
        """What management decides to spend: the roster, training, and its programmes."""
        return self.staff + self.training + self.management
