"""What a vendor module tells of its exports, and the batch of rows that it turns into usage.

A vendor module has ``EXPORTS: tuple[Export, ...]``; each of them names its columns and has a function ``rows`` that
takes a :class:`Chunk`, up to 50,000 rows of text cells, and returns what :meth:`Chunk.usage` makes of its columns::

    def _rows(chunk: Chunk) -> Usage | None:
        prompt, cached = chunk.counts("tokens_prompt"), chunk.counts("tokens_cached")
        return chunk.usage(
            chunk.times("created_at"),
            seller="openrouter",
            model=chunk.texts("model_permaslug"),
            uncached_input=prompt - cached,
            cache_read=cached,
            output=chunk.counts("tokens_completion"),
            billed=chunk.numbers("cost_total", nan),
        )

A cell that cannot be read is a fault at its line and column, and its row is left out: ``counts`` and the others put a
harmless value in its place, so a vendor module needs no care for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hedgedesk.domain.usage import Usage
from hedgedesk.files.usage.rows.chunk import LARGEST, Chunk, Flags, Texts

__all__ = ["LARGEST", "Chunk", "Export", "Flags", "Texts"]


@dataclass(frozen=True)
class Export:
    """One kind of file that a vendor writes. All columns by their normalised names (:func:`recognise.normalised`)."""

    vendor: str
    """One of :data:`~hedgedesk.domain.usage.VENDORS`."""
    name: str
    """``usage``, ``cost`` or what the vendor calls it."""
    required: tuple[str, ...]
    """Columns that must be there; ``a|b`` is either, and ``cost_???`` any with three characters there."""
    optional: tuple[str, ...]
    """Other documented columns, used or not: they are not reported as unknown. ``cost_???`` as above."""
    identity: tuple[str, ...] | None
    """Columns that name a row once, such as an id; None: the whole row; (): rows may repeat.

    Where a row has none of them filled in, the whole row names it.
    """
    rows: Callable[[Chunk], Usage | None]
    """Usage of the good rows; None: there are none."""
    measures: tuple[str, ...] = ()
    """Columns whose numbers tell a repeated row from one that contradicts it; (): every known one not in identity."""
    grouped: bool = False
    """The rows are sums by the identity's columns: a column that is not known yet may be one more of those."""
    bucket: tuple[str, ...] = ()
    """Columns that say nothing by themselves: a row with no others filled in is an empty time bucket, not counted."""
    alone: bool = False
    """The file may have no columns but the required ones."""
