"""Small price lists and usage for the index."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from hedgedesk.domain.market import ListPrices
from hedgedesk.domain.usage import Usage, UsageKey

Row = tuple[str, str, float, str]


@pytest.fixture
def listed() -> Callable[..., ListPrices]:
    """Build a list from (day, ``provider/model``, price, source): input and output cost the same."""

    def build(rows: Sequence[Row]) -> ListPrices:
        day, name, price, source = zip(*rows, strict=True)
        names = [one.partition("/") for one in name]
        return ListPrices(
            "USD",
            np.array(day * 2, dtype="datetime64[D]"),
            tuple(one[0] for one in names) * 2,
            tuple(one[2] for one in names) * 2,
            ("uncached_input",) * len(rows) + ("output",) * len(rows),
            np.array(price * 2),
            (),
            tuple(source) * 2,
        )

    return build


@pytest.fixture
def used() -> Callable[..., Usage]:
    """Build usage from (day, ``seller/model``, Mtok, price per Mtok)."""

    def build(rows: Sequence[tuple[str, str, float, float]]) -> Usage:
        names = sorted({row[1] for row in rows})
        tokens = np.zeros((len(rows), 4))
        tokens[:, 0] = [row[2] * 1e6 for row in rows]
        none = np.full(len(rows), np.nan)
        return Usage(
            starts=np.array([row[0] for row in rows], dtype="datetime64[s]"),
            keys=tuple(UsageKey(*name.split("/", 1)) for name in names),
            key=np.array([names.index(row[1]) for row in rows]),
            tokens=tokens,
            cache_write_1h=np.zeros(len(rows)),
            reasoning=np.zeros(len(rows)),
            requests=none,
            billed=np.array([row[2] * row[3] for row in rows]),
            listed=none,
            priced=none,
        )

    return build
