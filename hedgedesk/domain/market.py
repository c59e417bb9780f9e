"""Facts of the market: the index, the futures, the currency, and the contract's terms."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from hedgedesk.domain.drivers import Drivers
from hedgedesk.domain.errors import CurrencyMismatch
from hedgedesk.domain.units import STANDARD_UNITS, Lots, Mtok, UnitWeights
from hedgedesk.domain.values import ArrayHolder, Dates, Floats, Months, require_months
from hedgedesk.domain.venue import (
    Fees,
    Holidays,
    LastTradingDay,
    LimitLock,
    OpeningLimit,
    QuotaWindows,
    SettlementRules,
)

INDICATIVE = "indicative: not listed"
"""Stands in every output whose curve no exchange quotes."""
STANDARD_MODE = "standard"
"""How a request is served that asks for nothing special: not batch, not fast."""


@dataclass(frozen=True, eq=False)
class TokenIndex(ArrayHolder):
    """History of the reference price, currency per Mtok of the contract's unit."""

    name: str
    currency: str
    dates: Dates
    """(n,) datetime64[D], strictly rising."""
    price_per_mtok: Floats
    """(n,), all above 0."""

    def validate(self) -> None:
        """Raise ``ValueError`` unless dates rise strictly, prices are positive and both have one length."""
        if self.dates.shape != self.price_per_mtok.shape or self.dates.size == 0:
            raise ValueError("an index needs as many prices as dates, and at least one")
        if np.any(np.diff(self.dates) <= np.timedelta64(0, "D")):
            raise ValueError("index dates must rise strictly")
        if not np.all(self.price_per_mtok > 0):
            raise ValueError("index prices must be above 0: the models work in logarithms")

    def until(self, day: np.datetime64) -> TokenIndex:
        """The history up to ``day``; ``ValueError`` where it begins later."""
        known = self.dates <= day
        return replace(self, dates=self.dates[known], price_per_mtok=self.price_per_mtok[known])


@dataclass(frozen=True, eq=False)
class ForwardCurve(ArrayHolder):
    """Futures prices of one day, currency per Mtok of the contract's unit."""

    as_of: np.datetime64
    currency: str
    delivery_months: Months
    """(K,) datetime64[M], rising."""
    price_per_mtok: Floats
    """(K,)."""
    indicative: bool = False
    """True: model-implied, nobody quotes it. Every output must say so."""

    def validate(self) -> None:
        """Raise unless the delivery months are months, rise strictly, and each has a positive price."""
        require_months("delivery_months", self.delivery_months)
        if self.delivery_months.shape != self.price_per_mtok.shape:
            raise ValueError("a curve needs one price per delivery month")
        if np.any(np.diff(self.delivery_months).astype(np.int64) <= 0):
            raise ValueError("delivery months must rise strictly")
        if not np.all(self.price_per_mtok > 0):
            raise ValueError("futures prices must be above 0")

    def price_of(self, months: Months) -> Floats:
        """(T,) today's price of each month: of the first contract delivered in it or after, flat past the last.

        NaN everywhere where nothing is quoted.
        """
        if self.delivery_months.size == 0:
            return np.full(months.size, np.nan)
        covering = np.searchsorted(self.delivery_months, months)
        return self.price_per_mtok[np.minimum(covering, self.delivery_months.size - 1)]


@dataclass(frozen=True, eq=False)
class FuturesHistory(ArrayHolder):
    """Past futures settlements as a panel by contract, currency per Mtok; NaN where a contract did not trade."""

    currency: str
    dates: Dates
    """(T,) datetime64[D], strictly rising."""
    delivery_months: Months
    """(K,) datetime64[M], strictly rising."""
    settlement_per_mtok: Floats
    """(T, K)."""

    def validate(self) -> None:
        """Raise when shapes, order or signs are wrong."""
        require_months("delivery_months", self.delivery_months)
        if self.settlement_per_mtok.shape != (self.dates.size, self.delivery_months.size):
            raise ValueError("settlements must be (dates, delivery months)")
        if np.any(np.diff(self.dates) <= np.timedelta64(0, "D")):
            raise ValueError("futures dates must rise strictly")
        if np.any(self.settlement_per_mtok <= 0):
            raise ValueError("settlements must be above 0")

    def newest_curve(self) -> ForwardCurve:
        """Today's curve: the quotes of the newest date."""
        quoted = np.isfinite(self.settlement_per_mtok[-1])
        return ForwardCurve(
            as_of=self.dates[-1],
            currency=self.currency,
            delivery_months=self.delivery_months[quoted],
            price_per_mtok=self.settlement_per_mtok[-1, quoted],
        )

    def until(self, day: np.datetime64) -> FuturesHistory | None:
        """The quotes up to ``day`` of contracts that were quoted by then; None where there are none."""
        known = self.dates <= day
        quoted = np.isfinite(self.settlement_per_mtok[known]).any(axis=0)
        if not quoted.any():
            return None
        return replace(
            self,
            dates=self.dates[known],
            delivery_months=self.delivery_months[quoted],
            settlement_per_mtok=self.settlement_per_mtok[known][:, quoted],
        )


