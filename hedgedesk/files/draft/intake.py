"""Uploaded files sorted into a desk folder of their own, under documented names, completed from the open desk."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.files.documented import RULES, TABLES, every_place, is_required, stem_of
from hedgedesk.files.draft import exports
from hedgedesk.files.draft.archive import unpack
from hedgedesk.files.draft.recognise import recognise
from hedgedesk.files.draft.records import DESK, INCOMING, SORTED, Candidate, DraftRecord, copy_into
from hedgedesk.files.draft.upload import KEPT_SUFFIXES, display_name, suffix_of, told_apart
from hedgedesk.files.findings import FileFindings, Findings


def sort_uploads(folder: Path, record: DraftRecord) -> DraftRecord:
    """Unpack, recognise and place everything that came; the record with what was found.

    Parameters
    ----------
    folder
        Of the draft; its :data:`SORTED` and :data:`DESK` are made anew.
    record
        As it was kept when the files came.
    """
    for name in (SORTED, DESK):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(parents=True)
    findings = Findings()
    candidates: list[Candidate] = []
    for stored, shown_as in record.uploads:
        candidates += _candidates(folder, stored, shown_as, findings)
    candidates = exports.told_apart(candidates)
    faults = (*findings.faults, *double_faults(candidates))
    record = replace(record, candidates=tuple(candidates), origins={}, faults=faults, notices=findings.notices)
    record = _completed(folder, place_candidates(folder, record))
    for candidate in candidates:
        if candidate.stem in (record.origins or {}):
            (folder / SORTED / candidate.stored).unlink()
    return record


def _candidates(folder: Path, stored: str, shown_as: str, findings: Findings) -> list[Candidate]:
    upload, report = folder / INCOMING / stored, findings.file(shown_as)
    if suffix_of(stored) != ".zip":
        named = [(shown_as, shown_as, upload.read_bytes())]
    else:
        inside = unpack(upload.read_bytes(), report, KEPT_SUFFIXES)
        if not inside and not report.count:
            report.fault(None, None, "a zip without a table or TOML file", "a zip of a desk folder")
        told = told_apart([display_name(name) for name, _ in inside])
        named = [
            (name, f"{shown_as}: {as_told}", content) for (name, content), as_told in zip(inside, told, strict=True)
        ]
    found = [
        _sorted(folder, name, content, findings.file(as_told), f"{upload.stem}-{n:04d}")
        for n, (name, as_told, content) in enumerate(named)
    ]
    return [candidate for candidate in found if candidate is not None]


def _sorted(folder: Path, name: str, content: bytes, report: FileFindings, number: str) -> Candidate | None:
    suffix = suffix_of(name)
    path = folder / SORTED / (number + (suffix if suffix in KEPT_SUFFIXES else ".bin"))
    path.write_bytes(content)
    stem = recognise(name, path, report)
    if stem is None:
        path.unlink()
        return None
    return Candidate(stem, path.name, report.name)


def doubles(candidates: Sequence[Candidate]) -> dict[str, list[str]]:
    """Stem of every file that came more than once, to the names it came under."""
    names: dict[str, list[str]] = {}
    for candidate in candidates:
        names.setdefault(candidate.stem, []).append(candidate.uploaded_as)
    return {stem: under for stem, under in names.items() if len(under) > 1}


def double_faults(candidates: Sequence[Candidate]) -> list[Fault]:
    """One fault for every table that came more than once, at the second file."""
    faults = []
    for stem, names in doubles(candidates).items():
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        told = f"{len(names)} files for {stem}: {', '.join(names[:4])}{more}"
        faults.append(Fault(names[1], None, None, told, "only one of them: leave the other out"))
    return faults


def place_candidates(folder: Path, record: DraftRecord) -> DraftRecord:
    """Put every file that came alone for its place, and is not there yet, into the desk."""
    origins = dict(record.origins or {})
    waiting = doubles(record.candidates)
    for candidate in record.candidates:
        if candidate.stem not in waiting and candidate.stem not in origins:
            copy_into(folder / SORTED / candidate.stored, folder / DESK / candidate.place)
            origins[candidate.stem] = candidate.uploaded_as
    return replace(record, origins=origins)


def _completed(folder: Path, record: DraftRecord) -> DraftRecord:
    """Take from the base what did not come, unless a whole desk came: then what it leaves out is left out."""
    came = {candidate.stem for candidate in record.candidates}
    whole = all(stem in came for stem in (*TABLES, *RULES) if is_required(stem))
    if record.base is None or whole or not came:
        return record
    taken = [place for place in every_place(Path(record.base)) if stem_of(place) not in came]
    for place in taken:
        copy_into(Path(record.base) / place, folder / DESK / place)
    if not taken:
        return record
    return replace(record, notices=(*record.notices, f"taken from the open desk: {', '.join(taken)}"))


def copy_desk(folder: Path, source: Path, name: str) -> DraftRecord:
    """Copy the documented files of the desk folder ``source`` into the draft ``folder``; what it then remembers.

    Raises
    ------
    InputError
        A file cannot be read, or the folder is gone.
    """
    if not source.is_dir():
        raise InputError(f"the files of this desk are no longer there: {source} is gone")
    (folder / DESK).mkdir(parents=True)
    places = every_place(source)
    found = [Candidate(stem_of(place), place.replace("/", "-"), place) for place in places]
    waiting = doubles(found)
    for candidate in found:
        place = candidate.uploaded_as
        copy_into(
            source / place, folder / SORTED / candidate.stored if candidate.stem in waiting else folder / DESK / place
        )
    staying = tuple(candidate for candidate in found if candidate.stem in waiting)
    return DraftRecord(name, None, candidates=staying, origins={}, faults=tuple(double_faults(staying)))
