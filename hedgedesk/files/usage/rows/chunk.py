"""A batch of rows as text cells: numbers, times and names out of them; a bad cell is a fault, its row left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import CurrencyMismatch, InputError
from hedgedesk.domain.usage import TOKENS, Usage
from hedgedesk.domain.values import Floats
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage.rows import cells
from hedgedesk.files.usage.rows.asides import Asides
from hedgedesk.files.usage.rows.assembly import Column, Parts, assemble
from hedgedesk.files.usage.rows.clean import clean_numbers, clean_times

LARGEST = cells.LARGEST

Texts = NDArray[np.object_]
"""(n,) of str."""
Flags = NDArray[np.bool_]
Found = Sequence[object] | Callable[[int], object]

V = TypeVar("V")


@dataclass(slots=True)
class Chunk:
    """Some rows of one export, as text; every row carries its line, every bad cell becomes a fault."""

    cells: Mapping[str, Texts]
    """Normalised column name to (n,) text cells, of the columns that the export knows and the file has."""
    lines: NDArray[np.int64]
    """(n,) as a text editor counts them."""
    findings: FileFindings
    labels: Mapping[str, str] = field(default_factory=dict)
    """Normalised name to the name that the file writes."""
    decimal: str = "."
    """What marks decimals in this file."""
    currency: str = ""
    """Of the money in the rows before these; empty: none had any."""
    asides: Asides = field(default_factory=Asides)
    """Rows left out without a fault, of the whole file."""
    clean: dict[str, Floats | None] = field(default_factory=dict)
    """Columns that were read as numbers already; None: some cell needs a closer look."""
    good: Flags = field(init=False)
    """(n,) False: the row has a fault, or was set aside."""
    _read: dict[tuple[str, object], Any] = field(default_factory=dict)
    _told: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.good = np.ones(self.lines.size, dtype=np.bool_)

    @property
    def size(self) -> int:
        """How many rows."""
        return self.lines.size

    def has(self, name: str) -> bool:
        """Whether the file has the column."""
        return name in self.cells

    def texts(self, name: str, default: str = "") -> Texts:
        """(n,) cells without spaces around them; ``default`` where there is nothing. Not to be written to."""
        read: Texts = self._column("texts", name, default, cells.name, object, cells.NAME_EXPECTED)
        return read

    def numbers(self, name: str, default: float = 0.0) -> Floats:
        """(n,) finite numbers of either sign; ``default`` (0, or NaN for "not told") where there is nothing."""
        return self._numbers("numbers", name, default, cells.NUMBER_EXPECTED, -LARGEST)

    def counts(self, name: str, default: float = 0.0) -> Floats:
        """(n,) numbers of at least 0, such as 59200 or 59200.0; ``default`` where there is nothing."""
        return self._numbers("counts", name, default, cells.COUNT_EXPECTED, 0.0)

    def times(self, name: str, *, month_first: bool = False) -> NDArray[np.datetime64]:
        """(n,) datetime64[s] UTC, from ISO 8601 or epoch seconds; no zone is UTC; an empty cell is a fault."""

        def read(text: str) -> float | None:
            return cells.time(text, month_first=month_first)

        seconds = clean_times(self.cells[name]) if self.has(name) else None
        if seconds is None:
            seconds = self._column("times", name, None, read, np.int64, cells.TIME_EXPECTED, stand_in=0)
        moments: NDArray[np.datetime64] = seconds.astype("datetime64[s]")
        return moments

    def flags(self, name: str) -> Flags:
        """(n,) yes or no; nothing is no."""
        read = self._column("flags", name, False, cells.flag, np.bool_, cells.FLAG_EXPECTED, stand_in=False)
        return np.asarray(read, dtype=np.bool_)

    def fault(self, where: Flags, column: str | None, expected: str, found: Found | None = None) -> None:
        """Fault the rows ``where``: they are left out.

        ``found`` has a value per row, or makes one for a row; left out, it is the text of the cell in ``column``. A row
        that is faulty already is not told again.
        """
        told = found if found is not None else self.cells.get(column or "", ["nothing"] * self.size)
        for row in np.flatnonzero(where & self.good).tolist():
            self._tell(row, column, told(row) if callable(told) else told[row], expected)
        self.good &= ~where

    def set_aside(self, where: Flags, why: str, money: Floats | None = None, currency: Texts | str = "USD") -> None:
        """Leave out the rows ``where``, which are no usage, and tell so as :meth:`remark` does."""
        self.remark(where, why, money, currency)
        self.good &= ~where

    def remark(self, where: Flags, why: str, money: Floats | None = None, currency: Texts | str = "USD") -> None:
        """Count the good rows ``where``, with their ``money`` (n,) if given, for one notice per file and ``why``.

        ``why`` is what a notice says before their number: ``failed requests that cost nothing are left out``.
        """
        chosen = where & self.good
        if not chosen.any():
            return
        self.asides.add(why, int(chosen.sum()))
        if money is None:
            return
        codes = np.broadcast_to(np.asarray(currency, dtype=object), (self.size,))[chosen]
        for code in sorted(set(codes.tolist())):
            self.asides.add_money(why, str(code), float(np.nansum(money[chosen][codes == code])))

    def one_currency(self, codes: Texts | str) -> str:
        """The currency of all good rows, in capitals; rows in another than the first one's are faults."""
        if isinstance(codes, str):
            return codes.upper() or self.currency or "USD"
        capitals = np.array([str(code).strip().upper() for code in codes], dtype=object)
        first = self.currency or next((str(code) for code in capitals[self.good] if code), "USD")
        other = (capitals != first) & (capitals != "")
        self.fault_kind(other, f"{first} as in the rows before: one currency per import", list(capitals))
        return first

    def fault_kind(self, where: Flags, expected: str, found: Sequence[object]) -> None:
        """Fault the rows ``where`` as a meeting of two currencies."""
        for row in np.flatnonzero(where & self.good):
            self._tell(int(row), None, found[int(row)], expected, CurrencyMismatch)
        self.good &= ~where

    def usage(
        self,
        starts: NDArray[np.datetime64],
        *,
        seller: Column[str],
        model: Column[str],
        team: Column[str] = "",
        region: Column[str] = "",
        tier: Column[str] = "standard",
        item: Column[str] = TOKENS,
        cache_known: Column[bool] = True,
        uncached_input: Column[float] = 0.0,
        cache_read: Column[float] = 0.0,
        cache_write: Column[float] = 0.0,
        output: Column[float] = 0.0,
        cache_write_1h: Column[float] = 0.0,
        reasoning: Column[float] = 0.0,
        requests: Column[float] = np.nan,
        billed: Column[float] = np.nan,
        listed: Column[float] = np.nan,
        currency: Texts | str = "USD",
    ) -> Usage | None:
        """Make usage of the good rows; every argument is one value for all rows or (n,) values.

        Tokens are single tokens, ``cache_write`` includes ``cache_write_1h``; money NaN is "not told". Names of
        sellers, models and tiers become lower case. A meter below 0 is a fault of its row: something was taken off
        twice. Meters of rows that carry money alone stay 0. None: no good row.
        """
        meters = {
            "uncached_input": uncached_input,
            "cache_read": cache_read,
            "cache_write": cache_write,
            "output": output,
            "cache_write_1h": cache_write_1h,
            "reasoning": reasoning,
        }
        for name, values in meters.items():
            self._at_least_0(name, values)
        told = self.one_currency(currency)
        columns = Parts(starts, seller, model, team, region, tier, item, cache_known, meters, requests, billed, listed)
        return assemble(columns, self.good, told)

    def _at_least_0(self, meter: str, values: Column[float]) -> None:
        negative = np.broadcast_to(np.asarray(values, dtype=np.float64) < 0, (self.size,))
        if not negative.any():
            return
        all_rows = np.broadcast_to(np.asarray(values), (self.size,))
        expected = "at least 0: a part larger than its whole means a double subtraction"
        self.fault(negative, None, expected, lambda row: f"{all_rows[row]:,.15g} {meter} tokens")

    def _numbers(self, kind: str, name: str, default: float, expected: str, least: float) -> Floats:
        def read(text: str) -> float | None:
            value = cells.number(text, self.decimal)
            return value if value is not None and least <= value <= LARGEST else None

        clean = self._clean_numbers(name)
        if clean is not None and not np.any((clean < least) | (clean > LARGEST)):
            return np.where(np.isnan(clean), default, clean)
        values: Floats = self._column(kind, name, default, read, np.float64, expected, stand_in=0.0)
        return values

    def _clean_numbers(self, name: str) -> Floats | None:
        """(n,) numbers of a column, NaN where there is nothing; None: some cell needs a closer look."""
        if self.decimal != "." or not self.has(name):
            return None
        if name not in self.clean:
            self.clean[name] = clean_numbers(self.cells[name], np.nan)
        return self.clean[name]

    def _column(
        self,
        kind: str,
        name: str,
        default: Any,
        read: Callable[[str], V | None],
        dtype: Any,
        expected: str,
        stand_in: Any = "",
    ) -> Any:
        """Every cell of a column as ``read`` reads it; a default of None makes an empty cell a fault."""
        key = (kind + name, repr(default) + expected)
        if key in self._read:
            return self._read[key]
        if name not in self.cells:
            if default is None:
                raise InputError(f"{self.findings.name}: no column {name}")
            column = np.full(self.size, default, dtype=dtype)
        else:
            column = self._read_cells(name, default, read, dtype, expected, stand_in)
        self._read[key] = column
        return column

    def _read_cells(
        self, name: str, default: Any, read: Callable[[str], V | None], dtype: Any, expected: str, stand_in: Any
    ) -> Any:
        texts = self.cells[name].tolist()
        blank = default is not None
        known: dict[str, Any] = {text: default if blank and cells.empty(text) else read(text) for text in set(texts)}
        bad = {text for text, value in known.items() if value is None}
        if bad:
            known |= dict.fromkeys(bad, stand_in)
            self._fault_cells(name, [row for row, text in enumerate(texts) if text in bad], expected)
        if all(text is value for text, value in known.items()):
            return self.cells[name]
        column = np.empty(self.size, dtype=dtype)
        column[:] = list(map(known.__getitem__, texts))
        return column

    def _fault_cells(self, name: str, rows: list[int], expected: str) -> None:
        """Tell each bad cell once, however often its column is read."""
        for row in rows:
            if (name, row) not in self._told:
                self._told.add((name, row))
                text = self.cells[name][row]
                number = expected in (cells.NUMBER_EXPECTED, cells.COUNT_EXPECTED)
                told = cells.number_expected(text, self.decimal, expected) if number else expected
                self._tell(row, name, text, told)
        self.good[rows] = False

    def _tell(
        self, row: int, column: str | None, found: object, expected: str, kind: type[InputError] = InputError
    ) -> None:
        label = None if column is None else self.labels.get(column, column)
        self.findings.fault(int(self.lines[row]), label, found, expected, kind)
