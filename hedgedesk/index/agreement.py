"""What the sources of one price agree on, from print to print."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from hedgedesk.domain.price_index import IndexSettings
from hedgedesk.domain.values import Floats
from hedgedesk.index import screens
from hedgedesk.index.audit import Audit, times
from hedgedesk.index.screens import Quote

OWN_LIST = "the desk's own list"

_Screen = Callable[[Sequence[Quote]], list[int]]
_Decision = tuple[str, str, str, str]
"""Rule, source, what was found, what was done."""


class Agreement:
    """One price as it is printed, and why.

    Parameters
    ----------
    subject
        As the audit names the price.
    settings
        The screens' levels.
    audit
        Where a decision is recorded, at the print in which it first holds.
    """

    def __init__(self, subject: str, settings: IndexSettings, audit: Audit) -> None:
        self.last: float | None = None
        """The last print; None: there is none yet."""
        self.held = False
        """Whether the last print stands because nobody confirms another."""
        self._subject, self._settings, self._audit = subject, settings, audit
        self._waiting: tuple[float, np.datetime64] | None = None
        self._told: set[tuple[str, str, str]] = set()
        self._screens: tuple[tuple[str, _Screen], ...] = (
            ("zero_price", screens.zero_beside_positive),
            ("stale_source", screens.stale),
            ("unconfirmed_move", lambda q: screens.unconfirmed(q, self.last, settings.unconfirmed_factor)),
            ("odd_one_out", lambda q: screens.odd_one_out(_prices(q))),
            ("grubbs", lambda q: screens.grubbs(_prices(q), settings.outlier_level)),
            ("three_sigma", lambda q: screens.beyond_three_sigma(_prices(q))),
            ("trim", lambda q: screens.trimmed(_prices(q), settings.trim)),
        )

    def settle(self, print_day: np.datetime64, quotes: list[Quote]) -> None:
        """Make one price of what the sources say for the print of ``print_day``."""
        if not quotes:
            return
        decisions: list[_Decision] = []
        price = self._of(quotes, print_day, decisions)
        self.held = price is None
        if price is not None:
            self.last, self._waiting = price, None
        self._tell(print_day, decisions)

    def _of(self, quotes: list[Quote], day: np.datetime64, decisions: list[_Decision]) -> float | None:
        """The agreed price; None: the last print stands."""
        official = [quote for quote in quotes if quote.source in self._settings.official_sources]
        if official:
            return max(official, key=lambda quote: quote.since).price
        if len(quotes) > 1 and all(quote.price == quotes[0].price for quote in quotes):
            return quotes[0].price
        left = quotes
        for rule, screen in self._screens:
            if len(left) == 1 and rule in ("zero_price", "stale_source", "unconfirmed_move"):
                return self._alone(left[0], day, decisions)
            if all(quote.price == 0 for quote in left):
                return 0.0
            out = set(screen(left))
            decisions += [(rule, left[i].source, self._against(left[i]), "left out") for i in sorted(out)]
            left = [quote for i, quote in enumerate(left) if i not in out]
            if not left:
                return None
        if len(left) == 2 and left[0].price != left[1].price:
            return self._of_two(left, day, decisions)
        return float(np.median(_prices(left)))

    def _alone(self, quote: Quote, day: np.datetime64, decisions: list[_Decision]) -> float | None:
        """A single source: beyond the factor only on its second print, unless it is the desk's own list."""
        moved = screens.unconfirmed([quote], self.last, self._settings.unconfirmed_factor)
        if not moved or not quote.source:
            return quote.price
        found = self._against(quote)
        if self._second_print(quote, day):
            decisions.append(("confirmed_move", quote.source, found, "taken with its full weight on its second print"))
            return quote.price
        decisions.append(("unconfirmed_move", quote.source, found, "last print held until it is confirmed"))
        return None

    def _of_two(self, quotes: list[Quote], day: np.datetime64, decisions: list[_Decision]) -> float | None:
        """Two sources that disagree, within the factor.

        The one nearer the last print stands. Where that is the last print itself, the other enters on its second print
        if the one that stands has not spoken since: it may be stale, and a lone source would be believed as far.
        """
        low, high = sorted(_prices(quotes).tolist())
        found = f"two sources, {low:g} and {high:g}"
        if not self.last:
            return self._first_of_two(low, high, found, decisions)
        last = self.last
        near, far = sorted(quotes, key=lambda quote: abs(float(np.log(quote.price / last))))
        if near.price != last:
            decisions.append(("two_sources", "", found, f"{near.price:g} taken: nearer the last print"))
            return near.price
        if far.since > near.since and self._second_print(far, day):
            decisions.append(("stale_source", near.source, found, f"{far.price:g} taken: said again, and not denied"))
            return far.price
        decisions.append(("two_sources", "", found, "last print held until they agree or the newer says it again"))
        return None

    def _first_of_two(self, low: float, high: float, found: str, decisions: list[_Decision]) -> float | None:
        if high / low > self._settings.unconfirmed_factor:
            decisions.append(("two_sources", "", found, "not printed until they agree"))
            return None
        decisions.append(("two_sources", "", found, "geometric mean taken: there is no last print"))
        return float(np.sqrt(low * high))

    def _against(self, quote: Quote) -> str:
        return times(self.last, quote.price) if self.last else f"{quote.price:g}, no last print"

    def _second_print(self, quote: Quote, day: np.datetime64) -> bool:
        """Whether a quote that waits for confirmation was there in an earlier print already; it waits from now on."""
        if self._waiting is not None and self._waiting[0] == quote.price:
            return bool(self._waiting[1] < day)
        self._waiting = quote.price, day
        return False

    def _tell(self, date: np.datetime64, decisions: list[_Decision]) -> None:
        """Record what was not decided just so at the print before: a source can stay out for months."""
        told = {(rule, source, action) for rule, source, _, action in decisions}
        for rule, source, found, action in decisions:
            if (rule, source, action) not in self._told:
                subject = self._subject if rule == "two_sources" else f"{self._subject}, {source or OWN_LIST}"
                self._audit.add(date, rule, subject, found, action)
        self._told = told


def _prices(quotes: Sequence[Quote]) -> Floats:
    return np.array([quote.price for quote in quotes], dtype=np.float64)
