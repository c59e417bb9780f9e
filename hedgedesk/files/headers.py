"""Which column is which: by name in any order, and unit and currency out of the name of the price column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from hedgedesk.domain.errors import CurrencyMismatch, InputError, UnitError
from hedgedesk.files.findings import FileFindings, shown
from hedgedesk.files.table import Table

TOKEN_UNITS = {"mtok": 0, "1k": 3, "token": 6}
"""Power of ten that turns a price per so many tokens into a price per Mtok."""
POWER_UNITS = {"mwh": 0, "kwh": 3}
"""The same for electricity and a price per MWh."""
GPU_UNITS = {"gpu_hour": 0}
"""The same for accelerators and a price per hour of one."""

_IGNORED_MARKS = re.compile("[\u200b\ufeff]")
_GAPS = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns of one table."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    price: str | None = None
    """Stem of the price column: ``price`` for price_<currency>_per_<unit>; None: the table has none."""
    may_be_empty: bool = False
    """Whether a header alone is an answer: no positions, no commitments."""
    units: Mapping[str, int] = field(default_factory=lambda: TOKEN_UNITS, hash=False)
    """What a price may be of, the first being the one that is kept; each with its power of ten."""

    @property
    def names(self) -> list[str]:
        """Every column as a message names it."""
        price = [] if self.price is None else [self.price_column("<currency>")]
        return [*self.required, *price, *self.optional]

    def price_column(self, currency: str) -> str:
        """The price column in the unit that is kept, for example ``price_usd_per_mtok``."""
        return f"{self.price}_{currency}_per_{next(iter(self.units))}"

    def priced(self, name: str) -> tuple[str, str] | None:
        """Currency and unit out of a plain name such as ``price_usd_per_mtok``; None: it is no price of this table."""
        found = re.fullmatch(rf"{self.price}_([a-z]{{3}})_per_({'|'.join(self.units)})", name)
        return None if found is None else (found[1].upper(), found[2])


@dataclass(frozen=True, slots=True)
class Matched:
    """Where the wanted columns stand."""

    position: dict[str, int]
    """Column to its place in the row; the price column stands under its stem."""
    label: dict[str, str]
    """Column to its name as the file writes it."""
    currency: str = ""
    shift: int = 0
    """Power of ten that turns a price of this file into one per Mtok."""


def match(table: Table, wanted: Wanted, report: FileFindings) -> Matched | None:
    """Find the wanted columns in the header; None after a fault. A column nobody wants is a notice."""
    names = [plain(name) for name in table.header]
    before = report.count
    places = _named(table, names, wanted, report)
    priced = wanted.price is not None and any(name.startswith(wanted.price) for name in names)
    if places or priced:
        for name in (name for name in wanted.required if name not in places):
            report.fault(table.header_line, name, "no such column", _missing_expected(name, names))
    price = _price(table, names, wanted, report) if wanted.price else None
    if not places and price is None and report.count == before:
        found = f"the columns {shown(', '.join(table.header))}"
        report.fault(table.header_line, None, found, f"the columns {', '.join(wanted.names)}")
    elif wanted.price and not priced:
        missing = wanted.price_column("<currency>")
        report.fault(table.header_line, missing, "no such column", f"a column {_example(wanted)}")
    if report.count > before:
        return None
    return _matched(table, places, price, wanted, report)


def plain(name: str) -> str:
    """A column's name without case, spaces around it and marks that nobody sees; gaps are one underscore."""
    return _GAPS.sub("_", _IGNORED_MARKS.sub("", name).strip()).casefold()


def _named(table: Table, names: list[str], wanted: Wanted, report: FileFindings) -> dict[str, int]:
    places: dict[str, int] = {}
    for i, name in enumerate(names):
        if name not in (*wanted.required, *wanted.optional):
            continue
        if name in places:
            report.fault(table.header_line, name, "the column twice", "each column once")
        places.setdefault(name, i)
    return places


def _missing_expected(name: str, names: list[str]) -> str:
    near = get_close_matches(name, [other[:80] for other in names], n=1)
    return f"a column {name}" + (f" (is {near[0]} meant?)" if near else "")


def _price(table: Table, names: list[str], wanted: Wanted, report: FileFindings) -> tuple[int, str, int] | None:
    """Place, currency and shift of the price column."""
    stem, line = str(wanted.price), table.header_line
    hits = [(i, found) for i, name in enumerate(names) if (found := wanted.priced(name))]
    if len(hits) == 1:
        i, (currency, unit) = hits[0]
        return i, currency, wanted.units[unit]
    if hits:
        currencies = list(dict.fromkeys(currency for _, (currency, _) in hits))
        kind: type[InputError] = CurrencyMismatch if len(currencies) > 1 else InputError
        told = f"two currencies ({', '.join(currencies)})" if len(currencies) > 1 else f"{len(hits)} {stem} columns"
        report.fault(line, table.header[hits[1][0]], told, f"one {stem} column in one currency", kind)
        return hits[0][0], "", 0
    near = next((i for i, name in enumerate(names) if name.startswith(stem)), None)
    if near is not None:
        _unreadable_price(table.header[near], names[near], wanted, line, report)
    return None


def _example(wanted: Wanted) -> str:
    return f"{wanted.price_column('<currency>')}, for example {wanted.price_column('usd')}"


def _unreadable_price(label: str, name: str, wanted: Wanted, line: int, report: FileFindings) -> None:
    example = _example(wanted)
    if re.fullmatch(rf"{wanted.price}(_per_({'|'.join(wanted.units)}))?", name):
        report.fault(line, label, "no currency in the column's name", example, CurrencyMismatch)
        return
    units = ", ".join(f"_per_{unit}" for unit in wanted.units)
    report.fault(line, label, "a unit or currency that is not known", f"{example}; units {units}", UnitError)


def _matched(
    table: Table, places: dict[str, int], price: tuple[int, str, int] | None, wanted: Wanted, report: FileFindings
) -> Matched:
    position = dict(places)
    currency, shift = "", 0
    if price is not None and wanted.price is not None:
        position[wanted.price], currency, shift = price
    ignored = [name for i, name in enumerate(table.header) if i not in position.values() and name.strip()]
    if ignored:
        report.notice(f"unknown columns ignored: {shown(', '.join(ignored))}")
    labels = {name: table.header[i].strip() for name, i in position.items()}
    report.places |= {name: (table.header_line, label) for name, label in labels.items()}
    return Matched(position, labels, currency, shift)
