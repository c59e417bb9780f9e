"""The stored runs: each one row with its whole record, and the questions it answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, insert, select, union, update

from hedgedesk.domain.errors import StoreError
from hedgedesk.domain.workspace import Deed, RunLine
from hedgedesk.store import rows
from hedgedesk.store.database import Database
from hedgedesk.store.deeds import note
from hedgedesk.store.tables import ANSWERS, REVISIONS, RUNS

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun

LINES = [RUNS.c[name] for name in rows.LINE_FIELDS]


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored run that answers a question."""

    run_id: str
    versions: dict[str, str]
    """Of the packages that made it, by name."""


class StoredRuns(Database):
    """The part of the store that keeps runs."""

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
            note(connection, deed)

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

    def keys_in_use(self) -> set[str]:
        """Content keys of the files that a run was made of, a question is about, or a revision of a desk is."""
        query = union(select(RUNS.c.key), select(ANSWERS.c.key), select(REVISIONS.c.key))
        with self._told(), self._reading() as connection:
            return set(connection.execute(query).scalars())

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
            if not changed.rowcount:
                raise StoreError(f"run {run_id} is not stored")
            note(connection, deed)

    def remove_run(self, run_id: str, deed: Deed) -> None:
        """Remove a stored run; one that is gone already stays so."""
        with self._told(), self._writing() as connection:
            if connection.execute(delete(RUNS).where(RUNS.c.run_id == run_id)).rowcount:
                note(connection, deed)


def _answer(connection: Connection, line: RunLine, settings: dict[str, Any], versions: dict[str, str]) -> None:
    asked = {"key": line.key, "settings": rows.to_text(settings)}
    connection.execute(delete(ANSWERS).where((ANSWERS.c.key == line.key) & (ANSWERS.c.settings == asked["settings"])))
    connection.execute(insert(ANSWERS).values(**asked, run_id=line.run_id, versions=rows.to_text(versions)))
