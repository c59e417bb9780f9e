"""Long work in a child process: progress, cancel, and a failure that says what failed.

One spawned process a job. What comes back is JSON in bytes, so nothing that a child wrote is ever unpickled. A job
knows neither the store nor the screen: ``desk`` hands it the function to run.
"""

from __future__ import annotations

import contextlib
import json
import logging
import multiprocessing
import os
import signal
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from hedgedesk.domain.errors import Fault, HedgeDeskError, InputError

Target = Callable[[dict[str, Any], Callable[[float, str], None]], dict[str, Any]]
"""What a job calls: ``(spec, tick)``, both small; returns a JSON-ready dict. Importable by name, for ``spawn``."""

TICKS_PER_SECOND = 10.0
TELLING = 0.1
"""Before this fraction the pace says more about starting up than about the work."""
THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
OPEN_ENDED = ("waiting", "running")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobFailure:
    """Why a job gave no result."""

    reference: str
    """Short id, beside the traceback in the log."""
    text: str
    faults: tuple[Fault, ...] = ()
    """Every fault of the input, where that is what failed."""


@dataclass(frozen=True, slots=True)
class JobState:
    """One job as it stands now."""

    id: str
    key: str
    status: str
    """waiting, running, done, failed or cancelled."""
    fraction: float = 0.0
    text: str = ""
    seconds_left: float | None = None
    """None: too early to tell."""
    ahead: int = 0
    """How many jobs wait before this one."""
    failure: JobFailure | None = None
    result: dict[str, Any] | None = None

    @property
    def active(self) -> bool:
        """Whether it is still waiting or running."""
        return self.status in OPEN_ENDED


def seconds_left(elapsed: float, fraction: float) -> float | None:
    """Time to go at the pace so far, elapsed (1 - f) / f in seconds; None while it is too early to tell."""
    return elapsed * (1.0 - fraction) / fraction if fraction >= TELLING else None


@dataclass(slots=True)
class _Job:
    id: str
    key: str
    target: Target
    spec: dict[str, Any]
    status: str = "waiting"
    fraction: float = 0.0
    text: str = ""
    started: float = 0.0
    process: BaseProcess | None = None
    failure: JobFailure | None = None
    result: dict[str, Any] | None = None
    changed: threading.Condition = field(default_factory=threading.Condition)
    """Held while the job changes, and told of every change."""


class Jobs:
    """The jobs of one server.

    Parameters
    ----------
    limit
        How many run at once; the others wait their turn. None: half the processors, at least one.
    """

    def __init__(self, limit: int | None = None) -> None:
        self._jobs: dict[str, _Job] = {}
        self._lock = threading.Lock()
        self._slots = threading.Semaphore(limit or max(1, (os.cpu_count() or 2) // 2))

    def submit(self, key: str, target: Target, spec: dict[str, Any], *, retry: bool = True) -> str:
        """Start ``target(spec, tick)`` in a child; the id of the job.

        A job of the same ``key`` that waits, runs or is done is that job: asking twice runs once. One that failed or
        was cancelled is started anew, unless ``retry`` is False.
        """
        with self._lock:
            for job in reversed(self._jobs.values()):
                if job.key == key and (job.status in (*OPEN_ENDED, "done") or not retry):
                    return job.id
            job = _Job(uuid.uuid4().hex[:12], key, target, spec)
            self._jobs[job.id] = job
        threading.Thread(target=self._attend, args=(job,), name=f"job-{job.id}", daemon=True).start()
        return job.id

    def state(self, job_id: str) -> JobState | None:
        """How the job stands; None: this server never started it."""
        job = self._jobs.get(job_id)
        if job is None:
            return None
        elapsed = time.monotonic() - job.started
        left = seconds_left(elapsed, job.fraction) if job.status == "running" else None
        return JobState(
            job.id, job.key, job.status, job.fraction, job.text, left, self._ahead(job), job.failure, job.result
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

    def _ahead(self, job: _Job) -> int:
        if job.status != "waiting":
            return 0
        earlier = list(self._jobs)[: list(self._jobs).index(job.id)]
        return sum(self._jobs[other].status in OPEN_ENDED for other in earlier)

    def _attend(self, job: _Job) -> None:
        with self._slots:
            reader = _start(job)
            if reader is None:
                return
            _listen(job, reader)
            _end(job)


def _satisfied(state: JobState | None, ready: Callable[[JobState], bool] | None) -> bool:
    return state is None or (not state.active if ready is None else ready(state))


def _start(job: _Job) -> Connection | None:
    spawn = multiprocessing.get_context("spawn")
    with job.changed:
        if job.status != "waiting":
            return None
        reader, writer = spawn.Pipe(duplex=False)
        job.process = spawn.Process(target=_child, args=(writer, job.target, job.spec), daemon=True)
        job.started, job.status = time.monotonic(), "running"
        job.process.start()
        job.changed.notify_all()
        writer.close()
        return reader


def _listen(job: _Job, reader: Connection) -> None:
    with reader:
        while True:
            try:
                frame = json.loads(reader.recv_bytes())
            except (EOFError, OSError):
                return
            with job.changed:
                _take(job, frame)
                job.changed.notify_all()


def _take(job: _Job, frame: dict[str, Any]) -> None:
    if job.status != "running":
        return
    if "tick" in frame:
        job.fraction, job.text = frame["tick"]
    elif "result" in frame:
        job.result, job.fraction, job.status = frame["result"], 1.0, "done"
    else:
        _fail(job, frame["failed"], tuple(Fault(**fault) for fault in frame["faults"]), frame["trace"])


def _end(job: _Job) -> None:
    process = job.process
    if process is None:
        return
    process.join()
    with job.changed:
        if job.status == "running":
            _fail(job, f"the job's process ended without a result (exit code {process.exitcode})", (), "")
        job.changed.notify_all()
        job.process = None
        process.close()


def _fail(job: _Job, text: str, faults: tuple[Fault, ...], trace: str) -> None:
    job.failure, job.status = JobFailure(job.id[:6], text, faults), "failed"
    log.error("job %s failed: %s\n%s", job.id[:6], text, trace)


def _child(writer: Connection, target: Target, spec: dict[str, Any]) -> None:
    """Run ``target`` in the child; everything that leaves goes through ``writer`` as JSON."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's business: it ends the child itself.
    for name in THREAD_LIMITS:
        os.environ[name] = "1"
    try:
        frame: dict[str, Any] = {"result": target(spec, _Throttle(writer))}
    except Exception as error:
        frame = _failure(error)
    with contextlib.suppress(BrokenPipeError), writer:  # the server is gone: nobody is left to tell
        writer.send_bytes(json.dumps(frame).encode())


def _failure(error: Exception) -> dict[str, Any]:
    ours = isinstance(error, HedgeDeskError)
    faults = error.faults if isinstance(error, InputError) else ()
    return {
        "failed": str(error) if ours else f"{type(error).__name__}: {error}",
        "faults": [{name: getattr(fault, name) for name in Fault.__slots__} for fault in faults],
        "trace": "" if ours else traceback.format_exc(),
    }


class _Throttle:
    """A tick that sends at most ten frames a second, a new text always."""

    def __init__(self, writer: Connection) -> None:
        self._writer = writer
        self._sent = 0.0
        self._text = ""

    def __call__(self, fraction: float, text: str) -> None:
        now = time.monotonic()
        if text == self._text and now - self._sent < 1.0 / TICKS_PER_SECOND:
            return
        self._sent, self._text = now, text
        frame = {"tick": [min(max(float(fraction), 0.0), 1.0), text]}
        self._writer.send_bytes(json.dumps(frame).encode())
