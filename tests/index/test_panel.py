"""List prices on common dates, blended."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import ListPrices
from hedgedesk.index import PricePanel, family_of, list_price_panel

NAN = np.nan


def test_a_panel_of_the_wrong_shape_is_refused():
    with pytest.raises(ValueError, match="dates must rise"):
        PricePanel(np.array(["2026-01-09", "2026-01-02"], "M8[D]"), ("m",), ("p",), ("m",), np.ones((2, 1)))
    with pytest.raises(ValueError, match="must be"):
        PricePanel(np.array(["2026-01-02"], "M8[D]"), ("m",), ("p",), ("m",), np.ones((2, 1)))
    with pytest.raises(ValueError, match="a provider and a family"):
        PricePanel(np.array(["2026-01-02"], "M8[D]"), ("m",), (), ("m",), np.ones((1, 1)))


def list_prices(*rows: tuple[str, str, str, str, float]) -> ListPrices:
    day, provider, model, meter, price = zip(*rows, strict=True)
    return ListPrices("USD", np.array(day, "M8[D]"), provider, model, meter, np.array(price))


FRIDAYS = np.array(["2026-01-02", "2026-01-09", "2026-01-16"], "M8[D]")


def test_a_list_price_stands_from_its_day_until_the_next_row():
    prices = list_prices(
        ("2026-01-16", "p", "m", "output", 4.0),
        ("2026-01-05", "p", "m", "uncached_input", 2.0),
        ("2026-01-05", "p", "m", "output", 8.0),
        ("2026-01-05", "p", "m", "cache_read", 0.1),
    )
    result = list_price_panel(prices, FRIDAYS)
    assert result.price_per_mtok[:, 0] == pytest.approx([NAN, 3.5, 2.5], nan_ok=True)


def test_of_two_rows_of_one_day_the_later_in_the_file_stands():
    prices = list_prices(
        ("2026-01-01", "p", "m", "uncached_input", 3.0),
        ("2026-01-01", "p", "m", "uncached_input", 1.0),
        ("2026-01-01", "p", "m", "output", 1.0),
    )
    assert list_price_panel(prices, FRIDAYS).price_per_mtok[0, 0] == pytest.approx(1.0)


def test_a_family_drops_out_once_any_of_its_snapshots_is_too_old():
    prices = list_prices(
        ("2025-01-01", "p", "m-2025-01-01", "uncached_input", 1.0),
        ("2025-01-01", "p", "m-2025-01-01", "output", 1.0),
        ("2026-01-01", "p", "m-2026-01-01", "uncached_input", 1.0),
        ("2026-01-01", "p", "m-2026-01-01", "output", 1.0),
    )
    result = list_price_panel(prices, FRIDAYS, oldest_days=370)
    assert result.families == ("m", "m")
    assert np.isfinite(result.price_per_mtok).tolist() == [[True, True], [False, False], [False, False]]


def test_a_list_without_both_prices_of_any_model_is_refused():
    with pytest.raises(InputError, match="no model"):
        list_price_panel(list_prices(("2026-01-01", "p", "m", "output", 1.0)), FRIDAYS)


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("gpt-4o-2024-08-06", "gpt-4o"),
        ("claude-opus-4-5-20251101", "claude-opus-4-5"),
        ("mistral-medium-2508", "mistral-medium"),
        ("gemini-2.5-flash-lite-preview-09-2025", "gemini-2.5-flash-lite-preview"),
        ("gemini-2.5-pro-preview-05-06", "gemini-2.5-pro-preview"),
        ("claude-opus-4-5", "claude-opus-4-5"),
        ("gpt-5.6-sol", "gpt-5.6-sol"),
    ],
)
def test_a_familys_name_is_the_models_without_its_snapshot_date(model, family):
    assert family_of(model) == family


def test_only_standard_prices_count():
    prices = ListPrices(
        "USD",
        np.array(["2026-01-01"] * 3, "M8[D]"),
        ("p",) * 3,
        ("m",) * 3,
        ("uncached_input", "output", "output"),
        np.array([1.0, 5.0, 2.5]),
        ("standard", "standard", "batch"),
    )
    assert list_price_panel(prices, FRIDAYS).price_per_mtok[0, 0] == pytest.approx(2.0)
