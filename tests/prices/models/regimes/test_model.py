import csv
import pickle

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError, ModelError
from hedgedesk.domain.market import ContractSpec, MarketSnapshot, TokenIndex
from hedgedesk.prices.models.regimes import Regimes

WEEK = 7 / 365
START = np.datetime64("2022-01-07")
PUBLISHED = Regimes(
    1.0,
    WEEK,
    ("price war", "calm", "shortage"),
    mean=np.array([-0.10, 0.0, 0.06]),
    sd=np.array([0.08, 0.03, 0.06]),
    transition=np.array([[0.90, 0.05, 0.00], [0.08, 0.95, 0.06], [0.02, 0.00, 0.94]]),
    newest=np.array([0.0, 1.0, 0.0]),
)
THREE = Regimes(
    9.0,
    WEEK,
    PUBLISHED.names,
    mean=np.array([-0.10, 0.0, 0.06]),
    sd=np.array([0.06, 0.01, 0.03]),
    transition=np.array([[0.90, 0.05, 0.02], [0.08, 0.93, 0.06], [0.02, 0.02, 0.92]]),
    newest=np.array([0.3, 0.4, 0.3]),
)
STICKY = Regimes(
    9.0,
    WEEK,
    ("price war", "calm"),
    np.array([-0.04, 0.0]),
    np.array([0.06, 0.001]),
    np.array([[0.1, 0.1], [0.9, 0.9]]),
    np.array([0.0, 1.0]),
)


def market_of(changes, dates=None):
    if dates is None:
        dates = START + 7 * np.arange(len(changes) + 1).astype("timedelta64[D]")
    price = 9.0 * np.exp(np.concatenate([[0.0], np.cumsum(changes)]))
    return MarketSnapshot(TokenIndex("token", "CNY", dates, price), ContractSpec("CNY", 50.0))


def own_changes(model, size, seed):
    path = model.sample(np.random.default_rng(seed), WEEK * np.arange(1, size + 1), 1)[0]
    return np.diff(path, prepend=np.log(model.price_per_mtok))


@pytest.fixture(scope="module")
def fitted():
    return Regimes.fit(market_of(own_changes(THREE, 300, seed=2)))


def test_the_curve_is_the_published_one():
    assert PUBLISHED.futures(np.array([12 * WEEK])) == pytest.approx([0.846479], abs=5e-7)


def test_three_regimes_are_found_in_what_three_made(fitted):
    assert fitted.names == ("price war", "calm", "shortage")
    errors = fitted.describe().standard_errors
    # One history, every parameter within 4 of its own standard errors.
    for name, true in THREE.describe().parameters.items():
        if np.isfinite(errors[name]):
            assert abs(fitted.describe().parameters[name] - true) < 4 * errors[name], name
    assert fitted.describe().estimated == 12
    assert fitted.describe().bic == pytest.approx(12 * np.log(300) - 2 * fitted.log_likelihood)


def test_every_step_of_the_history_has_its_regimes(fitted):
    assert fitted.regimes.names == fitted.names
    assert fitted.regimes.dates[0] == START + np.timedelta64(7, "D")
    assert fitted.regimes.probability.shape == (300, 3)
    assert fitted.newest == pytest.approx(fitted.regimes.probability[-1])


def test_of_two_regimes_the_calmer_one_is_calm():
    random = np.random.default_rng(3)
    wild = np.arange(120) % 30 < 8
    falling = np.where(wild, -0.08 + 0.06 * random.standard_normal(120), 0.01 * random.standard_normal(120))
    assert Regimes.fit(market_of(falling)).names == ("price war", "calm")
    assert Regimes.fit(market_of(-falling)).names == ("calm", "shortage")


def test_one_regime_is_refused_with_both_criteria():
    changes = 0.05 * np.random.default_rng(1).standard_normal(120)
    with pytest.raises(ModelError, match=r"120 changes show one regime only \(BIC -.*calm and wild times"):
        Regimes.fit(market_of(changes))


def test_a_single_jump_is_no_regime():
    changes = 0.01 * np.random.default_rng(1).standard_normal(120)
    changes[60] = -0.6
    with pytest.raises(ModelError, match="it is a jump and no regime"):
        Regimes.fit(market_of(changes))


