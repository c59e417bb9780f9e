"""Which steps a sticky price is drawn with: those seen, or as often as an asked growth takes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.models.step_price import words
from hedgedesk.prices.models.step_price.tilt import tilt


@dataclass(frozen=True, eq=False)
class StepLaw:
    """Compound Poisson steps of a log price, and a trend between them where they cannot make the growth asked for."""

    sides: tuple[tuple[float, Floats], ...]
    """Rate a year and log sizes of the steps down, up, and to replacements."""
    held: tuple[bool, bool] = (False, False)
    """Whether the rate of the steps down and up is the user's own."""
    drift: float | None = None
    """Growth of the mean price per year that is asked for; None: what the steps make of it."""
    volatility: float = 1.0
    """Factor on every size."""

    @cached_property
    def growth_by_side(self) -> tuple[float, ...]:
        """Growth of the mean price per year that the steps of each side make as they were seen."""
        return tuple(rate * float(np.expm1(sizes).mean()) if sizes.size else 0.0 for rate, sizes in self.sides)

    @property
    def asked(self) -> float:
        """Growth of the mean price per year."""
        return sum(self.growth_by_side) if self.drift is None else self.drift

    @cached_property
    def trend(self) -> float:
        """Growth per year between the steps, which makes up what they lack."""
        if self._tilt is not None and self.volatility == 1.0:
            return 0.0
        sizes, rates = self.atoms
        return self.asked - float(rates @ np.expm1(sizes))

    @cached_property
    def atoms(self) -> tuple[Floats, Floats]:
        """(m,) sizes a step can have and (m,) how often each comes a year."""
        factors = (*(self._tilt or (1.0, 1.0)), 1.0)
        of_each = [
            factor * rate / max(sizes.size, 1) for factor, (rate, sizes) in zip(factors, self.sides, strict=True)
        ]
        sizes = self.volatility * np.concatenate([sizes for _, sizes in self.sides])
        rates = np.repeat(of_each, [sizes.size for _, sizes in self.sides])
        moving = (sizes != 0) & (rates > 0)
        return sizes[moving], rates[moving]

    @property
    def variance(self) -> float:
        """Of a year's steps together, in log price."""
        sizes, rates = self.atoms
        return float(rates @ sizes**2)

    def told(self) -> tuple[str, ...]:
        """What is done to make the asked growth, in words; nothing where the steps are those seen."""
        if self.trend:
            return (words.of_trend(self.trend, cannot=self._tilt is None),)
        if self.drift is None or self._tilt is None or not self.variance:
            return ()
        down, up = (rate for rate, _ in self.sides[:2])
        seen = StepLaw(self.sides).variance ** 0.5
        return (words.of_tilt(self.drift, (down, up), self._tilt, (seen, self.variance**0.5)),)

    @cached_property
    def _tilt(self) -> tuple[float, float] | None:
        """Factors on the rates of steps down and up; None where no factors make the asked growth."""
        if self.drift is None:
            return 1.0, 1.0
        down, up, replaced = self.growth_by_side
        left = self.drift - replaced - self.held[0] * down - self.held[1] * up
        return tilt(left, 0.0 if self.held[0] else -down, 0.0 if self.held[1] else up)
