"""Why a plan is what it is: its aim, what it gives, what stops it, each with the run's own numbers."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.reports.why import why


def with_program(run, **changes):
    program = dataclasses.replace(run.plan.program, **changes)
    return dataclasses.replace(run, plan=dataclasses.replace(run.plan, program=program))


def with_plan(run, **changes):
    return dataclasses.replace(run, plan=dataclasses.replace(run.plan, **changes))


def told(run):
    return "\n".join(why(run)).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (
            {"risk_weight": None},
            "least worst 5% on average (CVaR 95%) that the rules allow: 15.54 CNY m, against 17.92",
        ),
        ({"risk_weight": 0.5}, "least mean + 0.5 × worst 5% on average (CVaR 95%) that the rules allow: 18.67 CNY m"),
        (
            {"objective": "variance"},
            "least standard deviation of the cost that the rules allow: 2.18 CNY m, against 2.20",
        ),
        (
            {"objective": "cheapest", "budget_at_risk": 2.5e6},
            "cheapest plan on average that keeps the worst 5% on average (CVaR 95%) within 2.50 CNY m above the budget",
        ),
    ],
)
def test_the_aim_is_that_of_the_programme(run, rules, words):
    assert words in told(with_program(run, **rules))


def test_what_the_plan_takes_off_the_tail_and_what_it_costs_are_differences_of_the_report(run):
    text = told(run)
    assert "takes 2.38 CNY m off the worst 5% on average and saves 100.0 CNY k on average, after 2.92 CNY k" in text
    assert "breaking the budget goes from 36% to 30%" in text


def test_a_plan_that_adds_to_the_tail_says_so(run):
    worse = dataclasses.replace(run.report.hedged, cvar=18.0e6, mean=11.1e6)
    text = told(dataclasses.replace(run, report=dataclasses.replace(run.report, hedged=worse)))
    assert "adds 80.00 CNY k to the worst 5% on average and costs 100.0 CNY k on average, 2.92 CNY k of it" in text


def test_lots_bought_and_sold_are_told_with_the_cover_before_and_after(run):
    assert "2,904 lots are bought and 20 lots are sold: cover of the months within reach goes from 24% to 55%" in told(
        run
    )
    none = np.zeros(run.plan.lots.size)
    still = with_plan(run, lots=none, transaction_cost=none)
    assert "Nothing is traded: cover of the months within reach stays at" in told(still)


def test_limits_that_bind_are_told_the_dearest_first_with_what_a_step_saves(run, studies):
    lines = [line.replace("\u00a0", " ") for line in why(studies.with_choices(run))]
    credit = lines.index("Credit line binds, 419,950 of 420,000 CNY: 1 CNY k more would save 1.50 CNY k.")
    floor = (
        "Least cover binds for Jul 2027 and in another place, 25,800, least 25,800 Mtok: "
        "1,000 Mtok less would save 1.20 CNY k."
    )
    assert lines[credit + 1] == floor


def test_a_limit_without_a_value_is_told_without_one(run):
    assert "Credit line binds, 419,950 of 420,000 CNY.\n" in told(run)


def test_a_limit_that_costs_nothing_says_so(run):
    limits = tuple(dataclasses.replace(use, shadow_value=0.0) for use in run.plan.limits)
    assert "Credit line binds, 419,950 of 420,000 CNY: more room would save nothing." in told(
        with_plan(run, limits=limits)
    )


def test_more_limits_than_are_told_one_by_one_are_named(run):
    kinds = ("credit_line", "quota", "turnover", "premium_budget", "liquidity", "position_limit")
    binding = run.plan.limits[-1]
    limits = tuple(dataclasses.replace(binding, rule=rule, shadow_value=float(9 - k)) for k, rule in enumerate(kinds))
    assert "Also binding: Margin along the path, Position limit." in told(with_plan(run, limits=limits))


def test_a_plan_that_nothing_stops_says_so(run):
    free = tuple(dataclasses.replace(use, binds=False) for use in run.plan.limits)
    assert "No rule binds" in told(with_plan(run, limits=free))


def test_other_instruments_are_told_with_premium_gain_and_what_is_left_out(run, studies):
    text = told(studies.with_choices(run))
    assert "winter cap Feb 2027: 12,000 Mtok taken for a premium of 4.80 CNY k; on average it brings 900 CNY." in text
    assert "night batch: 25.0% taken; on average it brings 51.00 CNY k." in text
    assert "Allowed, and nothing taken of: spring floor." in text


def test_the_proof_says_how_much_better_any_other_plan_could_be(run):
    assert why(run)[-1].endswith("in fractions of lots; whole lots add 1.24 CNY k.")
    assert why(with_program(run, lots="fractional"))[-1] == (
        "No plan within the rules can be better by more than <0.001%."
    )


def test_a_desk_without_contracts_has_its_reasons_too(run, edges):
    text = told(edges.without_contracts(run))
    assert "Nothing is traded" in text
