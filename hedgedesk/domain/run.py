"""A run of the straight line: what went in, how it was set, where it came from, what came out."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from dataclasses import dataclass, field
from typing import Any, Self

from hedgedesk.domain.book import HedgeBook
from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.exposure import Commitment, ConsumptionForecast, Exposure
from hedgedesk.domain.market import INDICATIVE, MarketSnapshot
from hedgedesk.domain.plan import HedgePlan
from hedgedesk.domain.price_models import ModelChoice
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.results import ModelSummary, RiskReport
from hedgedesk.domain.scenarios import PriceFan, ScenarioSet
from hedgedesk.domain.usage import MeasuredUsage
from hedgedesk.domain.values import from_plain, to_plain

MODELS = ("RandomWalk", "TwoFactor", "JumpDiffusion", "TwoFactorJumps", "StepPrice", "Regimes", "Bootstrap")
"""Class names of the price models, as settings and the command line know them."""
PRECISIONS = ("float32", "float64")
"""Of simulated paths; every sum and every reported number is float64."""
SAMPLINGS = ("plain", "sobol", "importance")
"""How a plan's cost is measured; the scenarios of the plan itself are plain."""
MARGIN_GRIDS = ("none", "monthly", "weekly", "daily")
"""How often a path's futures prices are kept for its margin calls."""
SOLVERS = ("auto", "bundle", "clarabel", "highs", "piqp")
"""How the plan is found: the level bundle with the whole programme behind it, or one of them alone."""

SCENARIOS = (100, 5_000_000)
"""Fewest and most scenarios of a run."""
SCENARIOS_EXPECTED = f"a whole number from {SCENARIOS[0]:,} to {SCENARIOS[1]:,}"
VOLATILITY = (0.1, 5.0)
"""Least and most factor on the fitted volatility."""
VOLATILITY_EXPECTED = f"a factor from {VOLATILITY[0]:g} to {VOLATILITY[1]:g}"


COST_KEYS = (
    "mean",
    "standard_error",
    "p05",
    "p50",
    "p95",
    "var",
    "cvar",
    "cvar_standard_error",
    "budget",
    "budget_at_risk",
    "probability_over_budget",
)
MONTH_KEYS = (
    "open_mtok",
    "unhedged_mean",
    "hedged_mean",
    "hedged_p95",
    "hedge_share",
    "coverage",
    "cash_flow_at_risk",
    "hedgeable",
)
"""Fields of a cost and of the months that ``--json`` writes."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """How a run is done; everything that can change a number and is neither data nor rule.

    Raises
    ------
    InputError
        A value is out of its range; every fault at once.
    """

    model: str | None = None
    """Class name of a price model; None: the default rule of the pipeline."""
    scenarios: int = 20_000
    seed: int = 1
    block_size: int = 10_000
    """Scenarios drawn from one random stream; part of the run's identity."""
    price_volume_correlation: float = 0.0
    """Correlation of the log volume of a month with the log of its average price."""
    risk_premium: float = 0.0
    """Real-world drift of the price above today's curve, per year."""
    drift: float = 0.0
    """Expected growth of the index per year where no quotes fix the curve; the fitted drift is shown beside it."""
    volatility: float = 1.0
    """Factor on the fitted volatility; today's curve stays as it is."""
    precision: str = "float32"
    """float32 or float64: of the simulated paths; float64 is the reference."""
    sampling: str = "plain"
    """plain, sobol or importance: how the cost of the chosen plan is measured."""
    relative_error: float | None = None
    """Standard error of the CVaR, as a share of it, at which drawing stops; None: draw ``scenarios`` of them."""
    margin_grid: str = "none"
    """none, monthly, weekly or daily: dates on which futures prices are kept for margin calls."""
    parameter_uncertainty: bool = False
    """Draw the model's parameters too, from their estimated distribution, so that thin history widens the fan."""
    view: dict[str, float] = field(default_factory=dict)
    """The user's own values of the model's parameters, by name, in the place of the estimates."""
    solver: str = "auto"
    """One of :data:`SOLVERS`; each answer is proved in the same way."""

    def __post_init__(self) -> None:
        faults = [
            Fault("settings", None, name, repr(getattr(self, name)), expected)
            for name, good, expected in (
                ("scenarios", _whole(self.scenarios, *SCENARIOS), SCENARIOS_EXPECTED),
                ("seed", _whole(self.seed, 0, 2**63 - 1), "a whole number of at least 0"),
                ("block_size", _whole(self.block_size, 16, 1_000_000), "a whole number from 16 to 1,000,000"),
                (
                    "price_volume_correlation",
                    _number(self.price_volume_correlation, -1, 1),
                    "a number from -1 to 1",
                ),
                ("risk_premium", _number(self.risk_premium, -5, 5), "a rate per year from -5 to 5"),
                ("drift", _number(self.drift, -5, 5), "a rate per year from -5 to 5"),
                ("volatility", _number(self.volatility, *VOLATILITY), VOLATILITY_EXPECTED),
                ("model", self.model is None or self.model in MODELS, f"one of {', '.join(MODELS)}"),
                ("precision", self.precision in PRECISIONS, f"one of {', '.join(PRECISIONS)}"),
                ("sampling", self.sampling in SAMPLINGS, f"one of {', '.join(SAMPLINGS)}"),
                (
                    "relative_error",
                    self.relative_error is None or _number(self.relative_error, 1e-6, 0.5),
                    "a share from 0.000001 to 0.5",
                ),
                ("solver", self.solver in SOLVERS, f"one of {', '.join(SOLVERS)}"),
                ("margin_grid", self.margin_grid in MARGIN_GRIDS, f"one of {', '.join(MARGIN_GRIDS)}"),
                ("parameter_uncertainty", isinstance(self.parameter_uncertainty, bool), "true or false"),
                ("view", _numbers(self.view), "numbers by parameter name"),
            )
            if not good
        ]
        if faults:
            raise InputError(faults=faults)


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _number(value: object, low: float, high: float) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high