@dataclass(frozen=True, eq=False)
class FxCurve(ArrayHolder):
    """History of CNY per USD; the only place where two currencies meet."""

    dates: Dates
    """(n,) datetime64[D], strictly rising."""
    cny_per_usd: Floats
    """(n,), above 0."""

    def validate(self) -> None:
        """Raise ``ValueError`` unless dates rise strictly and rates are positive."""
        if self.dates.shape != self.cny_per_usd.shape or self.dates.size == 0:
            raise ValueError("an FX history needs as many rates as dates, and at least one")
        if np.any(np.diff(self.dates) <= np.timedelta64(0, "D")):
            raise ValueError("FX dates must rise strictly")
        if not np.all(self.cny_per_usd > 0):
            raise ValueError("FX rates must be above 0")

    @property
    def today(self) -> float:
        """Newest rate, CNY per USD."""
        return float(self.cny_per_usd[-1])

    def until(self, day: np.datetime64) -> FxCurve | None:
        """The rates up to ``day``; None where there are none."""
        known = self.dates <= day
        return replace(self, dates=self.dates[known], cny_per_usd=self.cny_per_usd[known]) if known.any() else None


def fx_factor(cny_per_usd: float | Floats | None, source: str, target: str) -> float | Floats:
    """Multiply an amount in ``source`` by this to have it in ``target``.

    Raises
    ------
    CurrencyMismatch
        No rate is at hand, or the pair is not CNY and USD.
    """
    if source == target:
        return 1.0
    if cny_per_usd is None or {source, target} != {"CNY", "USD"}:
        raise CurrencyMismatch(
            f"cannot turn {source} into {target}: market/fx.csv gives cny_per_usd, and no other pair is known"
        )
    return cny_per_usd if target == "CNY" else 1.0 / cny_per_usd


@dataclass(frozen=True, eq=False)
class ListPrices(ArrayHolder):
    """Dated list prices of models by meter, currency per Mtok of raw tokens; one row per change."""

    currency: str
    effective_dates: Dates
    """(n,)."""
    providers: tuple[str, ...]
    models: tuple[str, ...]
    meters: tuple[str, ...]
    price_per_mtok: Floats
    """(n,), at least 0."""
    modes: tuple[str, ...] = ()
    """(n,) how requests are served at the price: standard, batch, fast; left out: all standard."""
    sources: tuple[str, ...] = ()
    """(n,) who reported the price; empty: the desk's own list. Left out: all the desk's own."""

    def __post_init__(self) -> None:
        for name, default in (("modes", STANDARD_MODE), ("sources", "")):
            if not getattr(self, name):
                object.__setattr__(self, name, (default,) * len(self.providers))
        super().__post_init__()

    def validate(self) -> None:
        """Raise ``ValueError`` unless every column has one length and no price is negative."""
        sizes = {
            self.effective_dates.size,
            len(self.providers),
            len(self.models),
            len(self.meters),
            len(self.modes),
            len(self.sources),
            self.price_per_mtok.size,
        }
        if len(sizes) != 1 or np.any(self.price_per_mtok < 0):
            raise ValueError("list prices need columns of one length and prices of at least 0")

    def until(self, day: np.datetime64) -> ListPrices | None:
        """The changes in force by ``day``; None where there are none."""
        rows = np.flatnonzero(self.effective_dates <= day).tolist()
        if not rows:
            return None
        return ListPrices(
            currency=self.currency,
            effective_dates=self.effective_dates[rows],
            providers=tuple(self.providers[row] for row in rows),
            models=tuple(self.models[row] for row in rows),
            meters=tuple(self.meters[row] for row in rows),
            price_per_mtok=self.price_per_mtok[rows],
            modes=tuple(self.modes[row] for row in rows),
            sources=tuple(self.sources[row] for row in rows),
        )


@dataclass(frozen=True, slots=True)
class MarginStep:
    """Initial margin rate from a number of trading days before the last trading day on."""

    rate: float
    days_before_last: int | None = None
    """None: the ordinary rate, until the first step with a number."""


