"""Using tokens more cleverly: batch, prompt caching, and routing part of the load elsewhere.

Each is taken as a share, from none of it to all of what its terms allow. What it saves moves with the price of the
volume it is of; what it no longer buys at the index counts as cover, so that nobody hedges it once more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.instruments import InstrumentTerms, Offer
from hedgedesk.domain.units import METERS
from hedgedesk.domain.values import Floats
from hedgedesk.market.instruments.kind import Setting, Term
from hedgedesk.market.instruments.terms import SPAN, Given, within

WHOLLY = "wholly"
TAKEN = ("partly", WHOLLY)
UNCACHED = "uncached_input"

_MODEL = Term("model", "", "", word=True)
_METER = Term("meter", "", "all", choices=("all", *METERS))
_EFFORT = (
    Term("setup_cost", "money", 0.0, least=0.0),
    Term("running_cost_per_month", "money_per_month", 0.0, least=0.0),
    *SPAN,
    Term("taken", "", TAKEN[0], choices=TAKEN),
)
"""What it takes: once and every month, in proportion to the share that is taken; and whether parts can be taken."""


@dataclass(frozen=True, slots=True)
class _ShareSaved:
    """What saves a share of the open volume's cost, the same in every scenario."""

    def gain_by_month(self, offer: Offer, setting: Setting) -> Floats:
        """(S, T) of all of it."""
        return setting.open_cost * _saved(offer, setting) - _effort(offer, setting)

    def gain(self, offer: Offer, setting: Setting) -> Floats:
        """(S,) of all of it."""
        saved: Floats = setting.open_cost @ _saved(offer, setting)
        return saved - float(_effort(offer, setting).sum())

    def cover_mtok(self, offer: Offer, setting: Setting) -> Floats:
        """(T,) of all of it: what is no longer bought at the index."""
        return setting.expected_open * _saved(offer, setting)

    def calls(self, offer: Offer, setting: Setting) -> None:
        """No margin."""


@dataclass(frozen=True, slots=True)
class Batch(_ShareSaved):
    """Requests that can wait, at the batch price: eligible share x least allowed x (1 - price share) x P Q.

    ``most_share`` is how much of the eligible load its users let wait: the limit on latency.

    Example: 40% of 1,000 Mtok at 10, of which half may wait, at half the price: 0.4 x 0.5 x 0.5 x 10,000 = 1,000.
    """

    name: str = "batch"
    terms: tuple[Term, ...] = (
        Term("eligible_share", "share", least=0.0, most=1.0, required=True),
        Term("most_share", "share", 1.0, least=0.0, most=1.0),
        Term("price_share", "share", 0.5, least=0.0, most=1.0),
        _MODEL,
        _METER,
        *_EFFORT,
    )

    def offers(self, terms: InstrumentTerms, setting: Setting) -> tuple[Offer, ...]:
        """One offer: the share of it that is done.

        Raises
        ------
        InputError
            Nothing of the exposure is of its model and meter.
        """
        return (_offer(self.name, Given.of(self.terms, terms), setting),)


@dataclass(frozen=True, slots=True)
class Caching(_ShareSaved):
    """Prompts arranged so that more of them is read from the cache: added share x (p_u - p_r) Q - write cost.

    ``added_share`` of the uncached input becomes cache reads, at ``read_price_share`` of its price: of the weights of
    the contract's unit where it is not said. What is written costs ``write_premium`` more than uncached input, once
    for every ``reads_per_write`` tokens read.

    Example: of 1,000 Mtok of uncached input at 10, 30% read at 0.1 of the price, 25% more for each of 10 reads:
    3,000 x (1 - 0.1 - 0.025) = 2,625.
    """

    name: str = "caching"
    terms: tuple[Term, ...] = (
        Term("added_share", "share", least=0.0, most=1.0, required=True),
        Term("read_price_share", "share", least=0.0, most=1.0),
        Term("write_premium", "share", 0.25, least=0.0, most=10.0),
        Term("reads_per_write", "count", 10.0, least=0.01),
        _MODEL,
        *_EFFORT,
    )

    def offers(self, terms: InstrumentTerms, setting: Setting) -> tuple[Offer, ...]:
        """One offer: the share of it that is done.

        Raises
        ------
        InputError
            The exposure has no uncached input of its model.
        """
        given = Given.of(self.terms, terms)
        numbers, unit = dict(given.numbers), setting.scenarios.unit
        if "read_price_share" not in numbers:
            if unit.uncached_input <= 0:
                told = "a share of the price of uncached input, which the contract's unit does not weigh"
                raise given.refused("read_price_share", "no such key", told)
            numbers["read_price_share"] = unit.cache_read / unit.uncached_input
        return (_offer(self.name, Given(given.name, numbers, given.words | {"meter": UNCACHED}), setting),)


