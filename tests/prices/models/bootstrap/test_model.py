import csv
import pickle

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError, ModelError
from hedgedesk.domain.market import ContractSpec, MarketSnapshot, TokenIndex
from hedgedesk.prices.models.bootstrap import Bootstrap

WEEK = 7 / 365
START = np.datetime64("2024-01-05")


def market_of(changes):
    dates = START + 7 * np.arange(len(changes) + 1).astype("timedelta64[D]")
    price = 9.0 * np.exp(np.concatenate([[0.0], np.cumsum(changes)]))
    return MarketSnapshot(TokenIndex("token", "CNY", dates, price), ContractSpec("CNY", 50.0))


def changes_of(size, seed=1, after=0.0):
    """Normal changes of 5%, each with a part of the one before."""
    noise = 0.05 * np.random.default_rng(seed).standard_normal(size + 30)
    for i in range(1, noise.size):
        noise[i] += after * noise[i - 1]
    return noise[30:]


def test_fewer_than_52_changes_are_refused():
    with pytest.raises(ModelError, match=r"at least 52 price changes \(53 dates in the index\), found 51"):
        Bootstrap.fit(market_of(changes_of(51)))


def test_blocks_are_the_cube_root_of_the_history_long_or_longer_where_changes_cluster():
    calm = Bootstrap.fit(market_of(changes_of(125, seed=3)))
    assert calm.block_length == pytest.approx(5.0)
    assert Bootstrap.fit(market_of(changes_of(125, seed=3, after=0.7))).block_length > 6.0


def test_the_mean_of_the_history_is_taken_out_of_the_curve():
    # r* = r - ln(mean e^r) + ln(F_{t+1} / F_t).
    model = Bootstrap.fit(market_of(changes_of(80) - 0.02))
    assert model.mu < -0.5
    assert model.futures(np.array([0.5, 2.0])) == pytest.approx([model.price_per_mtok] * 2)
    assert model.with_drift(0.1).futures(np.array([1.0])) == pytest.approx(model.price_per_mtok * np.exp(0.1))


def test_the_mean_log_price_is_lower_than_the_curve_by_what_the_spread_costs():
    model = Bootstrap(1.0, np.log([0.5, 1.7]), WEEK, 1.0)
    year = np.array([10 * WEEK])
    expected = 10 * (np.log([0.5, 1.7]).mean() - np.log(1.1))
    assert model.log_mean(year) == pytest.approx(expected)


def test_only_changes_of_the_history_are_drawn():
    changes = np.array([0.0] * 10 + [0.3, -0.2])
    model = Bootstrap(1.0, changes, WEEK, 3.0)
    years = WEEK * np.arange(1, 9)
    paths = model.sample(np.random.default_rng(1), years, 500) - model._level(years)
    steps = np.diff(paths, axis=1, prepend=0.0)
    # All but those of 0 moved so that the mean price stays: (10 + 2 m) / 12 = 1.
    fall, rise = np.array([-0.2, 0.3]) - np.log(np.mean(np.exp([-0.2, 0.3])))
    assert set(np.unique(np.round(steps, 9))) <= {round(fall, 9), 0.0, round(rise, 9)}
    falls = np.argwhere(np.isclose(steps[:, :-1], rise))
    together = np.isclose(steps[falls[:, 0], falls[:, 1] + 1], fall).mean()
    # After the rise comes the fall of the same block, or any change where a block ends.
    expected = 2 / 3 + 1 / 3 / 12
    assert abs(together - expected) < 4 * np.sqrt(expected * (1 - expected) / len(falls))


def test_a_price_that_often_stands_still_does_so_whatever_its_drift():
    changes = np.where(np.arange(120) % 6 == 0, changes_of(120, seed=5) - 0.02, 0.0)
    model = Bootstrap(9.0, changes, WEEK, 4.0)
    weeks = WEEK * np.arange(1, 14)
    for drift in (0.0, -0.1):
        asked = model.with_drift(drift).with_volatility(1.0)
        moves = np.diff(asked.sample(np.random.default_rng(2), weeks, 5_000), axis=1)
        # An even trend of some 0.3% a step against the history's own would leave none of them; what is left, far less,
        # comes of changes that belong to one block.
        assert np.mean(np.abs(moves) < 1e-4) == pytest.approx(5 / 6, abs=0.02)
        assert asked.futures(weeks) == pytest.approx(9.0 * np.exp(drift * weeks))
    assert any("changes of 0 stay" in text for text in model.describe().assumptions)


def test_a_growth_beyond_what_the_changes_could_make_is_an_even_trend():
    model = Bootstrap(9.0, np.where(np.arange(60) % 6 == 0, changes_of(60), 0.0), WEEK, 4.0, drift=4.0)
    assert model._move == 0.0
    assert model.futures(np.array([1.0])) == pytest.approx([9.0 * np.exp(4.0)])


def test_a_price_between_two_prints_is_that_of_the_nearer_one():
    model = Bootstrap(1.0, changes_of(60), WEEK, 3.0)
    near = model.log_covariance(np.array([2.4 * WEEK, 2.0 * WEEK]))
    assert near[0, 0] == pytest.approx(near[1, 1])
    assert model.log_covariance(np.array([2.6 * WEEK]))[0, 0] == pytest.approx(
        model.log_covariance(np.array([3.0 * WEEK]))[0, 0]
    )


