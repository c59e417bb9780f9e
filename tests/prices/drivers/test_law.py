import dataclasses
import pickle

import numpy as np
import pytest

from hedgedesk.domain.drivers import Drivers, DriverTerms, PeakTerms, ProductionTerms
from hedgedesk.domain.errors import CurrencyMismatch, InputError
from hedgedesk.prices.drivers.law import driver_notices, joint_law
from hedgedesk.prices.drivers.single import annual_volatility
from hedgedesk.prices.models.random_walk import RandomWalk

CURRENCY_PAIRS = ("token_cny_per_usd", "power_cny_per_usd", "gpu_rent_cny_per_usd")
WALKS = {name: DriverTerms(reversion=0.0) for name in ("power", "gpu_rent")}


def test_a_market_without_drivers_has_its_currency_alone_and_says_nothing(small_market):
    law = joint_law(small_market)
    assert law.names == ("cny_per_usd",)
    assert law.singles[0].volatility == annual_volatility(small_market.fx.dates, small_market.fx.cny_per_usd)
    assert law.singles[0].reversion == 0.0
    assert law.correlation.tolist() == np.eye(2).tolist()
    assert (law.moves_index, law.moves_paid, law.notices) == (False, False, ())


def test_a_market_without_drivers_and_currency_has_no_law(small_market):
    assert joint_law(dataclasses.replace(small_market, fx=None)) is None


def test_correlations_are_estimated_from_weekly_changes_and_told(driven):
    market = driven()
    law = joint_law(market)
    changes = [np.diff(np.log(h.price)) for h in market.drivers.histories]
    assert law.names == ("power", "gpu_rent", "cny_per_usd")
    assert law.correlation[1, 2] == pytest.approx(np.corrcoef(changes)[0, 1])
    assert law.correlation[0, 1] == pytest.approx(
        np.corrcoef(np.diff(np.log(market.index.price_per_mtok)), changes[0])[0, 1]
    )
    told = next(text for text in law.notices if text.startswith("correlations:"))
    assert told.count("estimated from 156 weekly changes, s.e. 0.08") == 6


def test_a_given_correlation_stands_and_the_estimate_is_told_beside_it(driven):
    law = joint_law(driven(correlations={"token_gpu_rent": 0.4}))
    assert law.correlation[0, 2] == 0.4
    assert "token and GPU rent +0.40 (given; estimated" in " ".join(law.notices)


def test_fewer_than_24_common_weeks_make_no_estimate(driven):
    enough, few = joint_law(driven(weeks=25)), joint_law(driven(weeks=24))
    assert enough.correlation[1, 2] != 0.0
    assert few.correlation[1, 2] == few.correlation[0, 1] == 0.0
    assert "power and GPU rent +0.00 (assumed: 23 weekly changes in common, 24 are needed)" in " ".join(few.notices)


def test_a_small_repair_is_told_with_its_largest_change(driven):
    given = {"token_power": 0.8, "token_gpu_rent": 0.8, "power_gpu_rent": 0.2}
    law = joint_law(driven(correlations=given | dict.fromkeys(CURRENCY_PAIRS, 0.0)))
    assert np.linalg.eigvalsh(law.correlation)[0] >= -1e-12
    places = ((0, 1), (0, 2), (1, 2))
    changes = [abs(law.correlation[place] - value) for place, value in zip(places, given.values(), strict=True)]
    assert 0.0 < max(changes) < 0.10
    told = next(text for text in law.notices if "cannot hold together" in text)
    assert f"largest change {max(changes):.3f}" in told
    assert "token and power from +0.800 to +0.7" in told


def test_a_repair_above_a_tenth_asks_for_the_correlation(driven):
    given = {"token_power": 0.9, "token_gpu_rent": 0.9, "power_gpu_rent": 0.0}
    with pytest.raises(InputError) as refusal:
        joint_law(driven(correlations=given | dict.fromkeys(CURRENCY_PAIRS, 0.0)))
    faults = {fault.column: fault for fault in refusal.value.faults}
    assert set(faults) == {f"correlations.{name}" for name in given}
    assert {fault.file for fault in refusal.value.faults} == {"market/drivers.toml"}
    assert faults["correlations.token_power"].found.startswith("+0.90 (given")
    assert faults["correlations.token_power"].found.endswith("beside the others possible only as +0.74")


