"""Rockafellar and Uryasev (2000), Optimization of Conditional Value-at-Risk, tables 1-4.

Three assets, monthly returns jointly normal, no short sales, mean return of at least 0.011. For normal losses with that
constraint binding, the minimum-CVaR portfolio is the minimum-variance one; the paper prints weights, VaR and CVaR.

The sample has the printed mean and covariance exactly, so a portfolio's mean and deviation carry no sampling error and
what is left is that of the tail's shape: the bounds below are four of the measures' standard errors.
"""

import numpy as np
import pytest

from hedgedesk.hedging.cvar import minimise_cvar
from hedgedesk.risk import measures

MEAN = np.array([0.010111, 0.0043532, 0.0137058])
COVARIANCE = np.array(
    [
        [0.00324625, 0.00022983, 0.00420395],
        [0.00022983, 0.00049937, 0.00019247],
        [0.00420395, 0.00019247, 0.00764097],
    ]
)
LEAST_RETURN = 0.011
WEIGHTS = np.array([0.452013, 0.115573, 0.432414])
VAR = {0.90: 0.067847, 0.95: 0.0902, 0.99: 0.132128}
CVAR = {0.90: 0.096975, 0.95: 0.115908, 0.99: 0.152977}
SAMPLE = 20_000


@pytest.fixture(scope="module")
def returns():
    random = np.random.default_rng(20000213)
    half = random.standard_normal((SAMPLE // 2, 3))
    drawn = np.vstack([half, -half])
    drawn -= drawn.mean(axis=0)
    whitened = drawn @ np.linalg.inv(np.linalg.cholesky(np.cov(drawn.T, bias=True))).T
    return MEAN + whitened @ np.linalg.cholesky(COVARIANCE).T


def test_the_sample_has_the_printed_moments(returns):
    assert returns.mean(axis=0) == pytest.approx(MEAN, rel=1e-12)
    assert np.cov(returns.T, bias=True) == pytest.approx(COVARIANCE, rel=1e-9)


@pytest.mark.parametrize("level", [0.90, 0.95, 0.99])
def test_minimum_cvar_portfolios_meet_tables_1_to_4(returns, level):
    found = minimise_cvar(
        np.zeros(SAMPLE),
        returns,
        level=level,
        lower=0.0,
        equalities=([[1.0, 1.0, 1.0]], [1.0]),
        inequalities=([-MEAN], [-LEAST_RETURN]),
    )
    loss = -returns @ found.position
    assert found.gap <= 1e-6
    assert found.position.sum() == pytest.approx(1.0, abs=1e-7)
    assert MEAN @ found.position >= LEAST_RETURN - 1e-8
    assert found.cvar == pytest.approx(CVAR[level], abs=4 * measures.cvar_standard_error(loss, level))
    assert found.var == pytest.approx(VAR[level], abs=4 * measures.var_standard_error(loss, level))
    # The objective is flat at its minimum: near it CVaR grows with the square of the distance, so a CVaR within its
    # error leaves the weights an error of the order of its square root. Along the one free direction of the portfolio:
    direction = np.cross([1.0, 1.0, 1.0], MEAN)
    direction /= np.linalg.norm(direction)
    sigma = np.sqrt(WEIGHTS @ COVARIANCE @ WEIGHTS)
    curvature = CVAR[level] / sigma**2 * (direction @ COVARIANCE @ direction)
    reach = np.sqrt(2 * 4 * measures.cvar_standard_error(loss, level) / curvature)
    assert np.abs(found.position - WEIGHTS).max() <= reach


def test_the_printed_portfolio_has_the_printed_risk(returns):
    loss = -returns @ WEIGHTS
    for level in (0.90, 0.95, 0.99):
        assert measures.cvar(loss, level) == pytest.approx(
            CVAR[level], abs=4 * measures.cvar_standard_error(loss, level)
        )
        assert measures.var(loss, level) == pytest.approx(VAR[level], abs=4 * measures.var_standard_error(loss, level))
