"""Beliefs drawn: many joint futures of price, volume and currency."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.market import ForwardCurve, FuturesContract, fx_factor
from hedgedesk.domain.units import UnitWeights
from hedgedesk.domain.values import ArrayHolder, Dates, Floats, Months, Singles, require_months


@dataclass(frozen=True, eq=False)
class ScenarioSet(ArrayHolder):
    """Joint futures of the months of an exposure; axes (scenario, month) or (scenario, contract).

    It carries its contracts and today's curve, so that plan and risk need no market and cannot disagree with it.
    """

    as_of: np.datetime64
    months: Months
    """(T,) datetime64[M]."""
    unit: UnitWeights
    """What one Mtok of a price, a volume and a lot means: the contract's unit."""
    contracts: tuple[FuturesContract, ...]
    """(K,) rising delivery months; may be empty."""
    curve: ForwardCurve
    """Today's price of each contract, (K,)."""
    cover_share: Floats
    """(K, T) month's share of the open volume that a contract covers; rows add to 1 where it covers any month."""
    price_per_mtok: Floats
    """(S, T) index average of the month: what we pay per Mtok of the contract's unit, in the curve's currency."""
    volume_mtok: Floats
    """(S, T) consumption, Mtok of the contract's unit."""
    open_mtok: Floats
    """(S, T) the part of it bought at a floating price."""
    settlement_per_mtok: Floats
    """(S, K) final settlement of each contract."""
    cny_per_usd: Floats | None = None
    """(S, T) average of the month; None: no currency file."""
    cny_per_usd_today: float | None = None
    drivers: dict[str, Floats] = field(default_factory=dict)
    """(S, T) by name, the month's average of power in currency per MWh, GPU rent in currency per hour."""
    margin_dates: Dates | None = None
    """(D,) datetime64[D] on which margin is called; None: no path of it was asked for."""
    futures_per_mtok: Singles | None = None
    """(S, D, K) float32 futures price of each contract on the dates of margin; once settled, its final settlement."""

    def validate(self) -> None:
        """Raise unless every array has its shape and every number is finite."""
        require_months("months", self.months)
        paths, horizon, listed = len(self.price_per_mtok), self.months.size, len(self.contracts)
        shapes = {
            "price_per_mtok": (paths, horizon),
            "volume_mtok": (paths, horizon),
            "open_mtok": (paths, horizon),
            "settlement_per_mtok": (paths, listed),
            "cover_share": (listed, horizon),
            "cny_per_usd": (paths, horizon),
            "futures_per_mtok": (paths, 0 if self.margin_dates is None else self.margin_dates.size, listed),
        }
        found = {name: getattr(self, name) for name in shapes}
        found |= {f"driver {name}": values for name, values in self.drivers.items()}
        for name, values in found.items():
            shape = shapes.get(name, (paths, horizon))
            if values is not None and values.shape != shape:
                raise ValueError(f"{name} must have shape {shape}, not {values.shape}")
            if values is not None and not np.all(np.isfinite(values)):
                raise ValueError(f"{name} has a value that is not finite")

    @property
    def count(self) -> int:
        """How many scenarios."""
        return len(self.price_per_mtok)

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays that grow with the scenarios."""
        grown = (self.price_per_mtok, self.volume_mtok, self.open_mtok, self.settlement_per_mtok, self.cny_per_usd)
        asked = (self.futures_per_mtok, *self.drivers.values())
        return sum(values.nbytes for values in (*grown, *asked) if values is not None)

    @property
    def delivery_months(self) -> Months:
        """(K,) datetime64[M]."""
        return self.curve.delivery_months

    @property
    def hedgeable(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """(T,) True up to the last contract's delivery month; nothing covers the months past it."""
        if not self.contracts:
            return np.zeros(self.months.size, dtype=np.bool_)
        covered: np.ndarray[tuple[int], np.dtype[np.bool_]] = self.months <= self.delivery_months[-1]
        return covered

    @property
    def mtok_per_lot(self) -> Floats:
        """(K,) Mtok of the contract's unit in one lot."""
        return np.array([contract.spec.mtok_per_lot for contract in self.contracts])

    def money_today(self, amount_in_curve_currency: Floats | float, currency: str) -> Floats | float:
        """Turn an amount of the curve's currency into ``currency`` at today's rate."""
        return amount_in_curve_currency * fx_factor(self.cny_per_usd_today, self.curve.currency, currency)

    def cost_by_month(self, exposure: Exposure, currency: str) -> Floats:
        """(S, T) cost without hedges in ``currency``: floating volume x index average, plus what is committed.

        ``exposure`` must cover the same months (:meth:`Exposure.after`).

        Raises
        ------
        CurrencyMismatch
            A conversion is needed and no rate is at hand.
        """
        cost = self.price_per_mtok * self.open_mtok
        cost *= fx_factor(self.cny_per_usd, self.curve.currency, currency)
        if exposure.commitment_currency:
            cost += exposure.committed_cost * fx_factor(self.cny_per_usd, exposure.commitment_currency, currency)
        return cost

    def gain_per_lot(self, currency: str) -> Floats:
        """(S, K) gain of one long lot bought at today's curve and held to final settlement, in ``currency``."""
        gain = (self.settlement_per_mtok - self.curve.price_per_mtok) * self.mtok_per_lot
        return gain * self.rate_at_delivery(currency)

    def accrued_gain(self, entry_gain_per_mtok: Floats, currency: str) -> float:
        """Gain already made on lots held (:meth:`HedgeBook.entry_gain_per_mtok`), at today's rate."""
        return float(np.sum(self.money_today(entry_gain_per_mtok * self.mtok_per_lot, currency)))

    def rate_at_delivery(self, currency: str) -> Floats | float:
        """(S, K) one unit of the curve's currency in ``currency`` when each contract is delivered; 1 where alike."""
        if self.curve.currency == currency or not self.contracts:
            return 1.0
        rate = fx_factor(self.cny_per_usd, self.curve.currency, currency)
        # A contract that is delivered after the last month of the exposure is converted at that month's rate.
        column = np.clip((self.delivery_months - self.months[0]).astype(np.int64), 0, self.months.size - 1)
        return np.asarray(rate)[:, column]


