"""The sticky list price: flat until a seller announces another one, and cheaper by what replaces it."""

from __future__ import annotations

from hedgedesk.prices.models.step_price.model import StepPrice

__all__ = ["StepPrice"]
