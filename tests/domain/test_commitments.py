"""Prices that fall with volume."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgedesk.domain.commitments import Commitment, tiered_cost
from hedgedesk.domain.exposure import ConsumptionForecast, Exposure, ForecastLine
from hedgedesk.domain.units import STANDARD_UNITS
from hedgedesk.domain.values import from_plain, to_plain

BANDS = [(100.0, 10.0), (100.0, 8.0), (100.0, 5.0)]


@pytest.mark.parametrize(
    ("volume", "cost", "blended", "marginal"),
    [
        (50.0, 500.0, 10.0, 10.0),
        (100.0, 1_000.0, 10.0, 8.0),
        (150.0, 1_400.0, 1_400.0 / 150.0, 8.0),
        (300.0, 2_300.0, 2_300.0 / 300.0, 5.0),
        (400.0, 2_800.0, 7.0, 5.0),
    ],
)
def test_a_volume_costs_the_sum_of_its_bands(volume, cost, blended, marginal):
    found = tiered_cost(BANDS, volume)
    assert (found.cost, found.blended, found.marginal) == pytest.approx((cost, blended, marginal))


def test_no_volume_costs_nothing_and_has_no_blended_price():
    found = tiered_cost(BANDS, 0.0)
    assert (found.cost, found.marginal) == (0.0, 10.0)
    assert np.isnan(found.blended)


@given(
    bands=st.lists(st.tuples(st.floats(0.1, 1e3), st.floats(0.0, 1e3)), min_size=1, max_size=5),
    volume=st.floats(0.0, 1e4),
    more=st.floats(1e-3, 1e3),
)
def test_more_volume_costs_at_most_its_dearest_and_at_least_its_cheapest_band(bands, volume, more):
    extra = tiered_cost(bands, volume + more).cost - tiered_cost(bands, volume).cost
    prices = [price for _, price in bands]
    slack = 1e-9 * (1.0 + tiered_cost(bands, volume + more).cost)
    assert min(prices) * more - slack <= extra <= max(prices) * more + slack


@pytest.mark.parametrize(("bands", "volume"), [([], 1.0), ([(-1.0, 2.0)], 1.0), ([(1.0, -2.0)], 1.0), (BANDS, -1.0)])
def test_bands_that_cannot_be_are_refused(bands, volume):
    with pytest.raises(ValueError, match="a tiered price needs"):
        tiered_cost(bands, volume)


def bands_of(name="steps", model="a"):
    months = np.datetime64("2027-01", "M"), np.datetime64("2027-02", "M")
    return tuple(Commitment(name, *months, model, "output", w, p, "USD", "tiered") for w, p in BANDS)


def exposure(*commitments):
    lines = [ForecastLine(np.datetime64(m, "M"), "a", "output", v) for m, v in (("2027-01", 150.0), ("2027-02", 250.0))]
    return Exposure.open(ConsumptionForecast(tuple(lines)), commitments)


def test_a_tiered_price_fixes_no_volume_and_no_cost():
    tiered, plain = exposure(*bands_of()), exposure()
    unit = STANDARD_UNITS["output_only"]
    assert tiered.open_in(unit).tolist() == plain.open_in(unit).tolist() == [150.0, 250.0]
    assert tiered.committed_cost.tolist() == [0.0, 0.0]
    assert tiered.commitment_currency == ""


def test_a_tiered_price_is_told_at_the_forecast():
    tiered = exposure(*bands_of())
    told = [(str(use.month), use.cost, use.marginal) for use in tiered.tiers]
    assert told == [("2027-01", 1_400.0, 8.0), ("2027-02", 2_050.0, 5.0)]
    (told,) = [notice for notice in tiered.notices if notice.startswith("tiered price steps")]
    assert "a output stays open" in told
    assert "blended 8.2 to 9.333 and marginal 5 to 8 USD per Mtok" in told


def test_months_set_aside_and_growth_move_what_is_told():
    ahead = exposure(*bands_of()).after(np.datetime64("2027-01-15"))
    assert [str(use.month) for use in ahead.tiers] == ["2027-02"]
    assert any("marginal 5 USD" in notice for notice in ahead.notices)
    grown = ahead.grown(-0.5, np.datetime64("2027-01-15"))
    assert [use.marginal for use in grown.tiers] == [8.0]
    assert sum("tiered price" in notice for notice in grown.notices) == 1


def test_a_tiered_price_of_a_model_that_is_not_forecast_is_silent():
    assert exposure(*bands_of(model="unused")).tiers == ()


def test_tiers_and_beta_survive_being_written_down():
    tiered = exposure(*bands_of())
    back = from_plain(Exposure, json.loads(json.dumps(to_plain(tiered))))
    assert to_plain(back) == to_plain(tiered)
    assert back.tiers[0].month == np.datetime64("2027-01", "M")


def test_a_record_made_before_beta_was_kept_has_a_beta_of_one():
    plain = to_plain(exposure())
    del plain["beta"], plain["tiers"]
    assert from_plain(Exposure, plain).beta.tolist() == [[1.0], [1.0]]
