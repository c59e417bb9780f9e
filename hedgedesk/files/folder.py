"""A whole desk folder: every file read, every fault of every file told together.

Only the documented names are opened, each table as ``.csv`` or ``.xlsx``; nothing is ever written.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from hedgedesk.domain.book import HedgeBook
from hedgedesk.domain.drivers import Drivers
from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.run import DeskInputs, RunSettings
from hedgedesk.domain.usage import MeasuredUsage
from hedgedesk.files import checks
from hedgedesk.files.book import book_of, parse_book
from hedgedesk.files.checks import MarketParts
from hedgedesk.files.commitments import parse_commitments
from hedgedesk.files.consumption import parse_consumption
from hedgedesk.files.contract import parse_contract
from hedgedesk.files.drivers import parse_driver_rules, parse_gpu, parse_power
from hedgedesk.files.findings import FileFindings, Findings, Place
from hedgedesk.files.index_settings import parse_index_settings
from hedgedesk.files.market import parse_futures, parse_fx, parse_holidays, parse_index, parse_list_prices
from hedgedesk.files.measured import exports_in, read_measured, tell_usage
from hedgedesk.files.program import parse_program
from hedgedesk.files.scores import parse_scores
from hedgedesk.files.settings import parse_settings
from hedgedesk.files.table import SUFFIXES

DESK_TABLES = ("consumption", "commitments", "book")
MARKET_TABLES = ("index", "futures", "list_prices", "scores", "fx", "holidays", "power", "gpu")
DESK_RULES = ("program.toml", "settings.toml")
MARKET_RULES = ("contract.toml", "index.toml", "drivers.toml")

T = TypeVar("T")
Parse = Callable[[Path, FileFindings], T | None]


@dataclass(frozen=True, slots=True)
class Reader:
    """Opens the documented files of one folder."""

    folder: Path
    prefix: str
    """Put before a file's name in messages: ``market/`` or nothing."""
    findings: Findings

    def table(self, stem: str, parse: Parse[T], *, required: bool = False) -> T | None:
        """Read ``stem``.csv or ``stem``.xlsx; None where it is absent or unreadable."""
        present = [stem + suffix for suffix in SUFFIXES if os.path.lexists(self.folder / (stem + suffix))]
        if len(present) > 1:
            report = self.report(present[0])
            report.fault(None, None, f"both {' and '.join(present)}", "only one of them")
        elif not present and required:
            report = self.report(f"{stem}.csv")
            report.fault(None, None, "no such file", f"{stem}.csv or {stem}.xlsx")
        elif present:
            return parse(self.folder / present[0], self.report(present[0]))
        return None

    def rules(self, name: str, parse: Parse[T], *, required: bool = False) -> T | None:
        """Read the TOML file ``name``; None where it is absent or unreadable."""
        if not required and not os.path.lexists(self.folder / name):
            return None
        return parse(self.folder / name, self.report(name))

    def report(self, name: str) -> FileFindings:
        """Findings of the file ``name`` of this folder."""
        return self.findings.file(self.prefix + name)

    def named(self, stem: str) -> FileFindings:
        """Findings of the table ``stem`` under the name it was read by."""
        is_workbook = not os.path.lexists(self.folder / f"{stem}.csv") and os.path.lexists(self.folder / f"{stem}.xlsx")
        return self.report(f"{stem}.xlsx" if is_workbook else f"{stem}.csv")

    def tell_unread(self, tables: tuple[str, ...], rules: tuple[str, ...]) -> None:
        """Notice tables and TOML files that no documented name fits: a misspelt file is not silently left out."""
        known = {stem + suffix for stem in tables for suffix in SUFFIXES} | set(rules)
        try:
            names = sorted(path.name for path in self.folder.iterdir())
        except OSError:
            return
        for name in names:
            if name not in known and Path(name).suffix.lower() in (*SUFFIXES, ".toml"):
                self.report(name).notice(f"not read: the files here are {', '.join([*tables, *rules])}")


def read_desk(folder: Place, *, usage: MeasuredUsage | None = None, tick: Tick = silent) -> DeskInputs:
    """Read and check a desk folder.

    Parameters
    ----------
    folder
        Its files are those of :mod:`hedgedesk.files.documented`.
    usage
        What the exports in ``usage/`` say, where they have just been read; None: they are read here.
    tick
        Told how far reading the exports is; the other files are small.

    Raises
    ------
    InputError
        Every fault of every file, and every contradiction between files; a subclass where all are of its kind.
    """
    findings = Findings()
    desk = Reader(Path(folder), "", findings)
    if not desk.folder.is_dir():
        findings.file(str(folder)).fault(None, None, "no such folder", "a desk folder")
        findings.raise_any()
    desk.tell_unread(DESK_TABLES, DESK_RULES)
    market = Reader(desk.folder / "market", "market/", findings)
    return _checked(desk, market, usage, tick)


