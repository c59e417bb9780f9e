"""A forecast from usage written into the forecast of a draft: edits of its cells, as if typed, all in one step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hedgedesk.domain.draft import CellEdit, ModelChange, Preview, RawTable
from hedgedesk.domain.errors import InputError
from hedgedesk.domain.model_names import model_slug
from hedgedesk.domain.study import VolumeForecast
from hedgedesk.files.columns import open_columns
from hedgedesk.files.consumption import WANTED
from hedgedesk.files.dates import read_month
from hedgedesk.files.documented import present_places
from hedgedesk.files.draft.mending import editable_table
from hedgedesk.files.draft.records import DESK
from hedgedesk.files.draft.staged import edit_draft
from hedgedesk.files.draft.teams import Line, model_changes, with_old_teams
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.headers import plain
from hedgedesk.files.numbers import read_number
from hedgedesk.files.raw import MOST_ROWS

FORECAST = "consumption"
"""Stem of the file."""
NUMBERS = ("mtok", "spread")
WRITTEN = ("month", "model", "meter", "mtok", "team", "spread")
DIGITS = 9
"""Of a number that is written; a forecast knows fewer."""
WIDEST = 5.0
"""Largest relative standard deviation that ``consumption.csv`` takes."""


def adopt_forecast(folder: Path, forecasts: Sequence[VolumeForecast], *, keep_teams: bool = False) -> Preview:
    """Put ``forecasts`` in place of the lines of the same models and months; other lines stay as they are.

    A model keeps the name that the forecast has for it, and its new lines what the old ones say in further columns
    (index, beta).

    Parameters
    ----------
    folder
        Of the draft.
    forecasts
        From usage; lines of models or months beyond them stay.
    keep_teams
        Share a model's volume among the teams it has, where the exports name others.

    Raises
    ------
    InputError
        The forecast is too long to be edited here, or has no readable header; the draft is as before.
    """
    place, table = _forecast_table(folder)
    if len(table.rows) >= MOST_ROWS:
        raise InputError(f"{place} has {MOST_ROWS:,} rows or more: take the forecast over in a spreadsheet")
    return edit_draft(folder, place, edits_of(table, forecasts, keep_teams=keep_teams, mark=_mark(folder, place)))


def adoption_changes(folder: Path, forecasts: Sequence[VolumeForecast]) -> tuple[ModelChange, ...]:
    """Models of the draft in ``folder`` for which ``forecasts`` name other teams, or lack meters.

    Raises
    ------
    InputError
        As :func:`adopt_forecast`.
    """
    place, table = _forecast_table(folder)
    return model_changes(_Old(table, _mark(folder, place)).lines(), _lines(forecasts))


def _forecast_table(folder: Path) -> tuple[str, RawTable]:
    place = present_places(folder / DESK).get(FORECAST, f"{FORECAST}.csv")
    return place, editable_table(folder, place)


def _mark(folder: Path, place: str) -> str:
    """What marks decimals in the volumes of the forecast; a point where there is none yet."""
    path = folder / DESK / place
    columns = open_columns(path, WANTED, NUMBERS, FileFindings(place)) if path.is_file() else None
    return columns.decimal("mtok") if columns is not None else "."


def edits_of(
    table: RawTable, forecasts: Sequence[VolumeForecast], *, keep_teams: bool = False, mark: str = "."
) -> list[CellEdit]:
    """What has to be typed into ``table``, the forecast of a draft with decimals by ``mark``, to say ``forecasts``."""
    columns = [plain(name) for name in table.header]
    missing = [name for name in WRITTEN if name not in columns]
    old, new = _Old(table, mark), _lines(forecasts)
    wanted = with_old_teams(old.lines(), new) if keep_teams else new
    months = {str(month) for forecast in forecasts for month in forecast.months}
    models = {model_slug(forecast.model) for forecast in forecasts}
    replaced = [n for n in range(len(table.rows)) if old.slug(n) in models and old.month(n) in months]
    last = table.lines[-1] if table.lines else 0
    rows = [_row(_cells(line, mark), [*columns, *missing], old) for line in wanted]
    return [
        *(CellEdit("add", 0, column=name) for name in missing),
        *(CellEdit("add", last, text="\t".join(row)) for row in rows),
        *(CellEdit("remove", table.lines[n]) for n in replaced),
    ]


class _Old:
    """The lines that the forecast has now."""

    def __init__(self, table: RawTable, mark: str) -> None:
        self._mark = mark
        self._table, self._columns = table, [plain(name) for name in table.header]

    def cell(self, number: int, column: str) -> str:
        """Text of one cell, empty where there is no such column."""
        return self._table.rows[number][self._columns.index(column)].strip() if column in self._columns else ""

    def slug(self, number: int) -> str:
        """The model of a line, under the one name that joins spellings."""
        return model_slug(self.cell(number, "model"))

    def month(self, number: int) -> str:
        """YYYY-MM; empty where the cell holds no month."""
        month = read_month(self.cell(number, "month"))
        return "" if month is None else str(month)

    def lines(self) -> list[Line]:
        """What the lines say; a number that cannot be read counts nothing."""
        return [
            Line(
                self.month(n),
                self.cell(n, "model"),
                self.cell(n, "meter"),
                self.cell(n, "team"),
                max(read_number(self.cell(n, "mtok"), self._mark) or 0.0, 0.0),
            )
            for n in range(len(self._table.rows))
        ]

    def like(self, model: str, meter: str) -> int | None:
        """The first line of the same model, one of the same meter before others."""
        same = [n for n in range(len(self._table.rows)) if self.slug(n) == model_slug(model)]
        return next((n for n in same if self.cell(n, "meter") == meter), same[0] if same else None)


def _lines(forecasts: Sequence[VolumeForecast]) -> list[Line]:
    return [
        Line(str(month), forecast.model, forecast.meter, forecast.team, mtok, spread)
        for forecast in forecasts
        for month, mtok, spread in zip(forecast.months, forecast.mtok.tolist(), forecast.spread.tolist(), strict=True)
    ]


def _cells(line: Line, mark: str) -> dict[str, str]:
    return {
        "month": line.month,
        "model": line.model,
        "meter": line.meter,
        "team": line.team,
        "mtok": f"{line.mtok:.{DIGITS}g}".replace(".", mark),
        "spread": f"{min(line.spread, WIDEST):.3g}".replace(".", mark) if line.spread == line.spread else "",
    }


def _row(cells: dict[str, str], columns: Sequence[str], old: _Old) -> list[str]:
    like = old.like(cells["model"], cells["meter"])
    if like is None:
        return [cells.get(column, "") for column in columns]
    cells = cells | {"model": old.cell(like, "model")}
    return [cells[column] if column in cells else old.cell(like, column) for column in columns]
