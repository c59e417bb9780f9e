"""The level bundle with limits on tails, paths, trades and spread: proved over all scenarios, warm as cold."""

from __future__ import annotations

import dataclasses
import tracemalloc

import numpy as np
import pytest

from hedgedesk.domain.errors import Infeasible, InputError
from hedgedesk.hedging import cvar
from hedgedesk.hedging.solver.bundle.compiled import compiled
from hedgedesk.hedging.solver.bundle.level import by_osqp, direct
from hedgedesk.hedging.solver.bundle.solve import Broken, solve
from hedgedesk.hedging.solver.bundle.start import Warm, drawn
from hedgedesk.hedging.solver.problem import CvarProblem, TailRule, cvar_of, tail_weights

MANY, N, DATES = 8_000, 12, 4


@pytest.fixture(scope="module")
def plan() -> CvarProblem:
    """A mean-CVaR plan of twelve contracts with a margin path, a turnover rule and a fee on both sides."""
    random = np.random.default_rng(7)
    factor = random.standard_normal((MANY, 1))
    payoff = factor + 0.5 * np.cumsum(random.standard_normal((MANY, N)), axis=1) / np.sqrt(N)
    cost = 50.0 + payoff @ random.uniform(0.5, 2.0, N) + random.standard_exponential(MANY)
    steps = np.linspace(0.3, 1.0, DATES)[:, None]
    path = (steps * payoff[:, None, :] + 0.2 * random.standard_normal((MANY, DATES, 1))).astype(np.float32)
    margin = TailRule("margin", np.zeros((MANY, DATES)), path, 0.95, 9.0, 0.0, np.full(N, 0.1))
    return CvarProblem(
        cost=cost,
        payoff=payoff,
        level=0.95,
        mean_weight=1.0,
        cvar_weight=2.0,
        lower=np.full(N, -1.0),
        upper=np.full(N, 3.0),
        transaction_cost=np.full(N, 0.02),
        A=np.ones((1, N)),
        b=np.array([10.0]),
        E=np.empty((0, N)),
        e=np.empty(0),
        bought=np.ones((1, N)),
        sold=np.full((1, N), 2.0),
        traded=np.array([9.0]),
        tails=(margin,),
    )


@pytest.fixture(scope="module")
def found(plan):
    return cvar.certified(plan, solver="bundle")


def budget(plan, limit) -> TailRule:
    return TailRule("budget", plan.cost[:, None], plan.payoff[:, None, :], 0.95, limit)


def test_every_rule_is_kept_over_all_scenarios_and_the_gap_is_proved(plan, found):
    h = found.position
    assert found.objective == pytest.approx(plan.objective(h), rel=1e-12)
    assert 0.0 <= found.gap <= 1e-6
    assert plan.tails[0].tail_mean(h) <= 9.0 * (1 + 1e-8)
    assert np.maximum(h, 0.0).sum() + 2.0 * np.maximum(-h, 0.0).sum() <= 9.0 * (1 + 1e-7)
    assert found.tail_prices[0] > 0.0


def test_no_position_that_keeps_the_rules_is_below_the_bound(plan, found):
    random = np.random.default_rng(1)
    tried = [found.position * share for share in np.linspace(0.0, 1.0, 11)]
    tried += list(random.uniform(0.0, 0.7, (150, N)))
    kept = [h for h in tried if plan.tails[0].tail_mean(h) <= 9.0 and np.abs(h).sum() <= 9.0]
    assert len(kept) > 20
    assert min(plan.objective(h) for h in kept) >= found.lower_bound


@pytest.mark.parametrize("change", ["limit", "turnover", "upper"])
def test_a_price_is_what_one_unit_more_saves(plan, change):
    """The objective is convex in a limit: its two one-sided differences bracket the price."""
    step = 0.02

    def at(more):
        moved = {
            "limit": {"tails": (dataclasses.replace(plan.tails[0], limit=9.0 + more),)},
            "turnover": {"tails": (), "traded": np.array([3.0 + more])},
            "upper": {"tails": (), "upper": plan.upper - np.eye(N)[9] * (2.0 - more)},
        }[change]
        return cvar.certified(dataclasses.replace(plan, **moved), 1e-8, solver="bundle")

    here, less, more = at(0.0), at(-step), at(step)
    price = {"limit": here.tail_prices, "turnover": here.traded_prices, "upper": here.upper_prices}[change]
    price = float(price[9 if change == "upper" else 0])
    slack = 1e-7 * abs(here.objective) / step
    assert (here.objective - more.objective) / step - slack <= price <= (less.objective - here.objective) / step + slack
    assert price > 0.0


