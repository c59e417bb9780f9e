"""What moves with the token price: power, accelerator rent, the currency; and how production cost reaches the price."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from hedgedesk.domain.values import ArrayHolder, Dates, Floats

TOKEN, POWER, GPU_RENT, CURRENCY, VOLUME = ("token", "power", "gpu_rent", "cny_per_usd", "volume")
DRIVERS = (POWER, GPU_RENT, CURRENCY)
"""Names of the drivers beside the token, in the order in which everything lists them."""
PAIRS = {f"{one}_{other}": (one, other) for one, other in combinations((TOKEN, *DRIVERS, VOLUME), 2)}
"""Names of the correlations: ``token_power``, ``power_gpu_rent``, ``power_volume`` ..."""
TOKEN_VOLUME = f"{TOKEN}_{VOLUME}"
"""Given by ``RunSettings.price_volume_correlation``, and so not by ``drivers.toml``."""
GIVEN_PAIRS = tuple(name for name in PAIRS if name != TOKEN_VOLUME)
"""Those that ``drivers.toml`` may give."""

PASS_THROUGH = 0.3
"""How much of a change of their cost vendors pass on (assumption)."""


@dataclass(frozen=True, eq=False)
class DriverHistory(ArrayHolder):
    """History of what a megawatt hour, or an hour of one accelerator, costs."""

    name: str
    """``power`` or ``gpu_rent``."""
    currency: str
    dates: Dates
    """(n,) datetime64[D], strictly rising."""
    price: Floats
    """(n,) above 0, currency per MWh or per GPU hour."""

    def validate(self) -> None:
        """Raise ``ValueError`` unless dates rise strictly, prices are positive and both have one length."""
        if self.dates.shape != self.price.shape or self.dates.size == 0:
            raise ValueError("a driver's history needs as many prices as dates, and at least one")
        if np.any(np.diff(self.dates) <= np.timedelta64(0, "D")):
            raise ValueError("a driver's dates must rise strictly")
        if not np.all(self.price > 0):
            raise ValueError("a driver's prices must be above 0: they are simulated in logarithms")

    def until(self, day: np.datetime64) -> DriverHistory | None:
        """What was known on ``day``; None: nothing."""
        known = self.dates <= day
        if not known.any():
            return None
        return DriverHistory(self.name, self.currency, self.dates[known], self.price[known])


@dataclass(frozen=True, slots=True)
class DriverTerms:
    """What the user says of one driver in the place of its estimate; None: estimated."""

    volatility: float | None = None
    """Standard deviation of its log per square root of a year."""
    reversion: float | None = None
    """Speed at which it returns to its mean, per year; 0: it never does."""


@dataclass(frozen=True, slots=True)
class ProductionTerms:
    """How the cost of making tokens reaches their price.

    None: the newest price of the driver's history, else what :class:`hedgedesk.market.production.ProductionStack` has.
    """

    gpu_usd_per_hour: float | None = None
    kilowatt: float | None = None
    power_usage_effectiveness: float | None = None
    usd_per_kilowatt_hour: float | None = None
    tokens_per_second: float | None = None
    pass_through: float = PASS_THROUGH
    """Share of a change of the cost that reaches the price: 1 for tokens made in one's own house."""


@dataclass(frozen=True, slots=True)
class PeakTerms:
    """Prices that are ``multiple`` times as high in peak hours, once the sellers have started it.

    Example: 0.4 of the tokens at twice the price cost 1.4 times the off-peak price. Where a forecast's ``beta`` holds
    peak prices that are in force already, they are left out here.
    """

    share: float
    """Of the tokens, that is used in peak hours."""
    multiple: float
    """Peak price over off-peak price."""
    starts_per_year: float = 0.0
    """Rate of the day on which the sellers start it; from that day on it stays."""
    in_force: bool = False
    """Whether it has started."""
    in_index: bool = False
    """Whether the index is an average over the hours, and so moves with it; else it is an off-peak price."""

    @property
    def average(self) -> float:
        """Average price over the off-peak price while it is in force."""
        return self.share * self.multiple + 1.0 - self.share


@dataclass(frozen=True, slots=True)
class EventTerms:
    """Events that hit several prices at once, or the power price hard.

    A jump of the token's price upward is a shortage of accelerators: it moves their rent too. A jump downward is a
    price war among sellers of tokens and moves nothing else. Example: with a share of 0.5 a shortage that doubles the
    token's price raises rent by sqrt(2).
    """

    shortage_share: float = 1.0
    """Of the token's log jump upward, that rent takes; 0: none."""
    energy_per_year: float = 0.0
    """Rate of energy shocks; 0: there are none."""
    energy_multiple: float = 1.0
    """What an energy shock multiplies the power price by, in the middle of its distribution."""
    energy_spread: float = 0.0
    """Standard deviation of the log of that multiple."""


@dataclass(frozen=True, eq=False)
class Drivers(ArrayHolder):
    """The drivers beside the token that a market folder knows; the currency's history is ``MarketSnapshot.fx``."""

    power: DriverHistory | None = None
    gpu_rent: DriverHistory | None = None
    correlations: dict[str, float] = field(default_factory=dict)
    """Given by name of :data:`GIVEN_PAIRS`; the others are estimated, but for those of the volume."""
    terms: dict[str, DriverTerms] = field(default_factory=dict)
    """By name of :data:`DRIVERS`."""
    production: ProductionTerms | None = None
    """None: no cost is passed through."""
    peak: PeakTerms | None = None
    events: EventTerms | None = None
    """None: a jump of the token's price moves nothing else, and power does not jump."""

    def validate(self) -> None:
        """Raise ``ValueError`` for a correlation that is none, or a pair or driver that nobody knows."""
        if not set(self.correlations) <= set(GIVEN_PAIRS) or not set(self.terms) <= set(DRIVERS):
            raise ValueError(f"known are the pairs {', '.join(GIVEN_PAIRS)} and the drivers {', '.join(DRIVERS)}")
        if any(not -1.0 <= value <= 1.0 for value in self.correlations.values()):
            raise ValueError("a correlation lies between -1 and 1")

    @property
    def histories(self) -> tuple[DriverHistory, ...]:
        """Those that are there."""
        return tuple(history for history in (self.power, self.gpu_rent) if history is not None)

    def until(self, day: np.datetime64) -> Drivers:
        """The same with what was known on ``day``."""
        power, gpu_rent = (h if h is None else h.until(day) for h in (self.power, self.gpu_rent))
        return Drivers(power, gpu_rent, self.correlations, self.terms, self.production, self.peak, self.events)
