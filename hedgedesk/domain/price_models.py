"""Price models as others see them: their names, what a fit shows, how a forecast was judged."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hedgedesk.domain.results import ModelSummary
from hedgedesk.domain.values import ArrayHolder, Dates, Floats, Months

FITTED_WITH = ("hedgedesk", "numpy", "scipy", "statsmodels", "arch")
"""Packages whose versions fitted models, and all that is drawn from them, depend on."""


@dataclass(frozen=True, slots=True)
class JumpRecord:
    """One jump that a model has found in the history."""

    date: np.datetime64
    """datetime64[D] of the price that shows it."""
    log_size: float
    """Change of the log price above what the model expects without a jump; below 0: a price war."""
    happened: tuple[str, ...] = ()
    """What the list prices say of the days around it, one sentence a change; empty: nothing is on record."""


@dataclass(frozen=True, eq=False)
class RegimePath(ArrayHolder):
    """How likely each regime was, date by date."""

    names: tuple[str, ...]
    """(k,) ordered by mean change: price war, calm, shortage."""
    dates: Dates
    """(n,) datetime64[D]."""
    probability: Floats
    """(n, k) smoothed; rows add to 1."""

    def validate(self) -> None:
        """Raise ``ValueError`` unless there is one probability per date and name."""
        if self.probability.shape != (self.dates.size, len(self.names)):
            raise ValueError("regime probabilities must be (dates, regimes)")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A model that cannot be had of a history, and why."""

    model: str
    reason: str


@dataclass(frozen=True, eq=False)
class ModelFit(ArrayHolder):
    """A fitted model with what the user is to see of it; prices are currency per Mtok of the contract's unit."""

    summary: ModelSummary
    months: Months
    """(T,) from the month after ``as_of``."""
    curve_per_mtok: Floats
    """(T,) the model's own mean price on each month's last day."""
    curve_low_per_mtok: Floats
    """(T,) 5% quantile of that mean over the parameters' estimated distribution."""
    curve_high_per_mtok: Floats
    """(T,) 95% quantile."""
    dates: Dates
    """(D,) datetime64[D], weekly, from as_of on."""
    levels: Floats
    """(Q,)."""
    fan_per_mtok: Floats
    """(Q, D) quantiles of the price."""
    paths_per_mtok: Floats
    """(P, D) a few simulated paths."""
    jumps: tuple[JumpRecord, ...] = ()
    regimes: RegimePath | None = None
    view_bounds: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Least and most value of each parameter that the user may choose; empty: not told."""


@dataclass(frozen=True, eq=False)
class ModelStudy(ArrayHolder):
    """Every price model fitted to one market, side by side."""

    as_of: np.datetime64
    index: str
    currency: str
    unit: str
    history_dates: Dates
    history_per_mtok: Floats
    fits: tuple[ModelFit, ...]
    refusals: tuple[Refusal, ...] = ()
    view: dict[str, dict[str, float]] = field(default_factory=dict)
    """The user's own values, by model and parameter."""
    parameter_uncertainty: bool = False
    """Whether fans are drawn with parameters from their estimated distribution."""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class CoverageTest:
    """A test of how often the price broke a one-sided bound, with its power stated."""

    name: str
    """kupiec, or christoffersen."""
    level: float
    """Confidence of the bound: 0.95."""
    trials: int
    hits: int
    statistic: float
    p_value: float
    power: float
    """Chance that a test at 5% sees a true rate of twice the expected one."""


@dataclass(frozen=True, slots=True)
class ValidationRow:
    """One model at one horizon, judged on prices it had not seen."""

    model: str
    horizon_months: int
    origins: int
    """Forecasts judged."""
    crps: float
    """Mean continuous ranked probability score of the log price; lower is better."""
    crps_ratio: float
    """Over the random walk's on the same origins; below 1 beats it."""
    pinball: dict[str, float]
    """Mean pinball loss of the log price by quantile level, as text: "0.05"."""
    coverage: dict[str, float]
    """Share of prices inside the central interval, by its nominal share: "0.5", "0.8", "0.95"."""
    pit: tuple[int, ...]
    """Counts of the probability integral transform in ten equal bins."""
    pit_p_value: float
    """Kolmogorov-Smirnov against the uniform, of origins that do not overlap; NaN below 8 of them."""
    tests: tuple[CoverageTest, ...] = ()
    """Of an upper bound, on origins that do not overlap."""
    diebold_mariano: float | None = None
    """Statistic on CRPS against the random walk, below 0 where this model is better; None: itself, equal or too few."""
    diebold_mariano_p: float | None = None
    ljung_box_p: float | None = None
    """Of one-step residuals (normal scores of their PIT); None: too few."""
    adf_p: float | None = None
    kpss_p: float | None = None
    """Within [0.01, 0.10], as tabulated."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Which model a desk runs by default, and why."""

    model: str
    reason: str
    key: str
    """Digest of the market and the versions that the choice was made of."""


@dataclass(frozen=True, slots=True)
class Validation:
    """All models judged on one history by rolling origin."""

    as_of: np.datetime64
    index: str
    observations: int
    rows: tuple[ValidationRow, ...]
    refusals: tuple[Refusal, ...]
    ranking: tuple[str, ...]
    """Best CRPS first at the hedge horizon."""
    hedge_horizon_months: int
    thin: bool
    """Too little history to choose: fewer than 24 monthly origins, or than 4 times the hedge horizon."""
    choice: ModelChoice
    seed: int
    draws: int
    """Scenarios per forecast."""
    notices: tuple[str, ...] = ()

    def summary(self) -> str:
        """The scores by horizon and the choice, for the terminal."""
        lines = [f"{self.index}: {self.observations} prices to {self.as_of}, seed {self.seed}"]
        for horizon in dict.fromkeys(row.horizon_months for row in self.rows):
            lines += ["", f"{horizon} month{'s' if horizon > 1 else ''} ahead", _HEADER]
            lines += [_line(row) for row in self.rows if row.horizon_months == horizon]
        lines += ["", *(f"{refusal.model} is refused today: {refusal.reason}" for refusal in self.refusals)]
        lines += [*_READING, ""]
        return "\n".join([*lines, f"default model: {self.choice.model}", f"  {self.choice.reason}"])


_READING = (
    "CRPS: mean distance of the forecast from the price that came, of the log price; of walk: over the random walk's,",
    "below 1 is better. in 50%: how often the price fell into the middle 50% of the forecast. p: chance of it by luck.",
)
_HEADER = (
    f"{'model':<15}{'origins':>8}{'CRPS':>9}{'of walk':>9}{'DM p':>8}{'in 50%':>8}{'in 80%':>8}{'in 95%':>8}"
    f"{'PIT p':>8}{'Kupiec p (power)':>18}"
)


def _line(row: ValidationRow) -> str:
    inside = "".join(f"{share:>8.0%}" for share in row.coverage.values())
    kupiec = next((f"{test.p_value:.3f} ({test.power:.3f})" for test in row.tests if test.name == "kupiec"), "-")
    return (
        f"{row.model:<15}{row.origins:>8}{row.crps:>9.4f}{row.crps_ratio:>9.3f}{_number(row.diebold_mariano_p):>8}"
        f"{inside}{_number(row.pit_p_value):>8}{kupiec:>18}"
    )


def _number(value: float | None) -> str:
    return "-" if value is None or np.isnan(value) else f"{value:.3f}"
