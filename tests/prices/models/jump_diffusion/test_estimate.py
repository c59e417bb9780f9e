import csv
import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import ModelError, NotConverged
from hedgedesk.domain.market import ContractSpec, MarketSnapshot, TokenIndex
from hedgedesk.prices.models.jump_diffusion import JumpDiffusion
from hedgedesk.prices.models.jump_diffusion.estimate import NAMES, fit_index

REFITS = 24


def on_search_scale(name, value, error=None):
    """A parameter, or its standard error, on the scale on which its estimate is normal."""
    if name == "theta":
        return value if error is None else error
    return np.log(abs(value)) if error is None else error / abs(value)


@pytest.fixture(scope="module")
def scores(index_market, truth):
    """(refits, 9) distance of each estimate from the truth in its own standard errors."""
    rows = []
    for seed in range(REFITS):
        model = JumpDiffusion.fit(index_market(truth, seed=seed))
        told = model.describe()
        row = []
        for name in NAMES:
            estimate, error = told.parameters[name], told.standard_errors[name]
            away = on_search_scale(name, estimate) - on_search_scale(name, getattr(truth, name))
            row.append(away / on_search_scale(name, estimate, error))
        rows.append(row)
    return np.array(rows)


def test_parameters_are_recovered_from_the_models_own_histories_with_honest_errors(scores):
    # Of 24 intervals 95% x 24 hold the truth; 4 binomial standard errors below is 18.5. Over 300 histories (seeds
    # 0 to 299) the shares were 0.91 (m_down, m_up) to 0.99 (s_down).
    inside = (np.abs(scores) < 1.96).sum(axis=0)
    least = REFITS * 0.95 - 4 * np.sqrt(REFITS * 0.95 * 0.05)
    assert dict(zip(NAMES, inside, strict=True)) == {
        name: n for name, n in zip(NAMES, inside, strict=True) if n > least
    }


def test_the_errors_are_not_too_wide_either(scores):
    # Half of all scores lie within 0.674. A history's nine are not independent: counted as if they were one, so
    # 4 binomial standard errors of the mean of 24 shares, each with variance of at most 1/4.
    assert abs(np.mean(np.abs(scores) < 0.6745) - 0.5) < 4 * 0.5 / np.sqrt(REFITS)


def test_jumps_are_found_on_their_dates(index_market, truth):
    market = index_market(truth, seed=3)
    prices = market.index.price_per_mtok.copy()
    # A fall to 0.45 that fades like every shock of this index.
    prices[206:] *= 0.45 ** np.exp(-truth.kappa * np.arange(prices.size - 206) * 7 / 365)
    index = TokenIndex("index", "USD", market.index.dates, prices)
    found = {jump.date: jump for jump in JumpDiffusion.fit(dataclasses.replace(market, index=index)).jumps}
    assert found[market.index.dates[206]].log_size == pytest.approx(np.log(0.45), abs=0.2)
    # Five a year for ten years, of which the smallest drown in the noise.
    assert 25 < len(found) < 75
    assert all(jump.happened == () for jump in found.values())


def test_irregular_dates_are_taken_as_they_are(index_market, truth):
    gaps = np.random.default_rng(1).integers(2, 13, 520)
    market = index_market(truth, seed=11, every=gaps)
    told = JumpDiffusion.fit(market).describe()
    for name in ("kappa", "sigma", "lambda_down", "m_down", "lambda_up", "m_up"):
        assert abs(told.parameters[name] - getattr(truth, name)) < 4 * told.standard_errors[name], name


def test_too_few_jumps_of_a_sign_become_inputs_with_their_source(index_market, truth):
    rare = dataclasses.replace(truth, lambda_up=0.0)
    model = JumpDiffusion.fit(index_market(rare, seed=1))
    told = model.describe()
    assert set(model.inputs) == {"up"}
    assert np.isnan([told.standard_errors[name] for name in ("lambda_up", "m_up", "s_up")]).all()
    assert np.isfinite([told.standard_errors[name] for name in ("lambda_down", "m_down", "s_down")]).all()
    assert told.estimated == 6
    assert any("Jumps up" in text and "are inputs" in text and "(n + 1/2) / years" in text for text in told.assumptions)


def test_without_any_jump_the_sizes_are_stated_events(index_market, truth):
    none = dataclasses.replace(truth, lambda_down=0.0, lambda_up=0.0)
    model = JumpDiffusion.fit(index_market(none, steps=312, seed=1))
    assert set(model.inputs) == {"down", "up"}
    assert model.parameters.m_down == pytest.approx(np.log(0.25))
    assert model.parameters.lambda_down == pytest.approx(0.5 / (312 * 7 / 365))
    assert any("DeepSeek V4-Pro" in text for text in model.describe().assumptions)


def test_the_criteria_count_what_was_estimated(index_market, truth):
    told = JumpDiffusion.fit(index_market(truth, seed=0)).describe()
    assert told.estimated == 9
    assert told.aic == pytest.approx(18.0 - 2 * told.log_likelihood)


