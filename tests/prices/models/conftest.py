"""Markets that the models themselves have made, so that what they must find is known."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.market import ContractSpec, FuturesHistory, MarketSnapshot, TokenIndex
from hedgedesk.domain.units import month_end, years_between
from hedgedesk.prices.models.jump_diffusion import JumpDiffusion, JumpParameters, SignedJumps
from hedgedesk.prices.models.jump_diffusion.jumps import drift_over
from hedgedesk.prices.models.two_factor import formulas
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters
from hedgedesk.prices.models.two_factor_jumps import TwoFactorJumps

START = np.datetime64("2015-01-02")


@pytest.fixture(scope="session")
def truth():
    """Three price wars and two shortages a year around 10 per Mtok."""
    return JumpParameters(2.0, float(np.log(10.0)), 0.4, 3.0, -0.35, 0.1, 2.0, 0.3, 0.08)


@pytest.fixture(scope="session")
def methods_model():
    """A price that halves or doubles now and then; its numbers are worked out by hand in the tests."""
    six = (0.5, float(np.log(0.25)), 0.1, 0.3, float(np.log(2.0)), 0.1)
    return JumpDiffusion(10.0, JumpParameters(2.0, float(np.log(10.0)), 0.4, *six))


@pytest.fixture(scope="session")
def factor_truth():
    """Factors with jumps, and a newest state that is not known exactly."""
    return TwoFactorJumps(
        TwoFactorParameters(1.5, 0.3, 0.15, 0.3, 0.05, 0.01, 0.1),
        SignedJumps(3.0, -0.25, 0.06, 2.0, 0.22, 0.05),
        np.array([0.1, np.log(9.0)]),
        np.array([[0.01, 0.002], [0.002, 0.004]]),
    )


@pytest.fixture(scope="session")
def index_market():
    """Make a market whose index follows given jump-diffusion parameters: (parameters, steps, days a step, seed)."""

    def make(p, steps=520, days=7, seed=0, *, every=None):
        start = float(np.exp(p.theta + p.jumps.drift / p.kappa))
        gaps = np.full(steps, days) if every is None else every
        dates = START + np.concatenate([[0], np.cumsum(gaps)])
        drawn = JumpDiffusion(start, p).sample(np.random.default_rng(seed), np.cumsum(gaps) / 365.0, 1)[0]
        prices = np.concatenate([[start], np.exp(drawn)])
        return MarketSnapshot(TokenIndex("index", "USD", dates, prices), ContractSpec("USD", 1.0))

    return make


@pytest.fixture(scope="session")
def panel_market():
    """Make a market whose futures follow a given model week by week: (model, weeks, seed)."""

    def make(model, weeks=200, seed=0, noise=0.005):
        random = np.random.default_rng(seed)
        dates = START + 7 * np.arange(weeks)
        states = real_world_states(model, weeks, random)
        months = np.arange(dates[0].astype("datetime64[M]") + 1, dates[-1].astype("datetime64[M]") + 14)
        ends = np.array([month_end(month) for month in months])
        quotes = np.full((weeks, months.size), np.nan)
        for row, date, state in zip(quotes, dates, states, strict=True):
            years = years_between(date, ends)
            quoted = (years > 7 / 365) & (years < 1.05)
            known = TwoFactorJumps(model.factors, model.jump_sizes, state)
            row[quoted] = known.futures(years[quoted]) * np.exp(noise * random.standard_normal(quoted.sum()))
        index = TokenIndex("index", "USD", dates, np.exp(states.sum(axis=1)))
        return MarketSnapshot(index, ContractSpec("USD", 1.0), FuturesHistory("USD", dates, months, quotes))

    return make


def real_world_states(model, weeks, random):
    """(weeks, 2) chi and xi with the real-world drift, jump by jump."""
    p, jumps, gap = model.factors, model.jump_sizes, 7 / 365
    chi, both, xi = formulas.shock_covariance(p, gap)
    root = np.linalg.cholesky(np.array([[chi, both], [both, xi]]))
    states = np.empty((weeks, 2))
    states[0] = 0.0, np.log(10.0)
    for week in range(1, weeks):
        jumped = 0.0
        for rate, mean, spread in jumps.sides:
            count = random.poisson(rate * gap)
            jumped += np.sum(random.normal(mean, spread, count) * np.exp(-p.kappa * gap * random.random(count)))
        shock = root @ random.standard_normal(2)
        left = float(formulas.decay(p, gap)) * states[week - 1, 0]
        states[week, 0] = left - float(drift_over(jumps, p.kappa, gap)) + jumped + shock[0]
        states[week, 1] = states[week - 1, 1] + p.mu_xi * gap + shock[1]
    return states
