"""Forecast of one series of use: every candidate is judged from several origins in the series' own past."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import ModelError
from hedgedesk.domain.exposure import DEFAULT_SPREAD
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.exposure.forecast.contest import BEYOND, COMBINED, NAIVE, UNFIT, Contest, contest, sum_errors
from hedgedesk.exposure.forecast.seasonal import Candidate, SeasonalNaive, candidates, quiet

PATHS = 400
"""Simulated futures of a series: enough for a spread and for 10 and 90% quantiles."""
MOST_GAPS = 0.10
"""Up to this share of steps without use are gaps in an else steady series; more of them are its nature."""
TO_SPREAD = 1.25
"""Standard deviation of a normal error over its mean absolute one."""
MOST_SPREAD = 5.0
"""What a consumption file takes at most."""
MOST_WIDENED = 3.0
"""Most by which paths are stretched to past errors."""


@dataclass(frozen=True, eq=False)
class SeriesForecast(ArrayHolder):
    """Steps ahead of a series, and their sums over groups such as months; in the unit of the series."""

    mean: Floats
    """(H,)."""
    p10: Floats
    """(H,)."""
    p90: Floats
    """(H,)."""
    spread: Floats
    """(H,) relative standard deviation of each step."""
    sums: Floats
    """(G,) mean of each group."""
    sum_spread: Floats
    """(G,) relative standard deviation, from the paths or from past errors of sums, whichever is wider; floor 10%."""
    method: str
    """In words, with what must be told of it."""
    error: float
    """Rolling-origin error, mean absolute over the mean; NaN: too short to try."""
    naive_error: float
    """Of the benchmark, seasonal naive, from the same origins."""
    origins: int
    tried: dict[str, float]
    """Error of each candidate by name, NaN where it could not be fitted."""

    def sum_quantile(self, level: float) -> Floats:
        """(G,) quantile of each sum."""
        return volume_quantile(self.sums, self.sum_spread, level)


def volume_quantile(mean: Floats, spread: Floats, level: float) -> Floats:
    """(G,) quantile of volumes that are lognormal with this mean and relative spread, as a run draws them."""
    deviation = np.sqrt(np.log1p(spread**2))
    found: Floats = mean * np.exp(NormalDist().inv_cdf(level) * deviation - 0.5 * deviation**2)
    return found


def forecast_series(
    values: Floats,
    *,
    season: int,
    horizon: int,
    groups: NDArray[np.int64] | None = None,
    seed: int = 1,
    paths: int = PATHS,
    tick: Tick = silent,
) -> SeriesForecast:
    """Forecast ``values`` by what was best in its past; the seasonal-naive benchmark wins unless it is beaten.

    Candidates are exponential smoothing, SARIMAX (:mod:`hedgedesk.exposure.forecast.seasonal`) and the median of all.
    Few steps without use in an else steady series are taken as gaps and filled from the season before; the errors are
    told on what really came.

    Parameters
    ----------
    values
        (n,) at least 0, one a step, oldest first.
    season
        Steps in a season: 24 for hours of a day, 7 for days of a week.
    horizon
        Steps ahead.
    groups
        (horizon,) number of the group each step is summed into, -1: none; by default one sum of all.
    seed
        Of the simulated paths.

    Raises
    ------
    ModelError
        Less than two seasons of history; the message says how many steps it would need.
    """
    came = np.asarray(values, dtype=np.float64)
    if season < 1 or horizon < 1 or not np.all(np.isfinite(came)) or np.any(came < 0):
        raise ValueError("a forecast needs a season and a horizon of at least 1, and finite values of at least 0")
    least = max(2 * season, 4)
    if came.size < least:
        raise ModelError(f"too short to forecast: {came.size} steps, and a season of {season} needs at least {least}")
    scale = float(came.mean()) or 1.0
    history, gaps = filled(came, season)
    with quiet():
        judged = contest(history / scale, came / scale, season, horizon, tick)
        name, centre, drawn = _drawn(judged, history / scale, season, horizon, seed, paths)
    tick(1.0, f"Forecast by {name}")
    where = np.zeros(horizon, dtype=np.int64) if groups is None else groups
    return _told(name, judged, centre * scale, drawn * scale, where, gaps)


def filled(values: Floats, season: int) -> tuple[Floats, int]:
    """The series with its few empty steps taken from the nearest season that has use, and how many they were."""
    empty = np.flatnonzero(values <= 0)
    if not empty.size or empty.size > MOST_GAPS * values.size:
        return values, 0
    whole = values.copy()
    typical = float(values[values > 0].mean())
    for step in empty:
        near = (step + sign * away * season for away in range(1, values.size // season + 1) for sign in (-1, 1))
        whole[step] = next((values[i] for i in near if 0 <= i < values.size and values[i] > 0), typical)
    return whole, int(empty.size)


def _drawn(
    judged: Contest, history: Floats, season: int, horizon: int, seed: int, paths: int
) -> tuple[str, Floats, Floats]:
    """The best that can be fitted to the whole history: its name, its forecast and its paths."""
    rivals: dict[str, Candidate] = {rival.name: rival for rival in (SeasonalNaive(), *candidates(history))}
    for name in judged.ranked:
        wanted = [rivals[name]] if name != COMBINED else [r for n, r in rivals.items() if judged.errors[n] >= 0]
        found = [_fitted(rival, history, season, horizon, seed, paths // len(wanted)) for rival in wanted]
        good = [each for each in found if each is not None]
        if good:
            centre = np.median([middle for middle, _ in good], axis=0)
            pool = np.concatenate([each for _, each in good])
            mean = pool.mean(axis=0)
            drawn = pool * np.divide(centre, mean, out=np.zeros_like(mean), where=mean > 0)
            return name, centre, _widened(drawn, centre, judged.errors[name])
    raise ModelError("no model can be fitted to this history")


def _fitted(
    rival: Candidate, history: Floats, season: int, horizon: int, seed: int, paths: int
) -> tuple[Floats, Floats] | None:
    draws = np.random.Generator(np.random.Philox(seed))
    try:
        parameters = rival.learn(history, season)
        centre = rival.ahead(parameters, history, season, horizon)
        drawn = rival.paths(parameters, history, season, horizon, draws, max(paths, 2))
    except UNFIT:
        return None
    sound = np.all(np.isfinite(drawn)) and np.all(np.isfinite(centre)) and centre.max() <= BEYOND * history.max()
    return (centre, drawn) if sound else None


def _widened(drawn: Floats, centre: Floats, error: float) -> Floats:
    """Paths that stray from the centre at least as far as past forecasts missed: a model knows only its own noise."""
    own = float(np.abs(drawn - centre).mean()) / (float(centre.mean()) or 1.0)
    if not np.isfinite(error) or own <= 0 or error <= own:
        return drawn
    wide: Floats = np.maximum(centre + min(error / own, MOST_WIDENED) * (drawn - centre), 0.0)
    return wide


def _told(
    name: str, judged: Contest, centre: Floats, drawn: Floats, groups: NDArray[np.int64], gaps: int
) -> SeriesForecast:
    count = int(groups.max()) + 1
    sums = np.array([centre[groups == g].sum() for g in range(count)])
    drawn_sums = np.column_stack([drawn[:, groups == g].sum(axis=1) for g in range(count)])
    past = TO_SPREAD * sum_errors(judged.found.get(name, ()), judged.actual, groups)
    spread = np.maximum(np.maximum(_relative(drawn_sums, sums), past), DEFAULT_SPREAD)
    method = name if judged.origins else f"{name}, because the history is too short to compare models"
    return SeriesForecast(
        mean=centre,
        p10=np.quantile(drawn, 0.10, axis=0),
        p90=np.quantile(drawn, 0.90, axis=0),
        spread=np.minimum(_relative(drawn, centre), MOST_SPREAD),
        sums=sums,
        sum_spread=np.minimum(spread, MOST_SPREAD),
        method=f"{method}; {gaps} steps without use taken as gaps" if gaps else method,
        error=judged.errors[name],
        naive_error=judged.errors[NAIVE],
        origins=judged.origins,
        tried=judged.errors,
    )


def _relative(drawn: Floats, mean: Floats) -> Floats:
    """Standard deviation of the columns over their mean; 0 where the mean is 0."""
    found: Floats = np.divide(drawn.std(axis=0, ddof=1), mean, out=np.zeros_like(mean), where=mean > 0)
    return found
