"""Foreign currency bought forward: a contract in one currency against a budget in another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.instruments import InstrumentTerms, Offer
from hedgedesk.domain.market import fx_factor
from hedgedesk.domain.values import Floats
from hedgedesk.market.instruments.kind import Setting, Term
from hedgedesk.market.instruments.terms import SPAN, Given, within

CURRENCIES = ("CNY", "USD")


@dataclass(frozen=True, slots=True)
class FxForward:
    """The currency that tokens are paid in, bought for its months at a rate agreed today: X - X_0 a unit.

    The amount is spread over the months as the need for it is expected to be: what floats at the index and what is
    committed, where they are in that currency. At most ``most_share`` of the need can be bought. The rate is
    ``cny_per_usd`` where it is said, else today's with the interest of both currencies:
    X_0 = X (1 + r_own)^T / (1 + r_foreign)^T.

    Example: CNY 1 bought at 7.10 per USD is worth 1/6.90 - 1/7.10 = USD 0.00408 when the average of the month is 6.90.
    """

    name: str = "fx_forward"
    terms: tuple[Term, ...] = (
        Term("most_share", "share", 1.0, least=0.0, most=1.0),
        Term("cny_per_usd", "rate", least=0.01, most=1_000.0),
        Term("own_rate", "per_year", 0.0, least=-0.5, most=1.0),
        Term("foreign_rate", "per_year", 0.0, least=-0.5, most=1.0),
        Term("dealer_spread", "share", 0.0, least=0.0, most=0.5),
        *SPAN,
    )

    def offers(self, terms: InstrumentTerms, setting: Setting) -> tuple[Offer, ...]:
        """One offer: an amount of the foreign currency.

        Raises
        ------
        InputError
            Nothing is paid in a currency other than the programme's.
        """
        given = Given.of(self.terms, terms)
        first, last = (str(month) for month in given.months(setting))
        words = given.words | {"first_month": first, "last_month": last}
        foreign = {setting.scenarios.curve.currency, setting.exposure.commitment_currency} - {"", setting.currency}
        if not foreign:
            raise given.refused(
                "kind", self.name, f"something that is paid in another currency than {setting.currency}"
            )
        words["currency"] = min(foreign)
        most = given.numbers["most_share"] * float(_need(words, setting).sum())
        fee = given.numbers["dealer_spread"] * setting.rate_today(words["currency"])
        return (
            Offer(
                given.name,
                self.name,
                words["currency"],
                0.0,
                most,
                fee_per_unit=fee,
                numbers=given.numbers,
                words=words,
            ),
        )

    def gain_by_month(self, offer: Offer, setting: Setting) -> Floats:
        """(S, T) of one unit of the currency, spread over the months."""
        share = _share(offer.words, setting)
        gain = (setting.rate(offer.words["currency"]) - _agreed(offer, setting)) * share
        return np.broadcast_to(gain, setting.scenarios.price_per_mtok.shape)

    def gain(self, offer: Offer, setting: Setting) -> Floats:
        """(S,) of one unit of the currency."""
        share = _share(offer.words, setting)
        rate = np.broadcast_to(setting.rate(offer.words["currency"]), setting.scenarios.price_per_mtok.shape)
        return rate @ share - _agreed(offer, setting) @ share

    def cover_mtok(self, offer: Offer, setting: Setting) -> Floats:
        """(T,) zeros: it settles no price of tokens."""
        return np.zeros(setting.scenarios.months.size)

    def calls(self, offer: Offer, setting: Setting) -> None:
        """No margin: it is an agreement between two."""


def _need(words: dict[str, str], setting: Setting) -> Floats:
    """(T,) expected payments in the offer's currency, at today's curve: what the plan knows, whatever is drawn."""
    scenarios, exposure = setting.scenarios, setting.exposure
    need = np.zeros(scenarios.months.size)
    if scenarios.curve.currency == words["currency"]:
        price = scenarios.curve.price_of(scenarios.months)
        if not scenarios.contracts:
            price = scenarios.price_per_mtok.mean(axis=0)
        need += price * setting.expected_open
    if exposure.commitment_currency == words["currency"]:
        need += exposure.committed_cost
    return need * within(words, setting)


def _share(words: dict[str, str], setting: Setting) -> Floats:
    """(T,) each month's share of it."""
    need = _need(words, setting)
    share: Floats = np.divide(need, need.sum(), out=np.zeros_like(need), where=need.sum() > 0)
    return share


def _agreed(offer: Offer, setting: Setting) -> Floats:
    """(T,) programme's currency for one of the offer's, agreed today for each month."""
    numbers, years = offer.numbers, setting.years_ahead
    if "cny_per_usd" in numbers:
        return np.full(years.size, float(fx_factor(numbers["cny_per_usd"], offer.words["currency"], setting.currency)))
    carry = ((1.0 + numbers["own_rate"]) / (1.0 + numbers["foreign_rate"])) ** years
    return setting.rate_today(offer.words["currency"]) * carry
