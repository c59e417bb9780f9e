import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.book import HedgeBook, Position
from hedgedesk.domain.errors import BookError, Infeasible
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.program import Band
from hedgedesk.hedging.optimise import optimise
from hedgedesk.hedging.programme.columns import Held
from hedgedesk.hedging.programme.statement import stated
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.simulate import simulate
from hedgedesk.risk import measures


@pytest.fixture(scope="module")
def desk(make_desk):
    return make_desk()


@pytest.fixture(scope="module")
def exposure(desk):
    return Exposure.open(desk.forecast, desk.commitments).after(desk.market.as_of)


@pytest.fixture(scope="module")
def scenarios(desk, exposure):
    return simulate(RandomWalk.fit(desk.market), desk.market, exposure, desk.settings)


@pytest.fixture(scope="module")
def plan(desk, exposure, scenarios):
    return optimise(exposure, scenarios, desk.program, desk.book)


def hedged_cost(exposure, scenarios, plan):
    cost = scenarios.cost_by_month(exposure, "USD").sum(axis=1)
    return cost - scenarios.gain_per_lot("USD") @ plan.position


def kept(exposure, scenarios, plan):
    held = Held(plan.held_lots, plan.held_gain)
    return stated(exposure, scenarios, plan.program, held).keeps(plan.lots)


def test_the_plan_is_in_whole_lots_and_keeps_every_rule(exposure, scenarios, plan):
    assert np.array_equal(plan.lots, np.round(plan.lots))
    assert plan.lots.sum() > 0
    assert kept(exposure, scenarios, plan)


def test_the_certificate_is_of_the_continuous_programme_and_rounding_costs_the_rest(exposure, scenarios, plan):
    loss = hedged_cost(exposure, scenarios, plan)
    fees = plan.transaction_cost.sum()
    objective = loss.mean() + fees + measures.cvar(loss + fees, 0.95)
    assert plan.certificate.gap <= 1e-6
    assert plan.certificate.objective + plan.rounding_cost == pytest.approx(objective, rel=1e-12)
    assert plan.rounding_cost >= 0
    assert fees == pytest.approx(0.005 * np.abs(plan.lots).sum() * 1_000)


def test_no_single_lot_more_or_less_would_be_better(exposure, scenarios, plan):
    def objective(lots):
        loss = scenarios.cost_by_month(exposure, "USD").sum(axis=1) - scenarios.gain_per_lot("USD") @ lots
        loss += 5.0 * np.abs(lots).sum()
        return loss.mean() + measures.cvar(loss, 0.95)

    best = objective(plan.lots)
    for k in range(plan.lots.size):
        for step in (-1.0, 1.0):
            other = plan.lots.copy()
            other[k] += step
            if kept(exposure, scenarios, dataclasses.replace(plan, lots=other)):
                assert objective(other) >= best - 1e-5 * abs(best)


def test_hedging_lowers_the_tail(exposure, scenarios, plan):
    open_cost = scenarios.cost_by_month(exposure, "USD").sum(axis=1)
    assert measures.cvar(hedged_cost(exposure, scenarios, plan), 0.95) < measures.cvar(open_cost, 0.95)


def test_initial_margin_is_12_percent_of_notional_in_the_programmes_currency(plan, desk):
    expected = 0.12 * 9.5 * 1_000.0 * plan.lots / desk.market.fx.today
    assert plan.initial_margin[1:] == pytest.approx(expected[1:])
    assert plan.initial_margin.sum() <= desk.program.credit_line


def test_a_limit_that_stops_the_plan_is_said_to_bind(desk, exposure, scenarios):
    tight = dataclasses.replace(desk.program, credit_line=40_000.0, bands=())
    plan = optimise(exposure, scenarios, tight, desk.book)
    binding = {use.rule for use in plan.limits if use.binds}
    assert "credit_line" in binding
    assert any("credit line" in reason for reason in plan.reasons)


def test_fractional_lots_are_not_rounded(desk, exposure, scenarios):
    plan = optimise(exposure, scenarios, dataclasses.replace(desk.program, lots="fractional"), desk.book)
    assert plan.rounding_cost == 0.0
    assert np.array_equal(plan.lots[plan.lots != 0], plan.continuous_lots[plan.lots != 0])
    assert not np.array_equal(plan.lots, np.round(plan.lots))


def test_lots_already_held_count_in_cover_margin_and_limits(desk, exposure, scenarios, plan):
    paid = float(plan.price_per_mtok[1])
    held = HedgeBook((Position(np.datetime64("2026-09-01"), plan.contracts[1].delivery_month, 20, paid, "CNY"),))
    again = optimise(exposure, scenarios, desk.program, held)
    assert again.held_lots[1] == 20
    # Trading costs a little, so what is held may stay where the first plan bought a lot less or more.
    assert again.position == pytest.approx(plan.position, abs=3)
    assert kept(exposure, scenarios, again)
    assert again.held_gain == pytest.approx(0.0)


def test_a_gain_already_made_is_told_in_the_programmes_currency(desk, exposure, scenarios, plan):
    paid = float(plan.price_per_mtok[1]) - 2.0
    held = HedgeBook((Position(np.datetime64("2026-09-01"), plan.contracts[1].delivery_month, 20, paid, "CNY"),))
    again = optimise(exposure, scenarios, desk.program, held)
    assert again.held_gain == pytest.approx(20 * 1_000 * 2.0 / desk.market.fx.today)


def test_too_many_lots_held_are_sold_down_to_the_limit(desk, exposure, scenarios, plan):
    month = plan.contracts[2].delivery_month
    held = HedgeBook((Position(np.datetime64("2026-09-01"), month, 300, 9.0, "CNY"),))
    again = optimise(exposure, scenarios, desk.program, held)
    assert again.lots[2] <= -210
    assert kept(exposure, scenarios, again)


