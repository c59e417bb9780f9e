import pickle

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import ContractSpec, MarketSnapshot, TokenIndex
from hedgedesk.files.folder import read_desk
from hedgedesk.prices.models.step_price import StepPrice

START = np.datetime64("2022-01-07")
YEAR = np.array([1.0])
PUBLISHED = StepPrice(10.0, 0.6, np.log([0.5]), 0.2, np.log([2.0]))
TRUE = StepPrice(10.0, 6.0, np.array([-0.15, -0.10, -0.05, -0.03]), 3.0, np.array([0.03, 0.06, 0.08]))


def market_of(log_prices, days):
    dates = START + days * np.arange(log_prices.size).astype("timedelta64[D]")
    index = TokenIndex("token", "CNY", dates, np.exp(np.round(log_prices, 12)))
    return MarketSnapshot(index, ContractSpec("CNY", 50.0))


def fitted_on_own_draws(count, years, seed):
    """Fits to daily histories that the model itself made."""
    dates = np.arange(1, int(365 * years) + 1) / 365
    drawn = TRUE.sample(np.random.default_rng(seed), dates, count)
    return [StepPrice.fit(market_of(np.concatenate([[np.log(10.0)], row]), 1)) for row in drawn]


def test_the_curve_is_the_published_one():
    assert PUBLISHED.futures(YEAR) == pytest.approx([9.04837], abs=5e-6)


def test_replacements_of_a_tenth_a_year_are_the_published_steps():
    # 10x a year is -2.302585, at 4 a year each step x 0.56234.
    assert PUBLISHED.replacement_rate * PUBLISHED.replacement_size == pytest.approx(-2.302585, abs=5e-7)
    assert np.exp(PUBLISHED.replacement_size) == pytest.approx(0.56234, abs=5e-6)
    adopted = StepPrice(10.0, 0.0, np.empty(0), 0.0, np.empty(0), adopted_share=1.0)
    assert adopted.futures(YEAR) == pytest.approx(10.0 * np.exp(4 * (0.56234 - 1)), rel=1e-4)
    assert adopted.log_mean(YEAR) == pytest.approx(np.log(10.0) + np.log(0.1))


def test_the_price_stands_still_between_its_steps():
    years = np.arange(1, 53) * 7 / 365
    paths = PUBLISHED.sample(np.random.default_rng(3), years, 2_000)
    still = np.mean(np.diff(paths, axis=1) == 0)
    # No step in a week: exp(-0.8 * 7 / 365); 102,000 weeks make a standard error of 0.0004.
    assert still == pytest.approx(np.exp(-0.8 * 7 / 365), abs=0.0016)
    sizes = np.unique(np.round(np.diff(paths, axis=1), 9))
    assert np.isin(np.abs(sizes), np.round(np.log(2.0) * np.arange(4), 9)).all()


def test_far_more_steps_than_paths_are_drawn_as_well():
    busy = StepPrice(10.0, 300.0, np.array([-0.01]), 300.0, np.array([0.01]))
    drawn = busy.sample(np.random.default_rng(1), np.array([0.5]), 1_000)[:, 0]
    variance = busy.log_covariance(np.array([0.5]))[0, 0]
    assert abs(drawn.var() - variance) < 4 * variance * np.sqrt(2 / 1_000)


def test_another_drift_is_reached_by_how_often_steps_come():
    # Falls make -0.3 a year and rises +0.2; x solves 0.2 x - 0.3 / x = 0.2.
    model, x = PUBLISHED.with_drift(0.2), (1 + np.sqrt(7)) / 2
    assert model.futures(YEAR) == pytest.approx([10.0 * np.exp(0.2)])
    assert model.log_covariance(YEAR) == pytest.approx(np.log(2.0) ** 2 * (0.6 / x + 0.2 * x))
    shown = model.describe()
    assert shown.parameters == PUBLISHED.describe().parameters
    assert shown.assumptions[-1] == (
        "So that its mean grows by +20.00% a year and the price still stands still between its steps, steps down come "
        "0.33 times a year, seen 0.6 times and steps up come 0.36 times a year, seen 0.2 times. They move the price by "
        "58% in a typical year, those seen by 62%."
    )


