"""What a kind of instrument must say of itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Protocol, runtime_checkable

import numpy as np

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.instruments import InstrumentTerms, Offer
from hedgedesk.domain.market import fx_factor
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.units import month_end, years_between
from hedgedesk.domain.values import Floats


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a kind: what ``program.toml`` may say, what a form asks."""

    name: str
    unit: str = ""
    """In words of the catalogue: share, lots, money, money_per_mtok, per_year, months, Mtok, ..."""
    default: float | str | None = None
    """None: what is not said is not there (an optional term), or ``required``."""
    least: float = -inf
    most: float = inf
    choices: tuple[str, ...] = ()
    """Not empty: a word, one of these."""
    required: bool = False
    word: bool = False
    """True: any word, a month for example."""


@dataclass(frozen=True, eq=False)
class Setting:
    """Where an instrument is valued: the scenarios, the exposure cut to their months, and the programme's currency.

    What several instruments need of them is worked out once.
    """

    exposure: Exposure
    scenarios: ScenarioSet
    currency: str
    transaction_cost_per_mtok: float = 0.0
    """Of the listed contracts, as the programme has it: offers are made with it, and keep it."""

    @cached_property
    def price(self) -> Floats:
        """(S, T) index average of each month, programme's currency per Mtok of the contract's unit."""
        price: Floats = self.scenarios.price_per_mtok * self.rate(self.scenarios.curve.currency)
        return price

    @cached_property
    def open_cost(self) -> Floats:
        """(S, T) what the open volume costs at the index."""
        cost: Floats = self.price * self.scenarios.open_mtok
        return cost

    def rate(self, currency: str) -> Floats | float:
        """(S, T) or 1.0: programme's currency for one unit of ``currency``, the average of each month.

        Raises
        ------
        CurrencyMismatch
            A conversion is needed and no rate is at hand.
        """
        if currency not in self._rates:
            self._rates[currency] = fx_factor(self.scenarios.cny_per_usd, currency, self.currency)
        return self._rates[currency]

    def rate_today(self, currency: str) -> float:
        """Programme's currency for one unit of ``currency`` today."""
        return float(fx_factor(self.scenarios.cny_per_usd_today, currency, self.currency))

    @cached_property
    def years_ahead(self) -> Floats:
        """(T,) ACT/365 years from today to each month's end."""
        ends = np.array([month_end(month) for month in self.scenarios.months], dtype="datetime64[D]")
        return years_between(self.scenarios.as_of, ends)

    @cached_property
    def expected_open(self) -> Floats:
        """(T,) volume that the forecast leaves to be bought at the index."""
        return self.exposure.open_in(self.scenarios.unit)

    @cached_property
    def _rates(self) -> dict[str, Floats | float]:
        return {}


class Kind(Protocol):
    """A kind of instrument; everything in the programme's currency."""

    @property
    def name(self) -> str:
        """As ``program.toml`` calls it."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """What may be said of it, in the order of a form."""

    def offers(self, terms: InstrumentTerms, setting: Setting) -> tuple[Offer, ...]:
        """What can be had of it: one offer a contract, or one in all.

        Raises
        ------
        InputError
            A term does not fit the setting (a contract that has expired, capacity below 0), naming it.
        """

    def gain_by_month(self, offer: Offer, setting: Setting) -> Floats:
        """(S, T) what one unit pays in each month's account; premium, its financing and one-off costs taken off."""

    def cover_mtok(self, offer: Offer, setting: Setting) -> Floats:
        """(T,) volume whose price one unit settles, Mtok of the contract's unit; 0 where it settles none."""

    def calls(self, offer: Offer, setting: Setting) -> Floats | None:
        """(S, D) cash that one unit needs by each margin date beyond its initial margin; None: it has no margin."""


@runtime_checkable
class Summed(Protocol):
    """A kind that knows its sum over the months without working out each month first."""

    def gain(self, offer: Offer, setting: Setting) -> Floats:
        """(S,) what one unit pays; the sum of ``gain_by_month``."""
