"""Price formulas estimated on history."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.exposure.basis.formula import price_formula, slope_with_error


def history(months=60, beta=1.3, basis=2.0, noise=0.05, seed=5):
    random = np.random.default_rng(seed)
    index = 10.0 + np.cumsum(random.standard_normal(months))
    index += 1.0 - index.min()
    return beta * index + basis + noise * random.standard_normal(months), index


def test_beta_and_basis_of_a_known_formula_are_found_within_their_errors():
    found = price_formula(*history(), model="m")
    assert (found.model, found.observations, found.note) == ("m", 60, "")
    assert abs(found.beta - 1.3) < 4 * found.beta_error
    assert 0 < found.beta_error < 0.05
    assert found.basis == pytest.approx(2.0, abs=0.3)


def test_the_truth_lies_within_two_standard_errors_about_as_often_as_it_should():
    found = [price_formula(*history(noise=0.3, seed=seed)) for seed in range(60)]
    of_beta = sum(abs(one.beta - 1.3) <= 2 * one.beta_error for one in found)
    of_basis = sum(abs(one.basis - 2.0) <= 2 * one.basis_error for one in found)
    assert min(of_beta, of_basis) >= 48  # of 60: 80%, where 95% is asked for and small samples give about 90%


def test_an_exact_formula_is_found_exactly():
    paid, index = history(noise=0.0)
    found = price_formula(paid, index)
    assert (found.beta, found.basis) == (pytest.approx(1.3), pytest.approx(2.0))
    assert found.ratio == pytest.approx(np.mean(paid / index))


def test_beta_rests_on_changes_so_that_a_common_trend_makes_none():
    random = np.random.default_rng(8)
    fall = np.linspace(40.0, 10.0, 120)
    paid, index = (fall + random.standard_normal(120) for _ in range(2))
    assert np.polyfit(index, paid, 1)[0] > 0.9
    found = price_formula(paid, index)
    assert abs(found.beta) < 0.4


def test_errors_are_robust_to_changes_that_hang_together():
    random = np.random.default_rng(3)
    x = np.convolve(random.standard_normal(4_003), np.ones(4), "valid")
    noise = np.convolve(random.standard_normal(4_003), np.ones(4), "valid")
    slope, error = slope_with_error(2.0 * x + noise, x)
    residual = noise - noise.mean()
    plain = np.sqrt(residual.var() / ((x - x.mean()) ** 2).sum())
    assert abs(slope - 2.0) < 4 * error
    assert error > 1.3 * plain


def test_a_short_history_is_flagged_and_keeps_the_ratio():
    paid, index = history(12)
    found = price_formula(paid, index)
    assert found.observations == 12
    assert "fewer than 24" in found.note
    assert np.isfinite([found.beta, found.ratio, found.ratio_error]).all()


@pytest.mark.parametrize("index", [np.full(30, 5.0), 5.0 + 0.1 * np.arange(30)])
def test_an_index_that_does_not_move_tells_no_beta(index):
    found = price_formula(2.0 * index, index)
    assert np.isnan([found.beta, found.beta_error, found.basis]).all()
    assert found.ratio == pytest.approx(2.0)
    assert "beta cannot be told" in found.note


def test_months_without_use_are_left_out_and_no_change_is_taken_across_them():
    paid, index = history(noise=0.0)
    paid[20:25] = np.nan
    found = price_formula(paid, index)
    assert found.observations == 55
    assert found.beta == pytest.approx(1.3)


def test_too_few_months_and_none_are_told():
    paid, index = history(3)
    assert "at least 4 months" in price_formula(paid, index).note
    empty = price_formula(np.full(3, np.nan), index)
    assert (empty.observations, empty.note) == (0, "no month has both a paid price and an index")
    one = price_formula(paid[:1], index[:1])
    assert one.ratio == pytest.approx(paid[0] / index[0])
    assert np.isnan(one.ratio_error)
