import dataclasses
import multiprocessing
import tracemalloc
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError, MissingMonths
from hedgedesk.domain.exposure import Commitment, Exposure
from hedgedesk.domain.run import RunSettings
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.models.two_factor import TwoFactor
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters
from hedgedesk.prices.simulate import DATES_PER_MONTH, Grid, regrown, simulate

SETTINGS = RunSettings(scenarios=20_000, seed=7)
TWO_FACTOR = TwoFactor(
    TwoFactorParameters(kappa=1.5, sigma_chi=0.3, sigma_xi=0.15, rho=0.3, mu_xi=0.0, mu_xi_star=0.01, lambda_chi=0.1),
    np.array([0.1, np.log(9.0)]),
    from_futures=False,
)


@pytest.fixture(scope="module")
def exposure(make_desk):
    desk = make_desk()
    return Exposure.open(desk.forecast, desk.commitments)


@pytest.fixture(scope="module")
def quoted(quoted_market, exposure):
    return simulate(RandomWalk.fit(quoted_market), quoted_market, exposure, SETTINGS)


GROWING = ("price_per_mtok", "volume_mtok", "open_mtok", "settlement_per_mtok", "cny_per_usd")


def arrays(scenarios):
    return tuple(getattr(scenarios, name) for name in GROWING)


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(arrays(one), arrays(other), strict=True))


def test_worker_processes_and_their_order_change_no_number(small_market, exposure):
    model = RandomWalk.fit(small_market)
    settings = RunSettings(scenarios=2_500, seed=3, block_size=512)
    alone = simulate(model, small_market, exposure, settings)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert same(alone, simulate(model, small_market, exposure, settings, map_blocks=pool.map))

    def backwards(draw, blocks):
        return reversed([draw(block) for block in reversed(blocks)])

    assert same(alone, simulate(model, small_market, exposure, settings, map_blocks=backwards))


def test_more_scenarios_extend_the_set_and_change_none(small_market, exposure):
    model = RandomWalk.fit(small_market)
    few = simulate(model, small_market, exposure, RunSettings(scenarios=700, block_size=512))
    many = simulate(model, small_market, exposure, RunSettings(scenarios=1_500, block_size=512))
    for a, b in zip(arrays(few), arrays(many), strict=True):
        assert np.array_equal(a, b[:700])


def test_another_seed_is_another_set(small_market, exposure):
    model = RandomWalk.fit(small_market)
    one, two = (simulate(model, small_market, exposure, RunSettings(scenarios=500, seed=s)) for s in (1, 2))
    assert not np.array_equal(one.price_per_mtok, two.price_per_mtok)


def test_todays_curve_is_hit(quoted, quoted_market):
    settled = quoted.settlement_per_mtok
    error = settled.std(axis=0, ddof=1) / np.sqrt(quoted.count)
    quotes = quoted_market.curve.price_per_mtok
    # Four standard errors of the mean of 20,000 settlements.
    assert np.all(np.abs(settled.mean(axis=0) - quotes) <= 4 * error)
    assert quoted.curve.price_per_mtok.tolist() == quotes.tolist()
    assert not quoted.curve.indicative


def test_without_quotes_the_curve_is_the_models_own_and_says_so(small_market, exposure):
    scenarios = simulate(RandomWalk.fit(small_market), small_market, exposure, SETTINGS)
    assert scenarios.curve.indicative
    assert scenarios.curve.price_per_mtok == pytest.approx(np.full(6, 9.5))
    error = scenarios.settlement_per_mtok.std(axis=0) / np.sqrt(scenarios.count)
    assert np.all(np.abs(scenarios.settlement_per_mtok.mean(axis=0) - 9.5) <= 4 * error)


def test_a_view_on_growth_tilts_the_curve_only_where_nobody_quotes(small_market, quoted_market, exposure):
    settings = RunSettings(scenarios=500, drift=0.2)
    free = simulate(RandomWalk.fit(small_market), small_market, exposure, settings)
    assert np.all(np.diff(free.curve.price_per_mtok) > 0)
    bound = simulate(RandomWalk.fit(quoted_market), quoted_market, exposure, settings)
    assert bound.curve.price_per_mtok.tolist() == quoted_market.curve.price_per_mtok.tolist()


def test_a_risk_premium_lifts_prices_above_the_curve_and_leaves_the_curve(quoted, quoted_market, exposure):
    lifted = simulate(
        RandomWalk.fit(quoted_market), quoted_market, exposure, dataclasses.replace(SETTINGS, risk_premium=0.3)
    )
    assert lifted.curve.price_per_mtok.tolist() == quoted.curve.price_per_mtok.tolist()
    ratio = lifted.price_per_mtok / quoted.price_per_mtok
    assert np.all(np.diff(ratio.mean(axis=0)) > 0)
    assert ratio[:, -1].mean() == pytest.approx(np.exp(0.3 * 0.96), abs=0.01)