def test_short_histories_are_refused():
    with pytest.raises(ModelError, match="Regimes needs at least 52 price changes"):
        Regimes.fit(market_of(own_changes(THREE, 51, seed=1)))


def test_progress_is_told():
    heard = []
    Regimes.fit(market_of(own_changes(THREE, 100, seed=2)), tick=lambda done, text: heard.append((done, text)))
    assert [text for _, text in heard] == ["Searching for two regimes", "Searching for three regimes"]


def test_the_newest_regime_is_where_the_curve_begins(fitted):
    soon = np.array([2 * WEEK])
    war, shortage = (
        Regimes(1.0, WEEK, fitted.names, fitted.mean, fitted.sd, fitted.transition, np.eye(3)[i]) for i in (0, 2)
    )
    assert war.futures(soon)[0] < 0.95
    assert shortage.futures(soon)[0] > 1.02


def test_another_drift_makes_the_curve_exact_at_every_time():
    years = np.array([0.01, 0.5, 1.3])
    model = THREE.with_drift(0.15)
    assert model.futures(years) == pytest.approx(9.0 * np.exp(0.15 * years))
    drawn = np.exp(model.sample(np.random.default_rng(8), years, 50_000))
    errors = drawn.std(axis=0) / np.sqrt(len(drawn))
    assert np.all(np.abs(drawn.mean(axis=0) - model.futures(years)) < 4 * errors)


def test_a_price_that_rests_in_one_regime_still_rests_under_another_drift():
    sticky = STICKY.with_drift(0.0)
    weeks = np.arange(1, 14) * WEEK
    moves = np.diff(sticky.sample(np.random.default_rng(4), weeks, 20_000), axis=1)
    # The long-run growth is -0.0033 a week, about 3 deviations of the resting regime. Spread evenly, the trend against
    # it would leave the median week there; moved by the wild regime, the resting one keeps within a tenth of that.
    assert abs(np.median(moves)) < 0.0003
    assert abs(np.median(np.diff(STICKY.sample(np.random.default_rng(4), weeks, 20_000), axis=1))) < 0.0003
    assert sticky.futures(weeks) == pytest.approx(9.0)
    assert "because the mean change of a step is moved where the price is wild" in sticky.describe().assumptions[-1]


def test_a_growth_that_takes_more_than_a_deviation_is_an_even_trend():
    years = np.array([0.5, 1.0])
    model = STICKY.with_drift(3.0)
    assert model.futures(years) == pytest.approx(9.0 * np.exp(3.0 * years))
    assert model.log_covariance(years) == pytest.approx(STICKY.log_covariance(years))
    assert "by an even trend in all regimes" in model.describe().assumptions[-1]


def test_a_mean_of_the_user_s_view_stays_under_another_drift():
    own = STICKY.with_view({"mean_price_war": -0.05}).with_drift(0.0)
    assert own._drawn.mean[0] == -0.05
    both = STICKY.with_view({"mean_price_war": -0.05, "mean_calm": 0.001}).with_drift(0.0)
    assert both._drawn.mean.tolist() == [-0.05, 0.001]
    assert both.futures(np.array([1.0])) == pytest.approx([9.0])


def test_another_volatility_scales_the_spread_around_the_long_run():
    years = np.array([0.2, 1.0])
    assert THREE.with_volatility(2.0).log_covariance(years) == pytest.approx(4 * THREE.log_covariance(years))


def test_a_view_of_staying_keeps_where_departures_go():
    own = THREE.with_view({"stay_calm": 0.5, "mean_shortage": 0.2})
    assert own.transition[:, 1] == pytest.approx([0.5 * 5 / 7, 0.5, 0.5 * 2 / 7])
    assert own.mean == pytest.approx([-0.1, 0.0, 0.2])
    shown = own.describe()
    assert shown.parameters["stay_calm"] == pytest.approx(0.93)
    assert shown.view == {"mean_shortage": 0.2, "stay_calm": 0.5}


