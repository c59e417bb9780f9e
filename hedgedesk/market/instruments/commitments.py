"""Volume bought ahead at a fixed price: settled as a swap, or taken or paid for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import numpy as np

from hedgedesk.domain.instruments import InstrumentTerms, Offer
from hedgedesk.domain.units import million_of
from hedgedesk.domain.values import Floats
from hedgedesk.market.instruments.kind import Setting, Term
from hedgedesk.market.instruments.terms import SPAN, Given, within

PREPAID = "prepaid"
PAYMENTS = ("monthly", PREPAID)
MOST_STEPS = 12.0
UNIT = "{volume}/month"
"""Of what is bought: a million of the contract's unit a month."""

_TERMS = (
    Term("mtok_per_month", "mtok_per_month", least=0.0),
    Term("price_per_mtok", "money_per_mtok", least=0.0),
    Term("discount", "share", 0.0, least=-1.0, most=1.0),
    *SPAN,
    Term("payment", "", PAYMENTS[0], choices=PAYMENTS),
    Term("financing_rate", "per_year", 0.0, least=-0.5, most=1.0),
    Term("default_rate", "per_year", 0.0, least=0.0, most=10.0),
)


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """A seller's fixed price for a volume a month, all of which is taken: V (P - p), as a swap pays.

    Left out, the volume is the least expected open volume of its months, and the price is today's curve, averaged over
    the months by open volume, less ``discount``. Prepaid volume is paid for today, so each month's part is financed
    until then: p V ((1 + r)^T - 1). A seller that fails, at ``default_rate`` a year and independently of everything
    else, delivers nothing from then on; what was prepaid to it is lost.

    Example: 100 Mtok at 8, prepaid at 6%, in a month that ends in half a year at a price of 10: 200 - 23.65 = 176.35.
    """

    name: str = "fixed_price"
    terms: tuple[Term, ...] = _TERMS

    def offers(self, terms: InstrumentTerms, setting: Setting) -> tuple[Offer, ...]:
        """One offer: Mtok a month."""
        given = _priced(Given.of(self.terms, terms), setting)
        return (_offer(self.name, given, setting, given.numbers["mtok_per_month"]),)

    def gain_by_month(self, offer: Offer, setting: Setting) -> Floats:
        """(S, T) of one Mtok a month."""
        return _gain(offer, setting, setting.price)

    def gain(self, offer: Offer, setting: Setting) -> Floats:
        """(S,) of one Mtok a month."""
        return _total(offer, setting, setting.price)

    def cover_mtok(self, offer: Offer, setting: Setting) -> Floats:
        """(T,) one Mtok in each of its months."""
        return within(offer.words, setting)

    def calls(self, offer: Offer, setting: Setting) -> None:
        """No margin: it is an agreement between two."""


@dataclass(frozen=True, slots=True)
class TakeOrPay:
    """Volume paid for whether used or not, at a discount for that: P min(V, open volume) - p V.

    It comes in slices, each used only after the ones below it: what is used in every month of every scenario, and at
    most ``steps`` of equal volume above. A slice is never worse than the next one in any scenario, so the slices that a
    plan takes are the lowest ones; of a part of one it counts the same part of what stays unused. Two of them, side by
    side, each count on the whole open volume.
    """

    name: str = "take_or_pay"
    terms: tuple[Term, ...] = (*_TERMS, Term("steps", "count", 4.0, least=1.0, most=MOST_STEPS))

    def offers(self, terms: InstrumentTerms, setting: Setting) -> tuple[Offer, ...]:
        """One offer a slice: Mtok a month.

        Raises
        ------
        InputError
            ``steps`` is not whole.
        """
        given = _priced(Given.of(self.terms, terms), setting)
        steps, volume = given.numbers["steps"], given.numbers["mtok_per_month"]
        if steps != int(steps):
            raise given.refused("steps", f"{steps:g}", f"a whole number from 1 to {MOST_STEPS:g}")
        slices = list(pairwise(_edges(volume, int(steps), given, setting)))
        parts = [f"{n}/{len(slices)}" if len(slices) > 1 else "" for n in range(1, len(slices) + 1)]
        return tuple(
            _offer(self.name, given, setting, high - low, {"from_mtok": low, "to_mtok": high}, part)
            for (low, high), part in zip(slices, parts, strict=True)
        )

    def gain_by_month(self, offer: Offer, setting: Setting) -> Floats:
        """(S, T) of one Mtok a month of the slice, the whole of which is taken."""
        return _gain(offer, setting, self._used(offer, setting))

    def gain(self, offer: Offer, setting: Setting) -> Floats:
        """(S,) of one Mtok a month of the slice, the whole of which is taken."""
        return _total(offer, setting, self._used(offer, setting))

    def cover_mtok(self, offer: Offer, setting: Setting) -> Floats:
        """(T,) one Mtok in each of its months."""
        return within(offer.words, setting)

    def calls(self, offer: Offer, setting: Setting) -> None:
        """No margin: it is an agreement between two."""

    def _used(self, offer: Offer, setting: Setting) -> Floats:
        """(S, T) what the index would have cost for what is used of a Mtok of the slice."""
        low, high, open_mtok = offer.numbers["from_mtok"], offer.numbers["to_mtok"], setting.scenarios.open_mtok
        if high <= low or high <= float(open_mtok.min()):
            return setting.price
        used: Floats = setting.price * np.clip((open_mtok - low) / (high - low), 0.0, 1.0)
        return used


