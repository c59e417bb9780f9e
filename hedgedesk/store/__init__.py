"""What is kept between two starts: runs, names, workspaces with their revisions, and the audit log.

SQLAlchemy Core over SQLite in WAL mode, or any other database by its URL. A run is one row, written in one short
transaction, so a process that is killed leaves a whole run or none. Scenario arrays are a cache beside the store
(:class:`~hedgedesk.store.scenarios.ScenarioCache`).
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, insert, select, update

from hedgedesk.domain.errors import StoreError
from hedgedesk.domain.workspace import Deed, KeptDesk, RunLine
from hedgedesk.store import rows
from hedgedesk.store.database import FILE, Database
from hedgedesk.store.tables import ANSWERS, DEEDS, OPEN_DESK, REVISIONS, RUNS, WORKSPACES

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.domain.scenarios import ScenarioSet
    from hedgedesk.store.scenarios import ScenarioCache

__all__ = ["FILE", "Answer", "Revision", "Store"]

LINES = [RUNS.c[name] for name in rows.LINE_FIELDS]


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored run that answers a question."""

    run_id: str
    versions: dict[str, str]
    """Of the packages that made it, by name."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One immutable state of a kept desk."""

    workspace: str
    name: str
    """Of the workspace."""
    number: int
    parent: int | None
    key: str
    """Content key of its files."""


