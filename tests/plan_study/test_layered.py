"""A ladder is climbed in equal steps, and prices trigger it only where it says so and enough of them are known."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.program import Band, HedgeProgram
from hedgedesk.plan_study.layered import AIRLINE, Ladder, ladder_of, layered_lots, percentile_of, triggered


def test_the_airlines_ladder_climbs_from_25_to_75_percent_in_equal_steps():
    shares = [AIRLINE.share(months) for months in (24, 13, 12, 1)]
    assert shares == pytest.approx([0.25, 0.50, 0.50, 0.75])
    steps = np.diff([AIRLINE.share(months) for months in range(24, 12, -1)])
    assert steps == pytest.approx(np.full(11, 0.25 / 11))
    assert AIRLINE.share(25) == 0.0


def test_a_band_of_one_month_is_filled_at_once():
    assert Ladder("one", (Band(3, 3, 0.2, 0.6),)).share(3) == 0.6


def test_a_low_price_buys_ahead_and_a_high_one_waits():
    ladder = triggered(AIRLINE)
    assert ladder.share(6, 0.30) == 0.75
    assert ladder.share(6, 0.80) == 0.50
    assert ladder.share(6, 0.31) == AIRLINE.share(6)
    assert ladder.share(6, None) == AIRLINE.share(6)
    assert AIRLINE.share(6, 0.01) == AIRLINE.share(6)
    assert ladder.share(30, 0.01) == 0.0


def test_a_percentile_needs_two_dozen_prices():
    past = np.arange(24.0)
    assert percentile_of(past, 12.0) == 0.5
    assert percentile_of(past[1:], 12.0) is None


def test_a_programme_without_bands_is_layered_as_the_airlines_do():
    assert ladder_of(HedgeProgram("USD")) is AIRLINE
    own = HedgeProgram("USD", bands=(Band(1, 6, 0.1, 0.4),))
    assert ladder_of(own).bands == own.bands


def test_cover_and_what_is_fixed_make_the_share_of_the_forecast(planned):
    scenarios, exposure = planned.scenarios, planned.exposure
    ladder = Ladder("flat", (Band(1, 36, 0.4, 0.4),))
    lots = layered_lots(ladder, exposure, scenarios)
    covered = (lots * scenarios.mtok_per_lot).sum()
    reach = scenarios.hedgeable
    forecast, fixed = exposure.forecast_in(scenarios.unit)[reach], exposure.fixed_in(scenarios.unit)[reach]
    assert (fixed < 0.4 * forecast).all()
    assert covered == pytest.approx((0.4 * forecast - fixed).sum())


def test_no_month_is_covered_beyond_its_open_volume(planned):
    scenarios, exposure = planned.scenarios, planned.exposure
    lots = layered_lots(Ladder("all", (Band(1, 36, 1.0, 1.0),)), exposure, scenarios)
    open_mtok = exposure.open_in(scenarios.unit)[scenarios.hedgeable].sum()
    assert (lots * scenarios.mtok_per_lot).sum() == pytest.approx(open_mtok)
