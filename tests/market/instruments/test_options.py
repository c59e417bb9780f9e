import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.instruments import InstrumentTerms
from hedgedesk.domain.market import ContractSpec, ForwardCurve, FuturesContract
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.units import STANDARD_UNITS
from hedgedesk.market.instruments.kind import Setting
from hedgedesk.market.instruments.options import CAP, COLLAR, FLOOR, FOUR_WAY, OPTIONS

MONTHS = np.arange("2026-12", "2027-03", dtype="datetime64[M]")
SETTLED = np.array([6.0, 8.0, 9.0, 10.0, 11.0, 14.0, 20.0])
RATE = np.array([7.0, 7.1, 7.2, 7.0, 6.9, 7.3, 7.0])


def setting(currency="CNY"):
    """Two contracts at 10, lots of 50 Mtok; 1,000 Mtok open in each of three months."""
    spec = ContractSpec("CNY", 50.0)
    contracts = tuple(
        FuturesContract(spec, np.datetime64(month), np.datetime64(day))
        for month, day in (("2026-12", "2026-12-28"), ("2027-02", "2027-02-22"))
    )
    one = np.ones((SETTLED.size, 3))
    scenarios = ScenarioSet(
        as_of=np.datetime64("2026-11-20"),
        months=MONTHS,
        unit=STANDARD_UNITS["tokens"],
        contracts=contracts,
        curve=ForwardCurve(
            np.datetime64("2026-11-20"),
            "CNY",
            np.array(["2026-12", "2027-02"], dtype="datetime64[M]"),
            np.array([10.0, 10.0]),
        ),
        cover_share=np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]),
        price_per_mtok=SETTLED[:, None] * one,
        volume_mtok=1_000.0 * one,
        open_mtok=1_000.0 * one,
        settlement_per_mtok=np.column_stack([SETTLED, SETTLED]),
        cny_per_usd=RATE[:, None] * one,
        cny_per_usd_today=7.0,
    )
    exposure = Exposure(
        months=MONTHS,
        models=("model-a",),
        meters=("output",),
        forecast_mtok=np.full((3, 1), 1_000.0),
        fixed_mtok=np.zeros((3, 1)),
        spread=np.zeros(3),
        committed_cost=np.zeros(3),
    )
    return Setting(exposure, scenarios, currency)


def terms(kind, words=None, **numbers):
    return InstrumentTerms("winter", kind.name, numbers, words or {})


def offer(kind, found=None, **numbers):
    """The first offer, with whatever the premiums' room would have found."""
    first = kind.offers(terms(kind, **numbers), setting())[0]
    return dataclasses.replace(first, numbers=first.numbers | (found or {}))


def test_there_is_one_offer_a_contract_in_whole_lots_and_no_more_than_is_open():
    near, far = CAP.offers(terms(CAP, strike=12.0), setting())
    assert (near.contract, far.contract) == ("2026-12", "2027-02")
    assert near.code == "winter 2026-12"
    assert (near.lower, near.upper, far.upper) == (0.0, 20.0, 40.0)
    assert near.whole
    assert near.unit == "lots"
    assert CAP.offers(terms(CAP, lots=3.0), setting())[1].upper == 3.0


def test_a_strike_is_money_or_a_share_of_todays_price():
    assert offer(CAP, strike=12.0, strike_share=2.0).numbers["strike"] == 12.0
    assert offer(CAP, strike_share=1.2).numbers["strike"] == pytest.approx(12.0)
    assert offer(CAP).numbers["strike"] == pytest.approx(11.0)


def test_months_choose_the_contracts():
    only = CAP.offers(terms(CAP, {"first_month": "2027-01"}), setting())
    assert [each.contract for each in only] == ["2027-02"]
    with pytest.raises(InputError, match="a listed contract is delivered") as caught:
        CAP.offers(terms(CAP, {"first_month": "2027-01", "last_month": "2027-01"}), setting())
    assert caught.value.faults[0].column == "instrument.winter.first_month"


