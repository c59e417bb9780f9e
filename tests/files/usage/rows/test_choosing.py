"""Spellings of columns and words in cells."""

from __future__ import annotations

import numpy as np

from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage.rows.choosing import first_of, said
from hedgedesk.files.usage.rows.export import Chunk


def test_the_first_spelling_there_is_taken_and_the_last_where_none_is() -> None:
    chunk = Chunk({"b": np.array(["x"], dtype=object)}, np.array([2]), FileFindings("e.csv"))
    assert first_of(chunk, ("a", "b")) == "b"
    assert first_of(chunk, ("a", "c")) == "c"


def test_words_are_found_in_any_case_and_nothing_is_the_default() -> None:
    cells = np.array(["Failure", "success", "NULL", ""], dtype=object)
    chunk = Chunk({"s": cells}, np.arange(2, 6), FileFindings("e.csv"))
    assert said(chunk, "s", "failure").tolist() == [True, False, False, False]
    assert said(chunk, "s", "usage", default="usage").tolist() == [False, False, True, True]
    assert said(chunk, "absent", "usage", default="usage").all()
