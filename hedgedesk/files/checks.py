"""What the files of a desk folder must agree on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hedgedesk.domain.book import Position
from hedgedesk.domain.drivers import CURRENCY, PAIRS, POWER, TOKEN, VOLUME, Drivers
from hedgedesk.domain.errors import CurrencyMismatch, Fault, InputError, MissingMonths
from hedgedesk.domain.exposure import Commitment
from hedgedesk.domain.market import ContractSpec, FuturesHistory, FxCurve, ListPrices, MarketSnapshot, TokenIndex
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.units import month_of
from hedgedesk.domain.values import Months
from hedgedesk.domain.venue import Holidays
from hedgedesk.files.findings import FileFindings, Findings
from hedgedesk.market.contracts import contracts_for, covering_months, delivery_months
from hedgedesk.prices.drivers.law import joint_law

UNNAMED = "token index"
"""What the index is called when neither index.csv nor contract.toml names it."""

CONVERTIBLE = {"CNY", "USD"}

HISTORY_FILES = {"power": "market/power.csv", "gpu_rent": "market/gpu.csv", "cny_per_usd": "market/fx.csv"}
"""Where each driver's history lies."""


@dataclass(frozen=True, slots=True)
class MarketParts:
    """The market folder as far as it could be read."""

    index: TokenIndex | None
    futures: FuturesHistory | None
    list_prices: ListPrices | None
    fx: FxCurve | None
    contract: ContractSpec | None
    newest: np.datetime64 | None
    """Newest date of index and futures, of faulty rows too."""
    drivers: Drivers | None = None
    holidays: Holidays | None = None

    @property
    def agree(self) -> bool:
        """Whether index, futures and contract are there and share one currency."""
        if self.index is None or self.contract is None:
            return False
        currencies = {self.index.currency, self.contract.currency}
        if self.futures is not None:
            currencies.add(self.futures.currency)
        return len(currencies) == 1

    def snapshot(self) -> MarketSnapshot:
        """Put the parts together.

        Raises
        ------
        InputError
            A required part is missing.
        """
        if self.index is None or self.contract is None:
            raise InputError("a market needs index.csv and contract.toml")
        index = self.index
        if not index.name:
            index = replace(index, name=self.contract.index or UNNAMED)
        return MarketSnapshot(
            index, self.contract, self.futures, self.fx, self.list_prices, self.drivers, self.holidays
        )


def require_one_currency(parts: MarketParts, index: FileFindings, futures: FileFindings) -> None:
    """Record a fault for an index or futures history in another currency than the contract's."""
    if parts.contract is None or not parts.contract.currency:
        return
    expected = f"{parts.contract.currency}, as contract.toml says"
    if parts.index is not None and parts.index.currency != parts.contract.currency:
        index.fault_at("price", parts.index.currency, expected, CurrencyMismatch)
    if parts.futures is not None and parts.futures.currency != parts.contract.currency:
        futures.fault_at("settlement", parts.futures.currency, expected, CurrencyMismatch)


def tell_other_index(parts: MarketParts, report: FileFindings) -> None:
    """Notice an index history under another name than the contract's."""
    if parts.index is None or parts.contract is None or parts.contract.index is None or not parts.index.name:
        return
    if parts.index.name != parts.contract.index:
        report.notice(f"the history is of {parts.index.name}, contract.toml settles on {parts.contract.index}")


def require_months_ahead(months: Months, as_of: np.datetime64, report: FileFindings) -> Months | None:
    """Months of the forecast after ``as_of``; None with a fault where the first of them is missing."""
    start = month_of(as_of) + np.timedelta64(1, "M")
    first, last = months.min(), months.max()
    if not first <= start <= last:
        expected = f"{start} among them: the month after the newest market date, {as_of}"
        report.fault(None, "month", f"months {first} to {last}", expected, MissingMonths)
        return None
    return np.arange(start, last + np.timedelta64(1, "M"))


def listed_contracts(parts: MarketParts, ahead: Months | None, report: FileFindings) -> Months | None:
    """Delivery months that can be held and valued: those that cover a month ahead; None: not known.

    Contracts whose trading days cannot be told are a fault of contract.toml, and known all the same.
    """
    if not parts.agree:
        return None
    market = parts.snapshot()
    if ahead is None:
        return delivery_months(market)
    try:
        return np.array([c.delivery_month for c in contracts_for(market, ahead)], dtype="datetime64[M]")
    except InputError as error:
        for fault in error.faults:
            report.fault_at(fault.column or "", fault.found, fault.expected)
        return covering_months(market, ahead)


def require_budgets(program: HedgeProgram, ahead: Months | None, report: FileFindings) -> None:
    """Record a fault for every month ahead that a budget by month leaves out."""
    if ahead is None or not program.budget_by_month:
        return
    line, _ = report.places.get("budget", (None, ""))
    for month in ahead:
        path = f"budget.{month}"
        if str(month) not in program.budget_by_month and not report.faulted(path):
            expected = f"an amount for every month from {ahead[0]} to {ahead[-1]}"
            report.fault(line, path, "no such key", expected)


def tell_unlimited(program: HedgeProgram, contracts: Months | None, report: FileFindings) -> None:
    """Notice limits that name no contract, and contracts that a table of limits leaves out."""
    if contracts is None or not program.position_limit_by_month:
        return
    listed = [str(month) for month in contracts]
    idle = [month for month in program.position_limit_by_month if month not in listed]
    free = [month for month in listed if month not in program.position_limit_by_month]
    if idle:
        report.notice(f"position_limit names months that no contract is delivered in: {', '.join(idle)}")
    if free:
        report.notice(f"position_limit leaves these contracts without a limit: {', '.join(free)}")