@pytest.mark.parametrize("drift", [-0.4, 0.0, 0.3])
def test_the_price_stands_still_between_its_steps_whatever_its_drift(drift):
    dates = np.arange(1, 53) * 7 / 365
    model = TRUE.with_drift(drift)
    paths = model.sample(np.random.default_rng(5), dates, 20_000)
    still = np.mean(np.diff(paths, axis=1) == 0)
    _, rates = model._law.atoms
    # A trend would leave none. No step in a week: exp(-rate * 7 / 365); 1,020,000 weeks, 4 standard errors are 0.0015.
    assert still == pytest.approx(np.exp(-rates.sum() * 7 / 365), abs=0.0015)
    assert 0.8 < still < 0.9
    # And the draws reach the asked growth, within 4 standard errors of theirs.
    grown = np.exp(paths[:, -1]) / TRUE.price_per_mtok
    assert abs(grown.mean() - np.exp(drift * dates[-1])) < 4 * grown.std() / np.sqrt(grown.size)


def test_the_futures_price_on_a_path_is_a_martingale_under_an_asked_drift():
    model = TRUE.with_drift(-0.1)
    sampler = model.sampler(np.array([0.5, 1.5]), 50_000, np.dtype(np.float64))
    sampler.start(np.random.default_rng(9), 50_000)
    log_price, ahead = np.empty(50_000), np.empty(50_000)
    sampler.step(0, np.empty((0, 50_000)), log_price)
    sampler.log_futures(1.0, ahead)
    np.testing.assert_allclose(ahead - log_price, -0.1)
    futures = np.exp(ahead)
    assert abs(futures.mean() - model.futures(np.array([1.5]))[0]) < 4 * futures.std() / np.sqrt(50_000)


def test_one_drift_after_another_is_the_last_one():
    twice, once = TRUE.with_drift(0.3).with_drift(-0.2), TRUE.with_drift(-0.2)
    assert twice.log_covariance(YEAR) == pytest.approx(once.log_covariance(YEAR))
    assert TRUE.with_drift(TRUE.growth).log_covariance(YEAR) == pytest.approx(TRUE.log_covariance(YEAR))


def test_what_the_user_s_view_says_of_a_rate_stays_under_an_asked_drift():
    own = TRUE.with_view({"down_rate": 2.0}).with_drift(0.0)
    sizes, rates = own._law.atoms
    assert rates[sizes < 0].sum() == pytest.approx(2.0)
    assert rates @ np.expm1(sizes) == pytest.approx(0.0, abs=1e-15)
    both = TRUE.with_view({"down_rate": 2.0, "up_rate": 2.0}).with_drift(0.0)
    assert both._law.atoms[1].sum() == pytest.approx(4.0)
    assert both.futures(YEAR) == pytest.approx([10.0])
    assert both.describe().assumptions[-1].endswith("or at those of an own view, cannot do it.")


def test_a_growth_that_no_step_can_make_is_a_trend_and_says_so():
    falling = StepPrice(10.0, 2.0, np.array([-0.1]), 0.0, np.empty(0))
    slower = falling.with_drift(-0.1)
    assert slower._law.atoms[1] == pytest.approx([0.1 / -np.expm1(-0.1)])
    assert not any("Between the steps" in text for text in slower.describe().assumptions)
    rising = falling.with_drift(0.1)
    assert rising.futures(YEAR) == pytest.approx([10.0 * np.exp(0.1)])
    assert rising.log_covariance(YEAR) == pytest.approx(falling.log_covariance(YEAR))
    assert "Between the steps the price moves by +29.03% a year" in rising.describe().assumptions[-1]


def test_after_a_silence_the_mean_price_still_follows_the_asked_drift():
    silent = StepPrice(10.0, 6.0, TRUE.down_sizes, 3.0, TRUE.up_sizes, stale_years=0.5).with_drift(-0.2)
    assert silent.futures(YEAR) == pytest.approx([10.0 * np.exp(-0.2 * 1.5)])
    drawn = np.exp(silent.sample(np.random.default_rng(2), YEAR, 50_000)[:, 0])
    assert abs(drawn.mean() - silent.futures(YEAR)[0]) < 4 * drawn.std() / np.sqrt(50_000)


def test_another_volatility_scales_every_step_and_leaves_the_curve():
    wide = PUBLISHED.with_volatility(1.5)
    assert wide.log_covariance(YEAR) == pytest.approx(2.25 * PUBLISHED.log_covariance(YEAR))
    assert wide.futures(YEAR) == pytest.approx(PUBLISHED.futures(YEAR))


def test_a_view_of_a_size_stretches_all_steps_of_its_sign():
    own = TRUE.with_view({"down_size": -0.165, "down_rate": 2.0, "adopted_share": 0.5})
    assert own.down_sizes == pytest.approx(2.0 * TRUE.down_sizes)
    assert own.up_sizes == pytest.approx(TRUE.up_sizes)
    shown = own.describe()
    assert shown.parameters["down_size"] == pytest.approx(-0.0825)
    assert shown.view == {"down_rate": 2.0, "down_size": -0.165, "adopted_share": 0.5}


