"""Regimes that switch: calm weeks, price wars, shortages."""

from __future__ import annotations

from hedgedesk.prices.models.regimes.model import Regimes

__all__ = ["Regimes"]
