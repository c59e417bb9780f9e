"""Laws that hold for every desk, tried on many (Hypothesis, fixed seed)."""

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgedesk.domain.book import HedgeBook
from hedgedesk.domain.exposure import Commitment, ConsumptionForecast, Exposure, ForecastLine
from hedgedesk.domain.market import ContractSpec, FuturesContract
from hedgedesk.domain.program import Band, HedgeProgram, StateRules
from hedgedesk.hedging.cvar import minimise_cvar
from hedgedesk.hedging.optimise import optimise
from hedgedesk.hedging.solver.problem import cvar_problem
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.simulate import simulate
from hedgedesk.risk import measures

LAW = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
losses = st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=200).map(np.array)


@pytest.fixture(scope="module")
def desk(make_desk):
    return make_desk(settings=dataclasses.replace(make_desk().settings, scenarios=400))


@pytest.fixture(scope="module")
def exposure(desk):
    return Exposure.open(desk.forecast, desk.commitments).after(desk.market.as_of)


@pytest.fixture(scope="module")
def scenarios(desk, exposure):
    """In the contract's own currency, so that a rescaled currency is one factor everywhere."""
    drawn = simulate(RandomWalk.fit(desk.market), desk.market, exposure, desk.settings)
    return dataclasses.replace(drawn, cny_per_usd=None, cny_per_usd_today=None)


PROGRAM = HedgeProgram(
    currency="CNY",
    risk_weight=1.0,
    credit_line=600_000.0,
    position_limit=80.0,
    transaction_cost_per_mtok=0.04,
    bands=(Band(1, 12, 0.2, 0.7),),
)


def without_currency(exposure):
    return dataclasses.replace(exposure, commitment_currency="CNY")


def total(plan):
    return plan.certificate.objective


@LAW
@given(factor=st.floats(0.01, 100.0))
def test_rescaling_the_currency_leaves_lots_unchanged(exposure, scenarios, factor):
    before = optimise(without_currency(exposure), scenarios, PROGRAM, HedgeBook.empty())
    dear = dataclasses.replace(
        scenarios,
        price_per_mtok=scenarios.price_per_mtok * factor,
        settlement_per_mtok=scenarios.settlement_per_mtok * factor,
        curve=dataclasses.replace(scenarios.curve, price_per_mtok=scenarios.curve.price_per_mtok * factor),
    )
    program = dataclasses.replace(
        PROGRAM,
        credit_line=PROGRAM.credit_line * factor,
        transaction_cost_per_mtok=PROGRAM.transaction_cost_per_mtok * factor,
    )
    dearer = dataclasses.replace(without_currency(exposure), committed_cost=exposure.committed_cost * factor)
    after = optimise(dearer, dear, program, HedgeBook.empty())
    assert after.lots.tolist() == before.lots.tolist()
    assert total(after) == pytest.approx(factor * total(before), rel=1e-6)


@LAW
@given(committed=st.booleans(), weight=st.one_of(st.none(), st.floats(0.0, 10.0)))
def test_zero_exposure_gives_a_zero_plan(desk, committed, weight):
    months = np.arange("2026-11", "2027-11", dtype="datetime64[M]")
    use = 100.0 if committed else 0.0
    lines = tuple(ForecastLine(m, "a", "output", use, spread=0.0) for m in months)
    deals = (Commitment("all", months[0], months[-1], "a", "output", 100.0, 5.0, "CNY"),) if committed else ()
    exposure = Exposure.open(ConsumptionForecast(lines), deals)
    scenarios = simulate(RandomWalk.fit(desk.market), desk.market, exposure, desk.settings)
    program = dataclasses.replace(PROGRAM, risk_weight=weight)
    plan = optimise(exposure, scenarios, program, HedgeBook.empty())
    assert np.all(plan.lots == 0.0)


FLOORS = ("band_min", "no_short")
LIMITS = (
    "credit_line",
    "position_limit",
    "band_max",
    "band_min",
    "over_hedge",
    "turnover_mtok",
    "quota",
    "state_rules",
)


@LAW
@given(rule=st.sampled_from(LIMITS), loosening=st.floats(1.0, 3.0), weight=st.floats(0.1, 5.0))
def test_a_looser_limit_never_worsens_the_objective(exposure, scenarios, rule, loosening, weight):
    tight = dataclasses.replace(PROGRAM, risk_weight=weight, over_hedge=0.6)
    tight = dataclasses.replace(tight, **_at(tight, rule, 1.0))
    loose = dataclasses.replace(tight, **_at(tight, rule, loosening))
    before = optimise(without_currency(exposure), scenarios, tight, HedgeBook.empty())
    after = optimise(without_currency(exposure), scenarios, loose, HedgeBook.empty())
    assert total(after) <= total(before) * (1 + 1e-6)


