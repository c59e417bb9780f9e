"""Needs: what we will use, and what of it has no fixed price yet."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Self

import numpy as np

from hedgedesk.domain.commitments import Commitment, TieredCost, TierUse, tier_use, tiered_cost, tiers_told
from hedgedesk.domain.consumption import ConsumptionForecast, ForecastLine, Growth
from hedgedesk.domain.errors import CurrencyMismatch, MissingMonths
from hedgedesk.domain.units import UnitWeights
from hedgedesk.domain.values import ArrayHolder, Floats, Months, require_months

__all__ = [
    "DEFAULT_SPREAD",
    "Commitment",
    "ConsumptionForecast",
    "Exposure",
    "ForecastLine",
    "Growth",
    "TierUse",
    "TieredCost",
    "tiered_cost",
]

DEFAULT_SPREAD = 0.10
"""Relative standard deviation of a month's volume where the forecast gives none (assumption)."""


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
    commitments: tuple[Commitment, ...] = ()
    """What the fixed volume was bought by; empty in a record made before they were kept."""
    teams: tuple[str, ...] = ()
    """(G,) who uses it, an empty name for lines without a team; empty where no line names a team."""
    team_share: Floats = field(default_factory=lambda: np.empty(0))
    """(T, L, G) of each line's forecast, 0 where nothing is forecast; empty without teams."""
    beta: Floats = field(default_factory=lambda: np.empty(0))
    """(T, L) what an Mtok of the contract's unit of the line costs in Mtok of index; 1 where none is given."""
    tiers: tuple[TierUse, ...] = ()
    """Tiered prices at the forecast volume: told, and not in any cost here, because tiered volume stays open."""

    def __post_init__(self) -> None:
        if not self.beta.size:
            object.__setattr__(self, "beta", np.ones((self.months.size, len(self.models))))
        super().__post_init__()

    def validate(self) -> None:
        """Raise unless the months follow one another and every array has its shape."""
        require_months("months", self.months)
        shape = (self.months.size, len(self.models))
        if self.forecast_mtok.shape != shape or self.fixed_mtok.shape != shape or len(self.meters) != shape[1]:
            raise ValueError("forecast and fixed volume must be (months, lines)")
        if self.spread.shape != shape[:1] or self.committed_cost.shape != shape[:1]:
            raise ValueError("spread and committed cost must be (months,)")
        if self.beta.shape != shape or not np.all(self.beta > 0):
            raise ValueError("beta must be (months, lines) and above 0")
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
        fixing = [item for item in commitments if item.fixes_volume]
        keys = list(dict.fromkeys((line.model, line.meter) for line in forecast.lines))
        keys += [k for k in dict.fromkeys((c.model, c.meter) for c in fixing) if k not in keys]
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
        currencies = sorted({c.currency for c in fixing})
        if len(currencies) > 1:
            raise CurrencyMismatch(f"commitments must share one currency, found {', '.join(currencies)}")
        for item in fixing:
            runs = (months >= item.first_month) & (months <= item.last_month)
            fixed[runs, column[item.model, item.meter]] += item.mtok_per_month
            cost[runs] += item.mtok_per_month * item.price_per_mtok
        teams = forecast.teams
        tiers = tier_use(months, column, volume, commitments)
        return cls(
            months=months,
            models=tuple(model for model, _ in keys),
            meters=tuple(meter for _, meter in keys),
            forecast_mtok=volume,
            fixed_mtok=fixed,
            spread=np.divide(spread_volume, total, out=np.zeros_like(total), where=total > 0),
            committed_cost=cost,
            commitment_currency=currencies[0] if currencies else "",
            commitments=tuple(commitments),
            teams=teams,
            team_share=_team_shares(forecast, volume, first, column, teams),
            notices=_assumed(forecast)
            + _over_committed(months, [model for model, _ in keys], [meter for _, meter in keys], volume, fixed)
            + tiers_told(tiers),
            beta=_betas(forecast, volume, first, column),
            tiers=tiers,
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
        tiers = tuple(use for use in self.tiers if use.month >= start)
        notices = _retold(self.notices, self.tiers, tiers)
        if aside:
            notices += (f"{aside} forecast month(s) before {start} set aside: they are not ahead of {as_of}",)
        return dataclasses.replace(
            self,
            months=self.months[keep],
            forecast_mtok=self.forecast_mtok[keep],
            fixed_mtok=self.fixed_mtok[keep],
            spread=self.spread[keep],
            committed_cost=self.committed_cost[keep],
            team_share=self.team_share[keep] if self.teams else self.team_share,
            notices=notices,
            beta=self.beta[keep],
            tiers=tiers,
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
        column = {key: j for j, key in enumerate(zip(self.models, self.meters, strict=True))}
        tiers = tier_use(self.months, column, forecast, self.commitments)
        notices = _retold(notices, self.tiers, tiers)
        return dataclasses.replace(self, forecast_mtok=forecast, notices=notices, tiers=tiers)

    def weights(self, unit: UnitWeights) -> Floats:
        """(L,) weight of each line in ``unit``."""
        return np.array([unit.of(meter) for meter in self.meters])

    @property
    def raw_forecast(self) -> Floats:
        """(T,) expected use, Mtok of raw tokens."""
        total: Floats = self.forecast_mtok.sum(axis=1)
        return total

    @property
    def raw_open(self) -> Floats:
        """(T,) expected use without a fixed price, Mtok of raw tokens."""
        total: Floats = np.maximum(self.forecast_mtok - self.fixed_mtok, 0.0).sum(axis=1)
        return total

    def forecast_in(self, unit: UnitWeights) -> Floats:
        """(T,) expected use, Mtok of ``unit`` x beta: Mtok of index."""
        return (self.forecast_mtok * self.beta) @ self.weights(unit)

    def fixed_in(self, unit: UnitWeights) -> Floats:
        """(T,) part of it that has a fixed price, Mtok of index; no line counts above its forecast."""
        return (np.minimum(self.fixed_mtok, self.forecast_mtok) * self.beta) @ self.weights(unit)

    def open_in(self, unit: UnitWeights) -> Floats:
        """(T,) expected volume still to be bought at a floating price, Mtok of index."""
        return (np.maximum(self.forecast_mtok - self.fixed_mtok, 0.0) * self.beta) @ self.weights(unit)

    def volume_factor(self, level: float) -> Floats:
        """(T,) ``level`` quantile of each month's use over its forecast: lognormal with mean 1 and that ``spread``."""
        deviation = np.sqrt(np.log1p(self.spread**2))
        factor: Floats = np.exp(NormalDist().inv_cdf(level) * deviation - 0.5 * deviation**2)
        return factor

    def open_given(self, factor: Floats, unit: UnitWeights) -> Floats:
        """(S, T) floating volume, Mtok of index, when use is ``factor`` (S, T) x forecast.

        Each line's use above what is committed to it: what is committed and not used is paid for and not resold.
        """
        weights = self.weights(unit)
        committed = (self.fixed_mtok > 0).any(axis=0)
        counted = self.forecast_mtok * self.beta
        volume: Floats = factor * (counted[:, ~committed] @ weights[~committed])
        for line in np.flatnonzero(committed):
            use = factor * self.forecast_mtok[:, line] - self.fixed_mtok[:, line]
            volume += weights[line] * self.beta[:, line] * np.maximum(use, 0.0)
        return volume


def _consecutive(found: Months) -> Months:
    months = np.arange(found.min(), found.max() + np.timedelta64(1, "M"), dtype="datetime64[M]")
    missing = np.setdiff1d(months, found)
    if missing.size:
        raise MissingMonths(f"the forecast has no line for {', '.join(str(m) for m in missing)}")
    return months


def _team_shares(
    forecast: ConsumptionForecast,
    volume: Floats,
    first: np.datetime64,
    column: dict[tuple[str, str], int],
    teams: Sequence[str],
) -> Floats:
    """(T, L, G) each team's part of a line's forecast ``volume`` (T, L); empty without teams."""
    if not teams:
        return np.empty(0)
    by_team = np.zeros((*volume.shape, len(teams)))
    for line in forecast.lines:
        t = int((line.month - first).astype(np.int64))
        by_team[t, column[line.model, line.meter], teams.index(line.team)] += line.mtok
    whole = volume[:, :, None]
    return np.divide(by_team, whole, out=np.zeros_like(by_team), where=whole > 0)


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


def _betas(
    forecast: ConsumptionForecast, volume: Floats, first: np.datetime64, column: dict[tuple[str, str], int]
) -> Floats:
    """(T, L) beta of each line: of teams that differ the mean weighted by their volume, 1 where nothing is forecast."""
    if all(line.beta == 1.0 for line in forecast.lines):
        return np.ones_like(volume)
    counted = np.zeros_like(volume)
    for line in forecast.lines:
        counted[int((line.month - first).astype(np.int64)), column[line.model, line.meter]] += line.mtok * line.beta
    return np.divide(counted, volume, out=np.ones_like(volume), where=volume > 0)


def _retold(notices: tuple[str, ...], before: Sequence[TierUse], now: Sequence[TierUse]) -> tuple[str, ...]:
    told = tiers_told(before)
    return tuple(notice for notice in notices if notice not in told) + tiers_told(now)
