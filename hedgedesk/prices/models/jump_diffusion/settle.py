"""Which jumps a history can show: those it cannot are held at inputs, and the rest is climbed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.values import Floats
from hedgedesk.prices.models.jump_diffusion.climb import Flat, Summit, Surface, climbed, highest, summit
from hedgedesk.prices.models.jump_diffusion.coordinates import coordinates_of
from hedgedesk.prices.models.jump_diffusion.jumps import SIDES, SignedJumps

LEAST_JUMPS = 5
"""Fewer expected in the history, and size and rate of a sign are inputs."""
LOOSEST = 0.6
"""Largest standard error of the logarithm of a rate or size that counts as seen: five jumps seen clearly leave 0.45."""


@dataclass(frozen=True, slots=True)
class Settling:
    """How the jumps of one model and history are settled."""

    model: str
    first: int
    """Place of the first parameter of the jumps."""
    years: float
    """Length of the history."""
    inputs: SignedJumps
    """Taken for a sign that the history shows too rarely."""
    require: Callable[[Floats], None]
    """Raises where the rest of the model is not identified at a point."""

    def settle(self, surface: Surface, starts: Sequence[Floats], tick: Tick = silent) -> tuple[Summit, tuple[str, ...]]:
        """The summit, and the sides that were held at the inputs.

        Raises
        ------
        ModelError
            What ``require`` raises.
        NotConverged
            There is no interior maximum.
        """
        held: tuple[int, ...] = ()
        point = highest(surface, starts, tick)
        while True:
            self.require(point)
            found, unseen = self._judged(surface, point)
            doubtful = [side for side in unseen if side not in held]
            if found is not None and not doubtful:
                return found, tuple(SIDES[side] for side in sorted(held))
            held = (*held, *doubtful)
            surface, point = self._holding(surface, point, doubtful)
            point = climbed(surface, point, tick)

    def _judged(self, surface: Surface, point: Floats) -> tuple[Summit | None, list[int]]:
        """The summit where there is one, and the signs (0 down, 1 up) that the history shows too rarely."""
        expected = surface.natural(point[None])[0][[self.first, self.first + 3]] * self.years
        rare = [side for side in range(len(SIDES)) if self._free(surface, side) and expected[side] < LEAST_JUMPS]
        if rare:
            return None, rare
        try:
            found = summit(surface, point, self.model)
        except Flat as flat:
            side = (surface.names.index(flat.parameter) - self.first) // 3
            if side < 0:
                raise
            return None, [side]
        loose = [
            side for side in range(len(SIDES)) if np.any(found.coordinate_errors[self.first + 3 * side :][:2] > LOOSEST)
        ]
        return found, loose

    def _free(self, surface: Surface, side: int) -> bool:
        return bool(surface.free[self.first + 3 * side])

    def _holding(self, surface: Surface, point: Floats, sides: Sequence[int]) -> tuple[Surface, Floats]:
        given, point = coordinates_of(self.inputs), point.copy()
        for side in sides:
            own = np.arange(3 * side, 3 * side + 3)
            point[self.first + own] = given[own]
            surface = surface.holding(*(self.first + own))
        return surface, point
