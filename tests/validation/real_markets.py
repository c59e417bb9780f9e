"""Markets made of the real reference data, to be validated on; nothing of the data is kept here."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from hedgedesk.domain.market import ContractSpec, FuturesHistory, MarketSnapshot, TokenIndex

CRUDE, HEATING_OIL = (1, 2, 3, 4, 5, 6, 9, 12), (1, 2, 3, 6, 12)
"""Nearby contracts that are read."""
LAST_DAY_OF_CRUDE = 20
"""Of the month before delivery, roughly: from the next day on the nearest contract expires a month later."""


def _columns(file: Path) -> dict[str, list[str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {name: [row[name] for row in rows] for name in rows[0]}


def _market(name: str, dates: list[str], prices: list[str], futures: FuturesHistory | None = None) -> MarketSnapshot:
    index = TokenIndex(name, "USD", np.array(dates, dtype="datetime64[D]"), np.array(prices, dtype=np.float64))
    return MarketSnapshot(index, ContractSpec("USD", 1.0, listed_months=12), futures)


def token_list_prices(folder: Path, frequency: str = "weekly") -> MarketSnapshot:
    """The matched-model index, providers equally weighted, weekly or monthly."""
    table = _columns(folder / "token_prices" / f"token_index_matched_list_{frequency}.csv")
    return _market(f"token list prices, {frequency}", table["date"], table["index_equal_provider_all"])


def token_realised(folder: Path) -> MarketSnapshot:
    """What a router's users paid a token, weekly."""
    table = _columns(folder / "token_prices" / "token_index_realised_openrouter_weekly.csv")
    return _market("token realised, weekly", table["week_end_date"], table["realised_usd_per_mtok"])


def gas(folder: Path) -> MarketSnapshot:
    """Natural gas spot at Henry Hub on Wednesdays, without quotes."""
    table = _columns(folder / "futures" / "eia_henry_hub_spot_daily.csv")
    days = np.array(table["date"], dtype="datetime64[D]")
    kept = [n for n, day in enumerate(days) if day.astype(int) % 7 == 6 and table["price_usd_per_mmbtu"][n]]
    return _market("Henry Hub gas", [table["date"][n] for n in kept], [table["price_usd_per_mmbtu"][n] for n in kept])


def crude(folder: Path, *, quoted: bool = True) -> MarketSnapshot:
    """WTI spot on Wednesdays, 2007 to 2018, with its nearby futures where ``quoted``."""
    panel = _columns(folder / "futures" / "energy_futures_weekly_wti_brent_heatingoil.csv")
    spot = dict(zip(*_columns(folder / "futures" / "eia_wti_spot_daily.csv").values(), strict=True))
    kept = [n for n, day in enumerate(panel["date"]) if spot.get(day)]
    dates = [panel["date"][n] for n in kept]
    quotes = {nearby: [panel[f"CL{nearby:02d}_usd_per_bbl"][n] for n in kept] for nearby in CRUDE}
    futures = _by_delivery(dates, quotes, LAST_DAY_OF_CRUDE) if quoted else None
    return _market("WTI crude" if quoted else "WTI crude, spot alone", dates, [spot[day] for day in dates], futures)


def heating_oil(folder: Path) -> MarketSnapshot:
    """Heating oil: the nearest contract stands for the spot; its futures beside it."""
    panel = _columns(folder / "futures" / "energy_futures_weekly_wti_brent_heatingoil.csv")
    quotes = {nearby: panel[f"HO{nearby:02d}_usd_per_gal"] for nearby in HEATING_OIL}
    futures = _by_delivery(panel["date"], quotes, last_day=31)
    return _market("heating oil", panel["date"], quotes[1], futures)


def _by_delivery(dates: list[str], quotes: dict[int, list[str]], last_day: int) -> FuturesHistory:
    """Nearby series as a panel by the month in which each contract expires."""
    days = np.array(dates, dtype="datetime64[D]")
    months = days.astype("datetime64[M]")
    nearest = months + ((days - months.astype("datetime64[D]")).astype(int) >= last_day)
    columns = np.arange(nearest[0], nearest[-1] + max(quotes) + 1, dtype="datetime64[M]")
    settled = np.full((days.size, columns.size), np.nan)
    for nearby, prices in quotes.items():
        place = (nearest - columns[0]).astype(int) + nearby - 1
        settled[np.arange(days.size), place] = [float(price) if price else np.nan for price in prices]
    quoted = np.isfinite(settled).any(axis=0)
    return FuturesHistory("USD", days, columns[quoted], settled[:, quoted])
