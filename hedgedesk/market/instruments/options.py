"""Options on the mean of a contract's last prints: cap, floor, collar and four-way collar.

They are settled on the same average as the contract itself, so one lot of them covers what one lot of futures does.
What a strike or a premium costs a model cannot be known here: :mod:`hedgedesk.hedging.options.premiums` works it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np

from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.instruments import InstrumentTerms, Offer
from hedgedesk.domain.units import Lots, years_between
from hedgedesk.domain.values import Floats
from hedgedesk.market.instruments.kind import Setting, Term
from hedgedesk.market.instruments.terms import SPAN, Given, fault

QUOTED = "contract_money_per_mtok"
"""Unit of strikes and premiums: currency of the contract, as its prices are."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One option of a structure."""

    side: int
    """1 bought, -1 sold."""
    kind: str
    """call or put."""
    strike: str
    """Name of the term that is its strike."""


@dataclass(frozen=True, slots=True)
class OptionKind:
    """Options on the averaging window of each contract; one offer a contract, one unit is one lot.

    One unit pays ``m (sum of side x payoff)`` at the contract's settlement, less the premium and its financing until
    then. A strike is money per Mtok, or a share of today's futures price.

    Example: a cap at 12 on a lot of 50 Mtok, bought at 1.00 per Mtok, pays 50 x (15 - 12) - 50 = 100 where the prints
    average 15.
    """

    name: str
    legs: tuple[Leg, ...]
    strikes: tuple[tuple[str, float | None], ...]
    """Terms that are strikes, rising, each with its share of today's futures price where none is said; None: the
    strike at which the premium is nothing."""
    covers: bool
    """Whether it settles the price of the volume: a right to sell alone settles none."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """Strikes, then what they have in common."""
        least = 0.0 if all(leg.side > 0 for leg in self.legs) else -inf
        return (
            *(term for name, share in self.strikes for term in _strike_terms(name, share)),
            *SPAN,
            Term("lots", "lots", least=0.0),
            Term("premium", QUOTED, least=least),
            Term("volatility", "per_year", least=0.001, most=10.0),
            Term("dealer_spread", "share", 0.05, least=0.0, most=0.9),
            Term("financing_rate", "per_year", 0.0, least=-0.5, most=1.0),
            Term("margin_share", "share", 0.0, least=0.0, most=1.0),
        )

    @property
    def solved(self) -> str | None:
        """The strike that is found where it is not said; None: all have a share of their own."""
        return next((name for name, share in self.strikes if share is None), None)

    def offers(self, terms: InstrumentTerms, setting: Setting) -> tuple[Offer, ...]:
        """One offer a contract delivered in the months asked for, its strikes filled in, without a premium yet.

        Raises
        ------
        InputError
            No contract is delivered in these months, strikes that do not rise, or a premium quoted for a structure
            one of whose strikes is not said.
        """
        given = Given.of(self.terms, terms)
        first, last = given.months(setting)
        delivered = [
            k for k, contract in enumerate(setting.scenarios.contracts) if first <= contract.delivery_month <= last
        ]
        if not delivered:
            raise given.refused("first_month", f"{first} to {last}", "months in which a listed contract is delivered")
        offers = tuple(self._offer(given, k, setting) for k in delivered)
        faults = [each for offer in offers for each in self.faults(offer)]
        if faults:
            raise InputError(faults=list(dict.fromkeys(faults)))
        return offers

    def faults(self, offer: Offer) -> list[Fault]:
        """What is wrong with the strikes of an offer, as far as they are known."""
        known = [(name, offer.numbers[name]) for name, _ in self.strikes if name in offer.numbers]
        found = [
            fault(offer.name, above, f"{high:,.6g} for {offer.contract}", f"more than {below}, which is {low:,.6g}")
            for (below, low), (above, high) in pairwise(known)
            if high <= low
        ]
        if "premium" in offer.numbers and self.solved is not None and self.solved not in offer.numbers:
            quote = f"{offer.numbers['premium']:,.6g} without {self.solved}"
            found.append(fault(offer.name, "premium", quote, f"{self.solved} beside it, or no premium"))
        return found

    def gain_by_month(self, offer: Offer, setting: Setting) -> Floats:
        """(S, T) of one lot, shared over the months that the contract covers."""
        column = contract_column(offer, setting)
        share: Floats = setting.scenarios.cover_share[column]
        return np.multiply.outer(self.gain(offer, setting), share)

    def gain(self, offer: Offer, setting: Setting) -> Floats:
        """(S,) of one lot, premium and its financing taken off."""
        scenarios, column = setting.scenarios, contract_column(offer, setting)
        settled = scenarios.settlement_per_mtok[:, column]
        rate = scenarios.rate_at_delivery(setting.currency)
        at_delivery = rate if isinstance(rate, float) else rate[:, column]
        paid = offer.premium_per_unit * (1.0 + offer.numbers["financing_rate"]) ** years_to(offer, setting)
        gain: Floats = self.payoff(offer, settled) * scenarios.mtok_per_lot[column] * at_delivery - paid
        return gain

    def payoff(self, offer: Offer, settled: Floats) -> Floats:
        """(S,) at settlement, currency of the contract per Mtok."""
        total = np.zeros_like(settled)
        for leg in self.legs:
            sign = 1.0 if leg.kind == "call" else -1.0
            total += leg.side * np.maximum(sign * (settled - offer.numbers[leg.strike]), 0.0)
        return total

    def cover_mtok(self, offer: Offer, setting: Setting) -> Floats:
        """(T,) of one lot, shared over the months that the contract covers."""
        column = contract_column(offer, setting)
        size = float(setting.scenarios.mtok_per_lot[column]) if self.covers else 0.0
        cover: Floats = size * setting.scenarios.cover_share[column]
        return cover

    def calls(self, offer: Offer, setting: Setting) -> None:
        """No variation margin: what is sold is covered by the volume that is still to be bought."""

    def _offer(self, given: Given, column: int, setting: Setting) -> Offer:
        scenarios = setting.scenarios
        contract, price = scenarios.contracts[column], float(scenarios.curve.price_per_mtok[column])
        numbers = {name: value for name, value in given.numbers.items() if not name.endswith("_share")}
        for name, _ in self.strikes:
            if name not in numbers and f"{name}_share" in given.numbers:
                numbers[name] = given.numbers[f"{name}_share"] * price
        margin = given.numbers["margin_share"] * contract.notional(Lots(1.0), price)
        return Offer(
            name=given.name,
            kind=self.name,
            unit="lots",
            lower=0.0,
            upper=given.numbers.get("lots", _open_lots(column, setting)),
            whole=True,
            contract=contract.code,
            margin_per_unit=float(scenarios.money_today(margin, setting.currency)),
            numbers=numbers,
        )


def contract_column(offer: Offer, setting: Setting) -> int:
    """Which contract of the scenarios an offer belongs to.

    Raises
    ------
    InputError
        None: the contract has expired, or is not listed.
    """
    codes = [contract.code for contract in setting.scenarios.contracts]
    if offer.contract not in codes:
        found = f"contract {offer.contract}"
        raise InputError(
            faults=[fault(offer.name, "first_month", found, f"one of {', '.join(codes) or 'no contract'}")]
        )
    return codes.index(offer.contract)


def years_to(offer: Offer, setting: Setting) -> float:
    """Years from today to the settlement of the offer's contract."""
    contract = setting.scenarios.contracts[contract_column(offer, setting)]
    return float(years_between(setting.scenarios.as_of, contract.last_trading_day))


