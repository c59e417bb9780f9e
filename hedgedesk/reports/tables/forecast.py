"""The forecast of a draft by month: a row a model, meter and team, a column a month; cells are texts, as typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgedesk.domain.draft import CellEdit
from hedgedesk.domain.errors import InputError
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import catalogue, say
from hedgedesk.reports.tables.inputs import marks

if TYPE_CHECKING:
    from hedgedesk.domain.draft import ModelChange, RawTable

NAMED = ("model", "meter", "team")
NEEDED = ("month", "model", "meter", "mtok")
_GAPS = re.compile(r"[\s_-]+")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Pivot:
    """The forecast laid out by month."""

    months: tuple[str, ...]
    """As the file writes them, in order."""
    rows: tuple[dict[str, Any], ...]
    """``id``, the names, ``m0``, ``m1``, ... by month; ``lines`` and ``marks`` by the same keys."""
    totals: dict[str, Any]
    """Sum of each month's numbers, in words."""

    def named(self, name: str) -> tuple[str, ...]:
        """Every team or model that the rows have."""
        return tuple(dict.fromkeys(row[name] for row in self.rows if row[name]))


def places_of(table: RawTable) -> dict[str, int]:
    """Where the columns stand.

    Raises
    ------
    InputError
        One that is needed is not there.
    """
    found = {_GAPS.sub("_", name.strip()).casefold(): k for k, name in reversed(list(enumerate(table.header)))}
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise InputError(say("forecast.as_table", why=say("forecast.no_column", name=missing[0])))
    return found


def pivot(table: RawTable) -> Pivot:
    """Lay the lines out by month; one that has its month already begins a row of its own, below the first.

    Raises
    ------
    InputError
        A column that is needed is not there.
    """
    at, wrong = places_of(table), marks(table)
    months = tuple(sorted(dict.fromkeys(row[at["month"]].strip() for row in table.rows)))
    keys = {month: f"m{k}" for k, month in enumerate(months)}
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line, cells in zip(table.lines, table.rows, strict=True):
        names = tuple(cells[at[name]].strip() if name in at else "" for name in NAMED)
        key = keys[cells[at["month"]].strip()]
        row = _free_row(rows, names, key)
        row[key], row["lines"][key] = cells[at["mtok"]], line
        told = wrong.get(str(line))
        if told:
            row["marks"][key] = _told(told, table, at["mtok"])
    return Pivot(months, tuple(rows.values()), _totals(tuple(rows.values()), keys.values()))


def _free_row(rows: dict[tuple[Any, ...], dict[str, Any]], names: tuple[str, ...], key: str) -> dict[str, Any]:
    """The row of ``names`` in which ``key`` is still free."""
    turn = 0
    while key in rows.get((*names, turn), {}):
        turn += 1
    made = {"id": f"r{len(rows)}", **dict(zip(NAMED, names, strict=True)), "lines": {}, "marks": {}}
    made["meter_text"] = catalogue().get(f"meter.{made['meter']}", made["meter"])
    return rows.setdefault((*names, turn), made)


def _told(told: Mapping[str, str], table: RawTable, mtok: int) -> str:
    """What is wrong with a line; of other columns than the number's with their names."""
    return "\n".join(
        words if key == f"c{mtok}" else f"{table.header[int(key[1:])]}: {words}" for key, words in told.items()
    )


def _totals(rows: Sequence[Mapping[str, Any]], keys: Any) -> dict[str, Any]:
    sums = {key: [_number(row[key]) for row in rows if key in row] for key in keys}
    whole = {key: fmt.number(sum(values)) for key, values in sums.items() if None not in values}  # type: ignore[arg-type]
    return {"id": "total", "model": say("plan.total"), "meter_text": "", "team": "", **whole}


def changes_words(changes: Sequence[ModelChange], *, kept: bool) -> str:
    """What a forecast from usage did to the teams and meters of the one before; empty: it has the same.

    Parameters
    ----------
    kept
        Whether the old teams were kept.
    """
    return " ".join(words for words in (_teams_words(changes, kept), _meters_words(changes)) if words)


def _teams_words(changes: Sequence[ModelChange], kept: bool) -> str:
    strange = [change for change in changes if change.new]
    if not strange:
        return ""
    names = {
        "models": ", ".join(change.model for change in strange),
        "new": _teams_of(change.new for change in strange),
        "gone": _teams_of(change.gone for change in strange),
    }
    if kept:
        return say("usage.teams.kept", **names)
    return say("usage.teams.changed" if names["gone"] else "usage.teams.added", **names)


def _teams_of(found: Iterable[tuple[str, ...]]) -> str:
    return ", ".join(dict.fromkeys(team or say("usage.teams.none") for teams in found for team in teams))


def _meters_words(changes: Sequence[ModelChange]) -> str:
    """Whose lines were emptied, since the exports know no such use."""
    lost = [change for change in changes if change.meters]
    told = [
        f"{change.model} {', '.join(catalogue().get(f'meter.{meter}', meter) for meter in change.meters)}"
        for change in lost
    ]
    return say("usage.teams.meters", lines="; ".join(told)) if told else ""


def _number(text: str) -> float | None:
    """A number with a point before its decimals; None: it is written in another way, or is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def month_title(month: str) -> str:
    """``2026-11`` as ``Nov 2026``; what is no month as it stands."""
    return fmt.month(np.datetime64(month, "M")) if _MONTH.fullmatch(month) else month


def edits_of(asked: Sequence[Mapping[str, Any]], table: RawTable) -> list[CellEdit]:
    """The edits that the browser asked for: a number set, or a month added to a row that has no line for it.

    Raises
    ------
    InputError
        They are no edits of this table.
    """
    at = places_of(table)
    try:
        return [_edit(edit, table, at) for edit in asked]
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(say("inputs.garbled_edit")) from error


def _edit(edit: Mapping[str, Any], table: RawTable, at: Mapping[str, int]) -> CellEdit:
    text = str(edit["text"] or "")
    if edit.get("line"):
        line = int(edit["line"])
        return CellEdit("cell", line, table.header[at["mtok"]], text) if text.strip() else CellEdit("remove", line)
    cells = [""] * len(table.header)
    for name in (*NAMED, "month"):
        if name in at:
            cells[at[name]] = str(edit[name] or "")
    cells[at["mtok"]] = text
    return CellEdit("add", table.lines[-1] if table.lines else 0, text="\t".join(cells))
