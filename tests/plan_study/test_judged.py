"""A run's programme is stated as its plan stated it, and trades are judged in its own columns."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.plan_study.judged import point, solver_of, statement_of, trades_of, unhedged, weighted


def test_the_plan_of_the_run_has_its_own_certificates_objective(planned):
    statement = statement_of(planned, planned.scenarios)
    trades = trades_of(planned.plan, statement)
    certificate, rounding = planned.plan.certificate, planned.plan.rounding_cost
    assert statement.problem.objective(trades) == pytest.approx(certificate.objective + rounding, rel=1e-9)
    assert solver_of(planned) == "auto"


def test_a_weighted_objective_is_mean_and_tail_with_the_fee_in_both(planned):
    statement = statement_of(planned, planned.scenarios)
    trades = trades_of(planned.plan, statement)
    found = point(statement, trades, 3.0)
    assert weighted(statement, 3.0).objective(trades) == pytest.approx(found.mean + 3.0 * found.cvar, rel=1e-12)
    assert weighted(statement, None).objective(trades) == pytest.approx(found.cvar, rel=1e-12)
    assert weighted(statement, 0.0).objective(trades) == pytest.approx(found.mean, rel=1e-12)


def test_positions_are_counted_with_the_book(planned):
    statement = statement_of(planned, planned.scenarios)
    trades = np.arange(1.0, statement.columns.count + 1.0)
    found = point(statement, trades, None)
    assert found.position == tuple(statement.columns.held + trades)
    assert found.lots == sum(found.position)


def test_no_hedge_is_the_bare_cost(planned):
    statement = statement_of(planned, planned.scenarios)
    cost = np.linspace(1.0, 100.0, 100)
    found = unhedged(statement, cost)
    assert (found.mean, found.cvar) == (pytest.approx(50.5), pytest.approx(98.0))
    assert (found.lots, found.initial_margin) == (0.0, 0.0)
