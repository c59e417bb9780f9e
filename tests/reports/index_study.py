"""An index made by hand: five weeks, two companies, a carried print, a screened source, a constituent that left."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from hedgedesk.domain.price_index import AuditLine, IndexStudy, SelfCheck

NAN = np.nan


def index_study(**parts: Any) -> IndexStudy:
    """The index; keywords replace its fields."""
    made = IndexStudy(
        method="matched_list",
        unit="base 100 = 2026-09-06",
        currency="USD",
        dates=np.arange("2026-09-06", "2026-10-05", 7, dtype="datetime64[D]"),
        values=np.array([100.0, 100.0, 90.0, 90.0, 90.0]),
        unscreened=np.array([100.0, 100.0, 90.0, 120.0, 120.0]),
        constituents=("anthropic/claude-sonnet", "openai/gpt", "openai/o1"),
        weights=np.array([[0.5, 0.25, 0.25], [0.5, 0.25, 0.25], [0.5, 0.25, 0.25], [0, 0, 0], [0.5, 0.5, 0]]),
        moves=np.array(
            [[NAN, NAN, NAN], [0, 0, 0], [np.log(0.81), 0, 0], [NAN, NAN, NAN], [0.0, 0.0, NAN]],
        ),
        concentration=np.array([0.5, 0.5, 0.5, 0.0, 0.5]),
        stale_share=np.array([NAN, 1.0, 2 / 3, NAN, 1.0]),
        audit=(
            AuditLine("2026-09-27", "minimum_sample", "index", "2 of 3 expected prices missing", "last print carried"),
            AuditLine("2026-09-27", "unconfirmed_move", "openai/gpt, mirror", "from 2 to 20, x10", "left out"),
        ),
        self_check=(
            SelfCheck("Concluded transactions first", "no", "list prices are asked, not paid"),
            SelfCheck("Audit trail", "yes", "2 decisions recorded"),
            SelfCheck("Hierarchy of inputs", "partial", "one source a price"),
        ),
    )
    return dataclasses.replace(made, **parts)
