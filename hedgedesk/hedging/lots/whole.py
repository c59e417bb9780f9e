"""What a search for whole lots answers, and how near to the best it goes."""

from __future__ import annotations

from dataclasses import dataclass

from hedgedesk.domain.values import ArrayHolder, Floats

TOLERANCE = 1e-4
"""Gap that is searched for: distance of plan and bound, relative to the larger of objective and the cost's spread."""


@dataclass(frozen=True, eq=False)
class WholeLots(ArrayHolder):
    """The best whole-lot position found, and the bound that no whole-lot position can beat."""

    position: Floats
    objective: float
    lower_bound: float
