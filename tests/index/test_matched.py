"""The matched-model, chain-linked index of list prices."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.index import PricePanel, matched_index

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


def test_a_chained_mean_falls_where_a_chained_median_stands_still():
    # Three families halve one after the other; the chained median is 1.00, the mean 0.50.
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
