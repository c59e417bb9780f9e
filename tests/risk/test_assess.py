import dataclasses

import numpy as np
import pytest

from hedgedesk import pipeline
from hedgedesk.domain.book import HedgeBook, Position
from hedgedesk.domain.exposure import Commitment, Exposure
from hedgedesk.hedging.optimise import optimise
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.simulate import simulate
from hedgedesk.risk import measures
from hedgedesk.risk.assess import assess
from hedgedesk.risk.stress import Shock, shocked_scenarios, shocks


@pytest.fixture(scope="module")
def held():
    return HedgeBook((Position(np.datetime64("2026-09-01"), np.datetime64("2027-02"), 12, 8.0, "CNY"),))


@pytest.fixture(scope="module")
def run(make_desk, held):
    return pipeline.run(make_desk(book=held))


def test_hedged_cost_is_physical_cost_less_gains_plus_fees(run):
    cost = run.scenarios.cost_by_month(run.exposure, "USD").sum(axis=1)
    gains = run.scenarios.gain_per_lot("USD") @ run.plan.position + run.plan.held_gain
    hedged = cost - gains + run.plan.transaction_cost.sum()
    assert run.report.hedged.cvar == pytest.approx(measures.cvar(hedged, 0.95), rel=1e-12)
    assert run.report.unhedged.cvar == pytest.approx(measures.cvar(cost, 0.95), rel=1e-12)
    assert run.plan.held_gain == pytest.approx(12 * 1_000 * 1.5 / 7.1)


def test_the_plans_objective_is_of_the_very_cost_that_the_report_tells(run):
    told = run.report.hedged.mean + run.plan.program.risk_weight * run.report.hedged.cvar
    assert run.plan.certificate.objective + run.plan.rounding_cost == pytest.approx(told, rel=1e-10)


def test_the_months_add_up_to_the_horizon(run):
    months = run.report.months
    assert months.unhedged_mean.sum() == pytest.approx(run.report.unhedged.mean, rel=1e-12)
    assert months.hedged_mean.sum() == pytest.approx(run.report.hedged.mean, rel=1e-12)
    hedged = (run.plan.position * run.plan.mtok_per_lot).sum()
    assert months.hedged_mtok.sum() == pytest.approx(hedged, rel=1e-12)
    assert months.held_mtok.sum() == pytest.approx(12_000.0)


def test_cover_counts_what_is_fixed_and_what_is_hedged_against_the_forecast(run):
    months = run.report.months
    expected = (months.fixed_mtok[0] + months.hedged_mtok[0]) / months.forecast_mtok[0]
    assert months.coverage[0] == pytest.approx(expected)
    assert np.all((months.coverage >= months.band_min - 1e-9) & (months.coverage <= months.band_max + 1e-9))
    assert months.raw_forecast_mtok[0] == 28_000.0
    assert months.forecast_mtok[0] == pytest.approx(20_000.0 + 4.21 * 8_000.0)


def test_each_months_quantiles_are_the_order_statistics_of_that_month(run):
    months = run.report.months
    cost = run.scenarios.cost_by_month(run.exposure, "USD")
    assert months.levels.tolist() == [0.05, 0.25, 0.5, 0.75, 0.95]
    expected = [[measures.var(cost[:, t], level) for t in range(cost.shape[1])] for level in months.levels]
    assert np.array_equal(months.unhedged_quantile, expected)
    assert np.array_equal(months.hedged_quantile[0], months.hedged_p05)
    assert np.array_equal(months.hedged_quantile[-1], months.hedged_p95)
    assert np.all(np.diff(months.hedged_quantile, axis=0) >= 0)


def test_a_level_of_its_own_does_not_move_the_quantiles_that_are_told(run):
    program = dataclasses.replace(run.plan.program, level=0.9)
    other = assess(run.exposure, dataclasses.replace(run.plan, program=program), run.scenarios)
    assert np.array_equal(other.months.hedged_quantile, run.report.months.hedged_quantile)
    assert np.all(other.months.hedged_var <= run.report.months.hedged_var)


def test_open_volume_is_valued_at_todays_curve_and_todays_currency(run):
    months, curve = run.report.months, run.scenarios.curve
    expected = months.open_mtok * curve.price_of(months.months) / 7.1
    assert months.open_value == pytest.approx(expected)


