import dataclasses
import pickle

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.models.jump_diffusion import JumpDiffusion, JumpParameters

YEARS = np.array([0.1, 0.5, 1.0, 2.0])
SIZE = 1_000_000


@pytest.fixture(scope="module")
def draws(methods_model):
    return methods_model.sample(np.random.default_rng(1), YEARS, SIZE)


def test_the_curve_of_methods_4_3_is_met(methods_model):
    assert methods_model.futures(np.array([1.0]))[0] == pytest.approx(9.23493, abs=5e-6)


def test_the_mean_of_a_million_draws_is_the_curve(methods_model, draws):
    level = np.exp(draws)
    error = level.std(axis=0) / np.sqrt(SIZE)
    assert np.all(np.abs(level.mean(axis=0) - methods_model.futures(YEARS)) < 4 * error)


def test_mean_and_autocovariance_of_the_log_price_are_the_closed_forms(methods_model, draws):
    away = draws - methods_model.log_mean(YEARS)
    assert np.all(np.abs(away.mean(axis=0)) < 4 * away.std(axis=0) / np.sqrt(SIZE))
    for i in range(YEARS.size):
        products = away * away[:, [i]]
        error = products.std(axis=0) / np.sqrt(SIZE)
        assert np.all(np.abs(products.mean(axis=0) - methods_model.log_covariance(YEARS)[i]) < 4 * error)


def test_the_skew_is_that_of_the_jumps(methods_model, draws):
    # Third cumulant: sum lambda E[J^3] (1 - exp(-3 kappa T)) / (3 kappa), E[J^3] = m^3 + 3 m s^2.
    p = methods_model.parameters
    cubes = sum(rate * (mean**3 + 3 * mean * spread**2) for rate, mean, spread in p.jumps.sides)
    third = -cubes * np.expm1(-3 * p.kappa * YEARS) / (3 * p.kappa)
    away = (draws - methods_model.log_mean(YEARS)) ** 3
    assert np.all(np.abs(away.mean(axis=0) - third) < 4 * away.std(axis=0) / np.sqrt(SIZE))


def test_futures_seen_from_a_later_date_are_the_exact_conditional_mean(methods_model):
    sampler = methods_model.sampler(np.array([0.5, 0.75]), SIZE, np.dtype(np.float64))
    random = np.random.default_rng(5)
    seen, now, later = np.empty(SIZE), np.empty(SIZE), np.empty(SIZE)
    sampler.start(random, SIZE)
    sampler.step(0, random.standard_normal((1, SIZE)), now)
    sampler.log_futures(0.25, seen)
    sampler.step(1, random.standard_normal((1, SIZE)), later)
    # Tower law, and more: within each tenth of what was seen, the price is on average what the future said.
    today = methods_model.futures(np.array([0.75]))[0]
    level = np.exp(seen)
    assert abs(level.mean() - today) < 4 * level.std() / np.sqrt(SIZE)
    ratio = np.exp(later - seen)
    for tenth in np.array_split(np.argsort(seen), 10):
        assert abs(ratio[tenth].mean() - 1.0) < 4 * ratio[tenth].std() / np.sqrt(tenth.size)


def test_a_single_precision_path_is_the_double_one_to_single_precision(methods_model):
    size, normals = 4_096, np.random.default_rng(3).standard_normal((YEARS.size, 1, 4_096))
    paths = {}
    for precision in (np.float32, np.float64):
        sampler = methods_model.sampler(YEARS, size, np.dtype(precision))
        out = np.empty((YEARS.size, size), precision)
        sampler.start(np.random.default_rng(4), size)
        for date in range(YEARS.size):
            sampler.step(date, normals[date].astype(precision), out[date])
        paths[precision] = out
    assert paths[np.float32].dtype == np.float32
    np.testing.assert_allclose(paths[np.float32], paths[np.float64], atol=3e-6)


def test_a_smaller_block_uses_the_same_buffers_and_equal_generators_give_equal_draws(methods_model):
    sampler = methods_model.sampler(YEARS, 1_000, np.dtype(np.float64))
    blocks = []
    for _ in range(2):
        out = np.empty((YEARS.size, 300))
        sampler.start(np.random.default_rng(8), 300)
        for date in range(YEARS.size):
            sampler.step(date, np.full((1, 300), 0.1), out[date])
        blocks.append(out)
    np.testing.assert_array_equal(*blocks)


def test_many_jumps_are_drawn_in_parts_and_keep_the_mean(methods_model):
    often = methods_model.with_view({"lambda_down": 60.0, "m_down": -0.05, "s_down": 0.02})
    size = 50_000
    level = np.exp(often.sample(np.random.default_rng(9), np.array([0.5]), size)[:, 0])
    error = level.std() / np.sqrt(size)
    assert abs(level.mean() - often.futures(np.array([0.5]))[0]) < 4 * error


