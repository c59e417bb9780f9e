import numpy as np
import pytest

from hedgedesk.domain.errors import Infeasible, InputError, PlanError
from hedgedesk.hedging.cvar import minimise_cvar
from hedgedesk.hedging.solver.certificate import lagrangian_bound
from hedgedesk.hedging.solver.problem import SolverAnswer, cvar_problem
from hedgedesk.risk import measures


@pytest.fixture(scope="module")
def bill():
    """2,000 scenarios of a cost that three contracts offset in part."""
    random = np.random.default_rng(5)
    payoff = random.standard_normal((2_000, 3)) * [1.0, 2.0, 0.5]
    cost = 100.0 + payoff @ [4.0, 1.0, 6.0] + 2.0 * random.standard_exponential(2_000)
    return cost, payoff


def solve(bill, **rules):
    return minimise_cvar(*bill, level=0.95, **rules)


def test_the_optimisers_cvar_equals_the_measures_on_the_same_scenarios(bill):
    found = solve(bill, risk_weight=2.0, lower=0.0, upper=10.0, transaction_cost=0.05)
    loss = bill[0] - bill[1] @ found.position
    assert found.cvar == pytest.approx(measures.cvar(loss, 0.95), rel=1e-8)
    assert found.var == pytest.approx(measures.var(loss, 0.95), rel=1e-8)
    assert found.objective == pytest.approx(loss.mean() + 2.0 * found.cvar + 0.05 * found.position.sum(), rel=1e-12)


@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"risk_weight": 0.0, "lower": -1.0, "upper": 5.0},
        {"risk_weight": 1.0, "lower": 0.0, "upper": 3.0},
        {"risk_weight": 1.0, "lower": 0.0, "inequalities": ([[1.0, 1.0, 1.0]], [4.0])},
        {"lower": 0.0, "upper": 9.0, "equalities": ([[1.0, 1.0, 1.0]], [6.0]), "transaction_cost": [0.1, 0.2, 0.0]},
        {"transaction_cost": 0.3},
    ],
)
def test_every_answer_is_proved_to_a_millionth(bill, rules):
    found = solve(bill, **rules)
    assert found.status == "optimal"
    assert found.lower_bound <= found.objective
    assert found.gap <= 1e-6


def test_no_position_tried_beats_the_lower_bound(bill):
    found = solve(bill, risk_weight=1.0, lower=0.0, upper=8.0)
    problem = cvar_problem(*bill, 0.95, 1.0, 0.0, 8.0, 0.0, None, None)
    tried = np.random.default_rng(1).uniform(0.0, 8.0, (300, 3))
    assert min(problem.objective(h) for h in tried) >= found.lower_bound


def test_a_wrong_dual_gives_a_lower_bound_never_a_false_one(bill):
    problem = cvar_problem(*bill, 0.95, 1.0, 0.0, 8.0, 0.0, ([[1.0, 1.0, 1.0]], [10.0]), None)
    best = minimise_cvar(
        *bill, level=0.95, risk_weight=1.0, lower=0.0, upper=8.0, inequalities=([[1.0, 1.0, 1.0]], [10.0])
    )
    random = np.random.default_rng(2)
    for _ in range(20):
        wrong = SolverAnswer(
            "optimal", best.position, random.exponential(1e-3, 2_000), random.normal(size=1), np.empty(0)
        )
        assert lagrangian_bound(problem, best.position, wrong) <= best.objective + 1e-9


def test_rules_that_contradict_one_another_are_named_with_what_is_missing(bill):
    with pytest.raises(Infeasible) as raised:
        solve(bill, lower=0.0, upper=1.0, inequalities=([[-1.0, -1.0, -1.0]], [-5.0]))
    (short,) = raised.value.shortfalls
    assert short.rule == "inequality 0"
    assert abs(short.needed - short.limit) == pytest.approx(2.0)


def test_an_equality_that_cannot_be_is_told_as_it_was_stated(bill):
    with pytest.raises(Infeasible) as raised:
        solve(bill, lower=0.0, upper=1.0, equalities=([[1.0, 1.0, 1.0]], [5.0]))
    (short,) = raised.value.shortfalls
    assert (short.rule, short.limit, short.needed) == ("equality 0", 5.0, pytest.approx(3.0))


