import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.instruments import InstrumentTerms, Offer
from hedgedesk.domain.market import ContractSpec, ForwardCurve, FuturesContract
from hedgedesk.domain.run import RunSettings
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.units import STANDARD_UNITS
from hedgedesk.hedging.optimise import optimise
from hedgedesk.hedging.options import asian, black76, lognormal_prints
from hedgedesk.hedging.options.premiums import Dealer, every_price, priced, print_years, scenario_volatility
from hedgedesk.market.instruments.kind import Setting
from hedgedesk.market.instruments.options import CAP, COLLAR, FLOOR, FOUR_WAY, OPTIONS
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.paths.grid import Grid
from hedgedesk.prices.simulate import simulate

TODAY, LAST_DAY = np.datetime64("2026-11-20"), np.datetime64("2027-05-24")
MONTH = np.array(["2027-05"], dtype="datetime64[M]")
COUNT = 20_000
DRIFT = 1.15
"""The scenarios stand above today's curve by a risk premium; nobody pays for that."""


def setting(prints=3, *, volatility=0.6, currency="CNY", last_day=LAST_DAY):
    """One contract at 10 on a lot of 50 Mtok, settled on lognormal prints."""
    contract = FuturesContract(ContractSpec("CNY", 50.0, final_settlement=prints), MONTH[0], last_day)
    years = (last_day - TODAY).astype(int) / 365 - 7 * np.arange(prints)[::-1] / 365
    settled = DRIFT * lognormal_prints(10.0, years, volatility, COUNT, seed=3).mean(axis=1)
    one = np.ones((COUNT, 1))
    scenarios = ScenarioSet(
        as_of=TODAY,
        months=MONTH,
        unit=STANDARD_UNITS["tokens"],
        contracts=(contract,),
        curve=ForwardCurve(TODAY, "CNY", MONTH, np.array([10.0])),
        cover_share=np.ones((1, 1)),
        price_per_mtok=settled[:, None],
        volume_mtok=1_000.0 * one,
        open_mtok=1_000.0 * one,
        settlement_per_mtok=settled[:, None],
        cny_per_usd=7.0 * one,
        cny_per_usd_today=7.0,
    )
    fixed, volume = np.zeros((1, 1)), np.full((1, 1), 1_000.0)
    exposure = Exposure(MONTH, ("m",), ("output",), volume, fixed, np.zeros(1), np.zeros(1))
    return Setting(exposure, scenarios, currency)


@pytest.fixture(scope="module")
def half_a_year():
    return setting()


def offered(kind, where, **numbers):
    numbers = {"dealer_spread": 0.0} | numbers
    (offer,) = kind.offers(InstrumentTerms("winter", kind.name, numbers), where)
    return priced(offer, where)


def test_by_itself_an_option_gains_what_futures_gain_and_nothing_more(half_a_year):
    cap = offered(CAP, half_a_year, strike=12.0, financing_rate=0.02)
    scenarios = half_a_year.scenarios
    moved = scenarios.settlement_per_mtok * (10.0 / scenarios.settlement_per_mtok.mean())
    plain = dataclasses.replace(half_a_year, scenarios=dataclasses.replace(scenarios, settlement_per_mtok=moved))
    gain = CAP.gain(cap, plain)
    assert gain.std() > 50.0
    assert gain.mean() == pytest.approx(0.0, abs=1e-9)
    assert cap.words["premium_from"] == "scenarios"


def test_on_lognormal_scenarios_the_premium_is_the_two_moment_formula(half_a_year):
    cap = offered(CAP, half_a_year, strike=12.0, financing_rate=0.02)
    exact = asian("call", 10.0, 12.0, print_years(half_a_year, 0), 0.6, np.log(1.02)).price
    settled = half_a_year.scenarios.settlement_per_mtok[:, 0] / DRIFT
    error = np.maximum(settled - 12.0, 0.0).std() / np.sqrt(COUNT)
    assert cap.numbers["premium_per_mtok"] == pytest.approx(exact, abs=4 * error)
    assert cap.premium_per_unit == 50.0 * cap.numbers["premium_per_mtok"]


def test_the_models_volatility_is_found_again(half_a_year):
    settled, years = half_a_year.scenarios.settlement_per_mtok[:, 0], print_years(half_a_year, 0)
    # The relative error of a variance from n draws is sqrt((kurtosis - 1)/n); at this width kurtosis is below 6.
    assert scenario_volatility(settled, years) == pytest.approx(0.6, rel=4 * 0.5 * np.sqrt(5 / COUNT))
    assert scenario_volatility(np.full(5, 3.0), years) == 0.0


