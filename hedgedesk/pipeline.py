"""The straight line: market and forecast in, a hedge run out. Pure: no files, no clock but the manifest's record."""

from __future__ import annotations

import dataclasses
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import numpy as np

from hedgedesk.domain.changes import Changes
from hedgedesk.domain.errors import Fault, HedgeDeskError, InputError, NeedsScenarios
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.plan import HedgePlan
from hedgedesk.domain.price_models import FITTED_WITH
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.results import ModelSummary, PreciseRisk, RiskReport
from hedgedesk.domain.run import DeskInputs, HedgeRun, RunManifest, RunSettings, regrown_id
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import Floats, to_plain
from hedgedesk.exposure.landing import landed, landed_again
from hedgedesk.hedging.optimise import Held, optimise
from hedgedesk.hedging.programme.memory import Memory
from hedgedesk.hedging.programme.venue_notices import opening_notices
from hedgedesk.hedging.ratios import backtest
from hedgedesk.market.instruments import needs_paths
from hedgedesk.prices.choice import choose_model
from hedgedesk.prices.drivers.law import driver_notices
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.outlook.fan import price_fan
from hedgedesk.prices.simulate import Enough, MapBlocks, regrown, simulate
from hedgedesk.risk.assess import assess, hedged_by_month
from hedgedesk.risk.measures import cvar, cvar_standard_error

VERSIONS = (*FITTED_WITH, "cvxpy", "clarabel", "highspy")
"""Packages whose version a run depends on."""
SIMULATION_FILES = ("market/", "consumption.", "commitments.")
"""Beginnings of the names of the files that scenarios depend on; a plan's rules and book are not among them."""


def run(
    inputs: DeskInputs,
    *,
    changes: Changes | None = None,
    based_on: str = "",
    tick: Tick = silent,
    map_blocks: MapBlocks = map,
) -> HedgeRun:
    """Forecast to plan to report.

    Parameters
    ----------
    inputs
        A desk folder, read and checked.
    changes
        What is asked to be otherwise than in the folder.
    based_on
        Run id that the changes are against.
    tick
        Told the fraction done and what is being done.
    map_blocks
        ``map``, or the map of a process pool or cluster, for the simulation.

    Raises
    ------
    HedgeDeskError
        With a note of the station it came from.
    """
    changes = changes or Changes()
    inputs = changes.of_inputs(inputs)
    inputs = dataclasses.replace(inputs, settings=with_margin_dates(inputs.settings, inputs.program))
    market, settings = inputs.market, inputs.settings
    with _noted(market.as_of):
        tick(0.01, "Opening the exposure")
        exposure = Exposure.open(inputs.forecast, inputs.commitments).after(market.as_of)
        tick(0.02, "Fitting the price model")
        model, reason = choose_model(market, settings.model, choice=inputs.choice, tick=_part(tick, 0.02, 0.60))
        model = model.with_view(settings.view)
        scenarios = simulate(
            model,
            market,
            exposure,
            settings,
            tick=_part(tick, 0.60, 0.80),
            map_blocks=map_blocks,
            enough=_precise_enough(exposure, inputs.program, settings.relative_error),
        )
        at_work = _part(tick, 0.80, 0.90)
        plan = optimise(exposure, scenarios, inputs.program, inputs.book, solver=settings.solver, tick=at_work)
        tick(0.90, "Judging the plan")
        report = assess(exposure, plan, scenarios, backtest=backtest(market))
        hedged = hedged_by_month(exposure, plan, scenarios) if inputs.usage is not None else np.empty((0, 0))
        year = landed(inputs.usage, exposure.months, hedged, inputs.program, market.as_of, market.fx)
        before = inputs.notices + driver_notices(market, model, settings.price_volume_correlation) + year[1]
        before += tuple(opening_notices(inputs.program, plan.contracts, market, inputs.book))
        precise = _measured(model, inputs, exposure, scenarios, plan, _part(tick, 0.90, 0.99))
        report = dataclasses.replace(report, notices=before + report.notices, landing=year[0], precise=precise)
        summary = _told(model, reason, settings)
        fan = price_fan(market, scenarios)
    tick(1.0, "Done")
    manifest = _manifest(inputs, changes, based_on, summary, plan)
    return HedgeRun(exposure, summary, plan, report, fan, manifest, scenarios)


