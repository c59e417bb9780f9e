"""Futures on accelerator rent or power: what a strip of them pays, costs and calls for."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.market.instruments import calls, cover_mtok, gain, gain_by_month, offers_of

RENT = np.array([[2.0, 2.35, 2.7], [1.6, 1.45, 1.5]])


@pytest.fixture(scope="module")
def rented(moved):
    dates = np.array(["2026-12-31", "2027-01-31", "2027-02-28"], dtype="datetime64[D]")
    none = np.zeros((2, 3, 2), dtype=np.float32)
    return moved(scenarios={"drivers": {"gpu_rent": RENT}, "margin_dates": dates, "futures_per_mtok": none})


def test_a_lot_of_every_month_gains_what_the_driver_averages_above_its_price(rented, terms):
    given = {"size": 100, "most_lots": 5, "price": 2.0, "first_month": "2027-01"}
    (offer,) = offers_of(terms("cross_hedge", **given), rented)
    assert gain_by_month(offer, rented) == pytest.approx(np.array([[0.0, 35.0, 70.0], [0.0, -55.0, -50.0]]))
    assert not cover_mtok(offer, rented).any()


def test_without_a_quote_it_earns_nothing_on_average(rented, terms):
    (offer,) = offers_of(terms("cross_hedge", size=100, most_lots=5), rented)
    assert gain(offer, rented).mean() == pytest.approx(0.0, abs=1e-9)
    assert gain(offer, rented)[0] == pytest.approx(100 * (0.2 + 0.45 + 0.6))


def test_it_keeps_the_price_it_was_bought_at_when_the_driver_is_shocked(rented, moved, terms):
    (offer,) = offers_of(terms("cross_hedge", size=100, most_lots=5), rented)
    dearer = moved(scenarios={"drivers": {"gpu_rent": RENT * 1.38}})
    assert gain(offer, dearer).mean() == pytest.approx(100 * 0.38 * RENT.mean(axis=0).sum())


def test_fees_and_margin_are_of_all_its_months(rented, terms):
    given = {"size": 100, "most_lots": 5, "price": 2.0, "first_month": "2027-01", "fee_per_lot": 3, "margin_rate": 0.1}
    (offer,) = offers_of(terms("cross_hedge", **given), rented)
    assert (offer.fee_per_unit, offer.margin_per_unit) == (6.0, pytest.approx(0.1 * 2 * 200.0))


def test_it_calls_for_what_is_settled_and_for_what_is_marked(rented, terms):
    (offer,) = offers_of(terms("cross_hedge", size=100, most_lots=5, margin_rate=0.1), rented)
    entry = RENT.mean(axis=0)
    settled = np.cumsum(RENT - entry, axis=1)
    ahead = np.array([entry[1] + entry[2], entry[2], 0.0])
    expected = -100 * (settled + (RENT / entry - 1.0) * ahead)
    assert calls(offer, rented) == pytest.approx(expected)
    assert calls(offer, rented)[:, -1] == pytest.approx(-gain(offer, rented))


def test_between_two_there_is_no_margin(rented, terms):
    (offer,) = offers_of(terms("cross_hedge", size=100, most_lots=5), rented)
    assert calls(offer, rented) is None


def test_its_currency_is_turned_at_each_months_rate(moved, terms):
    rates = np.array([[7.0, 7.1, 7.2], [7.0, 7.0, 7.0]])
    parts = {"drivers": {"gpu_rent": RENT}, "cny_per_usd": rates, "cny_per_usd_today": 7.0}
    setting = moved(scenarios=parts, currency="CNY")
    (offer,) = offers_of(terms("cross_hedge", size=100, most_lots=5, price=2.0), setting)
    assert gain_by_month(offer, setting)[0] == pytest.approx(100 * (RENT[0] - 2.0) * rates[0])


def test_a_driver_that_nobody_draws_is_refused(setting, terms, fault_of):
    told = fault_of(offers_of, terms("cross_hedge", size=100, most_lots=5), setting)
    expected = "a driver of the scenarios: none: market/power.csv and market/gpu.csv bring them"
    assert told == ("instrument.deal.driver", "gpu_rent", expected)
