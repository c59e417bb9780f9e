"""Ways to forecast a seasonal series: the seasonal-naive benchmark, exponential smoothing, SARIMAX.

Each learns its parameters on one stretch and can then be moved to a longer one without learning anew, so that a
rolling-origin error never lets parameters see what they are judged on. statsmodels is imported by the fits.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from hedgedesk.domain.values import Floats

MAX_ITERATIONS = 30
"""Of a likelihood search: a season's worth of states makes each one dear, and a rough optimum forecasts as well."""


MEMORY = 8
"""Seasons that an average season rests on: use grows and falls, and its average of years ago says nothing of now."""


class Candidate(Protocol):
    """One way to forecast."""

    @property
    def name(self) -> str:
        """In words, for the reader."""

    def learn(self, history: Floats, season: int) -> Floats:
        """Parameters fitted to ``history`` (n,); raises ``ValueError`` where it cannot be fitted."""

    def ahead(self, parameters: Floats, history: Floats, season: int, horizon: int) -> Floats:
        """(horizon,) central forecast after the end of ``history``."""

    def paths(
        self, parameters: Floats, history: Floats, season: int, horizon: int, draws: np.random.Generator, count: int
    ) -> Floats:
        """(count, horizon) simulated futures whose mean is the forecast."""


@contextmanager
def quiet() -> Iterator[None]:
    """A fit's warnings are told by its error: one that goes wrong loses against the benchmark."""
    # statsmodels sets its own warnings to "always" when it is first imported, so that must come before.
    import statsmodels.tools.sm_exceptions  # noqa: F401

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@dataclass(frozen=True, slots=True)
class SeasonalNaive:
    """The last season again: the benchmark that everything else has to beat."""

    name: str = "seasonal naive"

    def learn(self, history: Floats, season: int) -> Floats:
        """Nothing to learn."""
        if history.size < season:
            raise ValueError("seasonal naive needs one whole season")
        return np.empty(0)

    def ahead(self, parameters: Floats, history: Floats, season: int, horizon: int) -> Floats:
        """(horizon,)."""
        return np.resize(history[-season:], horizon)

    def paths(
        self, parameters: Floats, history: Floats, season: int, horizon: int, draws: np.random.Generator, count: int
    ) -> Floats:
        """Whole seasons of past season-on-season changes, centred, drawn with replacement and added up."""
        change = history[season:] - history[:-season]
        blocks = np.lib.stride_tricks.sliding_window_view(change - change.mean(), season)
        picked = draws.integers(0, len(blocks), (count, -(-horizon // season)))
        drift = np.cumsum(blocks[picked], axis=1).reshape(count, -1)[:, :horizon]
        return _not_negative(self.ahead(parameters, history, season, horizon) + drift)


@dataclass(frozen=True, slots=True)
class Smoothing:
    """Exponential smoothing with an additive season (ETS), on levels or on logs (a multiplicative season)."""

    logs: bool = False
    damped: bool = False
    """With a damped trend; else with none."""

    @property
    def name(self) -> str:
        """In words."""
        trend = ", damped trend" if self.damped else ""
        return f"exponential smoothing, {'multiplicative' if self.logs else 'additive'} season{trend}"

    def learn(self, history: Floats, season: int) -> Floats:
        """Smoothing constants by maximum likelihood; the first states are set by the first seasons."""
        return _finite(self._model(history, season).fit(disp=False).params)

    def ahead(self, parameters: Floats, history: Floats, season: int, horizon: int) -> Floats:
        """(horizon,)."""
        found = self._model(history, season).smooth(parameters)
        return _levels(found.forecast(horizon), found.resid, self.logs)

    def paths(
        self, parameters: Floats, history: Floats, season: int, horizon: int, draws: np.random.Generator, count: int
    ) -> Floats:
        """(count, horizon)."""
        found = self._model(history, season).smooth(parameters)
        shocks = draws.choice(found.resid - found.resid.mean(), (horizon, count))
        drawn = found.simulate(horizon, anchor="end", repetitions=count, random_errors=shocks)
        centre = self.ahead(parameters, history, season, horizon)
        return _centred(np.asarray(drawn).reshape(horizon, count).T, centre, self.logs)

    def _model(self, history: Floats, season: int) -> Any:
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel

        return ETSModel(
            np.log(history) if self.logs else history,
            trend="add" if self.damped else None,
            damped_trend=self.damped,
            seasonal="add" if season > 1 else None,
            seasonal_periods=season if season > 1 else None,
            initialization_method="heuristic",
        )


@dataclass(frozen=True, slots=True)
class Autoregression:
    """SARIMAX (1,0,0) around the average season, or (1,0,0)(0,1,1) on season-on-season changes."""

    logs: bool = False
    differenced: bool = False

    @property
    def name(self) -> str:
        """In words."""
        order = "(1,0,0)(0,1,1)" if self.differenced else "(1,0,0) around the average season"
        return f"SARIMAX {order}{', on logs' if self.logs else ''}"

    def learn(self, history: Floats, season: int) -> Floats:
        """Maximum likelihood."""
        return _finite(self._model(history, season).fit(disp=False, maxiter=MAX_ITERATIONS).params)

    def ahead(self, parameters: Floats, history: Floats, season: int, horizon: int) -> Floats:
        """(horizon,)."""
        found = self._model(history, season).filter(parameters)
        central = self._seasoned(found.forecast(horizon)[None, :], history, season)[0]
        return _levels(central, found.resid[season:], self.logs)

    def paths(
        self, parameters: Floats, history: Floats, season: int, horizon: int, draws: np.random.Generator, count: int
    ) -> Floats:
        """(count, horizon)."""
        found = self._model(history, season).filter(parameters)
        drawn = np.asarray(found.simulate(horizon, anchor="end", repetitions=count, rng=draws))
        paths = self._seasoned(drawn.reshape(horizon, count).T, history, season)
        return _centred(paths, self.ahead(parameters, history, season, horizon), self.logs)

    def _model(self, history: Floats, season: int) -> Any:
        from statsmodels.tsa.statespace.sarimax import SARIMAX

        values = self._scaled(history, season)
        if self.differenced:
            # Differenced here and not by SARIMAX, which would carry a state for each phase through the filter.
            return SARIMAX(values[season:] - values[:-season], order=(1, 0, 0), seasonal_order=(0, 0, 1, season))
        return SARIMAX(values - np.resize(_phases(values, season), values.size), order=(1, 0, 0))

    def _seasoned(self, drawn: Floats, history: Floats, season: int) -> Floats:
        """(count, horizon) what the model draws put back on the season."""
        values, (count, horizon) = self._scaled(history, season), drawn.shape
        if not self.differenced:
            profile = np.resize(np.roll(_phases(values, season), -(values.size % season)), horizon)
            around: Floats = drawn + profile
            return around
        seasons = -(-horizon // season)
        changes = np.zeros((count, seasons * season))
        changes[:, :horizon] = drawn
        summed = np.cumsum(changes.reshape(count, seasons, season), axis=1) + values[-season:]
        return summed.reshape(count, -1)[:, :horizon]

    def _scaled(self, history: Floats, season: int) -> Floats:
        known = history if self.differenced else history[-MEMORY * season :]
        return np.log(known) if self.logs else known


def candidates(history: Floats) -> tuple[Candidate, ...]:
    """What is tried against the benchmark: with a multiplicative season where every step is above 0."""
    if not np.all(history > 0):
        return Smoothing(), Smoothing(damped=True), Autoregression(), Autoregression(differenced=True)
    return (
        Smoothing(),
        Smoothing(logs=True),
        Smoothing(logs=True, damped=True),
        Autoregression(logs=True),
        Autoregression(logs=True, differenced=True),
    )


def _phases(values: Floats, season: int) -> Floats:
    """(season,) mean of each phase."""
    padded = np.full(-(-values.size // season) * season, np.nan)
    padded[: values.size] = values
    means: Floats = np.nanmean(padded.reshape(-1, season), axis=0)
    return means


def _levels(central: Floats, residuals: Floats, logs: bool) -> Floats:
    """Back from logs with Duan's smearing factor, so that the forecast is a mean; never below 0."""
    if not logs:
        return _not_negative(np.asarray(central))
    smeared: Floats = np.exp(np.asarray(central)) * float(np.mean(np.exp(residuals)))
    return smeared


def _centred(paths: Floats, centre: Floats, logs: bool) -> Floats:
    """Paths of levels whose mean is ``centre``: the spread of a level that wanders on logs must not lift its mean."""
    if logs:
        levels: Floats = np.exp(paths)
        scaled: Floats = levels * (centre / levels.mean(axis=0))
        return scaled
    return _not_negative(paths + (centre - paths.mean(axis=0)))


def _not_negative(values: Floats) -> Floats:
    floored: Floats = np.maximum(values, 0.0)
    return floored


def _finite(parameters: Any) -> Floats:
    found = np.asarray(parameters, dtype=np.float64)
    if not np.all(np.isfinite(found)):
        raise ValueError("the fit has no finite parameters")
    return found
