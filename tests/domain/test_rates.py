"""Prices of a model with their gaps filled."""

from __future__ import annotations

import math

from hedgedesk.domain.rates import LongPrompt, Rates
from hedgedesk.domain.values import from_plain, to_plain

NAN = math.nan


def test_cache_prices_that_are_missing_are_those_of_what_contains_them() -> None:
    assert Rates("s", "m", 3.0, NAN, 4.0, 9.0, NAN).bands() == ((3.0, 3.0, 4.0, 9.0, 4.0),)


def test_long_prompts_fill_their_gaps_with_their_own_prices() -> None:
    dear = LongPrompt(200_000.0, 6.0, NAN, NAN, 18.0, NAN)
    assert Rates("s", "m", 3.0, 0.3, 4.0, 9.0, 5.0, above=(dear,)).bands()[1] == (6.0, 6.0, 6.0, 18.0, 6.0)


def test_input_and_output_have_nothing_to_fall_back_on() -> None:
    prices = Rates("s", "m", NAN, NAN, NAN, NAN, NAN).bands()[0]
    assert all(math.isnan(price) for price in prices)


def test_rates_survive_as_plain_text() -> None:
    rates = Rates("s", "m", 3.0, 0.3, 4.0, 9.0, 5.0, above=(LongPrompt(2e5, 6.0, 0.6, 8.0, 18.0, 10.0),))
    assert from_plain(Rates, to_plain(rates)) == rates