def _numbers(value: object) -> bool:
    return isinstance(value, dict) and all(_number(v, -math.inf, math.inf) and math.isfinite(v) for v in value.values())


@dataclass(frozen=True, slots=True)
class DeskInputs:
    """Everything a desk folder says, read and checked."""

    market: MarketSnapshot
    forecast: ConsumptionForecast
    commitments: tuple[Commitment, ...]
    program: HedgeProgram
    book: HedgeBook
    settings: RunSettings
    file_hashes: dict[str, str] = field(default_factory=dict)
    """File name inside the folder to the SHA-256 of its bytes."""
    notices: tuple[str, ...] = ()
    """What was read but set aside: unknown columns, assumed values."""
    usage: MeasuredUsage | None = None
    """What was really used and paid, from the folder's ``usage/``; None: it has none."""
    choice: ModelChoice | None = None
    """The model that a validation of this very market has chosen; None: it has not been validated."""


@dataclass(frozen=True, slots=True)
class RunManifest:
    """Where a run came from. ``causes`` are hashed into the ids; ``outcomes`` are only recorded."""

    run_id: str
    scenario_id: str
    causes: dict[str, Any]
    outcomes: dict[str, Any]

    @classmethod
    def of(cls, causes: dict[str, Any], simulation_causes: dict[str, Any], outcomes: dict[str, Any]) -> Self:
        """Hash the causes.

        Parameters
        ----------
        causes
            Input file hashes, settings, model and versions; JSON-ready.
        simulation_causes
            The part of them that scenarios depend on.
        outcomes
            Fitted parameters, solver status, clock, host, threads.
        """
        return cls(_digest(causes), _digest(simulation_causes), causes, outcomes)


def regrown_id(scenario_id: str, growth: float) -> str:
    """Id of the scenarios ``scenario_id`` over a forecast that has grown by ``growth``."""
    return scenario_id if growth == 0.0 else _digest({"scenarios": scenario_id, "growth": growth})


def _digest(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class HedgeRun:
    """The result of the straight line."""

    exposure: Exposure
    model: ModelSummary
    plan: HedgePlan
    report: RiskReport
    fan: PriceFan
    manifest: RunManifest
    scenarios: ScenarioSet | None = None
    """A cache: None after the run has been written down, the manifest can rebuild them."""

    def as_json(self) -> dict[str, Any]:
        """The object that ``--json`` writes; NaN and missing are null."""
        report, plan = self.report, self.plan
        numbers: dict[str, Any] = to_plain(
            {
                "run_id": self.manifest.run_id,
                "scenario_id": self.manifest.scenario_id,
                "as_of": self.fan.as_of,
                "currency": report.currency,
                "level": report.level,
                "model": self.model.name,
                "indicative": report.indicative,
                "curve_label": INDICATIVE if report.indicative else "listed",
                "unhedged": {key: getattr(report.unhedged, key) for key in COST_KEYS},
                "hedged": {key: getattr(report.hedged, key) for key in COST_KEYS},
                "months": self._months_as_json(),
                "plan": self._trades_as_json(),
                "choices": self._choices_as_json(),
                "certificate": dataclasses.asdict(plan.certificate),
                "rounding_cost": plan.rounding_cost,
                "margin": {"initial": report.margin.initial, "liquidity_at_risk": report.margin.liquidity_at_risk},
                "effectiveness": dataclasses.asdict(report.effectiveness),
                "stresses": [dataclasses.asdict(stress) for stress in report.stresses],
                "precise": report.precise,
                "landing": report.landing,
                "notices": report.notices,
                "manifest": dataclasses.asdict(self.manifest),
            }
        )
        return numbers

    def _months_as_json(self) -> list[dict[str, Any]]:
        months = self.report.months
        return [
            {"month": str(month), **{key: getattr(months, key)[t] for key in MONTH_KEYS}}
            for t, month in enumerate(self.exposure.months)
        ]

    def _trades_as_json(self) -> list[dict[str, Any]]:
        plan = self.plan
        return [
            {
                "contract": contract.code,
                "lots": int(plan.lots[k]) if plan.program.lots == "whole" else plan.lots[k],
                "mtok": plan.lots[k] * contract.spec.mtok_per_lot,
                "price": plan.price_per_mtok[k],
                "cost": plan.transaction_cost[k],
                "held_lots": plan.held_lots[k],
            }
            for k, contract in enumerate(plan.contracts)
        ]

    def _choices_as_json(self) -> list[dict[str, Any]]:
        """Of each instrument beside the futures what :class:`InstrumentChoice` tells, the offer's fields among them."""
        return [
            {
                "code": choice.offer.code,
                **{f.name: getattr(choice.offer, f.name) for f in dataclasses.fields(choice.offer)},
                **{f.name: getattr(choice, f.name) for f in dataclasses.fields(choice) if f.name != "offer"},
            }
            for choice in self.plan.choices
        ]

    def record(self) -> dict[str, Any]:
        """The whole run but its scenarios, JSON-ready; :meth:`from_record` reads it back."""
        record: dict[str, Any] = to_plain(dataclasses.replace(self, scenarios=None))
        return record

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Self:
        """Rebuild a run that :meth:`record` wrote."""
        return from_plain(cls, record)
