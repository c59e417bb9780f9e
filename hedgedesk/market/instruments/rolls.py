"""Far months hedged with near contracts: a stack that is rolled on each time a contract nears its end."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.instruments import THROUGH, InstrumentTerms, Offer
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import Dates, Floats, Singles
from hedgedesk.market.instruments.kind import Setting, Term
from hedgedesk.market.instruments.terms import SPAN, Given, within
from hedgedesk.market.margin import deposit_rates, initial_margin_per_lot, rate_on

Paths = Singles
"""(S, D, K) futures prices."""
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class StackAndRoll:
    """Lots of the nearest contract for months that may lie far ahead, rolled into the next one until they are reached.

    A lot gains m (sum over rolls of F_out - F_in, the last leg held to final settlement), less ``roll_cost_per_mtok``
    a roll: two trades at the programme's cost where it is not said. It is rolled on the kept date nearest to a
    contract's last trading day, into the next one listed, up to the one that covers the last of its months, or to the
    last one listed. So it needs futures prices along the paths.

    Against the strip it trades a far price that few quote for the gain or loss of each roll, F_near - F_next, which a
    rising curve makes a loss every time; and for margin on the whole volume at the near price (Mello and Parsons 1995).
    The mean of it over the scenarios is the offer's number ``roll_gain_per_mtok``.

    Example: 50 Mtok in at 9.0, out at 9.6 and on at 9.9, settled at 10.4: 50 x (0.6 + 0.5) = 55 a lot, of which the
    roll lost 50 x 0.3.

    References
    ----------
    Mello, A. and Parsons, J. (1995), J. Applied Corporate Finance 8(1).
    """

    name: str = "stack_and_roll"
    terms: tuple[Term, ...] = (
        *SPAN,
        Term("most_lots", "lots", least=0.0, required=True),
        Term("roll_cost_per_mtok", "money_per_mtok", least=0.0),
        Term("fee_per_mtok", "money_per_mtok", least=0.0),
    )

    def offers(self, terms: InstrumentTerms, setting: Setting) -> tuple[Offer, ...]:
        """One offer: lots.

        Raises
        ------
        InputError
            No contract is listed, or the scenarios keep no futures prices.
        """
        given = Given.of(self.terms, terms)
        scenarios = setting.scenarios
        first, last = given.months(setting)
        if not scenarios.contracts:
            raise given.refused("kind", self.name, "a listed contract to roll")
        if scenarios.futures_per_mtok is None:
            told = 'settings that keep futures prices along the paths: margin_grid = "monthly" or finer'
            raise given.refused("kind", self.name, told)
        final = int(np.searchsorted(scenarios.delivery_months, last))
        legs = scenarios.contracts[: final + 1]
        through = " ".join(contract.code for contract in legs)
        words = given.words | {"first_month": str(first), "last_month": str(last), THROUGH: through}
        near, trade = legs[0], setting.transaction_cost_per_mtok
        numbers = {"roll_cost_per_mtok": 2.0 * trade, "fee_per_mtok": trade} | given.numbers
        margin = float(initial_margin_per_lot((near,), scenarios.curve.price_per_mtok[:1], scenarios.as_of)[0])
        offer = Offer(
            name=given.name,
            kind=self.name,
            unit="lots",
            lower=0.0,
            upper=given.numbers["most_lots"],
            whole=True,
            contract=legs[-1].code,
            fee_per_unit=numbers["fee_per_mtok"] * near.spec.mtok_per_lot,
            margin_per_unit=float(scenarios.money_today(margin, setting.currency)),
            numbers=numbers,
            words=words,
        )
        told_too = {"roll_gain_per_mtok": float(_roll_gain(offer, setting).mean())}
        return (dataclasses.replace(offer, numbers=numbers | told_too),)

    def gain_by_month(self, offer: Offer, setting: Setting) -> Floats:
        """(S, T) of one lot, shared over its months as they are open."""
        return np.multiply.outer(self.gain(offer, setting), _month_share(offer, setting))

    def gain(self, offer: Offer, setting: Setting) -> Floats:
        """(S,) of one lot."""
        return self._per_mtok(offer, setting) * setting.scenarios.contracts[0].spec.mtok_per_lot

    def cover_mtok(self, offer: Offer, setting: Setting) -> Floats:
        """(T,) a lot's volume, shared over its months as they are open."""
        return setting.scenarios.contracts[0].spec.mtok_per_lot * _month_share(offer, setting)

    def calls(self, offer: Offer, setting: Setting) -> Floats | None:
        """(S, D) margin of the contract held then beyond today's, and what the marks have lost by then."""
        scenarios = setting.scenarios
        chain, prices, dates = _Chain.of(offer, scenarios), *_paths(scenarios)
        size = scenarios.contracts[0].spec.mtok_per_lot
        place = np.arange(dates.size)
        deposit = deposit_rates(scenarios.contracts, dates)[place, chain.after]
        margin = _along(prices, place, chain.after) * deposit * _rates(dates, setting)
        lost = -np.cumsum(_marks(offer, setting), axis=1)
        need: Floats = size * (margin + lost) - offer.margin_per_unit
        return need

    def _per_mtok(self, offer: Offer, setting: Setting) -> Floats:
        cost = offer.numbers["roll_cost_per_mtok"] * _Chain.of(offer, setting.scenarios).rolls
        gain: Floats = _marks(offer, setting).sum(axis=1) - cost
        return gain


