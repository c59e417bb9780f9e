"""Usage is what it says it is: columns of one length, keys that are there, no negative tokens."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.usage import Usage, UsageKey

ZEROS, UNKNOWN = np.zeros(2), np.full(2, np.nan)
USAGE = Usage(
    starts=np.array(["2026-10-01", "2026-10-02"], dtype="datetime64[s]"),
    keys=(UsageKey("openai", "gpt-5"),),
    key=np.array([0, 0]),
    tokens=np.ones((2, 4)),
    cache_write_1h=ZEROS,
    reasoning=ZEROS,
    requests=UNKNOWN,
    billed=UNKNOWN,
    listed=UNKNOWN,
    priced=UNKNOWN,
)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"billed": np.zeros(3)}, "columns of one length"),
        ({"tokens": np.ones((2, 3))}, "tokens by meter"),
        ({"key": np.array([0, 1])}, "names a key that it does not have"),
        ({"key": np.array([-1, 0])}, "names a key that it does not have"),
        ({"tokens": -np.ones((2, 4))}, "at least 0"),
        ({"reasoning": -np.ones(2)}, "at least 0"),
    ],
)
def test_usage_that_contradicts_itself_is_refused(change, why):
    with pytest.raises(ValueError, match=why):
        dataclasses.replace(USAGE, **change)
