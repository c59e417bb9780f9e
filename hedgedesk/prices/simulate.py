"""Draw joint futures of price, volume and currency, block by block."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Protocol

import numpy as np

from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.market import ForwardCurve, FuturesContract, MarketSnapshot
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.run import RunSettings
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import Floats
from hedgedesk.market.contracts import contracts_for, cover_share
from hedgedesk.prices.drivers.law import joint_law
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.paths.draw import Block, Draw
from hedgedesk.prices.paths.gather import Gathered, rounds
from hedgedesk.prices.paths.grid import DATES_PER_MONTH, TRADING_DAYS_PER_MONTH, Grid
from hedgedesk.prices.paths.tokens import Anchor
from hedgedesk.prices.paths.volume import VolumeLaw

__all__ = ["DATES_PER_MONTH", "Block", "Draw", "Enough", "Grid", "MapBlocks", "prepared", "regrown", "simulate"]

MOST_MARGIN_BYTES = 2 * 2**30
"""Futures prices kept for margin calls: scenarios x dates x contracts x 4."""

Enough = Callable[[ScenarioSet], bool]
"""Whether the scenarios drawn so far are enough."""


class MapBlocks(Protocol):
    """The shape of the builtin ``map``: serial, a process pool's or a cluster's."""

    def __call__(self, draw: Callable[[int], Block], blocks: Iterable[int], /) -> Iterable[Block]:
        """Apply ``draw`` to each block, answers in the order of ``blocks``."""


def simulate(
    model: PriceModel,
    market: MarketSnapshot,
    exposure: Exposure,
    settings: RunSettings | None = None,
    *,
    tick: Tick = silent,
    map_blocks: MapBlocks = map,
    enough: Enough | None = None,
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
    enough
        Asked after one block and whenever their number has doubled; drawing stops where it says True.

    Raises
    ------
    MissingMonths
        The forecast does not cover the month after ``as_of``.
    InputError
        Futures prices for margin calls are asked for on more dates than memory should hold.
    """
    settings = settings or RunSettings()
    exposure = exposure.after(market.as_of)
    contracts = contracts_for(market, exposure.months)
    draw = _draw(model, market, exposure, settings, contracts)
    _require_room(draw, settings)
    frame = _frame(draw, market, exposure, contracts)
    gathered = Gathered(settings.scenarios, exposure, market.contract.unit)
    blocks = -(-settings.scenarios // settings.block_size)
    for batch in rounds(blocks, doubling=enough is not None):
        # Whoever maps in turn lets each block be taken before the next one is drawn, so it needs no copy.
        drawn = map(draw.in_place, batch) if map_blocks is map else map_blocks(draw, batch)
        for number, block in zip(batch, drawn, strict=True):
            gathered.take(number * draw.size, block)
            tick((number + 1) / blocks, f"Simulating {settings.scenarios:,} scenarios")
        if enough is not None and batch.stop < blocks and enough(dataclasses.replace(frame, **gathered.so_far())):
            break
    return dataclasses.replace(frame, **gathered.whole())


def prepared(
    model: PriceModel, market: MarketSnapshot, exposure: Exposure, settings: RunSettings | None = None
) -> Draw:
    """What :func:`simulate` draws blocks with, for who brings normals of his own (:meth:`Draw.given`)."""
    exposure = exposure.after(market.as_of)
    return _draw(model, market, exposure, settings or RunSettings(), contracts_for(market, exposure.months))


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


def _draw(
    model: PriceModel,
    market: MarketSnapshot,
    exposure: Exposure,
    settings: RunSettings,
    contracts: tuple[FuturesContract, ...],
) -> Draw:
    last = max([exposure.months[-1], *(c.delivery_month for c in contracts)])
    per_month = TRADING_DAYS_PER_MONTH if settings.margin_grid == "daily" else DATES_PER_MONTH
    grid = Grid.over(market.as_of, exposure.months[0], last, per_month)
    anchor = Anchor(
        years=grid.years,
        prints=tuple(grid.prints(contract) for contract in contracts),
        quotes=_quotes(market, contracts),
        volatility=settings.volatility,
        drift=settings.drift,
        premium=settings.risk_premium,
    )
    law = joint_law(market, settings.price_volume_correlation)
    redraws = settings.parameter_uncertainty
    plain = model.gaussian and not redraws and (law is None or not law.moves_index)
    return Draw(
        model=model,
        anchor=anchor,
        law=law,
        grid=grid,
        horizon=exposure.months.size,
        volume=_volume_law(model, anchor, grid, exposure, settings.price_volume_correlation, gaussian=plain),
        margin_dates=_margin_dates(grid, settings.margin_grid, len(contracts)),
        redraws=redraws,
        seed=settings.seed,
        size=settings.block_size,
        precision=settings.precision,
    )


def _quotes(market: MarketSnapshot, contracts: tuple[FuturesContract, ...]) -> Floats | None:
    if market.curve is None:
        return None
    months = np.array([c.delivery_month for c in contracts], dtype="datetime64[M]")
    return market.curve.price_per_mtok[np.isin(market.curve.delivery_months, months)]


def _volume_law(
    model: PriceModel, anchor: Anchor, grid: Grid, exposure: Exposure, correlation: float, *, gaussian: bool
) -> VolumeLaw:
    """Each month's factor; the average log price has closed moments only where the price is ``gaussian``."""
    sd = np.sqrt(np.log1p(exposure.spread**2))
    if not (gaussian and correlation):
        return VolumeLaw(sd, correlation)
    drawn, shift, _ = anchor.tied(model)
    months, cut = exposure.months.size, slice(0, exposure.months.size * grid.per_month)
    trend = (shift + anchor.premium * grid.years)[cut]
    mean = (drawn.log_mean(grid.years[cut]) + trend).reshape(months, -1).mean(axis=1)
    covariance = drawn.log_covariance(grid.years[cut]).reshape(months, grid.per_month, months, grid.per_month)
    return VolumeLaw(sd, correlation, mean, np.sqrt(covariance.mean(axis=(1, 3)).diagonal()))


def _margin_dates(grid: Grid, margin_grid: str, contracts: int) -> tuple[int, ...]:
    """Numbers of the dates on which margin is called."""
    if margin_grid == "none" or contracts == 0:
        return ()
    step = grid.per_month if margin_grid == "monthly" else 1
    return tuple(range(step - 1, grid.years.size, step))


def _require_room(draw: Draw, settings: RunSettings) -> None:
    dates, contracts = len(draw.margin_dates), len(draw.anchor.prints)
    needed = 4 * settings.scenarios * dates * contracts
    if needed > MOST_MARGIN_BYTES:
        found = f"{settings.margin_grid}: {settings.scenarios:,} scenarios x {dates} dates x {contracts} contracts"
        most = MOST_MARGIN_BYTES / 2**30
        expected = f"at most {most:g} GiB and not {needed / 2**30:.1f}: fewer scenarios or a coarser grid"
        raise InputError(faults=[Fault("settings", None, "margin_grid", found, expected)])


def _frame(
    draw: Draw, market: MarketSnapshot, exposure: Exposure, contracts: tuple[FuturesContract, ...]
) -> ScenarioSet:
    """All of a scenario set but its scenarios.

    Without quotes today's curve is the fitted model's own. Another volatility than the fitted one moves no mean price.
    """
    months = np.array([c.delivery_month for c in contracts], dtype="datetime64[M]")
    price = draw.anchor.tied(draw.model)[2]
    indicative = market.curve is None or not market.contract.listed
    curve = ForwardCurve(market.as_of, market.contract.currency, months, price, indicative)
    nobody = np.empty((0, exposure.months.size))
    return ScenarioSet(
        as_of=market.as_of,
        months=exposure.months,
        unit=market.contract.unit,
        contracts=contracts,
        curve=curve,
        cover_share=cover_share(months, exposure.months, exposure.open_in(market.contract.unit)),
        price_per_mtok=nobody,
        volume_mtok=nobody,
        open_mtok=nobody,
        settlement_per_mtok=np.empty((0, len(contracts))),
        cny_per_usd_today=None if market.fx is None else market.fx.today,
        margin_dates=draw.grid.dates[list(draw.margin_dates)] if draw.margin_dates else None,
    )