@pytest.mark.parametrize(
    ("kind", "strikes", "paid"),
    [
        (CAP, {"strike": 12.0}, [0, 0, 0, 0, 0, 2, 8]),
        (FLOOR, {"strike": 9.0}, [3, 1, 0, 0, 0, 0, 0]),
        (COLLAR, {"floor_strike": 8.5, "strike": 12.0}, [-2.5, -0.5, 0, 0, 0, 2, 8]),
        (
            FOUR_WAY,
            {"lower_strike": 7.0, "floor_strike": 8.5, "strike": 12.0, "upper_strike": 16.0},
            [-1.5, -0.5, 0, 0, 0, 2, 4],
        ),
    ],
)
def test_each_structure_pays_what_its_legs_pay(kind, strikes, paid):
    assert kind.payoff(offer(kind, **strikes), SETTLED).tolist() == paid


def test_a_lot_pays_its_size_less_the_premium_and_its_financing():
    cap = dataclasses.replace(offer(CAP, strike=12.0, financing_rate=0.05), premium_per_unit=50.0)
    years = (np.datetime64("2026-12-28") - np.datetime64("2026-11-20")).astype(int) / 365
    gain = CAP.gain_by_month(cap, setting())
    assert gain.shape == (7, 3)
    assert gain[:, 0] == pytest.approx(50.0 * np.maximum(SETTLED - 12.0, 0.0) - 50.0 * 1.05**years)
    assert np.all(gain[:, 1:] == 0.0)


def test_the_docstrings_example_holds():
    cap = dataclasses.replace(offer(CAP, strike=12.0), premium_per_unit=50.0 * 1.00)
    assert CAP.payoff(cap, np.array([15.0]))[0] * 50.0 - 50.0 == 100.0


def test_gain_is_shared_over_the_months_of_the_contract_and_turned_at_the_rate_of_its_delivery():
    far = CAP.offers(terms(CAP, strike=12.0), setting("USD"))[1]
    gain = CAP.gain_by_month(far, setting("USD"))
    each = 50.0 * np.maximum(SETTLED - 12.0, 0.0) / RATE
    assert gain[:, 0].tolist() == [0.0] * 7
    assert gain[:, 1] == pytest.approx(each / 2)
    assert gain[:, 2] == pytest.approx(each / 2)


@pytest.mark.parametrize("kind", [CAP, COLLAR, FOUR_WAY])
def test_what_caps_the_price_covers_the_volume(kind):
    assert kind.cover_mtok(offer(kind), setting()).tolist() == [50.0, 0.0, 0.0]


def test_a_right_to_sell_alone_covers_nothing():
    assert FLOOR.cover_mtok(offer(FLOOR), setting()).tolist() == [0.0, 0.0, 0.0]


def test_options_call_for_no_variation_margin_but_a_bank_may_ask_for_a_share():
    assert COLLAR.calls(offer(COLLAR), setting()) is None
    assert offer(COLLAR).margin_per_unit == 0.0
    held = COLLAR.offers(terms(COLLAR, margin_share=0.1), setting("USD"))[0]
    assert held.margin_per_unit == pytest.approx(0.1 * 50.0 * 10.0 / 7.0)


def test_strikes_must_rise_and_every_one_that_does_not_is_named():
    with pytest.raises(InputError) as caught:
        FOUR_WAY.offers(terms(FOUR_WAY, lower_strike=9.0, floor_strike=8.0, strike=12.0, upper_strike=11.0), setting())
    text = str(caught.value)
    assert "instrument.winter.floor_strike: found 8 for 2026-12; expected more than lower_strike, which is 9" in text
    assert "instrument.winter.upper_strike: found 11 for 2027-02; expected more than strike, which is 12" in text


def test_a_quoted_premium_needs_every_strike():
    with pytest.raises(InputError, match=r"premium: found 0\.1 without floor_strike"):
        COLLAR.offers(terms(COLLAR, premium=0.1), setting())
    assert COLLAR.offers(terms(COLLAR, premium=0.1, floor_strike=8.0), setting())


def test_an_offer_of_a_contract_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="found contract 2026-10; expected one of 2026-12, 2027-02"):
        CAP.gain_by_month(dataclasses.replace(offer(CAP), contract="2026-10"), setting())


def test_every_term_has_a_unit_and_a_default_within_its_range():
    for kind in OPTIONS.values():
        assert len({term.name for term in kind.terms}) == len(kind.terms)
        for term in kind.terms:
            assert term.unit
            assert term.word or term.default is None or term.least <= term.default <= term.most
    assert COLLAR.solved == FOUR_WAY.solved == "floor_strike"
    assert CAP.solved is None
