"""The user's own jumps: what they may be, one by one and together."""

from __future__ import annotations

from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.prices.models.jump_diffusion.jumps import SignedJumps, log_growth

JUMP_BOUNDS = {
    "lambda_down": (0.0, 400.0),
    "m_down": (-5.0, -0.001),
    "s_down": (0.0, 3.0),
    "lambda_up": (0.0, 400.0),
    "m_up": (0.001, 5.0),
    "s_up": (0.0, 3.0),
}
HORIZON = 10.0
MOST_GROWTH = 20.0
"""Largest logarithm of what jumps may multiply the mean price by over ten years; far beyond, no number holds it."""


def require_bounded_mean(model: str, jumps: SignedJumps, kappa: float) -> None:
    """Raise :class:`InputError` for jumps that are possible one by one and absurd together."""
    growth = float(log_growth(jumps, kappa, HORIZON))
    if growth > MOST_GROWTH:
        found = f"jumps that multiply the mean price of {model} by exp({growth:.3g}) within {HORIZON:.0f} years"
        raise InputError(faults=[Fault("view", None, "lambda_up", found, "rarer, smaller or more even jumps")])
