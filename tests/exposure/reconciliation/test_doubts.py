"""How far a price may be off, and that nothing is in doubt that the row tells."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

import numpy as np
import pytest

from hedgedesk.domain.market import FxCurve
from hedgedesk.domain.rates import LongPrompt, Rates
from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.exposure.pricing import price
from hedgedesk.exposure.reconciliation.doubts import KINDS, SERVED, doubts

NAN = float("nan")
DEAR = LongPrompt(200_000.0, 4.0, 0.4, 4.0, 15.0, 4.0)


@dataclass
class Book:
    answer: Rates = field(default_factory=lambda: Rates("lab", "m", 2.0, 0.2, 2.0, 10.0, 2.0, source="book"))
    name: str = "book"

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        return self.answer if model == "m" else None


def one(requests: float = 1.0, currency: str = "USD", tokens: float = 1e6, **key: object) -> Usage:
    blank = np.array([NAN])
    return Usage(
        starts=np.array(["2026-10-05T10:00"], dtype="datetime64[s]"),
        keys=(UsageKey("lab", **{"model": "m", **key}),),
        key=np.array([0]),
        tokens=np.array([[tokens, 0.0, 0.0, 0.0]]),
        cache_write_1h=np.zeros(1),
        reasoning=np.zeros(1),
        requests=np.array([requests]),
        billed=blank,
        listed=blank,
        priced=blank,
        currency=currency,
    )


def ranges(usage: Usage, book: Book, fx: FxCurve | None = None) -> dict[str, tuple[float, float]]:
    found = doubts(price(usage, book), book, fx).ranges
    return {kind: (found[kind][0, 0], found[kind][0, 1]) for kind in KINDS if found[kind].any()}


def test_a_single_request_that_tells_everything_is_in_no_doubt() -> None:
    assert ranges(one(), Book(dataclasses.replace(Book().answer, above=(DEAR,)))) == {}


def test_without_a_book_nothing_is_in_doubt_and_nobody_is_named() -> None:
    found = doubts(price(one(NAN, cache_known=False), Book()), None)
    assert not any(bound.any() for bound in found.ranges.values())
    assert found.sources == [""]


def test_a_row_that_no_book_knows_has_neither_range_nor_source() -> None:
    found = doubts(price(one(model="other", cache_known=False), Book()), Book())
    assert not any(bound.any() for bound in found.ranges.values())
    assert found.sources == [""]
    assert doubts(price(one(), Book()), Book()).sources == ["book"]


@pytest.mark.parametrize("tier", list(SERVED))
def test_a_tier_without_a_price_may_cost_what_tiers_cost(tier: str) -> None:
    low, high = SERVED[tier]
    assert ranges(one(tier=tier), Book()) == {"served": (pytest.approx(2.0 * low), pytest.approx(2.0 * high))}


@pytest.mark.parametrize(
    ("requests", "tokens", "hidden"),
    [(NAN, 1e6, True), (NAN, 150_000.0, False), (1.0, 1e6, False), (10.0, 1e6, True), (1000.0, 1e6, False)],
)
def test_long_prompts_may_hide_where_the_bucket_has_room_for_them(requests: float, tokens: float, hidden: bool) -> None:
    found = ranges(one(requests, tokens=tokens), Book(dataclasses.replace(Book().answer, above=(DEAR,))))
    assert found == ({"prompts": (0.0, pytest.approx(2.0))} if hidden else {})


def test_unknown_caching_may_save_what_reads_are_cheaper() -> None:
    assert ranges(one(cache_known=False), Book()) == {"cache": (pytest.approx(-1.8), 0.0)}


@pytest.mark.parametrize(("target", "source"), [("USD", "CNY"), ("CNY", "USD")])
def test_another_rate_of_the_month_moves_a_price_in_another_currency(target: str, source: str) -> None:
    fx = FxCurve(np.array(["2026-10-01", "2026-10-05", "2026-10-20"], dtype="datetime64[D]"), np.array([7.5, 7.0, 8.0]))
    book = Book(dataclasses.replace(Book().answer, currency=source, cny_per_usd=7.0))
    low, high = ranges(one(currency=target), book, fx)["fx"]
    amount = 2.0 / 7.0 if target == "USD" else 14.0
    others = (2.0 / 8.0, amount) if target == "USD" else (amount, 16.0)
    assert (amount + low, amount + high) == (pytest.approx(others[0]), pytest.approx(others[1]))
    assert "fx" not in ranges(one(currency=target), book)


def test_published_tiers_lie_within_the_bounds() -> None:
    """Every tier that genai-prices prices, against its standard price now."""
    from genai_prices.data import providers

    from hedgedesk.files.price_books.genai import GenaiPrices

    book, now, seen = GenaiPrices(), np.datetime64("2026-11-01T05:00:00"), 0
    for provider in providers:
        for model in (model for model in provider.models if model.price_variants):
            standard = book.rates(provider.id, model.id, "standard", now)
            for tier, (low, high) in SERVED.items():
                served = book.rates(provider.id, model.id, tier, now)
                if standard is None or served is None or served.tier != tier or not standard.output:
                    continue
                assert 1.0 + low <= served.output / standard.output <= 1.0 + high, (provider.id, model.id, tier)
                seen += 1
    assert seen >= 100
