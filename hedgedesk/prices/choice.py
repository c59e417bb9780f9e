"""Which price model a desk runs: the one asked for, else the validated one, else a rule; and why."""

from __future__ import annotations

from hedgedesk.domain.errors import ModelError
from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.price_models import ModelChoice
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.registry import model_called


def choose_model(
    market: MarketSnapshot, name: str | None = None, *, choice: ModelChoice | None = None, tick: Tick = silent
) -> tuple[PriceModel, str]:
    """The model called ``name``, else the one that a validation has chosen, else :func:`default_model`.

    Parameters
    ----------
    name
        Class name; None: nothing is asked for.
    choice
        Of a validation of this very market; None: it has not been validated.
    tick
        Told the progress of the fit.

    Returns
    -------
    The fitted model and why it was chosen.

    Raises
    ------
    InputError
        No model has that name.
    ModelError
        The model cannot be fitted to this history.
    """
    if name is not None:
        return model_called(name).fit(market, tick=tick), "asked for"
    if choice is not None:
        return model_called(choice.model).fit(market, tick=tick), choice.reason
    return default_model(market, tick=tick)


def default_model(market: MarketSnapshot, *, tick: Tick = silent) -> tuple[PriceModel, str]:
    """TwoFactor where the futures history identifies it, else RandomWalk; the rule of a desk that is not validated.

    Returns
    -------
    The fitted model and why it was chosen.

    Raises
    ------
    ModelError
        The history does not even identify RandomWalk.
    """
    walk = model_called("RandomWalk")
    if market.futures is None or market.futures.dates.size < 2:
        return walk.fit(market, tick=tick), "the default without a futures history to identify a two-factor model"
    try:
        two_factor = model_called("TwoFactor").fit(market, tick=tick)
    except ModelError as refusal:
        return walk.fit(market, tick=tick), f"TwoFactor was refused: {refusal}"
    return two_factor, "the default where the futures history identifies it"
