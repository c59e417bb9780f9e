"""The usage exports of a draft: read once, shown file by file, and their vendors named by the user."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hedgedesk.domain.draft import DraftFile
from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.usage import VENDORS, MeasuredUsage, UsageFile
from hedgedesk.domain.values import from_plain, to_plain
from hedgedesk.files.documented import usage_places
from hedgedesk.files.draft.history import remember
from hedgedesk.files.draft.records import DAMAGE, DESK, DraftRecord, load_record, save_record, write_bytes, write_json
from hedgedesk.files.findings import shown
from hedgedesk.files.measured import PREFIX, VENDORS_PLACE, exports_in, read_measured, vendors_in, vendors_text

READ = "usage.json"

Signature = list[list[str | int]]


def measured_usage(folder: Path, tick: Tick = silent) -> MeasuredUsage | None:
    """What the exports of the draft in ``folder`` say: read when one of them has changed, else as read before.

    None where there are none, or not one can be read: reading the desk says why. Nothing is priced: a draft shows what
    came, not what it cost.
    """
    now = _signature(folder / DESK)
    if not now:
        return None
    kept = _kept(folder, now)
    if kept is not None:
        return kept
    try:
        measured = read_measured(folder / DESK, tick=tick)
    except InputError:
        return None
    write_json(folder / READ, {"of": now, "usage": to_plain(measured)})
    return measured


def _kept(folder: Path, now: Signature) -> MeasuredUsage | None:
    try:
        plain = json.loads((folder / READ).read_text(encoding="utf-8"))
        return from_plain(MeasuredUsage, plain["usage"]) if plain["of"] == now else None
    except (OSError, *DAMAGE):
        return None


def _signature(desk: Path) -> Signature:
    """Name, size and time of every file of ``usage/``; empty where there is no export."""
    files = [desk / place for place in usage_places(desk)] if exports_in(desk) else []
    return [[path.name, path.stat().st_size, path.stat().st_mtime_ns] for path in files]


def described(
    folder: Path, places: Iterable[str], measured: MeasuredUsage | None, record: DraftRecord, faults: Sequence[Fault]
) -> list[DraftFile]:
    """The files at ``places`` in ``usage/`` as the preview shows them."""
    found = {PREFIX + file.file: file for file in measured.files} if measured is not None else {}
    named = {PREFIX + name: vendor for name, vendor in _named(folder / DESK).items()}
    return [
        _shown(place, (record.origins or {}).get(place, ""), found.get(place), named, faults)
        if place != VENDORS_PLACE
        else DraftFile(place, (record.origins or {}).get(place, ""), len(named), (), _count(place, faults), False)
        for place in places
    ]


def _shown(
    place: str, origin: str, file: UsageFile | None, named: Mapping[str, str], faults: Sequence[Fault]
) -> DraftFile:
    is_named = place in named
    if file is None:
        count, vendor = _count(place, faults), named.get(place, "")
        return DraftFile(place, origin, 0, (), count, editable=False, vendor=vendor, vendor_named=is_named)
    return DraftFile(
        place,
        origin,
        file.rows,
        (),
        file.faults,
        editable=False,
        vendor=named.get(place, file.vendor),
        vendor_named=is_named,
    )


def _count(place: str, faults: Sequence[Fault]) -> int:
    return sum(fault.file == place for fault in faults)


def _named(desk: Path) -> dict[str, str]:
    try:
        return vendors_in(desk)
    except InputError:
        return {}


def name_vendor(folder: Path, file: str, vendor: str) -> None:
    """Say whose export a file is, in ``usage/vendors.toml``; empty: the columns say it again. One step to undo.

    Raises
    ------
    InputError
        No such export or vendor, or ``vendors.toml`` cannot be read.
    """
    desk = folder / DESK
    name = file.removeprefix(PREFIX)
    if name not in {path.name for path in exports_in(desk)}:
        raise InputError(f"no usage export {shown(name)} is here")
    if vendor and vendor not in VENDORS:
        raise InputError(f"no vendor {shown(vendor)}: known are {', '.join(VENDORS)}")
    vendors = vendors_in(desk) | {name: vendor}
    content = vendors_text({key: value for key, value in vendors.items() if value})
    remember(folder, {VENDORS_PLACE})
    if content:
        write_bytes(desk / VENDORS_PLACE, content.encode())
    else:
        (desk / VENDORS_PLACE).unlink(missing_ok=True)
    record = load_record(folder)
    save_record(folder, replace(record, changes=record.changes + 1))


def leave_out(folder: Path, place: str) -> None:
    """Take an export out of the draft; one step to undo."""
    remember(folder, {place})
    (folder / DESK / place).unlink()
    record = load_record(folder)
    origins = {stem: name for stem, name in (record.origins or {}).items() if stem != place}
    save_record(
        folder,
        replace(
            record,
            candidates=tuple(candidate for candidate in record.candidates if candidate.stem != place),
            origins=origins,
            notices=(*record.notices, f"{(record.origins or {}).get(place) or place}: left out"),
            changes=record.changes + 1,
        ),
    )


def export_of(folder: Path, name: str) -> str | None:
    """Place of the export that is called ``name`` in the desk or came under it; None: there is no such one."""
    origins = load_record(folder).origins or {}
    present = [PREFIX + path.name for path in exports_in(folder / DESK)]
    return next((place for place in present if name in (place, origins.get(place))), None)
