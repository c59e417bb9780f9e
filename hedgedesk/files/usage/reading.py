"""Read exports one after the other into one usage; what is wrong with a row is told, and the row is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hedgedesk.domain.errors import CurrencyMismatch, InputError
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.rates import PriceBook
from hedgedesk.domain.usage import VENDORS, MeasuredUsage, UsageFile
from hedgedesk.files.findings import FileFindings, Findings, Place
from hedgedesk.files.usage.coverage import Coverage
from hedgedesk.files.usage.fold import Fold, TooManyKeys
from hedgedesk.files.usage.one_export import ReadExport, read_export
from hedgedesk.files.usage.repeats import Repeats


def read_usage(
    files: Sequence[Place],
    *,
    vendor: str | Mapping[str, str] | None = None,
    book: PriceBook | None = None,
    tick: Tick = silent,
) -> MeasuredUsage:
    """Read usage and cost exports: CSV, gzipped or not, of any vendor known.

    Rows are streamed in batches of 50,000, priced by ``book`` as they stand, and then added up by UTC day and key. A
    row that another row or file says already counts once; one that contradicts it is a fault.

    Parameters
    ----------
    files
        Exports in any order; the first with money settles the currency.
    vendor
        One of :data:`~hedgedesk.domain.usage.VENDORS`, for all files, or by file name; None, or a name
        that is not there: told by the columns.
    book
        Prices the rows; None: ``priced`` stays NaN.
    tick
        Told the share of all bytes read.

    Returns
    -------
    MeasuredUsage
        The good rows, every file as it was read, and what is wrong: at most 50 faults per file are listed, all counted.

    Raises
    ------
    InputError
        No file, an unknown vendor, or not one file that can be read: then with the faults of all.
    """
    places = _require(files, vendor)
    named = {name: vendor if isinstance(vendor, str) else (vendor or {}).get(at.name) for name, at in places.items()}
    read = _read_all(_AllFiles(Findings(), book), places, named, tick)
    settled = read.total.currency
    if settled and read.priced_in - {settled}:
        # Files without money came first and were priced in another currency than the bills turned out to be in.
        read = _read_all(_AllFiles(Findings(), book, settled), places, named, lambda _share, text: tick(1.0, text))
    tick(1.0, f"{len(places)} {'export' if len(places) == 1 else 'exports'} read")
    return read.measured()


def _read_all(read: _AllFiles, places: Mapping[str, Path], named: Mapping[str, str | None], tick: Tick) -> _AllFiles:
    sizes = [max(_size(place), 1) for place in places.values()]
    for number, (name, place) in enumerate(places.items()):
        before, share = sum(sizes[:number]) / sum(sizes), sizes[number] / sum(sizes)
        read.add(name, place, named[name], _part_of(tick, before, share, name))
    return read


@dataclass(slots=True)
class _AllFiles:
    """What the files so far came to."""

    findings: Findings
    book: PriceBook | None
    settled: str = ""
    """Currency in which rows without money are priced; empty: that of the first money met."""
    total: Fold = field(default_factory=Fold)
    repeats: Repeats = field(default_factory=Repeats)
    coverage: Coverage = field(default_factory=Coverage)
    digests: set[str] = field(default_factory=set)
    files: list[UsageFile] = field(default_factory=list)
    priced_in: set[str] = field(default_factory=set)

    def add(self, name: str, place: Path, vendor: str | None, say: Callable[[float, int], None]) -> None:
        """Read one file and add what is good."""
        findings = self.findings.file(name)
        settled = self.settled or self.total.currency
        one = read_export(place, findings, vendor, self.book, Repeats(self.repeats), self.digests, settled, say)
        if one is not None and self._agrees(one, findings):
            self._take(one, findings)
        self.files.append(_told(name, one, findings))

    def measured(self) -> MeasuredUsage:
        """All of it.

        Raises
        ------
        InputError
            No file could be read.
        """
        if all(not file.vendor for file in self.files):
            raise InputError(faults=self.findings.faults)
        notices = [*self.findings.notices, *self.coverage.overlaps()]
        beside = self.total.unpriced_beside_priced()
        if beside:
            notices.append(f"{beside / 1e6:,.6g} Mtok have no price on days when other rows of their model have one")
        return MeasuredUsage(self.total.usage(), tuple(self.files), self.findings.faults, tuple(notices))

    def _agrees(self, one: ReadExport, findings: FileFindings) -> bool:
        """Whether the file's money is in the currency of the files before."""
        settled, own = self.total.currency, one.fold.currency
        if not settled or not own or settled == own:
            return True
        expected = f"{settled}, as in the files before: one currency per import"
        findings.fault(None, None, f"money in {own}", expected, CurrencyMismatch)
        one.reject()
        return False

    def _take(self, one: ReadExport, findings: FileFindings) -> None:
        try:
            self.total.merge(one.fold)
        except TooManyKeys as error:
            findings.fault(None, None, *error.args)
            one.reject()
            return
        self.priced_in |= one.priced_in
        self.repeats.absorb(one.repeats)
        self.coverage.add(findings.name, one.fold)
        if findings.digest:
            self.digests.add(findings.digest)


def _told(name: str, one: ReadExport | None, findings: FileFindings) -> UsageFile:
    if one is None:
        return UsageFile(name, "", "", 0, findings.count, None, None)
    return one.told(name, findings.count)


def _require(files: Sequence[Place], vendor: str | Mapping[str, str] | None) -> dict[str, Path]:
    """The files by the names that messages use: the last part, with more of the path where two share it."""
    if not files:
        raise InputError("no usage export was given")
    for said in (vendor,) if isinstance(vendor, str) else (vendor or {}).values():
        if said not in VENDORS:
            raise InputError(f"no vendor {said!r}: known are {', '.join(VENDORS)}")
    places = [Path(file) for file in files]
    last = [place.name for place in places]
    named: dict[str, Path] = {}
    for place in places:
        name = place.name if last.count(place.name) == 1 else "/".join(place.parts[-2:])
        while name in named:
            name += " (again)"
        named[name] = place
    return named


def _size(place: Path) -> int:
    try:
        return place.stat().st_size
    except (OSError, ValueError):
        return 0


def _part_of(tick: Tick, before: float, share: float, name: str) -> Callable[[float, int], None]:
    def say(fraction: float, rows: int) -> None:
        tick(before + share * min(fraction, 1.0), f"{name}: {rows:,} rows" if rows else f"{name}: looking at it")

    return say
