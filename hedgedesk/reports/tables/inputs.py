"""A draft as the screen shows it: what can be said first, its files and columns, and its cells for the editor."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hedgedesk.domain.draft import DraftFile, Preview, RawTable
    from hedgedesk.domain.errors import Fault

TABLES = (
    "consumption",
    "commitments",
    "program",
    "book",
    "settings",
    "index",
    "futures",
    "list_prices",
    "index_toml",
    "scores",
    "fx",
    "holidays",
    "power",
    "gpu",
    "drivers",
    "contract",
)
"""Every documented file, as the templates are listed."""
RULES = ("program", "settings", "index_toml", "drivers", "contract")
"""Those that are TOML files."""
EDITED = ("consumption", "commitments", "program", "book")
"""Tables that can always be edited, in the order of their tabs."""
USAGE = "usage/"
"""Beginning of the place of a usage export."""
LOOKED_AT = 200
"""Rows that decide whether a column holds numbers."""
WIDEST = 320
"""Pixels that a column of long texts starts with."""
_NUMBER = re.compile(r"[+\-−(]?\s*[\d.,'\s_]*\d[\d.,'\s_]*\)?%?")
_DOTTED_DAY = re.compile(r"\d+\.\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Tab:
    """One table of a draft that can be chosen in the editor."""

    stem: str
    """``consumption``, ``market/index``: its place without the ending, which stays when a CSV becomes a workbook."""
    file: str
    """Its place in the desk folder."""
    title: str
    faults: int

    @property
    def label(self) -> str:
        """The title, and how many faults there are."""
        return self.title if not self.faults else say("inputs.tab_faults", title=self.title, count=self.faults)


@dataclass(frozen=True, slots=True)
class EditColumn:
    """A column of the editor; its cells are texts, as the file has them."""

    key: str
    """``c0``, ``c1``, ...: a header may hold anything, even twice."""
    title: str
    """As the file writes it, with the unit where one is known and not written already."""
    numeric: bool
    editable: bool
    width: int
    """Pixels."""


def stem(file: str) -> str:
    """``market/index.csv`` -> ``market/index``; ``market/index.toml`` stands beside it as ``market/index_toml``."""
    return file.replace(".", "_") if file.endswith("index.toml") else file.rsplit(".", 1)[0]


def title(file: str) -> str:
    """What a file is called on the screen; its own name where it is none of the documented."""
    name = stem(file).rsplit("/", 1)[-1]
    return say(f"inputs.table.{name}") if name in TABLES else file


def tabs(preview: Preview, chosen: str = "") -> tuple[Tab, ...]:
    """The tables always edited, then others with a fault that can be mended, and the one ``chosen`` (its stem)."""
    files = {stem(file.name): file for file in preview.files if file.name}
    always = [_tab(name, files.get(name)) for name in EDITED]
    wanted = {name: file for name, file in files.items() if file.editable and (file.faults or name == chosen)}
    others = [_tab(name, file) for name, file in wanted.items() if name not in EDITED]
    return (*always, *others)


def _tab(name: str, file: DraftFile | None) -> Tab:
    if file is not None:
        return Tab(name, file.name, title(file.name), file.faults)
    suffix = "toml" if name in RULES else "csv"
    return Tab(name, f"{name}.{suffix}", title(name), 0)


def headline(preview: Preview, *, coming: bool = True) -> str:
    """The count first: how many rows cannot be read, or that all can; and that nothing was kept.

    Parameters
    ----------
    coming
        Whether the files were loaded; else they are the open desk's, being edited.
    """
    counted = _counted(preview)
    return f"{counted} {say('inputs.not_imported' if coming else 'inputs.not_saved')}" if preview.faults else counted


def _counted(preview: Preview) -> str:
    rows = sum(file.rows for file in preview.files)
    bad = {(fault.file, fault.row) for fault in preview.faults}
    counted = max(sum(file.faults for file in preview.files), len(preview.faults))
    if not counted:
        return say("inputs.clean", files=count("inputs.files", len(preview.files)), rows=count("inputs.rows", rows))
    if counted == len(preview.faults) and all(map(_at_a_row, preview.faults)):
        unread = "inputs.unread_one" if len(bad) == 1 else "inputs.unread"
        return say(unread, bad=fmt.number(len(bad)), rows=fmt.number(rows))
    return say("inputs.wrong_one") if counted == 1 else say("inputs.wrong", count=fmt.number(counted))


def _at_a_row(fault: Fault) -> bool:
    """Whether a fault is of one row: the first line of a table is its header."""
    return fault.row is not None and (fault.row > 1 or fault.file.endswith(".toml"))


def count(key: str, number: int) -> str:
    """``1 file``, ``3 files``: the text under ``key``, or under ``key_one`` for one."""
    return say(f"{key}_one") if number == 1 else say(key, count=fmt.number(number))


def files_table(preview: Preview) -> Table:
    """One row a file: as it came, what it was recognised as, rows, columns, faults."""
    columns = (
        Column("came", say("inputs.files_column.came"), "name", 160),
        Column("known", say("inputs.files_column.known"), "name", 160),
        Column("rows", say("inputs.files_column.rows")),
        Column("columns", say("inputs.files_column.columns"), "text", 320),
        Column("faults", say("inputs.files_column.faults")),
    )
    return Table("inputs.files", columns, tuple(_file_row(file) for file in preview.files))


def _file_row(file: DraftFile) -> dict[str, Cell]:
    known = Cell(known_as(file)) if file.name else Cell(say("inputs.unknown_file"), tone="under")
    return {
        "came": Cell(file.uploaded_as or say("inputs.from_open")),
        "known": known,
        "rows": Cell(fmt.number(file.rows), file.rows),
        "columns": Cell(", ".join(_mapped(c.header, c.meaning, c.unit) for c in file.columns)),
        "faults": Cell(fmt.number(file.faults), file.faults, tone="breach" if file.faults else ""),
    }


def known_as(file: DraftFile) -> str:
    """What a file was taken for: a documented table by its title, usage of a vendor, or by its own name."""
    if not file.name.startswith(USAGE):
        return title(file.name)
    return say("inputs.usage_vendors" if file.name.endswith(".toml") else "inputs.usage_export")


def _mapped(header: str, meaning: str, unit: str) -> str:
    """``volume → mtok (Mtok)``; a column set aside says so."""
    if not meaning:
        return say("inputs.set_aside", header=header)
    named = header if meaning == header else say("inputs.taken_for", header=header, meaning=meaning)
    return say("inputs.in_unit", name=named, unit=unit) if unit and unit != header else named


def edit_columns(table: RawTable) -> tuple[EditColumn, ...]:
    """The columns of the editor; the keys of a TOML file stay as they are."""
    units = table.units or ("",) * len(table.header)
    return tuple(_edit_column(table, i, name, units[i]) for i, name in enumerate(table.header))


def _edit_column(table: RawTable, i: int, name: str, unit: str) -> EditColumn:
    cells = [row[i] for row in table.rows[:LOOKED_AT]]
    longest = max((len(cell) for cell in (*cells, name)), default=0)
    written = fmt_unit(unit).casefold() in name.replace("_", " ").casefold()
    shown = name if not unit or written else say("inputs.in_unit", name=name, unit=unit)
    width = min(WIDEST, max(96, 24 + 8 * max(longest, len(shown))))
    editable = i > 0 or not table.meanings
    return EditColumn(f"c{i}", shown, not table.meanings and mostly_numbers(cells), editable, width)


def fmt_unit(unit: str) -> str:
    """A unit without its first letter's case and spaces, to be looked for in a header."""
    return " ".join(unit.split())


