"""One job and its child, seen from the server: started, listened to, ended."""

from __future__ import annotations

import json
import logging
import multiprocessing
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from hedgedesk.domain.errors import Fault
from hedgedesk.jobs.child import Target, run_target
from hedgedesk.jobs.state import JobFailure

SHORT = ("import", "report")
"""Kinds of job that are over in seconds."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Job:
    """A job as the server knows it; :class:`JobState` is what others see of it."""

    id: str
    key: str
    target: Target
    spec: dict[str, Any]
    kind: str = "run"
    title: str = ""
    limit_seconds: float | None = None
    status: str = "waiting"
    fraction: float = 0.0
    text: str = ""
    started: float = 0.0
    process: BaseProcess | None = None
    failure: JobFailure | None = None
    result: dict[str, Any] | None = None
    changed: threading.Condition = field(default_factory=threading.Condition)
    """Held while the job changes, and told of every change."""

    @property
    def short(self) -> bool:
        """Whether it waits for other short jobs only."""
        return self.kind in SHORT


def attend(job: Job) -> None:
    """Run a job to its end, unless it was cancelled before its turn."""
    reader = _start(job)
    if reader is not None:
        _listen(job, reader)
        _end(job)


def _start(job: Job) -> Connection | None:
    spawn = multiprocessing.get_context("spawn")
    with job.changed:
        if job.status != "waiting":
            return None
        reader, writer = spawn.Pipe(duplex=False)
        job.process = spawn.Process(target=run_target, args=(writer, job.target, job.spec), daemon=True)
        job.started, job.status = time.monotonic(), "running"
        with writer:
            _launch(job)
        job.changed.notify_all()
        return reader


def _launch(job: Job) -> None:
    process = job.process
    try:
        if process is not None:
            process.start()
    except (OSError, RuntimeError) as error:  # no memory, no more processes: the desk goes on without it
        job.process, job.spec = None, {}
        _fail(job, f"its process could not be started: {error}", (), "")


def _listen(job: Job, reader: Connection) -> None:
    with reader:
        while True:
            try:
                if not reader.poll(_time_left(job)):
                    _stop_late(job)
                    return
                frame = json.loads(reader.recv_bytes())
            except (EOFError, OSError):
                return
            with job.changed:
                _take(job, frame)
                job.changed.notify_all()


def _time_left(job: Job) -> float | None:
    if job.limit_seconds is None:
        return None
    return max(0.0, job.started + job.limit_seconds - time.monotonic())


def _stop_late(job: Job) -> None:
    with job.changed:
        if job.status == "running" and job.process is not None:
            _fail(job, f"it took longer than {job.limit_seconds:g} seconds and was ended", (), "")
            job.process.terminate()


def _take(job: Job, frame: dict[str, Any]) -> None:
    if job.status != "running":
        return
    if "tick" in frame:
        job.fraction, job.text = frame["tick"]
    elif "result" in frame:
        job.result, job.fraction, job.status = frame["result"], 1.0, "done"
    else:
        _fail(job, frame["failed"], tuple(Fault(**fault) for fault in frame["faults"]), frame["trace"])


def _end(job: Job) -> None:
    process = job.process
    if process is None:
        return
    process.join()
    with job.changed:
        if job.status == "running":
            _fail(job, f"the job's process ended without a result (exit code {process.exitcode})", (), "")
        job.changed.notify_all()
        job.process, job.spec = None, {}
        process.close()


def _fail(job: Job, text: str, faults: tuple[Fault, ...], trace: str) -> None:
    job.failure, job.status = JobFailure(job.id[:6], text, faults), "failed"
    log.error("job %s failed: %s\n%s", job.id[:6], text, trace)
