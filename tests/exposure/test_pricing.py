"""What tokens cost: by the request's own time and prompt, and at the mean where a bucket hides them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.domain.rates import LongPrompt, PriceBook, Rates
from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.exposure.pricing import price, priced_tokens

NAN = float("nan")
KEY = UsageKey("lab", "m")


def rates(u: float, r: float, w: float, o: float, **parts: object) -> Rates:
    return dataclasses.replace(Rates("lab", "m", u, r, w, o, NAN), **parts)


@dataclass
class Fixed:
    """One price for ever, of one model."""

    answer: Rates
    name: str = "fixed"

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        return self.answer if (seller, model) == ("lab", "m") else None


@dataclass
class Hourly:
    """Prices by the hour of the day: ``prices[h]`` from hour h on; counts how often it is asked."""

    prices: Sequence[float | None]
    name: str = "hourly"
    asked: list[np.datetime64] = field(default_factory=list)

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        self.asked.append(at)
        day = at.astype("datetime64[D]").astype("datetime64[s]")
        hour = int((at - day).astype(np.int64)) // 3600
        told = self.prices[hour]
        if told is None:
            return None
        since, until = (day + np.timedelta64(h, "h") for h in (hour, hour + 1))
        return rates(told, told, told, told, valid_from=since, valid_to=until)


def usage(
    starts: Sequence[str],
    tokens: Sequence[Sequence[float]],
    requests: Sequence[float] | float = 1.0,
    keys: tuple[UsageKey, ...] = (KEY,),
    key: Sequence[int] | int = 0,
    hour: Sequence[float] | float = 0.0,
    currency: str = "USD",
) -> Usage:
    n = len(starts)
    blank = np.full(n, NAN)
    return Usage(
        starts=np.array(starts, dtype="datetime64[s]"),
        keys=keys,
        key=np.broadcast_to(np.asarray(key, dtype=np.int64), n),
        tokens=np.array(tokens, dtype=np.float64).reshape(n, 4),
        cache_write_1h=np.broadcast_to(np.asarray(hour, dtype=np.float64), n),
        reasoning=np.zeros(n),
        requests=np.broadcast_to(np.asarray(requests, dtype=np.float64), n),
        billed=blank,
        listed=blank,
        priced=blank,
        currency=currency,
    )


def test_the_four_meters_of_the_worked_example_cost_363_yuan():
    book = Fixed(rates(3.0, 0.025, 3.0, 6.0, currency="CNY"))
    one = usage(["2026-10-05T10:00"], [[60e6, 120e6, 20e6, 20e6]], NAN, currency="CNY")
    assert price(one, book).priced == pytest.approx([363.0], abs=1e-9)


def test_two_fifths_of_the_tokens_at_twice_the_price_cost_1_4_times_off_peak():
    """A day of 24 hours with 9.6 peak hours at twice the price: 1.4 p_off."""
    day = np.datetime64("2026-10-05T00:00:00")

    class Peak:
        name = "peak"

        def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates:
            turn = at.astype("datetime64[D]").astype("datetime64[s]") + np.timedelta64(int(9.6 * 3600), "s")
            if at < turn:
                return rates(10.0, 10.0, 10.0, 10.0, valid_to=turn)
            return rates(5.0, 5.0, 5.0, 5.0, valid_to=at.astype("datetime64[D]").astype("datetime64[s]") + 86400)

    found = price(usage([str(day)], [[1e6, 0, 0, 0]], NAN), Peak())
    assert found.priced == pytest.approx([1.4 * 5.0], rel=1e-12)


def test_a_single_request_at_midnight_costs_what_holds_at_midnight():
    book = Hourly([2.0, *[1.0] * 23])
    found = price(usage(["2026-10-05T00:00"] * 2, [[1e6, 0, 0, 0]] * 2, [1.0, 24.0]), book)
    assert found.priced == pytest.approx([2.0, 25.0 / 24.0])


def test_an_hour_costs_what_holds_when_it_begins():
    book = Hourly([float(h) for h in range(24)])
    starts = [f"2026-10-05T{h:02d}:30" for h in range(24)]
    found = price(usage(starts, [[1e6, 0, 0, 0]] * 24, NAN), book)
    assert found.priced == pytest.approx(np.arange(24.0))


def test_a_day_of_which_some_hours_have_no_price_costs_the_mean_of_the_others():
    book = Hourly([3.0, 1.0, *[None] * 22])
    found = price(usage(["2026-10-05"], [[1e6, 0, 0, 0]], NAN), book)
    assert found.priced == pytest.approx([2.0])


def test_long_prompts_cost_more_and_a_bucket_is_judged_by_its_mean_prompt():
    dear = LongPrompt(200_000.0, 2.0, 0.2, 2.0, 20.0, NAN)
    book = Fixed(rates(1.0, 0.1, 1.0, 10.0, above=(dear,)))
    tokens = [[200_000.0, 0, 0, 1000.0], [200_001.0, 0, 0, 1000.0], [600_000.0, 0, 0, 0], [600_000.0, 0, 0, 0]]
    found = price(usage(["2026-10-05T10:00"] * 4, tokens, [1.0, 1.0, 2.0, NAN]), book)
    assert found.priced == pytest.approx([0.21, 0.420002, 1.2, 0.6])


def test_what_is_read_and_written_counts_as_prompt():
    dear = LongPrompt(200_000.0, 2.0, 2.0, 2.0, 2.0, NAN)
    book = Fixed(rates(1.0, 1.0, 1.0, 1.0, above=(dear,)))
    tokens = [[100_000.0, 60_000.0, 40_001.0, 0], [100_000.0, 60_000.0, 40_000.0, 500_000.0]]
    found = price(usage(["2026-10-05T10:00"] * 2, tokens), book)
    assert found.priced == pytest.approx([0.400002, 0.7])


def test_writes_kept_an_hour_have_their_own_price_and_are_not_counted_twice():
    book = Fixed(rates(3.0, 0.3, 3.75, 15.0, cache_write_1h=6.0))
    one = usage(["2026-10-05T10:00"], [[0, 0, 1e6, 0]], hour=400_000.0)
    assert priced_tokens(one).sum() == pytest.approx(1e6)
    assert price(one, book).priced == pytest.approx([0.6 * 3.75 + 0.4 * 6.0])


def test_cache_meters_that_nobody_lists_cost_uncached_input():
    book = Fixed(rates(3.0, NAN, NAN, 15.0))
    one = usage(["2026-10-05T10:00"], [[0, 1e6, 1e6, 0]], hour=500_000.0)
    assert price(one, book).priced == pytest.approx([6.0])


def test_a_meter_that_has_no_price_at_all_leaves_only_the_rows_that_use_it_unpriced():
    book = Fixed(rates(3.0, NAN, NAN, NAN))
    found = price(usage(["2026-10-05T10:00"] * 2, [[1e6, 0, 0, 0], [1e6, 0, 0, 1.0]]), book)
    assert found.priced[0] == pytest.approx(3.0)
    assert np.isnan(found.priced[1])


def test_models_that_no_book_knows_and_rows_without_tokens_are_not_priced():
    keys = (KEY, UsageKey("lab", "other"))
    found = price(usage(["2026-10-05"] * 2, [[1e6, 0, 0, 0], [0] * 4], keys=keys, key=[1, 0]), Fixed(rates(1, 1, 1, 1)))
    assert np.isnan(found.priced).all()


def test_another_currency_needs_the_rate_of_the_day():
    yuan = rates(7.0, 7.0, 7.0, 7.0, currency="CNY")
    one = usage(["2026-10-05T10:00"], [[1e6, 0, 0, 0]])
    assert np.isnan(price(one, Fixed(yuan)).priced).all()
    assert price(one, Fixed(dataclasses.replace(yuan, cny_per_usd=7.0))).priced == pytest.approx([1.0])
    euro = dataclasses.replace(one, currency="EUR")
    assert np.isnan(price(euro, Fixed(dataclasses.replace(yuan, cny_per_usd=7.0))).priced).all()


def test_a_book_is_asked_once_for_each_run_of_equal_prices():
    book = Hourly([1.0] * 24)
    starts = np.datetime64("2026-10-05T00:00:00") + np.arange(7200)
    found = price(usage(starts.astype(str).tolist(), [[1e6, 0, 0, 0]] * 7200), book)
    assert np.isfinite(found.priced).all()
    assert len(book.asked) == 2


def test_a_book_that_knows_nothing_is_asked_once_a_day():
    book = Hourly([None] * 24)
    starts = np.datetime64("2026-10-05T00:00:00") + 60 * np.arange(3 * 1440)
    price(usage(starts.astype(str).tolist(), [[1e6, 0, 0, 0]] * starts.size), book)
    assert len(book.asked) == 3


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_rows_does_not_matter(seed: int):
    random = np.random.default_rng(seed)
    n = 60
    starts = np.datetime64("2026-10-05T00:00:00") + 3600 * random.integers(0, 72, n)
    keys = (KEY, UsageKey("lab", "m", team="b"), UsageKey("lab", "unknown"))
    some = usage(
        starts.astype(str).tolist(),
        random.integers(0, 1_000_000, (n, 4)).tolist(),
        random.choice([1.0, 5.0, NAN], n).tolist(),
        keys,
        random.integers(0, 3, n).tolist(),
    )
    order = random.permutation(n)
    shuffled = dataclasses.replace(
        some,
        **{
            name: getattr(some, name)[order]
            for name in ("starts", "key", "tokens", "cache_write_1h", "reasoning", "requests")
        },
    )
    book: PriceBook = Hourly([1.0 + h for h in range(24)])
    np.testing.assert_array_equal(price(some, book).priced[order], price(shuffled, book).priced)


def test_nothing_else_of_the_usage_changes(small_usage: Callable[[], Usage]):
    before = small_usage()
    after = price(before, Fixed(rates(1, 1, 1, 1)))
    for field_ in dataclasses.fields(Usage):
        if field_.name != "priced":
            np.testing.assert_array_equal(getattr(before, field_.name), getattr(after, field_.name))


@pytest.fixture
def small_usage() -> Callable[[], Usage]:
    return lambda: usage(["2026-10-05", "2026-10-06"], [[1, 2, 3, 4], [5, 6, 7, 8]])


def test_no_usage_at_all_has_no_price():
    assert price(usage([], []), Fixed(rates(1, 1, 1, 1))).priced.size == 0