@pytest.mark.parametrize(
    "change",
    [
        {"cvar_weight": 5.0},
        {"b": np.array([4.0])},
        {"transaction_cost": np.full(N, 0.2)},
        {"upper": np.full(N, 0.8)},
        {"traded": np.array([6.0])},
    ],
)
def test_a_warm_answer_is_the_cold_one_without_a_draw(plan, found, change):
    asked = dataclasses.replace(plan, **change)
    cold, warm = (solve(asked, asked.lower, asked.upper, 1e-6, start=start) for start in (None, found.warm))
    assert warm.value == pytest.approx(cold.value, rel=2e-6)
    assert warm.value - warm.lower_bound <= 1e-6 * abs(warm.value)
    assert warm.lower_bound <= asked.objective(cold.position) + 1e-9
    assert warm.passes.whole <= 4
    assert warm.passes.near <= 20


def test_another_limit_starts_from_what_is_known(plan, found):
    asked = dataclasses.replace(plan, tails=(dataclasses.replace(plan.tails[0], limit=6.0),))
    warm = cvar.certified(asked, start=found.warm, solver="bundle")
    assert warm.objective == pytest.approx(cvar.certified(asked, solver="bundle").objective, rel=2e-6)
    assert asked.tails[0].tail_mean(warm.position) <= 6.0 * (1 + 1e-8)


def test_tangents_of_other_scenarios_are_not_used(plan, found):
    other = dataclasses.replace(plan, cost=plan.cost[::-1].copy())
    warm = cvar.certified(other, start=found.warm, solver="bundle")
    cold = cvar.certified(other, solver="bundle")
    assert warm.objective == pytest.approx(cold.objective, rel=2e-6)
    assert warm.lower_bound <= cold.objective


def test_a_start_of_another_number_of_positions_is_no_start(plan):
    start = Warm(np.zeros(3))
    assert cvar.certified(plan, start=start, solver="bundle").gap <= 1e-6


@pytest.mark.parametrize("master", ["direct", "cvxpy"])
def test_both_masters_give_the_same_answer(plan, found, master):
    answer = cvar.certified(plan, solver="bundle", master=master)
    assert answer.objective == pytest.approx(found.objective, rel=2e-6)


@pytest.mark.parametrize("master", [direct, by_osqp, compiled])
def test_every_master_proposes_within_rules_and_box(plan, master):
    answer = solve(plan, plan.lower, plan.upper, 1e-5, master=master)
    assert answer.value - answer.lower_bound <= 1e-5 * abs(answer.value)
    assert np.ones(N) @ answer.position <= 10.0 * (1 + 1e-7)


def test_the_least_deviation_is_that_of_the_normal_equations(plan):
    free = dataclasses.replace(
        plan, variance=True, tails=(), bought=None, sold=None, traded=None, A=np.empty((0, N)), b=np.empty(0),
        lower=np.full(N, -9.0), upper=np.full(N, 9.0),
    )  # fmt: skip
    gain = plan.payoff - plan.payoff.mean(axis=0)
    least = np.linalg.lstsq(gain, plan.cost - plan.cost.mean(), rcond=None)[0]
    assert np.all(np.abs(least) < 9.0)
    answer = cvar.certified(free, solver="bundle")
    assert answer.objective == pytest.approx(free.objective(least), rel=1e-6)
    assert answer.lower_bound <= free.objective(least) * (1 + 1e-12)


def test_a_perfect_hedge_leaves_no_deviation(plan):
    perfect = dataclasses.replace(
        plan, cost=plan.payoff @ np.full(N, 0.5), variance=True, tails=(), traded=np.array([99.0])
    )
    answer = cvar.certified(perfect, solver="bundle")
    assert answer.objective <= 1e-6 * perfect.cost.std()


def test_the_cheapest_plan_stays_within_its_budget_at_risk(plan):
    open_tail = cvar.certified(dataclasses.replace(plan, cvar_weight=1.0, mean_weight=0.0), solver="bundle").cvar
    limit = open_tail + 1.0
    cheapest = dataclasses.replace(plan, cvar_weight=0.0, tails=(*plan.tails, budget(plan, limit)))
    answer = cvar.certified(cheapest, solver="bundle")
    assert answer.cvar == pytest.approx(limit, rel=1e-6)
    assert answer.tail_prices[1] > 0.0


