"""Needs: what we will use, and what of it has no fixed price yet."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Self

import numpy as np

from hedgedesk.domain.errors import CurrencyMismatch, MissingMonths
from hedgedesk.domain.units import UnitWeights
from hedgedesk.domain.values import ArrayHolder, Floats, Months, require_months

DEFAULT_SPREAD = 0.10
"""Relative standard deviation of a month's volume where the forecast gives none (methods.md §3, assumption)."""


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """Expected use of one model and meter in one month, in Mtok of raw tokens."""

    month: np.datetime64
    model: str
    meter: str
    mtok: float
    team: str = ""
    spread: float | None = None
    """Relative standard deviation of the volume; None: not given."""
    index: str = ""


@dataclass(frozen=True, slots=True)
class ConsumptionForecast:
    """What we will use: lines by month, model and meter (and team)."""

    lines: tuple[ForecastLine, ...]


@dataclass(frozen=True, slots=True)
class Commitment:
    """Volume bought at a fixed price: ``fixed``, or ``take_or_pay`` (paid whether used or not)."""

    name: str
    first_month: np.datetime64
    last_month: np.datetime64
    model: str
    meter: str
    mtok_per_month: float
    price_per_mtok: float
    currency: str
    kind: str = "fixed"


@dataclass(frozen=True, eq=False)
class Exposure(ArrayHolder):
    """Forecast, fixed and open volume by month and line (model x meter), Mtok of raw tokens.

    A month's volume moves as a whole: the lines of one month share one random factor whose relative standard
    deviation is ``spread``, the volume-weighted mean of the lines' own (lines that move together: the cautious case).
    """

    months: Months
    """(T,) datetime64[M], consecutive."""
    models: tuple[str, ...]
    """(L,)."""
    meters: tuple[str, ...]
    """(L,)."""
    forecast_mtok: Floats
    """(T, L)."""
    fixed_mtok: Floats
    """(T, L) bought at a fixed price."""
    spread: Floats
    """(T,) relative standard deviation of the month's volume."""
    committed_cost: Floats
    """(T,) what the fixed volume costs, in ``commitment_currency``; paid whether used or not."""
    commitment_currency: str = ""
    """Empty where nothing is committed."""
    notices: tuple[str, ...] = ()

    def validate(self) -> None:
        """Raise unless the months follow one another and every array has its shape."""
        require_months("months", self.months)
        shape = (self.months.size, len(self.models))
        if self.forecast_mtok.shape != shape or self.fixed_mtok.shape != shape or len(self.meters) != shape[1]:
            raise ValueError("forecast and fixed volume must be (months, lines)")
        if self.spread.shape != shape[:1] or self.committed_cost.shape != shape[:1]:
            raise ValueError("spread and committed cost must be (months,)")
        if np.any(np.diff(self.months).astype(np.int64) != 1):
            raise MissingMonths("the months of an exposure must follow one another without a hole")

    @classmethod
    def open(cls, forecast: ConsumptionForecast, commitments: Sequence[Commitment] = ()) -> Self:
        """Net the commitments from the forecast.

        Months before the market's ``as_of`` are kept here and set aside by :meth:`after`, because only the market
        knows that date.

        Raises
        ------
        MissingMonths
            The forecast is empty or has a hole inside its range.
        CurrencyMismatch
            Commitments in two currencies.
        """
        if not forecast.lines:
            raise MissingMonths("the consumption forecast has no line")
        months = _consecutive(np.array([line.month for line in forecast.lines], dtype="datetime64[M]"))
        keys = list(dict.fromkeys((line.model, line.meter) for line in forecast.lines))
        keys += [k for k in dict.fromkeys((c.model, c.meter) for c in commitments) if k not in keys]
        column = {key: j for j, key in enumerate(keys)}
        first = months[0]
        volume = np.zeros((months.size, len(keys)))
        spread_volume = np.zeros(months.size)
        for line in forecast.lines:
            t = int((line.month - first).astype(np.int64))
            volume[t, column[line.model, line.meter]] += line.mtok
            spread_volume[t] += line.mtok * (DEFAULT_SPREAD if line.spread is None else line.spread)
        total = volume.sum(axis=1)
        fixed = np.zeros_like(volume)
        cost = np.zeros(months.size)
        currencies = sorted({c.currency for c in commitments})
        if len(currencies) > 1:
            raise CurrencyMismatch(f"commitments must share one currency, found {', '.join(currencies)}")
        for item in commitments:
            runs = (months >= item.first_month) & (months <= item.last_month)
            fixed[runs, column[item.model, item.meter]] += item.mtok_per_month
            cost[runs] += item.mtok_per_month * item.price_per_mtok
        return cls(
            months=months,
            models=tuple(model for model, _ in keys),
            meters=tuple(meter for _, meter in keys),
            forecast_mtok=volume,
            fixed_mtok=fixed,
            spread=np.divide(spread_volume, total, out=np.zeros_like(total), where=total > 0),
            committed_cost=cost,
            commitment_currency=currencies[0] if currencies else "",
            notices=_assumed(forecast)
            + _over_committed(months, [model for model, _ in keys], [meter for _, meter in keys], volume, fixed),
        )

    def after(self, as_of: np.datetime64) -> Exposure:
        """The months after the month of ``as_of``; earlier ones are actuals, not exposure.

        Raises
        ------
        MissingMonths
            The month after ``as_of`` has no forecast.
        """
        start = as_of.astype("datetime64[M]") + np.timedelta64(1, "M")
        if not self.months[0] <= start <= self.months[-1]:
            raise MissingMonths(
                f"the forecast runs from {self.months[0]} to {self.months[-1]}, but the newest market date is {as_of}, "
                f"so the forecast must cover {start}"
            )
        keep = self.months >= start
        aside = int((~keep).sum())
        notices = self.notices
        if aside:
            notices += (f"{aside} forecast month(s) before {start} set aside: they are not ahead of {as_of}",)
        return Exposure(
            months=self.months[keep],
            models=self.models,
            meters=self.meters,
            forecast_mtok=self.forecast_mtok[keep],
            fixed_mtok=self.fixed_mtok[keep],
            spread=self.spread[keep],
            committed_cost=self.committed_cost[keep],
            commitment_currency=self.commitment_currency,
            notices=notices,
        )

    def grown(self, growth: float, as_of: np.datetime64) -> Exposure:
        """The forecast of the months after the month of ``as_of`` times 1 + ``growth``; what is fixed stays fixed."""
        if growth == 0.0:
            return self
        ahead = self.months > as_of.astype("datetime64[M]")
        forecast = np.where(ahead[:, None], self.forecast_mtok * (1.0 + growth), self.forecast_mtok)
        told = _over_committed(self.months, self.models, self.meters, self.forecast_mtok, self.fixed_mtok)
        now = _over_committed(self.months, self.models, self.meters, forecast, self.fixed_mtok)
        notices = tuple(notice for notice in self.notices if notice not in told) + now
        return dataclasses.replace(self, forecast_mtok=forecast, notices=notices)

    def weights(self, unit: UnitWeights) -> Floats:
        """(L,) weight of each line in ``unit``."""
        return np.array([unit.of(meter) for meter in self.meters])

    def forecast_in(self, unit: UnitWeights) -> Floats:
        """(T,) expected use, Mtok of ``unit``."""
        return self.forecast_mtok @ self.weights(unit)

    def fixed_in(self, unit: UnitWeights) -> Floats:
        """(T,) part of the forecast that has a fixed price, Mtok of ``unit``; no line counts above its forecast."""
        return np.minimum(self.fixed_mtok, self.forecast_mtok) @ self.weights(unit)

    def open_in(self, unit: UnitWeights) -> Floats:
        """(T,) expected volume still to be bought at a floating price, Mtok of ``unit``."""
        return np.maximum(self.forecast_mtok - self.fixed_mtok, 0.0) @ self.weights(unit)

    def volume_factor(self, level: float) -> Floats:
        """(T,) ``level`` quantile of each month's use over its forecast: lognormal with mean 1 and that ``spread``."""
        deviation = np.sqrt(np.log1p(self.spread**2))
        factor: Floats = np.exp(NormalDist().inv_cdf(level) * deviation - 0.5 * deviation**2)
        return factor

    def open_given(self, factor: Floats, unit: UnitWeights) -> Floats:
        """(S, T) floating volume, Mtok of ``unit``, when use is ``factor`` (S, T) x forecast.

        Each line's use above what is committed to it: what is committed and not used is paid for and not resold.
        """
        weights = self.weights(unit)
        committed = (self.fixed_mtok > 0).any(axis=0)
        volume: Floats = factor * (self.forecast_mtok[:, ~committed] @ weights[~committed])
        for line in np.flatnonzero(committed):
            use = factor * self.forecast_mtok[:, line] - self.fixed_mtok[:, line]
            volume += weights[line] * np.maximum(use, 0.0)
        return volume


def _consecutive(found: Months) -> Months:
    months = np.arange(found.min(), found.max() + np.timedelta64(1, "M"), dtype="datetime64[M]")
    missing = np.setdiff1d(months, found)
    if missing.size:
        raise MissingMonths(f"the forecast has no line for {', '.join(str(m) for m in missing)}")
    return months


def _assumed(forecast: ConsumptionForecast) -> tuple[str, ...]:
    if all(line.spread is not None for line in forecast.lines):
        return ()
    return (f"volume spread not given for every line: {DEFAULT_SPREAD:.0%} assumed there",)


def _over_committed(
    months: Months, models: Sequence[str], meters: Sequence[str], volume: Floats, fixed: Floats
) -> tuple[str, ...]:
    return tuple(
        f"over-committed: {months[t]} {models[j]} {meters[j]} has {fixed[t, j]:,.6g} Mtok fixed "
        f"and {volume[t, j]:,.6g} forecast"
        for t, j in np.argwhere(fixed > volume)
    )
