"""The ``market/`` folder: index history, futures settlements, currency, list prices, holidays."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hedgedesk.domain.market import STANDARD_MODE, FuturesHistory, FxCurve, ListPrices, TokenIndex
from hedgedesk.domain.units import METERS
from hedgedesk.domain.venue import Holidays
from hedgedesk.files.columns import COUNT, PRICE, Columns, Rule, open_columns
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.headers import Wanted

PANEL_CAP = 20_000_000
"""Dates x delivery months of the largest futures panel."""

INDEX = Wanted(("date",), ("index",), price="price")
FUTURES = Wanted(("as_of", "delivery_month"), ("volume", "open_interest"), price="settlement")
LIST_PRICES = Wanted(("effective_date", "provider", "model", "meter"), ("mode", "source"), price="price")
HOLIDAYS = Wanted(("calendar", "date"), ("name",))
FX = Wanted(("date", "cny_per_usd"))

_LIST_PRICE = Rule("a price of at least 0", lambda x: x >= 0)
_RATE = Rule("a rate above 0, CNY per USD", lambda x: x > 0)


def parse_index(path: Path, report: FileFindings) -> tuple[TokenIndex | None, np.datetime64 | None] | None:
    """Read the history of the reference price, currency per Mtok.

    Returns
    -------
    The history of the good rows, and the newest date of all rows; None where there is none.
    """
    columns = open_columns(path, INDEX, ("price",), report)
    if columns is None:
        return None
    days, prices = columns.days("date"), columns.numbers("price", PRICE)
    names = columns.texts("index", optional=True)
    name = _one_index(columns, names)
    rows = dated(columns, days, prices)
    return TokenIndex(name, columns.currency, *rows) if rows else None, _newest(days)


def parse_fx(path: Path, report: FileFindings) -> FxCurve | None:
    """Read the history of CNY per USD; None when it has no good row."""
    columns = open_columns(path, FX, ("cny_per_usd",), report)
    if columns is None:
        return None
    rows = dated(columns, columns.days("date"), columns.numbers("cny_per_usd", _RATE))
    return FxCurve(*rows) if rows else None


def parse_futures(path: Path, report: FileFindings) -> tuple[FuturesHistory | None, np.datetime64 | None] | None:
    """Read settlements as a panel, currency per Mtok, NaN where a contract has none.

    Returns
    -------
    The panel of the good rows, and the newest date of all rows; None where there is none.
    """
    columns = open_columns(path, FUTURES, ("settlement", "volume", "open_interest"), report)
    if columns is None:
        return None
    days, deliveries = columns.days("as_of"), columns.months("delivery_month")
    prices = columns.numbers("settlement", PRICE)
    for name in ("volume", "open_interest"):
        columns.numbers(name, COUNT)
    keys = [None if d is None or m is None else (d, m) for d, m in zip(days, deliveries, strict=True)]
    once = columns.require_once(keys, "delivery_month", "each as_of and delivery_month once")
    for line, key in zip(columns.lines, keys, strict=True):
        if key is not None and key[1] < key[0].astype("datetime64[M]"):
            columns.fault(line, "delivery_month", str(key[1]), f"a month not before its as_of, {key[0]}")
    quotes = [
        (*key, price)
        for key, price, first in zip(keys, prices, once, strict=True)
        if key is not None and price is not None and first
    ]
    return _panel(columns, quotes) if quotes else None, _newest(days)


def parse_list_prices(path: Path, report: FileFindings) -> ListPrices | None:
    """Read dated list prices by model and meter, currency per Mtok of raw tokens; None without a good row.

    ``mode`` is how requests are served at the price, ``standard`` where it is left out. ``source`` is who reported the
    row: several may speak of one price, and none is the desk's own list. A seller may change a price twice a day: of
    two rows of one day the later in the file stands, with a notice.
    """
    columns = open_columns(path, LIST_PRICES, ("price",), report)
    if columns is None:
        return None
    days = columns.days("effective_date")
    providers, models = columns.texts("provider"), columns.texts("model")
    meters, prices = columns.texts("meter", METERS), columns.numbers("price", _LIST_PRICE)
    modes = [mode.casefold() if mode else STANDARD_MODE for mode in columns.texts("mode", optional=True)]
    sources = [source or "" for source in columns.texts("source", optional=True)]
    keys = [
        None if None in key[:4] else key for key in zip(days, providers, models, meters, modes, sources, strict=True)
    ]
    stands = columns.last_of_each(keys)
    rows = [
        (day, provider, model, meter, price, mode, source)
        for day, provider, model, meter, price, mode, source, is_last in zip(
            days, providers, models, meters, prices, modes, sources, stands, strict=True
        )
        if is_last and day is not None and provider and model and meter and price is not None
    ]
    if not rows:
        return None
    return ListPrices(
        currency=columns.currency,
        effective_dates=np.array([row[0] for row in rows], dtype="datetime64[D]"),
        providers=tuple(row[1] for row in rows),
        models=tuple(row[2] for row in rows),
        meters=tuple(row[3] for row in rows),
        price_per_mtok=np.array([row[4] for row in rows], dtype=np.float64),
        modes=tuple(row[5] for row in rows),
        sources=tuple(row[6] for row in rows),
    )


def parse_holidays(path: Path, report: FileFindings) -> Holidays | None:
    """Read the days on which a calendar does not trade; None without a good row.

    A year in which a calendar has a row is a known year of that calendar, so all its holidays belong into the file.
    """
    columns = open_columns(path, HOLIDAYS, (), report)
    if columns is None:
        return None
    calendars = [name and name.casefold() for name in columns.texts("calendar")]
    days, names = columns.days("date"), columns.texts("name", optional=True)
    keys = [None if None in key else key for key in zip(calendars, days, strict=True)]
    once = columns.require_once(keys, "date", "each calendar and date once")
    rows = [
        (calendar, day, name or "")
        for calendar, day, name, first in zip(calendars, days, names, once, strict=True)
        if first and calendar and day is not None
    ]
    if not rows:
        return None
    return Holidays(
        calendars=tuple(row[0] for row in rows),
        dates=np.array([row[1] for row in rows], dtype="datetime64[D]"),
        names=tuple(row[2] for row in rows),
    )


def _newest(days: list[np.datetime64 | None]) -> np.datetime64 | None:
    return max((day for day in days if day is not None), default=None)


def dated(
    columns: Columns, days: list[np.datetime64 | None], values: list[float | None]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.datetime64]], np.ndarray[tuple[int], np.dtype[np.float64]]] | None:
    """Dates and values in the order of time; a date given twice is a fault."""
    once = columns.require_once(days, "date", "each date once")
    good = sorted(
        (day, value)
        for day, value, first in zip(days, values, once, strict=True)
        if first and day is not None and value is not None
    )
    if not good:
        return None
    return (
        np.array([day for day, _ in good], dtype="datetime64[D]"),
        np.array([value for _, value in good], dtype=np.float64),
    )


def _one_index(columns: Columns, names: list[str | None]) -> str:
    first = next((name for name in names if name is not None), "")
    for line, name in zip(columns.lines, names, strict=True):
        if name is not None and name != first:
            expected = f"{first} in every row: one index is supported so far"
            columns.fault(line, "index", name, expected)
    return first


def _panel(columns: Columns, quotes: list[tuple[np.datetime64, np.datetime64, float]]) -> FuturesHistory | None:
    dates, row = np.unique(np.array([day for day, _, _ in quotes], dtype="datetime64[D]"), return_inverse=True)
    months, column = np.unique(np.array([month for _, month, _ in quotes], dtype="datetime64[M]"), return_inverse=True)
    if dates.size * months.size > PANEL_CAP:
        spans = f"{dates.size:,} dates x {months.size:,} delivery months"
        columns.fault(None, "delivery_month", spans, f"at most {PANEL_CAP:,} in all")
        return None
    settlements = np.full((dates.size, months.size), np.nan)
    settlements[row, column] = [price for _, _, price in quotes]
    return FuturesHistory(columns.currency, dates, months, settlements)
