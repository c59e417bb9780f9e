"""Hours of the day are believed with their dates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from hedgedesk.domain.rates import Rates
from hedgedesk.files.price_books import default_book
from hedgedesk.files.price_books.genai import GenaiPrices
from hedgedesk.files.price_books.hours import DatedHours

NOON = np.datetime64("2026-10-05T12:00:00")


def rates(price: float, since: str | None, until: str | None) -> Rates:
    ends = (None if day is None else np.datetime64(day, "s") for day in (since, until))
    return Rates("s", "m", price, price, price, price, price, "USD", f"at {price}", (), *ends)


@dataclass
class Fixed:
    answer: Rates | None
    name: str = "fixed"

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        return self.answer


@pytest.mark.parametrize(
    ("since", "until", "price"),
    [
        ("2026-10-05T01:00", "2026-10-05T13:00", 2.0),
        ("2026-10-05", "2026-10-06", 1.0),
        (None, "2026-10-05T13:00", 1.0),
        (None, None, 1.0),
    ],
)
def test_only_answers_that_turn_within_a_day_come_from_the_dated_book(
    since: str | None, until: str | None, price: float
) -> None:
    found = DatedHours(Fixed(rates(1.0, since, until)), Fixed(rates(2.0, None, None))).rates("s", "m", "standard", NOON)
    assert found is not None
    assert found.output == price


def test_hours_without_dates_are_better_than_nothing() -> None:
    hourly = rates(1.0, "2026-10-05T01:00", "2026-10-05T13:00")
    assert DatedHours(Fixed(hourly), Fixed(None)).rates("s", "m", "standard", NOON) == hourly
    assert DatedHours(Fixed(None), Fixed(hourly)).rates("s", "m", "standard", NOON) is None


def test_peak_hours_do_not_hold_before_they_existed_and_on_sundays() -> None:
    pytest.importorskip("model_prices", reason="the optional library model-prices is not installed")
    for peak, later in (("2026-07-01T02:00", "2026-07-01T05:00"), ("2026-11-01T02:00", "2026-11-01T05:00")):
        undated = [GenaiPrices().rates("deepseek", "deepseek-v4-flash", "standard", at) for at in seconds(peak, later)]
        dated = [default_book().rates("deepseek", "deepseek-v4-flash", "standard", at) for at in seconds(peak, later)]
        assert None not in undated
        assert None not in dated
        assert undated[0].output != undated[1].output
        assert dated[0].output == dated[1].output


def seconds(*moments: str) -> list[np.datetime64]:
    return [np.datetime64(moment, "s") for moment in moments]
