"""Judgements passed on a plan and a model: the risk report and what is in it. Fields and one summary, no drawing."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hedgedesk.domain.market import INDICATIVE
from hedgedesk.domain.study import Landing
from hedgedesk.domain.values import ArrayHolder, Floats, Months


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """A fitted price model, told: parameters with their standard errors, and what it assumes."""

    name: str
    parameters: dict[str, float]
    standard_errors: dict[str, float]
    """NaN where the history does not identify the parameter."""
    log_likelihood: float
    observations: int
    assumptions: tuple[str, ...] = ()
    chosen_because: str = ""
    estimated: int | None = None
    """How many parameters the likelihood was maximised over; None: a model without a likelihood."""
    view: dict[str, float] = field(default_factory=dict)
    """The user's own values, which are drawn from in the place of the estimates in ``parameters``."""

    @property
    def aic(self) -> float | None:
        """Akaike's criterion 2 k - 2 ln L; None without a likelihood."""
        if self.estimated is None or not np.isfinite(self.log_likelihood):
            return None
        return 2.0 * self.estimated - 2.0 * self.log_likelihood

    @property
    def bic(self) -> float | None:
        """Schwarz's criterion k ln n - 2 ln L; None without a likelihood."""
        if self.estimated is None or not np.isfinite(self.log_likelihood):
            return None
        return float(self.estimated * np.log(self.observations) - 2.0 * self.log_likelihood)

    def summary(self) -> str:
        """One line a parameter, for the terminal."""
        lines = [f"{self.name}: {self.observations} observations, log-likelihood {self.log_likelihood:.2f}"]
        for name, value in self.parameters.items():
            own = f"  your view {self.view[name]:.5g}" if name in self.view else ""
            lines.append(f"  {name:<16}{value:>12.5g}  s.e. {self.standard_errors.get(name, float('nan')):.3g}{own}")
        return "\n".join(lines + [f"  {text}" for text in (*self.assumptions, self.chosen_because) if text])


@dataclass(frozen=True, slots=True)
class CostRisk:
    """Cost of the whole horizon in the programme's currency."""

    mean: float
    standard_error: float
    p05: float
    p50: float
    p95: float
    standard_deviation: float
    var: float
    var_standard_error: float
    cvar: float
    cvar_standard_error: float
    budget: float | None
    budget_at_risk: float | None
    """VaR less the budget."""
    probability_over_budget: float | None
    expected_overrun: float | None
    """Mean of the cost above the budget, 0 where there is none."""


