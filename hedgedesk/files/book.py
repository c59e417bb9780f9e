"""``book.csv``: futures positions already held."""

from __future__ import annotations

from pathlib import Path

from hedgedesk.domain.book import HedgeBook, Position
from hedgedesk.files.columns import PRICE, Columns, Rule, open_columns
from hedgedesk.files.findings import FileFindings, Place, read_alone
from hedgedesk.files.headers import Wanted

WANTED = Wanted(("trade_date", "contract", "lots"), price="price", may_be_empty=True)
_LOTS = Rule("a whole number of lots other than 0 (long above, short below)", lambda x: x != 0 and x == int(x))


def read_book(path: Place) -> HedgeBook:
    """Read positions, CSV or Excel; lots are signed, prices currency per Mtok.

    Raises
    ------
    InputError
        Every fault of the file.
    """
    return read_alone(path, lambda place, report: book_of(parse_book(place, report)))


def parse_book(path: Path, report: FileFindings) -> list[tuple[int, Position]] | None:
    """Read the good rows, each with its line, and report the others; None when there is nothing to read."""
    columns = open_columns(path, WANTED, ("lots", "price"), report)
    return None if columns is None else _positions(columns)


def book_of(positions: list[tuple[int, Position]] | None) -> HedgeBook | None:
    """Put the positions together."""
    return None if positions is None else HedgeBook(tuple(position for _, position in positions))


def _positions(columns: Columns) -> list[tuple[int, Position]]:
    positions = []
    for line, day, contract, lots, price in zip(
        columns.lines,
        columns.days("trade_date"),
        columns.months("contract"),
        columns.numbers("lots", _LOTS),
        columns.numbers("price", PRICE),
        strict=True,
    ):
        if day is None or contract is None:
            continue
        if contract < day.astype("datetime64[M]"):
            columns.fault(line, "contract", str(contract), f"a delivery month not before its trade date, {day}")
        elif lots is not None and price is not None:
            positions.append((line, Position(day, contract, lots, price, columns.currency)))
    return positions
