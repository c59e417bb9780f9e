"""The kept desks: each a name and a list of immutable revisions, of which one is shown."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from hedgedesk.domain.errors import StoreError
from hedgedesk.domain.workspace import Deed, KeptDesk
from hedgedesk.store import rows
from hedgedesk.store.database import Database
from hedgedesk.store.deeds import note
from hedgedesk.store.tables import OPEN_DESK, REVISIONS, WORKSPACES


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


class StoredDesks(Database):
    """The part of the store that keeps desks, and which of them is open."""

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
            note(connection, deed)
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
    note(connection, deed)


def _show(connection: Connection, workspace: str, number: int, at: str, name: str) -> None:
    shown = update(WORKSPACES).where(WORKSPACES.c.workspace == workspace)
    connection.execute(shown.values(revision=number, changed_at=at, name=name))


def _open(connection: Connection, workspace: str | None) -> None:
    connection.execute(delete(OPEN_DESK))
    connection.execute(insert(OPEN_DESK).values(only=1, workspace=workspace))
