"""What the usage of a desk teaches: gaps, forecasts, price formulas, from index to bill, where the year lands."""

from __future__ import annotations

from dataclasses import dataclass, field

from hedgedesk.domain.reconciliation import Reconciliation
from hedgedesk.domain.usage import UsageFile
from hedgedesk.domain.values import ArrayHolder, Floats, Months


@dataclass(frozen=True, eq=False)
class VolumeForecast(ArrayHolder):
    """Expected use of one model, meter and team, and how far it may be off."""

    model: str
    meter: str
    team: str
    months: Months
    """(T,) ahead of the history."""
    mtok: Floats
    """(T,) mean."""
    p10: Floats
    """(T,)."""
    p90: Floats
    """(T,)."""
    spread: Floats
    """(T,) relative standard deviation: what the optimiser takes."""
    method: str
    """Model that had the smallest rolling-origin error, in words."""
    error: float
    """Its rolling-origin error, mean absolute over the mean of the series; NaN: too short to try."""
    naive_error: float
    """Of the seasonal-naive forecast on the same origins."""
    origins: int


@dataclass(frozen=True, slots=True)
class PriceFormula:
    """Paid price of one model against the index: P = beta I + basis, and the ratio P / I."""

    model: str
    beta: float
    """Currency per Mtok of the unit for one of the index."""
    beta_error: float
    """Standard error, NaN where it cannot be told."""
    basis: float
    """Currency per Mtok of the unit."""
    basis_error: float
    ratio: float
    """Mean of paid price over index: what an Mtok of the unit costs in Mtok of index."""
    ratio_error: float
    observations: int
    note: str = ""
    """Why an estimate is missing or weak."""


@dataclass(frozen=True, slots=True)
class BasisSplit:
    """Change of cost between two dates or months by cause; the parts add up to the cent."""

    first: str
    last: str
    """YYYY-MM."""
    currency: str
    before: float
    after: float
    parts: dict[str, float]
    """By name: volume, mix, unit_ratio, index, list_vs_index, realised_vs_list, fx; they add to after - before."""


@dataclass(frozen=True, slots=True)
class BasisLadder:
    """From index to what we pay at one date, per Mtok of the unit; the steps telescope."""

    month: str
    currency: str
    unit: str
    index: float
    list_vs_index: float
    model_mix: float
    unit_ratio: float
    realised_vs_list: float
    paid: float


@dataclass(frozen=True, slots=True)
class Share:
    """One name's part of a total."""

    name: str
    mtok: float
    cost: float
    """Billed, else priced; in the currency of the study."""
    share: float
    """Of the cost; of the tokens where nothing has a cost."""


@dataclass(frozen=True, slots=True)
class Concentration:
    """How use is spread over vendors, models, teams or regions."""

    by: str
    """seller, model, team or region."""
    shares: tuple[Share, ...]
    """The largest first."""
    herfindahl: float
    """Sum of squared shares, 1 / n to 1."""


@dataclass(frozen=True, slots=True)
class UnitView:
    """The same bill in one unit, and the ratio basis that the unit leaves: what its weights do not see."""

    unit: str
    """Name of the unit; ``blended_3_1`` is a price only."""
    mtok: float | None
    """None: no volume is counted in it."""
    price: float | None
    """Cost per Mtok of the unit; None where nothing counts."""
    by_meter: dict[str, float] = field(default_factory=dict)
    """Money that a meter costs beyond price x weight x Mtok; the meters of a unit add up to 0."""
    ratio_basis: float = 0.0
    """Money that stands on other meters than the unit's weights say; it moves when the meters' ratios do."""


@dataclass(frozen=True, eq=False)
class Landing(ArrayHolder):
    """Where the year ends: what was paid so far and what the rest may cost, in the programme's currency."""

    year: int
    currency: str
    months: Months
    """(12,) of the year."""
    actual: Floats
    """(12,) paid so far; NaN where nothing is known or the month lies ahead."""
    expected: Floats
    """(12,) mean hedged cost of the months ahead; NaN before."""
    p05: Floats
    """(12,) of the months ahead; NaN before."""
    p95: Floats
    budget: Floats
    """(12,); NaN where the programme has no monthly budget."""
    paid: float
    """Sum of the actuals."""
    mean: float
    """Of the year's cost: paid plus the rest."""
    low: float
    """5% quantile of the year's cost."""
    high: float
    """95% quantile."""
    year_budget: float | None = None
    missing: tuple[str, ...] = ()
    """Months that actuals and forecast do not cover whole: what is known of them counts, nothing is scaled up."""

    def summary(self) -> str:
        """One line for the terminal."""
        title = f"{self.year} lands at, 5% to 95%"
        return f"{title:<44}{self.mean:>16,.0f}  {self.low:,.0f} to {self.high:,.0f} ({self.paid:,.0f} paid so far)"


@dataclass(frozen=True, eq=False)
class UsageStudy(ArrayHolder):
    """All that the usage folder of a desk says, as the Exposure page shows it."""

    files: tuple[UsageFile, ...]
    months: Months
    """(T,) of the history."""
    models: tuple[str, ...]
    """(M,)."""
    mtok: Floats
    """(T, M) raw tokens."""
    standard_mtok: Floats
    """(T, M) of the contract's unit."""
    cost: Floats
    """(T, M) billed, else priced, in ``currency``; NaN where neither is known."""
    currency: str
    unit: str
    reconciliation: Reconciliation
    forecasts: tuple[VolumeForecast, ...] = ()
    formulas: tuple[PriceFormula, ...] = ()
    ladders: tuple[BasisLadder, ...] = ()
    splits: tuple[BasisSplit, ...] = ()
    concentrations: tuple[Concentration, ...] = ()
    units: tuple[UnitView, ...] = ()
    """The whole bill in every unit, the study's own first."""
    notices: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    """Of the packages and price data that made it."""
