"""One export from its bytes to usage by day: looked at, recognised, streamed, and told."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.rates import PriceBook
from hedgedesk.domain.usage import Usage, UsageFile
from hedgedesk.domain.values import Floats
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage.fold import Fold, TooManyKeys
from hedgedesk.files.usage.recognise import Recognised, recognise
from hedgedesk.files.usage.repeats import Repeats, marks_of
from hedgedesk.files.usage.rows.asides import Asides
from hedgedesk.files.usage.rows.export import Chunk, Flags, Texts
from hedgedesk.files.usage.stream import Batch, BrokenOff, Opened, open_text
from hedgedesk.files.usage.survey import Surveyed, survey
from hedgedesk.files.usage.vendors import EXPORTS

_SURVEY_SHARE = 0.1
"""Of the time of reading a file, spent on looking at it first."""

Say = Callable[[float, int], None]
"""Told the share of the file that is read, and the rows."""


@dataclass(slots=True)
class ReadExport:
    """One file, as far as it was read."""

    recognised: Recognised
    repeats: Repeats
    book: PriceBook | None
    fold: Fold = field(default_factory=Fold)
    asides: Asides = field(default_factory=Asides)
    rows: int = 0
    repeated: int = 0
    again: bool = False
    """A file of the very same bytes was read before."""
    settled: str = ""
    """Currency of the money in the files before, in which a file without money is priced; empty: none so far."""
    priced_in: set[str] = field(default_factory=set)
    """Currencies in which rows were priced."""

    def take(self, batch: Batch, decimal: str, findings: FileFindings) -> None:
        """Add the good rows of a batch.

        Raises
        ------
        TooManyKeys
            A column of single requests was taken for teams.
        """
        export = self.recognised.export
        columns = {name: batch.columns[place] for name, place in self.recognised.position.items()}
        filled = _filled(columns, export.bucket, batch.lines.size)
        self.rows += int(filled.sum())
        wanted = filled & ~_short(batch, filled, len(batch.columns), findings)
        columns, lines = _chosen(columns, wanted), batch.lines[wanted]
        clean: dict[str, Floats | None] = {}
        new = self._new(columns, lines, findings, clean)
        known = _chosen({name: columns[name] for name in columns if name in self.recognised.known}, new)
        labels = self.recognised.labels
        chunk = Chunk(known, lines[new], findings, labels, decimal, self.fold.currency, self.asides)
        if new.all():
            chunk.clean = clean
        usage = export.rows(chunk) if chunk.size else None
        if usage is not None:
            self.fold.add(usage if self.book is None else self._priced(usage, self.book))

    def reject(self) -> None:
        """Count nothing of the file."""
        self.fold, self.repeats = Fold(), Repeats(self.repeats.parent)

    def told(self, name: str, faults: int) -> UsageFile:
        """What the file came to."""
        export, usage = self.recognised.export, self.fold.usage()
        days = np.datetime_as_string(usage.starts.astype("datetime64[D]"))
        unknown = np.array([not key.cache_known for key in usage.keys], dtype=np.bool_)[usage.key]
        billed = usage.billed[~np.isnan(usage.billed)]
        return UsageFile(
            file=name,
            vendor=export.vendor,
            export=export.name,
            rows=self.rows,
            faults=faults,
            first_day=str(days[0]) if days.size else None,
            last_day=str(days[-1]) if days.size else None,
            repeated=self.repeated,
            unknown_columns=self.recognised.unknown,
            tokens=tuple(usage.tokens.sum(axis=0).tolist()),
            reasoning=float(usage.reasoning.sum()),
            cache_unknown=float(usage.tokens[unknown, 0].sum()),
            billed=float(billed.sum()) if billed.size else None,
            currency=usage.currency,
        )

    def _priced(self, usage: Usage, book: PriceBook) -> Usage:
        from hedgedesk.exposure.pricing import price

        if self.settled and np.isnan(usage.billed).all() and np.isnan(usage.listed).all():
            usage = replace(usage, currency=self.settled)
        self.priced_in.add(usage.currency)
        return price(usage, book)

    def _new(
        self,
        columns: dict[str, Texts],
        lines: NDArray[np.int64],
        findings: FileFindings,
        clean: dict[str, Floats | None],
    ) -> Flags:
        """Which rows were not read before; rows that contradict one that was are faults."""
        marks = marks_of(self.recognised.export, columns, sorted(self.recognised.known), lines.size, clean)
        if self.again:
            self.repeated += lines.size
            return np.zeros(lines.size, dtype=np.bool_)
        if marks is None:
            return np.ones(lines.size, dtype=np.bool_)
        repeated, contrary = self.repeats.sift(marks)
        self.repeated += int(repeated.sum())
        for line in lines[contrary].tolist():
            expected = "each row once: periods that are exported twice must agree"
            findings.fault(line, None, "a row that was there before with other numbers", expected)
        new: Flags = ~(repeated | contrary)
        return new


def read_export(
    place: Path,
    findings: FileFindings,
    vendor: str | None,
    book: PriceBook | None,
    repeats: Repeats,
    digests: Set[str],
    settled: str,
    say: Say,
) -> ReadExport | None:
    """Read one file; None where it is no export that is known, or cannot be read at all."""
    surveyed = survey(place, findings, lambda share: say(_SURVEY_SHARE * share, 0))
    opened = None if surveyed is None else open_export(place, surveyed, findings)
    if surveyed is None or opened is None:
        return None
    try:
        recognised = recognise(opened.header, opened.header_line, EXPORTS, findings, vendor)
        if recognised is None:
            return None
        one = ReadExport(recognised, repeats, book, again=surveyed.digest in digests, settled=settled)
        _stream(one, opened, findings, say)
    finally:
        opened.close()
    one.asides.tell(findings)
    if one.repeated:
        findings.notice(
            f"{one.repeated:,} {'row was' if one.repeated == 1 else 'rows were'} read before and counted once"
        )
    return one


def open_export(place: Path, surveyed: Surveyed, findings: FileFindings) -> Opened | None:
    """Open a file of text or Parquet as far as its header; None after a fault."""
    if surveyed.kind == "text":
        return open_text(place, surveyed, findings)
    from hedgedesk.files.usage.parquet import open_parquet

    return open_parquet(place, findings)


def _stream(one: ReadExport, opened: Opened, findings: FileFindings, say: Say) -> None:
    try:
        for batch in opened.batches():
            one.take(batch, opened.decimal, findings)
            say(_SURVEY_SHARE + (1.0 - _SURVEY_SHARE) * batch.fraction, one.rows)
    except TooManyKeys as error:
        findings.fault(None, None, *error.args)
        one.reject()
    except BrokenOff:
        one.reject()


def _chosen(columns: dict[str, Texts], where: Flags) -> dict[str, Texts]:
    """The rows ``where`` of all columns; the columns themselves where that is every row."""
    return columns if where.all() else {name: column[where] for name, column in columns.items()}


def _filled(columns: dict[str, Texts], bucket: tuple[str, ...], rows: int) -> Flags:
    """Which rows say more than the time of an empty bucket."""
    filled = np.zeros(rows, dtype=np.bool_)
    for name, column in columns.items():
        if name not in bucket:
            filled |= (column != "").astype(np.bool_)
            if filled.all():
                break
    return filled


def _short(batch: Batch, filled: Flags, width: int, findings: FileFindings) -> Flags:
    """Rows that end before the header does: the file may have been cut off in them."""
    short = batch.short & filled
    for line in batch.lines[short].tolist():
        findings.fault(line, None, f"fewer cells than the header's {width}", f"{width} cells")
    return short
