"""``commitments.csv``: volume already bought at a fixed price, and prices that fall with volume.

The rows of one ``tiered`` name are its bands in order: ``mtok_per_month`` is the width of the band, the price column
the price of the volume in it. Volume above the last band costs the last band's price.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hedgedesk.domain.commitments import KINDS, TIERED, Commitment
from hedgedesk.domain.units import METERS
from hedgedesk.files.columns import PRICE, VOLUME, Columns, open_columns
from hedgedesk.files.findings import FileFindings, Place, read_alone
from hedgedesk.files.headers import Wanted

WANTED = Wanted(
    ("name", "first_month", "last_month", "model", "meter", "mtok_per_month", "kind"),
    price="price",
    may_be_empty=True,
)


def read_commitments(path: Place) -> tuple[Commitment, ...]:
    """Read commitments, CSV or Excel; volumes are Mtok of raw tokens a month, prices currency per Mtok.

    Raises
    ------
    InputError
        Every fault of the file.
    """
    return read_alone(path, parse_commitments)


def parse_commitments(path: Path, report: FileFindings) -> tuple[Commitment, ...] | None:
    """Read the good rows and report the others; None when there is nothing to read."""
    columns = open_columns(path, WANTED, ("mtok_per_month", "price"), report)
    if columns is None:
        return None
    rows = list(
        zip(
            columns.texts("name"),
            columns.months("first_month"),
            columns.months("last_month"),
            columns.texts("model"),
            columns.texts("meter", METERS),
            columns.numbers("mtok_per_month", VOLUME),
            columns.numbers("price", PRICE),
            columns.texts("kind", KINDS),
            strict=True,
        )
    )
    for line, (_, first, last, *_) in zip(columns.lines, rows, strict=True):
        if first is not None and last is not None and last < first:
            columns.fault(line, "last_month", str(last), f"a month not before first_month, {first}")
    _require_bands(columns, rows)
    return tuple(
        Commitment(name, first, last, model, meter, volume, price, columns.currency, kind)
        for name, first, last, model, meter, volume, price, kind in rows
        if name is not None
        and first is not None
        and last is not None
        and model is not None
        and meter is not None
        and volume is not None
        and price is not None
        and kind is not None
    )


def _require_bands(columns: Columns, rows: Sequence[tuple[Any, ...]]) -> None:
    """Each fixed volume once; the bands of a tiered price with a width each, one kind and one run of months."""
    keys = [None if None in (row[0], row[1], row[3], row[4]) else (row[0], row[1], row[3], row[4]) for row in rows]
    tiered = [row[7] == TIERED for row in rows]
    once = [None if tier else key for key, tier in zip(keys, tiered, strict=True)]
    columns.require_once(once, "name", "each name, first_month, model and meter once")
    first: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for line, key, row in zip(columns.lines, keys, rows, strict=True):
        if key is None:
            continue
        opening = first.setdefault(key, row)
        if TIERED in (opening[7], row[7]) and None not in (opening[7], row[7]) and opening[7] != row[7]:
            columns.fault(line, "kind", row[7], f"{opening[7]}, as in the first row of {row[0]}")
        if row[7] != TIERED:
            continue
        if row[2] is not None and opening[2] is not None and row[2] != opening[2]:
            columns.fault(line, "last_month", str(row[2]), f"{opening[2]}, as in the first band of {row[0]}")
        if row[5] == 0:
            columns.fault(line, "mtok_per_month", "0", "the width of the band, above 0")