def replan(
    run: HedgeRun,
    scenarios: ScenarioSet | None,
    changes: Changes,
    *,
    drawn: HedgeRun | None = None,
    memory: Memory | None = None,
) -> HedgeRun:
    """Answer what if on scenarios already drawn: plan and report anew, all else as in ``run``.

    The same numbers as a whole :func:`run` with these changes, but costs are measured by the scenarios alone. Lots held
    and their gain so far are the base run's, and so is the backtest on real changes.

    Parameters
    ----------
    run
        What the changes are against.
    scenarios
        Those of ``drawn``; None: they are no longer kept.
    drawn
        A what-if against ``run`` with the view of the price that the changes ask for; None: ``run`` itself.
    memory
        What an earlier answer on the same scenarios has left, so that this one comes sooner; it keeps this one.

    Raises
    ------
    NeedsScenarios
        The changes are of another view of the price than ``drawn``, or there are no scenarios.
    HedgeDeskError
        As :func:`run`.
    """
    drawn = drawn or run
    if scenarios is None or not same_view(run, changes, drawn):
        raise NeedsScenarios(f"run {run.manifest.run_id} has no scenarios at hand that answer this: it needs a job")
    with _noted(scenarios.as_of):
        exposure = run.exposure.grown(changes.volume, scenarios.as_of)
        scenarios = of_forecast(exposure, scenarios, drawn)
        held = Held(run.plan.held_lots, run.plan.held_gain)
        program = _of_same_currency(changes.of_program(run.plan.program), run)
        plan = optimise(exposure, scenarios, program, held, solver=_settings_of(run).solver, memory=memory)
        report = assess(exposure, plan, scenarios)
        year = run.report.landing
        if year is not None:
            ahead = exposure.after(scenarios.as_of)
            year = landed_again(year, ahead.months, hedged_by_month(ahead, plan, scenarios), plan.program)
    report = dataclasses.replace(
        report,
        landing=year,
        effectiveness=dataclasses.replace(run.report.effectiveness, in_sample=report.effectiveness.in_sample),
        notices=_of_inputs(run, report) + _not_measured(drawn) + report.notices,
    )
    manifest = _replanned(run.manifest, drawn.manifest, changes, plan)
    return HedgeRun(exposure, drawn.model, plan, report, drawn.fan, manifest, scenarios)


def of_forecast(exposure: Exposure, scenarios: ScenarioSet, drawn: HedgeRun) -> ScenarioSet:
    """The ``scenarios`` of ``drawn`` over the forecast of ``exposure``, which may have grown since."""
    if np.array_equal(exposure.forecast_mtok, drawn.exposure.forecast_mtok):
        return scenarios
    return regrown(scenarios, drawn.exposure, exposure)


def same_view(run: HedgeRun, changes: Changes, drawn: HedgeRun) -> bool:
    """Whether ``drawn`` has the view of the price that ``changes`` against ``run`` ask for."""
    program = changes.of_program(run.plan.program)
    return with_margin_dates(changes.of_settings(_settings_of(run)), program) == _settings_of(drawn)


def draws_anew(inputs: DeskInputs, changes: Changes) -> bool:
    """Whether changes against the run of ``inputs`` need other scenarios than the run's."""
    before, after = (with_margin_dates(each.settings, each.program) for each in (inputs, changes.of_inputs(inputs)))
    return before != after


def _settings_of(run: HedgeRun) -> RunSettings:
    # A run made before a setting was known had what is its default today.
    return RunSettings(**run.manifest.causes["settings"])


def with_margin_dates(settings: RunSettings, program: HedgeProgram) -> RunSettings:
    """The settings, keeping futures prices along the paths where the programme limits or pays margin on them."""
    allowed = [terms for terms in program.terms if program.allows(terms.name)]
    needed = program.credit_line_level is not None or needs_paths(allowed)
    if not needed or settings.margin_grid != "none":
        return settings
    return dataclasses.replace(settings, margin_grid="monthly")


def _of_same_currency(program: HedgeProgram, run: HedgeRun) -> HedgeProgram:
    """``program``; its currency must be the run's, whose book was valued in it."""
    own = run.plan.program.currency
    if program.currency != own:
        expected = f"{own}: a programme in another currency needs a run of its own"
        raise InputError(faults=[Fault("what if", None, "currency", program.currency, expected)])
    return program


def _precise_enough(exposure: Exposure, program: HedgeProgram, share: float | None) -> Enough | None:
    """Whether the CVaR of the unhedged cost is known to ``share`` of itself; None: nothing was asked."""
    if share is None:
        return None

    def enough(scenarios: ScenarioSet) -> bool:
        cost = scenarios.cost_by_month(exposure, program.currency).sum(axis=1)
        return cvar_standard_error(cost, program.level) <= share * abs(cvar(cost, program.level))

    return enough


def _measured(
    model: PriceModel, inputs: DeskInputs, exposure: Exposure, scenarios: ScenarioSet, plan: HedgePlan, tick: Tick
) -> PreciseRisk | None:
    """Both costs measured as the settings ask for; None: plain, by the scenarios themselves."""
    if inputs.settings.sampling == "plain":
        return None
    from hedgedesk.prices.sampling.costs import Sharp

    paths = needs_paths(choice.offer for choice in plan.choices)
    sharp = Sharp(model, inputs.market, exposure, scenarios, inputs.settings, paths=paths)
    currency, level = plan.program.currency, plan.program.level

    def unhedged(drawn: ScenarioSet) -> Floats:
        return np.asarray(drawn.cost_by_month(exposure, currency).sum(axis=1))

    def hedged(drawn: ScenarioSet) -> Floats:
        return np.asarray(hedged_by_month(exposure, plan, drawn).sum(axis=1))

    return PreciseRisk(
        unhedged=sharp.measure(unhedged, level, _part(tick, 0.0, 0.5)),
        hedged=sharp.measure(hedged, level, _part(tick, 0.5, 1.0)),
    )


