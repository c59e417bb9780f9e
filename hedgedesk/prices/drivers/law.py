"""The joint law of everything that moves beside the token, estimated from one market."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from hedgedesk.domain.drivers import CURRENCY, GPU_RENT, POWER, Drivers, DriverTerms, EventTerms, PeakTerms
from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.market.production import stack_of
from hedgedesk.prices.drivers import words
from hedgedesk.prices.drivers.linked import links
from hedgedesk.prices.drivers.single import SingleLaw, single_law
from hedgedesk.prices.events import Following, JumpLaw, Rising
from hedgedesk.prices.model import PriceModel


@dataclass(frozen=True, eq=False)
class JointLaw(ArrayHolder):
    """The drivers' own laws, how they move with the token and with one another, and what they do to its price."""

    singles: tuple[SingleLaw, ...]
    """(k,) drivers, in the order of :data:`hedgedesk.domain.drivers.DRIVERS`."""
    correlation: Floats
    """(1 + k, 1 + k) of the Gaussian shocks, the token's first; positive semidefinite."""
    elasticity: Floats
    """(k,) of the token's price to each driver, by production cost: today's cost share x pass-through.

    It stays constant, so twice the driver is 2^elasticity times the price: a closed form keeps the curve, where the
    cost's own identity (1 + share) would not.
    """
    peak: PeakTerms | None = None
    """None: peak prices move nothing."""
    volume: Floats | None = None
    """(1 + k,) correlations of the volume with the token and each driver; None: it moves by the token alone."""
    notices: tuple[str, ...] = ()
    """What was estimated, given, assumed and repaired, in words."""
    shortage_share: float = 0.0
    """Of the token's log jump upward, that rent takes."""
    energy: JumpLaw | None = None
    """Jumps of the power price, on top of its volatility; None: there are none."""
    kappa: Floats = field(init=False)
    """(1 + k,) reversion per year, the token's Brownian motion first."""
    covariance: Floats = field(init=False)
    """(1 + k, 1 + k) of the shocks per year."""

    def __post_init__(self) -> None:
        sigma = np.array([1.0, *(one.volatility for one in self.singles)])
        object.__setattr__(self, "kappa", np.array([0.0, *(one.reversion for one in self.singles)]))
        object.__setattr__(self, "covariance", self.correlation * np.multiply.outer(sigma, sigma))
        super().__post_init__()

    def __reduce__(self) -> tuple[type[JointLaw], tuple[object, ...]]:
        first = (self.singles, self.correlation, self.elasticity, self.peak, self.volume, self.notices)
        return JointLaw, (*first, self.shortage_share, self.energy)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the drivers."""
        return tuple(one.name for one in self.singles)

    @property
    def normals(self) -> int:
        """Independent standard normals a path takes per date."""
        return len(self.singles)

    @property
    def moves_index(self) -> bool:
        """Whether the drivers put a factor on the index."""
        return bool(np.any(self.elasticity != 0.0)) or (self.peak is not None and self.peak.in_index)

    @property
    def moves_paid(self) -> bool:
        """Whether they put a factor on the price paid, beside the index."""
        return self.peak is not None and not self.peak.in_index

    def mean(self, years: float) -> Floats:
        """(k,) mean log level ``years`` from today, before what events do."""
        return np.array([one.log_mean(years) for one in self.singles])

    def path(self, years: float) -> Floats:
        """(k,) log level ``years`` from today but for shocks and jumps: the mean, less what makes up for the jumps."""
        path = self.mean(years)
        if self.energy is not None:
            i = self.names.index(POWER)
            path[i] -= self.energy.compensation(years, self.singles[i].reversion)
        return path

    @property
    def following(self) -> Following | None:
        """How rent is hit by the token's upward jumps; None: not at all."""
        if self.shortage_share == 0.0 or GPU_RENT not in self.names:
            return None
        return Following(self.shortage_share, self.singles[self.names.index(GPU_RENT)].reversion)

    def half_cost_variance(self, years: float) -> float:
        """Half the variance of the log cost factor after ``years``: what keeps its mean at 1."""
        speed = self.kappa[1:, None] + self.kappa[1:]
        safe = np.where(speed > 0, speed, 1.0)
        kept = np.where(speed > 0, -np.expm1(-safe * years) / safe, years)
        return float(0.5 * self.elasticity @ (self.covariance[1:, 1:] * kept) @ self.elasticity)

    def log_cost_growth(self, years: float) -> float:
        """Log of the mean cost factor after ``years``, energy shocks and all, that is taken off to keep it at 1."""
        half = self.half_cost_variance(years)
        if self.energy is None:
            return half
        i = self.names.index(POWER)
        passed = self.energy.scaled(float(self.elasticity[i]))
        return half + passed.log_growth(years, self.singles[i].reversion)


