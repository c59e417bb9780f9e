"""The options of a plan are reckoned twice more, by formula and by simulation, from the plan alone."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.instruments import InstrumentTerms
from hedgedesk.domain.values import from_plain, to_plain
from hedgedesk.hedging.optimise import optimise
from hedgedesk.hedging.options import asian
from hedgedesk.hedging.options.premium_check import premium_checks
from hedgedesk.hedging.options.premiums import fixing_years
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.simulate import simulate


@pytest.fixture(scope="module")
def capped(make_desk):
    """A plan that takes caps beside futures, at a dealer who charges nothing, and its day."""
    desk = make_desk()
    exposure = Exposure.open(desk.forecast, desk.commitments).after(desk.market.as_of)
    scenarios = simulate(RandomWalk.fit(desk.market), desk.market, exposure, desk.settings)
    terms = InstrumentTerms("winter", "cap", {"strike_share": 1.1, "dealer_spread": 0.0, "financing_rate": 0.03})
    collar = InstrumentTerms("belt", "collar", {"lots": 2.0})
    program = dataclasses.replace(
        desk.program,
        lots="fractional",
        credit_line=30_000.0,
        bands=(),
        terms=(terms, collar),
        instruments=("futures", "winter", "belt"),
    )
    return optimise(exposure, scenarios, program, desk.book), scenarios


def test_formula_and_simulation_agree_on_every_option_taken(capped):
    plan, scenarios = capped
    found = premium_checks(plan, scenarios.as_of)
    assert [check.offer.code for check in found] == [choice.offer.code for choice in plan.choices]
    assert {check.offer.kind for check in found} == {"cap", "collar"}
    for check in found:
        # Two moments miss a mean of lognormal prints by far less than a hundredth of a per cent of the forward.
        room = 4 * check.standard_error + 1e-4 * plan.price_per_mtok.max()
        assert check.simulated == pytest.approx(check.formula, abs=room)
        assert 0 < check.standard_error < 0.01 * plan.price_per_mtok.max()


def test_a_cap_is_checked_at_its_own_strike_prints_and_rate(capped):
    plan, scenarios = capped
    check = next(check for check in premium_checks(plan, scenarios.as_of) if check.offer.kind == "cap")
    k = [contract.code for contract in plan.contracts].index(check.offer.contract)
    years, strike = fixing_years(plan.contracts[k], scenarios.as_of), check.offer.numbers["strike"]
    forward = float(plan.price_per_mtok[k])
    value = asian("call", forward, strike, years, check.volatility, float(np.log(1.03)))
    assert check.formula == pytest.approx(value.price)
    assert check.premium == check.offer.numbers["premium_per_mtok"]
    # The premium is the mean over scenarios of a lognormal price: no charge and no other tail is between them.
    settled = scenarios.settlement_per_mtok[:, k] * (forward / scenarios.settlement_per_mtok[:, k].mean())
    error = np.maximum(settled - strike, 0.0).std() / np.sqrt(settled.size)
    assert check.premium == pytest.approx(check.formula, abs=4 * error)


def test_a_stored_plan_is_checked_as_before_it_was_stored(capped):
    plan, scenarios = capped
    stored = from_plain(type(plan), to_plain(plan))
    numbers = [dataclasses.astuple(check)[1:] for check in premium_checks(stored, scenarios.as_of)]
    assert numbers == [dataclasses.astuple(check)[1:] for check in premium_checks(plan, scenarios.as_of)]


def test_the_check_is_written_down_with_the_greeks(capped):
    plan, scenarios = capped
    told = premium_checks(plan, scenarios.as_of)[0].as_json()
    assert told["code"] == plan.choices[0].offer.code
    assert told["premium_from"] in ("scenarios", "volatility")
    numbers = ("premium", "formula", "simulated", "standard_error", "volatility", "delta", "gamma", "vega", "theta")
    assert all(np.isfinite(told[name]) for name in numbers)
    assert told["delta"] == plan.choices[0].offer.numbers["delta"] > 0


def test_a_plan_without_options_has_nothing_to_check(capped):
    plan, scenarios = capped
    assert premium_checks(dataclasses.replace(plan, choices=()), scenarios.as_of) == ()