def test_what_is_paid_and_what_is_settled_differ_as_in_life(quoted):
    december = 1
    paid, settled = quoted.price_per_mtok[:, december], quoted.settlement_per_mtok[:, 0]
    assert 0.9 < np.corrcoef(paid, settled)[0, 1] < 0.99999


def test_prices_live_on_at_least_four_dates_a_month_and_the_last_is_its_end():
    grid = Grid.over(np.datetime64("2026-10-30"), np.datetime64("2026-11"), np.datetime64("2027-02"))
    assert DATES_PER_MONTH >= 4
    assert np.all(np.diff(grid.years) > 0)
    assert grid.years[DATES_PER_MONTH - 1] * 365 == pytest.approx(31)
    assert grid.years[-1] * 365 == pytest.approx(
        (np.datetime64("2027-02-28") - np.datetime64("2026-10-30")).astype(int)
    )


@pytest.mark.parametrize("prints", [1, 3, 20])
def test_a_settlement_averages_prints_of_its_own_month_only(quoted_market, exposure, prints):
    contract = dataclasses.replace(quoted_market.contract, final_settlement=prints)
    market = dataclasses.replace(quoted_market, contract=contract)
    scenarios = simulate(RandomWalk.fit(market), market, exposure, SETTINGS)
    error = scenarios.settlement_per_mtok.std(axis=0, ddof=1) / np.sqrt(scenarios.count)
    miss = scenarios.settlement_per_mtok.mean(axis=0) - quoted_market.curve.price_per_mtok
    assert np.all(np.abs(miss) <= 4 * error)


def test_volume_is_lognormal_around_the_forecast_with_its_spread(quoted, exposure):
    unit = quoted.unit
    factor = quoted.volume_mtok / exposure.after(quoted.as_of).forecast_in(unit)
    error = factor.std(axis=0) / np.sqrt(quoted.count)
    assert np.all(np.abs(factor.mean(axis=0) - 1.0) <= 4 * error)
    # The standard error of a standard deviation is about sd / sqrt(2 S); four of them with room for the fat tail.
    assert factor.std(axis=0) == pytest.approx(np.full(12, 0.15), rel=4 * 1.2 / np.sqrt(2 * quoted.count))


@pytest.mark.parametrize("rho", [-0.5, 0.6])
def test_volume_moves_with_price_as_asked(quoted_market, exposure, rho):
    settings = dataclasses.replace(SETTINGS, price_volume_correlation=rho)
    scenarios = simulate(RandomWalk.fit(quoted_market), quoted_market, exposure, settings)
    for t in (0, 5, 11):
        found = np.corrcoef(np.log(scenarios.price_per_mtok[:, t]), np.log(scenarios.volume_mtok[:, t]))[0, 1]
        # Standard error (1 - rho^2) / sqrt(S); the log of an average is a hair off the average of logs.
        assert found == pytest.approx(rho, abs=4 * (1 - rho**2) / np.sqrt(scenarios.count) + 0.002)


def test_a_commitment_takes_its_volume_off_the_open_part_in_each_scenario(quoted, exposure):
    unit, use = quoted.unit, exposure.after(quoted.as_of)
    factor = quoted.volume_mtok / use.forecast_in(unit)
    output = use.meters.index("output")
    expected = factor[:, 0] * 20_000.0 + unit.output * np.maximum(factor[:, 0] * 8_000.0 - 2_000.0, 0.0)
    assert use.fixed_mtok[0, output] == 2_000.0
    assert quoted.open_mtok[:, 0] == pytest.approx(expected)


def test_what_is_committed_beyond_use_leaves_nothing_open_and_is_never_resold(small_market, make_desk):
    desk = make_desk()
    whole = tuple(
        Commitment(m, np.datetime64("2026-11"), np.datetime64("2027-10"), "model-a", m, 1e6, 1.0, "USD")
        for m in ("uncached_input", "output")
    )
    exposure = Exposure.open(desk.forecast, whole)
    scenarios = simulate(RandomWalk.fit(small_market), small_market, exposure, RunSettings(scenarios=200))
    assert np.all(scenarios.open_mtok == 0.0)
    assert "over-committed" in " ".join(exposure.notices)


