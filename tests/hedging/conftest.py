"""The small desk of all tests with its exposure and scenarios, and its programme stated with other rules."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.exposure import Exposure
from hedgedesk.hedging.programme.statement import stated
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.simulate import simulate


@pytest.fixture(scope="session")
def small_desk(make_desk):
    desk = make_desk()
    return dataclasses.replace(desk, settings=dataclasses.replace(desk.settings, margin_grid="monthly"))


@pytest.fixture(scope="session")
def small_exposure(small_desk):
    return Exposure.open(small_desk.forecast, small_desk.commitments).after(small_desk.market.as_of)


@pytest.fixture(scope="session")
def small_scenarios(small_desk, small_exposure):
    market = small_desk.market
    return simulate(RandomWalk.fit(market), market, small_exposure, small_desk.settings)


@pytest.fixture
def state(small_desk, small_exposure, small_scenarios):
    """State the small desk's programme without bands and credit line, with the fields given.

    ``contract`` replaces terms of every contract.
    """

    def build(contract=None, book=small_desk.book, **program):
        scenarios = small_scenarios
        if contract is not None:
            specs = [dataclasses.replace(c.spec, **contract) for c in scenarios.contracts]
            changed = [dataclasses.replace(c, spec=spec) for c, spec in zip(scenarios.contracts, specs, strict=True)]
            scenarios = dataclasses.replace(scenarios, contracts=tuple(changed))
        asked = dataclasses.replace(small_desk.program, **{"bands": (), "credit_line": None, **program})
        return stated(small_exposure, scenarios, asked, book)

    return build


@pytest.fixture
def named():
    """The rules of a statement that have a name."""

    def pick(statement, name):
        return {rule.where: rule for rule in statement.rules if rule.name == name}

    return pick


@pytest.fixture
def lots_of():
    """(n,) a trade of so many lots in one column and none in the others."""

    def trade(statement, k, lots):
        return lots * np.eye(statement.columns.count)[k]

    return trade