def test_a_tail_rule_that_nothing_keeps_is_named_with_the_limit_it_would_need(plan):
    least = cvar.certified(
        dataclasses.replace(plan, mean_weight=0.0, cvar_weight=1.0, transaction_cost=np.zeros(N), tails=()),
        solver="bundle",
    ).cvar
    asked = dataclasses.replace(plan, tails=(budget(plan, least - 2.0),))
    with pytest.raises(Infeasible) as raised:
        cvar.certified(asked, solver="bundle")
    (short,) = raised.value.shortfalls
    assert (short.rule, short.limit) == ("budget", least - 2.0)
    # The least needed is sought to a share of the rule's size, which is its limit and the spread of the cost.
    assert short.needed == pytest.approx(least, rel=1e-5)


def test_a_tail_rule_that_only_one_position_keeps_is_kept(plan):
    only = dataclasses.replace(plan, tails=(), mean_weight=0.0, cvar_weight=1.0, transaction_cost=np.zeros(N))
    best = cvar.certified(only, 1e-8, solver="bundle")
    asked = dataclasses.replace(plan, cvar_weight=0.0, tails=(budget(plan, best.cvar),))
    answer = cvar.certified(asked, solver="bundle")
    assert answer.cvar <= best.cvar * (1 + 1e-6)


def test_rules_on_trades_that_cannot_be_kept_are_named(plan):
    asked = dataclasses.replace(plan, lower=np.full(N, 1.0), tails=())
    with pytest.raises(Infeasible) as raised:
        cvar.certified(asked, solver="bundle")
    assert {short.rule for short in raised.value.shortfalls} == {"inequality 0", "traded 0"}


def test_a_broken_rule_comes_with_the_least_bad_position(plan):
    told = solve(dataclasses.replace(plan, tails=(budget(plan, 0.0),)), plan.lower, plan.upper, 1e-6)
    assert isinstance(told, Broken)
    assert told.sides[0] == pytest.approx(cvar_of(plan.cost - plan.payoff @ told.position, 0.95), rel=1e-12)


def test_a_draw_has_tighter_limits_and_the_same_rules(plan):
    few = drawn(plan, 500, np.full(N, 0.3))
    assert few.cost.size == 500
    assert few.tails[0].limit < plan.tails[0].limit
    assert few.A is plan.A


def test_all_scenarios_are_asked_a_few_times_only(plan):
    answer = solve(plan, plan.lower, plan.upper, 1e-6)
    assert answer.passes.whole <= 5
    assert answer.passes.near <= 60


def test_a_search_takes_less_memory_than_its_payoffs(plan):
    payoff = np.tile(plan.payoff, (8, 1))
    cost = np.tile(plan.cost, 8)
    for array in (payoff, cost):
        array.setflags(write=False)
    large = dataclasses.replace(plan, cost=cost, payoff=payoff, tails=())
    tracemalloc.start()
    cvar.certified(large, solver="bundle")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < payoff.nbytes


def test_the_least_bad_plan_is_no_worse_anywhere_than_it_says(plan):
    random = np.random.default_rng(5)
    worlds = [plan, dataclasses.replace(plan, cost=plan.cost * 1.2, tails=())]
    worlds.append(dataclasses.replace(plan, payoff=plan.payoff * random.uniform(0.5, 1.0, N), tails=()))
    best = [cvar.certified(world, solver="bundle").objective for world in worlds]
    answer = cvar.least_bad(worlds, best)
    regrets = [world.objective(answer.position) - least for world, least in zip(worlds, best, strict=True)]
    assert answer.objective == pytest.approx(max(regrets), abs=1e-9)
    assert answer.objective - answer.lower_bound <= 1e-6 * max(answer.objective, plan.cost.std())
    for share in np.linspace(0.0, 1.0, 5):
        other = share * cvar.certified(worlds[1], solver="bundle").position
        if plan.tails[0].tail_mean(other) <= 9.0:
            assert max(w.objective(other) - least for w, least in zip(worlds, best, strict=True)) >= answer.lower_bound


def test_cvar_is_the_weighted_mean_of_the_tail(plan):
    for level in (0.5, 0.95, 0.9999):
        weights = tail_weights(plan.cost, level)
        assert cvar_of(plan.cost, level) == pytest.approx(weights @ plan.cost, rel=1e-12)


def few(plan, many=400, **fields) -> CvarProblem:
    """The first scenarios of the plan, without its margin path."""
    cost, payoff = plan.cost[:many].copy(), plan.payoff[:many].copy()
    return dataclasses.replace(plan, **{"cost": cost, "payoff": payoff, "tails": (), **fields})