def test_without_a_contract_open_volume_is_valued_at_the_mean_of_the_scenarios(make_desk):
    desk = make_desk()
    exposure = Exposure.open(desk.forecast).after(desk.market.as_of)
    scenarios = simulate(RandomWalk.fit(desk.market), desk.market, exposure, desk.settings)
    plan = optimise(exposure, scenarios, desk.program, HedgeBook.empty())
    none = np.empty((scenarios.count, 0))
    curve = dataclasses.replace(
        scenarios.curve, delivery_months=np.empty(0, dtype="datetime64[M]"), price_per_mtok=np.empty(0)
    )
    bare = dataclasses.replace(
        scenarios,
        contracts=(),
        curve=curve,
        settlement_per_mtok=none,
        cover_share=np.empty((0, exposure.months.size)),
    )
    empty = dict.fromkeys(
        ("lots", "held_lots", "continuous_lots", "price_per_mtok", "transaction_cost", "initial_margin"), np.empty(0)
    )
    nothing = dataclasses.replace(plan, contracts=(), reasons=(), **empty)
    report = assess(exposure, nothing, bare)
    expected = report.months.open_mtok * scenarios.price_per_mtok.mean(axis=0) / 7.1
    assert report.months.open_value == pytest.approx(expected)
    assert report.hedged.mean == pytest.approx(report.unhedged.mean)


def test_the_distribution_counts_every_scenario_within_its_edges_once_and_few_lie_beyond(run):
    distribution = run.report.distribution
    cost = run.scenarios.cost_by_month(run.exposure, "USD").sum(axis=1)
    within = (cost >= distribution.edges[0]) & (cost <= distribution.edges[-1])
    assert distribution.unhedged.sum() == pytest.approx(within.mean())
    assert distribution.unhedged.sum() > 0.985
    assert distribution.hedged.sum() > 0.985
    assert distribution.edges[-1] > run.report.unhedged.cvar


def test_the_budget_numbers_follow_from_the_cost(run):
    hedged = run.report.hedged
    assert hedged.budget_at_risk == pytest.approx(hedged.var - 900_000.0)
    assert 0.0 <= hedged.probability_over_budget <= 1.0


def test_budgets_by_month_make_cash_flow_at_risk_month_by_month(make_desk):
    desk = make_desk()
    budgets = {str(m): 70_000.0 for m in np.arange("2026-11", "2027-11", dtype="datetime64[M]")}
    run = pipeline.run(make_desk(program=dataclasses.replace(desk.program, budget=None, budget_by_month=budgets)))
    months = run.report.months
    assert run.report.hedged.budget == pytest.approx(840_000.0)
    assert months.cash_flow_at_risk == pytest.approx(months.hedged_var - 70_000.0)


def test_without_a_budget_nothing_is_said_about_one(make_desk):
    run = pipeline.run(make_desk(program=dataclasses.replace(make_desk().program, budget=None)))
    assert run.report.hedged.budget_at_risk is None
    assert run.report.hedged.probability_over_budget is None
    assert all(stress.over_budget is None for stress in run.report.stresses)
    months = run.report.months
    assert months.cash_flow_at_risk == pytest.approx(months.hedged_var - months.hedged_mean)
    assert "–" in run.report.summary()


def test_effectiveness_in_sample_is_the_variance_taken_away(run):
    report = run.report
    ratio = report.hedged.standard_deviation / report.unhedged.standard_deviation
    assert report.effectiveness.in_sample == pytest.approx(1 - ratio**2)
    assert report.effectiveness.in_sample > 0.3


def test_few_scenarios_in_the_tail_are_warned_of(make_desk):
    run = pipeline.run(make_desk(settings=dataclasses.replace(make_desk().settings, scenarios=300)))
    assert any("tail is hardly estimated" in notice for notice in run.report.notices)


@pytest.fixture(scope="module")
def stress(run):
    return {row.name: row for row in run.report.stresses}


def test_a_price_war_cuts_the_bill_to_a_quarter_and_the_hedge_regrets(run, stress):
    row = stress["Price war"]
    committed = run.exposure.committed_cost.sum()
    floating = run.report.unhedged.mean - committed
    assert row.physical_cost == pytest.approx(0.25 * floating + committed, rel=1e-12)
    assert row.hedge_gain < 0
    assert row.regret == pytest.approx(row.total_cost - row.physical_cost)
    assert row.regret > 0
    # Three quarters of today's notional is due the day after.
    notional = (run.plan.position * run.plan.price_per_mtok * 1_000).sum() / 7.1
    assert row.margin_call == pytest.approx(0.75 * notional)


def test_shocks_that_raise_the_price_are_softened_by_the_hedge_and_call_no_margin(stress):
    for name in ("Peak pricing", "Chip shortage"):
        assert stress[name].hedge_gain > 0
        assert stress[name].margin_call == 0.0
        assert stress[name].regret < 0


