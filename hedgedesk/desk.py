"""Desk: the use cases, one verb each. The only thing that the command line and the dashboard call."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.jobs import Jobs, JobState

if TYPE_CHECKING:
    from hedgedesk.domain.run import DeskInputs, HedgeRun

Tick = Callable[[float, str], None]
DESK_FILES = (".csv", ".xlsx", ".toml")


class Desk:
    """A desk folder and the runs made of it.

    Parameters
    ----------
    folder
        The desk folder (architecture.md §4); None: the sample.
    data
        Folder of the user's own files, today the log; None: :func:`data_folder` chooses. It is made when it is needed.
    """

    def __init__(self, folder: Path | None = None, data: Path | None = None) -> None:
        self.folder = folder if folder is not None else sample()
        self.sample = folder is None
        self.data = data_folder(data)
        self._jobs = Jobs()
        self._runs: dict[str, HedgeRun] = {}

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.resolve().name

    def check(self, folder: Path | None = None) -> DeskInputs:
        """Read a desk folder; :class:`InputError` carries every fault of every file."""
        from hedgedesk.files import read_desk

        return read_desk(folder if folder is not None else self.folder)

    def run(
        self, folder: Path | None = None, overrides: dict[str, Any] | None = None, tick: Tick | None = None
    ) -> HedgeRun:
        """Read the folder and walk the straight line, here and now.

        Parameters
        ----------
        folder
            None: the desk's own.
        overrides
            RunSettings fields by name that beat ``settings.toml``.
        tick
            Told the progress.
        """
        tick = tick or _silent
        tick(0.0, "Reading the desk folder")
        inputs = self.check(folder)
        settings = dataclasses.replace(inputs.settings, **(overrides or {}))
        from hedgedesk import pipeline

        return pipeline.run(dataclasses.replace(inputs, settings=settings), tick=tick)

    def start_run(self, overrides: dict[str, Any] | None = None, *, retry: bool = True) -> str:
        """Start the run as a job, or find the one already made of the same files and settings; its id.

        With ``retry``, a run that failed or was cancelled is started anew; without, it is found as it ended.
        """
        settings = overrides or {}
        key = content_key(self.folder, settings)
        spec = {"folder": str(self.folder), "overrides": settings}
        return self._jobs.submit(key, run_folder, spec, retry=retry)

    def job(self, job_id: str | None) -> JobState | None:
        """How a job stands; None: unknown, the server has been started again since."""
        return self._jobs.state(job_id) if job_id else None

    def wait(self, job_id: str, timeout: float | None = None) -> JobState | None:
        """Block until a job is over or ``timeout`` seconds are gone; how it then stands."""
        return self._jobs.wait(job_id, timeout=timeout)

    def cancel(self, job_id: str | None) -> None:
        """End a job."""
        if job_id:
            self._jobs.cancel(job_id)

    def finished(self, job_id: str) -> str | None:
        """Run id of a job that is done; None while it is not."""
        state = self._jobs.state(job_id)
        if state is None or state.result is None:
            return None
        run_id: str = state.result["manifest"]["run_id"]
        if run_id not in self._runs:
            from hedgedesk.domain.run import HedgeRun

            self._runs[run_id] = HedgeRun.from_record(state.result)
        return run_id

    def result(self, run_id: str) -> HedgeRun:
        """A run made since the server started.

        Raises
        ------
        HedgeDeskError
            No such run is in memory.
        """
        if run_id not in self._runs:
            raise HedgeDeskError(f"run {run_id} is not in memory: the server has been started again, so run again")
        return self._runs[run_id]

    def close(self) -> None:
        """End every job."""
        self._jobs.close()


def data_folder(chosen: Path | None = None) -> Path:
    """Where the user's own files live: ``chosen``, else ``HEDGEDESK_DATA``, else the platform's data folder."""
    if chosen is not None:
        return chosen
    if os.environ.get("HEDGEDESK_DATA"):
        return Path(os.environ["HEDGEDESK_DATA"])
    import platformdirs

    return platformdirs.user_data_path("HedgeDesk", appauthor=False)


def run_folder(spec: dict[str, Any], tick: Tick) -> dict[str, Any]:
    """Job target: ``spec`` holds ``folder`` and ``overrides``; the run's record."""
    return Desk(Path(spec["folder"])).run(None, spec["overrides"], tick).record()


def content_key(folder: Path, overrides: dict[str, Any]) -> str:
    """SHA-256 over every file of the folder that a run may read, and the overrides: what can change a number."""
    digest = hashlib.sha256(json.dumps([str(folder), overrides], sort_keys=True).encode())
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in DESK_FILES and p.is_file()):
        digest.update(str(path.relative_to(folder)).encode() + b"\0")
        digest.update(_hash_of(path))
    return digest.hexdigest()


def _hash_of(path: Path) -> bytes:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError as error:  # the run itself says what cannot be read
        return str(error).encode()


def sample() -> Path:
    """Folder of the sample desk."""
    from hedgedesk.files.places import sample_folder

    return sample_folder()


def assets() -> Path:
    """Folder of the dashboard's styles and scripts."""
    from hedgedesk.files.places import assets_folder

    return assets_folder()


def _silent(_fraction: float, _text: str) -> None:
    """Tell nobody."""
