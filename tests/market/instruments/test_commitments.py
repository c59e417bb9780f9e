"""Fixed prices and take-or-pay: what is paid, what is financed, what is not used, and a seller that fails."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.market.instruments import cover_mtok, gain, gain_by_month, offers_of


def test_a_fixed_price_pays_what_the_index_is_above_it(setting, terms):
    (offer,) = offers_of(terms("fixed_price", mtok_per_month=100, price_per_mtok=8), setting)
    assert (offer.lower, offer.upper, offer.code) == (0.0, 100.0, "deal")
    assert gain_by_month(offer, setting).tolist() == [[2.0, 0.0, 4.0], [1.0, -2.0, -3.0]]
    assert gain(offer, setting).tolist() == [6.0, -4.0]
    assert cover_mtok(offer, setting).tolist() == [1.0, 1.0, 1.0]


def test_without_a_price_it_is_todays_curve_less_the_discount(setting, terms):
    (offer,) = offers_of(terms("fixed_price", mtok_per_month=100, discount=0.1), setting)
    # 2,000 M of the unit are open in each month: one at 9.0 and two at 9.6.
    assert offer.numbers["price_per_mtok"] == pytest.approx(0.9 * (9.0 + 2 * 9.6) / 3)


def test_without_a_volume_it_is_what_every_month_of_it_is_expected_to_need(moved, terms):
    forecast = np.array([[1_000.0, 250.0], [500.0, 250.0], [900.0, 250.0]])
    (offer,) = offers_of(terms("fixed_price", first_month="2027-01"), moved(exposure={"forecast_mtok": forecast}))
    assert offer.upper == 1_500.0
    assert offer.numbers["price_per_mtok"] == pytest.approx(9.6)


def test_what_is_prepaid_is_financed_until_it_is_used(moved, terms):
    # To the end of December are 182 days, half a day less than half a year.
    setting = moved(scenarios={"as_of": np.datetime64("2026-07-02"), "price_per_mtok": np.full((2, 3), 10.0)})
    words = {"first_month": "2026-12", "last_month": "2026-12", "payment": "prepaid"}
    (offer,) = offers_of(terms("fixed_price", price_per_mtok=8, financing_rate=0.06, **words), setting)
    one = gain_by_month(offer, setting)
    assert one[0].tolist() == [pytest.approx(10.0 - 8.0 * 1.06 ** (182 / 365)), 0.0, 0.0]
    assert 100.0 * one[0, 0] == pytest.approx(176.35, abs=0.1)


def test_paid_by_the_month_nothing_is_financed(setting, terms):
    (offer,) = offers_of(terms("fixed_price", price_per_mtok=8, financing_rate=0.06), setting)
    assert gain(offer, setting).tolist() == [6.0, -4.0]


def test_take_or_pay_is_paid_for_though_it_is_not_used(setting, terms):
    sure, rest = offers_of(terms("take_or_pay", mtok_per_month=2_000, price_per_mtok=8, steps=1), setting)
    assert [offer.upper for offer in (sure, rest)] == [1_000.0, 1_000.0]  # 1,000 is the least that is ever open
    prices = setting.scenarios.price_per_mtok
    assert gain_by_month(sure, setting) == pytest.approx(prices - 8.0)
    used = np.array([[1.0, 1.0, 1.0], [1.0, 0.5, 0.0]])
    assert gain_by_month(rest, setting) == pytest.approx(prices * used - 8.0)


def test_slices_add_up_to_the_whole_and_none_is_worse_than_the_next(setting, terms):
    slices = offers_of(terms("take_or_pay", steps=2, mtok_per_month=2_400, price_per_mtok=8), setting)
    assert [offer.code for offer in slices] == ["deal 1/3", "deal 2/3", "deal 3/3"]
    assert [offer.upper for offer in slices] == [1_000.0, 700.0, 700.0]
    gains = [gain_by_month(offer, setting) for offer in slices]
    scenarios = setting.scenarios
    whole = np.minimum(scenarios.open_mtok, 2_400.0) * scenarios.price_per_mtok - 8.0 * 2_400.0
    assert sum(offer.upper * each for offer, each in zip(slices, gains, strict=True)) == pytest.approx(whole)
    assert np.all(gains[0] >= gains[1])
    assert np.all(gains[1] >= gains[2])
    assert np.any(gains[1] > gains[2])


def test_volume_that_is_always_used_comes_in_one_piece(setting, terms):
    (offer,) = offers_of(terms("take_or_pay", mtok_per_month=900, price_per_mtok=8), setting)
    assert (offer.code, offer.upper) == ("deal", 900.0)


def test_a_seller_that_fails_delivers_nothing_from_then_on_and_keeps_what_was_prepaid(moved, terms):
    prices = np.full((20_000, 3), 10.0)
    shape = {"price_per_mtok": prices, "volume_mtok": prices, "open_mtok": prices, "settlement_per_mtok": prices[:, :2]}
    setting = moved(scenarios=shape)
    monthly, prepaid = (
        offers_of(terms("fixed_price", price_per_mtok=8, default_rate=2.0, payment=payment), setting)[0]
        for payment in ("monthly", "prepaid")
    )
    gains = gain_by_month(monthly, setting)
    assert set(np.unique(gains)) == {0.0, 2.0}
    assert np.all(np.diff(gains, axis=1) <= 0)
    lost = gain_by_month(prepaid, setting)
    assert np.array_equal(lost == 2.0, gains == 2.0)
    assert set(np.unique(lost)) == {-8.0, 2.0}
    years = np.array([41, 72, 100]) / 365
    survived = np.exp(-2.0 * years)
    error = np.sqrt(survived * (1 - survived) / 20_000)
    assert np.all(np.abs((gains > 0).mean(axis=0) - survived) < 4 * error)  # four standard errors of a share


def test_steps_are_whole(setting, terms, fault_of):
    told = fault_of(offers_of, terms("take_or_pay", steps=1.5), setting)
    assert told == ("instrument.deal.steps", "1.5", "a whole number from 1 to 12")


def test_months_outside_the_exposure_are_refused(setting, terms, fault_of):
    told = fault_of(offers_of, terms("fixed_price", first_month="2028-01", last_month="2028-03"), setting)
    assert told == ("instrument.deal.first_month", "2028-01 to 2028-03", "a month of 2026-12 to 2027-02")
    told = fault_of(offers_of, terms("fixed_price", first_month="2027-02", last_month="2027-01"), setting)
    assert told == ("instrument.deal.last_month", "2027-01", "a month from 2027-02 on")
    told = fault_of(offers_of, terms("fixed_price", first_month="soon"), setting)
    assert told == ("instrument.deal.first_month", "soon", 'a month in quotes, "2027-01"')


def test_the_volume_bought_is_in_the_contracts_unit(setting, terms, moved):
    unit = dataclasses.replace(setting.scenarios.unit, name="STU")
    (offer,) = offers_of(terms("fixed_price", mtok_per_month=100, price_per_mtok=8), moved(scenarios={"unit": unit}))
    assert offer.unit == "M STU/month"
