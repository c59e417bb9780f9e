"""The contest of the ways to forecast: each is judged from several origins in the series' own past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.progress import Tick
from hedgedesk.domain.values import Floats
from hedgedesk.exposure.forecast.seasonal import Candidate, SeasonalNaive, candidates

ORIGINS = 4
"""Most origins from which each candidate is judged."""
COMBINED = "median of the models"
NAIVE = SeasonalNaive().name
SINGLE_MUST = 0.9
"""A single model is taken where its error is below this share of the combination's and the benchmark's: the winner of
few trials is partly luck, and combinations lose less to it."""
BEYOND = 10.0
"""A forecast above this multiple of the largest step of the past is no forecast."""
UNFIT = (ValueError, ArithmeticError, np.linalg.LinAlgError, IndexError)
"""What a fit that goes wrong raises."""


@dataclass(frozen=True, slots=True)
class Contest:
    """How the candidates did."""

    ranked: tuple[str, ...]
    """Those better than the benchmark, the best first, and the benchmark last."""
    errors: dict[str, float]
    found: dict[str, list[Floats]] = field(default_factory=dict)
    """Forecasts from each origin, by name; empty where the candidate could not be fitted."""
    actual: tuple[Floats, ...] = ()
    """What came after each origin."""

    @property
    def origins(self) -> int:
        """From how many origins they were judged."""
        return len(self.actual)


def contest(history: Floats, came: Floats, season: int, horizon: int, tick: Tick) -> Contest:
    """Judge every candidate from the same origins, on the horizon asked for or on a third of the history.

    Parameters
    ----------
    history
        (n,) with its gaps filled: what the candidates see.
    came
        (n,) as it really was: what they are judged on.
    season, horizon
        In steps.
    tick
        Told which candidate is tried.
    """
    ahead = min(horizon, came.size // 3)
    origins = _origins(came.size, season, ahead)
    if not origins:
        return Contest((NAIVE,), {NAIVE: np.nan})
    rivals = (SeasonalNaive(), *candidates(history))
    found: dict[str, list[Floats]] = {}
    for number, rival in enumerate(rivals):
        tick(number / (len(rivals) + 1), f"Trying {rival.name}")
        found[rival.name] = _tried(rival, history, season, ahead, origins)
    fitted = [each for each in found.values() if each]
    found[COMBINED] = [np.median([each[k] for each in fitted], axis=0) for k in range(len(origins))]
    actual = tuple(came[origin : origin + ahead] for origin in origins)
    errors = {name: _error(each, actual) for name, each in found.items()}
    return Contest(_ranked(errors), errors, found, actual)


def _origins(size: int, season: int, ahead: int) -> list[int]:
    """Lengths of the stretches to forecast from, shortest first: the last one leaves ``ahead`` steps to judge on."""
    last, least = size - ahead, max(2 * season + 1, size // 2)
    if last < least:
        return []
    return sorted({round(float(at)) for at in np.linspace(least, last, ORIGINS)})


def _tried(rival: Candidate, history: Floats, season: int, ahead: int, origins: Sequence[int]) -> list[Floats]:
    """Forecasts from each origin, with parameters learned on the shortest stretch; empty where it fails at one."""
    limit = BEYOND * float(history.max())
    try:
        parameters = rival.learn(history[: origins[0]], season)
        found = [rival.ahead(parameters, history[:origin], season, ahead) for origin in origins]
    except UNFIT:
        return []
    return found if all(np.all(np.isfinite(each)) and each.max() <= limit for each in found) else []


def _error(found: Sequence[Floats], actual: Sequence[Floats]) -> float:
    """Mean absolute error of the steps over what came; NaN where there is nothing to compare."""
    total = sum(float(came.sum()) for came in actual)
    if not found or total <= 0:
        return float("nan")
    return sum(float(np.abs(each - came).sum()) for each, came in zip(found, actual, strict=True)) / total


def sum_errors(found: Sequence[Floats], actual: Sequence[Floats], groups: NDArray[np.int64]) -> Floats:
    """(G,) mean absolute error of each group's sum over what came.

    A group that no origin reaches whole has the error of the one before it, the first one that of the whole stretch.
    """
    count, ahead = int(groups.max()) + 1, actual[0].size if actual else 0
    known = np.zeros(count)
    reached = [g for g in range(count) if np.flatnonzero(groups == g)[-1] < ahead]
    before = np.ones(ahead, dtype=np.bool_)
    for g in range(count):
        before = (groups == g)[:ahead] if g in reached else before
        came = sum(float(each[before].sum()) for each in actual)
        missed = sum(abs(float((each - real)[before].sum())) for each, real in zip(found, actual, strict=True))
        known[g] = missed / came if came > 0 else 0.0
    return known


def _ranked(errors: Mapping[str, float]) -> tuple[str, ...]:
    """What beats the benchmark, best first, then the benchmark; single models with their handicap."""
    rated = {
        name: error if name in (NAIVE, COMBINED) else error / SINGLE_MUST
        for name, error in errors.items()
        if np.isfinite(error)
    }
    better = [name for name, error in rated.items() if error < rated[NAIVE]]
    return (*sorted(better, key=lambda name: rated[name]), NAIVE)