@dataclass(frozen=True, slots=True)
class ContractSpec:
    """Terms of a futures contract: data, never code, because no token future is listed yet.

    Example: multiplier 50 CNY per point and 1 CNY per Mtok a point make a lot of 50 Mtok; 3 lots at 20 CNY per Mtok
    are 3 * 50 * 20 = 3,000 CNY of notional.
    """

    currency: str
    multiplier: float
    """Money per index point."""
    unit: UnitWeights = STANDARD_UNITS["stu"]
    price_per_point: float = 1.0
    """Currency per Mtok that one index point stands for."""
    name: str = "Token index (template)"
    venue: str | None = None
    status: str = "not_listed"
    """not_listed, announced, listed or otc."""
    index: str | None = None
    months: tuple[int, ...] = (2, 4, 6, 8, 10, 12)
    listed_months: int = 12
    tick: float = 0.1
    price_limit: float | None = 0.10
    """Largest move of a day, a share of the last settlement; None: no limit."""
    margin_schedule: tuple[MarginStep, ...] = (MarginStep(0.12), MarginStep(0.20, 7), MarginStep(0.30, 2))
    final_settlement: int = 3
    """How many of the last index prints are averaged."""
    position_limit: float | None = None
    """Lots per contract; None: not stated."""
    terms: dict[str, str] = field(default_factory=dict)
    """Terms kept for the reader and the audit that no formula uses (hours, quote, collateral ...)."""
    calendar: str | None = None
    """Whose trading days count; None: weekdays."""
    last_day: LastTradingDay | None = None
    """None: the delivery month's last day."""
    limit_lock: LimitLock = field(default_factory=LimitLock)
    first_day_multiple: float = 2.0
    """A contract's first day has this many times the ordinary price limit."""
    fees: Fees = field(default_factory=Fees)
    opening_limit: OpeningLimit | None = None
    """None: not stated."""
    quota_windows: QuotaWindows = field(default_factory=QuotaWindows)
    settlement: SettlementRules = field(default_factory=SettlementRules)
    aggregation: bool = True
    """Whether accounts under common control count together."""
    report_share: float | None = 1.0
    """Share of the position limit from which a large trader reports; None: no report is asked for."""

    @property
    def mtok_per_lot(self) -> float:
        """Mtok of the contract's unit in one lot."""
        return self.multiplier / self.price_per_point

    @property
    def listed(self) -> bool:
        """Whether an exchange trades it."""
        return self.status == "listed"


@dataclass(frozen=True, slots=True)
class FuturesContract:
    """One delivery month of a :class:`ContractSpec`; only it turns lots into Mtok or money."""

    spec: ContractSpec
    delivery_month: np.datetime64
    last_trading_day: np.datetime64
    margin_from: tuple[np.datetime64, ...] = ()
    """The day at whose clearing each margin step that counts trading days is booked; empty: counted in weekdays."""
    nearby_from: np.datetime64 | None = None
    """First day of the nearby month's limits and quotas; None: counted in weekdays."""

    @property
    def code(self) -> str:
        """YYYY-MM, the name used in files and outputs."""
        return str(self.delivery_month)

    def mtok(self, lots: Lots) -> Mtok:
        """Volume of ``lots``, Mtok of the contract's unit."""
        return Mtok(lots * self.spec.mtok_per_lot)

    def lots(self, mtok: Mtok) -> Lots:
        """Lots (not rounded) that make ``mtok``."""
        return Lots(mtok / self.spec.mtok_per_lot)

    def notional(self, lots: Lots, price_per_mtok: float) -> float:
        """Money in the contract's currency: 3 lots of 50 Mtok at 20 are 3,000."""
        return self.mtok(lots) * price_per_mtok


@dataclass(frozen=True, eq=False)
class MarketSnapshot(ArrayHolder):
    """Everything known of the market on one day."""

    index: TokenIndex
    contract: ContractSpec
    futures: FuturesHistory | None = None
    fx: FxCurve | None = None
    list_prices: ListPrices | None = None
    drivers: Drivers | None = None
    """What moves beside the token; None: at most the currency does."""
    holidays: Holidays | None = None
    """Days without trading that the desk names beyond those that its calendar knows."""

    def validate(self) -> None:
        """Raise :class:`CurrencyMismatch` unless index, futures and contract share one currency."""
        currencies = {self.index.currency, self.contract.currency}
        if self.futures is not None:
            currencies.add(self.futures.currency)
        if len(currencies) > 1:
            raise CurrencyMismatch(
                f"index, futures and contract must share one currency, found {', '.join(sorted(currencies))}"
            )

    @property
    def as_of(self) -> np.datetime64:
        """Newest date of the index and the futures, datetime64[D]; exposure starts with the month after it."""
        newest = self.index.dates[-1]
        return newest if self.futures is None else max(newest, self.futures.dates[-1])

    @property
    def curve(self) -> ForwardCurve | None:
        """Today's quotes; None where nobody quotes."""
        return None if self.futures is None else self.futures.newest_curve()

    def until(self, day: np.datetime64) -> MarketSnapshot:
        """The market as it was known on ``day``: every fact that is dated later is left out.

        Raises
        ------
        ValueError
            The index begins after ``day``.
        """
        return replace(
            self,
            index=self.index.until(day),
            futures=None if self.futures is None else self.futures.until(day),
            fx=None if self.fx is None else self.fx.until(day),
            list_prices=None if self.list_prices is None else self.list_prices.until(day),
            drivers=None if self.drivers is None else self.drivers.until(day),
        )
