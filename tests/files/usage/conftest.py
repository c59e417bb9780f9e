"""Exports typed as rows, and the laws that every reader obeys: nothing lost, nothing twice, no order."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hedgedesk.domain.usage import MeasuredUsage, Usage
from hedgedesk.files.usage import read_usage

Row = Mapping[str, object]


class Exports:
    """Writes rows as files and reads them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()

    def write(self, rows: Sequence[Row], name: str = "export.csv") -> Path:
        """A CSV of the rows, its columns those of the first row."""
        place = self._folder / str(next(self._numbers)) / name
        place.parent.mkdir()
        with place.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return place

    def write_parquet(self, rows: Sequence[Row]) -> Path:
        """The same rows as a Parquet file of texts."""
        arrow = pytest.importorskip("pyarrow")
        parquet = pytest.importorskip("pyarrow.parquet")
        place = self._folder / str(next(self._numbers)) / "export.parquet"
        place.parent.mkdir()
        parquet.write_table(arrow.table({name: [str(row[name]) for row in rows] for name in rows[0]}), place)
        return place

    def read(self, rows: Sequence[Row], **options: Any) -> MeasuredUsage:
        """What the desk makes of the rows."""
        return read_usage([self.write(rows)], **options)

    def obey_the_laws(self, rows: Sequence[Row], tokens: Sequence[float], billed: float) -> MeasuredUsage:
        """Read rows without faults: totals as given, whatever their order and format, however often they are read."""
        first = self.write(rows)
        measured = read_usage([first])
        assert measured.faults == ()
        np.testing.assert_allclose(measured.usage.tokens.sum(axis=0), tokens, rtol=1e-12)
        np.testing.assert_allclose(np.nansum(measured.usage.billed), billed, rtol=1e-12, atol=1e-12)
        random = np.random.default_rng(5)
        columns = [list(rows[0])[place] for place in random.permutation(len(rows[0]))]
        shuffled = [{name: rows[place][name] for name in columns} for place in random.permutation(len(rows))]
        for files in (
            [first, first],
            [self.write(shuffled)],
            [first, self.write(shuffled)],
            [self.write_parquet(rows)],
        ):
            same_usage(read_usage(files).usage, measured.usage)
        return measured


def same_usage(one: Usage, other: Usage) -> None:
    """Assert that two usages are the same rows, to the last bit of what is summed exactly."""
    assert one.keys == other.keys
    assert one.currency == other.currency
    np.testing.assert_array_equal(one.starts, other.starts)
    np.testing.assert_array_equal(one.key, other.key)
    np.testing.assert_array_equal(one.tokens, other.tokens)
    for name in ("cache_write_1h", "reasoning", "requests", "billed", "listed"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-13, atol=1e-15)


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Exports:
    """A place for exports."""
    return Exports(tmp_path_factory.mktemp("exports"))


@pytest.fixture
def read_exports(tmp_path: Path) -> Callable[..., MeasuredUsage]:
    """Writes files by their names, of text or bytes, and reads them together in the order given."""

    def read(contents: Mapping[str, str | bytes], **options: Any) -> MeasuredUsage:
        for name, content in contents.items():
            (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_usage([tmp_path / name for name in contents], **options)

    return read


@pytest.fixture
def write_export(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Writes one file, of text or bytes, and says where."""

    def write(name: str, content: str | bytes) -> Path:
        place = tmp_path / name
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return place

    return write