@dataclass(frozen=True, eq=False)
class MonthlyRisk(ArrayHolder):
    """The months one by one; money in the programme's currency, volume in Mtok of the contract's unit."""

    months: Months
    forecast_mtok: Floats
    fixed_mtok: Floats
    open_mtok: Floats
    held_mtok: Floats
    """Hedged by lots already in the book."""
    hedged_mtok: Floats
    """Hedged after trading, by lots and by the other instruments."""
    raw_forecast_mtok: Floats
    """Raw tokens, before the weights of the contract's unit."""
    raw_open_mtok: Floats
    band_min: Floats
    """Share of the forecast; NaN where no band binds."""
    band_max: Floats
    unhedged_mean: Floats
    unhedged_p95: Floats
    hedged_mean: Floats
    hedged_p05: Floats
    hedged_p95: Floats
    hedged_var: Floats
    """At the programme's level."""
    budget: Floats
    """NaN where the month has none of its own."""
    hedgeable: np.ndarray[tuple[int], np.dtype[np.bool_]]
    """False past the last contract."""
    open_value: Floats = field(default_factory=lambda: np.empty(0))
    """Open volume at today's curve and today's currency; empty in a record made before it was kept."""
    levels: Floats = field(default_factory=lambda: np.empty(0))
    """(Q,) rising levels of the two quantiles below; empty in a record made before they were kept."""
    unhedged_quantile: Floats = field(default_factory=lambda: np.empty(0))
    """(Q, T) cost of the month."""
    hedged_quantile: Floats = field(default_factory=lambda: np.empty(0))
    """(Q, T)."""
    choices_mtok: Floats = field(default_factory=lambda: np.empty(0))
    """(T,) part of ``hedged_mtok`` that instruments beside the futures cover; empty in a record made before them."""

    def validate(self) -> None:
        """Raise ``ValueError`` unless quantiles have one row a level and one column a month."""
        shape = (self.levels.size, self.months.size)
        for name in ("unhedged_quantile", "hedged_quantile"):
            if self.levels.size and getattr(self, name).shape != shape:
                raise ValueError(f"{name} must have one row a level and one column a month")

    @property
    def hedge_share(self) -> Floats:
        """(T,) hedged / open volume; 0 where nothing is open."""
        return np.divide(self.hedged_mtok, self.open_mtok, out=np.zeros_like(self.open_mtok), where=self.open_mtok > 0)

    @property
    def coverage(self) -> Floats:
        """(T,) (fixed + hedged) / forecast, what bands rule; 0 where nothing is forecast."""
        covered = self.fixed_mtok + self.hedged_mtok
        return np.divide(covered, self.forecast_mtok, out=np.zeros_like(covered), where=self.forecast_mtok > 0)

    def cover_of_first(self, count: int) -> tuple[float, float, float]:
        """Coverage of the first ``count`` months together, then the least and most their bands allow.

        All three are weighted by forecast; the last two are NaN where a month of them has no band.
        """
        weights = self.forecast_mtok[:count]
        total = float(weights.sum())
        if total <= 0:
            return 0.0, float("nan"), float("nan")
        least, most = (float(weights @ band[:count]) / total for band in (self.band_min, self.band_max))
        return float((self.fixed_mtok + self.hedged_mtok)[:count].sum()) / total, least, most

    @property
    def cash_flow_at_risk(self) -> Floats:
        """(T,) hedged VaR of the month less its target: its own budget, or else its hedged mean."""
        target = np.where(np.isnan(self.budget), self.hedged_mean, self.budget)
        return self.hedged_var - target


@dataclass(frozen=True, eq=False)
class CostDistribution(ArrayHolder):
    """Share of the scenarios in each bin of cost, with and without the plan, on one axis."""

    edges: Floats
    """(B + 1,) in the programme's currency."""
    unhedged: Floats
    """(B,) shares of all scenarios; what they lack of 1 lies beyond the edges."""
    hedged: Floats
    """(B,)."""


@dataclass(frozen=True, slots=True)
class StressResult:
    """One shock applied to every scenario under the same plan; means in the programme's currency."""

    name: str
    shock: str
    """What moves, by how much, and where the number comes from."""
    physical_cost: float
    hedge_gain: float
    total_cost: float
    """Physical cost less hedge gain plus transaction cost."""
    margin_call: float
    """Variation margin to be paid at once if the shock came the day after the trade, 0 where none."""
    regret: float
    """Hedged less unhedged cost: above 0, the hedge made it dearer."""
    over_budget: float | None
    """Total cost less budget."""


@dataclass(frozen=True, slots=True)
class Effectiveness:
    """Share of the variance that the hedge takes away."""

    in_sample: float
    """Of the simulated cost of the whole horizon, plan against no plan."""
    out_of_sample: float | None = None
    """Of the real weekly changes: ratio estimated on the first two thirds, judged on the last third."""
    ratio: float | None = None
    """The minimum-variance ratio of those first two thirds."""
    ratio_standard_error: float | None = None
    changes: int = 0
    """How many real changes were judged."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class HedgeBacktest:
    """A minimum-variance ratio estimated on the first two thirds of real changes and judged on the last third."""

    effectiveness: float | None
    """1 - Var(hedged)/Var(open) on the last third; None: not to be had, ``note`` says why."""
    ratio: float | None
    ratio_standard_error: float | None
    estimated_on: int
    judged_on: int
    note: str


@dataclass(frozen=True, slots=True)
class Margin:
    """Cash for the clearing house, in the programme's currency."""

    initial: float
    credit_line: float | None
    liquidity_at_risk: float | None = None
    """Quantile at the report's level of the most cash a path needs beyond ``initial``; None: no margin dates kept."""


@dataclass(frozen=True, slots=True)
class TailMeasure:
    """Cost of a fixed plan, measured more sharply than by the scenarios that made it; in the programme's currency."""

    sampling: str
    """plain, sobol or importance."""
    scenarios: int
    """Over all replications."""
    replications: int
    mean: float
    mean_standard_error: float
    cvar: float
    cvar_standard_error: float
    """From independent replications."""
    reached: bool
    """Whether the asked precision was reached; True where none was asked."""


