"""Foreign currency bought forward for what is paid in it."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.market.instruments import cover_mtok, gain_by_month, offers_of

RATES = np.array([[6.9, 7.1, 7.2], [7.1, 7.0, 6.8]])
RENMINBI = {"cny_per_usd": RATES, "cny_per_usd_today": 7.1}


@pytest.fixture(scope="module")
def abroad(moved):
    """The contract is in USD and the programme in CNY, so what is bought forward is USD."""
    return moved(scenarios=RENMINBI, currency="CNY")


def test_it_gains_what_the_currency_averages_above_the_agreed_rate(abroad, terms):
    parts = {"first_month": "2026-12", "last_month": "2026-12"}
    (offer,) = offers_of(terms("fx_forward", cny_per_usd=7.0, **parts), abroad)
    assert offer.unit == "USD"
    assert gain_by_month(offer, abroad) == pytest.approx(np.array([[-0.1, 0.0, 0.0], [0.1, 0.0, 0.0]]))
    assert not cover_mtok(offer, abroad).any()


def test_a_dollar_budget_buys_renminbi_forward(moved, terms):
    fixed = {"committed_cost": np.array([7_000.0, 0.0, 0.0]), "commitment_currency": "CNY"}
    setting = moved(scenarios=RENMINBI, exposure=fixed)
    (offer,) = offers_of(terms("fx_forward", cny_per_usd=7.1), setting)
    assert (offer.unit, offer.upper) == ("CNY", 7_000.0)
    assert gain_by_month(offer, setting)[0, 0] == pytest.approx(1 / 6.9 - 1 / 7.1)
    assert gain_by_month(offer, setting)[0, 0] == pytest.approx(0.00408, abs=5e-6)


def test_the_amount_is_spread_as_it_is_needed_and_no_more_can_be_bought(abroad, terms):
    (offer,) = offers_of(terms("fx_forward", most_share=0.5), abroad)
    need = 2_000.0 * np.array([9.0, 9.6, 9.6])
    assert offer.upper == pytest.approx(0.5 * need.sum())
    assert gain_by_month(offer, abroad) == pytest.approx((RATES - 7.1) * need / need.sum())


def test_the_whole_need_bought_at_todays_rate_leaves_the_expected_cost_in_todays_currency(abroad, terms):
    (offer,) = offers_of(terms("fx_forward"), abroad)
    need = 2_000.0 * np.array([9.0, 9.6, 9.6])
    paid = need * RATES - offer.upper * gain_by_month(offer, abroad)
    assert paid == pytest.approx(np.tile(need * 7.1, (2, 1)))


def test_interest_of_both_currencies_moves_the_agreed_rate(abroad, terms):
    parts = {"first_month": "2026-12", "last_month": "2026-12"}
    (offer,) = offers_of(terms("fx_forward", own_rate=0.02, foreign_rate=0.04, **parts), abroad)
    agreed = 7.1 * (1.02 / 1.04) ** (41 / 365)
    assert gain_by_month(offer, abroad)[:, 0] == pytest.approx(RATES[:, 0] - agreed)


def test_the_dealers_spread_is_a_fee(abroad, terms):
    (offer,) = offers_of(terms("fx_forward", dealer_spread=0.001), abroad)
    assert offer.fee_per_unit == pytest.approx(0.0071)


def test_where_all_is_paid_in_the_programmes_currency_there_is_nothing_to_buy(setting, terms, fault_of):
    told = fault_of(offers_of, terms("fx_forward"), setting)
    assert told == ("instrument.deal.kind", "fx_forward", "something that is paid in another currency than USD")
