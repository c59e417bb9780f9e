"""The book of genai-prices says what the library says, and never goes online."""

from __future__ import annotations

import socket
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import numpy as np
import pytest
from genai_prices import Usage as LibraryUsage
from genai_prices.data import providers
from genai_prices.types import ModelInfo, ModelPrice, Provider, TieredPrices, TimeOfDateConstraint
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.exposure.pricing import price
from hedgedesk.files.price_books.genai import ASKED, GenaiPrices

OUR_KEYS = {
    "input_mtok",
    "cache_read_mtok",
    "cache_write_mtok",
    "output_mtok",
    "cache_write_1h_mtok",
    "web_searches_kcount",
    "storage_searches_kcount",
}
"""Prices of the four meters, and of what a request for tokens alone does not use."""
BOOK = GenaiPrices()
PAIRS = [(provider, model) for provider in providers for model in provider.models]


def every_price(model: ModelInfo) -> list[ModelPrice]:
    own = [model.prices] if isinstance(model.prices, ModelPrice) else [part.prices for part in model.prices]
    return own + [variant.prices for variant in model.price_variants or ()]


def by_the_token(model: ModelInfo) -> bool:
    return all({k for k, v in prices.__dict__.items() if v is not None} <= OUR_KEYS for prices in every_price(model))


TOKEN_PAIRS = [(provider, model) for provider, model in PAIRS if by_the_token(model)]
TIERED = [
    p for p in TOKEN_PAIRS if any(isinstance(v, TieredPrices) for m in every_price(p[1]) for v in vars(m).values())
]
DATED = [p for p in TOKEN_PAIRS if isinstance(p[1].prices, list)]
HOURLY = [p for p in DATED if any(isinstance(c.constraint, TimeOfDateConstraint) for c in p[1].prices)]
SERVED = [p for p in TOKEN_PAIRS if p[1].price_variants]


def library_price(
    provider: Provider, model: ModelInfo, at: np.datetime64, tokens: list[int], hour: int, context: dict[str, str]
) -> float:
    """What the library itself makes of one request."""
    u, r, w, o = tokens
    use = LibraryUsage(
        input_tokens=u + r + w,
        cache_read_tokens=r,
        cache_write_tokens=w,
        cache_write_1h_tokens=hour,
        output_tokens=o,
    )
    moment = datetime.fromtimestamp(int(at.astype("datetime64[s]").astype(np.int64)), UTC)
    found = model.calc_price(use, provider, genai_request_timestamp=moment, price_context=context or None)
    return float(found.total_price)


def our_price(seller: str, model: str, tier: str, rows: list[tuple[np.datetime64, list[int], int]]) -> np.ndarray:
    n = len(rows)
    blank = np.full(n, np.nan)
    usage = Usage(
        starts=np.array([at for at, _, _ in rows], dtype="datetime64[s]"),
        keys=(UsageKey(seller, model, tier=tier),),
        key=np.zeros(n, dtype=np.int64),
        tokens=np.array([tokens for _, tokens, _ in rows], dtype=np.float64),
        cache_write_1h=np.array([hour for _, _, hour in rows], dtype=np.float64),
        reasoning=np.zeros(n),
        requests=np.ones(n),
        billed=blank,
        listed=blank,
        priced=blank,
    )
    return price(usage, BOOK).priced


def requests(random: np.random.Generator, count: int) -> list[tuple[np.datetime64, list[int], int]]:
    """Requests of the years 2024 to 2026, of short prompts and long."""
    found = []
    for _ in range(count):
        at = np.datetime64("2024-01-01T00:00:00") + int(random.integers(0, 3 * 365 * 86_400))
        size = 10.0 ** random.uniform(1, 6)
        tokens = [int(part) for part in random.uniform(0, size, 4)]
        found.append((at, [tokens[0] + 1, *tokens[1:]], int(random.integers(0, tokens[2] + 1))))
    return found


@pytest.mark.parametrize(
    ("name", "pairs", "fewest"),
    [("all", TOKEN_PAIRS, 1500), ("tiered", TIERED, 100), ("dated", DATED, 150), ("hourly", HOURLY, 4)],
)
def test_every_request_costs_what_the_library_says(
    name: str, pairs: list[tuple[Provider, ModelInfo]], fewest: int
) -> None:
    assert len(pairs) >= fewest, "the library's data no longer has enough such models for this test to mean anything"
    random = np.random.default_rng(len(name))
    chosen = [pairs[place] for place in random.permutation(len(pairs))[:150]]
    compared = 0
    for provider, model in chosen:
        rows = requests(random, 12)
        found = BOOK.rates(provider.id, model.id, "standard", rows[0][0])
        if found is None or found.model != model.id:
            continue  # the library finds another model under this name: it is compared under its own
        expected = [library_price(provider, model, *row, {}) for row in rows]
        np.testing.assert_allclose(our_price(provider.id, model.id, "standard", rows), expected, rtol=1e-9, atol=1e-12)
        compared += 1
    assert compared > 0.6 * len(chosen)


