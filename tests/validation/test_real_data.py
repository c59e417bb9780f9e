"""On real prices: token indices are too short to choose a model by, and say so; commodities are long enough."""

from __future__ import annotations

import pytest

from hedgedesk.validation import validate

from . import real_markets


def scores(found):
    return {row.horizon_months: (row.origins, row.crps) for row in found.rows if row.model == "RandomWalk"}


def test_token_list_prices_are_too_short_to_choose_by_and_stand_still(reference_data):
    found = validate(real_markets.token_list_prices(reference_data), models=["RandomWalk"])
    assert found.thin
    assert found.choice.model == "RandomWalk"
    assert "takes 24 judged monthly forecasts 6 months ahead, and there are 17" in found.choice.reason
    assert {horizon: count for horizon, (count, _) in scores(found).items()} == {1: 22, 3: 20, 6: 17, 12: 11}
    assert "the price stood still in" in found.rows[0].note


def test_realised_token_prices_cannot_be_judged_at_all(reference_data):
    found = validate(real_markets.token_realised(reference_data), models=["RandomWalk"])
    assert (found.thin, found.rows) == (True, ())


@pytest.mark.parametrize(
    ("market", "crps"),
    [
        (real_markets.gas, {1: 0.07844, 3: 0.12144, 6: 0.16758, 12: 0.22402}),
        (real_markets.heating_oil, {1: 0.04876, 3: 0.08026, 6: 0.11110, 12: 0.16093}),
        (real_markets.crude, {1: 0.05426, 3: 0.09510, 6: 0.12833, 12: 0.17262}),
    ],
    ids=["gas", "heating oil", "crude"],
)
def test_commodities_are_long_enough_and_the_benchmark_keeps_its_published_scores(reference_data, market, crps):
    found = validate(market(reference_data), models=["RandomWalk"])
    assert (found.thin, found.hedge_horizon_months) == (False, 6)
    told = scores(found)
    assert {horizon: count for horizon, (count, _) in told.items()} == {1: 120, 3: 118, 6: 115, 12: 109}
    assert {horizon: score for horizon, (_, score) in told.items()} == pytest.approx(crps, abs=2e-5)


def test_sticky_list_prices_are_foreseen_a_month_ahead_by_models_that_let_them_stand_still(reference_data):
    # Spread evenly over all weeks, the growth of 0 would make StepPrice worse than the random walk: a ratio of 1.105.
    found = validate(real_markets.token_list_prices(reference_data), models=["StepPrice"])
    near = next(row for row in found.rows if (row.model, row.horizon_months) == ("StepPrice", 1))
    assert near.origins == 15
    assert near.crps_ratio < 0.9
