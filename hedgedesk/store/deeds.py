"""The audit log: one line a deed, written in the transaction of what was done."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from hedgedesk.domain.workspace import Deed
from hedgedesk.store import rows
from hedgedesk.store.database import Database
from hedgedesk.store.tables import DEEDS


def note(connection: Connection, deed: Deed) -> None:
    """Add a line within a transaction."""
    connection.execute(insert(DEEDS).values(rows.deed_to_row(deed)))


class StoredDeeds(Database):
    """The part of the store that keeps the audit log."""

    def add_deed(self, deed: Deed) -> None:
        """Add a line to the audit log."""
        with self._told(), self._writing() as connection:
            note(connection, deed)

    def deeds(self) -> tuple[Deed, ...]:
        """The audit log, the newest line first."""
        with self._told(), self._reading() as connection:
            found = connection.execute(select(DEEDS).order_by(DEEDS.c.number.desc())).mappings()
            return tuple(rows.deed_from_row(row) for row in found)