@pytest.mark.parametrize("tier", list(ASKED))
def test_every_tier_costs_what_the_library_says(tier: str) -> None:
    random = np.random.default_rng(7)
    compared = 0
    for provider, model in SERVED:
        contexts = [{k: v} for k, v in ASKED[tier].items() if any(x.when == {k: v} for x in model.price_variants or ())]
        rows = requests(random, 8)
        found = BOOK.rates(provider.id, model.id, tier, rows[0][0])
        if found is None or found.model != model.id or not contexts:
            continue
        expected = [library_price(provider, model, *row, contexts[0]) for row in rows]
        np.testing.assert_allclose(our_price(provider.id, model.id, tier, rows), expected, rtol=1e-9, atol=1e-12)
        compared += 1
    assert compared >= 5


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(range(len(TOKEN_PAIRS))))
def test_prices_hold_as_long_as_the_book_says(seed: int, place: int) -> None:
    provider, model = TOKEN_PAIRS[place]
    at = np.datetime64("2024-06-01T00:00:00") + int(np.random.default_rng(seed).integers(0, 900 * 86_400))
    found = BOOK.rates(provider.id, model.id, "standard", at)
    if found is None:
        return  # the library does not find this model under its own id
    for edge in (found.valid_from, None if found.valid_to is None else found.valid_to - np.timedelta64(1, "s")):
        if edge is not None:
            assert BOOK.rates(provider.id, model.id, "standard", edge) == found


def test_a_tier_without_a_price_of_its_own_is_answered_as_standard() -> None:
    at = np.datetime64("2026-11-01T00:00:00")
    batch = BOOK.rates("openai", "gpt-4o", "batch", at)
    assert batch is not None
    assert batch.tier == "batch"
    early = BOOK.rates("openai", "gpt-4o", "batch", np.datetime64("2025-01-01T00:00:00"))
    assert early is not None
    assert early.tier == "standard"
    resold = BOOK.rates("azure", "gpt-4o", "batch", at)
    assert resold is not None
    assert resold.tier == "standard"


@pytest.mark.parametrize(
    ("seller", "model", "expected"),
    [
        ("openai", "gpt-4o-2024-08-06", "gpt-4o"),
        ("anthropic", "claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("openrouter", "anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4.5"),
        ("vertex_ai", "gemini-2.5-pro", "gemini-2.5-pro"),
        ("Microsoft Azure", "gpt-4o", "gpt-4o"),
        ("xai", "grok-4", "grok-4-0709"),
        ("z-ai", "glm-4.6", "GLM-4.6"),
        ("together_ai", "deepseek-ai/DeepSeek-V4.1-Flash", "deepseek-ai/DeepSeek-V4.1-Flash"),
        ("", "gpt-4o", "gpt-4o"),
    ],
)
def test_exports_spellings_of_sellers_and_models_are_found(seller: str, model: str, expected: str) -> None:
    found = BOOK.rates(seller, model, "standard", np.datetime64("2026-06-01T00:00:00"))
    assert found is not None
    assert found.model == expected
    assert found.source == f"genai-prices {version('genai-prices')}"


@pytest.mark.parametrize(("seller", "model"), [("openai", "no-such-model"), ("nobody", "gpt-4o"), ("openai", "")])
def test_what_the_library_does_not_know_is_unknown(seller: str, model: str) -> None:
    assert BOOK.rates(seller, model, "standard", np.datetime64("2026-06-01T00:00:00")) is None


def test_only_models_that_are_called_free_cost_nothing() -> None:
    at = np.datetime64("2026-06-01T00:00:00")
    empty = [(provider.id, model.id) for provider, model in PAIRS if every_price(model) == [ModelPrice()]]
    free = [pair for pair in empty if pair[1].endswith(":free")]
    assert len(free) >= 20
    for seller, model in free:
        found = BOOK.rates(seller, model, "standard", at)
        assert found is not None
        assert set(found.bands()) == {(0.0,) * 5}
    for seller, model in set(empty) - set(free):
        found = BOOK.rates(seller, model, "standard", at)
        assert found is None or found.model != model


def test_missing_cache_prices_cost_what_contains_them() -> None:
    found = BOOK.rates("openai", "gpt-4o", "standard", np.datetime64("2026-06-01T00:00:00"))
    assert found is not None
    assert found.cache_read == 1.25
    assert found.cache_write == found.cache_write_1h == found.uncached_input == 2.5


def test_no_connection_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a price was looked up online")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    fresh = GenaiPrices()
    assert fresh.rates("openai", "gpt-4o", "standard", np.datetime64("2026-06-01T00:00:00")) is not None
    assert fresh.rates("openai", "unheard-of", "standard", np.datetime64("2026-06-01T00:00:00")) is None


def test_importing_the_book_does_not_import_the_library_and_importing_the_library_opens_nothing() -> None:
    program = """
import socket, sys
import hedgedesk.files.price_books as books
assert "genai_prices" not in sys.modules and "model_prices" not in sys.modules and "httpx2" not in sys.modules
def refuse(*_, **__):
    raise SystemExit("a connection was opened")
sys.addaudithook(lambda event, _: refuse() if event.startswith("socket.") and event != "socket.gethostname" else None)
import numpy as np
book = books.default_book()
assert book.rates("openai", "gpt-4o", "batch", np.datetime64("2026-06-01T00:00:00")) is not None
assert book.rates("openai", "unheard-of", "standard", np.datetime64("2026-06-01T00:00:00")) is None
import threading
assert threading.active_count() == 1
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