def test_a_month_of_monthly_prints_is_never_without_variance():
    dates = np.arange("2019-01", "2024-01", dtype="datetime64[M]").astype("datetime64[D]") - np.timedelta64(1, "D")
    price = 9.0 * np.exp(np.cumsum(changes_of(60)))
    model = Bootstrap.fit(MarketSnapshot(TokenIndex("token", "CNY", dates, price), ContractSpec("CNY", 50.0)))
    quarters = np.array([7, 15, 22, 31]) / 365
    assert model.log_covariance(quarters).mean() > 0


def test_there_is_no_likelihood_and_the_reason_is_told():
    shown = Bootstrap.fit(market_of(changes_of(80))).describe()
    assert np.isnan(shown.log_likelihood)
    assert shown.aic is None
    assert shown.bic is None
    assert any("no likelihood" in text for text in shown.assumptions)
    assert shown.observations == 80


def test_a_view_stretches_the_changes_and_stands_beside_the_estimate():
    model = Bootstrap.fit(market_of(changes_of(80)))
    own = model.with_view({"sigma": 0.9, "block_length": 2.0, "mu": 0.2})
    assert own.sigma == pytest.approx(0.9)
    assert own.with_drift(0.0).futures(np.array([1.0])) == pytest.approx(own.price_per_mtok * np.exp(0.2))
    shown = own.describe()
    assert shown.parameters == model.describe().parameters
    assert shown.standard_errors == model.describe().standard_errors
    assert shown.view == {"mu": 0.2, "sigma": 0.9, "block_length": 2.0}


def test_every_fault_of_a_view_is_told_at_once():
    with pytest.raises(InputError) as refused:
        Bootstrap.fit(market_of(changes_of(80))).with_view({"kappa": 1.0, "block_length": 0.5})
    assert [fault.column for fault in refused.value.faults] == ["kappa", "block_length"]


def test_another_volatility_leaves_mean_change_and_curve():
    model = Bootstrap.fit(market_of(changes_of(80)))
    wide = model.with_volatility(3.0)
    year = np.array([1.0])
    assert wide.log_covariance(year) == pytest.approx(9.0 * model.log_covariance(year))
    assert wide.changes.mean() == pytest.approx(model.changes.mean())
    assert wide.futures(year) == pytest.approx(model.futures(year))


def test_redrawn_models_are_of_resampled_histories():
    model = Bootstrap.fit(market_of(changes_of(80)))
    random = np.random.default_rng(2)
    others = [model.redrawn(random) for _ in range(300)]
    assert all(np.unique(np.round(other.changes, 12)).size < 80 for other in others)
    variances = np.array([other.changes.var() for other in others])
    assert abs(variances.mean() - model.changes.var()) < 4 * variances.std() / np.sqrt(300)
    spread = np.std([other.mu for other in others])
    # A standard deviation of 300 is known to 1 / sqrt(600) of itself: 4 of those are 16%, and 10% for the two routes.
    assert spread == pytest.approx(model.standard_errors["mu"], rel=0.26)
    held = model.with_view({"sigma": 0.5}).redrawn(random)
    assert held.sigma == pytest.approx(0.5)


def test_the_standard_errors_cover_the_truth():
    # 95% intervals of 120 histories of 104 independent changes; 0.85 lies 5 standard errors below 0.95.
    truth = {"mu": 0.05**2 / 2 / WEEK, "sigma": 0.05 / np.sqrt(WEEK)}
    hits = dict.fromkeys(truth, 0)
    for seed in range(120):
        shown = Bootstrap.fit(market_of(changes_of(104, seed=seed))).describe()
        for name, value in truth.items():
            hits[name] += abs(shown.parameters[name] - value) < 1.96 * shown.standard_errors[name]
    assert all(count / 120 > 0.85 for count in hits.values()), hits


def test_a_model_survives_a_pickle():
    model = Bootstrap.fit(market_of(changes_of(80)))
    again = pickle.loads(pickle.dumps(model))
    assert again.log_covariance(np.array([1.0])) == pytest.approx(model.log_covariance(np.array([1.0])))


def test_shapes_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="finite changes"):
        Bootstrap(1.0, np.array([np.nan]), WEEK, 2.0)
    with pytest.raises(ValueError, match="at least one change long"):
        Bootstrap(1.0, np.array([0.1]), WEEK, 0.5)


def test_the_real_weekly_index_is_resampled_with_its_still_weeks(reference_data):
    path = reference_data / "token_prices" / "token_index_matched_list_weekly.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    index = TokenIndex(
        "matched",
        "USD",
        np.array([row["date"] for row in rows], dtype="datetime64[D]"),
        np.array([float(row["index_equal_provider_all"]) for row in rows]),
    )
    model = Bootstrap.fit(MarketSnapshot(index, ContractSpec("USD", 50.0)))
    assert model.changes.size == 116
    assert np.mean(model.changes == 0) == pytest.approx(98 / 116)
    assert 4.0 < model.block_length < 29.0
