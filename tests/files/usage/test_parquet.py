"""Parquet: typed cells read as a CSV's, and files that are broken, empty, too large or cannot be read here."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.files.usage import parquet, read_usage

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

ROWS = {
    "BilledCost": [Decimal("0.300000"), Decimal("0.000001"), None],
    "BillingCurrency": ["USD", "USD", "USD"],
    "ChargeCategory": ["Usage", "Usage", "Usage"],
    "ChargePeriodStart": [datetime(2026, 8, day, 10, tzinfo=UTC) for day in (5, 6, 7)],
    "ConsumedQuantity": [100.0, 2.5e-3, 7.0],
    "ConsumedUnit": ["1K tokens", "1K tokens", "1K tokens"],
    "ProviderName": ["AWS", "AWS", "AWS"],
    "ServiceCategory": ["AI and Machine Learning"] * 3,
    "ServiceName": ["Amazon Bedrock"] * 3,
    "SkuMeter": ["USE1-NovaPro-input-tokens", "USE1-NovaPro-output-tokens", "USE1-NovaPro-output-tokens"],
    "Tags": [[("team", "a")], None, []],
}
TYPES = {"Tags": pa.map_(pa.string(), pa.string()), "BilledCost": pa.decimal128(18, 6)}


def _table(rows: dict[str, list[Any]]) -> Any:
    return pa.table({name: pa.array(values, type=TYPES.get(name)) for name, values in rows.items()})


def test_typed_cells_read_as_text_does(tmp_path: Path) -> None:
    pq.write_table(_table(ROWS), tmp_path / "bill.parquet")
    measured = read_usage([tmp_path / "bill.parquet"])
    assert measured.faults == ()
    assert measured.usage.tokens.sum(axis=0).tolist() == [100_000, 0, 0, 7_002.5]
    assert np.nansum(measured.usage.billed) == pytest.approx(0.300001, abs=1e-12)
    assert measured.files[0].first_day == "2026-08-05"


@pytest.mark.parametrize("zone", ["UTC", "+08:00"])
def test_times_in_a_zone_are_the_same_instant(tmp_path: Path, zone: str) -> None:
    times = pa.array([datetime(2026, 8, 5, 23, tzinfo=UTC)] * 3, type=pa.timestamp("ns", tz=zone))
    pq.write_table(_table(ROWS).set_column(3, "ChargePeriodStart", times), tmp_path / "bill.parquet")
    measured = read_usage([tmp_path / "bill.parquet"])
    assert measured.faults == ()
    assert (measured.files[0].first_day, measured.files[0].last_day) == ("2026-08-05", "2026-08-05")


def test_a_fault_names_the_line_that_a_csv_would_have(tmp_path: Path) -> None:
    pq.write_table(_table(ROWS | {"ConsumedQuantity": [1.0, -1.0, 1.0]}), tmp_path / "bill.parquet")
    assert [fault.row for fault in read_usage([tmp_path / "bill.parquet"]).faults] == [3]


def test_many_row_groups_are_read_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "BATCH_ROWS", 7)
    table = pa.concat_tables([_table(ROWS)] * 10).append_column("SkuId", pa.array([str(n) for n in range(30)]))
    pq.write_table(table, tmp_path / "bill.parquet", row_group_size=4)
    measured = read_usage([tmp_path / "bill.parquet"])
    assert measured.files[0].rows == 30
    assert measured.usage.tokens[:, 0].sum() == 1_000_000


def test_a_file_that_was_cut_off_is_refused_whole(tmp_path: Path) -> None:
    place = tmp_path / "bill.parquet"
    pq.write_table(_table(ROWS), place)
    place.write_bytes(place.read_bytes()[:-40])
    with pytest.raises(InputError, match="a Parquet file that cannot be read"):
        read_usage([place])


def test_damage_inside_the_pages_keeps_nothing_of_the_file(tmp_path: Path) -> None:
    place = tmp_path / "bill.parquet"
    pq.write_table(_table(ROWS), place, compression="gzip", use_dictionary=False)
    content = bytearray(place.read_bytes())
    content[20:200] = b"\xff" * 180
    place.write_bytes(content)
    measured = read_usage([place])
    assert measured.usage.starts.size == 0
    assert any("cannot be read" in fault.found for fault in measured.faults)


def test_an_empty_file_is_a_fault(tmp_path: Path) -> None:
    pq.write_table(_table(ROWS).slice(0, 0), tmp_path / "bill.parquet")
    with pytest.raises(InputError, match="without rows"):
        read_usage([tmp_path / "bill.parquet"])


def test_a_long_text_in_every_row_is_refused_without_being_unpacked(tmp_path: Path) -> None:
    table = _table(ROWS).append_column("Notes", pa.array(["x" * (parquet.CELL_CAP + 1)] * 3))
    pq.write_table(table, tmp_path / "bill.parquet", compression="zstd")
    measured = read_usage([tmp_path / "bill.parquet"])
    assert any("characters" in fault.found for fault in measured.faults)
    assert measured.usage.starts.size == 0


def test_a_file_that_unpacks_too_far_is_refused(tmp_path: Path) -> None:
    zeros = pa.table({"a": pa.array(np.zeros(40_000_000, dtype=np.int8))})
    pq.write_table(zeros, tmp_path / "bomb.parquet", compression="zstd", use_dictionary=False)
    with pytest.raises(InputError, match="200 times its size"):
        read_usage([tmp_path / "bomb.parquet"])


def test_without_pyarrow_the_message_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pq.write_table(_table(ROWS), tmp_path / "bill.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"hedgedesk\[parquet\]"):
        read_usage([tmp_path / "bill.parquet"])
