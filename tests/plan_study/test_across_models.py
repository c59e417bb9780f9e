"""Plans over price models: each is best where it was made, and the least bad ones are least bad."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.run import HedgeRun
from hedgedesk.domain.strategies import ModelPlans
from hedgedesk.domain.values import from_plain, to_plain
from hedgedesk.plan_study.across_models import across_models, under
from hedgedesk.plan_study.judged import statement_of

NAMES = ("RandomWalk", "Bootstrap", "JumpDiffusion", "TwoFactor")


@pytest.fixture(scope="module")
def found(planned: HedgeRun, quoted_market) -> ModelPlans:
    return across_models(planned, quoted_market, names=NAMES)


@pytest.fixture(scope="module")
def same(planned: HedgeRun) -> float:
    """Every objective is proved to 1e-6 of itself or of the cost's deviation, so a difference to twice that."""
    cost = planned.report.unhedged
    return 2e-6 * (cost.mean + cost.cvar)


def test_a_model_that_the_history_does_not_identify_is_left_out_in_words(found):
    assert found.models[0] == "RandomWalk", "the run's own comes first"
    assert "TwoFactor" in found.refused
    assert found.refused["TwoFactor"]
    assert set(found.models) | set(found.refused) == set(NAMES)
    assert len(found.models) >= 2
    assert found.plans == (*found.models, "minimax_regret", "robust", "proposed")


def test_no_plan_beats_a_models_own_under_that_model(found, same):
    assert (found.regret >= -same).all()
    assert np.diag(found.regret) == pytest.approx(np.zeros(len(found.models)))


def test_minimax_regret_has_the_least_worst_regret(found, same):
    worst = dict(zip(found.plans, found.worst_regret, strict=True))
    inside = [worst[name] for name in found.plans if name != "proposed"]
    assert worst["minimax_regret"] <= min(inside) + same
    assert worst["minimax_regret"] <= worst["proposed"] + same


def test_the_robust_plan_has_the_least_worst_cost(found, same):
    worst = dict(zip(found.plans, found.objective.max(axis=1), strict=True))
    assert worst["robust"] <= min(worst.values()) + same


def test_the_runs_own_plan_and_objective_are_those_of_its_certificate(found, planned, same):
    certificate = planned.plan.certificate
    assert found.objective[0, 0] == pytest.approx(certificate.objective, abs=same)
    rounded = found.objective[found.plans.index("proposed"), 0]
    assert rounded == pytest.approx(certificate.objective + planned.plan.rounding_cost, abs=same)
    assert found.positions[found.plans.index("proposed")].tolist() == planned.plan.position.tolist()
    assert found.columns == tuple(contract.code for contract in planned.plan.contracts)


def test_every_plan_keeps_the_rules_of_the_run(found, planned):
    statement = statement_of(planned, planned.scenarios)
    for position in found.positions:
        assert statement.keeps(position - statement.columns.held)


def test_under_its_own_scenarios_the_programme_is_the_same(planned):
    statement = statement_of(planned, planned.scenarios)
    again = under(statement, planned, planned.scenarios)
    assert np.array_equal(again.cost, statement.problem.cost)
    assert np.array_equal(again.payoff, statement.problem.payoff)
    assert again.A is statement.problem.A


def test_plans_are_read_back_as_they_were_written(found):
    again = from_plain(ModelPlans, to_plain(found))
    assert again.objective.tolist() == found.objective.tolist()
    assert (again.models, again.plans, again.refused) == (found.models, found.plans, found.refused)
    assert "minimax_regret" in again.summary()
    assert "left out: TwoFactor" in again.summary()


def test_progress_names_the_model_and_never_goes_back(planned, quoted_market):
    told = []
    across_models(planned, quoted_market, names=("RandomWalk",), tick=lambda done, text: told.append((done, text)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert "Planning under RandomWalk" in {text for _, text in told}


def test_a_name_that_is_no_models_is_refused(planned, quoted_market):
    with pytest.raises(InputError, match="no price model is called"):
        across_models(planned, quoted_market, names=("Oracle",))


def test_the_least_bad_plans_keep_the_limit_on_the_tail_that_the_proposed_plan_breaks(planned, quoted_market):
    limit = 0.99 * planned.report.hedged.cvar
    program = dataclasses.replace(planned.plan.program, budget=limit, budget_at_risk=0.0, credit_line=None, bands=())
    run = dataclasses.replace(planned, plan=dataclasses.replace(planned.plan, program=program))
    found = across_models(run, quoted_market, names=("RandomWalk",))
    statement = statement_of(run, planned.scenarios)
    inside = [statement.keeps(position - statement.columns.held) for position in found.positions]
    assert found.plans == ("RandomWalk", "minimax_regret", "robust", "proposed")
    assert inside == [True, True, True, False]
