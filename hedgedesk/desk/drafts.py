"""Files on their way in: kept apart as drafts, previewed, mended, and only then handed to the desk."""

from __future__ import annotations

import re
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgedesk.domain.errors import HedgeDeskError, InputError, StoreError, refused_by_disk
from hedgedesk.domain.progress import Tick
from hedgedesk.jobs import Jobs

if TYPE_CHECKING:
    from hedgedesk.domain.draft import CellEdit, ModelChange, Preview, RawTable
    from hedgedesk.domain.study import VolumeForecast
    from hedgedesk.domain.usage import UsageFile

MOST_DRAFTS = 20
"""The oldest beyond are removed."""
SECONDS = 60.0
"""Longest time that reading an upload may take."""

_ID = re.compile(r"[0-9a-f]{32}")


class Drafts:
    """The drafts of one user.

    Parameters
    ----------
    folder
        Where they lie, one folder each; made when it is needed.
    jobs
        Where reading happens.
    """

    def __init__(self, folder: Path, jobs: Jobs) -> None:
        self._folder = folder
        self._jobs = jobs
        self._lock = threading.RLock()
        self._reading: dict[str, str] = {}
        """Draft to the job that reads it."""

    def receive(self, files: Sequence[tuple[str, bytes]], base: Path | None = None) -> str:
        """Keep uploaded files, unread, as a new draft; its id.

        Parameters
        ----------
        files
            (name as the user calls it, content); names may hold folders.
        base
            Desk folder that completes single tables; None: nothing does.

        Raises
        ------
        InputError
            Too many files, or too large ones; nothing is kept.
        """
        from hedgedesk.files.draft import records, upload

        upload.require_limits(files)
        with self._new() as folder:
            uploads = upload.keep_uploads(folder / records.INCOMING, files)
            name = upload.proposed_name([name for name, _ in files])
            records.save_record(folder, records.DraftRecord(name, None if base is None else str(base), tuple(uploads)))
        return folder.name

    def copy_of(self, folder: Path, name: str) -> str:
        """Make a draft of a desk folder to edit its cells; its id. It is read at once, so it has a preview."""
        from hedgedesk.files.draft import intake, records, staged

        with self._new() as place:
            records.save_record(place, intake.copy_desk(place, folder, name))
            staged.check_draft(place)
        return place.name

    def start_reading(self, draft: str, base: Path | None = None) -> str:
        """Start to unpack, recognise and check a draft; id of the job, whose result is small (:func:`read`).

        Parameters
        ----------
        draft
            Id.
        base
            As of :meth:`receive`; None: the one given there.
        """
        folder = self._of(draft)
        spec = {"folder": str(folder), "base": None if base is None else str(base)}
        title = f"Reading {self._name(folder)}"
        job = self._jobs.submit(f"import:{draft}", read, spec, kind="import", title=title, limit_seconds=SECONDS)
        self._reading[draft] = job
        return job

    def preview(self, draft: str) -> Preview:
        """What the draft would be as a desk.

        Raises
        ------
        InputError
            It has not been read yet, or there is no such draft.
        """
        from hedgedesk.files.draft import records, staged

        folder = self._of(draft)
        try:
            return records.load_preview(folder)
        except records.Damaged:
            with self._lock, _on_disk():
                return staged.check_draft(folder)

    def table(self, draft: str, file: str) -> RawTable:
        """Cells of one file, such as ``market/index.csv``; of a table that is not there, its header and no row.

        Raises
        ------
        InputError
            No such file in a desk, or one whose cells cannot be shown.
        """
        from hedgedesk.files.draft import mending

        self.preview(draft)
        with self._lock, _on_disk():
            return mending.editable_table(self._of(draft), file)

    def edit(self, draft: str, file: str, edits: Sequence[CellEdit]) -> Preview:
        """Change cells of one file, all or none, and check the whole desk again; one step to undo.

        Raises
        ------
        InputError
            An edit that cannot be done; the draft is as before.
        """
        from hedgedesk.files.draft import staged

        return self._changed(draft, lambda folder: staged.edit_draft(folder, file, edits))

    def write_programme(self, draft: str, texts: Mapping[str, str], currency: str) -> Preview:
        """Put what a form says into the programme and check the whole desk again; one step to undo.

        Raises
        ------
        InputError
            The form has faults; the draft is as before.
        """
        from hedgedesk.files.draft.programme import write_programme

        return self._changed(draft, lambda folder: write_programme(folder, texts, currency))

    def grow(
        self, draft: str, by: float, *, team: str = "", model: str = "", first: str = "", last: str = ""
    ) -> tuple[Preview, int]:
        """Multiply the lines of the forecast that fit by 1 + ``by``, and say how many; one step to undo.

        Parameters
        ----------
        team, model
            Empty: every one.
        first, last
            Months, YYYY-MM, both included; empty: from the first, to the last.

        Raises
        ------
        InputError
            Nothing fits, or the forecast cannot be read; the draft is as before.
        """
        from hedgedesk.files.draft.growing import grow_forecast, growth_of

        with self._lock, _on_disk():
            self.preview(draft)  # one that is still being read cannot be changed
            return grow_forecast(self._of(draft), growth_of(by, team, model, first, last))

    def adoption_changes(self, draft: str, forecasts: Sequence[VolumeForecast]) -> tuple[ModelChange, ...]:
        """Models for which a forecast from usage names teams or lacks meters that the draft's forecast has otherwise.

        Raises
        ------
        InputError
            The draft's forecast cannot be edited here.
        """
        from hedgedesk.files.draft.adopting import adoption_changes

        with self._lock, _on_disk():
            return adoption_changes(self._of(draft), forecasts)

    def take_forecast(self, draft: str, forecasts: Sequence[VolumeForecast], *, keep_teams: bool = False) -> Preview:
        """Put a forecast from usage in place of the lines of the same models and months; one step to undo.

        ``keep_teams`` shares a model's volume among the teams it has, where the exports name others.

        Raises
        ------
        InputError
            The draft's forecast cannot be edited here; the draft is as before.
        """
        from hedgedesk.files.draft.adopting import adopt_forecast

        return self._changed(draft, lambda folder: adopt_forecast(folder, forecasts, keep_teams=keep_teams))

    def exports(self, draft: str) -> tuple[UsageFile, ...]:
        """The usage exports of a draft as they were read, ``file`` without ``usage/``; none where none can be read."""
        from hedgedesk.files.draft.usages import measured_usage

        with self._lock, _on_disk():
            measured = measured_usage(self._of(draft))
        return () if measured is None else measured.files

    def name_vendor(self, draft: str, file: str, vendor: str) -> Preview:
        """Say whose export the usage file ``file`` is; an empty ``vendor``: its columns say it. One step to undo.

        Parameters
        ----------
        draft
            Id.
        file
            Its place, such as ``usage/june.csv``.
        vendor
            One of :data:`~hedgedesk.domain.usage.VENDORS`, or empty.

        Raises
        ------
        InputError
            No such export or vendor; the draft is as before.
        """
        from hedgedesk.files.draft import staged

        return self._changed(draft, lambda folder: staged.name_vendor(folder, file, vendor))

    def leave_out(self, draft: str, uploaded_as: str) -> Preview:
        """Set an uploaded file aside that has no place or shares its place with another; one step to undo.

        Raises
        ------
        InputError
            No such file waits for it.
        """
        from hedgedesk.files.draft import staged

        return self._changed(draft, lambda folder: staged.leave_out(folder, uploaded_as))

    def undo(self, draft: str) -> Preview:
        """Take the last change back.

        Raises
        ------
        InputError
            There is none.
        """
        from hedgedesk.files.draft import staged

        return self._changed(draft, staged.undo_change)

    def staged(self, draft: str) -> Path:
        """Desk folder of a draft without fault.

        Raises
        ------
        InputError
            The draft has faults, every one of them, or has not been read.
        """
        from hedgedesk.files.draft import records, staged

        folder = self._of(draft)
        preview = self.preview(draft)
        if preview.ready:  # as it was when it was read; what is kept is what is there now
            with self._lock, _on_disk():
                preview = staged.check_draft(folder)
        if not preview.ready:
            raise InputError(faults=preview.faults)
        return folder / records.DESK

    @contextmanager
    def handed_over(self, draft: str) -> Iterator[Path]:
        """:meth:`staged`, which nobody changes or throws away meanwhile."""
        with self._lock:
            yield self.staged(draft)

    def is_import(self, draft: str) -> bool:
        """Whether files came with it; else it is a copy of a desk to edit."""
        from hedgedesk.files.draft import records

        return bool(records.load_record(self._of(draft)).uploads)

    def discard(self, draft: str) -> None:
        """Remove a draft and all that came with it; one that is gone already stays gone."""
        if _ID.fullmatch(draft):
            if draft in self._reading:
                self._jobs.cancel(self._reading.pop(draft))
            with self._lock:
                shutil.rmtree(self._folder / draft, ignore_errors=True)

    def template(self, table: str, suffix: str) -> bytes:
        """An example of a documented file to fill in (:data:`hedgedesk.files.templates.TEMPLATES`).

        Raises
        ------
        InputError
            There is no such template.
        """
        from hedgedesk.files.templates import template

        return template(table, suffix)

    def _changed(self, draft: str, change: Callable[[Path], Preview]) -> Preview:
        with self._lock, _on_disk():
            self.preview(draft)  # one that is still being read cannot be changed
            return change(self._of(draft))

    @contextmanager
    def _new(self) -> Iterator[Path]:
        """Folder of a new draft, which is gone again where filling it fails."""
        with _on_disk():
            folder = self._folder / secrets.token_hex(16)
            with self._lock:
                self._remove_old()
                folder.mkdir(parents=True)
            try:
                yield folder
            except (HedgeDeskError, OSError):
                self.discard(folder.name)
                raise

    def _remove_old(self) -> None:
        if not self._folder.is_dir():
            return
        drafts = [path for path in self._folder.iterdir() if _ID.fullmatch(path.name) and path.is_dir()]
        for path in sorted(drafts, key=lambda path: path.stat().st_mtime)[: -MOST_DRAFTS + 1 or None]:
            self.discard(path.name)

    def _of(self, draft: str) -> Path:
        from hedgedesk.files.draft import records

        folder = self._folder / draft if _ID.fullmatch(draft) else None
        if folder is None or not (folder / records.RECORD).is_file():
            raise InputError("these files are no longer here: load them again")
        return folder

    def _name(self, folder: Path) -> str:
        from hedgedesk.files.draft import records

        return records.load_record(folder).name


@contextmanager
def _on_disk() -> Iterator[None]:
    """Say what the disk refuses as the desk's own error, which a page shows in its place."""
    try:
        yield
    except OSError as error:
        raise StoreError(refused_by_disk(error)) from error


def read(spec: dict[str, Any], tick: Tick) -> dict[str, Any]:
    """Job target: ``spec`` holds ``folder`` and ``base``; the result has ``draft``, ``ready`` and ``faults``."""
    from dataclasses import replace

    from hedgedesk.files.draft import records, staged

    folder = Path(spec["folder"])
    if spec["base"] is not None:
        records.save_record(folder, replace(records.load_record(folder), base=spec["base"]))
    preview = staged.read_draft(folder, tick)
    return {"draft": preview.draft, "ready": preview.ready, "faults": len(preview.faults)}
