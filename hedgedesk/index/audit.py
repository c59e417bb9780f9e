"""Every decision that changed, held or dropped something, as it is taken."""

from __future__ import annotations

from hedgedesk.domain.price_index import AuditLine


class Audit:
    """Lines of one index, in the order in which they are written."""

    def __init__(self) -> None:
        self._lines: dict[AuditLine, None] = {}

    def add(self, date: object, rule: str, subject: str, found: str, action: str) -> None:
        """Record one decision; the same one of the same print once."""
        self._lines[AuditLine(str(date), rule, subject, found, action)] = None

    @property
    def lines(self) -> tuple[AuditLine, ...]:
        """Every line by date, then in the order of their rules and subjects."""
        return tuple(sorted(self._lines, key=lambda line: (line.date, line.rule, line.subject, line.found)))


def times(before: float, after: float) -> str:
    """A move in words: ``from 2 to 0.5, x0.25``."""
    return f"from {before:g} to {after:g}, x{after / before:.3g}" if before > 0 else f"from {before:g} to {after:g}"
