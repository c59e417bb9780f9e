"""Batch, caching and routing: what they save, what they cost, and what no longer needs a hedge."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.market.instruments import cover_mtok, gain_by_month, offers_of


def test_batch_saves_its_share_of_the_price_of_what_may_wait(setting, terms):
    (offer,) = offers_of(terms("batch", eligible_share=0.4, most_share=0.5), setting)
    assert (offer.unit, offer.upper, offer.whole) == ("share", 1.0, False)
    cost = setting.scenarios.price_per_mtok * setting.scenarios.open_mtok
    assert gain_by_month(offer, setting) == pytest.approx(0.4 * 0.5 * 0.5 * cost)
    assert gain_by_month(offer, setting)[0, 0] == pytest.approx(2 * 1_000.0)  # the docstring's, of twice the volume
    assert cover_mtok(offer, setting) == pytest.approx([200.0] * 3)


def test_caching_saves_on_uncached_input_less_what_is_written(setting, terms):
    (offer,) = offers_of(terms("caching", added_share=0.3), setting)
    # Half of the volume of the unit is uncached input, and a cache read weighs a tenth of it.
    cost = setting.scenarios.price_per_mtok * setting.scenarios.open_mtok / 2
    assert gain_by_month(offer, setting) == pytest.approx(cost * 0.3 * (1 - 0.1 - 0.25 / 10))
    assert gain_by_month(offer, setting)[0, 0] == pytest.approx(2_625.0)
    assert cover_mtok(offer, setting) == pytest.approx([262.5] * 3)


def test_prompts_that_are_written_more_than_they_are_read_cost_money(setting, terms):
    (offer,) = offers_of(terms("caching", added_share=0.3, reads_per_write=0.2), setting)
    assert np.all(gain_by_month(offer, setting) < 0)


def test_routing_to_an_own_model_saves_the_price_less_its_cost_and_the_quality_lost(setting, terms):
    (offer,) = offers_of(terms("routing", most_share=0.2, cost_per_mtok=4, quality_cost_per_mtok=0.5), setting)
    scenarios = setting.scenarios
    expected = 0.2 * scenarios.open_mtok * (scenarios.price_per_mtok - 4.5)
    assert gain_by_month(offer, setting) == pytest.approx(expected)
    assert gain_by_month(offer, setting)[0, 0] == pytest.approx(2 * 1_100.0)
    assert cover_mtok(offer, setting) == pytest.approx([400.0] * 3)


def test_routing_to_a_cheaper_model_leaves_its_price_floating(setting, terms):
    (offer,) = offers_of(terms("routing", most_share=0.2, price_share=0.3), setting)
    scenarios = setting.scenarios
    assert gain_by_month(offer, setting) == pytest.approx(0.14 * scenarios.open_mtok * scenarios.price_per_mtok)
    assert cover_mtok(offer, setting) == pytest.approx([0.14 * 2_000.0] * 3)


def test_machines_take_no_more_than_their_capacity(setting, terms):
    (offer,) = offers_of(terms("routing", most_share=0.2, cost_per_mtok=4, capacity_mtok=300), setting)
    moved = np.minimum(0.2 * setting.scenarios.open_mtok, 300.0)
    assert gain_by_month(offer, setting) == pytest.approx(moved * (setting.scenarios.price_per_mtok - 4.0))
    assert cover_mtok(offer, setting) == pytest.approx([300.0] * 3)


def test_where_the_other_model_is_to_be_found_is_said_once(setting, terms, fault_of):
    expected = "this or price_share, and one only"
    told = fault_of(offers_of, terms("routing", most_share=0.2), setting)
    assert told == ("instrument.deal.cost_per_mtok", "no such key", expected)
    told = fault_of(offers_of, terms("routing", most_share=0.2, cost_per_mtok=4, price_share=0.3), setting)
    assert told == ("instrument.deal.cost_per_mtok", "cost_per_mtok and price_share", expected)


def test_the_set_up_is_paid_in_the_first_month_and_the_running_in_every_one(setting, terms):
    parts = {"setup_cost": 1_000, "running_cost_per_month": 10, "first_month": "2027-01"}
    with_cost, without = (
        gain_by_month(offers_of(terms("batch", eligible_share=0.4, **more), setting)[0], setting)
        for more in (parts, {"first_month": "2027-01"})
    )
    assert (without - with_cost) == pytest.approx(np.tile([0.0, 1_010.0, 10.0], (2, 1)))
    assert np.all(without[:, 0] == 0.0)


def test_only_the_model_and_meter_that_are_named_are_changed(setting, terms):
    of_output, of_all = (
        gain_by_month(offers_of(terms("batch", eligible_share=0.4, **more), setting)[0], setting)
        for more in ({"model": "b", "meter": "output"}, {})
    )
    assert of_output == pytest.approx(of_all / 2)  # 250 Mtok of output weigh as much as 1,000 of input


def test_a_model_that_the_forecast_does_not_have_is_refused(setting, terms, fault_of):
    told = fault_of(offers_of, terms("batch", eligible_share=0.4, model="c"), setting)
    expected = "volume at a floating price; the forecast has a, b"
    assert told == ("instrument.deal.model", "c, all from 2026-12 to 2027-02", expected)
    told = fault_of(offers_of, terms("caching", added_share=0.4, model="b"), setting)
    assert told == ("instrument.deal.model", "b, uncached_input from 2026-12 to 2027-02", expected)


def test_what_can_only_be_done_wholly_is_a_whole_unit(setting, terms):
    (offer,) = offers_of(terms("batch", eligible_share=0.4, taken="wholly"), setting)
    assert offer.whole


def test_volume_that_is_bought_at_a_fixed_price_saves_nothing(moved, terms):
    fixed = np.array([[1_000.0, 0.0]] * 3)
    setting = moved(exposure={"fixed_mtok": fixed})
    (offer,) = offers_of(terms("batch", eligible_share=0.4), setting)
    assert cover_mtok(offer, setting) == pytest.approx([0.4 * 0.5 * 1_000.0] * 3)