def mostly_numbers(cells: Sequence[str]) -> bool:
    """Whether at least two of three cells that hold anything hold a number; a month or a day is none."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    numbers = [c for c in filled if _NUMBER.fullmatch(c) and not _DOTTED_DAY.fullmatch(c)]
    return bool(filled) and 3 * len(numbers) >= 2 * len(filled)


def rows_for_editing(table: RawTable) -> list[dict[str, str]]:
    """One row a line: ``line`` and the cells by the columns' keys; a TOML key's meaning stands in ``meaning``.

    Where a fault stands at no row, a column may be misnamed: the header then comes first, as line 0, to be edited too.
    """
    rows: list[dict[str, str]] = []
    if not table.meanings and any(fault.row is None for fault in table.faults):
        rows.append(
            {f"c{j}": name for j, name in enumerate(table.header)} | {"line": "0", "shown": say("inputs.header")}
        )
    for i, (line, cells) in enumerate(zip(table.lines, table.rows, strict=True)):
        row: dict[str, str] = {f"c{j}": cell for j, cell in enumerate(cells)}
        row |= {"line": str(line), "shown": str(line)}
        if table.meanings:
            row["meaning"] = table.meanings[i]
        rows.append(row)
    return rows


def marks(table: RawTable) -> dict[str, dict[str, str]]:
    """What is wrong by line and column key: words for the marked cell; a fault of a whole line marks its first."""
    keys = {name.strip().casefold(): f"c{i}" for i, name in reversed(list(enumerate(table.header)))}
    found: dict[str, dict[str, str]] = {}
    for fault in table.faults:
        if fault.row is None:
            continue
        key = keys.get((fault.column or "").strip().casefold(), "c0")
        words = say("inputs.mark", found=fault.found, expected=fault.expected)
        place = found.setdefault(str(fault.row), {})
        place[key] = f"{place[key]}\n{words}" if key in place else words
    return found