@dataclass(frozen=True, eq=False)
class PriceFan(ArrayHolder):
    """The index's past and the quantiles of its simulated future, currency per Mtok of the contract's unit."""

    index: str
    currency: str
    unit: str
    as_of: np.datetime64
    history_dates: np.ndarray[tuple[int], np.dtype[np.datetime64]]
    """(n,) datetime64[D]."""
    history_per_mtok: Floats
    """(n,)."""
    months: Months
    """(T,)."""
    levels: Floats
    """(Q,) quantile levels, rising."""
    quantile_per_mtok: Floats
    """(Q, T) of the month's average."""
    mean_per_mtok: Floats
    """(T,)."""
    curve: ForwardCurve

    @property
    def moves(self) -> Floats:
        """(n - 1,) relative change of the index from each observation to the next."""
        return self.history_per_mtok[1:] / self.history_per_mtok[:-1] - 1.0

    def change_over(self, days: int) -> float:
        """Relative change of the index up to its newest observation from the last one at least ``days`` before it.

        NaN where the history does not reach back so far.
        """
        before = self.history_dates <= self.history_dates[-1] - np.timedelta64(days, "D")
        if not before.any():
            return float("nan")
        return float(self.history_per_mtok[-1] / self.history_per_mtok[before][-1] - 1.0)

    @property
    def slope(self) -> float:
        """Growth of today's curve from its first contract to its last, per year; NaN below two contracts."""
        months, price = self.curve.delivery_months, self.curve.price_per_mtok
        if months.size < 2:
            return float("nan")
        years = (months[-1] - months[0]).astype(np.int64) / 12.0
        return float((price[-1] / price[0]) ** (1.0 / years) - 1.0)
