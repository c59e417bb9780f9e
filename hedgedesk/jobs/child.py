"""The child's side of a job: run the target, and send what it says and gives as JSON."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from hedgedesk.domain.errors import Fault, HedgeDeskError, InputError, refused_by_disk
from hedgedesk.domain.progress import Tick

Target = Callable[[dict[str, Any], Tick], dict[str, Any]]
"""What a job calls: ``(spec, tick)``, both small; returns a JSON-ready dict. Importable by name, for ``spawn``."""

TICKS_PER_SECOND = 10.0
THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def run_target(writer: Connection, target: Target, spec: dict[str, Any]) -> None:
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
    strange = refused_by_disk(error) if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
    return {
        "failed": str(error) if ours else strange,
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
