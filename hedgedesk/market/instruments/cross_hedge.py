"""A future on what tokens are made of, power or accelerator hours, in the place of one on tokens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.drivers import GPU_RENT, POWER
from hedgedesk.domain.instruments import InstrumentTerms, Offer
from hedgedesk.domain.values import Floats
from hedgedesk.market.instruments.currency import CURRENCIES
from hedgedesk.market.instruments.kind import Setting, Term
from hedgedesk.market.instruments.terms import SPAN, Given, within


@dataclass(frozen=True, slots=True)
class CrossHedge:
    """A strip of monthly futures on power or accelerator rent, each settled on its month's average: size (D - F).

    A quantity is so many lots of every month from ``first_month`` to ``last_month``. Without a quoted ``price`` each
    month's future costs the scenarios' mean, so that it earns nothing on average. It settles no price of tokens: how
    well it does is a matter of how the two move together, and what is left over does not shrink as delivery nears.

    Between today and delivery a month's future is marked as if its curve moved in proportion to the driver, which
    overstates the calls where the driver returns to its mean.

    Example: 100 hours a lot, bought at 2.00 and settled at 2.35, gain 35 a month.
    """

    name: str = "cross_hedge"
    terms: tuple[Term, ...] = (
        Term("driver", "", GPU_RENT, choices=(GPU_RENT, POWER)),
        Term("size", "driver_units", least=1e-6, required=True),
        Term("most_lots", "lots", least=0.0, required=True),
        Term("price", "driver_price", least=0.0),
        Term("driver_currency", "", "USD", choices=CURRENCIES),
        Term("fee_per_lot", "money", 0.0, least=0.0),
        Term("margin_rate", "share", 0.0, least=0.0, most=1.0),
        *SPAN,
    )

    def offers(self, terms: InstrumentTerms, setting: Setting) -> tuple[Offer, ...]:
        """One offer: lots of every month.

        Raises
        ------
        InputError
            The scenarios have no such driver.
        """
        given = Given.of(self.terms, terms)
        first, last = (str(month) for month in given.months(setting))
        words = given.words | {"first_month": first, "last_month": last}
        if words["driver"] not in setting.scenarios.drivers:
            known = ", ".join(setting.scenarios.drivers) or "none: market/power.csv and market/gpu.csv bring them"
            raise given.refused("driver", words["driver"], f"a driver of the scenarios: {known}")
        months = within(words, setting)
        agreed = given.numbers.get("price")
        value = setting.scenarios.drivers[words["driver"]].mean(axis=0) if agreed is None else agreed * months
        today = setting.rate_today(words["driver_currency"])
        notional = float(months @ (value * np.ones_like(months))) * given.numbers["size"] * today
        entry = {f"price {month}": float(each) for month, each in zip(_months(setting), value, strict=True)}
        return (
            Offer(
                given.name,
                self.name,
                "lots",
                0.0,
                given.numbers["most_lots"],
                whole=True,
                fee_per_unit=given.numbers["fee_per_lot"] * float(months.sum()),
                margin_per_unit=given.numbers["margin_rate"] * notional,
                numbers=given.numbers | entry,
                words=words,
            ),
        )

    def gain_by_month(self, offer: Offer, setting: Setting) -> Floats:
        """(S, T) of one lot of every month."""
        driver = setting.scenarios.drivers[offer.words["driver"]]
        rate = setting.rate(offer.words["driver_currency"])
        gain: Floats = (driver - _entry(offer, setting)) * rate * offer.numbers["size"] * within(offer.words, setting)
        return gain

    def gain(self, offer: Offer, setting: Setting) -> Floats:
        """(S,) of one lot of every month."""
        on, entry = within(offer.words, setting) * offer.numbers["size"], _entry(offer, setting)
        driver, rate = setting.scenarios.drivers[offer.words["driver"]], setting.rate(offer.words["driver_currency"])
        total: Floats = (driver * rate) @ on - np.broadcast_to(rate, driver.shape) @ (entry * on)
        return total

    def cover_mtok(self, offer: Offer, setting: Setting) -> Floats:
        """(T,) zeros: it settles no price of tokens."""
        return np.zeros(setting.scenarios.months.size)

    def calls(self, offer: Offer, setting: Setting) -> Floats | None:
        """(S, D) what its marks have lost by each date; None without a margin, or where no dates are kept."""
        scenarios = setting.scenarios
        if scenarios.margin_dates is None or not offer.numbers["margin_rate"]:
            return None
        driver, entry = scenarios.drivers[offer.words["driver"]], _entry(offer, setting)
        month = (scenarios.margin_dates.astype("datetime64[M]") - scenarios.months[0]).astype(np.int64)
        month = np.clip(month, 0, scenarios.months.size - 1)
        on, size = within(offer.words, setting), offer.numbers["size"]
        settled = np.cumsum((driver - entry) * on, axis=1)[:, month]
        ahead = np.cumsum((entry * on)[::-1])[::-1] - entry * on
        moved = (driver / driver.mean(axis=0) - 1.0)[:, month] * ahead[month]
        rate = setting.rate(offer.words["driver_currency"])
        if not isinstance(rate, float):
            rate = rate[:, month]
        lost: Floats = -(settled + moved) * size * rate
        return lost


def _months(setting: Setting) -> list[str]:
    return [str(month) for month in setting.scenarios.months]


def _entry(offer: Offer, setting: Setting) -> Floats:
    """(T,) what each month's future was bought at, in the driver's currency."""
    return np.array([offer.numbers[f"price {month}"] for month in _months(setting)])
