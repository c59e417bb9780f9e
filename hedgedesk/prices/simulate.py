"""Draw joint futures of price, volume and currency, block by block."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.market import ForwardCurve, FuturesContract, MarketSnapshot
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.run import RunSettings
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.units import years_between
from hedgedesk.domain.values import Floats, Months
from hedgedesk.market.contracts import contracts_for, cover_share
from hedgedesk.prices.currency import fx_volatility
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.shift import curve_shift
from hedgedesk.prices.streams import Stream, generator

DATES_PER_MONTH = 4
"""Prices live on four dates a month, so that the month's average and a final settlement differ as in life."""


class MapBlocks(Protocol):
    """The shape of the builtin ``map``: serial, a process pool's or a cluster's."""

    def __call__(self, draw: Callable[[int], Block], blocks: Iterable[int], /) -> Iterable[Block]:
        """Apply ``draw`` to each block, answers in the order of ``blocks``."""


@dataclass(frozen=True, slots=True)
class Block:
    """The scenarios of one block; arrays (n, T) or (n, K) as in :class:`ScenarioSet`."""

    price: Floats
    volume_factor: Floats
    settlement: Floats
    fx: Floats | None


@dataclass(frozen=True, slots=True)
class Grid:
    """The dates on which prices live."""

    months: Months
    """(M,) from the first month of the exposure to the last month or delivery."""
    years: Floats
    """(M * DATES_PER_MONTH,) from ``as_of``."""

    @classmethod
    def over(cls, as_of: np.datetime64, first: np.datetime64, last: np.datetime64) -> Grid:
        """Spread the dates evenly over each month; the last one is the month's last day."""
        months = np.arange(first, last + np.timedelta64(1, "M"), dtype="datetime64[M]")
        starts = months.astype("datetime64[D]")
        length = (months + np.timedelta64(1, "M")).astype("datetime64[D]") - starts
        step = np.arange(1, DATES_PER_MONTH + 1)
        offset = length.astype(np.int64)[:, None] * step // DATES_PER_MONTH - 1
        dates = starts[:, None] + offset.astype("timedelta64[D]")
        return cls(months, years_between(as_of, dates.ravel()))

    def prints(self, contract: FuturesContract) -> slice:
        """The dates whose mean is the contract's final settlement: its last ones, all of them within its month."""
        end = (int((contract.delivery_month - self.months[0]).astype(np.int64)) + 1) * DATES_PER_MONTH
        return slice(end - min(contract.spec.final_settlement, DATES_PER_MONTH), end)


@dataclass(frozen=True, slots=True)
class Draw:
    """Everything a worker needs to draw one block; picklable, so that any worker draws the same numbers."""

    model: PriceModel
    years: Floats
    trend: Floats
    """(N,) added to the log price: curve shift and risk premium."""
    horizon: int
    prints: list[slice]
    month_mean: Floats
    """(T,) mean of the month's average log price."""
    month_sd: Floats
    """(T,) its standard deviation."""
    volume_sd: Floats
    """(T,) standard deviation of the log volume."""
    correlation: float
    fx_today: float | None
    fx_volatility: float
    seed: int
    size: int

    def __call__(self, block: int) -> Block:
        """Draw block number ``block``; always of full size, so that a larger set only extends a smaller one."""
        log_price = self.model.sample(generator(self.seed, Stream.PRICE, block), self.years, self.size)
        factor = self._volume_factor(log_price, generator(self.seed, Stream.VOLUME, block))
        price = np.exp(log_price + self.trend)
        return Block(
            price=_month_average(price)[:, : self.horizon],
            volume_factor=factor,
            settlement=self._settlements(price),
            fx=self._currency(generator(self.seed, Stream.FX, block)),
        )

    def _settlements(self, price: Floats) -> Floats:
        settled = [price[:, cut].mean(axis=1) for cut in self.prints]
        return np.stack(settled, axis=1) if settled else np.empty((self.size, 0))

    def _volume_factor(self, log_price: Floats, random: np.random.Generator) -> Floats:
        """Lognormal with mean 1, its log correlated with the month's average log price."""
        noise = random.standard_normal((self.size, self.horizon))
        level = (_month_average(log_price)[:, : self.horizon] - self.month_mean) / self.month_sd
        normal = self.correlation * level + np.sqrt(1.0 - self.correlation**2) * noise
        factor: Floats = np.exp(self.volume_sd * normal - 0.5 * self.volume_sd**2)
        return factor

    def _currency(self, random: np.random.Generator) -> Floats | None:
        """CNY per USD without drift, the month's average."""
        if self.fx_today is None:
            return None
        steps = np.diff(self.years, prepend=0.0)
        moves = random.standard_normal((self.size, steps.size)) * (self.fx_volatility * np.sqrt(steps))
        log_rate = np.cumsum(moves, axis=1) - 0.5 * self.fx_volatility**2 * self.years
        return _month_average(self.fx_today * np.exp(log_rate))[:, : self.horizon]


