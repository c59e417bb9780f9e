"""The database under the store: opened and brought up to date, read and written in short transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from hedgedesk.domain.errors import StoreError
from hedgedesk.store.tables import bring_up_to_date

FILE = "hedgedesk.sqlite"
PATIENCE = 10_000
"""Milliseconds that a write waits for another one to end."""


class Database:
    """One database; every failure of it is a :class:`StoreError` that names it and says what to do.

    Parameters
    ----------
    folder
        Of the user's own files; made when it is absent.
    url
        SQLAlchemy URL; None: the SQLite file :data:`FILE` in ``folder``.
    """

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.place = str(folder / FILE) if url is None else make_url(url).render_as_string()
        self._engine = _engine(make_url(url) if url else URL.create("sqlite", database=str(folder / FILE)))
        with self._told():
            folder.mkdir(parents=True, exist_ok=True)
            self._use_wal()
            with self._writing() as connection:
                bring_up_to_date(connection, self.place)

    def _use_wal(self) -> None:
        if self._engine.dialect.name == "sqlite":
            connection = self._engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA journal_mode=WAL")
            finally:
                connection.close()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._engine.connect().execution_options(writing=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def _told(self, name: str | None = None) -> Iterator[None]:
        """Turn what the database or the disk refuses into one clear message."""
        try:
            yield
        except IntegrityError as error:
            if "runs.name" in str(error.orig):
                raise StoreError(f"another run is already called {name!r}") from error
            raise
        except (DBAPIError, sqlite3.Error) as error:
            raise StoreError(_words(self.place, getattr(error, "orig", None) or error)) from error
        except UnicodeDecodeError as error:  # of bytes that were once a text of the database's own
            raise StoreError(_words(self.place, ValueError("malformed text"))) from error
        except OSError as error:
            raise StoreError(f"{self.place} cannot be used: {error.strerror or error}") from error


def _engine(url: URL) -> Engine:
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are ours: the driver would begin them too late
    connection.execute(f"PRAGMA busy_timeout={PATIENCE}")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _words(place: str, error: BaseException) -> str:
    said = " ".join(str(error).split())
    if "not a database" in said or "malformed" in said:
        return (
            f"{place} is damaged and is left as it is ({said}): put a copy back in its place, or move it away to start "
            "with an empty one"
        )
    if "readonly" in said or "unable to open" in said:
        return f"{place} cannot be written ({said}): choose a folder that can be with --data"
    if "full" in said:
        return f"{place} cannot be written because the disk is full"
    if "locked" in said:
        return f"{place} is held by another program for too long: try again when it is done"
    return f"{place} cannot be used: {said}"
