"""A draft checked as the desk it would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hedgedesk.domain.draft import CellEdit, DraftFile, Preview
from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.usage import MeasuredUsage
from hedgedesk.domain.values import to_plain
from hedgedesk.files.documented import RULES, is_usage, present_places, stem_of
from hedgedesk.files.draft import usages
from hedgedesk.files.draft.history import remember, steps_of, take_back
from hedgedesk.files.draft.intake import double_faults, doubles, place_candidates, sort_uploads
from hedgedesk.files.draft.mending import edit_file, rules_text
from hedgedesk.files.draft.records import DESK, PREVIEW, DraftRecord, load_record, save_record, write_json
from hedgedesk.files.findings import shown
from hedgedesk.files.folder import read_desk
from hedgedesk.files.raw import MOST_ROWS, mapped_columns, read_sheet
from hedgedesk.files.rules.raw import rule_rows


def read_draft(folder: Path, tick: Tick) -> Preview:
    """Sort what was uploaded into ``folder`` and check it."""
    tick(0.0, "Unpacking and recognising the files")
    record = sort_uploads(folder, load_record(folder))
    save_record(folder, record)
    tick(0.4, "Checking every row")
    preview = check_draft(folder, lambda fraction, text: tick(0.4 + 0.6 * fraction, text))
    tick(1.0, "Checked")
    return preview


def check_draft(folder: Path, tick: Tick = silent) -> Preview:
    """Read the draft's desk as it stands, keep what was found and give it."""
    record = load_record(folder)
    measured = usages.measured_usage(folder, tick)
    faults, notices, as_of = _checked(folder / DESK, measured)
    waiting = doubles(record.candidates)
    faults = [*record.faults, *(fault for fault in faults if stem_of(fault.file) not in waiting)]
    places = present_places(folder / DESK)
    described = [_described(folder, stem, place, record) for stem, place in places.items() if not is_usage(place)]
    exports = usages.described(folder, filter(is_usage, places), measured, record, faults)
    files = (*(_counted(file, faults) for file, _ in described), *exports, *_homeless(record))
    told = (*record.notices, *notices, *(notice for _, notice in described if notice))
    steps = steps_of(folder)
    preview = Preview(
        folder.name, record.name, files, tuple(faults), told, as_of, not faults, bool(steps), record.changes
    )
    write_json(folder / PREVIEW, to_plain(preview))
    return preview


def _checked(desk: Path, measured: MeasuredUsage | None) -> tuple[Sequence[Fault], Sequence[str], str | None]:
    try:
        inputs = read_desk(desk, usage=measured)
    except InputError as error:
        return error.faults or (Fault("", None, None, str(error), "a desk that can be read"),), (), None
    return (), inputs.notices, str(inputs.market.as_of)


def _counted(file: DraftFile, faults: Sequence[Fault]) -> DraftFile:
    return replace(file, faults=sum(fault.file == file.name for fault in faults))


def _homeless(record: DraftRecord) -> list[DraftFile]:
    names = dict.fromkeys(fault.file for fault in record.faults)
    return [DraftFile("", name, 0, (), sum(f.file == name for f in record.faults), editable=False) for name in names]


def _described(folder: Path, stem: str, place: str, record: DraftRecord) -> tuple[DraftFile, str]:
    """A file of the desk, and a notice where not all of it can be edited."""
    origin = (record.origins or {}).get(stem, "")
    if stem in RULES:
        count = _count_rules(folder / DESK / place, place)
        return DraftFile(place, origin, count or 0, (), 0, editable=count is not None), ""
    sheet = read_sheet(folder / DESK / place, stem)
    if sheet is None:
        return DraftFile(place, origin, 0, (), 0, editable=False), ""
    count = sum(any(cell.strip() for cell in row) for row in sheet.rows)
    notice = f"{place}: the first {MOST_ROWS:,} of {count:,} rows can be edited here" if count > MOST_ROWS else ""
    return DraftFile(place, origin, count, mapped_columns(sheet.header, stem), 0, editable=sheet.whole), notice


def _count_rules(path: Path, place: str) -> int | None:
    try:
        return sum(row.text != "" for row in rule_rows(rules_text(path), place))
    except (ValueError, RecursionError, InputError):
        return None


def edit_draft(folder: Path, file: str, edits: Sequence[CellEdit]) -> Preview:
    """Change cells of one file and check the whole desk again.

    Raises
    ------
    InputError
        An edit that cannot be done; nothing is then changed.
    """
    edit_file(folder, file, edits)
    return check_draft(folder)


def name_vendor(folder: Path, file: str, vendor: str) -> Preview:
    """Say whose export a file is and check the whole desk again; empty: its columns say it.

    Raises
    ------
    InputError
        No such export or vendor.
    """
    usages.name_vendor(folder, file, vendor)
    return check_draft(folder)


def undo_change(folder: Path) -> Preview:
    """Take the last change back and check again.

    Raises
    ------
    InputError
        Nothing was changed.
    """
    take_back(folder)
    return check_draft(folder)


def leave_out(folder: Path, uploaded_as: str) -> Preview:
    """Set one uploaded file aside, or an export by its place, so that its faults do not stand in the way.

    Raises
    ------
    InputError
        No file with a fault and no export came under this name.
    """
    export = usages.export_of(folder, uploaded_as)
    if export is not None:
        usages.leave_out(folder, export)
        return check_draft(folder)
    record = load_record(folder)
    waiting = doubles(record.candidates)
    named = {c.uploaded_as for c in record.candidates if c.stem in waiting} | {f.file for f in record.faults}
    if uploaded_as not in named:
        raise InputError(f"no file {shown(uploaded_as)} waits to be left out")
    tables = {place for place in present_places(folder / DESK).values() if not is_usage(place)}
    remember(folder, tables | _places_of(record))
    staying = tuple(c for c in record.candidates if c.uploaded_as != uploaded_as)
    told = double_faults(record.candidates)
    others = [fault for fault in record.faults if fault not in told and fault.file != uploaded_as]
    record = replace(
        record,
        candidates=staying,
        faults=(*others, *double_faults(staying)),
        notices=(*record.notices, f"{uploaded_as}: left out"),
        changes=record.changes + 1,
    )
    save_record(folder, place_candidates(folder, record))
    return check_draft(folder)


def _places_of(record: DraftRecord) -> set[str]:
    return {candidate.place for candidate in record.candidates}