def joint_law(market: MarketSnapshot, price_volume: float = 0.0) -> JointLaw | None:
    """Estimate the drivers of a market; None where it has none.

    A market without ``drivers`` has at most the currency, as a random walk on its own. ``price_volume`` is the
    correlation of token and volume (:attr:`hedgedesk.domain.run.RunSettings.price_volume_correlation`).

    Raises
    ------
    InputError
        The correlations cannot hold together and their repair would change one by more than 0.10, or a driver's
        volatility is neither given nor can be estimated; every fault at once.
    """
    drivers = market.drivers or Drivers()
    singles = tuple(_singles(market, drivers))
    peak = drivers.peak
    if peak is not None and peak.in_force and peak.in_index:
        peak = None  # the index holds it already, and it stays
    if not singles and peak is None:
        return None
    elasticity = _elasticity(market, drivers, singles)
    if market.drivers is None:
        return JointLaw(singles, np.eye(1 + len(singles)), elasticity)
    words.require_volatility(singles, drivers)
    passed = tuple(one.name for one, by in zip(singles, elasticity, strict=True) if by != 0.0)
    found = links(market, drivers, tuple(one.name for one in singles), passed, price_volume)
    events = drivers.events or EventTerms(shortage_share=0.0)
    energy = _energy(events, singles)
    told = (*words.told(market, drivers, singles, found, elasticity), *words.of_energy(energy, elasticity))
    size = 1 + len(singles)
    volume = found.correlation[-1, :size] if len(found.correlation) > size else None
    matrix = found.correlation[:size, :size]
    return JointLaw(singles, matrix, elasticity, peak, volume, told, events.shortage_share, energy)


def driver_notices(market: MarketSnapshot, model: PriceModel, price_volume: float = 0.0) -> tuple[str, ...]:
    """What a run says of its drivers; nothing where the market has no more than a currency."""
    law = joint_law(market, price_volume)
    if law is None or not law.notices:
        return ()
    sampler = model.sampler(np.ones(1), 1, np.dtype(np.float64))
    told = law.notices if sampler.normals else (*law.notices, words.without_shocks(model.name))
    if law.shortage_share == 0.0:
        return told
    rises = sampler.rises if isinstance(sampler, Rising) else JumpLaw(())
    return (*told, words.of_shortages(model.name, rises, law.following))


def _energy(events: EventTerms, singles: tuple[SingleLaw, ...]) -> JumpLaw | None:
    """Jumps of the power price; None where there are none, or nobody knows the power price."""
    if events.energy_per_year == 0.0 or POWER not in [one.name for one in singles]:
        return None
    return JumpLaw(((events.energy_per_year, float(np.log(events.energy_multiple)), events.energy_spread),))


def _singles(market: MarketSnapshot, drivers: Drivers) -> list[SingleLaw]:
    histories = {history.name: (history.dates, history.price) for history in drivers.histories}
    if market.fx is not None:
        histories[CURRENCY] = (market.fx.dates, market.fx.cny_per_usd)
    found = []
    for name, (dates, levels) in histories.items():
        terms = drivers.terms.get(name, DriverTerms())
        if name == CURRENCY and terms.reversion is None:
            terms = replace(terms, reversion=0.0)  # nobody's currency returns unless it is said to
        found.append(single_law(name, dates, levels, terms))
    return found


def _elasticity(market: MarketSnapshot, drivers: Drivers, singles: tuple[SingleLaw, ...]) -> Floats:
    """(k,) cost share x pass-through of each driver; 0 where no cost is passed through."""
    if drivers.production is None:
        return np.zeros(len(singles))
    stack = stack_of(drivers.production, drivers, market.fx)
    share = {POWER: stack.power_share, GPU_RENT: stack.gpu_share}
    return np.array([drivers.production.pass_through * share.get(one.name, 0.0) for one in singles])
