"""Expected use by model, meter and team, from the daily use of the past."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import InputError, ModelError
from hedgedesk.domain.model_names import model_slug
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.study import VolumeForecast
from hedgedesk.domain.units import METERS
from hedgedesk.domain.usage import TOKENS, Usage
from hedgedesk.domain.values import Floats, Months
from hedgedesk.exposure.forecast.series import SeriesForecast, forecast_series, volume_quantile

__all__ = ["SeriesForecast", "daily_use", "forecast_series", "forecast_use"]

WEEK = 7
RECENT = 28
"""Days over which a series is called large or small, and by which the small ones share."""
ENDED = 31
"""Days without use after which a series has ended: a month's batch job would have run once."""
LARGE_PART = 0.95
"""Of recent use, that is forecast series by series; the rest is forecast together and shared out."""
MOST_ALONE = 16
"""Series forecast one by one, so that a long list of models costs no minutes."""
YOUNG_SPREAD = 0.5
"""Relative standard deviation where the history is shorter than two weeks (assumption)."""
MOST_MONTHS = 36
PART_OF_A_DAY = 0.5
"""Below this share of its weekday's mean the last day is taken as not yet over when the export was made."""


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The days to forecast and the months they are summed into."""

    months: Months
    groups: NDArray[np.int64]
    """(H,) month of each day, -1 in the rest of the month in which the history ends."""
    seed: int


Key = tuple[str, str, str]
"""Model, meter, team."""


def forecast_use(
    usage: Usage, months_ahead: int = 12, *, seed: int = 1, tick: Tick = silent
) -> tuple[VolumeForecast, ...]:
    """Forecast each model, meter and team by month, from the month after the last day of ``usage``.

    Daily use with a weekly season, summed to months (:func:`forecast_series`). Small series are forecast together, by
    meter, and shared out by their recent use; a series without use for a month forecasts zero; one younger than two
    weeks keeps its mean day. ``method`` says which.

    Parameters
    ----------
    usage
        Good rows of every export.
    months_ahead
        1 to 36.
    seed
        Of the simulated paths: that of the run's settings.

    Raises
    ------
    InputError
        ``months_ahead`` is out of its range.
    """
    if not 1 <= months_ahead <= MOST_MONTHS:
        raise InputError(f"a forecast of use can look 1 to {MOST_MONTHS} months ahead, not {months_ahead}")
    days, keys, mtok = daily_use(usage)
    if not keys:
        return ()
    ahead = _ahead(days[-1], months_ahead, seed)
    alone, together = _parted(mtok)
    pools = sorted({keys[j][1] for j in together}, key=METERS.index)
    found: dict[Key, VolumeForecast] = {}
    steps = len(alone) + len(pools)
    for number, j in enumerate(alone):
        tick(number / steps, f"Forecasting {' '.join(part for part in keys[j] if part)}")
        found[keys[j]] = _alone(keys[j], mtok[:, j], ahead)
    for number, meter in enumerate(pools, start=len(alone)):
        tick(number / steps, f"Forecasting what is small in {meter}")
        members = [j for j in together if keys[j][1] == meter]
        found |= _shared([keys[j] for j in members], mtok[:, members], ahead)
    tick(1.0, "Forecast done")
    return tuple(found[key] for key in keys)


def daily_use(usage: Usage) -> tuple[NDArray[np.datetime64], tuple[Key, ...], Floats]:
    """The days of the history, what was used in it, and (D, K) Mtok of each a day.

    Snapshots of one model are one model (:func:`~hedgedesk.domain.model_names.model_slug`). A last day
    far below its weekday is left out: the export was made before it was over.
    """
    is_use = np.array([key.item == TOKENS for key in usage.keys], dtype=np.bool_)
    rows = is_use[usage.key] if usage.key.size else np.zeros(0, dtype=np.bool_)
    if not rows.any():
        return np.empty(0, dtype="datetime64[D]"), (), np.empty((0, 0))
    day = usage.starts[rows].astype("datetime64[D]")
    days = np.arange(day.min(), day.max() + 1)
    whose = [(model_slug(key.model), key.team) for key in usage.keys]
    names = sorted({name for name, use in zip(whose, is_use.tolist(), strict=True) if use})
    number = {name: n for n, name in enumerate(names)}
    place = np.array([number.get(name, 0) for name in whose])
    cell = (day - days[0]).astype(np.int64) * len(names) + place[usage.key[rows]]
    counted = [
        np.bincount(cell, weights=usage.tokens[rows, m], minlength=days.size * len(names)).reshape(days.size, -1)
        for m in range(len(METERS))
    ]
    mtok = np.stack(counted, axis=2).reshape(days.size, -1) / 1e6
    keys = [(model, meter, team) for model, team in names for meter in METERS]
    if not _last_is_whole(mtok.sum(axis=1)):
        days, mtok = days[:-1], mtok[:-1]
    used = np.flatnonzero(mtok.sum(axis=0) > 0)
    return days, tuple(keys[j] for j in used), mtok[:, used]


def _last_is_whole(total: Floats) -> bool:
    same = total[-1 - WEEK :: -WEEK][:4]
    return not same.size or bool(total[-1] >= PART_OF_A_DAY * same.mean())


def _ahead(last_day: np.datetime64, months_ahead: int, seed: int) -> _Ahead:
    first = last_day.astype("datetime64[M]") + 1
    until = (first + months_ahead).astype("datetime64[D]")
    days = np.arange(last_day + 1, until)
    groups = (days.astype("datetime64[M]") - first).astype(np.int64)
    return _Ahead(first + np.arange(months_ahead), groups, seed)


def _parted(mtok: Floats) -> tuple[list[int], list[int]]:
    """Columns to forecast one by one, the largest of late first, and those to forecast together."""
    recent = mtok[-RECENT:].sum(axis=0)
    order = np.argsort(-recent, kind="stable")
    before = np.cumsum(recent[order]) - recent[order]
    large = (before < LARGE_PART * recent.sum()) & (np.arange(order.size) < MOST_ALONE)
    silent_for_long = (mtok[-ENDED:].sum(axis=0)[order] <= 0) & (mtok.shape[0] > ENDED)
    alone = [int(j) for j in order[large | silent_for_long]]
    together = [int(j) for j in order[~large & ~silent_for_long]]
    return (alone + together, []) if len(together) == 1 else (alone, together)


def _alone(key: Key, mtok: Floats, ahead: _Ahead) -> VolumeForecast:
    if mtok.size > ENDED and not mtok[-ENDED:].any():
        return _ended(key, mtok, ahead)
    lived = mtok[int(np.flatnonzero(mtok)[0]) :]
    found = _of_series(lived, ahead)
    return _young(key, lived, ahead) if found is None else _as_volume(key, ahead, found)


def _of_series(mtok: Floats, ahead: _Ahead) -> SeriesForecast | None:
    try:
        return forecast_series(mtok, season=WEEK, horizon=ahead.groups.size, groups=ahead.groups, seed=ahead.seed)
    except ModelError:
        return None


def _as_volume(key: Key, ahead: _Ahead, found: SeriesForecast, share: float = 1.0, note: str = "") -> VolumeForecast:
    return VolumeForecast(
        *key,
        months=ahead.months,
        mtok=found.sums * share,
        p10=found.sum_quantile(0.10) * share,
        p90=found.sum_quantile(0.90) * share,
        spread=found.sum_spread,
        method=found.method + note,
        error=found.error,
        naive_error=found.naive_error,
        origins=found.origins,
    )


def _shared(keys: list[Key], mtok: Floats, ahead: _Ahead) -> dict[Key, VolumeForecast]:
    """Forecast of the sum of small series, shared out by what each used of late."""
    total = mtok.sum(axis=1)
    found = _of_series(total[int(np.flatnonzero(total)[0]) :], ahead)
    if found is None:
        return {key: _alone(key, mtok[:, j], ahead) for j, key in enumerate(keys)}
    recent = mtok[-RECENT:].sum(axis=0)
    parts = recent / recent.sum() if recent.sum() > 0 else np.full(len(keys), 1.0 / len(keys))
    return {
        key: _as_volume(key, ahead, found, float(part), f"; {part:.2%} of {len(keys)} small series together")
        for key, part in zip(keys, parts, strict=True)
    }


def _ended(key: Key, mtok: Floats, ahead: _Ahead) -> VolumeForecast:
    quiet_days = int(mtok.size - 1 - np.flatnonzero(mtok)[-1])
    return _flat(key, ahead, np.zeros(ahead.months.size), 0.0, f"ended: no use for {quiet_days} days, so none ahead")


def _young(key: Key, lived: Floats, ahead: _Ahead) -> VolumeForecast:
    days = np.bincount(ahead.groups[ahead.groups >= 0], minlength=ahead.months.size)
    method = f"too short: the mean of its {lived.size} days, with a spread of {YOUNG_SPREAD:.0%} assumed"
    return _flat(key, ahead, lived.mean() * days, YOUNG_SPREAD, method)


def _flat(key: Key, ahead: _Ahead, mtok: Floats, spread: float, method: str) -> VolumeForecast:
    wide = np.full(mtok.size, spread)
    low, high = (volume_quantile(mtok, wide, level) for level in (0.10, 0.90))
    return VolumeForecast(
        *key,
        months=ahead.months,
        mtok=mtok,
        p10=low,
        p90=high,
        spread=wide,
        method=method,
        error=float("nan"),
        naive_error=float("nan"),
        origins=0,
    )