def require_conversion(
    program: HedgeProgram,
    parts: MarketParts,
    commitments: Sequence[Commitment],
    rules: FileFindings,
    bought: FileFindings,
) -> None:
    """Record a fault where an amount cannot be turned into the programme's currency."""
    target = program.currency
    if not target:
        return
    if parts.contract is not None and parts.contract.currency:
        _require_pair(target, parts.contract.currency, "the contract's", parts.fx, rules, "currency")
    for currency in sorted({item.currency for item in commitments}):
        _require_pair(currency, target, "the programme's", parts.fx, bought, "price")


def _require_pair(found: str, wanted: str, whose: str, fx: FxCurve | None, report: FileFindings, column: str) -> None:
    if found == wanted:
        return
    if {found, wanted} != CONVERTIBLE:
        expected = f"{wanted}, {whose}: only CNY and USD can be converted"
    elif fx is None:
        expected = f"{wanted}, {whose}, or a file market/fx.csv to convert"
    else:
        return
    report.fault_at(column, found, expected, CurrencyMismatch)


def require_known_positions(
    positions: Sequence[tuple[int, Position]], parts: MarketParts, contracts: Months | None, report: FileFindings
) -> None:
    """Record a fault for each position that cannot be; notice those settled and those beyond the forecast."""
    spec, as_of = parts.contract, parts.newest
    currency = positions[0][1].currency
    if spec is not None and spec.currency and currency != spec.currency:
        report.fault_at("price", currency, f"{spec.currency}, as market/contract.toml says", CurrencyMismatch)
    if as_of is None:
        return
    settled, beyond = 0, 0
    listed = delivery_months(parts.snapshot()) if parts.agree else np.array([], dtype="datetime64[M]")
    for line, position in positions:
        if position.trade_date > as_of:
            expected = f"a day not after the newest market date, {as_of}"
            report.fault(line, "trade_date", str(position.trade_date), expected)
        if position.contract <= month_of(as_of):
            settled += 1
        elif contracts is not None and position.contract not in contracts:
            if position.contract in listed:
                beyond += 1
                continue
            known = ", ".join(str(month) for month in listed) or "none"
            report.fault(line, "contract", str(position.contract), f"a listed contract: {known}")
    if settled:
        report.notice(f"{settled} position(s) settled, set aside: delivered in {month_of(as_of)} or before")
    if beyond:
        report.notice(
            f"{beyond} position(s) cover no month of the forecast, set aside: extend the forecast to see them"
        )


def tell_old_curve(parts: MarketParts, report: FileFindings) -> None:
    """Notice quotes that are older than the index: today's curve is then not of today."""
    if parts.futures is None or parts.index is None:
        return
    days = int((parts.index.dates[-1] - parts.futures.dates[-1]).astype(int))
    if days > 1:
        report.notice(f"the newest quotes are of {parts.futures.dates[-1]}, {days} days older than the index")


def tell_coarse_tick(parts: MarketParts, report: FileFindings) -> None:
    """Notice a tick above a day's price limit: the price could never move."""
    spec = parts.contract
    if not parts.agree or spec is None or spec.price_limit is None or parts.index is None:
        return
    price, tick = float(parts.index.price_per_mtok[-1]), spec.tick * spec.price_per_point
    if tick > spec.price_limit * price:
        report.notice(
            f"tick: {spec.tick:g} points are {tick:g} {spec.currency} per Mtok, more than a day's limit of "
            f"{spec.price_limit:g} x {price:g}, so the price could never move; a tick below "
            f"{spec.price_limit * price / spec.price_per_point:.3g} points would be right"
        )


def require_driver_histories(parts: MarketParts, report: FileFindings) -> None:
    """Record a fault for what drivers.toml says of a driver that has no history, or whose cost nobody can convert."""
    drivers = parts.drivers
    if drivers is None:
        return
    there = {TOKEN, VOLUME, *(history.name for history in drivers.histories)} | (
        {CURRENCY} if parts.fx is not None else set()
    )
    for name in drivers.terms:
        if name not in there:
            report.fault_at(name, f"{name} without its history", f"a file {HISTORY_FILES[name]}")
    if drivers.events is not None and drivers.events.energy_per_year > 0 and POWER not in there:
        report.fault_at("events", "energy shocks without a history of power", f"a file {HISTORY_FILES[POWER]}")
    for pair in drivers.correlations:
        for name in PAIRS[pair]:
            if name not in there:
                found = f"{pair} without a history of {name}"
                report.fault_at("correlations", found, f"a file {HISTORY_FILES[name]}")
    if drivers.production is not None:
        for history in drivers.histories:
            _require_pair(history.currency, "USD", "the production cost's", parts.fx, report, "production")


def require_joint_drivers(parts: MarketParts, findings: Findings) -> None:
    """Record what makes the drivers' joint law impossible; only where everything else is right."""
    if parts.drivers is None or not parts.agree:
        return
    try:
        joint_law(parts.snapshot())
    except InputError as error:
        findings.tell(error.faults or (Fault("market/drivers.toml", None, None, str(error), "drivers that fit"),))