def test_the_same_history_gives_the_same_fit_and_progress_is_told(index_market, truth):
    market, told = index_market(truth, seed=2), []
    once = JumpDiffusion.fit(market, tick=lambda fraction, text: told.append((fraction, text)))
    assert once.parameters == JumpDiffusion.fit(market).parameters
    assert told
    assert all(0 <= fraction <= 1 and text for fraction, text in told)


def test_a_short_history_is_refused_with_what_is_needed(small_market):
    index = small_market.index
    short = dataclasses.replace(index, dates=index.dates[:60], price_per_mtok=index.price_per_mtok[:60])
    with pytest.raises(ModelError, match=r"at least 104 prices of the index \(two years of weeks\), found 60"):
        JumpDiffusion.fit(dataclasses.replace(small_market, index=short))


def test_an_index_that_stands_still_is_sent_to_the_step_price(small_market):
    prices = np.repeat(small_market.index.price_per_mtok[:32], 5)[: small_market.index.dates.size]
    index = dataclasses.replace(
        small_market.index, dates=small_market.index.dates[: prices.size], price_per_mtok=prices
    )
    with pytest.raises(ModelError, match=r"8\d% of its 156 changes are 0.*use StepPrice"):
        JumpDiffusion.fit(dataclasses.replace(small_market, index=index))


def test_a_price_that_does_not_return_is_refused():
    steps = np.random.default_rng(4).standard_normal(300) * 0.05 + 0.02
    dates = np.datetime64("2020-01-03") + 7 * np.arange(301)
    prices = np.exp(np.concatenate([[0.0], np.cumsum(steps)]))
    market = MarketSnapshot(TokenIndex("walk", "USD", dates, prices), ContractSpec("USD", 1.0))
    with pytest.raises(ModelError, match=r"JumpDiffusion is not identified.*RandomWalk"):
        JumpDiffusion.fit(market)


def test_a_price_without_memory_from_date_to_date_is_refused():
    dates = np.datetime64("2020-01-03") + 7 * np.arange(301)
    prices = np.exp(0.1 * np.random.default_rng(5).standard_normal(301))
    market = MarketSnapshot(TokenIndex("noise", "USD", dates, prices), ContractSpec("USD", 1.0))
    with pytest.raises(ModelError, match=r"needs a finer history, else use RandomWalk"):
        JumpDiffusion.fit(market)


def spot(reference_data, name, every=1):
    with (reference_data / "futures" / f"eia_{name}_spot_daily.csv").open() as lines:
        rows = [(row[0], float(row[1])) for row in list(csv.reader(lines))[1:] if float(row[1] or 0) > 0][::every]
    dates = np.array([row[0] for row in rows], dtype="datetime64[D]")
    return MarketSnapshot(TokenIndex(name, "USD", dates, np.array([row[1] for row in rows])), ContractSpec("USD", 1.0))


def test_weekly_gas_jumps_both_ways_and_returns(reference_data):
    model = JumpDiffusion.fit(spot(reference_data, "henry_hub", every=5))
    told = model.describe()
    assert told.estimated == 9
    assert model.inputs == {}
    # Known to better than a third: the speed of return, and rates and sizes of both signs.
    for name in ("kappa", "lambda_down", "m_down", "lambda_up", "m_up"):
        assert told.standard_errors[name] < 0.4 * abs(told.parameters[name]), name
    assert np.datetime64("2000-12-11") in {jump.date for jump in model.jumps}


def test_monthly_crude_oil_is_refused_because_its_return_is_not_known(reference_data):
    with pytest.raises(ModelError, match=r"kappa 0\.137 has a standard error of 65% of itself.*instead of 37"):
        JumpDiffusion.fit(spot(reference_data, "wti", every=20))


def test_the_real_weekly_token_index_is_refused_because_it_stands_still(reference_data):
    with (reference_data / "token_prices" / "token_index_matched_list_weekly.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    dates = np.array([row["date"] for row in rows], dtype="datetime64[D]")
    prices = np.array([float(row["index_equal_family_all"]) for row in rows])
    market = MarketSnapshot(TokenIndex("token", "USD", dates, prices), ContractSpec("USD", 1.0))
    with pytest.raises((ModelError, NotConverged), match=r"stands still: 84% of its 116 changes are 0"):
        JumpDiffusion.fit(market)


def test_few_random_walks_are_taken_for_prices_that_return():
    def returns(seed):
        prices = np.exp(np.cumsum(0.05 * np.random.default_rng(1000 + seed).standard_normal(156)))
        dates = np.datetime64("2020-01-03") + 7 * np.arange(prices.size)
        try:
            fit_index(TokenIndex("walk", "USD", dates, prices))
        except ModelError:
            return False
        return True

    # At 5% more than 3 of 20 have a chance of 1.6%; an error of ln kappa of up to 0.6 took 5 of these for returning.
    assert sum(returns(seed) for seed in range(20)) <= 3


def test_prices_that_follow_exactly_from_the_ones_before_are_refused():
    prices = np.where(np.arange(148) % 2, 2.0, 1.0)
    dates = np.datetime64("2020-01-03") + 7 * np.arange(prices.size)
    with pytest.raises(ModelError, match=r"follows exactly from the one before"):
        fit_index(TokenIndex("swing", "USD", dates, prices))
