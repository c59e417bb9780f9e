import csv
import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import ModelError
from hedgedesk.domain.market import ContractSpec, ListPrices, MarketSnapshot, TokenIndex
from hedgedesk.prices.models.step_price.history import step_history

METERS = {"input": "uncached_input", "output": "output"}


def market_of(steps, weeks=100, list_prices=None):
    """An index that stands still but for ``steps`` of the log price by week."""
    changes = np.zeros(weeks)
    for week, size in steps.items():
        changes[week] = size
    dates = np.datetime64("2024-07-05") + 7 * np.arange(weeks + 1).astype("timedelta64[D]")
    price = 9.0 * np.exp(np.concatenate([[0.0], np.cumsum(changes)]))
    index = TokenIndex("token", "USD", dates, np.round(price, 9))
    return MarketSnapshot(index, ContractSpec("USD", 50.0), list_prices=list_prices)


STEPS = {10: -0.2, 25: -0.1, 40: 0.08, 60: -0.15, 80: 0.05, 90: -0.05}


def price_list(factors, first="2025-01-01"):
    """One seller, one family, a change every 45 days by each of the factors."""
    days = np.datetime64(first) + 45 * np.arange(len(factors) + 1).astype("timedelta64[D]")
    prices = 4.0 * np.cumprod([1.0, *factors])
    count = days.size
    return ListPrices("USD", days, ("alpha",) * count, ("one",) * count, ("uncached_input",) * count, prices)


def test_steps_of_the_index_are_counted_over_its_time():
    found = step_history(market_of(STEPS))
    years = 700 / 365
    assert found.steps == 6
    assert found.down.per_year == pytest.approx(4 / years)
    assert found.up.per_year == pytest.approx(2 / years)
    assert found.down_sizes == pytest.approx([-0.2, -0.1, -0.15, -0.05], abs=1e-6)
    assert "6 in 100 prints, 2024-07-05 to 2026-06-05" in found.told[0]


def test_list_prices_like_the_index_are_preferred():
    found = step_history(market_of(STEPS, list_prices=price_list([0.9, 0.85, 1.1, 0.9, 0.9, 1.05])))
    assert found.steps == 6
    assert found.told[0].startswith("Steps read from the list prices: 6 announcements in 1.4 seller-years")
    assert found.down.per_year == pytest.approx(4 / (520 / 365), rel=1e-3)
    assert found.up_sizes == pytest.approx(np.log([1.1, 1.05]))


def test_list_prices_that_move_otherwise_than_the_index_are_set_aside_with_a_word():
    found = step_history(market_of(STEPS, list_prices=price_list([0.2, 5.0, 0.2, 5.0, 0.2, 5.0])))
    assert found.steps == 6
    assert found.told[-1].startswith("The list prices are set aside")


def test_an_index_that_stands_still_while_the_list_moves_is_refused():
    with pytest.raises(ModelError, match="they are not its list prices; it needs 5 steps of its own"):
        step_history(market_of({50: -0.1}, list_prices=price_list([0.9, 0.85, 1.1, 0.9, 0.9, 1.05])))


def test_a_short_index_with_few_steps_leans_on_its_list():
    prices = price_list([0.9, 0.85, 1.1, 0.9, 0.95], "2024-08-01")
    found = step_history(market_of({30: -0.1}, weeks=40, list_prices=prices))
    assert found.steps == 5
    assert found.told[0].startswith("Steps read from the list prices")


def test_too_few_steps_anywhere_are_refused_with_what_would_do():
    few = price_list([0.9, 0.9])
    with pytest.raises(ModelError, match=r"at least 5 steps of the index, or 5 announcements .* found 2 and 2"):
        step_history(market_of({10: -0.1, 20: 0.1}, list_prices=few))
    with pytest.raises(ModelError, match="found 0 and 0"):
        step_history(market_of({}))


def test_a_price_that_moves_with_every_print_is_refused():
    random = np.random.default_rng(1)
    with pytest.raises(ModelError, match=r"100% of the index's prints differ .* at least 20% would have to repeat it"):
        step_history(market_of(dict(enumerate(random.standard_normal(100) * 0.05))))


def test_a_handful_of_prints_is_refused():
    with pytest.raises(ModelError, match="at least 9 dates in the index, found 5"):
        step_history(market_of({1: 0.1}, weeks=4))


def test_what_comes_after_as_of_is_not_looked_at():
    prices = price_list([0.9, 0.85, 1.1, 0.9, 0.9, 1.05, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    market = market_of(STEPS, list_prices=prices)
    until = market.list_prices.effective_dates <= market.as_of
    names = tuple(name for name, seen in zip(prices.providers, until, strict=True) if seen)
    cut = ListPrices(
        "USD", prices.effective_dates[until], names, ("one",) * len(names), ("uncached_input",) * len(names),
        prices.price_per_mtok[until],
    )  # fmt: skip
    whole, seen = step_history(market), step_history(dataclasses.replace(market, list_prices=cut))
    assert whole.told == seen.told
    assert whole.down.per_year == pytest.approx(seen.down.per_year)


def _real(reference_data, column):
    def rows(name):
        with (reference_data / "token_prices" / name).open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    weekly = rows("token_index_matched_list_weekly.csv")
    changes = [r for r in rows("list_price_changes_modelsdev.csv") if r["direction"] in METERS]
    index = TokenIndex(
        column,
        "USD",
        np.array([r["date"] for r in weekly], dtype="datetime64[D]"),
        np.array([float(r[column]) for r in weekly]),
    )
    prices = ListPrices(
        "USD",
        np.array([r["effective_date"] for r in changes], dtype="datetime64[D]"),
        tuple(r["provider"] for r in changes),
        tuple(r["model"] for r in changes),
        tuple(METERS[r["direction"]] for r in changes),
        np.array([float(r["price_usd_per_mtok"]) for r in changes]),
        tuple(r["mode"] for r in changes),
    )
    return MarketSnapshot(index, ContractSpec("USD", 50.0), list_prices=prices)


def test_the_real_index_rests_on_more_sellers_than_the_real_list(reference_data):
    found = step_history(_real(reference_data, "index_equal_provider_all"))
    assert found.steps == 18
    assert found.told[-1].startswith("The list prices are set aside: their 12 announcements")
    assert found.down.per_year == pytest.approx(12 / (812 / 365), rel=1e-3)


def test_the_real_chained_median_never_moves_and_is_refused(reference_data):
    with pytest.raises(ModelError, match="it moved in 0, so they are not its list prices"):
        step_history(_real(reference_data, "index_median_all"))
