"""Cells of a draft's files: shown to the editor, changed, and read back before they are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from hedgedesk.domain.draft import CellEdit, RawTable
from hedgedesk.domain.errors import InputError
from hedgedesk.files.documented import PLACES, RULES, TABLES, is_required, present_places, stem_of
from hedgedesk.files.draft.history import remember
from hedgedesk.files.draft.records import DESK, load_preview, load_record, save_record, write_bytes
from hedgedesk.files.findings import shown
from hedgedesk.files.raw import Sheet, edit_sheet, empty_sheet, raw_table, read_sheet, sheet_bytes
from hedgedesk.files.rules.edit import edit_rules
from hedgedesk.files.rules.raw import EDIT_CAP, rule_rows, rules_table

T = TypeVar("T")


def rules_text(path: Path) -> str:
    """Text of a TOML file that can be edited.

    Raises
    ------
    InputError
        It is too large.
    """
    if path.stat().st_size > EDIT_CAP:
        raise InputError(f"a TOML file of more than {EDIT_CAP:,} bytes is not edited here")
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def editable_table(folder: Path, file: str) -> RawTable:
    """A file of the draft for the editor; a table that is not there has its documented header and no row.

    Raises
    ------
    InputError
        No such file in a desk, or one that cannot be read as text at all.
    """
    stem = documented_stem(file)
    place = present_places(folder / DESK).get(stem)
    if stem in RULES:
        text = "" if place is None else _readable(lambda: rules_text(folder / DESK / stem), stem)
        faults = [fault for fault in load_preview(folder).faults if fault.file == stem]
        return _readable(lambda: rules_table(stem, text, faults), stem)
    name = place or f"{stem}.csv"
    faults = [fault for fault in load_preview(folder).faults if fault.file == name]
    return raw_table(name, _sheet(folder, stem, place), stem, faults)


def _readable(read: Callable[[], T], name: str) -> T:
    try:
        return read()
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is no TOML, so its keys cannot be shown: mend it in a text editor") from error


def _sheet(folder: Path, stem: str, place: str | None) -> Sheet:
    if place is None:
        return empty_sheet(stem, _currency(folder, stem))
    sheet = read_sheet(folder / DESK / place, stem)
    if sheet is None:
        raise InputError(f"{place} has no header that can be read, so its rows cannot be shown")
    return sheet


def _currency(folder: Path, stem: str) -> str:
    """Currency of the price column that a table made here gets: what the rules of the draft say."""
    place = "program.toml" if stem == "commitments" else "market/contract.toml"
    try:
        rows = rule_rows(rules_text(folder / DESK / place), place)
    except (OSError, ValueError, RecursionError, InputError):
        rows = []
    text = next((row.text for row in rows if row.key == "currency"), "")
    known = len(text) == 3 and text.isascii() and text.isalpha()
    return text if known else "usd"


def documented_stem(file: str) -> str:
    """Which documented file ``file`` is.

    Raises
    ------
    InputError
        No desk has such a file.
    """
    if file not in PLACES:
        raise InputError(f"a desk has no file {shown(file)}")
    return stem_of(file)


def edit_file(folder: Path, file: str, edits: Sequence[CellEdit]) -> None:
    """Change cells of one file; all edits or none.

    Raises
    ------
    InputError
        An edit that cannot be done.
    """
    stem = documented_stem(file)
    place = present_places(folder / DESK).get(stem)
    content = _edited_rules(folder, stem, edits) if stem in RULES else _edited_table(folder, stem, place, edits)
    _replace(folder, stem, place, content)


def rewrite_rules(folder: Path, place: str, rewrite: Callable[[str], str]) -> None:
    """Make another text of a file of rules: ``rewrite`` is given the one it has.

    Raises
    ------
    InputError
        The file cannot be read, or ``rewrite`` refuses; nothing is then changed.
    """
    path = folder / DESK / place
    text = _readable(lambda: rules_text(path), place) if path.is_file() else ""
    _replace(folder, place, present_places(folder / DESK).get(place), rewrite(text).encode())


def _replace(folder: Path, stem: str, place: str | None, content: bytes | None) -> None:
    record = load_record(folder)
    new_place = stem if stem in RULES else f"{stem}.csv"
    remember(folder, {name for name in (place, new_place) if name})
    if place not in (None, new_place):
        record = replace(record, notices=(*record.notices, f"{place}: kept as {new_place} since its cells were edited"))
    _put(folder / DESK, place, new_place, content)
    save_record(folder, replace(record, changes=record.changes + 1))


def _edited_rules(folder: Path, place: str, edits: Sequence[CellEdit]) -> bytes | None:
    path = folder / DESK / place
    text = _readable(lambda: rules_text(path), place) if path.is_file() else ""
    written = _readable(lambda: edit_rules(text, place, edits), place)
    return written.encode() if written.strip() or is_required(place) else None


def _edited_table(folder: Path, stem: str, place: str | None, edits: Sequence[CellEdit]) -> bytes | None:
    sheet = _sheet(folder, stem, place)
    if not sheet.whole:
        raise InputError(f"{place} cannot be read to its end, so its cells cannot be edited: mend it and load it again")
    edit_sheet(sheet, edits)
    if not sheet.rows and not TABLES[stem].required:
        return None
    content = sheet_bytes(sheet)
    _require_same(folder, stem, sheet, content)
    return content


def _require_same(folder: Path, stem: str, sheet: Sheet, content: bytes) -> None:
    """Raise unless ``content`` reads back as ``sheet``: an edit never changes another cell."""
    scratch = folder / "scratch.csv"
    scratch.write_bytes(content)
    back = read_sheet(scratch, stem)
    scratch.unlink()
    if back is None or (back.header, back.rows, back.delimiter) != (sheet.header, sheet.rows, sheet.delimiter):
        raise InputError(
            "these cells cannot stand in a table: give every column a name, and look at the last one typed"
        )


def _put(desk: Path, place: str | None, new_place: str, content: bytes | None) -> None:
    if content is not None:
        write_bytes(desk / new_place, content)
    if place is not None and (content is None or place != new_place):
        (desk / place).unlink()
