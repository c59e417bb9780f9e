"""A hedge run made by hand: 24 months, 12 contracts that reach the first 12, every kind of number in it."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.market import ContractSpec, ForwardCurve, FuturesContract
from hedgedesk.domain.plan import Certificate, HedgePlan, LimitUse
from hedgedesk.domain.program import Band, HedgeProgram
from hedgedesk.domain.results import (
    CostDistribution,
    CostRisk,
    Effectiveness,
    Margin,
    ModelSummary,
    MonthlyRisk,
    RiskReport,
    StressResult,
)
from hedgedesk.domain.run import HedgeRun, RunManifest
from hedgedesk.domain.scenarios import PriceFan

T, K = 24, 12
MONTHS = np.arange("2026-12", "2028-12", dtype="datetime64[M]")
AS_OF = np.datetime64("2026-11-20")
FORECAST = np.linspace(60_000.0, 130_000.0, T)
PRICE = 9.70 * np.exp(-0.006 * np.arange(T))
HELD = np.where(np.arange(K) < 3, 120.0, 0.0)
LOTS = np.array([-20, 124, 160, 260, 280, 300, 240, 360, 350, 330, 310, 190], dtype=float)
LEVELS = np.array([0.05, 0.15, 0.25, 0.5, 0.75, 0.85, 0.95])


def sample_run(
    *, indicative: bool = False, budget: float | None = 11_600_000.0, status: str = "not_listed"
) -> HedgeRun:
    """The run; amounts in CNY, the index in STU."""
    spec = ContractSpec(currency="CNY", multiplier=100.0, index="STU-CN realised", status=status)
    contracts = tuple(FuturesContract(spec, m, m.astype("datetime64[D]") + 20) for m in MONTHS[:K])
    curve = ForwardCurve(AS_OF, "CNY", MONTHS[:K], PRICE[:K], indicative)
    program = HedgeProgram(
        "CNY", budget=budget, credit_line=420_000.0, bands=(Band(1, 12, 0.3, 0.72), Band(13, 24, 0.1, 0.5))
    )
    plan = _plan(program, contracts, indicative)
    report = _report(program, indicative, plan)
    manifest = RunManifest(
        "7f3a9c2e51d04b86",
        "11aa22bb33cc44dd",
        {
            "files": {"consumption.csv": "a" * 64, "market/index.csv": "b" * 64},
            "settings": {"scenarios": 20_000, "seed": 7, "block_size": 4096},
            "model": "TwoFactor",
            "versions": {"hedgedesk": "0.1.0", "numpy": "2.4.6"},
        },
        {"recorded_at": "2026-11-21T09:00:00+00:00"},
    )
    return HedgeRun(_exposure(), _model(), plan, report, _fan(curve), manifest)


def _exposure() -> Exposure:
    raw = FORECAST[:, None] * np.array([[1.6, 0.05]])
    return Exposure(
        months=MONTHS,
        models=("kimi-k2", "kimi-k2"),
        meters=("uncached_input", "output"),
        forecast_mtok=raw,
        fixed_mtok=raw * 0.1,
        spread=np.full(T, 0.1),
        committed_cost=np.full(T, 40_000.0),
        commitment_currency="CNY",
        notices=("volume spread not given for every line: 10% assumed there",),
    )


def _model() -> ModelSummary:
    values = {"kappa": 1.49, "sigma_chi": 0.286, "sigma_xi": 0.145, "rho": 0.3, "mu_xi": -0.0125}
    errors = {"kappa": 0.03, "sigma_chi": 0.01, "sigma_xi": 0.005, "rho": 0.044, "mu_xi": float("nan")}
    return ModelSummary("TwoFactor", values, errors, 4321.5, 260, ("prices are lognormal",), "the default")


def _plan(program: HedgeProgram, contracts: tuple[FuturesContract, ...], indicative: bool) -> HedgePlan:
    return HedgePlan(
        program=program,
        contracts=contracts,
        lots=LOTS,
        held_lots=HELD,
        continuous_lots=LOTS + 0.37,
        price_per_mtok=PRICE[:K],
        transaction_cost=np.abs(LOTS) * 100 * 0.01,
        held_gain=12_345.0,
        certificate=Certificate(10_950_000.0, 10_949_999.2, 7.3e-8, "CLARABEL", "optimal"),
        rounding_cost=1_240.0,
        initial_margin=(LOTS + HELD) * 100 * PRICE[:K] * 0.12,
        limits=(
            LimitUse("band_min", "2027-06", 25_000.0, 25_000.0, "Mtok", True),
            LimitUse("band_min", "2027-07", 25_800.0, 25_800.0, "Mtok", True),
            LimitUse("band_max", "2026-12", 36_000.0, 43_000.0, "Mtok", False),
            LimitUse("position_limit", "2027-07", 360.0, 400.0, "lots", False),
            LimitUse("no_short", "2027-07", 360.0, 0.0, "lots", False),
            LimitUse("credit_line", "", 419_950.0, 420_000.0, "CNY", True),
        ),
        reasons=("above the ceiling", *["lowers the tail"] * 10, "policy band, least cover 2027-11"),
        indicative=indicative,
        notices=("2027-12 to 2028-11 lie past the last contract: they cannot be hedged and no band binds there",),
    )


def _report(program: HedgeProgram, indicative: bool, plan: HedgePlan) -> RiskReport:
    edges = np.linspace(5e6, 2.2e7, 49)
    centres = (edges[:-1] + edges[1:]) / 2
    hedged, unhedged = (np.exp(-0.5 * ((np.log(centres) - m) / s) ** 2) for m, s in ((16.2, 0.15), (16.2, 0.28)))
    return RiskReport(
        currency="CNY",
        level=0.95,
        scenarios=20_000,
        unhedged=_cost(11_000_000.0, 17_920_000.0, program.budget, 0.36),
        hedged=_cost(10_900_000.0, 15_540_000.0, program.budget, 0.30),
        months=_months(),
        distribution=CostDistribution(edges, unhedged / unhedged.sum(), hedged / hedged.sum()),
        stresses=(
            StressResult("Price war", "token price x0.25", 2.7e6, -3.1e6, 5.8e6, 3.1e6, 3.1e6, -5.8e6),
            StressResult("Peak pricing", "x2 in peak hours", 1.5e7, 1.7e6, 1.33e7, 0.0, -1.7e6, 1.7e6),
        ),
        effectiveness=Effectiveness(0.62, 0.58, 0.94, 0.03, 34, "weekly changes within one contract"),
        margin=Margin(float(plan.initial_margin.sum()), program.credit_line),
        indicative=indicative,
        notices=("liquidity at risk is not simulated yet",),
    )


def _cost(mean: float, tail: float, budget: float | None, chance: float) -> CostRisk:
    return CostRisk(
        mean=mean,
        standard_error=9_000.0,
        p05=mean * 0.7,
        p50=mean * 0.98,
        p95=tail * 0.93,
        standard_deviation=mean * 0.2,
        var=tail * 0.93,
        var_standard_error=20_000.0,
        cvar=tail,
        cvar_standard_error=32_000.0,
        budget=budget,
        budget_at_risk=None if budget is None else tail * 0.93 - budget,
        probability_over_budget=None if budget is None else chance,
        expected_overrun=None if budget is None else 480_000.0,
    )


def _months() -> MonthlyRisk:
    ahead = np.arange(T)
    fixed = FORECAST * np.where(ahead < 12, 0.2, 0.1)
    held = np.where(ahead < 3, 12_000.0, 0.0)
    hedged = np.zeros(T)
    hedged[:K] = (LOTS + HELD) * 100.0
    mean = FORECAST * PRICE * 0.5
    return MonthlyRisk(
        months=MONTHS,
        forecast_mtok=FORECAST,
        fixed_mtok=fixed,
        open_mtok=FORECAST - fixed,
        held_mtok=held,
        hedged_mtok=hedged,
        raw_forecast_mtok=FORECAST * 1.65,
        raw_open_mtok=(FORECAST - fixed) * 1.65,
        band_min=np.where(ahead < K, 0.46, np.nan),
        band_max=np.where(ahead < K, 0.62, np.nan),
        unhedged_mean=mean * 1.01,
        unhedged_p95=mean * 1.6,
        hedged_mean=mean,
        hedged_p05=mean * 0.8,
        hedged_p95=mean * 1.3,
        hedged_var=mean * 1.3,
        budget=np.full(T, np.nan),
        hedgeable=ahead < K,
        open_value=(FORECAST - fixed) * PRICE,
        levels=np.array([0.05, 0.25, 0.5, 0.75, 0.95]),
        unhedged_quantile=mean * np.array([[0.6], [0.8], [0.95], [1.2], [1.6]]),
        hedged_quantile=mean * np.array([[0.8], [0.9], [0.98], [1.1], [1.3]]),
    )


def _fan(curve: ForwardCurve) -> PriceFan:
    days = np.arange("2026-01-02", "2026-11-21", dtype="datetime64[D]")
    history = 9.70 + 1.8 * np.sin(np.arange(days.size) / 45.0)
    history[-1] = 9.70
    spread = np.sqrt(np.arange(1, T + 1) / 12.0) * 0.35
    z = np.array([-1.645, -1.036, -0.674, 0.0, 0.674, 1.036, 1.645])
    quantiles = PRICE * np.exp(z[:, None] * spread - 0.5 * spread**2)
    return PriceFan(
        "STU-CN realised", "CNY", "stu", AS_OF, days, history, MONTHS, LEVELS, quantiles, quantiles.mean(axis=0), curve
    )