class Store(Database):
    """One database and the scenario arrays beside it; opening it brings the schema up to date.

    Parameters
    ----------
    folder
        Of the user's own files; made when it is absent.
    url
        SQLAlchemy URL of the database; None: the SQLite file :data:`FILE` in ``folder``.

    Raises
    ------
    StoreError
        It cannot be opened, is damaged, is another program's, or a newer HedgeDesk wrote it. Nothing is overwritten.
    """

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.scenario_folder = folder / "scenarios"
        super().__init__(folder, url)

    # Runs

    def save_run(self, run: HedgeRun, line: RunLine, settings: dict[str, Any] | None, deed: Deed) -> None:
        """Save a run whole, with its deed, in one transaction; a run of the same id keeps its name.

        Parameters
        ----------
        line
            Its line in the list.
        settings
            The overrides it was asked with: :meth:`answer` finds it by them; None: it answers no such question.

        Raises
        ------
        StoreError
            Another run has its name.
        """
        row = rows.line_to_row(line) | {"record": rows.run_to_bytes(run)}
        with self._told(line.name), self._writing() as connection:
            kept = connection.execute(select(RUNS.c.name).where(RUNS.c.run_id == line.run_id)).first()
            if kept is None:
                connection.execute(insert(RUNS).values(row))
            else:
                row["name"] = line.name or kept.name
                connection.execute(update(RUNS).where(RUNS.c.run_id == line.run_id).values(row))
            if settings is not None:
                _answer(connection, line, settings, run.manifest.causes.get("versions", {}))
            connection.execute(insert(DEEDS).values(rows.deed_to_row(deed)))

    def run(self, run_id: str) -> HedgeRun | None:
        """A stored run, without its scenarios; None: there is none.

        Raises
        ------
        StoreError
            Its record is of another version, or damaged.
        """
        with self._told(), self._reading() as connection:
            content = connection.execute(select(RUNS.c.record).where(RUNS.c.run_id == run_id)).scalar()
        return None if content is None else rows.run_from_bytes(run_id, content)

    def answer(self, key: str, settings: dict[str, Any]) -> Answer | None:
        """The run made of the files of ``key`` with these overrides; None: none is stored."""
        asked = (ANSWERS.c.key == key) & (ANSWERS.c.settings == rows.to_text(settings))
        with self._told(), self._reading() as connection:
            row = connection.execute(select(ANSWERS.c.run_id, ANSWERS.c.versions).where(asked)).first()
        return None if row is None else Answer(row.run_id, json.loads(row.versions))

    def newest(self, key: str) -> str | None:
        """Id of the newest run, what-ifs aside, made of the files of ``key``."""
        answers = select(ANSWERS.c.run_id).where(ANSWERS.c.key == key)
        wanted = (RUNS.c.kind == "run") & ((RUNS.c.key == key) | RUNS.c.run_id.in_(answers))
        query = select(RUNS.c.run_id).where(wanted).order_by(RUNS.c.made_at.desc()).limit(1)
        with self._told(), self._reading() as connection:
            return connection.execute(query).scalar()

    def is_made_of(self, run_id: str, key: str) -> bool:
        """Whether a stored run was made of the files of ``key``."""
        own = select(RUNS.c.run_id).where((RUNS.c.run_id == run_id) & (RUNS.c.key == key))
        asked = select(ANSWERS.c.run_id).where((ANSWERS.c.run_id == run_id) & (ANSWERS.c.key == key))
        with self._told(), self._reading() as connection:
            return connection.execute(own.union(asked)).first() is not None

    def lines(self) -> tuple[RunLine, ...]:
        """Every stored run, the newest first."""
        query = select(*LINES).order_by(RUNS.c.made_at.desc(), RUNS.c.run_id)
        with self._told(), self._reading() as connection:
            return tuple(rows.line_from_row(row) for row in connection.execute(query).mappings())

    def line(self, run_id: str) -> RunLine | None:
        """One stored run in one line."""
        with self._told(), self._reading() as connection:
            row = connection.execute(select(*LINES).where(RUNS.c.run_id == run_id)).mappings().first()
        return None if row is None else rows.line_from_row(row)

    def name_run(self, run_id: str, name: str | None, deed: Deed) -> None:
        """Give a run its name, or take it away with None.

        Raises
        ------
        StoreError
            There is no such run, or another run has that name.
        """
        with self._told(name), self._writing() as connection:
            changed = connection.execute(update(RUNS).where(RUNS.c.run_id == run_id).values(name=name))
            _require(changed.rowcount, f"run {run_id} is not stored")
            connection.execute(insert(DEEDS).values(rows.deed_to_row(deed)))

    def remove_run(self, run_id: str, deed: Deed) -> None:
        """Remove a stored run; one that is gone already stays so."""
        with self._told(), self._writing() as connection:
            if connection.execute(delete(RUNS).where(RUNS.c.run_id == run_id)).rowcount:
                connection.execute(insert(DEEDS).values(rows.deed_to_row(deed)))

    def keep_scenarios(self, run: HedgeRun) -> None:
        """Keep the scenarios of a run that still has them, for what-ifs; the cache may refuse without a word."""
        if run.scenarios is not None:
            self.scenario_cache.save(run.manifest.scenario_id, run.scenarios)

    def scenarios(self, scenario_id: str) -> ScenarioSet | None:
        """Scenarios of this id; None: no longer kept, so they have to be drawn again."""
        return self.scenario_cache.load(scenario_id)

    @cached_property
    def scenario_cache(self) -> ScenarioCache:
        """The arrays beside the database."""
        from hedgedesk.store.scenarios import ScenarioCache

        return ScenarioCache(self.scenario_folder)

    # Workspaces

    def add_workspace(self, name: str, key: str, what: str, deed: Deed) -> Revision:
        """Keep a new desk of the files of ``key`` and open it."""
        workspace = uuid.uuid4().hex[:12]
        with self._told(), self._writing() as connection:
            new = {"workspace": workspace, "name": name, "revision": 1, "changed_at": deed.at}
            connection.execute(insert(WORKSPACES).values(new))
            _add_revision(connection, workspace, 1, None, key, what, deed)
            _open(connection, workspace)
        return Revision(workspace, name, 1, None, key)

    def add_revision(self, workspace: str, name: str, key: str, what: str, deed: Deed) -> Revision:
        """Keep the files of ``key`` as the next revision of a kept desk and open it."""
        with self._told(), self._writing() as connection:
            parent = _revision(connection, workspace).number
            of_desk = REVISIONS.c.workspace == workspace
            number = 1 + int(connection.execute(select(func.max(REVISIONS.c.number)).where(of_desk)).scalar_one())
            _add_revision(connection, workspace, number, parent, key, what, deed)
            _show(connection, workspace, number, deed.at, name)
            _open(connection, workspace)
        return Revision(workspace, name, number, parent, key)

    def step_back(self, workspace: str, deed: Deed) -> Revision:
        """Show the revision before; it stays as it is where there is none.

        Raises
        ------
        StoreError
            There is no such workspace.
        """
        with self._told(), self._writing() as connection:
            shown = _revision(connection, workspace)
            if shown.parent is None:
                return shown
            _show(connection, workspace, shown.parent, deed.at, shown.name)
            connection.execute(insert(DEEDS).values(rows.deed_to_row(deed)))
            return _revision(connection, workspace)

    def revision(self, workspace: str) -> Revision:
        """The revision of a kept desk that is shown.

        Raises
        ------
        StoreError
            There is no such workspace.
        """
        with self._told(), self._reading() as connection:
            return _revision(connection, workspace)

    def kept_desks(self) -> tuple[KeptDesk, ...]:
        """Every kept desk, the one changed last first."""
        query = select(WORKSPACES).order_by(WORKSPACES.c.changed_at.desc(), WORKSPACES.c.name)
        with self._told(), self._reading() as connection:
            return tuple(rows.kept_from_row(row) for row in connection.execute(query).mappings())

    def open_desk(self) -> str | None:
        """Workspace that was open last; None: the sample."""
        with self._told(), self._reading() as connection:
            return connection.execute(select(OPEN_DESK.c.workspace)).scalar()

    def set_open_desk(self, workspace: str | None) -> None:
        """Remember which desk is open."""
        with self._told(), self._writing() as connection:
            _open(connection, workspace)

    # Audit log

    def add_deed(self, deed: Deed) -> None:
        """Add a line to the audit log."""
        with self._told(), self._writing() as connection:
            connection.execute(insert(DEEDS).values(rows.deed_to_row(deed)))

    def deeds(self) -> tuple[Deed, ...]:
        """The audit log, the newest line first."""
        with self._told(), self._reading() as connection:
            found = connection.execute(select(DEEDS).order_by(DEEDS.c.number.desc())).mappings()
            return tuple(rows.deed_from_row(row) for row in found)


