"""Which model the scores speak for; where they say too little, that is what is said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version

from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.price_models import FITTED_WITH, ModelChoice, Refusal, ValidationRow
from hedgedesk.domain.values import to_plain
from hedgedesk.prices.choice import default_model
from hedgedesk.validation.origins import HORIZONS, months

BENCHMARK = "RandomWalk"
LEAST_ORIGINS = 24
"""Forecasts judged; fewer do not choose a model."""
LEAST_PERIODS = 4
"""Stretches of the horizon without an overlap; fewer leave the Diebold-Mariano test a size far above 5%."""
SIZE = 0.05
"""Chance of taking any model for better than the random walk that is not; shared among the models compared."""


def needed(horizon: int) -> int:
    """Monthly forecasts that must be judged before a choice is made at ``horizon`` months: 24, 24, 24 and 48."""
    return max(LEAST_ORIGINS, LEAST_PERIODS * horizon)


def hedge_horizon(market: MarketSnapshot, rows: Sequence[ValidationRow]) -> tuple[int, bool]:
    """Months ahead at which models are chosen, and whether the history is too thin for that.

    On average a hedge is held for half of the months that the contract lists; the longest of 1, 3, 6 and 12 months up
    to that of which the random walk has enough forecasts. Where none has, the one meant first, thin.
    """
    wanted = [h for h in HORIZONS if h <= max(market.contract.listed_months / 2, HORIZONS[0])]
    counts = {row.horizon_months: row.origins for row in rows if row.model == BENCHMARK}
    enough = [h for h in wanted if counts.get(h, 0) >= needed(h)]
    return (enough[-1], False) if enough else (wanted[-1], True)


def ranking(rows: Sequence[ValidationRow], horizon: int) -> tuple[str, ...]:
    """Models, the best CRPS first: as a share of the random walk's on the same origins, since not all fit at each.

    Where nothing is judged at ``horizon``, at the longest before it.
    """
    judged = [row.horizon_months for row in rows if row.horizon_months <= horizon]
    if not judged:
        return ()
    at = [row for row in rows if row.horizon_months == max(judged)]
    return tuple(row.model for row in sorted(at, key=lambda row: row.crps_ratio))


def choose(
    market: MarketSnapshot,
    rows: Sequence[ValidationRow],
    refusals: Sequence[Refusal],
    horizon: int,
    *,
    thin: bool,
) -> ModelChoice:
    """The best CRPS at the hedge horizon among the models that beat the random walk there, else the random walk.

    A model that refuses today's history, or that was judged on fewer than the needed origins, is not chosen. With thin
    history the rule of an unvalidated desk stays.
    """
    key = market_key(market)
    at = [row for row in rows if row.horizon_months == horizon]
    if thin:
        return ModelChoice(*_unvalidated(market, at, horizon), key)
    refused = {refusal.model for refusal in refusals}
    compared = [row for row in at if row.model not in {BENCHMARK, *refused} and row.origins >= needed(horizon)]
    better = [row for row in compared if _beats(row, SIZE / len(compared))]
    if better:
        best = min(better, key=lambda row: row.crps_ratio)
        return ModelChoice(best.model, _beaten(best, len(compared)), key)
    return ModelChoice(BENCHMARK, _unbeaten(at, compared, horizon), key)


def market_key(market: MarketSnapshot) -> str:
    """SHA-256 of all facts of a market and of the versions that a validation of it depends on."""
    content = {"market": to_plain(market), "versions": versions()}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def versions() -> dict[str, str]:
    """The packages of today that a validation depends on."""
    return {name: version(name) for name in FITTED_WITH}


def _beats(row: ValidationRow, size: float) -> bool:
    statistic, p_value = row.diebold_mariano, row.diebold_mariano_p
    return statistic is not None and p_value is not None and statistic < 0 and p_value < size


def _unvalidated(market: MarketSnapshot, at: Sequence[ValidationRow], horizon: int) -> tuple[str, str]:
    model, why = default_model(market)
    judged = max((row.origins for row in at), default=0)
    return model.name, (
        f"{why}; the history is too short to choose by: that takes {needed(horizon)} judged monthly forecasts "
        f"{months(horizon)} ahead, and there are {judged}"
    )


def _beaten(best: ValidationRow, compared: int) -> str:
    return (
        f"validated: {months(best.horizon_months)} ahead its CRPS is {best.crps_ratio:.0%} of the random walk's over "
        f"{best.origins} forecasts, Diebold-Mariano p = {best.diebold_mariano_p:.4f} against "
        f"{SIZE / compared:.4f} for each of {compared} compared"
    )


def _unbeaten(at: Sequence[ValidationRow], compared: Sequence[ValidationRow], horizon: int) -> str:
    origins = max((row.origins for row in at), default=0)
    start = f"validated: over {origins} forecasts {months(horizon)} ahead no model beats the random walk"
    if not compared:
        return f"{start}, because no other could be judged"
    best = min(compared, key=lambda row: row.crps_ratio)
    p_value = "no test" if best.diebold_mariano_p is None else f"Diebold-Mariano p = {best.diebold_mariano_p:.3f}"
    return f"{start} (nearest: {best.model}, CRPS {best.crps_ratio:.1%} of its, {p_value})"
