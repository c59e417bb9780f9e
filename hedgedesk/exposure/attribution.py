"""Cost between two periods by volume, mix, meters, price and hedge, and the price indices beside it (methods.md §8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.values import ArrayHolder, Floats

CAUSES = ("volume", "mix", "meter", "price", "hedge")
ORDERS = ("forward", "backward")


@dataclass(frozen=True, eq=False)
class Period(ArrayHolder):
    """Use and prices of one period."""

    volume: float
    """Q, Mtok of raw tokens."""
    shares: Floats
    """(J,) of each model in the volume; they add up to 1."""
    ratios: Floats
    """(J, M) of each meter in a model's volume; each row adds up to 1."""
    prices: Floats
    """(J, M) currency per Mtok; NaN: the model had none yet."""
    hedge: float = 0.0
    """Gain of the hedge."""

    def validate(self) -> None:
        """Raise ``ValueError`` when the shapes disagree or shares do not add up to 1."""
        if self.ratios.shape != self.prices.shape or self.shares.shape != self.ratios.shape[:1]:
            raise ValueError("a period needs a share for every model, and a ratio and a price for each of its meters")
        if not np.isclose(self.shares.sum(), 1.0) or not np.allclose(self.ratios.sum(axis=1), 1.0):
            raise ValueError("shares of models and ratios of meters must add up to 1")


def attribute(before: Period, after: Period, *, order: str = "forward") -> dict[str, float]:
    """Change of cost by cause; it telescopes to C1 - C0 with C = Q sum(s kappa p) - G.

    A model without a first price takes its entry price (that of ``after``), so its coming shows in the mix.

    Parameters
    ----------
    before, after
        The two periods, of the same models and meters.
    order
        ``forward`` changes volume, mix, meters, then prices; ``backward`` the other way round.

    Returns
    -------
    By name of :data:`CAUSES`.

    Raises
    ------
    ValueError
        No order has that name.
    """
    if order not in ORDERS:
        raise ValueError(f"no order is called {order!r}; known are {', '.join(ORDERS)}")
    states = [_state(period) for period in _with_entry_prices(before, after)]
    turns = range(4) if order == "forward" else range(3, -1, -1)
    parts, now = {}, list(states[0])
    for turn in turns:
        cost = _cost(now)
        now[turn] = states[1][turn]
        parts[CAUSES[turn]] = _cost(now) - cost
    return {name: parts[name] for name in CAUSES[:4]} | {"hedge": -(after.hedge - before.hedge)}


def price_indices(before: Period, after: Period) -> dict[str, float]:
    """Laspeyres (old basket), Paasche (new basket) and Fisher (their geometric mean) of the prices, 1 at ``before``."""
    first, last = (_state(period) for period in _with_entry_prices(before, after))
    laspeyres = _cost([*first[:3], last[3]]) / _cost(first)
    paasche = _cost(last) / _cost([*last[:3], first[3]])
    return {"laspeyres": laspeyres, "paasche": paasche, "fisher": float(np.sqrt(laspeyres * paasche))}


def _with_entry_prices(before: Period, after: Period) -> tuple[Period, Period]:
    """Both periods with every price known: a new model's is its entry price, a retired one's its last."""
    first = np.where(np.isnan(before.prices), after.prices, before.prices)
    last = np.where(np.isnan(after.prices), before.prices, after.prices)
    return (
        Period(before.volume, before.shares, before.ratios, first, before.hedge),
        Period(after.volume, after.shares, after.ratios, last, after.hedge),
    )


def _state(period: Period) -> list[Floats]:
    return [np.array(period.volume), period.shares, period.ratios, period.prices]


def _cost(state: list[Floats]) -> float:
    volume, shares, ratios, prices = state
    return float(volume * np.sum(shares[:, None] * ratios * prices))