def _priced(given: Given, setting: Setting) -> Given:
    """With what was not said worked out: the volume, the price, and the months written out."""
    first, last = (str(month) for month in given.months(setting))
    words = given.words | {"first_month": first, "last_month": last}
    numbers = dict(given.numbers)
    on, volume = within(words, setting), setting.expected_open
    numbers.setdefault("mtok_per_month", float(volume[on > 0].min()))
    if "price_per_mtok" not in numbers:
        weights = on * volume if (on * volume).sum() > 0 else on
        numbers["price_per_mtok"] = (1.0 - numbers["discount"]) * _price_today(setting, weights)
    return Given(given.name, numbers, words)


def _price_today(setting: Setting, weights: Floats) -> float:
    """Today's curve over the months weighted by ``weights`` (T,); without a contract, the mean over the scenarios."""
    scenarios = setting.scenarios
    by_month = scenarios.curve.price_of(scenarios.months) * setting.rate_today(scenarios.curve.currency)
    if not scenarios.contracts:
        by_month = setting.price.mean(axis=0)
    return float(by_month @ weights / weights.sum())


def _edges(volume: float, steps: int, given: Given, setting: Setting) -> list[float]:
    """From 0 to ``volume``, what is always used first."""
    always = float(setting.scenarios.open_mtok[:, within(given.words, setting) > 0].min())
    if always >= volume:
        return [0.0, volume]
    above: list[float] = np.linspace(max(always, 0.0), volume, steps + 1).tolist()
    return above if always <= 0.0 else [0.0, *above]


def _offer(
    kind: str, given: Given, setting: Setting, most: float, more: dict[str, float] | None = None, part: str = ""
) -> Offer:
    return Offer(
        name=given.name,
        kind=kind,
        unit=UNIT.format(volume=million_of(setting.scenarios.unit.name)),
        lower=0.0,
        upper=most,
        part=part,
        numbers=given.numbers | (more or {}),
        words=given.words,
    )


def _gain(offer: Offer, setting: Setting, worth: Floats) -> Floats:
    """(S, T) what is delivered, ``worth`` (S, T), less what is paid and its financing."""
    alive, paid = _delivers(offer, setting), _paid(offer, setting)
    if offer.words["payment"] == PREPAID:
        return (worth * alive - paid) * within(offer.words, setting)
    return (worth - paid) * alive * within(offer.words, setting)


def _total(offer: Offer, setting: Setting, worth: Floats) -> Floats:
    """(S,) the sum of it over the months."""
    if offer.numbers["default_rate"]:
        total: Floats = _gain(offer, setting, worth).sum(axis=1)
        return total
    on = within(offer.words, setting)
    return worth @ on - _paid(offer, setting) @ on


def _paid(offer: Offer, setting: Setting) -> Floats:
    """(T,) for one Mtok, with what it costs to have paid it today."""
    price = offer.numbers["price_per_mtok"]
    if offer.words["payment"] != PREPAID:
        return np.full(setting.scenarios.months.size, price)
    financed: Floats = price * (1.0 + offer.numbers["financing_rate"]) ** setting.years_ahead
    return financed


def _delivers(offer: Offer, setting: Setting) -> Floats | float:
    """(S, T) 1 while the seller lives: it fails after an exponential time, drawn from the instrument's name alone."""
    rate = offer.numbers["default_rate"]
    if rate == 0.0:
        return 1.0
    draws = np.random.default_rng(crc32(offer.name.encode())).standard_exponential(setting.scenarios.count)
    return (setting.years_ahead * rate < draws[:, None]).astype(np.float64)
