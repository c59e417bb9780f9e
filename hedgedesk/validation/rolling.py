"""The rolling origin: at each month's print every model is fitted to what was known, and later judged by what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from hedgedesk.domain.errors import InputError, ModelError
from hedgedesk.domain.market import MarketSnapshot, TokenIndex
from hedgedesk.domain.price_models import Refusal, Validation, ValidationRow
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.run import MODELS
from hedgedesk.domain.units import years_between
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.paths.streams import Stream, generator
from hedgedesk.prices.registry import model_called
from hedgedesk.validation.choice import BENCHMARK, choose, hedge_horizon, needed, ranking
from hedgedesk.validation.forecasts import forecast
from hedgedesk.validation.judging import LEVELS, Judged, row
from hedgedesk.validation.origins import HORIZONS, Origin, months, rolling_origins

DRAWS = 2_000
"""Of a forecast that has no closed form; their noise is 2.6% of the CRPS of one forecast, 0.5% of the mean of 24."""
MOST_ORIGINS = 120
"""Ten years of months, the newest: older markets say little of today's."""


@dataclass(slots=True)
class Record:
    """How one model has done."""

    model: str
    judged: dict[int, list[Judged]] = field(default_factory=dict)
    """By horizon in months, in order of time."""
    refused: list[str] = field(default_factory=list)
    """Why it could not be fitted, origin by origin."""
    refused_today: str = ""


def validate(
    market: MarketSnapshot,
    *,
    models: Sequence[str] = MODELS,
    draws: int = DRAWS,
    seed: int = 1,
    most_origins: int = MOST_ORIGINS,
    tick: Tick = silent,
) -> Validation:
    """Judge price models on prices that they had not seen, and choose one where the history allows it.

    Once a month each model is fitted to :meth:`MarketSnapshot.until` that day, so that no parameter and no quote is
    from after it, and forecasts the log price 1, 3, 6 and 12 months ahead as a desk would draw it: on the curve of the
    day where there are quotes, else with the index expected to stay. Models of normal log prices are scored in closed
    form, the others by ``draws``.

    Parameters
    ----------
    market
        Its whole history.
    models
        Class names; the random walk is always among them, as the benchmark.
    draws
        Scenarios of a forecast without a closed form.
    seed
        Of the draws and of the randomised transforms.
    most_origins
        Only the newest are used.
    tick
        Told the progress.

    Raises
    ------
    InputError
        A model is unknown, or ``draws`` or ``most_origins`` is too small.
    ModelError
        Not even the random walk can be fitted to the whole history.
    """
    if draws < 100 or most_origins < 1:
        raise InputError(f"a validation needs at least 100 draws and 1 origin, found {draws} and {most_origins}")
    names = list(dict.fromkeys((BENCHMARK, *models)))
    kinds = [model_called(name) for name in names]
    RandomWalk.fit(market)
    origins = [origin for origin in rolling_origins(market.index) if origin.targets][-most_origins:]
    records = []
    for place, kind in enumerate(kinds):
        part = _part(tick, 0.98 * place / len(kinds), 0.98 * (place + 1) / len(kinds))
        records.append(_rolled(kind, market, origins, draws, seed, part))
    rows = _rows(records, draws)
    horizon, thin = hedge_horizon(market, rows)
    refusals = tuple(Refusal(one.model, one.refused_today) for one in records if one.refused_today)
    tick(0.98, "Choosing a model")
    choice = choose(market, rows, refusals, horizon, thin=thin)
    tick(1.0, "Done")
    return Validation(
        as_of=market.as_of,
        index=market.index.name,
        observations=market.index.dates.size,
        rows=rows,
        refusals=refusals,
        ranking=ranking(rows, horizon),
        hedge_horizon_months=horizon,
        thin=thin,
        choice=choice,
        seed=seed,
        draws=draws,
        notices=(*_notices(market, origins, horizon, thin=thin), *_refused(records, len(origins))),
    )


def _rolled(
    kind: type[PriceModel], market: MarketSnapshot, origins: Sequence[Origin], draws: int, seed: int, tick: Tick
) -> Record:
    """Fit, forecast and judge one model at every origin; then fit it to the whole history, as a desk would today."""
    record = Record(kind.name)
    for place, origin in enumerate(origins):
        tick(place / (len(origins) + 1), f"Judging {kind.name}: month {place + 1} of {len(origins)}")
        known = market.until(origin.day)
        try:
            model = kind.fit(known)
            random = generator(seed, Stream.PRICE, origin.month)
            judged = _judged(model, known, market.index, origin, draws, random)
        except ModelError as refusal:
            record.refused.append(str(refusal))
            continue
        for horizon, one in judged.items():
            record.judged.setdefault(horizon, []).append(one)
    tick(len(origins) / (len(origins) + 1), f"Judging {kind.name}: today")
    try:
        kind.fit(market)
    except ModelError as refusal:
        record.refused_today = str(refusal)
    return record


def _judged(
    model: PriceModel,
    known: MarketSnapshot,
    index: TokenIndex,
    origin: Origin,
    draws: int,
    random: np.random.Generator,
) -> dict[int, Judged]:
    """The forecasts of one origin, by horizon, against the prints that came."""
    horizons = sorted(origin.targets)
    prints = [origin.targets[horizon] for horizon in horizons]
    value, now = np.log(index.price_per_mtok[prints]), known.index.price_per_mtok[-1]
    still = index.price_per_mtok[prints] == now
    told = forecast(model, known, years_between(known.as_of, index.dates[prints]), draws, random)
    crps, quantiles = told.crps(value), told.quantiles(LEVELS)
    pit = told.pit(value, random.random(value.size))
    return {
        horizon: Judged(origin.month, float(value[n]), bool(still[n]), float(crps[n]), float(pit[n]), quantiles[:, n])
        for n, horizon in enumerate(horizons)
    }


def _rows(records: Sequence[Record], draws: int) -> tuple[ValidationRow, ...]:
    """Horizon by horizon, the random walk first; a month that the random walk refused is judged for nobody."""
    rows = []
    for horizon in HORIZONS:
        walk = {one.month: one for one in records[0].judged.get(horizon, [])}
        for record in records:
            judged = [one for one in record.judged.get(horizon, []) if one.month in walk]
            if judged:
                rows.append(row(record.model, horizon, judged, walk, draws))
    return tuple(rows)


def _notices(market: MarketSnapshot, origins: Sequence[Origin], horizon: int, *, thin: bool) -> list[str]:
    """How the forecasts were made, and what the history is too short for."""
    told = [
        f"{len(origins)} monthly origins, {origins[0].day} to {origins[-1].day}"
        if origins
        else f"no origin: the history has {market.index.dates.size} prices over too few months"
    ]
    if market.curve is not None:
        told.append("forecasts lie on the futures quotes of their day, as a desk's scenarios do")
    if thin:
        told.append(
            f"thin history: a choice {months(horizon)} ahead takes {needed(horizon)} judged forecasts, so the scores "
            "are shown and choose no model"
        )
    return told


def _refused(records: Sequence[Record], origins: int) -> list[str]:
    """Which models could not be fitted at some of the origins, with the newest reason."""
    return [
        f"{one.model} could not be fitted at {len(one.refused)} of {origins} origins, last because: {one.refused[-1]}"
        for one in records
        if one.refused
    ]


def _part(tick: Tick, start: float, end: float) -> Tick:
    """A tick whose 0 to 1 is a stretch of the whole."""
    return lambda fraction, text: tick(start + (end - start) * fraction, text)