def simulate(
    model: PriceModel,
    market: MarketSnapshot,
    exposure: Exposure,
    settings: RunSettings | None = None,
    *,
    tick: Tick = silent,
    map_blocks: MapBlocks = map,
) -> ScenarioSet:
    """Draw ``settings.scenarios`` joint futures of the months of the exposure after ``market.as_of``.

    Every block draws from its own streams, keyed by (seed, stream, block), and blocks are gathered in order: the
    numbers depend neither on ``map_blocks`` nor on the order in which blocks are done.

    Parameters
    ----------
    model
        Fitted on ``market``.
    exposure
        All months of the forecast; those before ``as_of`` are set aside.
    map_blocks
        ``map``, or the map of a process pool or a cluster.

    Raises
    ------
    MissingMonths
        The forecast does not cover the month after ``as_of``.
    """
    settings = settings or RunSettings()
    exposure = exposure.after(market.as_of)
    unit = market.contract.unit
    contracts = contracts_for(market, exposure.months)
    last = max([exposure.months[-1], *(c.delivery_month for c in contracts)])
    grid = Grid.over(market.as_of, exposure.months[0], last)
    curve, shift, model = _calibrated(model, market, contracts, grid, settings)
    draw = _draw(model, market, exposure, settings, grid, shift + settings.risk_premium * grid.years, contracts)
    blocks = -(-settings.scenarios // settings.block_size)
    price, factor, settlement, fx = _gather(map_blocks(draw, range(blocks)), draw, settings.scenarios, blocks, tick)
    volume = factor * exposure.forecast_in(unit)
    return ScenarioSet(
        as_of=market.as_of,
        months=exposure.months,
        unit=unit,
        contracts=contracts,
        curve=curve,
        cover_share=cover_share(curve.delivery_months, exposure.months, exposure.open_in(unit)),
        price_per_mtok=price,
        volume_mtok=volume,
        open_mtok=exposure.open_given(factor, unit),
        settlement_per_mtok=settlement,
        cny_per_usd=fx,
        cny_per_usd_today=None if market.fx is None else market.fx.today,
    )


def regrown(scenarios: ScenarioSet, before: Exposure, after: Exposure) -> ScenarioSet:
    """The same futures of price, currency and relative volume, over another forecast of the same months.

    What :func:`simulate` would draw for ``after`` with the same seed, without drawing.

    Parameters
    ----------
    scenarios
        Drawn for ``before``.
    before, after
        Exposures of the same months, models, meters and spreads; months before ``as_of`` are set aside.
    """
    before, after = before.after(scenarios.as_of), after.after(scenarios.as_of)
    was, unit = before.forecast_in(scenarios.unit), scenarios.unit
    # A month in which nothing was forecast has no volume to tell its factor from, and none is open in it.
    factor = np.divide(scenarios.volume_mtok, was, out=np.ones_like(scenarios.volume_mtok), where=was > 0)
    return dataclasses.replace(
        scenarios,
        cover_share=cover_share(scenarios.delivery_months, after.months, after.open_in(unit)),
        volume_mtok=factor * after.forecast_in(unit),
        open_mtok=after.open_given(factor, unit),
    )


def _calibrated(
    model: PriceModel,
    market: MarketSnapshot,
    contracts: tuple[FuturesContract, ...],
    grid: Grid,
    settings: RunSettings,
) -> tuple[ForwardCurve, Floats, PriceModel]:
    """Today's curve of the contracts, the shift onto it, and the model to draw from.

    Without quotes it is the fitted model's own curve. Another volatility than the fitted one moves no mean price.
    """
    prints = [grid.prints(c) for c in contracts]
    months = np.array([c.delivery_month for c in contracts], dtype="datetime64[M]")
    quoted = market.curve
    if quoted is None:
        model = model.with_drift(settings.drift)
        forward = model.futures(grid.years)
        shift = np.zeros_like(grid.years)
        price = np.array([forward[cut].mean() for cut in prints])
    else:
        price = quoted.price_per_mtok[np.isin(quoted.delivery_months, months)]
        shift = curve_shift(model.futures(grid.years), grid.years, prints, price)
    drawn = model.with_volatility(settings.volatility)
    if quoted is None:
        drawn = drawn.with_drift(settings.drift)
    shift = shift + np.log(model.futures(grid.years) / drawn.futures(grid.years))
    indicative = quoted is None or not market.contract.listed
    return ForwardCurve(market.as_of, market.contract.currency, months, price, indicative), shift, drawn


def _draw(
    model: PriceModel,
    market: MarketSnapshot,
    exposure: Exposure,
    settings: RunSettings,
    grid: Grid,
    trend: Floats,
    contracts: tuple[FuturesContract, ...],
) -> Draw:
    horizon = exposure.months.size
    mean, sd = _month_moments(model, grid.years[: horizon * DATES_PER_MONTH])
    return Draw(
        model=model,
        years=grid.years,
        trend=trend,
        horizon=horizon,
        prints=[grid.prints(c) for c in contracts],
        month_mean=mean,
        month_sd=sd,
        volume_sd=np.sqrt(np.log1p(exposure.spread**2)),
        correlation=settings.price_volume_correlation,
        fx_today=None if market.fx is None else market.fx.today,
        fx_volatility=0.0 if market.fx is None else fx_volatility(market.fx),
        seed=settings.seed,
        size=settings.block_size,
    )


def _month_moments(model: PriceModel, years: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each month's average log price, in closed form."""
    mean = model.log_mean(years).reshape(-1, DATES_PER_MONTH).mean(axis=1)
    months = mean.size
    blocks = model.log_covariance(years).reshape(months, DATES_PER_MONTH, months, DATES_PER_MONTH)
    variance = blocks.mean(axis=(1, 3)).diagonal()
    return mean, np.sqrt(variance)


def _gather(
    drawn: Iterable[Block], draw: Draw, scenarios: int, blocks: int, tick: Tick
) -> tuple[Floats, Floats, Floats, Floats | None]:
    """Write the blocks into whole arrays in order; the last one is cut to the number asked for."""
    price = np.empty((scenarios, draw.horizon))
    factor = np.empty_like(price)
    settlement = np.empty((scenarios, len(draw.prints)))
    fx = None if draw.fx_today is None else np.empty_like(price)
    for number, (rows, block) in enumerate(_placed(drawn, draw.size, scenarios), start=1):
        count = rows.stop - rows.start
        price[rows] = block.price[:count]
        factor[rows] = block.volume_factor[:count]
        settlement[rows] = block.settlement[:count]
        if fx is not None and block.fx is not None:
            fx[rows] = block.fx[:count]
        tick(number / blocks, f"Simulating {scenarios:,} scenarios")
    return price, factor, settlement, fx


def _placed(drawn: Iterable[Block], size: int, scenarios: int) -> Iterator[tuple[slice, Block]]:
    for number, block in enumerate(drawn):
        yield slice(number * size, min((number + 1) * size, scenarios)), block


def _month_average(values: Floats) -> Floats:
    average: Floats = values.reshape(len(values), -1, DATES_PER_MONTH).mean(axis=2)
    return average
