"""Long work in a child process: progress, cancel, and a failure that says what failed.

One spawned process a job. What comes back is JSON in bytes, so nothing that a child wrote is ever unpickled. A job
knows neither the store nor the screen: ``desk`` hands it the function to run.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from hedgedesk.domain.progress import Tick
from hedgedesk.jobs.attend import Job, attend
from hedgedesk.jobs.child import Target
from hedgedesk.jobs.state import OPEN_ENDED, JobFailure, JobState, seconds_left

__all__ = ["JobFailure", "JobState", "Jobs", "Target", "seconds_left"]

REMEMBERED = 50
"""Jobs that are over and still known; older ones are forgotten, so a long day does not fill the memory."""


class Jobs:
    """The jobs of one server.

    Parameters
    ----------
    limit
        How many runs go on at once; the others wait their turn. None: half the processors, at least one. Imports and
        reports are short, and somebody sits before the screen: they take turns of their own.
    """

    def __init__(self, limit: int | None = None) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        count = limit or max(1, (os.cpu_count() or 2) // 2)
        self._slots = {short: threading.Semaphore(count) for short in (False, True)}

    def submit(
        self,
        key: str,
        target: Target,
        spec: dict[str, Any],
        *,
        retry: bool = True,
        kind: str = "run",
        title: str = "",
        limit_seconds: float | None = None,
    ) -> str:
        """Start ``target(spec, tick)`` in a child; the id of the job.

        A job of the same ``key`` that waits, runs or is done is that job: asking twice runs once. One that failed or
        was cancelled is started anew, unless ``retry`` is False.

        Parameters
        ----------
        kind
            run, what_if, import or report.
        title
            What it works on, in words for the tray.
        limit_seconds
            A job that runs longer is ended and fails; None: it may take its time.
        """
        with self._lock:
            job = self._of_key(key, (*OPEN_ENDED, "done") if retry else None)
            if job is not None:
                return job.id
            job = self._add(Job(uuid.uuid4().hex[:12], key, target, spec, kind, title, limit_seconds))
        threading.Thread(target=self._attend, args=(job,), name=f"job-{job.id}", daemon=True).start()
        return job.id

    def settle(self, key: str, result: dict[str, Any], *, kind: str = "run", title: str = "") -> str:
        """A job that is done at once because its ``result`` is at hand; one of the same key and result is that job."""
        with self._lock:
            job = self._of_key(key, ("done",))
            if job is None or job.result != result:
                job = Job(uuid.uuid4().hex[:12], key, _settled, {}, kind, title)
                job.status, job.fraction, job.result = "done", 1.0, result
                self._add(job)
            return job.id

    def done(self, key: str) -> str | None:
        """Id of the newest job of ``key`` that is done; None: there is none."""
        job = self._of_key(key, ("done",))
        return job.id if job is not None else None

    def forget(self, job_id: str) -> None:
        """Drop a job that is over, so that :meth:`submit` runs its key again."""
        with self._lock:
            self._jobs = {name: j for name, j in self._jobs.items() if name != job_id or j.status in OPEN_ENDED}

    def states(self) -> tuple[JobState, ...]:
        """Every job that is known, the newest first."""
        found = (self.state(job_id) for job_id in reversed(list(self._jobs)))
        return tuple(state for state in found if state is not None)

    def state(self, job_id: str) -> JobState | None:
        """How the job stands; None: this server never started it, or has forgotten it among many later ones."""
        job = self._jobs.get(job_id)
        if job is None:
            return None
        elapsed = time.monotonic() - job.started
        return JobState(
            id=job.id,
            key=job.key,
            status=job.status,
            fraction=job.fraction,
            text=job.text,
            seconds_left=seconds_left(elapsed, job.fraction) if job.status == "running" else None,
            ahead=self._ahead(job),
            failure=job.failure,
            result=job.result,
            kind=job.kind,
            title=job.title,
        )

    def wait(
        self, job_id: str, ready: Callable[[JobState], bool] | None = None, timeout: float | None = None
    ) -> JobState | None:
        """Block until the job is over, or as ``ready`` says, or ``timeout`` seconds are gone; how it then stands."""
        job = self._jobs.get(job_id)
        if job is not None:
            with job.changed:
                job.changed.wait_for(lambda: _satisfied(self.state(job_id), ready), timeout)
        return self.state(job_id)

    def cancel(self, job_id: str) -> None:
        """End the job's process; a job that is over or unknown stays as it is."""
        job = self._jobs.get(job_id)
        if job is None:
            return
        with job.changed:
            if job.status in OPEN_ENDED:
                job.status = "cancelled"
                job.changed.notify_all()
                if job.process is not None:
                    job.process.terminate()

    def close(self) -> None:
        """Cancel whatever still waits or runs."""
        for job_id in list(self._jobs):
            self.cancel(job_id)

    def _of_key(self, key: str, statuses: tuple[str, ...] | None) -> Job | None:
        """The newest job of ``key``, of any status with None."""
        of_key = (job for job in reversed(self._jobs.values()) if job.key == key)
        return next((job for job in of_key if statuses is None or job.status in statuses), None)

    def _add(self, job: Job) -> Job:
        """Take a job in, and forget the oldest of too many that are over."""
        over = [known.id for known in self._jobs.values() if known.status not in OPEN_ENDED]
        forgotten = set(over[: max(0, len(over) - REMEMBERED + 1)])
        # A new dict: whoever reads the old one reads on undisturbed.
        self._jobs = {name: known for name, known in self._jobs.items() if name not in forgotten} | {job.id: job}
        return job

    def _ahead(self, job: Job) -> int:
        if job.status != "waiting":
            return 0
        earlier = itertools.takewhile(lambda other: other is not job, self._jobs.values())
        return sum(other.status in OPEN_ENDED and other.short == job.short for other in earlier)

    def _attend(self, job: Job) -> None:
        with self._slots[job.short]:
            attend(job)


def _satisfied(state: JobState | None, ready: Callable[[JobState], bool] | None) -> bool:
    return state is None or (not state.active if ready is None else ready(state))


def _settled(_spec: dict[str, Any], _tick: Tick) -> dict[str, Any]:
    raise AssertionError("a job that is settled is never started")
