import dataclasses

import numpy as np
import pytest

from hedgedesk import pipeline
from hedgedesk.domain.exposure import Exposure
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.sampling.costs import Sharp
from hedgedesk.prices.simulate import simulate


def unhedged(exposure):
    return lambda drawn: drawn.cost_by_month(exposure.after(drawn.as_of), "USD").sum(axis=1)


FOLLOWS = {"price_volume_correlation": 0.4}


@pytest.fixture(
    scope="module",
    params=[{}, FOLLOWS, FOLLOWS | {"parameter_uncertainty": True}],
    ids=["volume apart", "volume follows price", "volume follows the score of a price that is not Gaussian"],
)
def case(request, make_desk):
    desk = make_desk()
    settings = dataclasses.replace(desk.settings, scenarios=16_384, **request.param)
    exposure = Exposure.open(desk.forecast, desk.commitments)
    model = RandomWalk.fit(desk.market)
    return desk.market, exposure, model, settings, simulate(model, desk.market, exposure, settings)


@pytest.mark.parametrize("sampling", ["sobol", "importance"])
def test_a_cost_measured_sharply_is_that_of_the_scenarios_drawn(case, sampling):
    market, exposure, model, settings, drawn = case
    sharp = Sharp(model, market, exposure, drawn, dataclasses.replace(settings, sampling=sampling))
    found = sharp.measure(unhedged(exposure), 0.95)
    cost = np.sort(unhedged(exposure)(drawn))
    beyond = cost[int(0.95 * cost.size) :]
    at_risk = beyond[0]
    error = np.maximum(cost - at_risk, 0.0).std() / np.sqrt(cost.size) / 0.05
    if settings.parameter_uncertainty:
        # Parameters that 64 paths share are beyond any rotation of the normals, and may spoil the shift.
        assert found.sampling in (sampling, "sobol")
        assert found.cvar_standard_error < error
    else:
        assert found.sampling == sampling
        assert found.cvar_standard_error < error / 3
    assert abs(found.mean - cost.mean()) < 4.5 * np.hypot(cost.std() / np.sqrt(cost.size), found.mean_standard_error)
    assert abs(found.cvar - beyond.mean()) < 4.5 * np.hypot(error, found.cvar_standard_error)


def test_a_run_measures_both_costs_as_its_settings_ask_and_writes_them_down(make_desk):
    desk = make_desk()
    plain = pipeline.run(desk)
    assert plain.report.precise is None
    assert plain.as_json()["precise"] is None
    settings = dataclasses.replace(desk.settings, sampling="importance", scenarios=8_192)
    run = pipeline.run(dataclasses.replace(desk, settings=settings))
    assert "CVaR 95%, importance" in run.report.summary()
    assert "CVaR 95%, " not in plain.report.summary()
    written = run.as_json()["precise"]
    assert written["hedged"]["sampling"] == "importance"
    assert written["unhedged"]["cvar"] == run.report.precise.unhedged.cvar
    for sharp, scenarios in (
        (run.report.precise.unhedged, run.report.unhedged),
        (run.report.precise.hedged, run.report.hedged),
    ):
        assert sharp.cvar_standard_error < scenarios.cvar_standard_error / 3
        error = np.hypot(sharp.cvar_standard_error, scenarios.cvar_standard_error)
        assert abs(sharp.cvar - scenarios.cvar) < 4.5 * error
    assert type(run).from_record(run.record()).report.precise == run.report.precise


def test_prices_that_live_on_daily_dates_are_measured_on_those_dates(make_desk):
    desk = make_desk()
    exposure, model = Exposure.open(desk.forecast, desk.commitments), RandomWalk.fit(desk.market)
    found = {}
    for grid in ("none", "weekly", "daily"):
        settings = dataclasses.replace(desk.settings, scenarios=512, margin_grid=grid, sampling="sobol")
        drawn = simulate(model, desk.market, exposure, settings)
        sharp = Sharp(model, desk.market, exposure, drawn, settings)
        found[grid] = sharp.measure(unhedged(exposure), 0.95)
    # Keeping futures prices of a week changes no number; the daily grid is another law of the month's average.
    assert found["weekly"] == found["none"]
    assert found["daily"] != found["none"]
