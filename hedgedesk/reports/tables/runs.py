"""The stored runs and the audit log as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import catalogue, price_model, say
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.workspace import Deed, RunLine

SHORT = 8
"""Characters of a run id that people read; the whole id is in the tooltip and in the link."""
RUN_COLUMNS = (
    ("name", "text", 96),
    ("id", "text", 84),
    ("when", "text", 138),
    ("who", "text", 50),
    ("desk", "text", 92),
    ("as_of", "text", 92),
    ("model", "text", 94),
    ("scenarios", "number", 76),
    ("seed", "number", 46),
    ("mean", "number", 100),
    ("cvar", "number", 100),
    ("based_on", "text", 72),
    ("state", "state", 108),
)
DEED_COLUMNS = (
    ("at", "text", 140),
    ("who", "text", 90),
    ("what", "text", 130),
    ("subject", "text", 170),
    ("detail", "text", 420),
)


def runs_table(lines: Sequence[RunLine], key: str, shown: str | None = None) -> Table:
    """One row a stored run, newest first.

    Parameters
    ----------
    key
        Content key of the open desk: a run made of it is of this desk, any other is stale or of another desk.
    shown
        Run id on the screen.
    """
    columns = tuple(Column(name, say(f"runs.column.{name}"), kind, width) for name, kind, width in RUN_COLUMNS)
    return Table("runs", columns, tuple(_run(line, key, shown) for line in lines))


def _run(line: RunLine, key: str, shown: str | None) -> dict[str, Cell]:
    state, tone = _state(line, key, shown)
    return {
        "name": Cell(line.name or say("runs.unnamed"), line.name or "", line.name or "", "" if line.name else "quiet"),
        "id": Cell(line.run_id[:SHORT], line.run_id, line.run_id),
        "when": Cell(fmt.moment(line.made_at), line.made_at, line.made_at),
        "who": Cell(line.made_by, full=line.made_by),
        "desk": Cell(line.desk, full=line.desk),
        "as_of": Cell(_day(line.as_of), line.as_of),
        "model": Cell(price_model(line.model), line.model),
        "scenarios": Cell(fmt.number(line.scenarios), line.scenarios),
        "seed": Cell(str(line.seed), line.seed),
        "mean": _money(line.mean, line.currency),
        "cvar": _money(line.cvar, line.currency),
        "based_on": _origin(line),
        "state": Cell(state, state, tone=tone),
    }


def runs_in_full(lines: Sequence[RunLine], key: str) -> Table:
    """The stored runs as a file has them: whole ids and times, and the currency of the amounts."""
    table = runs_table(lines, key)
    names = [name for name, _, _ in RUN_COLUMNS]
    currency = Column("currency", say("sheet.currency"), "text", 60)
    at = names.index("mean")
    whole = (
        row
        | {"id": Cell(line.run_id), "when": Cell(line.made_at), "currency": Cell(line.currency)}
        | {"name": Cell(line.name or ""), "based_on": Cell(row["based_on"].full)}
        for line, row in zip(lines, table.rows, strict=True)
    )
    return Table(table.name, (*table.columns[:at], currency, *table.columns[at:]), tuple(whole))


def _origin(line: RunLine) -> Cell:
    """The run that a what-if is based on, and what was changed."""
    if line.based_on is None:
        return Cell("")
    return Cell(f"{line.based_on[:SHORT]}: {line.changes}", line.based_on, f"{line.based_on}: {line.changes}")


def _state(line: RunLine, key: str, shown: str | None) -> tuple[str, str]:
    if line.run_id == shown:
        return say("runs.state.shown"), "in"
    return (say("runs.state.current"), "") if line.key == key else (say("runs.state.stale"), "under")


def _money(amount: float, currency: str) -> Cell:
    scale = fmt.money_scale(amount)
    return Cell(scale.full(amount, currency), amount, fmt.money(amount, currency))


def _day(stamp: str) -> str:
    import numpy as np

    return fmt.day(np.datetime64(stamp[:10]))


def deeds_table(deeds: Sequence[Deed]) -> Table:
    """One row a deed: when, who, what, of what, and how."""
    columns = tuple(Column(name, say(f"deeds.column.{name}"), kind, width) for name, kind, width in DEED_COLUMNS)
    return Table("deeds", columns, tuple(_deed(deed) for deed in deeds))


def deeds_in_full(deeds: Sequence[Deed]) -> Table:
    """The audit log as a file has it: times to the second, in UTC."""
    table = deeds_table(deeds)
    rows = tuple(row | {"at": Cell(deed.at)} for deed, row in zip(deeds, table.rows, strict=True))
    return Table(table.name, table.columns, rows)


def _deed(deed: Deed) -> dict[str, Cell]:
    what = catalogue().get(f"deeds.what.{deed.what}", deed.what.replace("_", " "))
    return {
        "at": Cell(fmt.moment(deed.at), deed.at, deed.at),
        "who": Cell(deed.who),
        "what": Cell(what, deed.what),
        "subject": Cell(deed.subject, full=deed.subject),
        "detail": Cell(deed.detail, full=deed.detail),
    }


def title_of(line: RunLine) -> str:
    """Name of a run, or its short id."""
    return line.name or say("runs.by_id", run=line.run_id[:SHORT])
