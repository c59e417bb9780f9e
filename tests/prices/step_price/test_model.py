import pickle

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import ContractSpec, MarketSnapshot, TokenIndex
from hedgedesk.files.folder import read_desk
from hedgedesk.prices.step_price import StepPrice

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
    # methods.md 4.4 [G].
    assert PUBLISHED.futures(YEAR) == pytest.approx([9.04837], abs=5e-6)


def test_replacements_of_a_tenth_a_year_are_the_published_steps():
    # methods.md 4.4 [G]: 10x a year is -2.302585, at 4 a year each step x 0.56234.
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


def test_another_drift_is_a_trend_between_the_steps():
    model = PUBLISHED.with_drift(0.2)
    assert model.futures(YEAR) == pytest.approx([10.0 * np.exp(0.2)])
    assert model.log_covariance(YEAR) == pytest.approx(PUBLISHED.log_covariance(YEAR))
    assert any("Between the steps" in text for text in model.describe().assumptions)


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
