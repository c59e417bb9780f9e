"""The levels of the basis ladder, measured month by month on real usage, a book of list prices and an index."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import FxCurve, TokenIndex, fx_factor
from hedgedesk.domain.rates import PriceBook
from hedgedesk.domain.study import BasisLadder, BasisSplit
from hedgedesk.domain.units import METERS, UnitWeights
from hedgedesk.domain.usage import TOKENS, Usage
from hedgedesk.domain.values import ArrayHolder, Floats, Months
from hedgedesk.exposure.basis.ladder import Levels, split, steps, to_cents
from hedgedesk.exposure.basis.list_prices import monthly_list_prices
from hedgedesk.exposure.spend import spent
from hedgedesk.exposure.standard_tokens import TOKENS_PER_MTOK, units_of

OUTPUT = METERS.index("output")


@dataclass(frozen=True, eq=False)
class LevelHistory(ArrayHolder):
    """Month by month what the ladder stands on; prices in ``bill_currency`` per Mtok of the unit."""

    months: Months
    """(T,) from the first with usage to the last, without a hole."""
    prices: Floats
    """(T, 5) I, L_ref, L_mix, L_unit and P; NaN where a month has none."""
    units: Floats
    """(T,) Mtok of the unit."""
    gross_units: Floats
    """(T,) before anything is cached or in a batch."""
    fx: Floats
    """(T,) ``currency`` for one of ``bill_currency``."""
    bill_currency: str
    currency: str
    unit: str

    def at(self, month: np.datetime64) -> Levels:
        """The levels of one month.

        Raises
        ------
        InputError
            The month has no usage, no index or no list price.
        """
        t = int((month.astype("datetime64[M]") - self.months[0]).astype(np.int64)) if self.months.size else -1
        if not 0 <= t < self.months.size or not np.isfinite(self.prices[t, -1]):
            raise InputError(f"{month} has no usage with a cost, so it has no place in a split")
        if not np.isfinite(self.prices[t, 0]):
            raise InputError(f"{month} has no index price, so its cost cannot be split")
        if not np.isfinite(self.prices[t]).all():
            raise InputError(f"{month} has no model with a known list price, so its cost cannot be split")
        units, gross, rate = float(self.units[t]), float(self.gross_units[t]), float(self.fx[t])
        index, reference, own_mix, own_ratio, paid = self.prices[t].tolist()
        return Levels(index, reference, own_mix, own_ratio, paid, units, gross, rate)

    @property
    def complete(self) -> NDArray[np.bool_]:
        """(T,) months that have every level."""
        return np.asarray(np.isfinite(self.prices).all(axis=1), dtype=np.bool_)

    def ladders(self) -> tuple[BasisLadder, ...]:
        """One for every month that has all levels."""
        return tuple(self._ladder(t) for t in np.flatnonzero(self.complete).tolist())

    def _ladder(self, t: int) -> BasisLadder:
        listed, mix, ratio, realised = steps(self.prices[t]).tolist()
        index, paid = self.prices[t, [0, -1]].tolist()
        month = str(self.months[t])
        return BasisLadder(month, self.bill_currency, self.unit, index, listed, mix, ratio, realised, paid)

    def split(self, first: np.datetime64, last: np.datetime64, *, method: str = "ladder") -> BasisSplit:
        """Change of cost between two months by cause, to the cent; see :mod:`hedgedesk.exposure.basis.ladder`.

        Raises
        ------
        InputError
            A month lacks a level.
        """
        before, after = self.at(first), self.at(last)
        start, end = (round(levels.fx * levels.cost, 2) for levels in (before, after))
        parts = to_cents(split(before, after, method=method), round(end - start, 2))
        return BasisSplit(str(first), str(last), self.currency, start, end, parts)


def measure(
    usage: Usage,
    index: TokenIndex,
    list_prices: PriceBook,
    unit: UnitWeights,
    fx: FxCurve | None = None,
    *,
    currency: str | None = None,
) -> LevelHistory:
    """The levels of every month of ``usage``.

    A list price of a month is its mean over the month's time; a model that has none yet takes its entry price, one
    that is gone its last. What no list price covers (unknown models, what is not billed by the token) is part of what
    was paid and so of the step from list to realised. Rows whose cost nobody tells are left out.

    Parameters
    ----------
    usage
        With ``billed`` or ``priced`` money.
    index
        Per Mtok of ``unit``, in any currency.
    list_prices
        Where list prices are looked up.
    unit
        The contract's.
    fx
        Turns index and list prices into the currency of the bill, and the bill into ``currency``.
    currency
        Of the split; None: the bill's own.

    Raises
    ------
    CurrencyMismatch
        Two currencies meet and ``fx`` does not know them.
    """
    usage, costs = _with_a_cost(usage)
    months = _months(usage)
    rates, currency = monthly_rates(fx, months), currency or usage.currency
    cells = tuple(dict.fromkeys((key.seller, key.model) for key in usage.keys if key.item == TOKENS))
    volumes = _volumes(usage, months, cells)
    prices = monthly_list_prices(list_prices, cells, months, rates, usage.currency)
    row = _month_of_rows(usage, months)
    net, money = (_monthly(row, each, months.size) for each in (units_of(usage, unit), costs))
    with np.errstate(divide="ignore", invalid="ignore"):
        paid = np.where(net > 0, money / net, np.nan)
    printed = _monthly_index(index, months) * fx_factor(rates, index.currency, usage.currency)
    listed = _list_levels(volumes, prices, unit)
    gross = (volumes @ _two_weights(unit)).sum(axis=1)
    rate = np.broadcast_to(np.asarray(fx_factor(rates, usage.currency, currency)), months.shape)
    levels = np.column_stack([printed, listed, paid])
    return LevelHistory(months, levels, net, gross, rate.copy(), usage.currency, currency, unit.name)


def _with_a_cost(usage: Usage) -> tuple[Usage, Floats]:
    """The rows whose cost is known, and that cost: tokens at an unknown cost would make the others look cheap."""
    costs = spent(usage)
    known = np.isfinite(costs)
    columns = {each.name: getattr(usage, each.name) for each in dataclasses.fields(usage)}
    kept: dict[str, Any] = {name: cells[known] for name, cells in columns.items() if isinstance(cells, np.ndarray)}
    return dataclasses.replace(usage, **kept), costs[known]


def _months(usage: Usage) -> Months:
    found = usage.starts.astype("datetime64[M]")
    if not found.size:
        return np.array([], dtype="datetime64[M]")
    return np.arange(found.min(), found.max() + np.timedelta64(1, "M"), dtype="datetime64[M]")


def _month_of_rows(usage: Usage, months: Months) -> NDArray[np.int64]:
    return (usage.starts.astype("datetime64[M]") - months[:1]).astype(np.int64)


def _monthly(row: NDArray[np.int64], amounts: Floats, months: int) -> Floats:
    return np.bincount(row, weights=amounts, minlength=months).astype(np.float64)


def _two_weights(unit: UnitWeights) -> Floats:
    """(2,) weight of a prompt token before caching, and of an output token."""
    return np.array([unit.uncached_input, unit.output])


def _volumes(usage: Usage, months: Months, cells: tuple[tuple[str, str], ...]) -> Floats:
    """(T, J, 2) Mtok of prompt (uncached, read and written) and of output."""
    place = {cell: j for j, cell in enumerate(cells)}
    of_key = np.array([place.get((k.seller, k.model), 0) if k.item == TOKENS else 0 for k in usage.keys], dtype=int)
    is_token = np.array([k.item == TOKENS for k in usage.keys], dtype=bool)[usage.key]
    volumes = np.zeros((months.size, len(cells), 2))
    prompt, output = usage.tokens[:, :OUTPUT].sum(axis=1), usage.tokens[:, OUTPUT]
    both = np.where(is_token[:, None], np.stack([prompt, output], axis=1), 0.0) / TOKENS_PER_MTOK
    if len(cells):
        np.add.at(volumes, (_month_of_rows(usage, months), of_key[usage.key]), both)
    return volumes


def _list_levels(volumes: Floats, prices: Floats, unit: UnitWeights) -> Floats:
    """(T, 3) L_ref, L_mix and L_unit from (T, J, 2) volumes and prices."""
    weights = _two_weights(unit)
    pooled = volumes.sum(axis=0)
    prices = np.where(pooled > 0, prices, 0.0)  # embeddings have no output, nor a price for it
    known = np.isfinite(prices).all(axis=(0, 2)) & (pooled @ weights > 0)
    volumes, pooled, prices = volumes[:, known], pooled[known], prices[:, known]
    shares = _shares(volumes @ weights)
    at_reference = (prices * pooled).sum(axis=2) / (pooled @ weights)
    own = volumes @ weights
    with np.errstate(divide="ignore", invalid="ignore"):
        at_own = np.where(own > 0, (prices * volumes).sum(axis=2) / own, at_reference)
    reference = at_reference @ _shares(pooled @ weights)
    levels = np.stack([reference, (shares * at_reference).sum(axis=1), (shares * at_own).sum(axis=1)], axis=1)
    return np.where(own.sum(axis=1)[:, None] > 0, levels, np.nan)


def _shares(units: Floats) -> Floats:
    total = units.sum(axis=-1, keepdims=True)
    shares: Floats = np.divide(units, total, out=np.zeros_like(units), where=total > 0)
    return shares


def _monthly_index(index: TokenIndex, months: Months) -> Floats:
    """(T,) mean of the month's prints; NaN where it has none."""
    printed = index.dates.astype("datetime64[M]")
    return np.array([index.price_per_mtok[printed == m].mean() if (printed == m).any() else np.nan for m in months])


def monthly_rates(fx: FxCurve | None, months: Months) -> Floats | None:
    """(T,) CNY per USD: mean of the month, else the newest before it, else the first; None: none is known."""
    if fx is None:
        return None
    dated = fx.dates.astype("datetime64[M]")
    last = np.maximum(np.searchsorted(dated, months, side="right") - 1, 0)
    means = {m: fx.cny_per_usd[dated == m].mean() for m in np.unique(dated)}
    return np.array([means[dated[place]] for place in last])