def test_an_index_older_than_as_of_has_moved_unseen(methods_model):
    stale = dataclasses.replace(methods_model, stale_years=0.2)
    assert stale.futures(np.array([0.3])) == pytest.approx(methods_model.futures(np.array([0.5])))
    assert stale.log_covariance(np.array([0.3])) == pytest.approx(methods_model.log_covariance(np.array([0.5])))
    level = np.exp(stale.sample(np.random.default_rng(2), np.array([0.3]), 200_000)[:, 0])
    assert abs(level.mean() - stale.futures(np.array([0.3]))[0]) < 4 * level.std() / np.sqrt(200_000)


def test_another_volatility_scales_every_deviation_and_keeps_the_mean_log(methods_model):
    wider = methods_model.with_volatility(1.5)
    np.testing.assert_allclose(wider.log_covariance(YEARS), 2.25 * methods_model.log_covariance(YEARS))
    np.testing.assert_allclose(wider.log_mean(YEARS), methods_model.log_mean(YEARS))


def test_a_drift_grows_the_level_that_the_price_returns_to(methods_model):
    grown = methods_model.with_drift(0.1)
    np.testing.assert_allclose(grown.futures(YEARS), methods_model.futures(YEARS) * np.exp(0.1 * YEARS))


def test_a_view_stands_beside_the_estimate_and_is_what_is_drawn(methods_model):
    own = methods_model.with_view({"lambda_down": 0.0, "sigma": 0.3})
    told = own.describe()
    assert (told.view, told.parameters["lambda_down"]) == ({"sigma": 0.3, "lambda_down": 0.0}, 0.5)
    assert "your view" in own.summary()
    p = dataclasses.replace(methods_model.parameters, lambda_down=0.0, sigma=0.3)
    np.testing.assert_allclose(own.futures(YEARS), JumpDiffusion(10.0, p).futures(YEARS))


def test_every_fault_of_a_view_is_told_at_once(methods_model):
    with pytest.raises(InputError) as caught:
        methods_model.with_view({"m_down": 0.5, "speed": 1.0})
    assert "m_down" in str(caught.value)
    assert "speed" in str(caught.value)


def test_jumps_that_leave_no_mean_price_are_refused_together(methods_model, factor_truth):
    absurd = {"lambda_up": 300.0, "m_up": 3.0, "s_up": 2.0}
    for model in (methods_model, factor_truth):
        with pytest.raises(InputError, match="multiply the mean price"):
            model.with_view(absurd)


def test_drawn_parameters_spread_as_their_errors_say_and_inputs_and_views_stay(methods_model):
    covariance = np.full((9, 9), np.nan)
    covariance[:6, :6] = 0.0
    errors = np.array([0.4, 0.05, 0.02, 0.1, 0.1, 0.01])
    covariance[np.arange(6), np.arange(6)] = errors**2
    covariance[3, 4] = covariance[4, 3] = 0.5 * errors[3] * errors[4]
    model = dataclasses.replace(methods_model, covariance=covariance).with_view({"sigma": 0.5})
    random = np.random.default_rng(6)
    drawn = np.array([dataclasses.astuple(model.redrawn(random).parameters) for _ in range(2_000)])
    assert np.all(drawn[:, [2, 6, 7, 8]] == drawn[0, [2, 6, 7, 8]])
    logs = np.column_stack([np.log(drawn[:, 0]), drawn[:, 1], np.log(drawn[:, 3]), np.log(-drawn[:, 4])])
    relative = errors[[0, 1, 3, 4]] / np.array([2.0, 1.0, 0.5, np.log(4.0)])
    # A standard deviation of n normals has standard error sd / sqrt(2 n).
    assert logs.std(axis=0) == pytest.approx(relative, rel=4 / np.sqrt(4_000))
    # Larger rates go with smaller falls here (m_down is negative): correlation -0.5, within 4 of 1 / sqrt(n).
    assert np.corrcoef(logs[:, 2], logs[:, 3])[0, 1] == pytest.approx(-0.5, abs=4 / np.sqrt(2_000))


def test_parameters_that_cannot_be_are_refused(methods_model):
    for wrong in ({"kappa": 0.0}, {"m_down": 0.1}, {"lambda_up": -1.0}, {"theta": np.nan}):
        with pytest.raises(ValueError, match="must be"):
            JumpDiffusion(10.0, dataclasses.replace(methods_model.parameters, **wrong))


def test_it_keeps_the_contract_of_every_model_and_survives_a_pickle(methods_model):
    assert isinstance(methods_model, PriceModel)
    assert not methods_model.gaussian
    again = pickle.loads(pickle.dumps(methods_model))
    np.testing.assert_array_equal(again.futures(YEARS), methods_model.futures(YEARS))
    assert isinstance(again.parameters, JumpParameters)
