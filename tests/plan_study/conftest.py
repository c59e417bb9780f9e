"""One run of the small desk, quoted futures and lots held included, for every study of its plan."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk import pipeline
from hedgedesk.domain.book import HedgeBook, Position
from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.run import HedgeRun


@pytest.fixture(scope="session")
def held_book() -> HedgeBook:
    return HedgeBook((Position(np.datetime64("2026-09-01"), np.datetime64("2027-02", "M"), 6.0, 9.3, "CNY"),))


@pytest.fixture(scope="session")
def planned(make_desk, quoted_market: MarketSnapshot, held_book: HedgeBook) -> HedgeRun:
    """2,000 scenarios of the small desk with quotes and a book."""
    return pipeline.run(make_desk(market=quoted_market, book=held_book))
