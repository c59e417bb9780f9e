"""A plan's instruments beside the futures in the risk report: cost, cover, stresses, margin."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk import pipeline
from hedgedesk.domain.instruments import InstrumentChoice, InstrumentTerms
from hedgedesk.domain.run import HedgeRun
from hedgedesk.market.instruments import calls, cover_mtok, gain_by_month, offers_of
from hedgedesk.risk import measures
from hedgedesk.risk.assess import assess, hedged_by_month
from hedgedesk.risk.choices import setting_of
from hedgedesk.risk.liquidity import liquidity_at_risk, worst_calls
from hedgedesk.risk.stress import Shock, shocked_scenarios, shocks

FEE = 120.0


@pytest.fixture(scope="module")
def run(make_desk):
    settings = dataclasses.replace(make_desk().settings, margin_grid="monthly")
    return pipeline.run(make_desk(settings=settings))


@pytest.fixture(scope="module")
def chosen(run):
    """The run's plan with a quantity of some terms taken as well."""

    def plan_with(kind, quantity, **given):
        words = {key: value for key, value in given.items() if isinstance(value, str)}
        numbers = {key: float(value) for key, value in given.items() if not isinstance(value, str)}
        setting = setting_of(run.exposure, run.plan, run.scenarios)
        offer = offers_of(InstrumentTerms("deal", kind, numbers, words), setting)[0]
        choice = InstrumentChoice(
            offer=offer,
            quantity=quantity,
            continuous=quantity,
            premium=offer.premium_per_unit * quantity,
            transaction_cost=FEE,
            initial_margin=offer.margin_per_unit * quantity,
            mean_gain=float(gain_by_month(offer, setting).sum(axis=1).mean()) * quantity,
            cover_mtok=float(cover_mtok(offer, setting).sum()) * quantity,
            reason="lowers the tail",
        )
        return dataclasses.replace(run.plan, choices=(choice,))

    return plan_with


@pytest.fixture(scope="module")
def fixed(chosen):
    return chosen("fixed_price", 3_000.0, price_per_mtok=1.2, first_month="2027-01", last_month="2027-06")


def test_what_a_choice_pays_is_taken_off_the_cost_and_its_fee_is_added(run, fixed):
    paid = run.scenarios.price_per_mtok[:, 2:8] / run.scenarios.cny_per_usd[:, 2:8] - 1.2
    before, after = (hedged_by_month(run.exposure, plan, run.scenarios) for plan in (run.plan, fixed))
    assert (before - after)[:, 2:8] == pytest.approx(3_000.0 * paid - FEE / 6)
    assert np.array_equal(before[:, :2], after[:, :2])
    report = assess(run.exposure, fixed, run.scenarios)
    assert report.hedged.cvar == pytest.approx(measures.cvar(after.sum(axis=1), 0.95), rel=1e-12)
    assert report.months.hedged_mean.sum() == pytest.approx(report.hedged.mean, rel=1e-12)
    assert report.unhedged == run.report.unhedged


def test_the_volume_that_it_covers_counts_as_hedged(run, fixed):
    months = assess(run.exposure, fixed, run.scenarios).months
    assert months.choices_mtok.tolist() == [0.0, 0.0, *[3_000.0] * 6, *[0.0] * 4]
    assert months.hedged_mtok - months.choices_mtok == pytest.approx(run.report.months.hedged_mtok)


def test_a_report_of_futures_alone_has_no_cover_but_theirs(run):
    assert not run.report.months.choices_mtok.any()


@pytest.mark.parametrize("name", ["Price war", "Peak pricing", "Chip shortage", "Demand spike", "CNY move"])
@pytest.mark.parametrize(
    ("kind", "quantity", "terms"),
    [
        ("fixed_price", 3_000.0, {"price_per_mtok": 1.2}),
        ("take_or_pay", 9_000.0, {"price_per_mtok": 1.2, "mtok_per_month": 60_000.0, "steps": 1.0}),
        ("cap", 5.0, {"strike": 10.0}),
        ("routing", 1.0, {"most_share": 0.3, "cost_per_mtok": 0.7}),
        ("stack_and_roll", 4.0, {"most_lots": 9.0}),
        ("fx_forward", 100_000.0, {}),
    ],
)
def test_a_stress_values_it_on_the_shocked_scenarios(run, chosen, name, kind, quantity, terms):
    plan = chosen(kind, quantity, **terms)
    shock = next(s for s in shocks(run.exposure, run.scenarios, "USD") if s.name == name)
    moved = shocked_scenarios(shock, run.exposure, run.scenarios, paths=True)
    result = next(s for s in assess(run.exposure, plan, run.scenarios).stresses if s.name == name)
    expected = hedged_by_month(run.exposure, plan, moved).sum(axis=1).mean()
    assert result.total_cost == pytest.approx(expected, rel=1e-9)
    assert result.regret == pytest.approx(result.total_cost - result.physical_cost)


def test_dearer_accelerators_are_what_a_future_on_them_is_for(run):
    rent = np.full(run.scenarios.price_per_mtok.shape, 2.0)
    scenarios = dataclasses.replace(run.scenarios, drivers={"gpu_rent": rent, "power": rent})
    shock = next(s for s in shocks(run.exposure, scenarios, "USD") if s.name == "Chip shortage")
    moved = shocked_scenarios(shock, run.exposure, scenarios)
    assert moved.drivers["gpu_rent"] == pytest.approx(1.38 * rent)
    assert moved.drivers["power"] is scenarios.drivers["power"]
    assert shocked_scenarios(Shock("half", "", price=0.5), run.exposure, scenarios).drivers == scenarios.drivers


