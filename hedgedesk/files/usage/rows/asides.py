"""Rows that are read well and are no usage, such as storage in a cloud's bill: counted by reason, never silent."""

from __future__ import annotations

from dataclasses import dataclass, field

from hedgedesk.files.findings import FileFindings


@dataclass(slots=True)
class Asides:
    """What one file has of such rows, over all its batches."""

    rows: dict[str, int] = field(default_factory=dict)
    """By reason: ``failed requests that cost nothing are left out``."""
    money: dict[str, dict[str, float]] = field(default_factory=dict)
    """By reason and currency; a reason without money is not in it."""

    def add(self, why: str, rows: int) -> None:
        """Count ``rows`` more of the reason ``why``."""
        self.rows[why] = self.rows.get(why, 0) + rows

    def add_money(self, why: str, currency: str, amount: float) -> None:
        """Add ``amount`` to the money of the reason ``why``."""
        sums = self.money.setdefault(why, {})
        sums[currency] = sums.get(currency, 0.0) + amount

    def tell(self, findings: FileFindings) -> None:
        """Write one notice per reason."""
        for why, rows in self.rows.items():
            sums = " and ".join(f"{code} {amount:,.2f}" for code, amount in sorted(self.money.get(why, {}).items()))
            findings.notice(f"{why}: {rows:,} {'row' if rows == 1 else 'rows'}{f' ({sums})' if sums else ''}")
