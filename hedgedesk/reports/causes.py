"""Why a price or a cost is what it is: steps of the ladder and parts of the split, in the order they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt

if TYPE_CHECKING:
    from hedgedesk.domain.study import BasisSplit

STEPS = ("list_vs_index", "model_mix", "unit_ratio", "realised_vs_list")
"""Of the ladder, from the index down."""
PARTS = ("volume", "mix", "unit_ratio", "index", "list_vs_index", "realised_vs_list", "fx")
"""Of the split, in the order they are told."""


def parts_of(split: BasisSplit) -> list[str]:
    """Names of the parts, the known ones in their order first."""
    known = [name for name in PARTS if name in split.parts]
    return [*known, *(name for name in split.parts if name not in known)]


def month_words(month: str) -> str:
    """``2026-10`` as ``Oct 2026``; a day as it is."""
    import numpy as np

    return fmt.month(np.datetime64(month, "M")) if len(month) == 7 else fmt.day(month)
