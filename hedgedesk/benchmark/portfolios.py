"""Least CVaR of a fully invested portfolio of the measured hedge's contracts, which portfolio libraries are made for.

Each solves a programme with a row a scenario. The returns are the gains of that hedge's contracts over their prices.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from importlib.util import find_spec

import numpy as np

from hedgedesk.benchmark.hedges import Rival, compared
from hedgedesk.benchmark.instance import LEVEL, SPOT, instance
from hedgedesk.benchmark.peers import Missing
from hedgedesk.benchmark.protocol import Row, taken
from hedgedesk.domain.values import Floats
from hedgedesk.hedging.cvar import minimise_cvar
from hedgedesk.hedging.solver.problem import tail_weights

SCENARIOS, MONTHS = 20_000, 24
ROUNDS = 5
TARGET = 20.0


def portfolio_rows(names: Sequence[str]) -> list[Row]:
    """The rows with these names of :data:`LIBRARIES`; each library runs twice, the first time on few to warm up."""
    returns = instance(SCENARIOS, MONTHS).payoff / SPOT
    unit = f"CPU of {{}}'s least CVaR of {SCENARIOS:,} x {MONTHS}, once / ours, certified to 1e-06"
    seconds: list[float] = []
    cvar = np.nan
    rows = []
    for name in names:
        module, weights_of = LIBRARIES[name]
        told = unit.format(module)
        try:
            rival = _rival(module, weights_of, returns)
        except Missing as reason:
            rows.append(Row(name, None, TARGET, "higher", told, None, str(reason)))
            continue
        if not seconds:
            seconds, cvar = _ours(returns)
        rows.append(compared(name, TARGET, told, rival, seconds, cvar))
    return rows


def _ours(returns: Floats) -> tuple[list[float], float]:
    found: list[float] = []

    def work() -> int:
        answer = minimise_cvar(
            np.zeros(len(returns)),
            returns,
            level=LEVEL,
            lower=0.0,
            upper=1.0,
            equalities=(np.ones((1, returns.shape[1])), [1.0]),
        )
        found[:] = [answer.cvar]
        return 1

    seconds = taken({"ours": work}, ROUNDS)["ours"]
    return seconds, found[0]


def _rival(module: str, weights_of: Callable[[Floats], Floats], returns: Floats) -> Rival:
    """Time and CVaR of a library's portfolio.

    Raises
    ------
    Missing
        It is not installed, or does not run with what is.
    """
    if find_spec(module) is None:
        raise Missing(f"{module} is not installed; the extra hedgedesk[benchmark] names it")
    with warnings.catch_warnings():
        # Theirs, of libraries that have since moved on.
        warnings.simplefilter("ignore")
        try:
            weights_of(returns[:500])
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            raise Missing(f"{module} does not run with what is installed: {error}") from None
        began = time.process_time()
        weights = weights_of(returns)
        seconds = time.process_time() - began
    # Solvers leave the sum and the signs of the weights off by a hair.
    weights = np.maximum(weights, 0.0) / np.maximum(weights, 0.0).sum()
    loss = -(returns @ weights)
    return Rival(seconds, "optimal", float(tail_weights(loss, LEVEL) @ loss))


def _by_riskfolio(returns: Floats) -> Floats:
    import pandas as pd
    import riskfolio

    portfolio = riskfolio.Portfolio(returns=pd.DataFrame(returns, columns=[f"c{j}" for j in range(returns.shape[1])]))
    portfolio.assets_stats(method_mu="hist", method_cov="hist")
    portfolio.alpha = 1.0 - LEVEL
    found = portfolio.optimization(model="Classic", rm="CVaR", obj="MinRisk", rf=0, l=0, hist=True)
    return np.asarray(found, dtype=np.float64).ravel()


def _by_skfolio(returns: Floats) -> Floats:
    from skfolio import RiskMeasure
    from skfolio.optimization import MeanRisk, ObjectiveFunction

    model = MeanRisk(objective_function=ObjectiveFunction.MINIMIZE_RISK, risk_measure=RiskMeasure.CVAR, cvar_beta=LEVEL)
    return np.asarray(model.fit(returns).weights_, dtype=np.float64)


def _by_pypfopt(returns: Floats) -> Floats:
    import pandas as pd
    from pypfopt import EfficientCVaR

    frontier = EfficientCVaR(returns.mean(axis=0), pd.DataFrame(returns), beta=LEVEL)
    frontier.min_cvar()
    return np.asarray(frontier.weights, dtype=np.float64)


LIBRARIES: dict[str, tuple[str, Callable[[Floats], Floats]]] = {
    "cvar_vs_riskfolio": ("riskfolio", _by_riskfolio),
    "cvar_vs_skfolio": ("skfolio", _by_skfolio),
    "cvar_vs_pypfopt": ("pypfopt", _by_pypfopt),
}
"""Row to the module that it is measured against, and the weights that this gives to returns (S, n)."""
