"""Billed against priced: where the money went that the price list does not explain."""

from __future__ import annotations

from dataclasses import dataclass, field

CAUSES = ("unknown_model", "discount", "tier", "cache", "non_token", "fx", "rounding", "unexplained")
"""Why a bill differs from its price, in the order in which they are told."""

TOLERANCE = 0.01
"""Share of the bill that may stay unexplained before it counts as not reconciled (assumption)."""


@dataclass(frozen=True, slots=True)
class GapLine:
    """One seller, model and month; money in the currency of the reconciliation."""

    seller: str
    model: str
    month: str
    """YYYY-MM."""
    mtok: float
    billed: float | None
    """None: no export carries money for it."""
    priced: float | None
    """None: no book knows the model then."""
    gap: float | None
    """billed - priced, an unknown price counting 0; None: nothing was billed."""
    causes: dict[str, float] = field(default_factory=dict)
    """Parts of the gap by name of :data:`CAUSES`; they add up to it."""
    book: str = ""
    """Whose prices."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Every line, and whether the whole is explained."""

    currency: str
    lines: tuple[GapLine, ...]
    billed: float | None
    priced: float | None
    gap: float | None
    causes: dict[str, float] = field(default_factory=dict)
    reconciled: bool = False
    """At most :data:`TOLERANCE` of the bill stays unexplained."""
    notices: tuple[str, ...] = ()
