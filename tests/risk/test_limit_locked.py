"""The stress of a market at its daily limit: losses and calls, and when it is told."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk import pipeline
from hedgedesk.domain.book import HedgeBook, Position
from hedgedesk.domain.market import ContractSpec, FuturesContract
from hedgedesk.risk.assess import assess
from hedgedesk.risk.limit_locked import can_lock, days_locked, told_of_locks
from hedgedesk.risk.stress import stress_table

TODAY = np.datetime64("2026-12-01")
FREIGHT = ContractSpec("CNY", 50.0)


@pytest.fixture(scope="module")
def run(make_desk):
    return pipeline.run(make_desk())


@pytest.fixture
def holding(run):
    """The run's plan with two contracts of the freight handbook's example at 900, and so many lots of each."""

    def build(lots, spec=FREIGHT):
        days = (np.datetime64("2027-02-22"), np.datetime64("2027-04-26"))
        contracts = tuple(FuturesContract(spec, day.astype("datetime64[M]"), day) for day in days)
        none = np.zeros(2)
        return dataclasses.replace(
            run.plan,
            contracts=contracts,
            lots=np.array(lots),
            continuous_lots=np.array(lots),
            held_lots=none,
            price_per_mtok=np.array([900.0, 900.0]),
            initial_margin=none,
            transaction_cost=none,
        )

    return build


def test_a_long_plan_loses_what_the_rule_book_says_and_is_called_the_raised_margins(holding):
    locked = days_locked(holding([600.0, 42.0]), TODAY)
    assert locked.lost == pytest.approx([2_889_000.0, 6_269_130.0, 9_662_100.0])
    deposited = 642 * 50 * 900.0 * 0.12
    raised = 642 * 50 * np.array([810.0 * 0.15, 704.7 * 0.17, 599.0 * 0.17])
    assert locked.called == pytest.approx(locked.lost + raised - deposited)


def test_a_short_plan_is_locked_up(holding):
    locked = days_locked(holding([-10.0, 0.0]), TODAY)
    assert locked.lost[0] == pytest.approx(10 * 50 * 90.0)
    assert locked.called[0] == pytest.approx(10 * 50 * (90.0 + 990.0 * 0.15 - 900.0 * 0.12))


def test_lots_of_the_other_side_give_back_what_they_gain_but_not_their_margin(holding):
    locked = days_locked(holding([30.0, -10.0]), TODAY)
    assert locked.lost[0] == pytest.approx(20 * 50 * 90.0)
    assert locked.called[0] == pytest.approx(20 * 50 * 90.0 + 40 * 50 * (810.0 * 0.15 - 900.0 * 0.12))


def test_contracts_without_a_limit_are_never_locked(holding):
    plan = holding([600.0, 42.0], dataclasses.replace(FREIGHT, price_limit=None))
    assert not can_lock(plan.contracts)
    assert not days_locked(plan, TODAY).lost.any()


def test_the_report_tells_it_with_the_contracts_limits_in_the_programmes_currency(run):
    row = next(stress for stress in run.report.stresses if stress.name == "Limit-locked")
    locked = days_locked(run.plan, run.scenarios.as_of)
    assert row.shock == told_of_locks(run.plan.contracts)
    assert "10%, 13%, 15%: the contract's terms" in row.shock
    assert row.physical_cost == pytest.approx(run.report.unhedged.mean, rel=1e-12)
    assert row.hedge_gain == pytest.approx(run.plan.held_gain - locked.lost[-1] / 7.1)
    assert row.margin_call == pytest.approx(locked.called.max() / 7.1)
    assert row.regret == pytest.approx(run.plan.transaction_cost.sum() - row.hedge_gain)


def test_a_lot_held_before_keeps_what_it_has_gained_so_far(make_desk):
    book = HedgeBook((Position(np.datetime64("2026-09-01"), np.datetime64("2027-02"), 12, 8.0, "CNY"),))
    run = pipeline.run(make_desk(book=book))
    row = next(stress for stress in run.report.stresses if stress.name == "Limit-locked")
    lost = days_locked(run.plan, run.scenarios.as_of).lost[-1] / 7.1
    assert run.plan.held_gain > 0
    assert row.hedge_gain == pytest.approx(run.plan.held_gain - lost)


def test_a_plan_without_lots_does_not_feel_it_and_one_without_limits_has_none(run):
    none = np.zeros(len(run.plan.contracts))
    idle = dataclasses.replace(run.plan, lots=none, held_lots=none, held_gain=0.0, transaction_cost=none)
    told = assess(run.exposure, idle, run.scenarios).stresses
    assert "Limit-locked" not in {stress.name for stress in told}
    every = stress_table(run.exposure.after(run.scenarios.as_of), idle, run.scenarios, None, side_by_side=True)
    row = next(stress for stress in every if stress.name == "Limit-locked")
    assert (row.regret, row.margin_call) == (0.0, 0.0)
    free = [
        dataclasses.replace(contract, spec=dataclasses.replace(contract.spec, price_limit=None))
        for contract in run.scenarios.contracts
    ]
    scenarios = dataclasses.replace(run.scenarios, contracts=tuple(free))
    assert "Limit-locked" not in {stress.name for stress in assess(run.exposure, run.plan, scenarios).stresses}