def read_market(folder: Place) -> MarketSnapshot:
    """Read and check the ``market`` folder of a desk folder; prices become currency per Mtok.

    Raises
    ------
    InputError
        Every fault of every file; :class:`CurrencyMismatch` when all are about currency.
    """
    place, findings = Path(folder), Findings()
    if not place.is_dir():
        findings.file(str(folder)).fault(None, None, "no such folder", "a market folder")
        findings.raise_any()
    name = place.resolve().name
    parts = _market_parts(Reader(place, f"{name}/" if name else "", findings))
    findings.raise_any()
    return parts.snapshot()


def _market_parts(market: Reader) -> MarketParts:
    market.tell_unread(MARKET_TABLES, MARKET_RULES)
    index, index_day = market.table("index", parse_index, required=True) or (None, None)
    futures, futures_day = market.table("futures", parse_futures) or (None, None)
    parts = MarketParts(
        index=index,
        futures=futures,
        list_prices=market.table("list_prices", parse_list_prices),
        fx=market.table("fx", parse_fx),
        drivers=_drivers(market),
        contract=market.rules("contract.toml", parse_contract, required=True),
        holidays=market.table("holidays", parse_holidays),
        newest=max((day for day in (index_day, futures_day) if day is not None), default=None),
    )
    market.rules("index.toml", parse_index_settings)  # what makes the desk's own index is wrong before it is asked for
    market.table("scores", parse_scores)
    checks.require_one_currency(parts, market.named("index"), market.named("futures"))
    checks.tell_other_index(parts, market.named("index"))
    checks.tell_old_curve(parts, market.named("futures"))
    checks.tell_coarse_tick(parts, market.report("contract.toml"))
    checks.require_driver_histories(parts, market.report("drivers.toml"))
    if not market.findings.faults:
        checks.require_joint_drivers(parts, market.findings)
    return parts


def _drivers(market: Reader) -> Drivers | None:
    """What is known of the drivers beside the token; None where none of their files is there."""
    power, gpu_rent = market.table("power", parse_power), market.table("gpu", parse_gpu)
    rules = market.rules("drivers.toml", parse_driver_rules)
    if power is None and gpu_rent is None and rules is None:
        return None
    return replace(rules or Drivers(), power=power, gpu_rent=gpu_rent)


def _measured(desk: Reader, parts: MarketParts, usage: MeasuredUsage | None, tick: Tick) -> MeasuredUsage | None:
    """The exports of the desk, priced; a folder of them that cannot be read at all is a fault like any other."""
    measured = usage
    try:
        if measured is None and exports_in(desk.folder):
            from hedgedesk.files.price_books import default_book

            measured = read_measured(desk.folder, default_book(parts.list_prices, parts.fx), tick)
    except InputError as error:
        desk.findings.tell(error.faults or (Fault("usage", None, None, str(error), "vendors' usage exports"),))
    tell_usage(measured, desk.folder, desk.findings)
    return measured


def _checked(desk: Reader, market: Reader, usage: MeasuredUsage | None, tick: Tick) -> DeskInputs:
    forecast, months = desk.table("consumption", parse_consumption, required=True) or (None, None)
    commitments = desk.table("commitments", parse_commitments) or ()
    parts = _market_parts(market)
    program = desk.rules("program.toml", parse_program, required=True)
    settings = desk.rules("settings.toml", parse_settings) or RunSettings()
    positions = desk.table("book", parse_book) or []
    measured = _measured(desk, parts, usage, tick)
    ahead = None
    if months is not None and parts.newest is not None:
        ahead = checks.require_months_ahead(months, parts.newest, desk.named("consumption"))
    contracts = checks.listed_contracts(parts, ahead, market.report("contract.toml"))
    if program is not None:
        rules = desk.report("program.toml")
        checks.require_budgets(program, ahead, rules)
        checks.tell_unlimited(program, contracts, rules)
        checks.require_conversion(program, parts, commitments, rules, desk.named("commitments"))
    if positions:
        # Contracts that the faulty rows quote would else be told as not listed.
        listed = None if market.named("futures").count else contracts
        checks.require_known_positions(positions, parts, listed, desk.named("book"))
    findings = desk.findings
    findings.raise_any()
    if forecast is None or program is None:
        raise InputError("a desk folder needs a consumption forecast and a program.toml")
    held = [place for place in positions if contracts is None or place[1].contract in contracts]
    book = (book_of(held) or HedgeBook()).after(parts.snapshot().as_of)
    notices = findings.notices + (measured.notices if measured is not None else ())
    hashes, snapshot = findings.hashes, parts.snapshot()
    return DeskInputs(snapshot, forecast, commitments, program, book, settings, hashes, notices, measured)
