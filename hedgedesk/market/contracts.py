"""Which contracts can be traded, and which months of the exposure each one covers."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.market import FuturesContract, MarketSnapshot
from hedgedesk.domain.units import month_end, month_of
from hedgedesk.domain.values import Floats, Months


def delivery_months(market: MarketSnapshot) -> Months:
    """Delivery months ahead of ``as_of``, datetime64[M].

    Those of the newest quotes; without quotes, the template's ``months`` up to ``listed_months`` ahead.
    """
    today = month_of(market.as_of)
    if market.curve is not None:
        quoted = market.curve.delivery_months
        return quoted[quoted > today]
    ahead = today + np.arange(1, market.contract.listed_months + 1).astype("timedelta64[M]")
    calendar_month = ahead.astype(np.int64) % 12 + 1
    return ahead[np.isin(calendar_month, market.contract.months)]


def contracts_for(market: MarketSnapshot, months: Months) -> tuple[FuturesContract, ...]:
    """The contracts that cover at least one of the exposure's ``months``, by delivery month.

    A contract covers the months after the previous delivery month up to its own, so one that is delivered after a
    contract beyond the last month has nothing to cover. Without an exchange calendar the last trading day is the
    delivery month's last day.
    """
    months_listed = delivery_months(market)
    past_the_end = np.flatnonzero(months_listed >= months[-1])
    if past_the_end.size:
        months_listed = months_listed[: past_the_end[0] + 1]
    return tuple(FuturesContract(market.contract, month, month_end(month)) for month in months_listed)


def cover_share(delivery: Months, months: Months, open_mtok: Floats) -> Floats:
    """a_kt, month t's share of the open volume that contract k covers.

    Parameters
    ----------
    delivery
        (K,) rising delivery months.
    months
        (T,) months of the exposure.
    open_mtok
        (T,) expected open volume.

    Returns
    -------
    (K, T); a row adds to 1 where its contract covers any month, and shares equally where nothing is open.
    """
    covering = np.searchsorted(delivery, months)
    covers = covering[None, :] == np.arange(delivery.size)[:, None]
    volume = np.where(covers, open_mtok, 0.0)
    nothing_open = volume.sum(axis=1, keepdims=True) <= 0
    volume = np.where(nothing_open, covers.astype(np.float64), volume)
    total = volume.sum(axis=1, keepdims=True)
    share: Floats = np.divide(volume, total, out=np.zeros_like(volume), where=total > 0)
    return share