def test_rules_that_nothing_can_break_are_left_out_and_nothing_is_printed(plan, capfd):
    never = TailRule("never", np.zeros((400, 2)), np.zeros((400, 2, N), dtype=np.float32), 0.95, 1e5, 0.0)
    loose = few(plan, A=np.vstack([plan.A, np.zeros(N), np.ones(N)]), b=np.array([10.0, 5.0, 1e40]), tails=(never,))
    answer = cvar.certified(loose, solver="bundle")
    alone = cvar.certified(few(plan), solver="bundle")
    assert answer.objective == pytest.approx(alone.objective, rel=2e-6)
    assert list(answer.rule_prices[1:]) == [0.0, 0.0]
    assert capfd.readouterr() == ("", "")


def test_limit_at_the_least_tail_there_is_is_kept_by_the_loss_that_is_left(plan):
    # Where the tail is least nearly all of the loss is hedged: it spreads far less than where the search begins.
    random = np.random.default_rng(3)
    slope = plan.payoff[:400, None, :] + 0.01 * random.standard_normal((400, 1, N))
    at = plan.payoff[:400] @ np.full(N, 0.6)
    rule = TailRule("least", at[:, None], slope, 0.9, 0.0)
    alone = few(
        plan, cost=at, payoff=slope[:, 0].copy(), transaction_cost=np.zeros(N), mean_weight=0.0, cvar_weight=1.0
    )
    least = cvar.certified(dataclasses.replace(alone, level=0.9), 1e-9, solver="clarabel")
    tight = few(plan, tails=(dataclasses.replace(rule, limit=least.objective),))
    answer = cvar.certified(tight, solver="bundle")
    loss = at - slope[:, 0] @ answer.position
    assert cvar_of(loss, 0.9) - least.objective <= 1e-6 * (abs(least.objective) + loss.std())


def test_limit_of_nothing_allows_nothing_and_one_below_it_is_named(plan):
    none = TailRule("no credit", np.zeros((400, 1)), -np.abs(plan.payoff[:400, None, :]), 0.95, 0.0)
    long = few(plan, lower=np.zeros(N), bought=None, sold=None, traded=None)
    answer = cvar.certified(dataclasses.replace(long, tails=(none,)), solver="bundle")
    assert np.all(answer.position == 0.0)
    with pytest.raises(Infeasible, match="no credit"):
        cvar.certified(dataclasses.replace(long, tails=(dataclasses.replace(none, limit=-1e-6),)), solver="bundle")


def test_limit_that_is_no_number_is_refused_by_name(plan):
    endless = few(plan, tails=(budget(few(plan), np.inf),))
    with pytest.raises(InputError, match="the limit of budget"):
        cvar.certified(endless)
    with pytest.raises(InputError, match="traded"):
        cvar.certified(few(plan, traded=np.array([np.nan])))


def test_gap_beside_a_certain_cost_is_relative_to_the_objective(plan):
    certain = few(plan, cost=np.full(400, 0.02), A=-np.ones((1, N)), b=np.array([-1.0]), traded=np.array([30.0]))
    answer = cvar.certified(certain, solver="bundle")
    assert answer.gap <= 1e-6
    assert answer.objective == pytest.approx(cvar.certified(certain, solver="clarabel").objective, rel=3e-6)


def test_limit_missed_by_next_to_nothing_is_named_all_the_same(plan):
    least = cvar.certified(few(plan, mean_weight=0.0, transaction_cost=np.zeros(N)), 1e-9, solver="clarabel")
    rule = TailRule("budget", plan.cost[:400, None], plan.payoff[:400, None, :], 0.95, 0.0)
    loss = plan.cost[:400] - plan.payoff[:400] @ least.position
    side = least.objective / 2.0
    short = dataclasses.replace(rule, limit=side - 6e-7 * (abs(side) + loss.std()))
    with pytest.raises(Infeasible, match="budget"):
        cvar.certified(few(plan, tails=(short,)), solver="bundle")


@pytest.mark.parametrize(
    "start",
    [
        Warm(np.full(N, np.nan)),
        Warm(np.full(N, np.inf)),
        Warm(np.zeros(N), inside=np.zeros(N + 3)),
        Warm(np.zeros(N - 1), inside=np.zeros(N - 1)),
    ],
    ids=["no number", "endless", "inside another", "another"],
)
def test_start_that_does_not_fit_is_none(plan, start):
    cold = cvar.certified(few(plan), solver="bundle")
    assert np.array_equal(cvar.certified(few(plan), start=start, solver="bundle").position, cold.position)