def test_the_currency_has_no_drift_and_the_volatility_of_its_history(quoted, small_market):
    rate = quoted.cny_per_usd
    error = rate.std(axis=0) / np.sqrt(quoted.count)
    assert np.all(np.abs(rate.mean(axis=0) - small_market.fx.today) <= 4 * error)
    weekly = np.diff(np.log(small_market.fx.cny_per_usd)).std()
    assert np.log(rate[:, -1]).std() == pytest.approx(weekly * np.sqrt(365 / 7) * np.sqrt(0.97), rel=0.05)


def test_one_rate_is_a_fixed_rate(small_market, exposure):
    fx = dataclasses.replace(
        small_market.fx, dates=small_market.fx.dates[-1:], cny_per_usd=small_market.fx.cny_per_usd[-1:]
    )
    market = dataclasses.replace(small_market, fx=fx)
    scenarios = simulate(RandomWalk.fit(market), market, exposure, RunSettings(scenarios=200))
    assert scenarios.cny_per_usd == pytest.approx(np.full((200, 12), 7.1))


def test_a_forecast_that_ends_before_today_is_refused(small_market, exposure):
    late = dataclasses.replace(
        small_market,
        index=dataclasses.replace(small_market.index, dates=small_market.index.dates + np.timedelta64(800, "D")),
    )
    with pytest.raises(MissingMonths, match="must cover"):
        simulate(RandomWalk.fit(late), late, exposure, RunSettings(scenarios=200))