@dataclass(frozen=True, eq=False)
class _Chain:
    """Which contract is held when, by its place among the scenarios' contracts."""

    during: Places
    """(D,) held up to each kept date."""
    after: Places
    """(D,) held from each kept date on."""
    rolls: int

    @classmethod
    def of(cls, offer: Offer, scenarios: ScenarioSet) -> _Chain:
        """The legs from the nearest contract to the last one."""
        _, dates = _paths(scenarios)
        legs = scenarios.contracts[: len(offer.words[THROUGH].split())]
        ends = [_nearest(dates, contract.last_trading_day) for contract in legs[:-1]]
        place = np.arange(dates.size)
        after = np.searchsorted(np.array(ends, dtype=np.int64), place, side="right")
        during = np.searchsorted(np.array(ends, dtype=np.int64), place, side="left")
        return cls(during, after, len(legs) - 1)


def _nearest(dates: Dates, day: np.datetime64) -> int:
    return int(np.argmin(np.abs((dates - day.astype("datetime64[D]")).astype(np.int64))))


def _paths(scenarios: ScenarioSet) -> tuple[Paths, Dates]:
    """Futures prices (S, D, K) and their dates (D,)."""
    if scenarios.futures_per_mtok is None or scenarios.margin_dates is None:
        raise InputError("a stack that is rolled needs scenarios that keep futures prices along the paths")
    return scenarios.futures_per_mtok, scenarios.margin_dates


def _marks(offer: Offer, setting: Setting) -> Floats:
    """(S, D) gain per Mtok up to each kept date since the one before, programme's currency."""
    scenarios = setting.scenarios
    prices, dates = _paths(scenarios)
    during, place = _Chain.of(offer, scenarios).during, np.arange(dates.size)
    now = _along(prices, place, during)
    moved = np.empty_like(now)
    np.subtract(now[:, 1:], now[:, :-1], out=moved[:, 1:])
    moved[:, 0] = now[:, 0] - scenarios.curve.price_per_mtok[during[0]]
    rolled = np.flatnonzero(np.diff(during))
    # A new leg is bought at its own price of the day on which the one before it was sold.
    moved[:, rolled + 1] += now[:, rolled] - _along(prices, rolled, during[rolled + 1])
    moved *= _rates(dates, setting)
    return moved


def _roll_gain(offer: Offer, setting: Setting) -> Floats:
    """(S,) F_near,out - F_next,in over the rolls, per Mtok, programme's currency."""
    prices, dates = _paths(setting.scenarios)
    during = _Chain.of(offer, setting.scenarios).during
    at = np.flatnonzero(np.diff(during))
    moved = _along(prices, at, during[at]) - _along(prices, at, during[at + 1])
    rate = np.broadcast_to(_rates(dates, setting), prices.shape[:2])[:, at]
    gain: Floats = (moved * rate).sum(axis=1)
    return gain


def _along(prices: Paths, dates: Places, contracts: Places) -> Floats:
    """(S, d) price on each of d dates of the contract held then."""
    count, _, listed = prices.shape
    found: Floats = prices.reshape(count, -1).take(dates * listed + contracts, axis=1).astype(np.float64)
    return found


def _rates(dates: Dates, setting: Setting) -> Floats | float:
    """(S, D) or 1: programme's currency for one of the contracts' on each date."""
    return rate_on(dates, setting.scenarios, slice(None), setting.currency)


def _month_share(offer: Offer, setting: Setting) -> Floats:
    """(T,) share of each month of the offer's in its open volume; equal where nothing is open."""
    on = within(offer.words, setting)
    volume = on * setting.expected_open
    volume = volume if volume.sum() > 0 else on
    share: Floats = volume / volume.sum()
    return share
