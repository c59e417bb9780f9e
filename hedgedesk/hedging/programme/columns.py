"""What a plan can decide: lots of each futures contract, then a quantity of each offer of the allowed instruments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.book import HedgeBook
from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.instruments import Offer
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.market.fees import fees_per_lot
from hedgedesk.market.instruments.kind import Setting
from hedgedesk.market.margin import initial_margin_per_lot

LOTS = "lots"
"""Unit of an offer that is a derivative on the index, in lots of the contract."""

SHARE = "share"
"""Unit of an offer that uses tokens better, and buys none."""


@dataclass(frozen=True, eq=False)
class Held(ArrayHolder):
    """The lots held before trading."""

    lots: Floats
    """(K,)."""
    gain: float
    """So far against the prices paid, in the programme's currency."""

    @classmethod
    def of(cls, book: HedgeBook, scenarios: ScenarioSet, currency: str) -> Held:
        """What of ``book`` is not yet settled."""
        open_book = book.after(scenarios.as_of)
        lots = open_book.lots(scenarios.delivery_months)
        entry = open_book.entry_gain_per_mtok(scenarios.delivery_months, scenarios.curve.price_per_mtok)
        return cls(lots, scenarios.accrued_gain(entry, currency))


@dataclass(frozen=True, eq=False)
class Columns(ArrayHolder):
    """The n columns of a programme: K futures contracts, then the offers; money in the programme's currency."""

    contracts: tuple[str, ...]
    """(K,) YYYY-MM."""
    offers: tuple[Offer, ...]
    """(n - K,)."""
    payoff: Floats
    """(S, n) what a unit gains; of an offer premium, its financing and one-off costs are taken off."""
    cover_mtok: Floats
    """(n, T) volume whose price a unit settles, Mtok of the contract's unit."""
    mtok_per_unit: Floats
    """(n,) volume of the contract's unit that a unit buys or sells; 0 of a saving, which trades nothing."""
    fee: Floats
    """(n,) transaction cost of a unit bought or sold: the programme's and the venue's."""
    margin: Floats
    """(n,) initial margin of a unit today."""
    premium: Floats
    """(n,) paid today for a unit; below 0: received."""
    held: Floats
    """(n,) before trading; 0 of every offer."""
    lower: Floats
    """(n,) least that may be taken, before any rule; -inf of the futures."""
    upper: Floats
    """(n,)."""
    whole: NDArray[np.bool_]
    """(n,) where the programme asks for whole lots, this column is whole."""
    derivative: NDArray[np.bool_]
    """(n,) futures, and offers in lots; the others are purchases and savings of the thing itself."""

    @property
    def count(self) -> int:
        """N, futures and offers."""
        return self.held.size

    @property
    def futures(self) -> int:
        """K."""
        return len(self.contracts)

    @property
    def names(self) -> tuple[str, ...]:
        """(n,) contract or code of the offer."""
        return (*self.contracts, *(offer.code for offer in self.offers))

    @property
    def delivery(self) -> tuple[str, ...]:
        """(n,) YYYY-MM of the contract that a column belongs to; empty: none."""
        return (*self.contracts, *(offer.contract for offer in self.offers))

    def one(self, k: int) -> Floats:
        """(n,) a unit of column ``k``."""
        row = np.zeros(self.count)
        row[k] = 1.0
        return row


@dataclass(frozen=True, eq=False)
class Payoffs(ArrayHolder):
    """What can be had and what it pays, whatever limits there are and whatever is held."""

    offers: tuple[Offer, ...]
    payoff: Floats
    """(S, n) as in :class:`Columns`."""
    cover_mtok: Floats
    """(n, T)."""


def payoffs_of(program: HedgeProgram, exposure: Exposure, scenarios: ScenarioSet) -> Payoffs:
    """The futures of ``scenarios`` and every offer of the allowed instruments, with its premium.

    Parameters
    ----------
    exposure
        Already cut to the scenarios' months (:meth:`Exposure.after`).

    Raises
    ------
    InputError
        A term of an instrument does not fit these scenarios, naming it.
    """
    setting = Setting(exposure, scenarios, program.currency, program.transaction_cost_per_mtok)
    gain, cover = scenarios.gain_per_lot(program.currency), scenarios.cover_share * scenarios.mtok_per_lot[:, None]
    allowed = [terms for terms in program.terms if program.allows(terms.name)]
    if not allowed:
        return Payoffs((), gain, cover)
    from hedgedesk.hedging.options.premiums import every_price
    from hedgedesk.market.instruments import cover_mtok, every_offer
    from hedgedesk.market.instruments import gain as gain_of

    offers = every_price(every_offer(allowed, setting), setting)
    paid = [gain_of(offer, setting) for offer in offers]
    _all_finite(offers, paid)
    return Payoffs(
        offers, np.column_stack([gain, *paid]), np.vstack([cover, *(cover_mtok(o, setting) for o in offers)])
    )


def _all_finite(offers: tuple[Offer, ...], paid: list[Floats]) -> None:
    """Refuse what an instrument pays where that is no number, naming the instrument."""
    faults = [
        Fault("program.toml", None, f"instrument.{offer.name}", "a payoff that is not a finite number", "a number")
        for offer, gain in zip(offers, paid, strict=True)
        if not np.isfinite(gain).all()
    ]
    if faults:
        raise InputError(faults=faults)


def columns_of(program: HedgeProgram, scenarios: ScenarioSet, held: Held, payoffs: Payoffs) -> Columns:
    """Everything that is decided, and what a unit of it costs."""
    offers, none = payoffs.offers, np.zeros(len(payoffs.offers))
    listed = held.lots.size
    open_ended, future = np.full(listed, np.inf), np.ones(listed, dtype=bool)
    bought = np.array([offer.unit != SHARE for offer in offers], dtype=bool)
    margin = initial_margin_per_lot(scenarios.contracts, scenarios.curve.price_per_mtok, scenarios.as_of)
    margin = np.asarray(scenarios.money_today(margin, program.currency))
    venue = fees_per_lot(scenarios.contracts, scenarios.curve.price_per_mtok)
    fee = program.transaction_cost_per_mtok * scenarios.mtok_per_lot + scenarios.money_today(venue, program.currency)
    return Columns(
        contracts=tuple(contract.code for contract in scenarios.contracts),
        offers=offers,
        payoff=payoffs.payoff,
        cover_mtok=payoffs.cover_mtok,
        mtok_per_unit=np.concatenate([scenarios.mtok_per_lot, payoffs.cover_mtok[listed:].sum(axis=1) * bought]),
        fee=np.concatenate([fee, [offer.fee_per_unit for offer in offers]]),
        margin=np.concatenate([margin, [offer.margin_per_unit for offer in offers]]),
        premium=np.concatenate([np.zeros(listed), [offer.premium_per_unit for offer in offers]]),
        held=np.concatenate([held.lots, none]),
        lower=np.concatenate([-open_ended, [offer.lower for offer in offers]]),
        upper=np.concatenate([open_ended, [offer.upper for offer in offers]]),
        whole=np.concatenate([future, np.array([offer.whole for offer in offers], dtype=bool)]),
        derivative=np.concatenate([future, np.array([offer.unit == LOTS for offer in offers], dtype=bool)]),
    )
