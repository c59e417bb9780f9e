"""What the options of a plan should cost by two ways of reckoning that the premium does not rest on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from math import log1p, sqrt
from typing import Any

import numpy as np

from hedgedesk.domain.instruments import Offer
from hedgedesk.domain.market import FuturesContract
from hedgedesk.domain.plan import HedgePlan
from hedgedesk.hedging.options import asian, lognormal_prints, simulated_asian
from hedgedesk.hedging.options.premiums import GREEKS, fixing_years
from hedgedesk.market.instruments.options import OPTIONS

PATHS, SEED = 5_000, 1
"""Of the simulation; with the geometric mean as control its error is below a thousandth of most premiums."""


@dataclass(frozen=True, slots=True)
class PremiumCheck:
    """One option structure of a plan; money is the contract's currency per Mtok, all legs, bought less sold."""

    offer: Offer
    premium: float
    """Paid: dealer's charge included, or as quoted."""
    formula: float
    """By two moments (Turnbull and Wakeman) at ``volatility``, without a dealer's charge."""
    simulated: float
    """On lognormal prints at ``volatility``, with the geometric mean as control."""
    standard_error: float
    """Of ``simulated``."""
    volatility: float
    """Per year: quoted, or that at which the settlement has the first two moments of the scenarios."""

    def as_json(self) -> dict[str, Any]:
        """Which option it is, where its premium comes from, every number of it and its greeks per Mtok."""
        told = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "offer"}
        greeks = {name: self.offer.numbers[name] for name in GREEKS}
        return {"code": self.offer.code, "premium_from": self.offer.words["premium_from"], **told, **greeks}


def premium_checks(plan: HedgePlan, as_of: np.datetime64) -> tuple[PremiumCheck, ...]:
    """Every option structure that the plan takes, each reckoned twice more.

    Formula and simulation take prices for lognormal. What the premium lies above them is the dealer's charge, and tails
    of the scenarios that are not lognormal.
    """
    return tuple(_checks(plan, as_of))


def _checks(plan: HedgePlan, as_of: np.datetime64) -> Iterator[PremiumCheck]:
    at = {contract.code: k for k, contract in enumerate(plan.contracts)}
    for choice in plan.choices:
        offer = choice.offer
        if offer.kind in OPTIONS and offer.contract in at and "model_volatility" in offer.numbers:
            k = at[offer.contract]
            yield _check(offer, plan.contracts[k], float(plan.price_per_mtok[k]), as_of)


def _check(offer: Offer, contract: FuturesContract, forward: float, as_of: np.datetime64) -> PremiumCheck:
    numbers, formula, simulated, variance = offer.numbers, 0.0, 0.0, 0.0
    years = tuple(fixing_years(contract, as_of).tolist())
    rate, volatility = log1p(numbers["financing_rate"]), numbers["model_volatility"]
    for number, leg in enumerate(OPTIONS[offer.kind].legs):
        terms = (leg.kind, forward, numbers[leg.strike], years, volatility, rate)
        formula += leg.side * asian(*terms).price
        # Prints of its own for each leg, so that the errors add up as squares.
        price, error = _simulated(*terms, SEED + number)
        simulated, variance = simulated + leg.side * price, variance + error**2
    return PremiumCheck(offer, numbers["premium_per_mtok"], formula, simulated, sqrt(variance), volatility)


@lru_cache(maxsize=512)
def _simulated(
    kind: str, forward: float, strike: float, years: tuple[float, ...], volatility: float, rate: float, seed: int
) -> tuple[float, float]:
    """Price and standard error; a slider moves quantities, not these, so they are kept."""
    prints = lognormal_prints(forward, years, volatility, PATHS, seed)
    found = simulated_asian(kind, prints, forward, strike, years, volatility, rate)
    return found.price, found.standard_error