def test_a_quoted_volatility_is_the_price():
    where = setting(prints=1)
    cap = offered(CAP, where, strike=12.0, volatility=0.7, financing_rate=0.03)
    years = float(print_years(where, 0)[0])
    exact = black76("call", 10.0, 12.0, years, 0.7, np.log(1.03)).price
    assert cap.numbers["premium_per_mtok"] == pytest.approx(exact, rel=1e-12)
    assert cap.words["premium_from"] == "volatility"
    assert cap.numbers["model_volatility"] == 0.7


def test_a_quoted_premium_beats_everything_and_is_in_the_contracts_currency():
    where = setting(currency="USD")
    cap = offered(CAP, where, strike=12.0, volatility=0.7, premium=1.4)
    assert cap.premium_per_unit == pytest.approx(50.0 * 1.4 / 7.0)
    assert cap.words["premium_from"] == "quote"


def test_a_bank_sells_above_and_buys_below_its_fair_price(half_a_year):
    numbers = {"strike": 12.0, "floor_strike": 9.0, "volatility": 0.6}
    fair = offered(COLLAR, half_a_year, **numbers).numbers["premium_per_mtok"]
    dear = offered(COLLAR, half_a_year, **numbers, dealer_spread=0.1).numbers["premium_per_mtok"]
    years = print_years(half_a_year, 0)
    call = [asian("call", 10.0, 12.0, years, volatility, 0.0).price for volatility in (0.6, 0.66)]
    put = [asian("put", 10.0, 9.0, years, volatility, 0.0).price for volatility in (0.6, 0.54)]
    assert fair == pytest.approx(call[0] - put[0])
    assert dear == pytest.approx(call[1] - put[1])


def test_an_option_that_is_worth_nothing_costs_nothing(half_a_year):
    for terms in ({"strike": 1_000.0}, {"strike": 1_000.0, "volatility": 0.1}):
        assert priced(offered(CAP, half_a_year, **terms), half_a_year).premium_per_unit == 0.0
    near = priced(offered(CAP, half_a_year, strike=20.0, volatility=0.6), half_a_year)
    assert near.premium_per_unit > 0


def test_greeks_are_those_of_the_legs_together(half_a_year):
    quoted = {"strike": 12.0, "floor_strike": 9.0, "volatility": 0.6, "premium": 0.4}
    collar = offered(COLLAR, half_a_year, **quoted).numbers
    years = print_years(half_a_year, 0)
    call, put = asian("call", 10.0, 12.0, years, 0.6, 0.0), asian("put", 10.0, 9.0, years, 0.6, 0.0)
    for name in ("delta", "gamma", "vega", "theta"):
        assert collar[name] == pytest.approx(getattr(call, name) - getattr(put, name))
    assert collar["premium_per_mtok"] == 0.4
    assert collar["delta"] > 0.5


def test_the_zero_cost_collar_meets_the_worked_number():
    where = setting(prints=1, last_day=TODAY + np.timedelta64(365, "D"))
    # T is a year here, so the volatility that makes half a year's 0.6 is 0.6 sqrt(1/2), and 2% a half-year's rate.
    numbers = {"strike": 12.0, "volatility": 0.6 * np.sqrt(0.5), "financing_rate": np.expm1(0.01)}
    collar = offered(COLLAR, where, **numbers)
    assert collar.numbers["floor_strike"] == pytest.approx(8.721369, abs=5e-7)
    assert collar.premium_per_unit == 0.0
    four_way = offered(FOUR_WAY, where, **numbers, upper_strike=16.0, lower_strike=6.0)
    # Worked out from legs rounded to six places, which moves it by up to 1e-6.
    assert four_way.numbers["floor_strike"] == pytest.approx(8.313068, abs=1e-6)


@pytest.mark.parametrize("kind", [COLLAR, FOUR_WAY])
def test_a_structure_that_costs_nothing_gains_nothing_on_average(kind, half_a_year):
    offer = offered(kind, half_a_year)
    dealer = Dealer.of(offer, half_a_year)
    assert kind.payoff(offer, dealer.settled).mean() == pytest.approx(0.0, abs=1e-9)
    assert kind.payoff(offer, dealer.settled).std() > 0.5


def test_a_spread_makes_the_floor_sold_dearer_for_the_same_help(half_a_year):
    fair, dear = (offered(COLLAR, half_a_year, dealer_spread=s).numbers["floor_strike"] for s in (0.0, 0.1))
    assert fair < dear < 11.5