def test_a_settled_position_is_set_aside_and_an_unlisted_one_refused(desk, exposure, scenarios):
    old = HedgeBook((Position(np.datetime64("2026-03-01"), np.datetime64("2026-08"), 5, 9.0, "CNY"),))
    assert np.all(optimise(exposure, scenarios, desk.program, old).held_lots == 0)
    odd = HedgeBook((Position(np.datetime64("2026-03-01"), np.datetime64("2027-03"), 5, 9.0, "CNY"),))
    with pytest.raises(BookError, match=r"2027-03.*listed are 2026-12"):
        optimise(exposure, scenarios, desk.program, odd)


def test_rules_that_contradict_one_another_are_named_with_what_each_alone_would_have_to_give(desk, exposure, scenarios):
    program = dataclasses.replace(
        desk.program, credit_line=10_000.0, bands=(Band(1, 12, 0.6, 0.75),), lots="fractional"
    )
    with pytest.raises(Infeasible, match="any one of these 2 kinds") as raised:
        optimise(exposure, scenarios, program, desk.book)
    line, *floors = raised.value.shortfalls
    assert line.rule == "credit line for initial margin"
    assert line.limit == 10_000.0
    assert all("least cover" in short.rule and short.needed < short.limit for short in floors)
    # What is named is enough, and less is not.
    optimise(exposure, scenarios, dataclasses.replace(program, credit_line=line.needed * 1.0001), desk.book)
    with pytest.raises(Infeasible):
        optimise(exposure, scenarios, dataclasses.replace(program, credit_line=line.needed * 0.999), desk.book)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"position_limit": 2.0, "bands": (Band(1, 12, 0.5, 0.75),)}, "position limit 2026-12: set at 2, would have"),
        ({"over_hedge": 0.1, "bands": (Band(1, 12, 0.5, 0.75),)}, "over-hedge limit 2026-11"),
        ({"position_limit_by_month": {"2027-02": 0.0}}, "position limit 2027-02: set at 0"),
        ({"bands": (Band(1, 1, 0.7, 0.75), Band(2, 2, 0.0, 0.2))}, "policy band, least cover 2026-11"),
    ],
)
def test_rules_of_one_contract_that_contradict_are_named_too(desk, exposure, scenarios, change, named):
    with pytest.raises(Infeasible) as raised:
        optimise(exposure, scenarios, dataclasses.replace(desk.program, **change), desk.book)
    assert named in str(raised.value)
    assert "e-1" not in str(raised.value)


def test_a_band_too_narrow_for_a_whole_lot_says_so(desk, exposure, scenarios):
    program = dataclasses.replace(desk.program, bands=(Band(1, 12, 0.5001, 0.5002),), credit_line=None)
    with pytest.raises(Infeasible, match="whole lots"):
        optimise(exposure, scenarios, program, desk.book)


def test_months_past_the_last_contract_are_not_hedged_and_no_band_binds_there(make_desk):
    desk = make_desk()
    market = dataclasses.replace(desk.market, contract=dataclasses.replace(desk.market.contract, listed_months=4))
    exposure = Exposure.open(desk.forecast, desk.commitments).after(market.as_of)
    scenarios = simulate(RandomWalk.fit(market), market, exposure, desk.settings)
    plan = optimise(exposure, scenarios, desk.program, desk.book)
    assert [c.code for c in plan.contracts] == ["2026-12", "2027-02"]
    assert not any(use.rule == "band_min" and use.where > "2027-02" for use in plan.limits)
    assert "past the last contract: 2027-03 to 2027-10" in plan.notices[0]


def test_without_any_contract_the_plan_is_empty_and_says_why(make_desk):
    desk = make_desk()
    terms = dataclasses.replace(desk.market.contract, listed_months=1, months=(6,))
    market = dataclasses.replace(desk.market, contract=terms)
    exposure = Exposure.open(desk.forecast, desk.commitments).after(market.as_of)
    scenarios = simulate(RandomWalk.fit(market), market, exposure, desk.settings)
    plan = optimise(exposure, scenarios, desk.program, desk.book)
    assert plan.lots.size == 0
    assert plan.certificate.gap == 0.0
    assert "no contract is listed" in plan.notices[0]


def test_the_over_hedge_rule_holds_hedged_volume_below_the_low_quantile_of_use(desk, exposure, scenarios):
    program = dataclasses.replace(desk.program, bands=(), credit_line=None, position_limit=None, over_hedge=0.5)
    plan = optimise(exposure, scenarios, program, desk.book)
    hedged = (plan.position * plan.mtok_per_lot) @ scenarios.cover_share
    low = np.quantile(scenarios.volume_mtok, 0.10, axis=0)
    assert np.all(hedged <= 0.5 * low * (1 + 1e-9))
    assert any(use.rule == "over_hedge" and use.binds for use in plan.limits)


def test_the_tighter_of_programme_and_venue_limits_the_position(desk, exposure, scenarios):
    contracts = tuple(
        dataclasses.replace(c, spec=dataclasses.replace(c.spec, position_limit=7.0)) for c in scenarios.contracts
    )
    program = dataclasses.replace(desk.program, bands=())
    plan = optimise(exposure, dataclasses.replace(scenarios, contracts=contracts), program, desk.book)
    assert plan.position.max() == 7
    by_month = dataclasses.replace(program, position_limit_by_month={"2027-02": 3.0})
    assert optimise(exposure, scenarios, by_month, desk.book).position[1] == 3
