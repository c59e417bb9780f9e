"""What it costs to make tokens: the identity that carries power and chip prices into the token price."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from hedgedesk.domain.drivers import DriverHistory, Drivers, ProductionTerms
from hedgedesk.domain.market import FxCurve, fx_factor

KILOWATT_HOURS_PER_MEGAWATT_HOUR = 1_000.0


@dataclass(frozen=True, slots=True)
class ProductionStack:
    """One accelerator serving tokens."""

    gpu_usd_per_hour: float = 2.00
    kilowatt: float = 0.7
    power_usage_effectiveness: float = 1.3
    usd_per_kilowatt_hour: float = 0.10
    tokens_per_second: float = 1_000.0

    @property
    def power_usd_per_hour(self) -> float:
        """Electricity of one hour, USD."""
        return self.kilowatt * self.power_usage_effectiveness * self.usd_per_kilowatt_hour

    @property
    def usd_per_mtok(self) -> float:
        """C = (g + k PUE e) / (v 3600) x 10^6, USD per Mtok."""
        return (self.gpu_usd_per_hour + self.power_usd_per_hour) / (self.tokens_per_second * 3_600) * 1e6

    @property
    def gpu_share(self) -> float:
        """Capital's share of the cost."""
        return self.gpu_usd_per_hour / (self.gpu_usd_per_hour + self.power_usd_per_hour)

    @property
    def power_share(self) -> float:
        """Electricity's share of the cost."""
        return 1.0 - self.gpu_share


def stack_of(terms: ProductionTerms, drivers: Drivers, fx: FxCurve | None) -> ProductionStack:
    """What the user says of the stack; prices that are not said are the newest of their histories, in USD.

    Raises
    ------
    CurrencyMismatch
        A history is not in USD and there is no rate.
    """
    names = [f.name for f in dataclasses.fields(ProductionStack)]
    said = {name: getattr(terms, name) for name in names if getattr(terms, name) is not None}
    newest: dict[str, float] = {}
    if drivers.gpu_rent is not None:
        newest["gpu_usd_per_hour"] = _newest_usd(drivers.gpu_rent, fx)
    if drivers.power is not None:
        newest["usd_per_kilowatt_hour"] = _newest_usd(drivers.power, fx) / KILOWATT_HOURS_PER_MEGAWATT_HOUR
    return ProductionStack(**(newest | said))


def _newest_usd(history: DriverHistory, fx: FxCurve | None) -> float:
    return float(history.price[-1] * fx_factor(None if fx is None else fx.today, history.currency, "USD"))


def peak_average(off_peak_price: float, peak_share: float, peak_multiple: float) -> float:
    """Average price when ``peak_share`` of the tokens pays ``peak_multiple`` x the off-peak price."""
    return (peak_share * peak_multiple + 1.0 - peak_share) * off_peak_price