def test_what_has_a_margin_is_called_for_in_a_price_war_and_what_has_none_is_not(run, chosen, fixed):
    def called(plan):
        report = assess(run.exposure, plan, run.scenarios)
        return next(s.margin_call for s in report.stresses if s.name == "Price war")

    futures = next(s.margin_call for s in run.report.stresses if s.name == "Price war")
    assert called(fixed) == futures > 0
    stack = chosen("stack_and_roll", 4.0, most_lots=9.0)
    setting = setting_of(run.exposure, stack, run.scenarios)
    shock = next(s for s in shocks(run.exposure, run.scenarios, "USD") if s.name == "Price war")
    moved = dataclasses.replace(setting, scenarios=shocked_scenarios(shock, run.exposure, run.scenarios, paths=True))
    offer = stack.choices[0].offer
    lost = 4.0 * (gain_by_month(offer, setting) - gain_by_month(offer, moved)).sum(axis=1).mean()
    assert called(stack) == pytest.approx(futures + lost)


def test_margin_is_of_futures_and_choices_together(run, chosen):
    stack = chosen("stack_and_roll", 4.0, most_lots=9.0)
    report = assess(run.exposure, stack, run.scenarios)
    assert report.margin.initial == pytest.approx(run.plan.initial_margin.sum() + stack.choices[0].initial_margin)


def test_the_worst_call_adds_what_a_choice_calls_for_on_each_date(run, chosen):
    stack = chosen("stack_and_roll", 4.0, most_lots=9.0)
    none = np.zeros(len(run.plan.contracts))
    alone = dataclasses.replace(stack, lots=none, held_lots=none, initial_margin=none)
    setting = setting_of(run.exposure, stack, run.scenarios)
    expected = np.maximum(4.0 * calls(stack.choices[0].offer, setting).max(axis=1), 0.0)
    assert worst_calls(alone, run.scenarios, run.exposure) == pytest.approx(expected, abs=1e-6)
    # With the futures' own calls the worst date may be another one: never more than both at their worst.
    together = worst_calls(stack, run.scenarios, run.exposure)
    futures = worst_calls(run.plan, run.scenarios)
    assert np.all(together <= futures + expected + 1e-6)
    assert together.mean() > futures.mean()


def test_without_the_exposure_only_futures_call(run, chosen):
    stack = chosen("stack_and_roll", 4.0, most_lots=9.0)
    assert liquidity_at_risk(stack, run.scenarios) == liquidity_at_risk(run.plan, run.scenarios)


def test_a_run_with_choices_is_told_written_and_read_back(run, fixed):
    made = dataclasses.replace(run, plan=fixed, scenarios=None)
    (told,) = made.as_json()["choices"]
    assert (told["code"], told["kind"], told["quantity"], told["unit"]) == (
        "deal",
        "fixed_price",
        3_000.0,
        "M STU/month",
    )
    assert told["numbers"]["price_per_mtok"] == 1.2
    assert "deal (fixed price): 3,000 M STU/month, covers 18,000 Mtok" in made.plan.summary()
    assert HedgeRun.from_record(made.record()).plan.choices == fixed.choices
    assert run.as_json()["choices"] == []


ALLOWED = (
    InstrumentTerms("deal", "fixed_price", {"discount": 0.02, "mtok_per_month": 3_000.0}),
    InstrumentTerms("reserve", "take_or_pay", {"discount": 0.05, "financing_rate": 0.04}, {"payment": "prepaid"}),
    InstrumentTerms("batch", "batch", {"eligible_share": 0.2, "setup_cost": 2_000.0}),
    InstrumentTerms("cap", "cap", {"strike_share": 1.2}, {"last_month": "2027-04"}),
    InstrumentTerms("stack", "stack_and_roll", {"most_lots": 10.0, "roll_cost_per_mtok": 0.01}),
    InstrumentTerms("renminbi", "fx_forward"),
)


@pytest.fixture(scope="module")
def several(make_desk):
    """A whole run that may use several instruments, its cost measured by Sobol points."""
    desk = make_desk()
    names = ("futures", *(terms.name for terms in ALLOWED))
    program = dataclasses.replace(desk.program, terms=ALLOWED, instruments=names, lots="fractional")
    settings = dataclasses.replace(desk.settings, scenarios=1_024, sampling="sobol")
    return pipeline.run(make_desk(program=program, settings=settings))


def test_the_plans_objective_is_of_the_very_cost_that_the_report_tells(several):
    report, plan = several.report, several.plan
    assert {choice.offer.name for choice in plan.choices} >= {"batch", "stack"}
    told = report.hedged.mean + plan.program.risk_weight * report.hedged.cvar
    assert plan.certificate.objective == pytest.approx(told, rel=1e-9)


def test_a_run_that_may_roll_a_stack_keeps_the_paths_that_it_needs(several):
    assert several.scenarios.margin_dates.size == 12
    assert several.report.margin.liquidity_at_risk > 0


def test_a_plan_with_a_stack_can_be_measured_sharply(several):
    precise, report = several.report.precise.hedged, several.report.hedged
    # Two independent estimates of one mean: four standard errors of their difference.
    error = np.hypot(precise.mean_standard_error, report.standard_error)
    assert abs(precise.mean - report.mean) < 4 * error
