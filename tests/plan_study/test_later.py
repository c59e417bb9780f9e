"""Later layers are bought at the prices of each path, and no earlier than the ladder says."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk import pipeline
from hedgedesk.domain.program import Band
from hedgedesk.domain.run import HedgeRun, RunSettings
from hedgedesk.plan_study.later import LaterLayers, later_layers
from hedgedesk.plan_study.layered import Ladder, layered_lots
from hedgedesk.plan_study.strategies import strategies

CLIMB = Ladder("climb", (Band(1, 3, 0.6, 0.8), Band(4, 24, 0.2, 0.2)))


@pytest.fixture(scope="module")
def with_paths(make_desk, quoted_market, held_book) -> HedgeRun:
    settings = RunSettings(scenarios=2_000, seed=7, block_size=512, margin_grid="monthly")
    return pipeline.run(make_desk(market=quoted_market, book=held_book, settings=settings))


@pytest.fixture(scope="module")
def later(with_paths: HedgeRun) -> LaterLayers:
    return climbed(with_paths, CLIMB)


def climbed(run: HedgeRun, ladder: Ladder, *, whole: bool = False) -> LaterLayers:
    today = layered_lots(ladder, run.exposure, run.scenarios)
    fee = np.full(today.size, 2.0)
    return later_layers(ladder, run.exposure, run.scenarios, today, "USD", fee, whole=whole)


def test_in_the_end_every_month_has_what_the_ladders_top_says(with_paths, later):
    run, scenarios = with_paths, with_paths.scenarios
    today = layered_lots(CLIMB, run.exposure, scenarios)
    reach = scenarios.hedgeable
    forecast, fixed = (
        each[reach] for each in (run.exposure.forecast_in(scenarios.unit), run.exposure.fixed_in(scenarios.unit))
    )
    # The first month is at its top today; the others climb to theirs before they begin.
    assert ((today + later.lots) * scenarios.mtok_per_lot).sum() == pytest.approx((0.8 * forecast - fixed).sum())
    assert later.fee == pytest.approx(2.0 * later.lots.sum())


def test_each_layer_gains_its_settlement_less_its_price(with_paths):
    """A ladder that asks for a month only when it is the next buys it at the first date on which it is."""
    run, scenarios = with_paths, with_paths.scenarios
    found = climbed(run, Ladder("next", (Band(1, 1, 0.5, 0.5),)))
    month = scenarios.margin_dates.astype("datetime64[M]")
    forecast, fixed = run.exposure.forecast_in(scenarios.unit), run.exposure.fixed_in(scenarios.unit)
    expected = np.zeros(scenarios.count)
    rate = scenarios.rate_at_delivery("USD")
    for t in range(1, scenarios.months.size):
        (k,) = np.flatnonzero(scenarios.cover_share[:, t]) if scenarios.cover_share[:, t].any() else (None,)
        if k is None:
            continue
        d = int(np.flatnonzero(month == scenarios.months[t] - 1)[0])
        mtok = 0.5 * forecast[t] - fixed[t]
        expected += (scenarios.settlement_per_mtok[:, k] - scenarios.futures_per_mtok[:, d, k]) * rate[:, k] * mtok
    # Paths are kept in single precision.
    assert found.gain == pytest.approx(expected, rel=1e-4, abs=1e-5 * np.abs(expected).max())


def test_futures_are_fair_so_later_layers_gain_nothing_on_average(later):
    error = later.gain.std() / np.sqrt(later.gain.size)
    assert abs(later.gain.mean()) < 4.0 * error


def test_whole_lots_are_rounded_down_in_all(with_paths, later):
    rounded = climbed(with_paths, CLIMB, whole=True)
    today = layered_lots(CLIMB, with_paths.exposure, with_paths.scenarios)
    assert (today + rounded.lots <= today + later.lots + 1e-9).all()
    bought = rounded.lots > 0
    assert bought.any()
    assert np.allclose((today + rounded.lots)[bought], np.round((today + rounded.lots)[bought]))


def test_the_strategy_in_layers_counts_them_and_says_so(with_paths, planned):
    found = {line.name: line for line in strategies(with_paths, with_paths.scenarios, ladder=CLIMB).lines}
    static = {line.name: line for line in strategies(planned, planned.scenarios, ladder=CLIMB).lines}
    assert "later layers at the prices of each path" in found["layered"].note
    assert "as far as climbed today" in static["layered"].note
    assert found["layered"].cover > static["layered"].cover
    assert found["layered"].lots > static["layered"].lots
    assert found["layered"].initial_margin == static["layered"].initial_margin
    assert found["layered"].standard_deviation < static["layered"].standard_deviation
    same = [name for name in found if name != "layered"]
    assert [found[name].cvar for name in same] == [static[name].cvar for name in same]


def test_a_price_war_the_day_after_is_regretted_for_todays_layer_alone(with_paths, planned):
    found = {line.name: line for line in strategies(with_paths, with_paths.scenarios, ladder=CLIMB).lines}
    static = {line.name: line for line in strategies(planned, planned.scenarios, ladder=CLIMB).lines}
    plan = with_paths.plan
    position = layered_lots(CLIMB, with_paths.exposure, with_paths.scenarios)
    whole = np.floor(np.maximum(position, plan.held_lots) + 1e-9)
    fee = plan.program.transaction_cost_per_mtok * plan.mtok_per_lot
    later = later_layers(CLIMB, with_paths.exposure, with_paths.scenarios, whole, "USD", fee, whole=True)
    expected = static["layered"].regret[0] - 0.25 * later.gain.mean() + later.fee
    assert found["layered"].regret[0] == pytest.approx(expected, rel=1e-9)


def test_without_prices_on_the_way_there_are_no_later_layers(planned):
    assert climbed(planned, CLIMB) is None
    assert dataclasses.replace(planned.scenarios).futures_per_mtok is None