def test_a_view_of_mu_is_the_growth_drawn_with():
    own = THREE.with_view({"mu": -0.3}).with_drift(0.0)
    assert own.futures(np.array([1.0])) == pytest.approx([9.0 * np.exp(-0.3)])


def test_every_fault_of_a_view_is_told_at_once():
    with pytest.raises(InputError) as refused:
        THREE.with_view({"stay_calm": 1.0, "kappa": 2.0, "sd_calm": -0.1})
    assert [fault.column for fault in refused.value.faults] == ["kappa", "sd_calm", "stay_calm"]


def test_redrawn_parameters_spread_as_their_errors_say(fitted):
    random = np.random.default_rng(7)
    others = [fitted.redrawn(random) for _ in range(400)]
    errors = fitted.describe().standard_errors
    # A standard deviation of 400 is known to 1 / sqrt(800) of itself; 4 of those are 14%.
    assert np.std([other.mean[0] for other in others]) == pytest.approx(errors["mean_price_war"], rel=0.15)
    assert np.std(np.log([other.sd[1] for other in others])) == pytest.approx(
        errors["sd_calm"] / fitted.sd[1], rel=0.15
    )
    held = fitted.with_view({"sd_calm": 0.5}).redrawn(random)
    assert held.sd[1] == 0.5
    assert PUBLISHED.redrawn(random) is PUBLISHED


def test_still_weeks_hold_the_calm_deviation_and_say_so():
    changes = np.zeros(100)
    changes[[5, 6, 30, 50, 51, 70, 90]] = [-0.2, 0.1, -0.15, -0.1, 0.05, -0.08, 0.12]
    shown = Regimes.fit(market_of(changes)).describe()
    assert np.isnan(shown.standard_errors["sd_calm"])
    assert any("standard deviation of calm is held at a tenth" in text for text in shown.assumptions)


def test_days_without_a_print_between_two_dates_change_nothing():
    years = np.array([0.013, 0.0135, 0.2])
    whole = THREE.log_covariance(years)
    assert whole[1, 1] > whole[0, 0] > 0


def test_a_model_survives_a_pickle(fitted):
    again = pickle.loads(pickle.dumps(fitted))
    assert again.futures(np.array([1.0])) == pytest.approx(fitted.futures(np.array([1.0])))


def test_shapes_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="must add to 1"):
        Regimes(1.0, WEEK, ("calm",), np.zeros(1), np.ones(1), np.ones((1, 1)), np.zeros(1))
    with pytest.raises(ValueError, match="every regime needs"):
        Regimes(1.0, WEEK, ("calm",), np.zeros(2), np.ones(1), np.ones((1, 1)), np.ones(1))
    with pytest.raises(ValueError, match="at least 0"):
        Regimes(1.0, WEEK, ("calm",), np.zeros(1), -np.ones(1), np.ones((1, 1)), np.ones(1))


def _rows(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_real_index_is_calm_in_nine_weeks_of_ten(reference_data):
    rows = _rows(reference_data / "token_prices" / "token_index_matched_list_weekly.csv")
    dates = np.array([row["date"] for row in rows], dtype="datetime64[D]")
    prices = np.array([float(row["index_equal_provider_all"]) for row in rows])
    model = Regimes.fit(market_of(np.diff(np.log(prices)), dates))
    assert model.names == ("price war", "calm")
    assert 0.85 < model.regimes.probability[:, 1].mean() < 0.95
    assert model.regimes.probability[:, 0].argmax() in np.flatnonzero(np.diff(prices))


def test_the_financial_crisis_is_a_regime_of_the_real_oil_price(reference_data):
    rows = _rows(reference_data / "futures" / "energy_futures_weekly_wti_brent_heatingoil.csv")[:251]
    dates = np.array([row["date"] for row in rows], dtype="datetime64[D]")
    prices = np.array([float(row["CL01_usd_per_bbl"]) for row in rows])
    model = Regimes.fit(market_of(np.diff(np.log(prices)), dates))
    wild = model.regimes.dates[model.regimes.probability[:, 0] > 0.5]
    assert model.sd[0] > 2 * model.sd[1]
    assert wild.min() > np.datetime64("2008-07-01")
    assert wild.max() < np.datetime64("2009-09-01")
