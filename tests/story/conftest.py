"""Two desks built outside the project from real data: tokens, and crude oil standing in as the commodity."""

from __future__ import annotations

import csv
import statistics
from datetime import date, timedelta
from pathlib import Path

import pytest

SCALE = 0.1
"""A tenth of ServeGen's m-mid traffic: a buyer of about 90,000 Mtok a month."""

CONTRACT = """status = "not_listed"
currency = "USD"
multiplier = {multiplier}
unit = "tokens"
months = {months}
listed_months = {listed}
margin_schedule = [{{rate = 0.12}}, {{days_before_last = 7, rate = 0.20}}, {{days_before_last = 2, rate = 0.30}}]
"""
PROGRAM = """currency = "USD"
budget = {budget}
level = 0.95
risk_weight = 1.0
credit_line = {credit}
position_limit = {limit}
transaction_cost_per_mtok = {fee}
bands = [{{months_ahead = [1, 12], min = 0.3, max = 0.75}}, {{months_ahead = [13, 24], min = 0.2, max = 0.5}}]
"""


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, header: str, rows: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def month_after(year: int, month: int, ahead: int) -> str:
    index = year * 12 + month - 1 + ahead
    return f"{index // 12}-{index % 12 + 1:02d}"


def build_token_desk(data: Path, folder: Path) -> Path:
    """ServeGen m-mid consumption on the realised weekly price index of a large router.

    Forecast: mean daily input and output tokens of the 14 real days x 30.4 days x ``SCALE``, flat over 24 months (14
    days show no trend worth extending). Spread: the standard deviation of the real daily totals over their mean, taken
    for the month as a whole as if its days moved together, because 14 days cannot tell a bad day from a bad month.
    """
    days = rows_of(data / "consumption" / "servegen_m_mid_daily.csv")
    totals = [float(day["input_tokens"]) + float(day["output_tokens"]) for day in days]
    spread = statistics.stdev(totals) / statistics.mean(totals)
    volumes = {
        "uncached_input": statistics.mean(float(day["input_tokens"]) for day in days),
        "output": statistics.mean(float(day["output_tokens"]) for day in days),
    }
    prices = rows_of(data / "token_prices" / "token_index_realised_openrouter_weekly.csv")
    write_rows(
        folder / "market" / "index.csv",
        "date,price_usd_per_mtok",
        [f"{row['week_end_date']},{row['realised_usd_per_mtok']}" for row in prices],
    )
    write_rows(
        folder / "consumption.csv",
        "month,model,meter,mtok,spread",
        [
            f"{month_after(2026, 4, ahead)},m-mid,{meter},{volume * 30.4 * SCALE / 1e6:.1f},{spread:.4f}"
            for ahead in range(24)
            for meter, volume in volumes.items()
        ],
    )
    contract = CONTRACT.format(multiplier=1000.0, months="[2, 4, 6, 8, 10, 12]", listed=24)
    (folder / "market" / "contract.toml").write_text(contract)
    program = PROGRAM.format(budget=3_500_000.0, credit=150_000.0, limit=100, fee=0.005)
    (folder / "program.toml").write_text(program)
    (folder / "settings.toml").write_text("scenarios = 20000\nseed = 7\n")
    return folder


def last_trading_day(year: int, month: int) -> date:
    """Of WTI for delivery in a month: three business days before the 25th of the month before."""
    before = date(year - (month == 1), (month - 2) % 12 + 1, 25)
    while before.weekday() >= 5:
        before -= timedelta(1)
    left = 3
    while left:
        before -= timedelta(1)
        left -= before.weekday() < 5
    return before


def first_delivery(day: date) -> int:
    """How many months ahead the nearest WTI contract of ``day`` is delivered: 1 until it expires, then 2."""
    following = month_after(day.year, day.month, 1)
    expires = last_trading_day(int(following[:4]), int(following[5:]))
    return 1 if day <= expires else 2


def build_crude_desk(data: Path, folder: Path) -> Path:
    """WTI futures 2007-2018 and WTI spot standing in for a token contract: one barrel plays one Mtok.

    The nth nearby of a date is mapped to its delivery month by the exchange's expiry rule; 24 months of 20,000 Mtok
    from January 2019, spread 10%.
    """
    panel = rows_of(data / "futures" / "energy_futures_weekly_wti_brent_heatingoil.csv")
    nearby = {int(name[2:4]): name for name in panel[0] if name.startswith("CL")}
    quotes = []
    for row in panel:
        day = date.fromisoformat(row["date"])
        for rank, name in nearby.items():
            if row[name]:
                delivery = month_after(day.year, day.month, first_delivery(day) + rank - 1)
                quotes.append(f"{day},{delivery},{row[name]}")
    write_rows(folder / "market" / "futures.csv", "as_of,delivery_month,settlement_usd_per_mtok", quotes)
    spot = [
        f"{row['date']},{row['price_usd_per_bbl']}"
        for row in rows_of(data / "futures" / "eia_wti_spot_daily.csv")
        if "2007-01-03" <= row["date"] <= "2018-12-26"
    ]
    write_rows(folder / "market" / "index.csv", "date,price_usd_per_mtok", spot)
    write_rows(
        folder / "consumption.csv",
        "month,model,meter,mtok,spread",
        [f"{month_after(2019, 1, ahead)},crude,output,20000,0.10" for ahead in range(24)],
    )
    contract = CONTRACT.format(multiplier=1000.0, months="[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]", listed=24)
    (folder / "market" / "contract.toml").write_text(contract)
    program = PROGRAM.format(budget=25_000_000.0, credit=1_500_000.0, limit=60, fee=0.02)
    (folder / "program.toml").write_text(program)
    (folder / "settings.toml").write_text("scenarios = 20000\nseed = 7\n")
    return folder


@pytest.fixture(scope="session")
def token_desk(reference_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_token_desk(reference_data, tmp_path_factory.mktemp("tokens"))


@pytest.fixture(scope="session")
def crude_desk(reference_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_crude_desk(reference_data, tmp_path_factory.mktemp("crude"))
