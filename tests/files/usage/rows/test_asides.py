"""What is left out or worth saying is counted over all batches of a file."""

from __future__ import annotations

import numpy as np

from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage.rows.asides import Asides
from hedgedesk.files.usage.rows.export import Chunk

WHY = "failed requests are left out"


def _chunk(asides: Asides, rows: int, findings: FileFindings) -> Chunk:
    return Chunk({}, np.arange(2, 2 + rows), findings, asides=asides)


def test_rows_of_all_batches_are_one_notice_with_their_money() -> None:
    asides, findings = Asides(), FileFindings("e.csv")
    for amount in (1.0, 2.5):
        chunk = _chunk(asides, 3, findings)
        money = np.array([amount, np.nan, 100.0])
        chunk.set_aside(np.array([True, True, False]), WHY, money, np.array(["USD", "USD", "EUR"], dtype=object))
        assert chunk.good.tolist() == [False, False, True]
    asides.tell(findings)
    assert findings.notices == [f"e.csv: {WHY}: 4 rows (USD 3.50)"]
    assert findings.count == 0


def test_a_remark_leaves_the_rows_good_and_counts_good_ones_only() -> None:
    asides, findings = Asides(), FileFindings("e.csv")
    chunk = _chunk(asides, 2, findings)
    chunk.fault(np.array([True, False]), None, "something else")
    chunk.remark(np.array([True, True]), WHY)
    asides.tell(findings)
    assert findings.notices == [f"e.csv: {WHY}: 1 row"]
    assert chunk.good.tolist() == [False, True]


def test_two_currencies_are_told_apart() -> None:
    asides, findings = Asides(), FileFindings("e.csv")
    asides.add(WHY, 2)
    asides.add_money(WHY, "USD", 1000.0)
    asides.add_money(WHY, "EUR", -2.0)
    asides.tell(findings)
    assert findings.notices == [f"e.csv: {WHY}: 2 rows (EUR -2.00 and USD 1,000.00)"]


def test_nothing_aside_says_nothing() -> None:
    asides, findings = Asides(), FileFindings("e.csv")
    _chunk(asides, 2, findings).set_aside(np.array([False, False]), WHY)
    asides.tell(findings)
    assert findings.notices == []