def test_the_tokens_elasticity_is_the_cost_share_times_what_is_passed_on(driven):
    stack = ProductionTerms(2.0, 0.7, 1.3, 0.10, 1_000.0, pass_through=1.0)
    law = joint_law(driven(production=stack))
    assert law.elasticity.tolist() == pytest.approx([0.04352, 0.95648, 0.0], abs=5e-6)
    assert joint_law(driven(production=dataclasses.replace(stack, pass_through=0.3))).elasticity[0] == pytest.approx(
        0.3 * 0.04352, abs=2e-6
    )


def test_prices_of_the_stack_are_the_newest_of_their_histories(driven):
    market = driven(production=ProductionTerms(pass_through=1.0))
    power, rent = (history.price[-1] for history in market.drivers.histories)
    share = 0.7 * 1.3 * power / 1_000 / (rent + 0.7 * 1.3 * power / 1_000)
    assert joint_law(market).elasticity.tolist() == pytest.approx([share, 1.0 - share, 0.0])


def test_a_rent_in_yuan_is_converted_at_todays_rate(driven):
    market = driven(production=ProductionTerms(pass_through=1.0))
    rent = dataclasses.replace(market.drivers.gpu_rent, currency="CNY", price=market.drivers.gpu_rent.price * 7.1)
    in_yuan = dataclasses.replace(market, drivers=dataclasses.replace(market.drivers, gpu_rent=rent))
    assert joint_law(in_yuan).elasticity == pytest.approx(joint_law(market).elasticity)
    with pytest.raises(CurrencyMismatch):
        joint_law(dataclasses.replace(in_yuan, fx=None))


def test_production_cost_stands_in_the_place_of_a_correlation_and_says_so(driven):
    market = driven(production=ProductionTerms(), correlations={"token_power": -0.2, "token_gpu_rent": 0.5})
    law = joint_law(market)
    assert law.correlation[0, 1] == law.correlation[0, 2] == 0.0
    assert law.correlation[0, 3] != 0.0
    assert "in the place of a correlation of -0.20 with power and +0.50 with GPU rent" in " ".join(law.notices)


def test_a_driver_of_unknown_volatility_asks_for_it(driven):
    with pytest.raises(InputError) as refusal:
        joint_law(driven(weeks=8))
    assert [(f.file, f.found) for f in refusal.value.faults] == [
        ("market/power.csv", "7 price changes"),
        ("market/gpu.csv", "7 price changes"),
    ]
    terms = {name: DriverTerms(volatility=0.3) for name in ("power", "gpu_rent")}
    assert [one.volatility for one in joint_law(driven(weeks=8, terms=terms)).singles][:2] == [0.3, 0.3]


def test_half_the_variance_of_the_cost_is_that_of_two_walks(driven):
    law = joint_law(
        driven(production=ProductionTerms(pass_through=0.5), terms=WALKS, correlations={"power_gpu_rent": 0.3})
    )
    sigma = np.array([one.volatility for one in law.singles[:2]]) * law.elasticity[:2]
    variance = 2.0 * (sigma @ sigma + 2 * 0.3 * sigma[0] * sigma[1])
    assert law.half_cost_variance(2.0) == pytest.approx(0.5 * variance)


def test_peak_prices_that_the_index_holds_already_move_nothing(small_market):
    peak = PeakTerms(0.4, 2.0, in_force=True, in_index=True)
    law = joint_law(dataclasses.replace(small_market, drivers=Drivers(peak=peak)))
    assert (law.peak, law.moves_index, law.moves_paid) == (None, False, False)
    assert "in the index already" in law.notices[-1]


