"""HedgeDesk for analysts: the front door.

>>> import hedgedesk as hd
>>> run = hd.run("sample_data", hd.RunSettings(scenarios=20_000, seed=7))
>>> print(run.report.summary())

Only numpy is loaded at once; everything heavier when it is first named.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from hedgedesk.cluster import cluster_map
    from hedgedesk.domain.book import HedgeBook
    from hedgedesk.domain.consumption import Growth
    from hedgedesk.domain.drivers import Drivers
    from hedgedesk.domain.errors import HedgeDeskError, Infeasible, InputError
    from hedgedesk.domain.exposure import ConsumptionForecast, Exposure
    from hedgedesk.domain.market import ContractSpec, MarketSnapshot
    from hedgedesk.domain.plan import HedgePlan
    from hedgedesk.domain.price_models import ModelStudy, Validation
    from hedgedesk.domain.program import HedgeProgram
    from hedgedesk.domain.results import RiskReport
    from hedgedesk.domain.run import HedgeRun, RunSettings
    from hedgedesk.domain.scenarios import ScenarioSet
    from hedgedesk.files import (
        read_book,
        read_commitments,
        read_consumption,
        read_market,
        read_program,
        read_settings,
        read_usage,
    )
    from hedgedesk.hedging.cvar import minimise_cvar
    from hedgedesk.hedging.optimise import optimise
    from hedgedesk.hedging.options import asian, black76, lognormal_prints, simulated_asian
    from hedgedesk.hedging.options.premium_check import premium_checks
    from hedgedesk.hedging.ratios import minimum_variance, tailed, uncertain_volume
    from hedgedesk.model_study import study_models
    from hedgedesk.plan_study import AIRLINE, Ladder, across_models, frontier, layered_history, strategies
    from hedgedesk.prices.models.bootstrap import Bootstrap
    from hedgedesk.prices.models.jump_diffusion import JumpDiffusion
    from hedgedesk.prices.models.random_walk import RandomWalk
    from hedgedesk.prices.models.regimes import Regimes
    from hedgedesk.prices.models.step_price import StepPrice
    from hedgedesk.prices.models.two_factor import TwoFactor
    from hedgedesk.prices.models.two_factor_jumps import TwoFactorJumps
    from hedgedesk.prices.simulate import simulate
    from hedgedesk.reports import notebook as figures
    from hedgedesk.risk.assess import assess
    from hedgedesk.validation import validate

_HOMES = {
    "AIRLINE": "hedgedesk.plan_study",
    "Bootstrap": "hedgedesk.prices.models.bootstrap",
    "ConsumptionForecast": "hedgedesk.domain.exposure",
    "ContractSpec": "hedgedesk.domain.market",
    "Drivers": "hedgedesk.domain.drivers",
    "Exposure": "hedgedesk.domain.exposure",
    "Growth": "hedgedesk.domain.consumption",
    "HedgeBook": "hedgedesk.domain.book",
    "HedgeDeskError": "hedgedesk.domain.errors",
    "HedgePlan": "hedgedesk.domain.plan",
    "HedgeProgram": "hedgedesk.domain.program",
    "HedgeRun": "hedgedesk.domain.run",
    "Infeasible": "hedgedesk.domain.errors",
    "InputError": "hedgedesk.domain.errors",
    "JumpDiffusion": "hedgedesk.prices.models.jump_diffusion",
    "Ladder": "hedgedesk.plan_study",
    "MarketSnapshot": "hedgedesk.domain.market",
    "ModelStudy": "hedgedesk.domain.price_models",
    "RandomWalk": "hedgedesk.prices.models.random_walk",
    "Regimes": "hedgedesk.prices.models.regimes",
    "RiskReport": "hedgedesk.domain.results",
    "RunSettings": "hedgedesk.domain.run",
    "ScenarioSet": "hedgedesk.domain.scenarios",
    "StepPrice": "hedgedesk.prices.models.step_price",
    "TwoFactor": "hedgedesk.prices.models.two_factor",
    "TwoFactorJumps": "hedgedesk.prices.models.two_factor_jumps",
    "Validation": "hedgedesk.domain.price_models",
    "across_models": "hedgedesk.plan_study",
    "asian": "hedgedesk.hedging.options",
    "assess": "hedgedesk.risk.assess",
    "black76": "hedgedesk.hedging.options",
    "cluster_map": "hedgedesk.cluster",
    "frontier": "hedgedesk.plan_study",
    "layered_history": "hedgedesk.plan_study",
    "lognormal_prints": "hedgedesk.hedging.options",
    "minimise_cvar": "hedgedesk.hedging.cvar",
    "minimum_variance": "hedgedesk.hedging.ratios",
    "optimise": "hedgedesk.hedging.optimise",
    "premium_checks": "hedgedesk.hedging.options.premium_check",
    "read_book": "hedgedesk.files",
    "read_commitments": "hedgedesk.files",
    "read_consumption": "hedgedesk.files",
    "read_market": "hedgedesk.files",
    "read_program": "hedgedesk.files",
    "read_settings": "hedgedesk.files",
    "read_usage": "hedgedesk.files",
    "simulate": "hedgedesk.prices.simulate",
    "simulated_asian": "hedgedesk.hedging.options",
    "strategies": "hedgedesk.plan_study",
    "study_models": "hedgedesk.model_study",
    "tailed": "hedgedesk.hedging.ratios",
    "uncertain_volume": "hedgedesk.hedging.ratios",
    "validate": "hedgedesk.validation",
}
_ROOMS = {"figures": "hedgedesk.reports.notebook"}

__all__ = [
    "AIRLINE",
    "Bootstrap",
    "ConsumptionForecast",
    "ContractSpec",
    "Drivers",
    "Exposure",
    "Growth",
    "HedgeBook",
    "HedgeDeskError",
    "HedgePlan",
    "HedgeProgram",
    "HedgeRun",
    "Infeasible",
    "InputError",
    "JumpDiffusion",
    "Ladder",
    "MarketSnapshot",
    "ModelStudy",
    "RandomWalk",
    "Regimes",
    "RiskReport",
    "RunSettings",
    "ScenarioSet",
    "StepPrice",
    "TwoFactor",
    "TwoFactorJumps",
    "Validation",
    "across_models",
    "asian",
    "assess",
    "black76",
    "cluster_map",
    "figures",
    "frontier",
    "layered_history",
    "lognormal_prints",
    "minimise_cvar",
    "minimum_variance",
    "optimise",
    "premium_checks",
    "read_book",
    "read_commitments",
    "read_consumption",
    "read_market",
    "read_program",
    "read_settings",
    "read_usage",
    "run",
    "simulate",
    "simulated_asian",
    "strategies",
    "study_models",
    "tailed",
    "uncertain_volume",
    "validate",
]


def run(folder: str | Path, settings: RunSettings | None = None) -> HedgeRun:
    """Run a desk folder from forecast to plan and report; nothing is stored.

    Parameters
    ----------
    folder
        A desk folder (``sample_data`` is one).
    settings
        None: those of the folder's ``settings.toml``, or the defaults.

    Raises
    ------
    InputError
        The folder is wrong; carries every fault.
    Infeasible
        The programme's rules contradict one another.
    """
    import dataclasses

    from hedgedesk import pipeline
    from hedgedesk.files import read_desk

    inputs = read_desk(folder)
    if settings is not None:
        inputs = dataclasses.replace(inputs, settings=settings)
    return pipeline.run(inputs)


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(_ROOMS[name])
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'hedgedesk' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
