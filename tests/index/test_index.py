"""The matched-model, chain-linked index of methods.md §2a."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import ListPrices
from hedgedesk.index import PricePanel, capped_shares, family_of, list_price_panel, matched_index

NAN = np.nan


def panel(prices: list[list[float]], providers: str, families: str | None = None) -> PricePanel:
    table = np.array(prices, dtype=np.float64)
    models = tuple(f"model-{i}" for i in range(table.shape[1]))
    return PricePanel(
        dates=np.datetime64("2026-01-02") + 7 * np.arange(table.shape[0]),
        models=models,
        providers=tuple(providers),
        families=tuple(families) if families else models,
        price_per_mtok=table,
    )


@pytest.mark.parametrize(
    ("shares", "cap", "expected"),
    [
        # methods.md §2a, golden numbers.
        ([0.7, 0.2, 0.1], 0.5, [0.5, 0.3333, 0.1667]),
        ([0.6, 0.3, 0.1], 0.4, [0.4, 0.4, 0.2]),
    ],
)
def test_a_cap_is_water_filled(shares, cap, expected):
    assert capped_shares(np.array(shares), cap) == pytest.approx(expected, abs=5e-5)


def test_a_cap_repeats_until_no_weight_exceeds_it():
    # 0.5 is capped at 0.3 and pushes 0.28 to 0.392, which is capped in turn: 0.3, 0.3, then 0.4 by 12:10.
    weights = capped_shares(np.array([0.5, 0.28, 0.12, 0.10]), 0.3)
    assert weights == pytest.approx([0.3, 0.3, 0.4 * 12 / 22, 0.4 * 10 / 22])


def test_a_cap_that_is_just_possible_gives_equal_weights():
    assert capped_shares(np.array([0.8, 0.15, 0.05]), 1 / 3) == pytest.approx([1 / 3] * 3)


def test_shares_need_not_add_to_one_and_a_provider_without_spend_weighs_nothing():
    assert capped_shares(np.array([6.0, 2.0, 0.0]), 1.0) == pytest.approx([0.75, 0.25, 0.0])


@pytest.mark.parametrize("shares", [[0.7, 0.2, 0.1], [0.9, 0.1, 0.0]])
def test_an_impossible_cap_is_refused(shares):
    with pytest.raises(InputError, match=r"a cap of 0\.3 is impossible"):
        capped_shares(np.array(shares), 0.3)


def test_negative_shares_are_refused():
    with pytest.raises(InputError, match="at least 0"):
        capped_shares(np.array([1.2, -0.2]), 1.0)


def test_a_chained_mean_falls_where_a_chained_median_stands_still():
    # methods.md §2, golden: three families halve one after the other; the chained median is 1.00, the mean 0.50.
    prices = [[8.0, 4.0, 2.0], [4.0, 4.0, 2.0], [4.0, 2.0, 2.0], [4.0, 2.0, 1.0]]
    index = matched_index(panel(prices, "aaa"), base=1.0)
    links = np.diff(np.log(prices), axis=0)
    assert np.exp(np.median(links, axis=1).sum()) == pytest.approx(1.00)
    assert index.level[-1] == pytest.approx(0.50)
    assert np.median(prices[-1]) / np.median(prices[0]) == pytest.approx(0.50)


def test_providers_count_the_same_however_many_families_they_have():
    # One provider of one family halves; the other's three stand still.
    prices = [[1.0, 2.0, 3.0, 4.0], [0.5, 2.0, 3.0, 4.0]]
    by_provider = matched_index(panel(prices, "abbb"))
    by_family = matched_index(panel(prices, "abbb"), average="family")
    assert by_provider.level[-1] == pytest.approx(100 * 0.5 ** (1 / 2))
    assert by_family.level[-1] == pytest.approx(100 * 0.5 ** (1 / 4))


def test_snapshots_of_one_family_count_once():
    prices = [[1.0, 1.0, 5.0], [0.5, 0.5, 5.0]]
    index = matched_index(panel(prices, "aaa", "xxy"))
    assert index.level[-1] == pytest.approx(100 * 0.5 ** (1 / 2))
    assert index.matched.tolist() == [2]
    assert index.changed.tolist() == [1]


def test_spend_shares_weigh_the_providers_and_are_capped():
    prices = [[1.0, 1.0, 1.0], [0.5, 1.0, 1.0]]
    shares = {"a": 0.7, "b": 0.2, "c": 0.1}
    assert matched_index(panel(prices, "abc"), shares=shares).log_change == pytest.approx([0.7 * np.log(0.5)])
    assert matched_index(panel(prices, "abc"), shares=shares, cap=0.5).log_change == pytest.approx([0.5 * np.log(0.5)])


def test_a_provider_without_a_share_is_named():
    with pytest.raises(InputError, match="no share given for b"):
        matched_index(panel([[1.0, 1.0], [1.0, 1.0]], "ab"), shares={"a": 1.0})


def test_a_model_that_appears_or_disappears_moves_nothing():
    prices = [[2.0, NAN, 9.0], [2.0, 50.0, NAN], [1.0, 50.0, NAN]]
    index = matched_index(panel(prices, "aaa"))
    assert index.level == pytest.approx([100.0, 100.0, 100 * 0.5 ** (1 / 2)])
    assert index.matched.tolist() == [1, 2]


def test_a_move_from_or_to_free_is_not_compared():
    index = matched_index(panel([[0.0, 1.0], [3.0, 1.0], [0.0, 0.5]], "aa"))
    assert index.level == pytest.approx([100.0, 100.0, 50.0])


def test_where_nothing_matches_the_last_level_is_carried():
    index = matched_index(panel([[1.0, NAN], [NAN, 1.0]], "ab"), base=12.0)
    assert index.level == pytest.approx([12.0, 12.0])
    assert index.matched.tolist() == [0]


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
