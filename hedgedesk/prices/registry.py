"""Price models by their public names; each is imported when it is first asked for."""

from __future__ import annotations

from importlib import import_module

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.run import MODELS
from hedgedesk.prices.model import PriceModel

_HOMES = {
    "RandomWalk": "hedgedesk.prices.models.random_walk",
    "TwoFactor": "hedgedesk.prices.models.two_factor",
    "JumpDiffusion": "hedgedesk.prices.models.jump_diffusion",
    "TwoFactorJumps": "hedgedesk.prices.models.two_factor_jumps",
    "StepPrice": "hedgedesk.prices.models.step_price",
    "Regimes": "hedgedesk.prices.models.regimes",
    "Bootstrap": "hedgedesk.prices.models.bootstrap",
}


def model_called(name: str) -> type[PriceModel]:
    """The class of the model with this public name.

    Raises
    ------
    InputError
        No model has it; the message lists those that are known.
    """
    if name not in MODELS:
        raise InputError(f"no price model is called {name!r}; known are {', '.join(MODELS)}")
    kind: type[PriceModel] = getattr(import_module(_HOMES[name]), name)
    return kind