def test_a_dearer_yuan_raises_a_dollar_bill(run, stress):
    assert stress["CNY move"].physical_cost > run.report.unhedged.mean


def test_a_demand_spike_doubles_three_months_at_the_floating_price(run, stress):
    scenarios, use = run.scenarios, run.exposure
    factor = scenarios.volume_mtok[:, :3] / use.forecast_in(scenarios.unit)[:3]
    # Output has 2,000 of 8,000 Mtok a month at a fixed price; what is used beyond that is bought at the index.
    before = factor * 20_000.0 + 4.21 * np.maximum(factor * 8_000.0 - 2_000.0, 0.0)
    after = 2 * factor * 20_000.0 + 4.21 * np.maximum(2 * factor * 8_000.0 - 2_000.0, 0.0)
    extra = (after - before) * scenarios.price_per_mtok[:, :3] / scenarios.cny_per_usd[:, :3]
    expected = run.report.unhedged.mean + extra.sum(axis=1).mean()
    assert stress["Demand spike"].physical_cost == pytest.approx(expected, rel=1e-12)


def test_a_demand_spike_first_uses_up_what_is_paid_for_anyway(make_desk):
    month = np.datetime64("2026-11")
    deals = tuple(
        Commitment(meter, month, month + np.timedelta64(11, "M"), "model-a", meter, mtok, 5.0, "USD", "take_or_pay")
        for meter, mtok in (("uncached_input", 40_000.0), ("output", 16_000.0))
    )
    desk = make_desk(commitments=deals)
    exposure = Exposure.open(desk.forecast, deals).after(desk.market.as_of)
    scenarios = simulate(RandomWalk.fit(desk.market), desk.market, exposure, desk.settings)
    spiked = shocked_scenarios(Shock("spike", "", volume=2.0, volume_months=12), exposure, scenarios)
    factor = scenarios.volume_mtok / exposure.forecast_in(scenarios.unit)
    beyond = np.maximum(2 * factor - 2.0, 0.0) * exposure.forecast_in(scenarios.unit)
    assert spiked.open_mtok == pytest.approx(beyond, abs=1e-6)


def test_commitments_in_another_currency_alone_have_a_currency_stress(make_desk):
    desk = make_desk()
    program = dataclasses.replace(desk.program, currency="CNY", credit_line=None, budget=None)
    report = pipeline.run(make_desk(program=program)).report
    row = {stress.name: stress for stress in report.stresses}["CNY move"]
    assert row.physical_cost > report.unhedged.mean


@pytest.mark.parametrize("name", ["Price war", "Peak pricing", "Chip shortage", "Demand spike", "CNY move"])
def test_a_stress_is_what_the_shocked_scenarios_cost(run, stress, name):
    (shock,) = (s for s in shocks(run.exposure, run.scenarios, "USD") if s.name == name)
    moved = shocked_scenarios(shock, run.exposure, run.scenarios)
    physical = moved.cost_by_month(run.exposure, "USD").sum(axis=1).mean()
    gain = (moved.gain_per_lot("USD") @ run.plan.position).mean() + run.plan.held_gain
    assert stress[name].physical_cost == pytest.approx(physical, rel=1e-12)
    assert stress[name].hedge_gain == pytest.approx(gain, rel=1e-9)


def test_shocked_scenarios_share_what_does_not_move(run):
    moved = shocked_scenarios(Shock("half", "", price=0.5), run.exposure, run.scenarios)
    assert moved.open_mtok is run.scenarios.open_mtok
    assert moved.price_per_mtok == pytest.approx(0.5 * run.scenarios.price_per_mtok)
    assert not moved.price_per_mtok.flags.writeable


def test_a_shock_of_nothing_changes_nothing(run):
    same = shocked_scenarios(Shock("none", ""), run.exposure, run.scenarios)
    assert np.array_equal(same.price_per_mtok, run.scenarios.price_per_mtok)
    assert same.open_mtok == pytest.approx(run.scenarios.open_mtok, rel=1e-12)


def test_a_desk_in_the_contracts_own_currency_has_no_currency_stress(make_desk):
    desk = make_desk()
    market = dataclasses.replace(desk.market, fx=None)
    exposure = Exposure.open(desk.forecast)
    scenarios = simulate(RandomWalk.fit(market), market, exposure, desk.settings)
    program = dataclasses.replace(desk.program, currency="CNY", credit_line=None, budget=None)
    plan = optimise(exposure, scenarios, program, HedgeBook.empty())
    report = assess(exposure, plan, scenarios)
    assert "CNY move" not in {row.name for row in report.stresses}
    assert report.currency == "CNY"
