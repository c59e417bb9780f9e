"""Plans over futures and other instruments, under every objective and every rule on tails."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.book import HedgeBook, Position
from hedgedesk.domain.errors import Infeasible
from hedgedesk.domain.instruments import InstrumentTerms
from hedgedesk.domain.program import Band
from hedgedesk.hedging.optimise import optimise
from hedgedesk.hedging.programme.memory import Memory
from hedgedesk.hedging.programme.statement import stated
from hedgedesk.risk import measures

CAP = InstrumentTerms("winter cap", "cap", {"strike_share": 1.05})
DEAL = InstrumentTerms("deal", "fixed_price", {"price_per_mtok": 1.20, "mtok_per_month": 3_000.0})
BESIDE = {"terms": (CAP, DEAL), "instruments": ("futures", "winter cap", "deal"), "position_limit": 5.0}


@pytest.fixture
def best(small_desk, small_exposure, small_scenarios):
    """The small desk's best plan without bands and credit line, with the fields given."""

    def work_out(solver="auto", memory=None, **rules):
        program = dataclasses.replace(small_desk.program, **{"bands": (), "credit_line": None, **rules})
        return optimise(small_exposure, small_scenarios, program, small_desk.book, solver=solver, memory=memory)

    return work_out


@pytest.fixture
def loss_of(small_desk, small_exposure, small_scenarios):
    """(S,) cost of the horizon with a plan, its transaction cost included, and the plan's trades (n,)."""

    def work_out(plan):
        statement = stated(small_exposure, small_scenarios, plan.program, small_desk.book)
        trades = np.concatenate([plan.lots, np.zeros(len(statement.columns.offers))])
        for choice in plan.choices:
            trades[statement.columns.names.index(choice.offer.code)] = choice.quantity
        cost = small_scenarios.cost_by_month(small_exposure, plan.program.currency).sum(axis=1)
        return cost - statement.columns.payoff @ trades + statement.columns.fee @ np.abs(trades), trades, statement

    return work_out


@pytest.fixture(scope="module")
def beside(small_desk, small_exposure, small_scenarios):
    program = dataclasses.replace(small_desk.program, **{"bands": (), "credit_line": None, **BESIDE})
    return optimise(small_exposure, small_scenarios, program, small_desk.book)


def test_what_futures_may_not_hedge_is_hedged_with_other_instruments(beside):
    kinds = {choice.offer.kind for choice in beside.choices}
    assert beside.lots.max() == 5.0
    assert kinds == {"cap", "fixed_price"}


def test_a_choice_tells_what_it_costs_covers_and_gains(beside, loss_of):
    _, _, statement = loss_of(beside)
    for choice in beside.choices:
        j = statement.columns.names.index(choice.offer.code)
        assert choice.premium == pytest.approx(choice.offer.premium_per_unit * choice.quantity)
        assert choice.mean_gain == pytest.approx(statement.columns.payoff[:, j].mean() * choice.quantity)
        assert choice.cover_mtok == pytest.approx(statement.columns.cover_mtok[j].sum() * choice.quantity)
        assert choice.reason


def test_options_are_whole_and_purchases_are_not_cut_to_whole_numbers(beside, loss_of):
    loss, trades, statement = loss_of(beside)
    for choice in beside.choices:
        assert choice.offer.whole == (choice.offer.kind == "cap")
        if choice.offer.whole:
            assert choice.quantity == round(choice.quantity)
    assert statement.keeps(trades)
    value = loss.mean() + measures.cvar(loss, 0.95)
    assert value == pytest.approx(beside.certificate.objective + beside.rounding_cost, rel=1e-9)


def test_a_plan_with_more_instruments_is_never_worse(best, beside):
    alone = best(position_limit=5.0)
    assert beside.certificate.lower_bound <= alone.certificate.objective
    assert beside.certificate.objective < alone.certificate.objective


def test_an_instrument_that_is_described_but_not_allowed_is_not_taken(best):
    plan = best(terms=(CAP,), position_limit=5.0)
    assert plan.choices == ()
    assert np.array_equal(plan.lots, best(position_limit=5.0).lots)


def test_the_premium_budget_holds(best):
    rules = {"terms": (CAP,), "instruments": ("futures", "winter cap"), "position_limit": 5.0}
    plan = best(**rules, premium_budget=4_000.0)
    paid = sum(choice.premium for choice in plan.choices)
    use = next(use for use in plan.limits if use.rule == "premium_budget")
    assert 0 < paid <= 4_000.0
    assert use.used == pytest.approx(paid)
    assert paid < sum(choice.premium for choice in best(**rules).choices)


def test_turnover_holds_for_purchases_and_sales_together(best):
    plan = best(turnover_mtok=30_000.0)
    assert np.abs(plan.lots).sum() * 1_000.0 <= 30_000.0
    assert next(use for use in plan.limits if use.rule == "turnover").binds


def test_of_all_plans_the_least_variance_one_has_the_least(best, loss_of):
    calm = best(objective="variance", lots="fractional", position_limit=None)
    loss, trades, statement = loss_of(calm)
    loss = loss - statement.columns.fee @ np.abs(trades)
    assert calm.certificate.objective == pytest.approx(loss.std())
    for k in range(trades.size):
        for step in (-0.5, 0.5):
            other = trades + step * np.eye(trades.size)[k]
            if statement.keeps(other):
                assert statement.problem.objective(other) >= loss.std() * (1 - 1e-6)
    dear = best(lots="fractional", position_limit=None, transaction_cost_per_mtok=0.3)
    assert loss.std() < loss_of(dear)[0].std()