def _require(found: object, message: str) -> None:
    if not found:
        raise StoreError(message)


def _answer(connection: Connection, line: RunLine, settings: dict[str, Any], versions: dict[str, str]) -> None:
    asked = {"key": line.key, "settings": rows.to_text(settings)}
    connection.execute(delete(ANSWERS).where((ANSWERS.c.key == line.key) & (ANSWERS.c.settings == asked["settings"])))
    connection.execute(insert(ANSWERS).values(**asked, run_id=line.run_id, versions=rows.to_text(versions)))


def _revision(connection: Connection, workspace: str) -> Revision:
    shown = (REVISIONS.c.workspace == WORKSPACES.c.workspace) & (REVISIONS.c.number == WORKSPACES.c.revision)
    query = select(
        WORKSPACES.c.workspace, WORKSPACES.c.name, REVISIONS.c.number, REVISIONS.c.parent, REVISIONS.c.key
    ).join(REVISIONS, shown)
    row = connection.execute(query.where(WORKSPACES.c.workspace == workspace)).first()
    if row is None:
        raise StoreError(f"no desk is kept under {workspace}")
    return Revision(*row)


def _add_revision(
    connection: Connection, workspace: str, number: int, parent: int | None, key: str, what: str, deed: Deed
) -> None:
    new = {"workspace": workspace, "number": number, "parent": parent, "key": key, "made_at": deed.at, "what": what}
    connection.execute(insert(REVISIONS).values(new))
    connection.execute(insert(DEEDS).values(rows.deed_to_row(deed)))


def _show(connection: Connection, workspace: str, number: int, at: str, name: str) -> None:
    shown = update(WORKSPACES).where(WORKSPACES.c.workspace == workspace)
    connection.execute(shown.values(revision=number, changed_at=at, name=name))


def _open(connection: Connection, workspace: str | None) -> None:
    connection.execute(delete(OPEN_DESK))
    connection.execute(insert(OPEN_DESK).values(only=1, workspace=workspace))
