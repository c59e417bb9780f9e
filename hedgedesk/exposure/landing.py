"""Where the year ends: what was paid so far, and what the hedged rest of it may cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.errors import CurrencyMismatch
from hedgedesk.domain.market import FxCurve, fx_factor
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.study import Landing
from hedgedesk.domain.usage import MeasuredUsage, Usage
from hedgedesk.domain.values import ArrayHolder, Floats, Months
from hedgedesk.exposure.by_month import EDGE_DAYS
from hedgedesk.exposure.spend import spent

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
"""One-dimensional array of yes and no."""

LOW, HIGH = 0.05, 0.95
"""Levels of the band."""
EDGE = np.timedelta64(EDGE_DAYS, "D")


@dataclass(frozen=True, eq=False)
class Actuals(ArrayHolder):
    """What was paid in the months of one year up to today, in the programme's currency."""

    months: Months
    """(12,)."""
    paid: Floats
    """(12,) NaN where nothing is known or the month lies ahead."""
    whole: Flags
    """(12,) whether the exports cover the month from its first day to its last, give or take three."""
    notices: tuple[str, ...] = ()


def actuals(measured: MeasuredUsage, currency: str, as_of: np.datetime64, fx: FxCurve | None = None) -> Actuals | None:
    """What the months of the year of ``as_of`` have cost.

    Billed amounts, else priced ones, and no money twice (:func:`hedgedesk.exposure.spend.spent`). Each month is
    converted at the mean rate of its days.

    Parameters
    ----------
    currency
        Of the programme.
    as_of
        Later months are forecast, whatever the exports say of them.

    Returns
    -------
    None where no row has a cost.

    Raises
    ------
    CurrencyMismatch
        The usage has another currency and no rate is at hand.
    """
    usage = measured.usage
    if not usage.starts.size:
        return None
    months = year_months(as_of)
    cost, told = _cost(usage, months)
    cost[months > as_of.astype("datetime64[M]")] = np.nan
    if not np.isfinite(cost).any():
        return None
    rate, unrated = _rates(months, np.isfinite(cost), usage.currency, currency, fx)
    return Actuals(months, cost * rate, _covered(usage, months), told + unrated)


def landing(paid: Actuals, months: Months, hedged: Floats, program: HedgeProgram) -> tuple[Landing, tuple[str, ...]]:
    """The year's cost as one number with a band: paid so far plus the hedged cost of its months ahead.

    No month is scaled up: one that is only partly covered counts with what is known of it and is told as missing.

    Parameters
    ----------
    paid
        Of the same year.
    months
        (T,) datetime64[M] of the run, all after the month of ``as_of``.
    hedged
        (S, T) cost of the months with the plan, in the programme's currency.

    Returns
    -------
    The landing, and what must be told about it.
    """
    ahead, here = _in_year(months, paid.months)
    rest = hedged[:, ahead]
    expected, low, high = (np.full(12, np.nan) for _ in range(3))
    if rest.shape[1]:
        expected[here] = rest.mean(axis=0)
        low[here], high[here] = _band(rest)
    so_far = float(np.nansum(paid.paid))
    known = paid.whole & np.isfinite(paid.paid)
    known[here] = True
    budgets = program.month_budgets(paid.months)
    total = so_far + rest.sum(axis=1)
    least, most = _band(total[:, None])
    found = Landing(
        year=int(str(paid.months[0])[:4]),
        currency=program.currency,
        months=paid.months,
        actual=paid.paid,
        expected=expected,
        p05=low,
        p95=high,
        budget=budgets,
        paid=so_far,
        mean=so_far + float(np.nansum(expected)),
        low=float(least[0]),
        high=float(most[0]),
        year_budget=float(budgets.sum()) if np.isfinite(budgets).all() else None,
        missing=tuple(str(month) for month in paid.months[~known]),
    )
    return found, paid.notices + _missing(found)


def landed(
    measured: MeasuredUsage | None,
    months: Months,
    hedged: Floats,
    program: HedgeProgram,
    as_of: np.datetime64,
    fx: FxCurve | None = None,
) -> tuple[Landing | None, tuple[str, ...]]:
    """:func:`landing` from the exports themselves; None and why where they cannot say what was paid."""
    if measured is None:
        return None, ()
    try:
        paid = actuals(measured, program.currency, as_of, fx)
    except CurrencyMismatch as refusal:
        return None, (f"no landing of the year: {refusal}",)
    if paid is None:
        return None, (f"no landing of the year: the usage exports carry no cost for {str(as_of)[:4]}",)
    return landing(paid, months, hedged, program)


