"""Use and cost by month and model, and which months the exports cover whole."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.market import FxCurve, fx_factor
from hedgedesk.domain.model_names import model_slug
from hedgedesk.domain.units import UnitWeights
from hedgedesk.domain.usage import TOKENS, Usage
from hedgedesk.domain.values import ArrayHolder, Floats, Months
from hedgedesk.exposure.basis.levels import monthly_rates
from hedgedesk.exposure.spend import spent
from hedgedesk.exposure.standard_tokens import TOKENS_PER_MTOK, units_of

EDGE_DAYS = 3
"""Days that a whole month may lack at the edge of the history (assumption): holidays and weekends have no rows."""


@dataclass(frozen=True, eq=False)
class MonthlyUse(ArrayHolder):
    """Use and cost by month and model, of every month from the first to the last."""

    months: Months
    models: tuple[str, ...]
    """(M,) the ones with most tokens first; the empty name has what is of no model."""
    mtok: Floats
    """(T, M)."""
    units: Floats
    """(T, M)."""
    cost: Floats
    """(T, M)."""

    @classmethod
    def of(cls, usage: Usage, unit: UnitWeights) -> MonthlyUse:
        """Sum rows whose money is in the study's currency."""
        row_months = usage.starts.astype("datetime64[M]")
        months = span(row_months)
        names = [model_slug(key.model) if key.item == TOKENS else "" for key in usage.keys]
        tokens = np.bincount(usage.key, weights=usage.tokens.sum(axis=1), minlength=len(names))
        total: dict[str, float] = {}
        for name, count in zip(names, tokens, strict=True):
            total[name] = total.get(name, 0.0) + float(count)
        models = tuple(sorted(total, key=lambda name: (-total[name], name)))
        column = np.array([models.index(name) for name in names], dtype=np.int64)[usage.key]
        place = (row_months - months[:1]).astype(np.int64) * len(models) + column
        shape = months.size, len(models)

        def summed(amounts: Floats) -> Floats:
            sums = np.bincount(place, weights=amounts, minlength=shape[0] * shape[1])
            return sums.astype(np.float64).reshape(shape)

        cost = spent(usage)
        unknown = (summed(np.isnan(cost).astype(float)) > 0) & (summed(np.isfinite(cost).astype(float)) == 0)
        mtok = summed(usage.tokens.sum(axis=1)) / TOKENS_PER_MTOK
        known = np.where(unknown, np.nan, summed(np.nan_to_num(cost)))
        return cls(months, models, mtok, summed(units_of(usage, unit)), known)


def span(months: Months) -> Months:
    """Every month from the first to the last of ``months``; none where there are none."""
    if not months.size:
        return np.array([], dtype="datetime64[M]")
    return np.arange(months.min(), months.max() + np.timedelta64(1, "M"), dtype="datetime64[M]")


def in_currency(usage: Usage, currency: str, fx: FxCurve | None) -> Usage:
    """The same usage with its money in ``currency``, at the rate of each month.

    Raises
    ------
    CurrencyMismatch
        The rates of ``fx`` do not lead there, or there are none.
    """
    if usage.currency == currency or not usage.starts.size:
        return dataclasses.replace(usage, currency=currency)
    row_months = usage.starts.astype("datetime64[M]")
    months = span(row_months)
    by_month = fx_factor(monthly_rates(fx, months), usage.currency, currency)
    rates = np.broadcast_to(np.asarray(by_month), months.shape)[(row_months - months[0]).astype(np.int64)]
    money = {name: getattr(usage, name) * rates for name in ("billed", "listed", "priced")}
    return dataclasses.replace(usage, currency=currency, **money)


def partial_months(usage: Usage) -> list[str]:
    """Months at the edges of the history that lack more than :data:`EDGE_DAYS` days, YYYY-MM."""
    if not usage.starts.size:
        return []
    days = usage.starts.astype("datetime64[D]")
    first, last = days.min(), days.max()
    begun = (first - first.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    following = (last.astype("datetime64[M]") + np.timedelta64(1, "M")).astype("datetime64[D]")
    left = (following - last).astype(np.int64) - 1
    late, early = str(first.astype("datetime64[M]")), str(last.astype("datetime64[M]"))
    return list(dict.fromkeys([late] * bool(begun > EDGE_DAYS) + [early] * bool(left > EDGE_DAYS)))