def test_a_million_scenarios_of_24_months_would_stay_within_1_5_gib(small_market, make_desk):
    months = np.arange("2026-11", "2028-11", dtype="datetime64[M]")
    line = make_desk().forecast.lines[0]
    desk = dataclasses.replace(
        make_desk().forecast, lines=tuple(dataclasses.replace(line, month=month) for month in months)
    )
    market = dataclasses.replace(small_market, contract=dataclasses.replace(small_market.contract, listed_months=24))
    model = RandomWalk.fit(market)
    tracemalloc.start()
    try:
        scenarios = simulate(model, market, Exposure.open(desk), RunSettings(scenarios=100_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert scenarios.price_per_mtok.shape == (100_000, 24)
    # All that grows, grows with the scenarios: a tenth of what a million of them may take.
    assert peak < 1.5 * 2**30 / 10


@pytest.mark.parametrize("market", ["small_market", "quoted_market"])
def test_another_volatility_moves_no_mean_price_and_widens_the_spread(market, exposure, request):
    market = request.getfixturevalue(market)
    settings = dataclasses.replace(SETTINGS, scenarios=4_000)
    for model in (RandomWalk.fit(market), TWO_FACTOR):
        plain = simulate(model, market, exposure, settings)
        wider = simulate(model, market, exposure, dataclasses.replace(settings, volatility=1.5))
        assert np.array_equal(wider.curve.price_per_mtok, plain.curve.price_per_mtok)
        spread = [np.log(each.price_per_mtok).std(axis=0) for each in (plain, wider)]
        assert np.all(spread[1] > 1.3 * spread[0])
        error = wider.price_per_mtok.std(axis=0) / np.sqrt(wider.count)
        # Common random numbers: the two means stray together, so four standard errors of one are ample.
        assert np.all(np.abs(wider.price_per_mtok.mean(axis=0) - plain.price_per_mtok.mean(axis=0)) < 4 * error)


def test_the_fitted_volatility_changes_no_number(small_market, exposure):
    model = RandomWalk.fit(small_market)
    plain = simulate(model, small_market, exposure, RunSettings(scenarios=600, block_size=512))
    fitted = simulate(model, small_market, exposure, RunSettings(scenarios=600, block_size=512, volatility=1.0))
    assert same(plain, fitted)


def test_regrown_scenarios_are_those_of_the_grown_forecast(quoted_market, exposure):
    settings = RunSettings(scenarios=800, block_size=512)
    model = RandomWalk.fit(quoted_market)
    grown = exposure.grown(0.4, quoted_market.as_of)
    drawn = simulate(model, quoted_market, grown, settings)
    again = regrown(simulate(model, quoted_market, exposure, settings), exposure, grown)
    for a, b in zip(arrays(again), arrays(drawn), strict=True):
        assert np.allclose(a, b, rtol=1e-9, atol=1e-9 * np.abs(b).max())
    assert again.cover_share == pytest.approx(drawn.cover_share, rel=1e-12)


def test_a_month_without_any_forecast_stays_without(quoted_market, exposure):
    empty = np.where(np.arange(exposure.months.size)[:, None] == 3, 0.0, exposure.forecast_mtok)
    none = dataclasses.replace(exposure, forecast_mtok=empty)
    drawn = simulate(RandomWalk.fit(quoted_market), quoted_market, none, RunSettings(scenarios=300, block_size=512))
    again = regrown(drawn, none, none.grown(0.5, quoted_market.as_of))
    assert np.all(again.volume_mtok[:, 3] == 0.0)
    assert np.all(again.open_mtok[:, 3] == 0.0)
    assert again.volume_mtok[:, 4] == pytest.approx(1.5 * drawn.volume_mtok[:, 4])


def test_drawing_stops_at_the_first_doubling_that_is_enough_with_the_numbers_of_a_longer_run(small_market, exposure):
    model = RandomWalk.fit(small_market)
    settings = RunSettings(scenarios=5_000, block_size=512)
    asked = []

    def enough(scenarios):
        asked.append(scenarios.count)
        return scenarios.count >= 1_500

    stopped = simulate(model, small_market, exposure, settings, enough=enough)
    assert asked == [512, 1_024, 2_048]
    assert stopped.count == 2_048
    whole = simulate(model, small_market, exposure, settings)
    assert same(stopped, dataclasses.replace(whole, **{name: getattr(whole, name)[:2_048] for name in GROWING}))


def test_drawing_that_is_never_enough_ends_at_the_number_asked_for(small_market, exposure):
    settings = RunSettings(scenarios=1_300, block_size=512)
    model = RandomWalk.fit(small_market)
    scenarios = simulate(model, small_market, exposure, settings, enough=lambda _: False)
    assert same(scenarios, simulate(model, small_market, exposure, settings))


def test_margin_is_called_on_the_dates_asked_for_only(quoted_market, exposure, quoted):
    assert quoted.margin_dates is None
    assert quoted.futures_per_mtok is None
    settings = RunSettings(scenarios=300, block_size=512, margin_grid="monthly")
    scenarios = simulate(RandomWalk.fit(quoted_market), quoted_market, exposure, settings)
    assert scenarios.margin_dates[0] == np.datetime64("2026-11-30")
    assert scenarios.futures_per_mtok.shape == (300, scenarios.margin_dates.size, 6)
    assert scenarios.futures_per_mtok.dtype == np.float32
    ends = np.searchsorted(scenarios.margin_dates.astype("datetime64[M]"), scenarios.delivery_months)
    for k, end in enumerate(ends):
        assert np.allclose(scenarios.futures_per_mtok[:, end, k], scenarios.settlement_per_mtok[:, k], rtol=1e-6)


def test_more_margin_prices_than_memory_should_hold_are_refused_before_any_is_drawn(quoted_market, exposure):
    settings = RunSettings(scenarios=1_000_000, margin_grid="daily")
    with pytest.raises(InputError, match=r"daily: 1,000,000 scenarios x 252 dates x 6 contracts; expected"):
        simulate(RandomWalk.fit(quoted_market), quoted_market, exposure, settings)


def test_parameters_that_are_drawn_widen_the_fan_and_leave_the_curve(quoted_market, exposure):
    model = dataclasses.replace(RandomWalk.fit(quoted_market), sigma_standard_error=0.15)
    settings = dataclasses.replace(SETTINGS, parameter_uncertainty=True)
    fixed, free = (simulate(model, quoted_market, exposure, s) for s in (SETTINGS, settings))
    last = [np.log(scenarios.price_per_mtok[:, -1]) for scenarios in (fixed, free)]
    # The square of a lognormal sigma averages exp(2 s^2) times that of its median; 313 draws of it are shared by
    # groups of paths, so the ratio of variances strays by about 2 s / sqrt(313) = 0.05.
    s = 0.15 / model.sigma
    assert last[1].var() / last[0].var() == pytest.approx(np.exp(2 * s**2), abs=4 * 0.05)
    assert last[1].var() > last[0].var()
    assert np.array_equal(free.curve.price_per_mtok, fixed.curve.price_per_mtok)
    error = free.settlement_per_mtok.std(axis=0) / np.sqrt(free.count)
    assert np.all(np.abs(free.settlement_per_mtok.mean(axis=0) - free.curve.price_per_mtok) <= 4 * error)


def test_precision_moves_no_summary_by_more_than_its_sampling_error(quoted_market, exposure):
    model = RandomWalk.fit(quoted_market)
    single, double = (
        simulate(model, quoted_market, exposure, dataclasses.replace(SETTINGS, precision=precision))
        for precision in ("float32", "float64")
    )
    assert single.price_per_mtok.dtype == double.price_per_mtok.dtype == np.float64
    error = np.hypot(single.price_per_mtok.std(axis=0), double.price_per_mtok.std(axis=0)) / np.sqrt(single.count)
    assert np.all(np.abs(single.price_per_mtok.mean(axis=0) - double.price_per_mtok.mean(axis=0)) < 4 * error)