def _at(program, rule, loosening):
    """The field of ``rule`` with its limit ``loosening`` times as wide."""
    band = program.bands[0]
    return {
        "credit_line": {"credit_line": 600_000.0 * loosening},
        "position_limit": {"position_limit": 80.0 * loosening},
        "band_max": {"bands": (dataclasses.replace(band, max=min(1.0, band.max * loosening)),)},
        "band_min": {"bands": (dataclasses.replace(band, min=band.min / loosening),)},
        "over_hedge": {"over_hedge": 0.6 * loosening},
        "turnover_mtok": {"turnover_mtok": 300_000.0 * loosening},
        "quota": {"quota": 40.0 * loosening},
        "state_rules": {"state_rules": StateRules(annual_share=0.5 * loosening)},
    }[rule]


@LAW
@given(losses=losses, level=st.floats(0.5, 0.99))
def test_cvar_is_at_least_var_is_at_least_the_median(losses, level):
    median = measures.var(losses, 0.5)
    assert measures.cvar(losses, level) >= measures.var(losses, level) >= median


@LAW
@given(losses=losses, level=st.floats(0.05, 0.95), seed=st.integers(0, 2**32 - 1))
def test_shuffling_losses_changes_no_measure(losses, level, seed):
    shuffled = np.random.default_rng(seed).permutation(losses)
    assert measures.var(losses, level) == measures.var(shuffled, level)
    assert measures.cvar(losses, level) == measures.cvar(shuffled, level)


@LAW
@given(seed=st.integers(0, 2**32 - 1))
def test_shuffling_scenarios_changes_no_plan(exposure, scenarios, seed):
    order = np.random.default_rng(seed).permutation(scenarios.count)
    names = ("price_per_mtok", "volume_mtok", "open_mtok", "settlement_per_mtok")
    shuffled = dataclasses.replace(scenarios, **{name: getattr(scenarios, name)[order] for name in names})
    one = optimise(without_currency(exposure), scenarios, PROGRAM, HedgeBook.empty())
    other = optimise(without_currency(exposure), shuffled, PROGRAM, HedgeBook.empty())
    assert other.lots.tolist() == one.lots.tolist()
    assert total(other) == pytest.approx(total(one), rel=1e-6)


@LAW
@given(
    lots=st.integers(-10_000, 10_000),
    multiplier=st.floats(0.5, 5_000.0),
    price_per_point=st.floats(0.01, 100.0),
)
def test_lots_and_mtok_make_a_round_trip(lots, multiplier, price_per_point):
    spec = ContractSpec("CNY", multiplier, price_per_point=price_per_point)
    contract = FuturesContract(spec, np.datetime64("2027-02"), np.datetime64("2027-02-28"))
    assert contract.lots(contract.mtok(float(lots))) == pytest.approx(lots, rel=1e-12)
    assert contract.notional(float(lots), 2.0) == pytest.approx(2.0 * contract.mtok(float(lots)), rel=1e-12)


@LAW
@given(
    seed=st.integers(0, 2**32 - 1),
    tail=st.sampled_from(["normal", "pareto", "rounded"]),
    weight=st.one_of(st.none(), st.floats(0.1, 20.0)),
    fee=st.floats(0.0, 0.5),
)
def test_every_solution_is_certified_and_every_cut_underestimates(seed, tail, weight, fee):
    random = np.random.default_rng(seed)
    payoff = random.standard_normal((300, 4))
    noise = {
        "normal": random.standard_normal,
        "pareto": lambda n: random.pareto(2.5, n),
        "rounded": random.standard_normal,
    }
    cost = payoff @ random.uniform(0.0, 3.0, 4) + noise[tail](300)
    if tail == "rounded":
        cost, payoff = np.round(cost), np.round(payoff)
    rules = ([[1.0, 1.0, 1.0, 1.0]], [5.0])
    found = minimise_cvar(
        cost, payoff, level=0.9, risk_weight=weight, lower=0.0, upper=2.0, transaction_cost=fee, inequalities=rules
    )
    assert found.gap <= 1e-6 or found.objective - found.lower_bound <= 1e-6 * cost.std()
    problem = cvar_problem(cost, payoff, 0.9, weight, 0.0, 2.0, fee, rules, None)
    here, there = random.uniform(0.0, 1.25, (2, 4))
    weights = problem.tail_weights(cost - payoff @ here)
    assert weights @ (cost - payoff @ there) <= measures.cvar(cost - payoff @ there, 0.9) + 1e-9
    assert problem.objective(there) >= found.lower_bound - 1e-9


@LAW
@given(
    rule=st.sampled_from(["turnover_mtok", "quota", "state_rules", "credit_line"]),
    loosening=st.floats(1.0, 1.3),
)
def test_whole_lots_cost_no_less_than_their_bound_and_keep_every_limit(exposure, scenarios, rule, loosening):
    program = dataclasses.replace(PROGRAM, **_at(PROGRAM, rule, loosening))
    plan = optimise(without_currency(exposure), scenarios, program, HedgeBook.empty())
    assert np.array_equal(plan.lots, np.round(plan.lots))
    assert plan.rounding_cost >= 0.0
    for use in plan.limits:
        sign = -1.0 if use.rule in FLOORS else 1.0
        assert sign * use.used <= sign * use.limit + 1e-6 * max(1.0, abs(use.limit))
