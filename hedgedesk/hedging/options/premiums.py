"""What an option costs today: a bank's quote, its volatility, or what it pays on average over the scenarios.

Without any quote the premium is the mean payoff over the scenarios, their mean moved onto today's futures price. So an
option gains nothing on average beyond what futures do, and a plan takes it for the risk it takes away, never because a
formula and the scenarios disagree. A bank buys below and sells above that, by ``dealer_spread`` of the volatility.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log1p, sqrt

import numpy as np

from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.instruments import Offer
from hedgedesk.domain.market import FuturesContract
from hedgedesk.domain.units import years_between
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.options import OptionValue, asian, log_deviation
from hedgedesk.market.instruments.kind import Setting
from hedgedesk.market.instruments.options import OPTIONS, Leg, OptionKind, contract_column
from hedgedesk.market.instruments.terms import fault

SOURCES = ("quote", "volatility", "scenarios")
"""Where a premium comes from; in ``Offer.words["premium_from"]``."""
GREEKS = ("delta", "gamma", "vega", "theta")
PRINT_DAYS = 7
"""Days between two prints of a final settlement (assumption: weekly)."""
SOONEST = 1.0 / 365.0
"""No print is nearer than tomorrow's."""
NOTHING = 1e-12
"""A premium below this share of the futures price is nothing: no digit of a plan hangs on it."""


@dataclass(frozen=True, eq=False)
class Dealer(ArrayHolder):
    """Who sells and buys options on one contract's settlement; money in the contract's currency per Mtok."""

    forward: float
    settled: Floats
    """(S,) simulated settlements, rising, their mean moved onto ``forward``."""
    summed: Floats
    """(S + 1,) sums of the lowest 0, 1, ... S of them."""
    fixing_years: Floats
    """(n,)."""
    volatility: float
    """Per year: quoted, or that at which two moments of the settlement are the scenarios'."""
    quoted: bool
    """Whether ``volatility`` is a bank's; then it is the price."""
    rate: float
    """Continuously compounded."""
    spread: float
    """Share of the volatility on either side."""

    @classmethod
    def of(cls, offer: Offer, setting: Setting) -> Dealer:
        """Who deals in the options of ``offer``."""
        scenarios, column = setting.scenarios, contract_column(offer, setting)
        forward = float(scenarios.curve.price_per_mtok[column])
        drawn = np.sort(scenarios.settlement_per_mtok[:, column])
        settled = drawn * (forward / float(drawn.mean()))
        years = print_years(setting, column)
        quoted = offer.numbers.get("volatility")
        return cls(
            forward=forward,
            settled=settled,
            summed=np.append(0.0, np.cumsum(settled)),
            fixing_years=years,
            volatility=scenario_volatility(settled, years) if quoted is None else quoted,
            quoted=quoted is not None,
            rate=log1p(offer.numbers["financing_rate"]),
            spread=offer.numbers["dealer_spread"],
        )

    def premium(self, side: int, kind: str, strike: float) -> float:
        """Paid for an option bought (``side`` 1), received for one sold (-1)."""
        middle = self.value(kind, strike).price
        charge = self.value(kind, strike, 1.0 + side * self.spread).price - middle
        fair = middle if self.quoted else self._mean_payoff(kind, strike)
        asked = fair + charge
        return asked if asked > NOTHING * self.forward else 0.0

    def value(self, kind: str, strike: float, factor: float = 1.0) -> OptionValue:
        """By the two-moment formula, at ``factor`` times the volatility."""
        return asian(kind, self.forward, strike, self.fixing_years, factor * self.volatility, self.rate)

    def _mean_payoff(self, kind: str, strike: float) -> float:
        below = int(np.searchsorted(self.settled, strike))
        put = (below * strike - float(self.summed[below])) / self.settled.size
        # A call less a put is a forward, whose mean is the futures price by construction.
        payoff = put if kind == "put" else put + self.forward - strike
        return exp(-self.rate * float(self.fixing_years[-1])) * payoff


def priced(offer: Offer, setting: Setting) -> Offer:
    """``offer`` with its premium, its greeks, and the strike that makes it cost nothing where one is to be found.

    The greeks of all legs together, bought less sold, stand in ``numbers`` by their names in
    :class:`~hedgedesk.hedging.options.OptionValue`. Offers that are no options come back as they are.

    Raises
    ------
    InputError
        No strike makes the structure cost nothing.
    CurrencyMismatch
        The contract's currency cannot be turned into the programme's.
    """
    kind = OPTIONS.get(offer.kind)
    if kind is None:
        return offer
    dealer = Dealer.of(offer, setting)
    strikes = offer.numbers
    if "premium" in offer.numbers:
        source, premium = SOURCES[0], offer.numbers["premium"]
    else:
        source, premium = SOURCES[1] if dealer.quoted else SOURCES[2], 0.0
        if kind.solved is None or kind.solved in strikes:
            premium = net_premium(kind.legs, strikes, dealer)
        else:
            strikes = strikes | {kind.solved: zero_cost_strike(kind, offer, dealer)}
    return _with_premium(offer, premium, setting, strikes | greeks(kind, strikes, dealer), source)


