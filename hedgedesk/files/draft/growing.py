"""Part of a draft's forecast multiplied: edits of its cells, as if they had been typed, all in one step."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from hedgedesk.domain.consumption import ForecastLine, Growth
from hedgedesk.domain.draft import CellEdit, Preview
from hedgedesk.domain.errors import InputError
from hedgedesk.files.columns import VOLUME, open_columns
from hedgedesk.files.consumption import WANTED
from hedgedesk.files.dates import read_month
from hedgedesk.files.documented import present_places
from hedgedesk.files.draft.mending import editable_table
from hedgedesk.files.draft.records import DESK
from hedgedesk.files.draft.staged import edit_draft
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.raw import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hedgedesk.files.columns import Columns

FORECAST = "consumption"
"""Stem of the file."""
DIGITS = 12
"""Of a number that is written: what binary fractions add behind them is no part of it."""


def growth_of(by: float, team: str, model: str, first: str, last: str) -> Growth:
    """A growth from what a form says; empty is everything.

    Raises
    ------
    InputError
        A month that is none, or a growth that cannot be.
    """
    months = {name: read_month(text) if text else None for name, text in (("first", first), ("last", last))}
    unread = [name for name, text in (("first", first), ("last", last)) if text and months[name] is None]
    if unread:
        raise InputError(f"the {unread[0]} month is no month, YYYY-MM")
    return Growth(by, team=team, model=model, first_month=months["first"], last_month=months["last"])


def grow_forecast(folder: Path, growth: Growth) -> tuple[Preview, int]:
    """Multiply the lines of the draft in ``folder`` that ``growth`` fits; the draft checked again, and how many.

    Cells that hold no number are left as they are, with their faults.

    Raises
    ------
    InputError
        The forecast has no readable header or fits beyond the rows that can be edited here, or nothing fits.
    """
    place = present_places(folder / DESK).get(FORECAST)
    report = FileFindings(place or FORECAST)
    columns = open_columns(folder / DESK / place, WANTED, ("mtok", "spread"), report) if place else None
    if columns is None:
        raise InputError("the forecast has no header that can be read, so nothing of it can be multiplied")
    table = editable_table(folder, FORECAST + ".csv")
    header = columns.label("mtok")
    found = dict(_grown(columns, growth))
    if found.keys() - set(table.lines):
        raise InputError(f"{place} has more than {MOST_ROWS:,} rows: multiply the forecast in a spreadsheet")
    edits = [CellEdit("cell", line, header, text) for line, text in found.items()]
    if not edits:
        raise InputError("no number of the forecast fits this choice")
    return edit_draft(folder, place or FORECAST, edits), len(edits)


def _grown(columns: Columns, growth: Growth) -> Iterator[tuple[int, str]]:
    """Line and new text of every cell that changes."""
    months, models = columns.months("month"), columns.texts("model")
    meters, teams = columns.texts("meter"), columns.texts("team", optional=True)
    volumes, mark = columns.numbers("mtok", VOLUME), columns.decimal("mtok")
    for row, month, model, meter, team, mtok in zip(columns.lines, months, models, meters, teams, volumes, strict=True):
        if None in (month, model, meter, mtok):
            continue
        line = ForecastLine(month, model or "", meter or "", mtok or 0.0, team or "")
        if growth.fits(line):
            yield row, written(line.mtok * (1.0 + growth.by), mark)


def written(value: float, mark: str) -> str:
    """A number in plain digits with the decimal ``mark`` of its column."""
    text = format(Decimal(f"{value:.{DIGITS}g}"), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", mark)
