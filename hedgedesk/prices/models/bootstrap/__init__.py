"""The stationary bootstrap: futures made of the past's own changes, in blocks as they came."""

from __future__ import annotations

from hedgedesk.prices.models.bootstrap.model import Bootstrap

__all__ = ["Bootstrap"]