def test_a_law_stays_the_same_through_a_pickle(driven):
    law = joint_law(driven(production=ProductionTerms()))
    again = pickle.loads(pickle.dumps(law))
    assert again.covariance.tolist() == law.covariance.tolist()
    assert (again.singles, again.notices) == (law.singles, law.notices)
    assert not again.covariance.flags.writeable


class Jumps(RandomWalk):
    """A model that draws no Gaussian shocks."""

    name = "Jumps"

    def sampler(self, years, size, precision):
        shocks = super().sampler(years, size, precision)
        shocks.normals = 0
        return shocks


def test_a_run_says_where_its_model_has_no_shocks_to_link(driven, small_market):
    market, model = driven(), RandomWalk.fit(small_market)
    assert driver_notices(market, model) == joint_law(market).notices
    jumps = Jumps(**{field.name: getattr(model, field.name) for field in dataclasses.fields(model)})
    assert driver_notices(market, jumps)[-1].startswith("Jumps draws no Gaussian shocks")
    assert driver_notices(small_market, jumps) == ()


def test_a_volume_that_follows_the_drivers_takes_the_tokens_correlation_from_the_settings(driven):
    market = driven(correlations={"gpu_rent_volume": -0.3})
    law = joint_law(market, 0.4)
    assert law.volume.tolist() == pytest.approx(
        [0.4, 0.4 * law.correlation[0, 1], -0.3, 0.4 * law.correlation[0, 3]], abs=1e-12
    )
    told = " ".join(law.notices)
    assert "token and volume +0.40 (price_volume_correlation of the settings)" in told
    assert "GPU rent and volume -0.30 (given)" in told
    assert joint_law(driven(), 0.4).volume is None


def test_a_volume_that_cannot_follow_all_asks(driven):
    given = {"token_gpu_rent": 0.9, "gpu_rent_volume": -0.9}
    with pytest.raises(InputError, match=r"correlations\.gpu_rent_volume: found -0\.90 \(given\), beside the others"):
        joint_law(driven(correlations=given), 0.9)


def test_volume_cannot_follow_what_the_price_follows_by_cost(driven):
    market = driven(correlations={"power_volume": 0.2}, production=ProductionTerms())
    with pytest.raises(InputError, match=r"correlations\.power_volume: found \+0\.20 beside \[production\]"):
        joint_law(market)


def test_a_run_says_how_each_driver_moves_with_its_unit(driven):
    terms = {"power": DriverTerms(volatility=0.8, reversion=9.0), "gpu_rent": DriverTerms(reversion=0.0)}
    market = driven(terms=terms)
    told = joint_law(market).notices[0]
    power, rent = (history.price[-1] for history in market.drivers.histories)
    assert told.startswith(f"drivers: power {power:.4g} USD per MWh today, volatility 80% a year as given, returns to ")
    # ln 2 / 9 of a year.
    assert "half of the way in 4.0 weeks" in told
    assert f"GPU rent {rent:.4g} USD an hour today, volatility" in told
    assert "CNY per USD 7.1 today" in told


def test_a_repair_leaves_what_the_settings_and_the_cost_fix(driven):
    given = {"gpu_rent_cny_per_usd": 0.75, "power_cny_per_usd": -0.75, "power_gpu_rent": 0.0, "token_cny_per_usd": 0.0}
    law = joint_law(driven(correlations=given, production=ProductionTerms()))
    assert law.correlation[0, 1] == law.correlation[0, 2] == 0.0
    assert np.linalg.eigvalsh(law.correlation)[0] >= -1e-12
    assert "cannot hold together" in " ".join(law.notices)


def test_a_currency_that_stands_still_is_correlated_with_nothing(driven):
    market = driven()
    pegged = dataclasses.replace(market.fx, cny_per_usd=np.full(market.fx.dates.size, 7.0))
    law = joint_law(dataclasses.replace(market, fx=pegged))
    assert law.correlation[3, :3].tolist() == [0.0, 0.0, 0.0]
    assert law.singles[2].volatility == 0.0
    assert "power and CNY per USD +0.00 (assumed: one of the two stands still)" in " ".join(law.notices)
