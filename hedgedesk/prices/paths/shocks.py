"""What events do to the drivers of a block: shortages to accelerator rent, energy shocks to power."""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.events import Following, JumpLaw, Rising, drawn


class Shortages:
    """A token's upward jumps as another price is hit by them, step by step, so that its stated drift stays.

    Parameters
    ----------
    sampler
        The token's; it is told to watch its jumps.
    following
        How the other price is hit.
    years
        (N,) rising dates, above 0: the sampler's.
    """

    def __init__(self, sampler: Rising, following: Following, years: Floats) -> None:
        sampler.watch_rises(following.speed)
        self._sampler, self._share = sampler, following.share
        law = sampler.rises.scaled(following.share)
        gaps = np.diff(years, prepend=0.0).tolist()
        self._means = [law.compensation(gap, following.speed) for gap in gaps]

    def add(self, date: int, out: Any) -> None:
        """Add those of the step to date number ``date``, which the sampler has made, to log levels (n,)."""
        risen = self._sampler.risen
        np.multiply(risen, self._share, out=risen)
        np.add(out, risen, out=out)
        np.subtract(out, self._means[date], out=out)


class EnergyShocks:
    """Jumps of a driver's own, added to its log in place; nothing is taken off for them here.

    Parameters
    ----------
    law
        Rate and sizes.
    speed
        At which the driver returns, per year.
    years
        (N,) rising dates, above 0.
    """

    def __init__(self, law: JumpLaw, speed: float, years: Floats) -> None:
        self._law, self._speed = law, speed
        self._gaps = np.diff(years, prepend=0.0).tolist()

    def start(self, events: np.random.Generator) -> None:
        """Begin a block; ``events`` draws the shocks."""
        self._events = events

    def step(self, date: int, log_level: Any) -> None:
        """Add those of the step to date number ``date`` to ``log_level`` (n,)."""
        gap = self._gaps[date]
        for side in self._law.sides:
            for paths, sizes, since in drawn(self._events, side, gap, log_level.size):
                sizes *= np.exp(-self._speed * gap * since)
                np.add.at(log_level, paths, sizes.astype(log_level.dtype))
