"""Every price model fitted to one market, side by side: pure composition of the prices room."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from hedgedesk.domain.errors import Fault, InputError, ModelError
from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.price_models import ModelFit, ModelStudy, Refusal
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.run import MODELS
from hedgedesk.prices.outlook.fitted import Horizon, outlook
from hedgedesk.prices.outlook.happened import with_happenings
from hedgedesk.prices.registry import model_called

__all__ = ["study_models"]

FITTED = 0.7
"""Share of a model's time that its fit takes; the rest is its outlook."""


def study_models(
    market: MarketSnapshot,
    names: Sequence[str] = MODELS,
    view: Mapping[str, Mapping[str, float]] | None = None,
    *,
    parameter_uncertainty: bool = False,
    drift: float = 0.0,
    seed: int = 1,
    tick: Tick = silent,
) -> ModelStudy:
    """Fit every model, and look at the next two years through each.

    Parameters
    ----------
    names
        Public names of the models.
    view
        The user's own values by model and parameter; models that are not in ``names`` are passed over.
    parameter_uncertainty
        Draw the fans' parameters too, from their estimated distribution.
    drift
        Expected growth of the index per year for the models that no futures teach it.
    seed
        Of the fans; every model is lent the same shocks.
    tick
        Told the progress.

    Returns
    -------
    A fit for each model that the history identifies, and for each other its refusal in words.

    Raises
    ------
    InputError
        A name is no model's, or a view does not fit its model; every fault of the views at once.
    """
    view = view or {}
    horizon = Horizon.after(market.as_of)
    fits, refusals, faults = list[ModelFit](), list[Refusal](), list[Fault]()
    for number, name in enumerate(names):
        part = _part(tick, number / len(names), (number + 1) / len(names), name)
        try:
            model = model_called(name).fit(market, tick=part).with_drift(drift)
            model = model.with_view(view.get(name, {}))
            fit = outlook(model, horizon, parameter_uncertainty=parameter_uncertainty, seed=seed)
        except ModelError as refusal:
            refusals.append(Refusal(name, str(refusal)))
        except InputError as error:
            if not error.faults:
                raise
            faults += error.faults
        else:
            happened = with_happenings(fit.jumps, market.index.dates, market.list_prices)
            fits.append(dataclasses.replace(fit, jumps=happened))
    if faults:
        raise InputError(faults=faults)
    tick(1.0, "Done")
    return ModelStudy(
        as_of=market.as_of,
        index=market.index.name,
        currency=market.index.currency,
        unit=market.contract.unit.name,
        history_dates=market.index.dates,
        history_per_mtok=market.index.price_per_mtok,
        fits=tuple(fits),
        refusals=tuple(refusals),
        view={name: dict(view[name]) for name in names if view.get(name)},
        parameter_uncertainty=parameter_uncertainty,
        seed=seed,
    )


def _part(tick: Tick, start: float, end: float, name: str) -> Tick:
    """A tick of one model's fit within the whole, in the model's name."""
    return lambda fraction, _text: tick(start + FITTED * (end - start) * fraction, f"Fitting {name}")
