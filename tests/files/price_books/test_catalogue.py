"""The book of model-prices knows what was known at a time, and says unknown before its coverage."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.exposure.pricing import price
from hedgedesk.files.price_books.catalogue import CataloguePrices, installed

model_prices = pytest.importorskip("model_prices", reason="the optional library model-prices is not installed")

BOOK = CataloguePrices()
NOVEMBER = np.datetime64("2026-11-04T12:00:00")


def test_it_is_seen_to_be_installed() -> None:
    assert installed()


@pytest.mark.parametrize(
    ("seller", "model", "meters"),
    [("zai", "glm-4.6", (0.6, 0.11, 0.0, 2.2)), ("alibaba", "qwen3-max", (1.2, 0.24, 1.5, 6.0))],
)
def test_the_chinese_sellers_have_prices(seller: str, model: str, meters: tuple[float, ...]) -> None:
    found = BOOK.rates(seller, model, "standard", NOVEMBER)
    assert found is not None
    assert (found.uncached_input, found.cache_read, found.cache_write, found.output) == pytest.approx(meters)


def test_a_date_before_the_coverage_is_unknown_although_the_library_answers() -> None:
    answered = model_prices.rates("qwen3-max", at="2025-01-01", provider="alibaba")
    assert answered is not None
    assert answered.valid_from > "2025-01-02"
    assert BOOK.rates("alibaba", "qwen3-max", "standard", np.datetime64("2025-01-01T00:00:00")) is None


def test_the_first_known_second_is_known_and_the_one_before_is_not() -> None:
    answered = model_prices.rates("qwen3-max", at="2025-01-01", provider="alibaba")
    begins = np.datetime64(answered.valid_from.removesuffix("Z"), "s")
    assert BOOK.rates("alibaba", "qwen3-max", "standard", begins) is not None
    assert BOOK.rates("alibaba", "qwen3-max", "standard", begins - np.timedelta64(1, "s")) is None


def test_every_request_costs_what_the_library_says() -> None:
    random = np.random.default_rng(11)
    names = [("deepseek", "deepseek-v4-flash"), ("deepseek", "deepseek-chat"), ("alibaba", "qwen3-max")]
    names += [
        ("anthropic", "claude-sonnet-4-5"),
        ("openai", "gpt-4o"),
        ("google", "gemini-2.5-pro"),
        ("zai", "glm-4.6"),
    ]
    for seller, model in names:
        for tier in ("standard", "batch"):
            starts, tokens, expected = [], [], []
            for _ in range(60):
                at = datetime(2025, 6, 1, tzinfo=UTC) + timedelta(seconds=int(random.integers(0, 500 * 86_400)))
                use = [int(part) for part in random.uniform(1, 10.0 ** random.uniform(2, 6), 4)]
                answer = model_prices.rates(model, at=at, provider=seller, mode=None if tier == "standard" else tier)
                answer = answer or model_prices.rates(model, at=at, provider=seller)
                known = answer is not None and datetime.fromisoformat(answer.valid_from) <= at
                starts.append(np.datetime64(int(at.timestamp()), "s"))
                tokens.append(use)
                u, r, w, o = use
                expected.append(answer.cost(u, o, r, w) if known else np.nan)
            found = price(rows(seller, model, tier, starts, tokens), BOOK).priced
            np.testing.assert_allclose(found, expected, rtol=1e-9)


def rows(seller: str, model: str, tier: str, starts: list[Any], tokens: list[list[int]]) -> Usage:
    n = len(starts)
    blank = np.full(n, np.nan)
    return Usage(
        starts=np.array(starts, dtype="datetime64[s]"),
        keys=(UsageKey(seller, model, tier=tier),),
        key=np.zeros(n, dtype=np.int64),
        tokens=np.array(tokens, dtype=np.float64),
        cache_write_1h=np.zeros(n),
        reasoning=np.zeros(n),
        requests=np.ones(n),
        billed=blank,
        listed=blank,
        priced=blank,
    )


def test_peak_hours_hold_on_working_days_only() -> None:
    def at(moment: str) -> float:
        found = BOOK.rates("deepseek", "deepseek-v4-flash", "standard", np.datetime64(moment))
        assert found is not None
        return found.output

    wednesday, sunday, holiday = "2026-11-04T02:00:00", "2026-11-01T02:00:00", "2026-10-01T02:00:00"
    assert at(wednesday) == pytest.approx(2.0 * at("2026-11-04T05:00:00"))
    assert at(sunday) == pytest.approx(at("2026-11-01T05:00:00"))
    assert at(holiday) == pytest.approx(at("2026-10-01T05:00:00"))


def test_peak_hours_hold_only_since_they_exist() -> None:
    before = BOOK.rates("deepseek", "deepseek-v4-flash", "standard", np.datetime64("2026-08-12T02:00:00"))
    later = BOOK.rates("deepseek", "deepseek-v4-flash", "standard", np.datetime64("2026-08-12T05:00:00"))
    assert before is not None
    assert later is not None
    assert before.output == later.output


def test_an_estimate_is_no_price(monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    published = model_prices.rates
    fresh = CataloguePrices()

    def estimated(*parts: Any, **named: Any) -> Any:
        found = published(*parts, **named)
        return found and dataclasses.replace(found, estimated_from="other/model")

    monkeypatch.setattr(model_prices, "rates", estimated)
    assert fresh.rates("zai", "glm-4.6", "standard", NOVEMBER) is None


def test_a_longer_name_is_not_taken_for_the_model_it_begins_with() -> None:
    assert model_prices.resolve_details("glm-4.6-max", "zai") is not None
    assert BOOK.rates("zai", "glm-4.6-max", "standard", NOVEMBER) is None


def test_the_date_of_a_snapshot_may_be_dropped() -> None:
    dated = BOOK.rates("anthropic", "claude-sonnet-4-5-20250929", "standard", NOVEMBER)
    assert dated is not None
    assert dated.uncached_input == 3.0


def test_resellers_are_unknown_except_the_one_that_passes_prices_on() -> None:
    assert BOOK.rates("groq", "claude-sonnet-4-5", "standard", NOVEMBER) is None
    assert BOOK.rates("openrouter", "z-ai/glm-4.6", "standard", NOVEMBER) is not None


def test_no_connection_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a price was looked up online")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    assert CataloguePrices().rates("zai", "glm-4.6", "standard", NOVEMBER) is not None
