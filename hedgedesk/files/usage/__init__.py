"""Vendors' usage and cost exports: streamed, brought to the four meters, folded by UTC day and key."""

from __future__ import annotations

from hedgedesk.files.usage.reading import read_usage

__all__ = ["read_usage"]