def test_a_premium_once_worked_out_stays(half_a_year):
    for kind in (CAP, FLOOR, COLLAR, FOUR_WAY):
        once = offered(kind, half_a_year, dealer_spread=0.05)
        again = priced(once, half_a_year)
        assert again.premium_per_unit == pytest.approx(once.premium_per_unit, abs=1e-9)


def test_where_no_floor_pays_for_the_cap_the_strike_is_named(half_a_year):
    with pytest.raises(InputError, match=r"winter.floor_strike: found none for 2027-05 between 0 and 8") as caught:
        offered(COLLAR, half_a_year, strike=8.0)
    assert "move them, or name it" in str(caught.value)


def test_every_structure_that_cannot_cost_nothing_is_named_at_once(half_a_year):
    bad = [
        offer
        for name in ("one", "two")
        for offer in COLLAR.offers(InstrumentTerms(name, "collar", {"strike": 8.0}), half_a_year)
    ]
    with pytest.raises(InputError) as caught:
        every_price(bad, half_a_year)
    assert [fault.column for fault in caught.value.faults] == [f"instrument.{n}.floor_strike" for n in ("one", "two")]
    assert every_price([], half_a_year) == ()


def test_prints_are_weekly_and_never_before_tomorrow():
    near = setting(prints=1, last_day=TODAY + np.timedelta64(10, "D"))
    contract = dataclasses.replace(near.scenarios.contracts[0], spec=ContractSpec("CNY", 50.0, final_settlement=3))
    scenarios = dataclasses.replace(near.scenarios, contracts=(contract,))
    years = print_years(dataclasses.replace(near, scenarios=scenarios), 0)
    assert years * 365 == pytest.approx([1.0, 3.0, 10.0])


def test_what_is_no_option_comes_back_as_it_is(half_a_year):
    other = Offer("deal", "fixed_price", "Mtok", 0.0, 5.0)
    assert priced(other, half_a_year) is other


def test_simulated_scenarios_and_the_models_covariance_give_one_premium(make_desk):
    desk = make_desk()
    model = RandomWalk.fit(desk.market)
    exposure = Exposure.open(desk.forecast, desk.commitments).after(desk.market.as_of)
    scenarios = simulate(model, desk.market, exposure, RunSettings(scenarios=20_000, seed=3, block_size=4_096))
    where, last = Setting(exposure, scenarios, "USD"), len(scenarios.contracts) - 1
    caps = CAP.offers(InstrumentTerms("winter", "cap", {"dealer_spread": 0.0}), where)
    cap, forward = priced(caps[last], where), float(scenarios.curve.price_per_mtok[last])
    grid = Grid.over(scenarios.as_of, exposure.months[0], scenarios.contracts[last].delivery_month)
    years = grid.years[grid.prints(scenarios.contracts[last])]
    formula = asian("call", forward, 1.1 * forward, years, model.log_covariance(years), 0.0)
    settled = scenarios.settlement_per_mtok[:, last] * (forward / scenarios.settlement_per_mtok[:, last].mean())
    error = np.maximum(settled - 1.1 * forward, 0.0).std() / np.sqrt(scenarios.count)
    assert cap.numbers["premium_per_mtok"] == pytest.approx(formula.price, abs=4 * error)
    assert error < 0.03 * formula.price


@pytest.mark.parametrize("kind", OPTIONS)
def test_a_plan_that_may_use_options_is_never_worse(make_desk, kind):
    desk = make_desk()
    exposure = Exposure.open(desk.forecast, desk.commitments).after(desk.market.as_of)
    scenarios = simulate(RandomWalk.fit(desk.market), desk.market, exposure, desk.settings)
    futures = dataclasses.replace(desk.program, lots="fractional", credit_line=30_000.0, bands=())
    terms = (InstrumentTerms("winter", kind, {"strike_share": 1.1} if kind == "cap" else {}),)
    wider = dataclasses.replace(futures, terms=terms, instruments=("futures", "winter"))
    alone, both = (optimise(exposure, scenarios, program, desk.book) for program in (futures, wider))
    scale = 1e-6 * abs(alone.certificate.objective)  # what both certificates may miss by
    assert both.certificate.objective <= alone.certificate.objective + scale
    if kind != "floor":  # nobody needs to sell what he has not bought
        # The credit line leaves volume open that options, which call for no margin, can still cover.
        assert both.certificate.objective < alone.certificate.objective - scale
        assert sum(choice.quantity for choice in both.choices) > 1.0