def test_the_cheapest_plan_within_budget_at_risk_trades_no_more_than_it_must(best, loss_of):
    rules = {"transaction_cost_per_mtok": 0.3, "position_limit": None}
    safest = loss_of(best(risk_weight=None, **rules))[0]
    open_loss = loss_of(best(objective="cheapest", budget_at_risk=1e7, **rules))[0]
    asked = 0.5 * (measures.cvar(safest, 0.95) + measures.cvar(open_loss, 0.95)) - 900_000.0
    cheap = best(objective="cheapest", budget_at_risk=asked, **rules)
    loss = loss_of(cheap)[0]
    assert measures.cvar(loss, 0.95) - 900_000.0 <= asked * (1 + 1e-6)
    assert measures.var(loss, 0.95) - 900_000.0 < asked
    assert open_loss.mean() < loss.mean() < safest.mean()
    use = next(use for use in cheap.limits if use.rule == "budget_at_risk")
    assert use.limit == pytest.approx(asked)


def test_a_tail_that_cannot_be_had_is_named_with_what_can(best):
    with pytest.raises(Infeasible, match="tail of the cost above the budget") as raised:
        best(budget_at_risk=1_000.0, lots="fractional")
    (short,) = raised.value.shortfalls
    assert (short.name, short.limit) == ("budget_at_risk", 1_000.0)
    assert short.needed > 1_000.0
    best(budget_at_risk=short.needed * 1.0001, lots="fractional")
    with pytest.raises(Infeasible):
        best(budget_at_risk=short.needed * 0.999, lots="fractional")


def test_margin_along_the_path_asks_for_more_than_margin_today(best):
    today = best(credit_line=60_000.0)
    path = best(credit_line=60_000.0, credit_line_level=0.95)
    use = next(use for use in path.limits if use.rule == "liquidity")
    assert path.lots.sum() < today.lots.sum()
    assert path.initial_margin.sum() < use.used <= 60_000.0 * (1 + 1e-6)
    assert use.binds


def test_a_line_that_bands_and_paths_cannot_share_is_named(best):
    with pytest.raises(Infeasible, match="credit line for margin along the path") as raised:
        best(credit_line=75_000.0, credit_line_level=0.99, bands=(Band(1, 12, 0.4, 0.75),), lots="fractional")
    assert raised.value.shortfalls[0].needed > 75_000.0


def test_a_credit_line_below_the_margin_of_one_lot_is_told_by_name(best):
    plan = best(credit_line=100.0)
    assert plan.lots.sum() == 0
    assert any("below the initial margin of one lot" in notice for notice in plan.notices)
    with pytest.raises(Infeasible, match="credit line of 100 USD is below the initial margin of one lot") as raised:
        best(credit_line=100.0, bands=(Band(1, 12, 0.3, 0.75),))
    assert "credit_line" in {short.name for short in raised.value.shortfalls}


def test_a_credit_line_below_the_margin_of_one_lot_is_told_beside_a_book_too(best, small_exposure, small_scenarios):
    program = best(credit_line=100.0).program
    bought = Position(small_scenarios.as_of, small_scenarios.contracts[0].delivery_month, 5.0, 9.0, "CNY")
    plan = optimise(small_exposure, small_scenarios, program, HedgeBook((bought,)))
    assert (plan.position == 0).all()
    assert any("below the initial margin of one lot" in notice for notice in plan.notices)
    assert plan.reasons[0] == "credit line"


def test_what_is_remembered_of_the_last_answer_changes_no_later_one(best):
    memory = Memory()
    rules = {"credit_line_level": 0.95, "terms": (CAP,), "instruments": ("futures", "winter cap")}
    best(credit_line=90_000.0, memory=memory, **rules)
    again, fresh = (best(credit_line=70_000.0, memory=each, **rules) for each in (memory, None))
    assert again.certificate.objective == pytest.approx(fresh.certificate.objective, rel=2e-6)
    assert [use.limit for use in again.limits] == [use.limit for use in fresh.limits]


def test_other_instruments_are_not_taken_from_memory(best):
    memory = Memory()
    best(memory=memory)
    plan = best(memory=memory, **BESIDE)
    assert plan.choices


@pytest.mark.parametrize("solver", ["bundle", "clarabel", "highs", "piqp"])
def test_every_solver_finds_the_same_plan(best, solver):
    rules = {"lots": "fractional", "position_limit": 30.0, "credit_line": 60_000.0}
    assert best(solver, **rules).certificate.objective == pytest.approx(best(**rules).certificate.objective, rel=2e-6)


def test_a_reason_names_no_rule_in_which_the_instrument_does_not_count(best):
    rules = {"terms": (CAP,), "instruments": ("futures", "winter cap"), "position_limit": 5.0}
    plan = best(**rules, premium_budget=4_000.0)
    assert all("premium" not in reason for reason in plan.reasons)
    assert any("premium budget" in choice.reason for choice in plan.choices)
    assert any("position limit" in reason for reason in plan.reasons)
