"""What every instrument pays: one module a family, and one registry of the kinds.

Payoffs are terms of a contract, not choices, so they stand below the stages: planning and judging read the same ones.
A new instrument is a new :class:`~hedgedesk.market.instruments.kind.Kind` in one module and its line in ``KINDS``.
"""

from hedgedesk.market.instruments.registry import (
    KINDS,
    calls,
    cover_mtok,
    every_offer,
    gain,
    gain_by_month,
    kind_called,
    needs_paths,
    offers_of,
)

__all__ = [
    "KINDS",
    "calls",
    "cover_mtok",
    "every_offer",
    "gain",
    "gain_by_month",
    "kind_called",
    "needs_paths",
    "offers_of",
]