@pytest.mark.parametrize("box", [(1.0, 1.0), (-0.1, 0.1), (0.0, 10.0)])
def test_var_is_that_order_statistic_wherever_the_optimum_lies(bill, box):
    found = solve(bill, lower=box[0], upper=box[1])
    assert found.var == measures.var(bill[0] - bill[1] @ found.position, 0.95)


@pytest.mark.parametrize("factor", [10.0, 1e3, 1e6])
def test_positions_of_any_scale_are_certified_with_a_bound_on_one_side_only(bill, factor):
    found = minimise_cvar(bill[0], bill[1] * [1.0, factor, 1.0 / factor], level=0.95, lower=0.0)
    assert found.gap <= 1e-6


@pytest.mark.parametrize("bounds", [{"lower": np.nan}, {"upper": [None, 1.0, 1.0]}])
def test_a_bound_that_is_not_a_number_is_refused(bill, bounds):
    with pytest.raises(InputError, match="not a number"):
        solve(bill, **bounds)


def test_numbers_whose_squares_do_not_fit_are_refused(bill):
    with pytest.raises(InputError, match=r"below 1e\+100"):
        minimise_cvar(bill[0] * 1e300, bill[1], level=0.95, lower=0.0, upper=1.0)


def test_bounds_that_cross_are_infeasible(bill):
    with pytest.raises(Infeasible, match="bounds cross"):
        solve(bill, lower=2.0, upper=1.0)


def test_a_loss_that_falls_without_end_is_no_plan(bill):
    cost, payoff = bill
    with pytest.raises(PlanError, match="without end"):
        minimise_cvar(cost, np.abs(payoff) + 1.0, level=0.95)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"level": 1.0}, "level must lie"),
        ({"risk_weight": -1.0}, "risk_weight"),
        ({"transaction_cost": -0.1}, "transaction_cost"),
        ({"inequalities": ([[1.0, 1.0]], [1.0])}, "inequalities must be"),
        ({"inequalities": ([[1.0, np.nan, 1.0]], [1.0])}, "not a finite number"),
    ],
)
def test_arguments_that_cannot_be_are_refused(bill, change, message):
    with pytest.raises(InputError, match=message):
        minimise_cvar(*bill, **({"level": 0.95} | change))


def test_a_scenario_that_is_not_a_number_is_refused(bill):
    cost = bill[0].copy()
    cost[3] = np.nan
    with pytest.raises(InputError, match="cost has a value"):
        minimise_cvar(cost, bill[1], level=0.95)


def test_without_contracts_the_cost_is_what_it_is(bill):
    found = minimise_cvar(bill[0], np.empty((2_000, 0)), level=0.95)
    assert found.cvar == pytest.approx(measures.cvar(bill[0], 0.95))
    assert found.gap == 0.0


def test_the_gap_of_a_cost_that_is_nothing_is_a_share_of_what_a_unit_pays(bill):
    found = minimise_cvar(np.zeros(2_000), bill[1], level=0.95, lower=0.0, upper=0.0, transaction_cost=0.1)
    assert found.objective == 0.0
    assert 0.0 <= found.gap <= 1e-6


@pytest.mark.parametrize("share", [1.0, 1e-3])
def test_the_gap_is_relative_to_the_objective_however_small_it_is_beside_its_spread(bill, share):
    cost, payoff = bill[0], bill[1]
    first = minimise_cvar(cost, payoff, level=0.95, lower=0.0, upper=5.0)
    moved = minimise_cvar(cost - (1.0 - share) * first.objective, payoff, level=0.95, lower=0.0, upper=5.0)
    assert moved.objective == pytest.approx(share * first.objective, rel=1e-2)
    assert moved.gap == pytest.approx((moved.objective - moved.lower_bound) / abs(moved.objective), abs=0.0)


def test_tied_scenarios_share_the_tail():
    cost = np.repeat([1.0, 2.0, 3.0, 3.0], 25)
    found = minimise_cvar(cost, np.zeros((100, 1)), level=0.90, lower=0.0, upper=1.0, transaction_cost=1.0)
    assert found.cvar == pytest.approx(3.0)
    assert found.position == pytest.approx([0.0], abs=1e-6)