def test_a_view_of_mu_is_the_growth_drawn_with():
    own = TRUE.with_view({"mu": -0.4}).with_drift(0.1)
    assert own.futures(YEAR) == pytest.approx([10.0 * np.exp(-0.4)])


def test_a_rate_of_steps_that_nobody_saw_needs_a_size():
    falling = StepPrice(10.0, 2.0, np.array([-0.1]), 0.0, np.empty(0))
    with pytest.raises(InputError, match=r"view:up_rate: found 1 without up_size"):
        falling.with_view({"up_rate": 1.0})
    own = falling.with_view({"up_rate": 1.0, "up_size": 0.3})
    assert own.up_sizes == pytest.approx([0.3])


def test_every_fault_of_a_view_is_told_at_once():
    with pytest.raises(InputError) as refused:
        TRUE.with_view({"down_size": 0.1, "sigma": 0.4, "adopted_share": 2.0})
    assert [fault.column for fault in refused.value.faults] == ["sigma", "down_size", "adopted_share"]


def test_redrawn_rates_and_sizes_spread_as_their_errors_say():
    model = fitted_on_own_draws(1, 3, seed=11)[0]
    random = np.random.default_rng(4)
    others = [model.redrawn(random) for _ in range(400)]
    for name in ("down_rate", "up_rate"):
        logs = np.log([getattr(other, name) for other in others])
        expected = model.standard_errors[name] / getattr(model, name)
        # A standard deviation of 400 is known to 1 / sqrt(800) of itself; 4 of those are 14%.
        assert logs.std() == pytest.approx(expected, rel=0.15)
    held = model.with_view({"down_rate": 9.0}).redrawn(random)
    assert held.down_rate == 9.0
    assert held.adopted_share == model.adopted_share


def test_the_standard_errors_cover_the_truth():
    # 95% intervals of 120 histories of 3 years; 0.85 lies 5 standard errors below 0.95. The size of the nine steps up
    # has wide tails of its own: 0.79 is 5 below the 0.89 that normal intervals have there.
    truth = {"mu": TRUE.growth, "down_rate": 6.0, "down_size": -0.0825, "up_rate": 3.0, "up_size": 0.17 / 3}
    shown = [model.describe() for model in fitted_on_own_draws(120, 3, seed=1)]
    for name, value in truth.items():
        hits = np.mean([abs(s.parameters[name] - value) < 1.96 * s.standard_errors[name] for s in shown])
        assert hits > (0.79 if name == "up_size" else 0.85), (name, hits)


def test_without_a_density_of_sizes_there_is_no_likelihood():
    shown = fitted_on_own_draws(1, 2, seed=5)[0].describe()
    assert np.isnan(shown.log_likelihood)
    assert shown.aic is None
    assert any("no likelihood" in text for text in shown.assumptions)


def test_a_history_without_a_rise_draws_none_and_says_so():
    prices = np.log(10.0) - 0.1 * np.repeat(np.arange(8), 10)
    model = StepPrice.fit(market_of(prices, 7))
    assert model.up_rate == 0.0
    shown = model.describe()
    assert "up_size" not in shown.parameters
    assert any("No step up was seen" in text for text in shown.assumptions)
    assert np.diff(model.sample(np.random.default_rng(1), np.array([0.5, 1.0, 2.0]), 100), axis=1).max() <= 1e-12


def test_the_sample_desk_s_list_and_index_tell_the_same_steps(request):
    market = read_desk(request.config.rootpath / "sample_data").market
    model = StepPrice.fit(market)
    assert model.steps == 9
    alone = StepPrice.fit(MarketSnapshot(market.index, market.contract))
    assert alone.steps == 8
    assert abs(model.down_rate - alone.down_rate) < model.standard_errors["down_rate"]
    assert abs(model.growth - alone.growth) < model.standard_errors["mu"]


def test_a_model_survives_a_pickle():
    again = pickle.loads(pickle.dumps(TRUE))
    assert again.futures(YEAR) == pytest.approx(TRUE.futures(YEAR))


def test_shapes_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="needs sizes"):
        StepPrice(10.0, 1.0, np.empty(0), 0.0, np.empty(0))
    with pytest.raises(ValueError, match="below 0 in log price"):
        StepPrice(10.0, 1.0, np.array([0.1]), 0.0, np.empty(0))
    with pytest.raises(ValueError, match="at least 0"):
        StepPrice(10.0, -1.0, np.array([-0.1]), 0.0, np.empty(0))