def landed_again(before: Landing, months: Months, hedged: Floats, program: HedgeProgram) -> Landing:
    """The landing of another plan: the same actuals, other costs ahead and other budgets."""
    whole = ~np.isin(before.months.astype(str), before.missing)
    again, _ = landing(Actuals(before.months, before.actual, whole), months, hedged, program)
    return again


def year_months(as_of: np.datetime64) -> Months:
    """(12,) datetime64[M] of the calendar year of ``as_of``."""
    first: np.datetime64 = as_of.astype("datetime64[Y]").astype("datetime64[M]")
    return first + np.arange(12)


def _cost(usage: Usage, months: Months) -> tuple[Floats, tuple[str, ...]]:
    """(12,) cost in the usage's currency, NaN where no row has one; and whose is priced without any bill."""
    cost = spent(usage)
    month = (usage.starts.astype("datetime64[M]") - months[0]).astype(np.int64)
    known = np.isfinite(cost) & (month >= 0) & (month < months.size)
    total = np.bincount(month[known], weights=cost[known], minlength=months.size)
    count = np.bincount(month[known], minlength=months.size)
    billed = {usage.keys[k].seller for k in np.unique(usage.key[known & np.isfinite(usage.billed)])}
    unbilled = sorted({usage.keys[k].seller for k in np.unique(usage.key[known])} - billed)
    names = ", ".join(name or "an unnamed seller" for name in unbilled)
    told = (f"actual cost of {names} is priced, not billed",) if unbilled else ()
    return np.where(count > 0, total, np.nan), told


def _covered(usage: Usage, months: Months) -> Flags:
    """(12,) months that lie between the first day of the exports and the last, give or take :data:`EDGE`."""
    days = usage.starts.astype("datetime64[D]")
    begins = months.astype("datetime64[D]") >= days.min() - EDGE
    ends = (months + 1).astype("datetime64[D]") - 1 <= days.max() + EDGE
    covered: Flags = begins & ends
    return covered


def _rates(
    months: Months, wanted: Flags, source: str, target: str, fx: FxCurve | None
) -> tuple[Floats, tuple[str, ...]]:
    """(12,) what turns ``source`` into ``target``, and which months had to take another month's rate."""
    if source == target:
        return np.ones(months.size), ()
    if fx is None:
        fx_factor(None, source, target)
        raise CurrencyMismatch(f"cannot turn {source} into {target}: there is no market/fx.csv")
    found, unrated = np.empty(months.size), []
    of_month = fx.dates.astype("datetime64[M]")
    for t, month in enumerate(months):
        rates = fx.cny_per_usd[of_month == month]
        if not rates.size:
            earlier = fx.cny_per_usd[of_month < month]
            rates = earlier[-1:] if earlier.size else fx.cny_per_usd[:1]
            unrated += [str(month)] if wanted[t] else []
        found[t] = rates.mean()
    factor = np.asarray(fx_factor(found, source, target))
    told = f"no rate in market/fx.csv for {', '.join(unrated)}: actuals are converted at the nearest earlier rate"
    return factor, (told,) if unrated else ()


def _in_year(months: Months, year: Months) -> tuple[Flags, list[int]]:
    """(T,) which months of a run lie in the year, and which of the 12 they are."""
    inside = np.isin(months, year)
    return inside, [int(i) for i in (months[inside] - year[0]).astype(np.int64)]


def _band(cost: Floats) -> tuple[Floats, Floats]:
    """Quantiles of every column: the k-th smallest with k = ceil(level x S), as the risk report takes them."""
    low, high = np.quantile(cost, (LOW, HIGH), axis=0, method="inverted_cdf")
    return low, high


def _missing(found: Landing) -> tuple[str, ...]:
    if not found.missing:
        return ()
    return (
        f"the landing of {found.year} has no full cost of {', '.join(found.missing)}: "
        "what is known of them counts, and nothing is scaled up",
    )
