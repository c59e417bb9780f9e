"""Which of a vendor's spellings a file has, and which rows say a word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hedgedesk.files.usage.rows.export import Chunk, Flags


def first_of(chunk: Chunk, names: Sequence[str]) -> str:
    """The first of the columns ``names`` that the file has; the last where it has none."""
    return next((name for name in names if chunk.has(name)), names[-1])


def said(chunk: Chunk, column: str, *words: str, default: str = "") -> Flags:
    """(n,) whether the cell is one of ``words``, in lower case; ``default`` stands for nothing."""
    texts = np.char.lower(chunk.texts(column, default).astype(str))
    flags: Flags = np.isin(texts, words)
    return flags
