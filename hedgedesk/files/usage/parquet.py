"""Parquet files as batches of text cells, the same that a CSV gives: one way through all vendors.

Texts stay coded by dictionary while they are read, so that a batch holds every distinct text once: a small file that
unpacks to one long text in a million rows takes no more memory than the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgedesk.files.findings import FileFindings, shown
from hedgedesk.files.usage.stream import BATCH_ROWS, CELL_CAP, COLUMN_CAP, ROW_CAP, Batch, BrokenOff, Opened, Texts
from hedgedesk.files.usage.survey import RATIO_CAP, RATIO_SLACK

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

EXTRA = "CSV, or HedgeDesk installed with its extra for Parquet: pip install 'hedgedesk[parquet]'"
WHOLE = "a whole Parquet file: load it again from the vendor"


def open_parquet(path: Path, findings: FileFindings) -> Opened | None:
    """Open a Parquet file as far as its columns' names; None after a fault.

    Rows have the lines that they would have in a CSV with one header line.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        findings.fault(None, None, "a Parquet file, and pyarrow is not installed", EXTRA)
        return None
    try:
        texts = [field.name for field in pq.read_schema(path) if _is_text(field.type)]
        file = pq.ParquetFile(path, read_dictionary=texts, pre_buffer=False)
    except (OSError, ValueError, pa.ArrowException) as error:
        findings.fault(None, None, f"a Parquet file that cannot be read ({_first_line(error)})", WHOLE)
        return None
    if not _within_caps(file, path.stat().st_size, findings):
        file.close()
        return None
    return Opened(tuple(file.schema_arrow.names), 1, lambda: _batches(file, findings), file.close)


def _within_caps(file: pq.ParquetFile, size: int, findings: FileFindings) -> bool:
    rows, columns = file.metadata.num_rows, len(file.schema_arrow.names)
    groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
    unpacked = sum(group.total_byte_size for group in groups)
    if not columns or not rows:
        findings.fault(None, None, "a Parquet file without rows", "columns and rows")
    elif columns > COLUMN_CAP:
        findings.fault(None, None, f"{columns:,} columns", f"at most {COLUMN_CAP} columns")
    elif rows > ROW_CAP:
        findings.fault(None, None, f"{rows:,} rows", f"at most {ROW_CAP:,} rows: split the file")
    elif unpacked > RATIO_SLACK + RATIO_CAP * size:
        found = f"a Parquet file that unpacks to more than {RATIO_CAP} times its size"
        findings.fault(None, None, found, "an export: none shrinks so much")
    else:
        return True
    return False


def _batches(file: pq.ParquetFile, findings: FileFindings) -> Iterator[Batch]:
    import pyarrow as pa

    done, rows = 0, file.metadata.num_rows
    try:
        for read in file.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
            lines = np.arange(done + 2, done + 2 + read.num_rows)
            columns = [_cells(column, name, findings) for name, column in zip(read.schema.names, read, strict=True)]
            done += read.num_rows
            yield Batch(lines, columns, done / rows, np.zeros(read.num_rows, dtype=np.bool_))
    except (OSError, ValueError, pa.ArrowException) as error:
        found = f"rows after line {done + 1:,} that cannot be read ({_first_line(error)})"
        findings.fault(done + 2, None, found, WHOLE)
        raise BrokenOff from error


def _cells(column: pa.Array, name: str, findings: FileFindings) -> Texts:
    """(n,) cells as a CSV writes them; nothing is an empty one."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        return _as_objects(_as_texts(column))
    values = _as_objects([*_as_texts(column.dictionary), ""])
    if max(map(len, values)) > CELL_CAP:
        findings.fault(None, name, f"a cell of more than {CELL_CAP:,} characters", "shorter cells")
        raise BrokenOff
    places = column.indices.fill_null(len(values) - 1).to_numpy(zero_copy_only=False)
    cells: Texts = values[places.astype(np.int64)]
    return cells


def _as_texts(column: pa.Array) -> list[str]:
    import pyarrow as pa

    if pa.types.is_nested(column.type) or _is_binary(column.type):
        return [_as_json(value) for value in column.to_pylist()]
    if pa.types.is_floating(column.type):
        return ["" if value is None or value != value else repr(value) for value in column.to_pylist()]
    return ["" if value is None else value for value in column.cast(pa.string()).to_pylist()]


def _as_json(value: Any) -> str:
    """A list, map or struct as text; bytes that are text as they stand."""
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return "" if value is None else json.dumps(value, sort_keys=True, default=str)


def _as_objects(texts: list[str]) -> Texts:
    column = np.empty(len(texts), dtype=object)
    column[:] = texts
    return column


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_binary(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _first_line(error: BaseException) -> str:
    return shown((str(error) or type(error).__name__).splitlines()[0])
