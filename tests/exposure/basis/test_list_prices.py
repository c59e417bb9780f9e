"""List prices month by month: a change counts for its share of the month, a missing price is carried."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.errors import CurrencyMismatch
from hedgedesk.domain.rates import Rates
from hedgedesk.exposure.basis.list_prices import monthly_list_prices

MONTHS = np.arange("2026-03", "2026-07", dtype="datetime64[M]")


class Book:
    """Input prices by (first second, last second or None); output is four times as dear."""

    name = "test"

    def __init__(self, *prices: tuple[str, str | None, float], currency: str = "USD") -> None:
        self.prices = [(np.datetime64(a, "s"), None if b is None else np.datetime64(b, "s"), p) for a, b, p in prices]
        self.currency = currency
        self.asked = 0

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        self.asked += 1
        for start, end, price in self.prices:
            if start <= at and (end is None or at < end):
                values = {"cache_read": 0.1 * price, "cache_write": price, "cache_write_1h": 2 * price}
                return Rates(seller, model, price, output=4 * price, currency=self.currency, valid_to=end, **values)
        return None


def inputs(book: Book, rates: np.ndarray | None = None, currency: str = "USD") -> list[float]:
    return monthly_list_prices(book, [("openai", "a")], MONTHS, rates, currency)[:, 0, 0].tolist()


def test_a_cut_in_the_middle_of_a_month_counts_for_the_days_after_it():
    book = Book(("2026-01-01", "2026-04-11", 3.0), ("2026-04-11", None, 1.5))
    assert inputs(book) == pytest.approx([3.0, 2.0, 1.5, 1.5])


def test_a_new_model_has_its_entry_price_before_it_came_and_a_retired_one_its_last():
    assert inputs(Book(("2026-05-16", None, 2.0))) == pytest.approx([2.0] * 4)
    assert inputs(Book(("2026-01-01", "2026-04-16", 2.0))) == pytest.approx([2.0] * 4)


def test_prices_by_the_hour_are_averaged_over_the_day():
    days = np.arange("2026-03-01", "2026-07-01", dtype="datetime64[D]")
    peak = [(f"{day}T08:00:00", f"{day}T14:00:00", 2.0) for day in days]
    night = [(f"{day}T14:00:00", f"{day + 1}T08:00:00", 1.0) for day in days]
    early = ("2026-02-28T14:00:00", "2026-03-01T08:00:00", 1.0)
    assert inputs(Book(early, *peak, *night)) == pytest.approx([1.25] * 4, rel=1e-3)


def test_a_model_that_no_list_knows_has_no_price():
    assert np.isnan(inputs(Book())).all()


def test_prices_in_another_currency_are_turned_at_the_months_rate():
    book = Book(("2026-01-01", None, 7.0), currency="CNY")
    assert inputs(book, np.array([7.0, 7.0, 3.5, 7.0])) == pytest.approx([1.0, 1.0, 2.0, 1.0])
    with pytest.raises(CurrencyMismatch, match="CNY into USD"):
        inputs(book)


def test_a_price_without_end_is_looked_up_once_a_month():
    book = Book(("2026-01-01", None, 1.0))
    inputs(book)
    assert book.asked <= 3 * MONTHS.size
