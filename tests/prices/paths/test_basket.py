import numpy as np
import pytest

from hedgedesk.prices.paths.basket import CurveBasket, basket_coefficients

TAU = np.arange(13) / 12
LOADINGS = np.exp(-1.2 * TAU)
INTERCEPTS = 0.03 * TAU + 0.04 * (1 - LOADINGS)
WEIGHTS = tuple(0.6 + 0.3 * np.sin(np.arange(13.0)))
SPREAD = 0.45 / np.sqrt(2.4)
HALF = 7.5 * SPREAD


def states(size, precision="float64"):
    random = np.random.default_rng(2)
    x = (SPREAD * random.standard_normal(size)).astype(precision)
    return x, (3.0 + 0.3 * random.standard_normal(size)).astype(precision)


def exact(x, level):
    x, level = x.astype(np.float64), level.astype(np.float64)
    return np.exp(np.multiply.outer(x, LOADINGS) + INTERCEPTS + level[:, None]) @ np.array(WEIGHTS)


def basket(size, precision="float64", half=HALF):
    return CurveBasket(LOADINGS, INTERCEPTS, 0.0, half, size, np.dtype(precision))


@pytest.mark.parametrize(("precision", "most"), [("float64", 2e-5), ("float32", 2e-5)])
def test_the_polynomial_is_the_sum_of_exps(precision, most):
    x, level = states(4_096, precision)
    many, out = basket(4_096, precision), np.empty(4_096, precision)
    many.see(x, level)
    many.value(WEIGHTS, out)
    found = exact(x, level)
    # 1.6e-5 standard deviations of the profit; of a whole basket's value it is less.
    assert np.abs(out - found).max() < most * found.std()


def test_a_path_outside_the_domain_is_valued_by_true_exps():
    x, level = states(64)
    x[5] = 1.01 * HALF
    many, out = basket(64), np.empty(64)
    many.see(x, level)
    many.value(WEIGHTS, out)
    assert out == pytest.approx(exact(x, level), rel=1e-12)


def test_a_weight_of_nought_leaves_its_maturity_out():
    x, level = states(16)
    x[0] = 2 * HALF
    many, out = basket(16), np.empty(16)
    many.see(x, level)
    many.value((0.0,) * 12 + (2.0,), out)
    assert out == pytest.approx(2.0 * np.exp(LOADINGS[12] * x + INTERCEPTS[12] + level), rel=1e-12)


def test_coefficients_are_fitted_once_a_process():
    key = (WEIGHTS, tuple(LOADINGS), tuple(INTERCEPTS), 0.0, 1.2345)
    basket_coefficients(*key)
    before = basket_coefficients.cache_info().misses
    basket_coefficients(*key)
    assert basket_coefficients.cache_info().misses == before