@dataclass(frozen=True, slots=True)
class PreciseRisk:
    """The two costs that a report shows, measured sharply."""

    unhedged: TailMeasure
    hedged: TailMeasure


@dataclass(frozen=True, slots=True)
class RiskReport:
    """What can still hurt, with and without the plan."""

    currency: str
    level: float
    scenarios: int
    unhedged: CostRisk
    hedged: CostRisk
    months: MonthlyRisk
    distribution: CostDistribution
    stresses: tuple[StressResult, ...]
    effectiveness: Effectiveness
    margin: Margin
    indicative: bool
    notices: tuple[str, ...] = ()
    landing: Landing | None = None
    """Where the year of the run's first month ends; None: not worked out, or a record made before it was."""
    precise: PreciseRisk | None = None
    """Mean and CVaR measured by Sobol points or importance sampling, where the settings ask for it."""

    def summary(self) -> str:
        """Unhedged beside hedged, for the terminal."""
        title = f"Cost of {self.months.months[0]} to {self.months.months[-1]}, {self.currency}"
        rows = [f"curve {INDICATIVE}"] if self.indicative else []
        rows += [f"{title:<44}{'unhedged':>16}{'hedged':>16}"]
        level = f"{self.level:.0%}"
        for label, name in (
            ("mean", "mean"),
            ("  s.e.", "standard_error"),
            ("5% quantile", "p05"),
            ("median", "p50"),
            ("95% quantile", "p95"),
            (f"VaR {level}", "var"),
            (f"CVaR {level}", "cvar"),
            ("  s.e.", "cvar_standard_error"),
            ("budget", "budget"),
            ("budget at risk (VaR - budget)", "budget_at_risk"),
        ):
            pair = [getattr(self.unhedged, name), getattr(self.hedged, name)]
            rows.append(f"{label:<44}" + "".join("               –" if v is None else f"{v:>16,.0f}" for v in pair))
        if self.precise is not None:
            rows += _precise_lines(self.precise, level)
        chances = [self.unhedged.probability_over_budget, self.hedged.probability_over_budget]
        if None not in chances:
            rows.append(f"{'chance of breaking the budget':<44}" + "".join(f"{c:>16.1%}" for c in chances))
        rows.append(f"{'hedge effectiveness, in sample':<44}{'':>16}{self.effectiveness.in_sample:>16.1%}")
        if self.effectiveness.out_of_sample is not None:
            rows.append(f"{'hedge effectiveness, out of sample':<44}{'':>16}{self.effectiveness.out_of_sample:>16.1%}")
        rows.append(f"{'initial margin':<44}{'':>16}{self.margin.initial:>16,.0f}")
        if self.margin.liquidity_at_risk is not None:
            label = f"liquidity at risk {level}, beyond initial margin"
            rows.append(f"{label:<44}{'':>16}{self.margin.liquidity_at_risk:>16,.0f}")
        if self.landing is not None:
            rows.append(self.landing.summary())
        rows.append("")
        rows.append(f"{'stress':<28}{'cost':>14}{'hedge gain':>14}{'margin call':>14}{'regret':>14}")
        for s in self.stresses:
            rows.append(
                f"{s.name:<28}{s.total_cost:>14,.0f}{s.hedge_gain:>14,.0f}{s.margin_call:>14,.0f}{s.regret:>14,.0f}"
            )
        return "\n".join(rows + [f"note: {text}" for text in self.notices])


def _precise_lines(precise: PreciseRisk, level: str) -> list[str]:
    """Mean and CVaR measured more sharply, with their errors, for the terminal."""
    sampling, pair = precise.hedged.sampling, (precise.unhedged, precise.hedged)
    names = (
        (f"mean, {sampling}", "mean"),
        ("  s.e.", "mean_standard_error"),
        (f"CVaR {level}, {sampling}", "cvar"),
        ("  s.e.", "cvar_standard_error"),
    )
    return [f"{label:<44}" + "".join(f"{getattr(each, name):>16,.0f}" for each in pair) for label, name in names]