@dataclass(frozen=True, slots=True)
class Routing:
    """Part of the load on a cheaper model, or on one of the house's own: share x (P_a - P_b) - quality cost.

    The other model costs ``price_share`` of the index price, or ``cost_per_mtok`` whatever the index does. At most
    ``most_share`` of the load goes there (quality), and at most ``capacity_mtok`` a month (machines). Of a part of it
    the same part of the capacity is there.

    Example: 20% of 1,000 Mtok at 10, done for 4 with 0.5 of quality cost a Mtok: 200 x 5.5 = 1,100.
    """

    name: str = "routing"
    terms: tuple[Term, ...] = (
        Term("most_share", "share", least=0.0, most=1.0, required=True),
        Term("cost_per_mtok", "money_per_mtok", least=0.0),
        Term("price_share", "share", least=0.0, most=1.0),
        Term("quality_cost_per_mtok", "money_per_mtok", 0.0, least=0.0),
        Term("capacity_mtok", "mtok_per_month", least=0.0),
        _MODEL,
        _METER,
        *_EFFORT,
    )

    def offers(self, terms: InstrumentTerms, setting: Setting) -> tuple[Offer, ...]:
        """One offer: the share of it that is done.

        Raises
        ------
        InputError
            Both or neither of ``cost_per_mtok`` and ``price_share`` are said, or nothing of the exposure is of its
            model and meter.
        """
        given = Given.of(self.terms, terms)
        said = [name for name in ("cost_per_mtok", "price_share") if name in given.numbers]
        if len(said) != 1:
            raise given.refused(
                "cost_per_mtok", " and ".join(said) or "no such key", "this or price_share, and one only"
            )
        return (_offer(self.name, given, setting),)

    def gain_by_month(self, offer: Offer, setting: Setting) -> Floats:
        """(S, T) of all of it."""
        moved = self._moved(offer, setting, setting.scenarios.open_mtok)
        floating, fixed = self._terms_of(offer)
        return moved * (floating * setting.price - fixed) - _effort(offer, setting)

    def gain(self, offer: Offer, setting: Setting) -> Floats:
        """(S,) of all of it."""
        if "capacity_mtok" in offer.numbers:
            total: Floats = self.gain_by_month(offer, setting).sum(axis=1)
            return total
        floating, fixed = self._terms_of(offer)
        share = self._moved(offer, setting, np.ones(setting.scenarios.months.size))
        saved: Floats = setting.open_cost @ (floating * share) - setting.scenarios.open_mtok @ (fixed * share)
        return saved - float(_effort(offer, setting).sum())

    def cover_mtok(self, offer: Offer, setting: Setting) -> Floats:
        """(T,) of all of it: what is no longer bought at the index."""
        moved = self._moved(offer, setting, setting.expected_open)
        return moved * (1.0 - offer.numbers.get("price_share", 0.0))

    def calls(self, offer: Offer, setting: Setting) -> None:
        """No margin."""

    @staticmethod
    def _terms_of(offer: Offer) -> tuple[float, float]:
        """What a Mtok that is moved saves: a share of the index price, less an amount."""
        floating = 1.0 - offer.numbers.get("price_share", 0.0)
        return floating, offer.numbers.get("cost_per_mtok", 0.0) + offer.numbers["quality_cost_per_mtok"]

    def _moved(self, offer: Offer, setting: Setting, volume: Floats) -> Floats:
        """(..., T) of an open ``volume`` (..., T)."""
        moved: Floats = offer.numbers["most_share"] * volume * _of_lines(offer.words, setting)
        return np.minimum(moved, offer.numbers.get("capacity_mtok", np.inf)) * within(offer.words, setting)


def _offer(kind: str, given: Given, setting: Setting) -> Offer:
    first, last = (str(month) for month in given.months(setting))
    words = given.words | {"first_month": first, "last_month": last}
    if not (_of_lines(words, setting) * within(words, setting)).any():
        told = f"{words['model'] or 'any model'}, {words['meter']} from {first} to {last}"
        known = ", ".join(dict.fromkeys(setting.exposure.models))
        raise given.refused("model", told, f"volume at a floating price; the forecast has {known}")
    whole = words["taken"] == WHOLLY
    return Offer(given.name, kind, "share", 0.0, 1.0, whole=whole, numbers=given.numbers, words=words)


def _of_lines(words: dict[str, str], setting: Setting) -> Floats:
    """(T,) share of the expected open volume that is of the offer's model and meter; 0 where nothing is open."""
    exposure = setting.exposure
    unit = setting.scenarios.unit
    open_lines = np.maximum(exposure.forecast_mtok - exposure.fixed_mtok, 0.0) * exposure.beta * exposure.weights(unit)
    chosen = np.array(
        [
            words["model"] in ("", model) and words["meter"] in ("all", meter)
            for model, meter in zip(exposure.models, exposure.meters, strict=True)
        ]
    )
    total = open_lines.sum(axis=1)
    share: Floats = np.divide(open_lines @ chosen, total, out=np.zeros_like(total), where=total > 0)
    return share


def _saved(offer: Offer, setting: Setting) -> Floats:
    """(T,) share of the open volume's cost that batch or caching, all of it, saves."""
    numbers = offer.numbers
    if offer.kind == "batch":
        saved = numbers["eligible_share"] * numbers["most_share"] * (1.0 - numbers["price_share"])
    else:
        written = numbers["write_premium"] / numbers["reads_per_write"]
        saved = numbers["added_share"] * (1.0 - numbers["read_price_share"] - written)
    return saved * _of_lines(offer.words, setting) * within(offer.words, setting)


def _effort(offer: Offer, setting: Setting) -> Floats:
    """(T,) what all of it takes: the set-up in its first month, the running of it in every month."""
    on = within(offer.words, setting)
    cost = offer.numbers["running_cost_per_month"] * on
    cost[np.flatnonzero(on)[0]] += offer.numbers["setup_cost"]
    return cost
