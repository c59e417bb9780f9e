"""``commitments.csv``: volume already bought at a fixed price."""

from __future__ import annotations

from pathlib import Path

from hedgedesk.domain.exposure import Commitment
from hedgedesk.domain.units import METERS
from hedgedesk.files.columns import PRICE, VOLUME, open_columns
from hedgedesk.files.findings import FileFindings, Place, read_alone
from hedgedesk.files.headers import Wanted

KINDS = ("fixed", "take_or_pay")

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
    keys = [None if None in (row[0], row[1], row[3], row[4]) else (row[0], row[1], row[3], row[4]) for row in rows]
    columns.require_once(keys, "name", "each name, first_month, model and meter once")
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
