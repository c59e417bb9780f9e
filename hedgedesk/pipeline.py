"""The straight line: market and forecast in, a hedge run out. Pure: no files, no clock but the manifest's record."""

from __future__ import annotations

import dataclasses
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version

from hedgedesk.domain.errors import HedgeDeskError, InputError, ModelError
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.results import HedgePlan, ModelSummary
from hedgedesk.domain.run import MODELS, DeskInputs, HedgeRun, RunManifest, Tick, silent
from hedgedesk.domain.values import to_plain
from hedgedesk.hedging.optimise import optimise
from hedgedesk.hedging.ratios import backtest
from hedgedesk.prices.fan import price_fan
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.simulate import MapBlocks, simulate
from hedgedesk.risk.assess import assess

SIMULATION_FILES = ("market/", "consumption.", "commitments.")
"""Beginnings of the names of the files that scenarios depend on; a plan's rules and book are not among them."""


def run(inputs: DeskInputs, *, tick: Tick = silent, map_blocks: MapBlocks = map) -> HedgeRun:
    """Forecast to plan to report.

    Parameters
    ----------
    inputs
        A desk folder, read and checked.
    tick
        Told the fraction done and what is being done.
    map_blocks
        ``map``, or the map of a process pool or cluster, for the simulation.

    Raises
    ------
    HedgeDeskError
        With a note of the station it came from.
    """
    market, settings = inputs.market, inputs.settings
    try:
        tick(0.01, "Opening the exposure")
        exposure = Exposure.open(inputs.forecast, inputs.commitments).after(market.as_of)
        tick(0.02, "Fitting the price model")
        model, reason = choose_model(market, settings.model)
        scenarios = simulate(model, market, exposure, settings, tick=_part(tick, 0.38, 0.45), map_blocks=map_blocks)
        plan = optimise(exposure, scenarios, inputs.program, inputs.book, tick=_part(tick, 0.45, 0.93))
        tick(0.93, "Judging the plan")
        report = assess(exposure, plan, scenarios, backtest=backtest(market))
        report = dataclasses.replace(report, notices=inputs.notices + report.notices)
        summary = _told(model, reason)
        fan = price_fan(market, scenarios)
    except HedgeDeskError as error:
        error.add_note(f"while running the desk as of {market.as_of}")
        raise
    tick(1.0, "Done")
    return HedgeRun(exposure, summary, plan, report, fan, _manifest(inputs, summary, plan), scenarios)


def choose_model(market: MarketSnapshot, name: str | None) -> tuple[PriceModel, str]:
    """The model called ``name``, or by default TwoFactor where the futures history identifies it, else RandomWalk.

    Returns
    -------
    The fitted model and why it was chosen.

    Raises
    ------
    InputError
        No model has that name.
    ModelError
        The named model cannot be fitted to this history.
    """
    from hedgedesk.prices.random_walk import RandomWalk

    if name is not None and name not in MODELS:
        raise InputError(f"no price model is called {name!r}; known are {', '.join(MODELS)}")
    if name == "RandomWalk":
        return RandomWalk.fit(market), "asked for"
    if name is None and (market.futures is None or market.futures.dates.size < 2):
        return RandomWalk.fit(market), "the default without a futures history to identify TwoFactor"

    from hedgedesk.prices.two_factor import TwoFactor

    if name == "TwoFactor":
        return TwoFactor.fit(market), "asked for"
    try:
        return TwoFactor.fit(market), "the default where the futures history identifies it"
    except ModelError as refusal:
        return RandomWalk.fit(market), f"TwoFactor was refused: {refusal}"


def _told(model: PriceModel, reason: str) -> ModelSummary:
    return dataclasses.replace(model.describe(), chosen_because=reason)


def _part(tick: Tick, start: float, end: float) -> Tick:
    """A tick whose 0 to 1 is a stretch of the whole."""
    return lambda fraction, text: tick(start + (end - start) * fraction, text)


def _manifest(inputs: DeskInputs, model: ModelSummary, plan: HedgePlan) -> RunManifest:
    settings = inputs.settings
    simulation = {
        "files": {name: digest for name, digest in inputs.file_hashes.items() if name.startswith(SIMULATION_FILES)},
        "settings": to_plain(settings),
        "blocks": -(-settings.scenarios // settings.block_size),
        "model": model.name,
        "versions": {name: version(name) for name in ("hedgedesk", "numpy", "statsmodels")},
    }
    causes = simulation | {
        "files": inputs.file_hashes,
        "versions": simulation["versions"] | {name: version(name) for name in ("cvxpy", "clarabel")},
    }
    outcomes = {
        "parameters": to_plain(model.parameters),
        "standard_errors": to_plain(model.standard_errors),
        "solver": plan.certificate.solver,
        "status": plan.certificate.status,
        "gap": plan.certificate.gap,
        "recorded_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "host": platform.node(),
        "platform": platform.platform(),
        "threads": os.cpu_count(),
    }
    return RunManifest.of(causes, simulation, outcomes)