def every_price(offers: Iterable[Offer], setting: Setting) -> tuple[Offer, ...]:
    """Each of ``offers`` :func:`priced`, in their order.

    Raises
    ------
    InputError
        Every structure that no strike makes cost nothing.
    """
    found: list[Offer] = []
    faults: list[Fault] = []
    for offer in offers:
        try:
            found.append(priced(offer, setting))
        except InputError as error:
            if not error.faults:
                raise
            faults += error.faults
    if faults:
        raise InputError(faults=faults)
    return tuple(found)


def greeks(kind: OptionKind, strikes: dict[str, float], dealer: Dealer) -> dict[str, float]:
    """Delta, gamma, vega and theta of all legs together per Mtok, and the volatility that they are at."""
    total = dict.fromkeys(GREEKS, 0.0)
    for leg in kind.legs:
        value = dealer.value(leg.kind, strikes[leg.strike])
        for name in GREEKS:
            total[name] += leg.side * getattr(value, name)
    return total | {"model_volatility": dealer.volatility}


def net_premium(legs: Iterable[Leg], strikes: dict[str, float], dealer: Dealer) -> float:
    """Paid for what is bought less received for what is sold, currency of the contract per Mtok."""
    return sum(leg.side * dealer.premium(leg.side, leg.kind, strikes[leg.strike]) for leg in legs)


def zero_cost_strike(kind: OptionKind, offer: Offer, dealer: Dealer) -> float:
    """The strike of the floor sold that pays for the rest.

    Raises
    ------
    InputError
        No strike between its neighbours does.
    """
    from scipy.optimize import brentq

    solved = str(kind.solved)
    names = [name for name, _ in kind.strikes]
    place = names.index(solved)
    lowest = offer.numbers[names[place - 1]] if place else 0.0
    highest = offer.numbers[names[place + 1]]

    rest = net_premium((leg for leg in kind.legs if leg.strike != solved), offer.numbers, dealer)
    own = [leg for leg in kind.legs if leg.strike == solved]

    def cost(strike: float) -> float:
        return rest + net_premium(own, {solved: strike}, dealer)

    ends = cost(lowest), cost(highest)
    if ends[0] <= 0 or ends[1] >= 0:
        found = f"none for {offer.contract} between {lowest:,.6g} and {highest:,.6g}"
        expected = "one whose premium pays for the other strikes: move them, or name it"
        raise InputError(faults=[fault(offer.name, solved, found, expected)])
    return float(brentq(cost, lowest, highest, xtol=1e-12 * highest, rtol=1e-12))


def scenario_volatility(settled: Floats, fixing_years: Floats) -> float:
    """Volatility per year of a lognormal price whose mean over the fixings has the first two moments of ``settled``.

    Parameters
    ----------
    settled
        (S,) simulated final settlements.
    fixing_years
        (n,) years to each print.
    """
    from scipy.optimize import brentq

    mean = float(settled.mean())
    deviation = sqrt(log1p(float(settled.var()) / mean**2))
    if deviation == 0:
        return 0.0
    # The mean of the fixings is never wider than the last one, nor narrower than the first.
    least, most = (deviation / sqrt(float(years)) for years in (fixing_years.max(), fixing_years.min()))

    def miss(volatility: float) -> float:
        return log_deviation(mean, fixing_years, volatility) - deviation

    return float(brentq(miss, 0.999 * least, 1.001 * most, xtol=1e-12))


def print_years(setting: Setting, column: int) -> Floats:
    """(n,) years to the prints whose mean is a contract's final settlement."""
    return fixing_years(setting.scenarios.contracts[column], setting.scenarios.as_of)


def fixing_years(contract: FuturesContract, as_of: np.datetime64) -> Floats:
    """(n,) years from ``as_of`` to the prints that settle ``contract``: weekly, up to its last trading day."""
    days = contract.last_trading_day - PRINT_DAYS * np.arange(contract.spec.final_settlement)[::-1]
    return np.maximum(years_between(as_of, days), SOONEST)


def _with_premium(offer: Offer, premium: float, setting: Setting, numbers: dict[str, float], source: str) -> Offer:
    """``offer`` with a ``premium`` in the contract's currency per Mtok."""
    scenarios = setting.scenarios
    per_lot = premium * float(scenarios.mtok_per_lot[contract_column(offer, setting)])
    return dataclasses.replace(
        offer,
        premium_per_unit=float(scenarios.money_today(per_lot, setting.currency)),
        numbers=numbers | {"premium_per_mtok": premium},
        words=offer.words | {"premium_from": source},
    )
