"""The tables and the ordered steps that build them: a store of any age is brought up to date when it is opened."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    Column,
    Connection,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    inspect,
    select,
)

from hedgedesk.domain.errors import StoreError

METADATA = MetaData()

STEPS = Table("steps", METADATA, Column("number", Integer, primary_key=True, autoincrement=False))

RUNS = Table(
    "runs",
    METADATA,
    Column("run_id", String, primary_key=True),
    Column("name", String, unique=True),
    Column("kind", String, nullable=False),
    Column("based_on", String),
    Column("changes", String, nullable=False),
    Column("desk", String, nullable=False),
    Column("key", String, nullable=False),
    Column("made_at", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("as_of", String, nullable=False),
    Column("model", String, nullable=False),
    Column("scenarios", Integer, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("currency", String, nullable=False),
    Column("level", Float, nullable=False),
    Column("mean", Float, nullable=False),
    Column("cvar", Float, nullable=False),
    Column("unhedged_cvar", Float, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Index("runs_by_age", "made_at"),
)
"""One row a run; ``record`` is all of :meth:`HedgeRun.record` as deflated JSON, so a run is there whole or not."""

ANSWERS = Table(
    "answers",
    METADATA,
    Column("key", String, primary_key=True),
    Column("settings", String, primary_key=True),
    Column("run_id", ForeignKey("runs.run_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("versions", String, nullable=False),
)
"""Which run answers the question "these files, these settings": several questions may have one answer.

``versions`` of the packages that made it: another version may give other numbers, so it has to be asked again.
"""

WORKSPACES = Table(
    "workspaces",
    METADATA,
    Column("workspace", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("changed_at", String, nullable=False),
)
"""``revision`` is the one that is shown; undo moves it to its parent and nothing is lost."""

REVISIONS = Table(
    "revisions",
    METADATA,
    Column("workspace", ForeignKey("workspaces.workspace", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("parent", Integer),
    Column("key", String, nullable=False),
    Column("made_at", String, nullable=False),
    Column("what", String, nullable=False),
    ForeignKeyConstraint(["workspace", "parent"], ["revisions.workspace", "revisions.number"]),
)

DEEDS = Table(
    "deeds",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("detail", String, nullable=False),
)

OPEN_DESK = Table(
    "open_desk",
    METADATA,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("workspace", ForeignKey("workspaces.workspace", ondelete="SET NULL")),
)
"""One row: the kept desk that was open last; null: the sample."""


def _first(connection: Connection) -> None:
    """Every table of this file, and an audit log that cannot be rewritten."""
    METADATA.create_all(connection, [table for table in METADATA.sorted_tables if table is not STEPS])
    if connection.dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER deeds_refuse_{verb.lower()} BEFORE {verb} ON deeds "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END"
            )


SCHEMA_STEPS: tuple[Callable[[Connection], None], ...] = (_first,)
"""In order; a step that has been published is never changed, a new one is added."""


def bring_up_to_date(connection: Connection, place: str) -> None:
    """Take the steps that the store has not taken yet, inside the caller's transaction.

    Raises
    ------
    StoreError
        A newer HedgeDesk wrote it, or another program altogether.
    """
    present = inspect(connection).get_table_names()
    if STEPS.name not in present:
        if present:
            raise StoreError(f"{place} is not a store of HedgeDesk: it holds other tables ({', '.join(present[:3])})")
        STEPS.create(connection)
    taken = connection.execute(select(STEPS.c.number)).scalars().all()
    newest = max(taken, default=0)
    if newest > len(SCHEMA_STEPS):
        raise StoreError(
            f"{place} was written by a newer HedgeDesk (its schema is at step {newest}, this one knows "
            f"{len(SCHEMA_STEPS)}): update HedgeDesk, or choose another folder with --data"
        )
    for number in range(newest + 1, len(SCHEMA_STEPS) + 1):
        SCHEMA_STEPS[number - 1](connection)
        connection.execute(STEPS.insert().values(number=number))
