"""Scores of one model at one horizon, put together from its forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.price_models import CoverageTest, ValidationRow
from hedgedesk.domain.values import Floats
from hedgedesk.prices.fitting.residuals import ResidualTests, residual_tests
from hedgedesk.risk import scores
from hedgedesk.risk.backtests import christoffersen, kupiec
from hedgedesk.risk.comparison import Comparison, diebold_mariano
from hedgedesk.validation.origins import apart, months

LEVELS = np.array([0.025, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.975])
"""Of the quantiles that are kept of a forecast."""
PINBALL = (0.05, 0.25, 0.50, 0.75, 0.95)
INTERVALS = {"0.5": (0.25, 0.75), "0.8": (0.10, 0.90), "0.95": (0.025, 0.975)}
"""Central intervals by their nominal share, with the levels of their ends."""
BOUND = 0.95
"""Confidence of the upper bound that coverage tests are of: a buyer's loss is a price above it."""
FEWEST_TRIALS = 8
"""Below, no number of violations but an absurd one would be rejected."""

OFTEN_STILL = 0.2
"""Share of forecasts above which a price that stands still is told."""


@dataclass(frozen=True, eq=False)
class Judged:
    """One forecast, after its day has come; in log price."""

    month: int
    value: float
    still: bool
    """Whether the price is what it was on the day of the forecast."""
    crps: float
    pit: float
    quantiles: Floats
    """(Q,) at :data:`LEVELS`."""


def row(model: str, horizon: int, judged: Sequence[Judged], benchmark: dict[int, Judged], draws: int) -> ValidationRow:
    """All scores and tests of ``model`` at ``horizon`` months.

    Parameters
    ----------
    judged
        Its forecasts in order of time; each month of them is in ``benchmark``.
    benchmark
        The random walk's forecasts by month.
    draws
        Of a forecast that is a sample.
    """
    crps = np.array([one.crps for one in judged])
    walk = np.array([benchmark[one.month].crps for one in judged])
    pit = np.array([one.pit for one in judged])
    lone = apart([one.month for one in judged], horizon)
    compared = diebold_mariano(crps - walk, horizon)
    left = residual_tests(scores.normal_scores(pit, draws)) if horizon == 1 else None
    return ValidationRow(
        model=model,
        horizon_months=horizon,
        origins=len(judged),
        crps=float(crps.mean()),
        crps_ratio=float(crps.mean() / walk.mean()) if walk.any() else float("nan"),
        pinball=_pinball(judged),
        coverage=_coverage(judged),
        pit=scores.pit_histogram(pit),
        pit_p_value=scores.uniform_p_value(pit[lone]),
        tests=_tests([judged[place] for place in lone]),
        diebold_mariano=compared.statistic if compared else None,
        diebold_mariano_p=compared.p_value if compared else None,
        ljung_box_p=left.ljung_box if left else None,
        adf_p=left.adf if left else None,
        kpss_p=left.kpss if left else None,
        note=_note(judged, len(lone), horizon, compared, left),
    )


def _pinball(judged: Sequence[Judged]) -> dict[str, float]:
    value = np.array([one.value for one in judged])
    losses = {f"{level:g}": scores.pinball(_at(judged, level), value, level) for level in PINBALL}
    return {level: float(loss.mean()) for level, loss in losses.items()}


def _coverage(judged: Sequence[Judged]) -> dict[str, float]:
    value = np.array([one.value for one in judged])
    return {
        share: scores.interval_coverage(_at(judged, low), _at(judged, high), value)
        for share, (low, high) in INTERVALS.items()
    }


def _at(judged: Sequence[Judged], level: float) -> Floats:
    """(n,) quantile of each forecast at one of :data:`LEVELS`."""
    place = int(np.flatnonzero(level == LEVELS)[0])
    return np.array([one.quantiles[place] for one in judged])


def _tests(judged: Sequence[Judged]) -> tuple[CoverageTest, ...]:
    """Of forecasts that do not overlap."""
    if len(judged) < FEWEST_TRIALS:
        return ()
    broken = np.array([one.value for one in judged]) > _at(judged, BOUND) + scores.TIE
    trials, hits = broken.size, int(broken.sum())
    counted, clustered = kupiec(hits, trials, BOUND), christoffersen(broken, BOUND)
    both = clustered.joint
    return (
        CoverageTest("kupiec", BOUND, trials, hits, counted.statistic, counted.p_value, counted.power),
        CoverageTest("christoffersen", BOUND, trials, hits, both.statistic, both.p_value, clustered.power),
    )


def _note(
    judged: Sequence[Judged], lone: int, horizon: int, compared: Comparison | None, left: ResidualTests | None
) -> str:
    """What a reader of the row has to know beside its numbers."""
    told = []
    still = float(np.mean([one.still for one in judged]))
    if still > OFTEN_STILL:
        told.append(
            f"the price stood still in {still:.0%} of the forecasts, so a narrow interval hits or misses by a hair"
        )
    if lone < FEWEST_TRIALS:
        told.append(f"no test: {lone} of {FEWEST_TRIALS} forecasts that are {months(horizon)} apart")
    elif lone < len(judged):
        told.append(f"coverage and PIT are tested on the {lone} forecasts that are {months(horizon)} apart")
    if compared is not None and compared.classical_p_value < 0.05 <= compared.p_value:
        told.append(
            f"the classical Diebold-Mariano test would say p = {compared.classical_p_value:.3f}; it rejects too often "
            "where forecasts overlap"
        )
    if left is not None and left.ljung_box_squares < 0.05:
        told.append(f"large moves come in spells: Ljung-Box of squares, p = {left.ljung_box_squares:.3f}")
    return "; ".join(told)
