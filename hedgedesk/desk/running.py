"""Making a run and keeping it: the job's target and what the command line does here and now."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import time
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgedesk.desk.folders import Folders, content_key
from hedgedesk.desk.memory import deed, now, user
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.domain.progress import Tick
from hedgedesk.domain.workspace import RunLine

if TYPE_CHECKING:
    from hedgedesk.domain.price_models import ModelChoice
    from hedgedesk.domain.run import DeskInputs, HedgeRun
    from hedgedesk.prices.simulate import MapBlocks
    from hedgedesk.store import Store

log = logging.getLogger(__name__)


def run_folder(spec: dict[str, Any], tick: Tick) -> dict[str, Any]:
    """Job target: make a run of a folder and keep it; its id.

    ``spec`` holds the ``folder``, the ``overrides``, the ``desk``'s name and the user's own ``data`` folder.
    """
    run = make_and_keep(Path(spec["folder"]), spec["overrides"], spec["desk"], Path(spec["data"]), tick)
    return {"run_id": run.manifest.run_id}


def make_and_keep(
    folder: Path, overrides: dict[str, Any], desk: str, home: Path, tick: Tick, *, cluster: str | None = None
) -> HedgeRun:
    """Copy the desk's files under their key, run from the copy, and keep run and scenarios in the store of ``home``.

    ``cluster`` is where scenarios are drawn; None: in this process.
    """
    from hedgedesk.store import Store

    tick(0.0, "Reading the desk folder")
    store = Store(home)  # a store that cannot be written is told before a minute's work, not after it
    started = time.monotonic()
    key, copy = _kept(folder, home)
    with _mapping(cluster) as map_blocks:  # a cluster that is not there is told before a minute's work, too
        run = walk(_read(copy), overrides, tick, map_blocks)
    line = line_of(run, desk=desk, key=key, seconds=time.monotonic() - started)
    store.keep_scenarios(run)
    store.save_run(run, line, overrides, deed("ran", run.manifest.run_id, desk))
    _tidy(home, store)
    return run


def _tidy(home: Path, store: Store) -> None:
    """Remove what nothing refers to any more; the run is kept already, so it does not fail for this."""
    try:
        Folders(home).clear_out(store.keys_in_use())
    except (HedgeDeskError, OSError) as error:
        log.warning("unused copies are not removed: %s", error)


def _kept(folder: Path, home: Path) -> tuple[str, Path]:
    folders = Folders(home)
    folders.require_whole(folder)
    try:
        key = folders.keep(folder)
    except OSError:  # what cannot be read is told by whoever reads the folder, with the file's place
        return content_key(folder), folder
    return (key, folders.path(key)) if folder.is_dir() else (key, folder)


def _read(folder: Path) -> DeskInputs:
    from hedgedesk.files import read_desk

    return read_desk(folder)


def _mapping(cluster: str | None) -> AbstractContextManager[MapBlocks]:
    if cluster is None:
        return nullcontext(map)
    from hedgedesk.cluster import cluster_map

    return cluster_map(cluster)


def walk(inputs: DeskInputs, overrides: dict[str, Any], tick: Tick, map_blocks: MapBlocks = map) -> HedgeRun:
    """Walk the straight line; ``overrides`` beat the folder's settings, and may hold the ``choice`` of a validation."""
    from hedgedesk import pipeline

    told = {name: value for name, value in overrides.items() if name != "choice"}
    settings, choice = dataclasses.replace(inputs.settings, **told), chosen(overrides.get("choice"))
    return pipeline.run(dataclasses.replace(inputs, settings=settings, choice=choice), tick=tick, map_blocks=map_blocks)


def chosen(kept: dict[str, Any] | None) -> ModelChoice | None:
    """The choice of a validation, read back from what a question or a manifest keeps of it."""
    from hedgedesk.domain.price_models import ModelChoice

    return None if kept is None else ModelChoice(**kept)


def line_of(
    run: HedgeRun,
    *,
    desk: str,
    key: str,
    seconds: float,
    kind: str = "run",
    based_on: str | None = None,
    changes: str = "",
    name: str | None = None,
) -> RunLine:
    """A run in one line of the list."""
    return RunLine(
        run_id=run.manifest.run_id,
        name=name,
        kind=kind,
        based_on=based_on,
        changes=changes,
        desk=desk,
        key=key,
        made_at=now(),
        made_by=user(),
        as_of=str(run.fan.as_of),
        model=run.model.name,
        scenarios=run.report.scenarios,
        seed=run.manifest.causes["settings"]["seed"],
        currency=run.report.currency,
        level=run.report.level,
        mean=run.report.hedged.mean,
        cvar=run.report.hedged.cvar,
        unhedged_cvar=run.report.unhedged.cvar,
        seconds=seconds,
    )


def question(key: str, overrides: dict[str, Any]) -> str:
    """SHA-256 of what a run is asked: these files, these overrides."""
    return hashlib.sha256(json.dumps([key, overrides], sort_keys=True).encode()).hexdigest()


def still_installed(versions: dict[str, str]) -> bool:
    """Whether the packages that made a run are those of today: others may give other numbers."""
    return all(_version(name) == told for name, told in versions.items())


@cache
def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
