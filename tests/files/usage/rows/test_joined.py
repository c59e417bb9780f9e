"""Usage of several kinds out of the same rows."""

from __future__ import annotations

import numpy as np

from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage.rows.export import Chunk
from hedgedesk.files.usage.rows.joined import joined, usage_of

STARTS = np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[s]")


def _chunk() -> Chunk:
    return Chunk({}, np.arange(2, 4), FileFindings("e.csv"))


def test_only_the_chosen_rows_count_and_all_stay_good() -> None:
    chunk = _chunk()
    where = np.array([False, True])
    usage = usage_of(chunk, where, starts=STARTS, seller="s", model="m", output=np.array([1.0, 2.0]))
    assert usage is not None
    assert usage.tokens[:, 3].tolist() == [2.0]
    assert chunk.good.all()


def test_keys_are_made_common_and_rows_follow_one_another() -> None:
    chunk = _chunk()
    one = chunk.usage(STARTS, seller="s", model="b", billed=1.0)
    other = chunk.usage(STARTS, seller="s", model=np.array(["a", "b"], dtype=object), item="web_search", billed=5.0)
    both = joined(one, None, other)
    assert both is not None
    both.validate()
    named = [
        (both.keys[key].model, both.keys[key].item, float(money))
        for key, money in zip(both.key, both.billed, strict=True)
    ]
    assert named == [("b", "tokens", 1.0)] * 2 + [("a", "web_search", 5.0), ("b", "web_search", 5.0)]


def test_one_is_itself_and_none_is_none() -> None:
    one = _chunk().usage(STARTS, seller="s", model="m")
    assert joined(None, one) is one
    assert joined(None) is None
