"""The token's price on a grid of dates: a model's sampler, tied to today's curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.prices.events import Following, Rising
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.paths.shift import curve_shift
from hedgedesk.prices.paths.shocks import Shortages
from hedgedesk.prices.paths.streams import Stream, generator
from hedgedesk.prices.reach import redrawn_for, require_reach

REDRAWN_TOGETHER = 64
"""Paths that share one draw of the parameters, where those are drawn too."""


class Token(Protocol):
    """Walks the index price of a block, today's curve and the risk premium included."""

    normals: int
    """g, a path takes per date."""
    direction: Floats
    """(N, g) as of :class:`hedgedesk.prices.model.Sampler`."""

    def start(self, events: np.random.Generator, size: int, block: int) -> None:
        """Begin block number ``block`` of ``size`` paths."""
        ...

    def step(self, date: int, normals: Any, log_price: Any) -> None:
        """Move to date number ``date`` and write the log prices (n,)."""
        ...

    def log_futures(self, date: int, later: int, out: Any) -> None:
        """Write the log of what the price of date ``later`` is traded at on the present ``date`` into ``out`` (n,)."""
        ...

    def add_shortages(self, date: int, out: Any) -> None:
        """Add what the step just made to ``date`` does to the price that follows its jumps to log levels (n,)."""
        ...


@dataclass(frozen=True, eq=False)
class Anchor(ArrayHolder):
    """What ties any model to today's market: quotes where there are some, and what the settings ask for."""

    years: Floats
    """(N,) the grid."""
    prints: tuple[slice, ...]
    """K slices of the grid: each contract's settlement dates."""
    quotes: Floats | None
    """(K,) today's prices; None: nobody quotes, the model's own curve stands."""
    volatility: float = 1.0
    """Factor on the fitted volatility; it moves no mean price."""
    drift: float = 0.0
    """Growth of the index per year where nobody quotes."""
    premium: float = 0.0
    """Drift of the real-world price above today's curve, per year."""

    def tied(self, model: PriceModel) -> tuple[PriceModel, Floats, Floats]:
        """The model to draw from, the shift (N,) of its log price, and today's prices (K,) of the contracts.

        Raises
        ------
        ModelError
            The price leaves every scale (:func:`hedgedesk.prices.reach.require_reach`).
        NotConverged
            A quote cannot be matched.
        """
        if self.quotes is None:
            model = model.with_drift(self.drift)
        require_reach(model, self.years)
        forward = model.futures(self.years)
        if self.quotes is None:
            shift = np.zeros_like(self.years)
            price = np.array([forward[cut].mean() for cut in self.prints])
        else:
            shift = curve_shift(forward, self.years, list(self.prints), self.quotes)
            price = self.quotes
        drawn = model.with_volatility(self.volatility)
        if self.quotes is None:
            drawn = drawn.with_drift(self.drift)
        require_reach(drawn, self.years)
        return drawn, shift + np.log(forward / drawn.futures(self.years)), price


class AnchoredToken:
    """One model, the same for every path.

    Parameters
    ----------
    model, shift
        Of :meth:`Anchor.tied`.
    anchor
        Grid and premium.
    size
        Largest block.
    precision
        float32 or float64.
    following
        How another price is hit by its upward jumps; None: nobody asks.
    """

    def __init__(
        self,
        model: PriceModel,
        shift: Floats,
        anchor: Anchor,
        size: int,
        precision: np.dtype[Any],
        following: Following | None = None,
    ) -> None:
        self._sampler = model.sampler(anchor.years, size, precision)
        self._shortages = None
        if following is not None and isinstance(self._sampler, Rising):
            self._shortages = Shortages(self._sampler, following, anchor.years)
        self.normals, self.direction = self._sampler.normals, self._sampler.direction
        self._years, self._shift = anchor.years.tolist(), shift.tolist()
        self._premium = (anchor.premium * anchor.years).tolist()

    def start(self, events: np.random.Generator, size: int, block: int) -> None:
        """Begin a block of ``size`` paths."""
        self._sampler.start(events, size)

    def step(self, date: int, normals: Any, log_price: Any) -> None:
        """Move to date number ``date`` and write the log prices (n,)."""
        self._sampler.step(date, normals, log_price)
        trend = self._shift[date] + self._premium[date]
        if trend != 0.0:
            np.add(log_price, trend, out=log_price)

    def log_futures(self, date: int, later: int, out: Any) -> None:
        """Write the log futures price of date ``later`` on ``date``; a premium earned so far stays in it."""
        self._sampler.log_futures(self._years[later] - self._years[date], out)
        trend = self._shift[later] + self._premium[date]
        if trend != 0.0:
            np.add(out, trend, out=out)

    def add_shortages(self, date: int, out: Any) -> None:
        """Add what the upward jumps of the last step do to the price that follows them; nothing without jumps."""
        if self._shortages is not None:
            self._shortages.add(date, out)


class RedrawnToken:
    """Models with parameters from their estimated distribution, one for each 64 paths, each tied to the curve anew.

    Where nobody quotes, each keeps the curve of its own parameters: the mean price is not known better than they are.

    Parameters
    ----------
    model
        As fitted.
    anchor
        What each redrawn model is tied by.
    size
        Largest block.
    precision
        float32 or float64.
    seed
        Of the run: group i of block b is drawn with (seed, PARAMETERS, number of the group over all blocks).
    following
        How another price is hit by its upward jumps; None: nobody asks.
    """

    def __init__(
        self,
        model: PriceModel,
        anchor: Anchor,
        size: int,
        precision: np.dtype[Any],
        seed: int,
        following: Following | None = None,
    ) -> None:
        self._model, self._anchor, self._precision, self._seed = model, anchor, precision, seed
        self._following = following
        self._groups = -(-size // REDRAWN_TOGETHER)
        drawn, shift, _ = anchor.tied(model)
        fitted = AnchoredToken(drawn, shift, anchor, 1, precision)
        self.normals, self.direction = fitted.normals, fitted.direction

    def start(self, events: np.random.Generator, size: int, block: int) -> None:
        """Draw the parameters of block number ``block`` and begin it."""
        self._parts = []
        for group in range(-(-size // REDRAWN_TOGETHER)):
            cut = slice(group * REDRAWN_TOGETHER, min((group + 1) * REDRAWN_TOGETHER, size))
            token = self._drawn(block * self._groups + group)
            token.start(events, cut.stop - cut.start, block)
            self._parts.append((cut, token))

    def step(self, date: int, normals: Any, log_price: Any) -> None:
        """Move to date number ``date``, group by group."""
        for cut, token in self._parts:
            token.step(date, normals[:, cut], log_price[cut])

    def log_futures(self, date: int, later: int, out: Any) -> None:
        """Write the log futures prices, each group's by its own parameters."""
        for cut, token in self._parts:
            token.log_futures(date, later, out[cut])

    def add_shortages(self, date: int, out: Any) -> None:
        """Add what the upward jumps of the last step do, each group's made up for by its own parameters."""
        for cut, token in self._parts:
            token.add_shortages(date, out[cut])

    def _drawn(self, group: int) -> AnchoredToken:
        random = generator(self._seed, Stream.PARAMETERS, group)
        drawn, shift, _ = redrawn_for(self._model, random, self._anchor.tied)
        return AnchoredToken(drawn, shift, self._anchor, REDRAWN_TOGETHER, self._precision, self._following)