def _strike_terms(name: str, share: float | None) -> tuple[Term, Term]:
    return Term(name, QUOTED, least=0.0), Term(f"{name}_share", "share", share, least=0.0, most=100.0)


def _open_lots(column: int, setting: Setting) -> float:
    """Lots that the expected open volume of the contract's months makes: nobody insures more than there is."""
    scenarios = setting.scenarios
    covered = scenarios.cover_share[column] > 0
    volume = float(setting.exposure.open_in(scenarios.unit)[covered].sum())
    return max(volume, 0.0) / float(scenarios.mtok_per_lot[column])


CAP = OptionKind("cap", (Leg(1, "call", "strike"),), (("strike", 1.10),), covers=True)
"""A right to buy at the strike: the price paid has a ceiling, and falls are kept."""

FLOOR = OptionKind("floor", (Leg(1, "put", "strike"),), (("strike", 0.90),), covers=False)
"""A right to sell at the strike: gives back what a fixed price or futures lose in a fall."""

COLLAR = OptionKind(
    "collar",
    (Leg(1, "call", "strike"), Leg(-1, "put", "floor_strike")),
    (("floor_strike", None), ("strike", 1.15)),
    covers=True,
)
"""A cap paid for by a floor sold: the price paid stays between the two strikes."""

FOUR_WAY = OptionKind(
    "four_way",
    (
        Leg(1, "call", "strike"),
        Leg(-1, "call", "upper_strike"),
        Leg(-1, "put", "floor_strike"),
        Leg(1, "put", "lower_strike"),
    ),
    (("lower_strike", 0.60), ("floor_strike", None), ("strike", 1.15), ("upper_strike", 1.60)),
    covers=True,
)
"""A collar whose help ends at the upper strike, and whose duty ends at the lower one."""

OPTIONS = {kind.name: kind for kind in (CAP, FLOOR, COLLAR, FOUR_WAY)}
"""By name, in the order of a form."""
