"""Nouns to rows and back: two small functions a noun."""

from __future__ import annotations

import dataclasses
import json
import zlib
from typing import TYPE_CHECKING, Any

from hedgedesk.domain.errors import StoreError
from hedgedesk.domain.workspace import Deed, KeptDesk, RunLine

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from hedgedesk.domain.run import HedgeRun

LINE_FIELDS = tuple(field.name for field in dataclasses.fields(RunLine))
DEED_FIELDS = tuple(field.name for field in dataclasses.fields(Deed))


def line_to_row(line: RunLine) -> dict[str, Any]:
    """A run in one line as a row without its record."""
    return {name: getattr(line, name) for name in LINE_FIELDS}


def line_from_row(row: RowMapping) -> RunLine:
    """A row of runs as a line."""
    return RunLine(**{name: row[name] for name in LINE_FIELDS})


def run_to_bytes(run: HedgeRun) -> bytes:
    """The whole run but its scenarios as deflated JSON."""
    return zlib.compress(json.dumps(run.record(), separators=(",", ":"), allow_nan=False).encode())


def run_from_bytes(run_id: str, content: bytes) -> HedgeRun:
    """Rebuild a run.

    Raises
    ------
    StoreError
        The record is of another version of HedgeDesk, or damaged.
    """
    from hedgedesk.domain.run import HedgeRun

    try:
        return HedgeRun.from_record(json.loads(zlib.decompress(content)))
    except (zlib.error, ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreError(
            f"the record of run {run_id} cannot be read by this version of HedgeDesk: run again ({error})"
        ) from error


def deed_to_row(deed: Deed) -> dict[str, Any]:
    """A line of the audit log as a row."""
    return {name: getattr(deed, name) for name in DEED_FIELDS}


def deed_from_row(row: RowMapping) -> Deed:
    """A row of the audit log as a line."""
    return Deed(**{name: row[name] for name in DEED_FIELDS})


def kept_from_row(row: RowMapping) -> KeptDesk:
    """A row of workspaces as a kept desk."""
    return KeptDesk(row["workspace"], row["name"], row["revision"], row["changed_at"])


def to_text(content: dict[str, Any]) -> str:
    """Overrides or versions as canonical text."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"))