def _told(model: PriceModel, reason: str, settings: RunSettings) -> ModelSummary:
    """What the model says of itself, and of what was drawn where that is not what was fitted."""
    summary = dataclasses.replace(model.describe(), chosen_because=reason)
    drawn = []
    if settings.volatility != 1.0:
        drawn.append(f"The scenarios are drawn with {settings.volatility:g} times the fitted volatility, as asked for.")
    if settings.parameter_uncertainty:
        drawn.append("The parameters are drawn too, from their estimated distribution, as asked for.")
    return dataclasses.replace(summary, assumptions=(*summary.assumptions, *drawn))


def _part(tick: Tick, start: float, end: float) -> Tick:
    """A tick whose 0 to 1 is a stretch of the whole."""
    return lambda fraction, text: tick(start + (end - start) * fraction, text)


def _not_measured(run: HedgeRun) -> tuple[str, ...]:
    """What an answer at once leaves out of a run that is measured sharply: that needs fresh paths."""
    if run.manifest.causes["settings"].get("sampling", "plain") == "plain":
        return ()
    return ("the costs of this answer are those of its scenarios; a run with these changes measures them more sharply",)


def _of_inputs(run: HedgeRun, report: RiskReport) -> tuple[str, ...]:
    """The notices that reading the folder gave: those that no later station tells."""
    later = {*run.exposure.notices, *run.plan.notices, *report.notices}
    return tuple(notice for notice in run.report.notices if notice not in later)


@contextmanager
def _noted(as_of: np.datetime64) -> Iterator[None]:
    try:
        yield
    except HedgeDeskError as error:
        error.add_note(f"while running the desk as of {as_of}")
        raise


def _manifest(inputs: DeskInputs, changes: Changes, based_on: str, model: ModelSummary, plan: HedgePlan) -> RunManifest:
    settings = inputs.settings
    causes = {
        "files": inputs.file_hashes,
        "settings": to_plain(settings),
        "blocks": -(-settings.scenarios // settings.block_size),
        "model": model.name,
        "versions": {name: version(name) for name in VERSIONS},
    }
    if settings.relative_error is not None:
        # How many scenarios are drawn then rests on the tail that is watched.
        causes["watched"] = {"currency": inputs.program.currency, "level": inputs.program.level}
    outcomes = {"parameters": to_plain(model.parameters), "standard_errors": to_plain(model.standard_errors)}
    causes |= _validated(inputs) | _asked(changes, based_on)
    manifest = RunManifest.of(causes, _simulation(causes), outcomes | _outcomes(plan))
    return dataclasses.replace(manifest, scenario_id=regrown_id(manifest.scenario_id, changes.volume))


def _replanned(base: RunManifest, drawn: RunManifest, changes: Changes, plan: HedgePlan) -> RunManifest:
    """The manifest that a whole run with these changes would have: same causes, same ids."""
    simulated = base.causes | {name: drawn.causes[name] for name in ("settings", "model", "versions")}
    if simulated["settings"]["model"] is not None:
        simulated.pop("choice", None)  # a model that is asked for is no validation's choice
    versions = {name: version(name) for name in VERSIONS}
    causes = simulated | {"versions": versions} | _asked(changes, base.run_id)
    manifest = RunManifest.of(causes, _simulation(simulated), drawn.outcomes | _outcomes(plan))
    return dataclasses.replace(manifest, scenario_id=regrown_id(manifest.scenario_id, changes.volume))


def _simulation(causes: dict[str, Any]) -> dict[str, Any]:
    """The part of the causes that scenarios depend on."""
    files = {name: digest for name, digest in causes["files"].items() if name.startswith(SIMULATION_FILES)}
    # A run made before a package could matter does not name it, and keeps its id.
    versions = {name: causes["versions"][name] for name in FITTED_WITH if name in causes["versions"]}
    named = {name: causes[name] for name in ("settings", "blocks", "model", "watched") if name in causes}
    # What finds the plan draws nothing.
    named["settings"] = {name: value for name, value in causes["settings"].items() if name != "solver"}
    return named | {"files": files, "versions": versions}


def _validated(inputs: DeskInputs) -> dict[str, Any]:
    """What a validation adds to the causes of a run: its choice, where that and nothing asked for decides the model."""
    if inputs.choice is None or inputs.settings.model is not None:
        return {}
    return {"choice": to_plain(inputs.choice)}


def _asked(changes: Changes, based_on: str) -> dict[str, Any]:
    """What changes add to the causes of a run; nothing where nothing changes, so that the run keeps its id."""
    if not changes.any:
        return {}
    return {"changes": changes.told(), "based_on": based_on}


def _outcomes(plan: HedgePlan) -> dict[str, Any]:
    return {
        "solver": plan.certificate.solver,
        "status": plan.certificate.status,
        "gap": plan.certificate.gap,
        "recorded_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "host": platform.node(),
        "platform": platform.platform(),
        "threads": os.cpu_count(),
    }
