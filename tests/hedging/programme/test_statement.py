"""The programme as arrays: columns of futures and offers, objectives, and what one unit more room saves."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import Infeasible, InputError
from hedgedesk.domain.instruments import InstrumentTerms
from hedgedesk.domain.program import Band, StateRules
from hedgedesk.hedging.cvar import certified
from hedgedesk.hedging.programme.statement import stated

CAP = InstrumentTerms("winter cap", "cap", {"strike_share": 1.05})
DEAL = InstrumentTerms("deal", "fixed_price", {"price_per_mtok": 1.30, "mtok_per_month": 3_000.0})
WITH_CAP = {"terms": (CAP,), "instruments": ("futures", "winter cap")}
WITH_DEAL = {"terms": (DEAL,), "instruments": ("futures", "deal")}


def test_columns_are_the_futures_and_then_the_offers_of_what_is_allowed(state):
    columns = state(terms=(CAP, DEAL), instruments=("futures", "winter cap")).columns
    assert columns.names[:6] == columns.contracts
    assert columns.names[6:] == tuple(f"winter cap {code}" for code in columns.contracts)
    assert columns.payoff.shape == (2_000, 12)
    assert np.array_equal(columns.delivery, columns.contracts * 2)
    assert np.all(columns.premium[6:] > 0)
    assert np.all(columns.premium[:6] == 0)


def test_what_an_offer_covers_counts_in_the_bands(state, named):
    statement = state(bands=(Band(1, 12, 0.3, 0.75),), **WITH_CAP)
    row = named(statement, "band_max")["2026-11"].row
    assert row[0] == row[6] > 0
    assert np.array_equal(np.flatnonzero(row), [0, 6])


def test_a_purchase_settles_the_price_of_its_months_too(state, named):
    statement = state(**WITH_DEAL)
    rule = named(statement, "open_volume")["2026-11"]
    assert rule.row[6] > 0
    assert statement.columns.delivery[6] == ""
    assert not statement.columns.derivative[6]


def test_the_state_rules_count_derivatives_alone_as_new_volume(state, named):
    rows = [
        named(state(state_rules=StateRules(), **more), "annual_share")[""].row[6:] for more in (WITH_CAP, WITH_DEAL)
    ]
    assert np.all(rows[0] == 1_000.0)
    assert np.all(rows[1] == 0.0)


@pytest.mark.parametrize(
    ("rules", "named_in"),
    [
        ({"objective": "cheapest"}, "objective: found cheapest without budget_at_risk"),
        ({"credit_line_level": 0.95}, "credit_line_level: found 0.95 without a credit line"),
        ({"instruments": ("futures", "swap")}, "instruments: found swap"),
        ({"bands": (Band(1, 6, 0.8, 0.5),)}, r"bands\[1\].min: found 0.8; expected at most the band's max, 0.5"),
        ({"bands": (Band(1, 6, 0, 1), Band(6, 9, 0, 1))}, r"bands\[2\].months_ahead: found \[6, 9\]"),
    ],
)
def test_a_programme_that_contradicts_itself_is_refused_by_key(state, rules, named_in):
    with pytest.raises(InputError, match=named_in):
        state(**rules)


def test_every_contradiction_of_a_programme_is_told_at_once(state):
    with pytest.raises(InputError) as raised:
        state(objective="cheapest", credit_line_level=0.9, instruments=("swap",))
    assert [fault.column for fault in raised.value.faults] == ["instruments", "objective", "credit_line_level"]


def test_words_and_numbers_that_are_none_are_refused_at_once(state):
    bad = {"objective": "best", "lots": "some", "quota": float("nan"), "quota_by_month": {"2027-02": float("nan")}}
    with pytest.raises(InputError) as raised:
        state(**bad)
    assert [fault.column for fault in raised.value.faults] == ["objective", "lots", "quota", "quota_by_month 2027-02"]


def test_a_contract_that_has_expired_is_refused_with_its_last_day(small_desk, small_exposure, small_scenarios):
    first = dataclasses.replace(small_scenarios.contracts[0], last_trading_day=np.datetime64("2026-10-28"))
    late = dataclasses.replace(small_scenarios, contracts=(first, *small_scenarios.contracts[1:]))
    with pytest.raises(
        InputError, match="contract:2026-12: found expired on 2026-10-28; expected one after 2026-10-30"
    ):
        stated(small_exposure, late, small_desk.program, small_desk.book)


def test_bounds_of_one_contract_that_cross_are_named_as_rules(state):
    with pytest.raises(Infeasible, match="policy band, least cover 2026-11"):
        state(bands=(Band(1, 1, 0.7, 0.75), Band(2, 2, 0.0, 0.2)))


def test_least_variance_is_asked_without_weights_and_fees(state):
    problem = state(objective="variance").problem
    assert problem.variance
    assert np.all(problem.transaction_cost == 0)


def test_the_cheapest_plan_counts_the_mean_alone_and_keeps_the_tail(state):
    statement = state(objective="cheapest", budget_at_risk=80_000.0)
    assert (statement.problem.mean_weight, statement.problem.cvar_weight) == (1.0, 0.0)
    assert [tail.name for tail in statement.problem.tails] == ["budget_at_risk"]
    assert np.all(statement.problem.transaction_cost == statement.columns.fee)


PRECISE = 1e-8


def objective(state, **rules):
    return certified(state(**rules).problem, PRECISE, solver="bundle").objective


SHADOWED = [
    ("credit_line", "", "credit_line", 60_000.0, 200.0, {}),
    ("position_limit", "2027-02", "position_limit_by_month", 12.0, 0.05, {}),
    ("turnover", "", "turnover_mtok", 60_000.0, 100.0, {}),
    ("premium_budget", "", "premium_budget", 6_000.0, 20.0, WITH_CAP | {"position_limit": 5.0}),
    ("liquidity", "", "credit_line", 90_000.0, 200.0, {"credit_line_level": 0.9}),
    ("budget_at_risk", "", "budget_at_risk", None, 200.0, {"objective": "cheapest", "transaction_cost_per_mtok": 0.3}),
]


@pytest.mark.parametrize(("rule", "where", "key", "limit", "step", "more"), SHADOWED, ids=[s[0] for s in SHADOWED])
def test_a_shadow_value_is_what_a_little_more_room_really_saves(state, rule, where, key, limit, step, more):
    if limit is None:
        # Half-way between the tail of no trade and the least tail there is.
        problem = state(risk_weight=None).problem
        least, open_tail = certified(problem).objective, problem.objective(np.zeros(problem.lower.size))
        limit = 0.5 * (least + open_tail) - 900_000.0

    def with_limit(value):
        return {key: {where: value} if where else value, **more}

    statement = state(**with_limit(limit))
    solution = certified(statement.problem, PRECISE, solver="bundle")
    of_rules, of_tails = statement.shadow_values(solution)
    names = [(r.name, r.where) for r in statement.rules] + [(t.name, "") for t in statement.tails]
    value = [*of_rules, *of_tails][names.index((rule, where))]
    below, above = (objective(state, **with_limit(limit + sign * step)) for sign in (-1, 1))
    saved = (solution.objective - above) / step, (below - solution.objective) / step
    assert value > 0
    # The optimum is convex in the limit: its slopes to either side hold the price between them.
    slack = 2 * PRECISE * abs(solution.objective) / step + 1e-3 * value
    assert saved[0] - slack <= value <= saved[1] + slack


def test_rules_with_room_left_have_no_shadow_value(state):
    statement = state(credit_line=1e9, turnover_mtok=1e9)
    of_rules, _ = statement.shadow_values(certified(statement.problem))
    values = dict(zip([rule.name for rule in statement.rules], of_rules, strict=True))
    assert values["credit_line"] == pytest.approx(0.0, abs=1e-6)
    assert values["turnover"] == pytest.approx(0.0, abs=1e-6)


def test_two_rules_that_set_the_same_bound_save_nothing_alone(state):
    statement = state(position_limit=10.0, quota=10.0)
    of_rules, _ = statement.shadow_values(certified(statement.problem))
    shared = [v for rule, v in zip(statement.rules, of_rules, strict=True) if rule.name in ("position_limit", "quota")]
    assert shared == [0.0] * 12


def test_a_saving_trades_nothing_and_so_turns_nothing_over(state, named):
    batch = InstrumentTerms("night batch", "batch", {"eligible_share": 0.2})
    rule = named(
        state(terms=(batch, DEAL), instruments=("futures", "night batch", "deal"), turnover_mtok=1e6), "turnover"
    )
    row = rule[""].row
    assert np.all(row[:6] == 1_000.0)
    assert row[6] == 0.0
    assert row[7] > 0


def test_a_rolled_stack_is_held_no_longer_than_its_contracts(state, named):
    stack = InstrumentTerms("stack", "stack_and_roll", {"most_lots": 20.0})
    more = {"terms": (stack, CAP), "instruments": ("futures", "stack", "winter cap")}
    closed = named(state(state_rules=StateRules(tenor_months=6), **more), "tenor")
    assert not any(code.startswith("stack") for code in closed)
    assert "winter cap 2027-10" in closed


def test_each_roll_within_the_year_may_count_as_new_volume(state, named):
    stack = InstrumentTerms("stack", "stack_and_roll", {"most_lots": 20.0})
    more = {"terms": (stack,), "instruments": ("futures", "stack")}
    once = named(state(state_rules=StateRules(), **more), "annual_share")[""].row[6]
    rolled = named(state(state_rules=StateRules(rolls_count=True), **more), "annual_share")[""].row[6]
    # Of the rolls up to 2027-10 one falls into 2026, that of the contract of December.
    assert once > 0
    assert rolled == pytest.approx(2 * once)
