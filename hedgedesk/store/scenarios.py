"""Scenario arrays beside the store: a cache of ``.npz`` files, each rebuilt from its manifest when it is gone."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hedgedesk.domain.market import ForwardCurve, FuturesContract
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.units import UnitWeights
from hedgedesk.domain.values import from_plain, to_plain

CAP = 2 * 1024**3
"""Bytes of all sets together."""
ABANDONED = 3600.0
"""Seconds after which an unfinished file is taken for one whose writer was killed."""
PART = ".part"
FRAME = "frame"
DRIVER = "drivers."
"""Before the name of a driver among the arrays."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What of a scenario set is no array."""

    as_of: np.datetime64
    unit: UnitWeights
    contracts: tuple[FuturesContract, ...]
    curve: ForwardCurve
    cny_per_usd_today: float | None


FRAME_FIELDS = tuple(field.name for field in dataclasses.fields(_Frame))
ARRAY_FIELDS = tuple(f.name for f in dataclasses.fields(ScenarioSet) if f.name not in (*FRAME_FIELDS, "drivers"))


class ScenarioCache:
    """Scenario sets by id.

    Parameters
    ----------
    folder
        Made when it is needed.
    cap
        Bytes that all sets may take together; the least recently read go first.
    """

    def __init__(self, folder: Path, cap: int = CAP) -> None:
        self.folder = folder
        self.cap = cap

    def path(self, scenario_id: str) -> Path:
        """File of a set, there or not."""
        if not scenario_id.isalnum():
            raise ValueError(f"{scenario_id!r} is no id of scenarios")
        return self.folder / f"{scenario_id}.npz"

    def save(self, scenario_id: str, scenarios: ScenarioSet) -> None:
        """Keep a set, unless it is larger than the cache or cannot be written: a cache may fail, a run may not."""
        arrays = _to_arrays(scenarios)
        if sum(values.nbytes for values in arrays.values()) > self.cap:
            return
        target = self.path(scenario_id)
        part = target.with_name(f"{scenario_id}.{uuid.uuid4().hex[:8]}{PART}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
            part.replace(target)
        except OSError as error:
            log.warning("scenarios %s are not kept: %s", scenario_id, error)
            _remove(part)
        self._trim(spare=target)

    def load(self, scenario_id: str) -> ScenarioSet | None:
        """A set that is kept whole; None: absent or damaged, so it has to be drawn again."""
        path = self.path(scenario_id)
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                found = _from_arrays(dict(arrays))
            os.utime(path)
        except FileNotFoundError:
            return None
        except Exception as error:  # a damaged archive fails in as many ways as zip and npy know
            log.warning("scenarios %s cannot be read and are dropped: %s", scenario_id, error)
            _remove(path)
            return None
        return found

    def _trim(self, spare: Path) -> None:
        kept = sorted(self._files(), key=lambda found: found[1].st_mtime, reverse=True)
        room = self.cap - sum(status.st_size for path, status in kept if path == spare)
        for path, status in kept:
            if path.suffix == PART:
                if status.st_mtime < time.time() - ABANDONED:
                    _remove(path)
            elif path != spare:
                room -= status.st_size
                if room < 0:
                    _remove(path)

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            try:
                if path.suffix in (".npz", PART):
                    yield path, path.stat()
            except OSError:  # another server has just removed it
                continue


def _to_arrays(scenarios: ScenarioSet) -> dict[str, Any]:
    frame = {name: to_plain(getattr(scenarios, name)) for name in FRAME_FIELDS}
    arrays = {name: getattr(scenarios, name) for name in ARRAY_FIELDS}
    arrays |= {f"{DRIVER}{name}": values for name, values in scenarios.drivers.items()}
    return {FRAME: np.array(json.dumps(frame))} | {name: v for name, v in arrays.items() if v is not None}


def _from_arrays(arrays: dict[str, Any]) -> ScenarioSet:
    frame = from_plain(_Frame, json.loads(str(arrays.pop(FRAME))))
    drivers = {name.removeprefix(DRIVER): arrays.pop(name) for name in tuple(arrays) if name.startswith(DRIVER)}
    return ScenarioSet(**{name: getattr(frame, name) for name in FRAME_FIELDS}, **arrays, drivers=drivers)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:  # Windows keeps a file that is being read
        log.warning("%s cannot be removed: %s", path, error)
