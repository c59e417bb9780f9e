"""Build the sample desk folder: ``python sample_data/make.py [FOLDER]``.

Everything follows from this file, the pinned PyPI package ``model-prices`` and two seeds, so that a second run
writes the same bytes. README.md beside it says what is real and what is hypothetical.
"""

from __future__ import annotations

import csv
import json
import re
import runpy
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import numpy as np

from hedgedesk.domain.market import ListPrices
from hedgedesk.index import MatchedIndex, list_price_panel, matched_index

# --- The knobs --------------------------------------------------------------------------------------------------------

PACKAGE = ("model-prices", "0.0.5")
PROVIDERS = ("anthropic", "deepseek", "openai")
AS_OF = np.datetime64("2026-10-23")
"""A Friday; the package's catalogue ends on that day."""
INDEX_START = np.datetime64("2025-07-04")
INDEX_NAME = "matched-list-3"
BASE_PRICE = 12.0
"""CNY per M STU on INDEX_START."""
FUTURES_START = np.datetime64("2024-02-23")
FUTURES_SEED = 153
"""Chosen among 400 so that the hypothetical spot runs near the index and ends without a short-term deviation."""
FX_SEED = 11
FX_BASE = 7.10
FX_VOLATILITY = 0.035
DRIVERS_SEED = 29
POWER_MEAN, POWER_KAPPA, POWER_VOLATILITY = 58.0, 9.0, 0.75
"""USD per MWh; a spike is half gone in four weeks."""
POWER_SEASON = {1: 0.12, 2: 0.10, 7: 0.10, 8: 0.14, 12: 0.08}
"""Added to the log in these months."""
GPU_BASE, GPU_VOLATILITY = 2.05, 0.22
"""USD for an hour of one accelerator."""
GPU_POWER_CORRELATION = 0.25
CALENDAR = "cn_exchange"
DELIVERY = (2, 4, 6, 8, 10, 12)
LISTED_MONTHS = 24

KAPPA, SIGMA_CHI, SIGMA_XI, RHO = 1.2, 0.30, 0.16, 0.2
MU_XI, MU_XI_STAR, LAMBDA_CHI = -0.10, -0.04, 0.05
QUOTE_NOISE = 0.006
COUPLING = 0.8
"""Correlation of the hypothetical spot's weekly moves with the index's, where there is an index."""

MONTHS = 24
FIRST_STU_PER_MONTH = 90_000.0
"""M STU in the first month."""
GROWTH_PER_MONTH = 0.02
SEASON = {1: 0.97, 2: 0.88, 9: 1.05, 10: 1.06, 11: 1.06, 12: 0.92}
TEAMS = {"engineering": 0.62, "support": 0.38}
SPREAD = {"engineering": 0.16, "support": 0.12}
MIX = {
    # Model: share of the month's STU, then its raw tokens by meter (uncached_input, cache_read, cache_write, output).
    "claude-sonnet-5-5": (0.46, (50.0, 130.0, 18.0, 22.0)),
    "gpt-6.1-sol": (0.33, (60.0, 110.0, 20.0, 20.0)),
    "deepseek-v4-flash": (0.21, (90.0, 120.0, 0.0, 24.0)),
}
SELLERS = {
    "openai": MIX["gpt-6.1-sol"],
    "anthropic": MIX["claude-sonnet-5-5"],
    "deepseek": MIX["deepseek-v4-flash"],
}
METERS = ("uncached_input", "cache_read", "cache_write", "output")
STU = (1.0, 0.2, 1.0, 4.21)

COMMITMENTS = (
    ("Anthropic yearly volume", "2026-11", "2027-10", "claude-sonnet-5-5", "output", 700, "9.40", "fixed"),
    ("DeepSeek reserve", "2026-11", "2027-04", "deepseek-v4-flash", "uncached_input", 4000, "0.14", "take_or_pay"),
)
TRADES = (("2026-08-21", "2026-12", 18), ("2026-09-18", "2027-02", 12), ("2026-10-02", "2027-04", 6))
"""Lots already held; bought at that day's settlement."""

BUDGET_USD = 3_500_000
CREDIT_LINE_USD = 200_000
POSITION_LIMIT = 100
MULTIPLIER = 2_000.0
TRANSACTION_COST = 0.01

CLOSED = (
    # Weekdays from the first to the last day; the State Council announces each year's only in the November before.
    ("2027-01-01", "2027-01-01", "New Year"),
    ("2027-02-05", "2027-02-12", "Spring Festival"),
    ("2027-04-05", "2027-04-05", "Tomb-Sweeping Day"),
    ("2027-05-03", "2027-05-05", "Labour Day"),
    ("2027-06-09", "2027-06-09", "Dragon Boat Festival"),
    ("2027-09-15", "2027-09-15", "Mid-Autumn Festival"),
    ("2027-10-01", "2027-10-07", "National Day"),
    ("2028-01-03", "2028-01-03", "New Year"),
    ("2028-01-25", "2028-02-01", "Spring Festival"),
    ("2028-04-04", "2028-04-04", "Tomb-Sweeping Day"),
    ("2028-05-01", "2028-05-05", "Labour Day"),
    ("2028-05-29", "2028-05-29", "Dragon Boat Festival"),
    ("2028-10-02", "2028-10-06", "National Day and Mid-Autumn Festival"),
)
"""Of the exchange, in the years that no calendar knows yet: the festivals' days, as long as in the years before."""

# --- What of the catalogue is not compared ----------------------------------------------------------------------------

OTHER_KIND = re.compile(
    r"latest|-exp|omni|audio|image|tts|embed|rerank|realtime|live|transcri|deep-research|search|cyber|daybreak|davinci|babbage"
)
"""Other modalities, moving aliases and restricted models: not the price of general text tokens."""
CORRECTED = {
    "gpt-5.6": "alias of gpt-5.6-sol: one price would count twice",
    "o1-mini": "its change of 2025-06-11 corrects the catalogue",
}

SCORES = (
    # MMLU in percent, each as the seller itself reported it; README.md names the reports.
    ("anthropic", "claude-3-haiku-20240307", "mmlu", "75.2"),
    ("anthropic", "claude-3-sonnet-20240229", "mmlu", "79.0"),
    ("anthropic", "claude-3-opus-20240229", "mmlu", "86.8"),
    ("anthropic", "claude-3-5-sonnet-20240620", "mmlu", "88.7"),
    ("deepseek", "deepseek-chat", "mmlu", "88.5"),
    ("deepseek", "deepseek-reasoner", "mmlu", "90.8"),
    ("openai", "gpt-3.5-turbo", "mmlu", "70.0"),
    ("openai", "gpt-4", "mmlu", "86.4"),
    ("openai", "gpt-4.1", "mmlu", "90.2"),
    ("openai", "gpt-4.1-mini", "mmlu", "87.5"),
    ("openai", "gpt-4.1-nano", "mmlu", "80.1"),
    ("openai", "gpt-4o", "mmlu", "88.7"),
    ("openai", "gpt-4o-mini", "mmlu", "82.0"),
)

Row = Sequence[object]


def build(folder: Path) -> None:
    """Write the whole sample desk into ``folder`` (made if missing)."""
    market = folder / "market"
    market.mkdir(parents=True, exist_ok=True)
    changes = list(price_changes())
    index = price_index(changes)
    quotes = list(futures(index))
    write(folder / "consumption.csv", ("month", "model", "meter", "mtok", "team", "spread"), consumption())
    write(
        folder / "commitments.csv",
        ("name", "first_month", "last_month", "model", "meter", "mtok_per_month", "price_usd_per_mtok", "kind"),
        COMMITMENTS,
    )
    write(folder / "book.csv", ("trade_date", "contract", "lots", "price_cny_per_mtok"), book(quotes))
    write(
        market / "index.csv",
        ("date", "index", "price_cny_per_mtok"),
        ((day, INDEX_NAME, f"{level:.4f}") for day, level in zip(index.dates, index.level, strict=True)),
    )
    write(market / "futures.csv", ("as_of", "delivery_month", "settlement_cny_per_mtok"), quotes)
    write(
        market / "list_prices.csv",
        ("effective_date", "provider", "model", "meter", "price_usd_per_mtok"),
        changes,
    )
    write(market / "fx.csv", ("date", "cny_per_usd"), fx(index.dates))
    write(market / "holidays.csv", ("calendar", "date", "name"), holidays())
    power, gpu = drivers(index.dates)
    write(market / "power.csv", ("date", "price_usd_per_mwh"), power)
    write(market / "gpu.csv", ("date", "price_usd_per_gpu_hour"), gpu)
    write(market / "scores.csv", ("provider", "model", "benchmark", "score"), SCORES)
    exports = runpy.run_path(str(Path(__file__).with_name("exports.py")))
    exports["write_exports"](folder / "usage", changes, dict(used(exports)), SELLERS, TEAMS, STU)
    for path, text in (
        (market / "contract.toml", CONTRACT),
        (market / "index.toml", INDEX),
        (market / "drivers.toml", DRIVERS),
        (folder / "program.toml", PROGRAM),
        (folder / "settings.toml", SETTINGS),
    ):
        path.write_bytes(text.encode())


def write(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a CSV with newline endings on every platform."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)


# --- Real: list prices and the index that follows from them -----------------------------------------------------------


def price_changes() -> Iterator[tuple[str, str, str, str, float]]:
    """Dated list prices in USD per Mtok from the package's bundled catalogue; one row per meter and change."""
    if version(PACKAGE[0]) != PACKAGE[1]:
        raise SystemExit(f"the sample is built from {PACKAGE[0]} {PACKAGE[1]}, found {version(PACKAGE[0])}")
    catalogue = json.loads(files("model_prices").joinpath("snapshot.json").read_text(encoding="utf-8"))["prices"]
    for provider in PROVIDERS:
        for model, modes in sorted(catalogue[provider].items()):
            if not OTHER_KIND.search(model) and model not in CORRECTED:
                yield from _changes_of(provider, model, modes.get("standard", []))


def _changes_of(provider: str, model: str, entries: list[dict]) -> Iterator[tuple[str, str, str, str, float]]:
    """Keep what changed, the last entry of a day, and nothing before the first day on which a price is known."""
    days = [(entry["start"] or entry["rates"]["valid_from"])[:10] for entry in entries]
    known: dict[str, float] = {}
    for place, (day, entry) in enumerate(zip(days, entries, strict=True)):
        if np.datetime64(day) > AS_OF or (place + 1 < len(days) and days[place + 1] <= day):
            continue
        for meter, price in _meters(entry["rates"]).items():
            if known.get(meter) != price:
                known[meter] = price
                yield day, provider, model, meter, price


def _meters(rates: dict) -> dict[str, float]:
    """Prices by meter; a cache read at 0 or above the input price is a slip of the catalogue."""
    prices = {"uncached_input": rates["input"], "output": rates["output"]}
    if 0 < (rates.get("cache_read") or 0) <= rates["input"]:
        prices["cache_read"] = rates["cache_read"]
    if (rates.get("cache_write") or 0) > 0:
        prices["cache_write"] = rates["cache_write"]
    return prices


def price_index(changes: Sequence[tuple[str, str, str, str, float]]) -> MatchedIndex:
    """The matched index of the three providers, weekly, in CNY per M STU."""
    day, provider, model, meter, price = zip(*changes, strict=True)
    prices = ListPrices("USD", np.array(day, dtype="datetime64[D]"), provider, model, meter, np.array(price))
    return matched_index(list_price_panel(prices, weeks(INDEX_START)), base=BASE_PRICE)


def weeks(start: np.datetime64) -> np.ndarray:
    """Fridays from ``start`` to AS_OF."""
    return np.arange(start, AS_OF + np.timedelta64(1, "D"), 7)


# --- Hypothetical: futures, currency, needs ---------------------------------------------------------------------------


def futures(index: MatchedIndex) -> Iterator[tuple[np.datetime64, np.datetime64, str]]:
    """Weekly quotes of a Schwartz-Smith (2000) market whose spot ends on the index."""
    random = np.random.default_rng(FUTURES_SEED)
    dates = weeks(FUTURES_START)
    chi, xi = states(random, dates.size, index)
    for day, short, long in zip(dates, chi, xi, strict=True):
        for month in deliveries(day):
            due = (month + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
            years = (due - day).astype(int) / 365
            noise = QUOTE_NOISE * random.standard_normal()
            yield day, month, f"{np.exp(np.exp(-KAPPA * years) * short + long + premium(years) + noise):.2f}"


def states(random: np.random.Generator, size: int, index: MatchedIndex) -> tuple[np.ndarray, np.ndarray]:
    """(size,) short-term deviation and long-term level.

    Where there is an index, the week's spot move is made of the index's own move (scaled to the spot's volatility) and
    of the drawn one, and split between the factors as the model expects it from a spot move of that size.
    """
    week = 7 / 365
    decay = np.exp(-KAPPA * week)
    short = SIGMA_CHI * np.sqrt((1 - decay**2) / (2 * KAPPA))
    long = SIGMA_XI * np.sqrt(week)
    both = RHO * SIGMA_CHI * SIGMA_XI * (1 - decay) / KAPPA
    drawn = random.multivariate_normal([0.0, 0.0], [[short**2, both], [both, long**2]], size=size, method="cholesky")
    spot, spot_variance = drawn.sum(axis=1), short**2 + long**2 + 2 * both
    echo = index.log_change * np.sqrt(spot_variance) / index.log_change.std()
    wanted = spot.copy()
    wanted[-echo.size :] = np.sqrt(1 - COUPLING**2) * spot[-echo.size :] + COUPLING * echo
    share = (short**2 + both) / spot_variance
    drawn += np.outer(wanted - spot, [share, 1 - share])
    chi, xi = np.zeros(size), np.zeros(size)
    for t in range(1, size):
        chi[t] = decay * chi[t - 1] + drawn[t, 0]
        xi[t] = xi[t - 1] + MU_XI * week + drawn[t, 1]
    return chi, xi + np.log(index.level[-1]) - (chi[-1] + xi[-1])


def premium(years: float) -> float:
    """A(tau) of Schwartz and Smith (2000), equation 9."""
    fade = np.exp(-KAPPA * years)
    variance = SIGMA_CHI**2 * (1 - fade**2) / (2 * KAPPA) + SIGMA_XI**2 * years
    variance += 2 * RHO * SIGMA_CHI * SIGMA_XI * (1 - fade) / KAPPA
    return MU_XI_STAR * years - (1 - fade) * LAMBDA_CHI / KAPPA + variance / 2


def deliveries(day: np.datetime64) -> list[np.datetime64]:
    """Delivery months listed on ``day``: those after its own month."""
    ahead = day.astype("datetime64[M]") + np.arange(1, LISTED_MONTHS + 1).astype("timedelta64[M]")
    return [month for month in ahead if month.astype(int) % 12 + 1 in DELIVERY]


def fx(dates: np.ndarray) -> Iterator[Row]:
    """CNY per USD: a seeded random walk around FX_BASE."""
    moves = np.random.default_rng(FX_SEED).standard_normal(dates.size) * FX_VOLATILITY * np.sqrt(7 / 365)
    for day, rate in zip(dates, FX_BASE * np.exp(np.cumsum(moves)), strict=True):
        yield day, f"{rate:.4f}"


def holidays() -> Iterator[Row]:
    """Days on which the exchange is assumed to be closed, in the years that no calendar knows yet."""
    for first, last, name in CLOSED:
        for day in np.arange(first, np.datetime64(last) + 1, dtype="datetime64[D]"):
            if np.is_busday(day):
                yield CALENDAR, day, f"{name} (the desk's assumption)"


def drivers(dates: np.ndarray) -> tuple[list[Row], list[Row]]:
    """Power that returns to its season's mean, and accelerator rent that walks; made, from one seed."""
    random = np.random.default_rng(DRIVERS_SEED)
    shocks = random.standard_normal((dates.size, 2))
    week = 7 / 365
    kept = np.exp(-POWER_KAPPA * week)
    spread = POWER_VOLATILITY * np.sqrt((1 - kept**2) / (2 * POWER_KAPPA))
    rent_shock = GPU_POWER_CORRELATION * shocks[:, 0] + np.sqrt(1 - GPU_POWER_CORRELATION**2) * shocks[:, 1]
    rent = GPU_BASE * np.exp(np.cumsum(rent_shock) * GPU_VOLATILITY * np.sqrt(week))
    power, deviation = [], 0.0
    for day, shock in zip(dates, shocks[:, 0], strict=True):
        deviation = kept * deviation + spread * shock
        season = POWER_SEASON.get(int(day.astype("datetime64[M]").astype(int)) % 12 + 1, 0.0)
        power.append((day, f"{POWER_MEAN * np.exp(season + deviation):.2f}"))
    return power, [(day, f"{price:.3f}") for day, price in zip(dates, rent, strict=True)]


def consumption() -> Iterator[Row]:
    """Needs by month, model, meter and team: growth, seasons, and an engineering team that is harder to foresee."""
    first = AS_OF.astype("datetime64[M]") + np.timedelta64(1, "M")
    for step in range(MONTHS):
        month = first + np.timedelta64(step, "M")
        season = SEASON.get(int(month.astype(int)) % 12 + 1, 1.0)
        units = FIRST_STU_PER_MONTH * (1 + GROWTH_PER_MONTH) ** step * season
        for model, (share, tokens) in MIX.items():
            scale = units * share / sum(w * q for w, q in zip(STU, tokens, strict=True))
            for meter, mtok in zip(METERS, tokens, strict=True):
                if mtok > 0:
                    for team, part in TEAMS.items():
                        yield month, model, meter, f"{mtok * scale * part:.1f}", team, SPREAD[team]


def used(exports: dict) -> Iterator[tuple[np.datetime64, float]]:
    """M STU of the months before the forecast, backwards from its first month."""
    first = AS_OF.astype("datetime64[M]") + np.timedelta64(1, "M")
    for month in np.arange(exports["FIRST_DAY"].astype("datetime64[M]"), first):
        season = SEASON.get(int(month.astype(int)) % 12 + 1, 1.0)
        months_back = int((first - month).astype(int))
        yield month, FIRST_STU_PER_MONTH * season / (1 + exports["MONTHLY_GROWTH"]) ** months_back


def book(quotes: Sequence[tuple[np.datetime64, np.datetime64, str]]) -> Iterator[Row]:
    """Lots already held, at the settlement of the day they were bought."""
    settled = {(str(day), str(month)): price for day, month, price in quotes}
    for day, contract, lots in TRADES:
        yield day, contract, lots, settled[day, contract]


CONTRACT = f"""\
# Template after the INE containerised freight futures (EC). No exchange lists this contract: every term is editable.
name = "Token index (template)"
status = "not_listed"
index = "{INDEX_NAME}"
unit = "stu"
currency = "CNY"
quote = "index points"
multiplier = {MULTIPLIER}        # CNY per point
price_per_point = 1.0      # CNY per Mtok that a point stands for: a lot is {MULTIPLIER:,.0f} M STU
tick = 0.01
months = [{", ".join(str(month) for month in DELIVERY)}]
listed_months = {LISTED_MONTHS}
price_limit = 0.10
margin_schedule = [{{rate = 0.12}}, {{days_before_last = 7, rate = 0.20}}, {{days_before_last = 2, rate = 0.30}}]
final_settlement = 3       # prints averaged
position_limit = {POSITION_LIMIT}        # lots per contract
calendar = "{CALENDAR}"   # trading days; holidays.csv holds the years that nobody has announced yet
last_trading_day = "last futures-trading Monday of the delivery month"
limit_locked = {{d2_limit = 3, d2_margin = 2, d3_limit = 5, afterwards = "suspended"}}  # percentage points
hedging_quota = {{nearby_from = 7}}         # trading days before the last
opening_limit_per_day = {{lots = 1_000, hedging_exempt = true}}
opening_breach = {{ban_days = 3}}
large_trader_report = {{share = 1.0}}       # of the position limit
daily_settlement = {{no_trades = "previous"}}  # else the volume-weighted mean of the day's trades
settlement_fallback = "exchange"          # it decides if a print is missing
hours = "09:00-10:15, 10:30-11:30, 13:30-15:00 Beijing time, no night session"
fees = {{turnover = 0.00001, day_close_free = true}}   # 0.001% of a trade's value
"""

PROGRAM = f"""\
# What Larkspur's board allows.
currency = "USD"
budget = {BUDGET_USD:_}.0            # of the {MONTHS} months together
level = 0.95
risk_weight = 1.0
over_hedge = 1.0
credit_line = {CREDIT_LINE_USD:_}.0         # cash for initial margin
position_limit = {POSITION_LIMIT}              # lots of each contract
transaction_cost_per_mtok = {TRANSACTION_COST}
lots = "whole"
instruments = ["futures"]
bands = [
  {{months_ahead = [1, 12], min = 0.50, max = 0.75}},
  {{months_ahead = [13, 24], min = 0.25, max = 0.50}},
]

# What else could be had. None of it may be traded until its name is added to instruments above.
[instrument."winter cap"]          # the price paid has a ceiling
kind = "cap"
strike_share = 1.15                # of each contract's price today
last_month = "2027-04"

[instrument."2028 collar"]         # a ceiling paid for by a floor that is sold
kind = "collar"
strike_share = 1.20
first_month = "2028-01"

[instrument."office deal"]         # a seller's fixed price, below today's curve
kind = "fixed_price"
mtok_per_month = 5_000
discount = 0.02
first_month = "2027-01"
last_month = "2027-12"

[instrument."reserved volume"]     # cheaper still, and paid for ahead, used or not
kind = "take_or_pay"
mtok_per_month = 20_000
discount = 0.08
payment = "prepaid"
financing_rate = 0.05
first_month = "2027-01"
last_month = "2027-12"

[instrument."night batch"]         # what can wait until the morning
kind = "batch"
eligible_share = 0.20
most_share = 0.60
setup_cost = 25_000
first_month = "2027-02"

[instrument."prompt cache"]
kind = "caching"
added_share = 0.10
setup_cost = 15_000
running_cost_per_month = 400
first_month = "2027-02"

[instrument."own machines"]        # part of the load on a model of our own
kind = "routing"
most_share = 0.10
cost_per_mtok = 0.60
quality_cost_per_mtok = 0.10
running_cost_per_month = 2_500
first_month = "2027-04"

[instrument."rolled stack"]        # far months by way of the nearest contract
kind = "stack_and_roll"
most_lots = 40
first_month = "2028-01"

[instrument."accelerator rent"]    # a strip of futures on what tokens are made of
kind = "cross_hedge"
driver = "gpu_rent"
size = 1_000                       # hours a lot
most_lots = 10
fee_per_lot = 5
margin_rate = 0.15

[instrument."renminbi ahead"]      # the contract is in CNY, the budget in USD
kind = "fx_forward"
dealer_spread = 0.0005
"""

INDEX = """\
# The desk's own index, beside the contract's: hedgedesk index, and the Market page.
method = "matched_list"       # or quality_constant, realised
frequency = "week"            # or month
average = "provider"          # the three sellers count the same
company_cap = 0.5             # largest weight of one seller
fewest_companies = 3          # only three sellers are watched: an index with five would be sounder
benchmark = "mmlu"            # of scores.csv, for quality_constant
threshold = 85.0
"""

DRIVERS = """\
# What moves with the token: how power.csv, gpu.csv and fx.csv are linked, and how production cost reaches the price.
# Correlations that are not given here are estimated from weekly changes: correlations = {power_gpu_rent = 0.2}
[production]
kilowatt = 0.7                     # of one accelerator
power_usage_effectiveness = 1.3    # the whole building's power over its machines'
tokens_per_second = 1_000.0
pass_through = 0.3                 # vendors pass on 30% of a change of their cost (assumption)
"""

SETTINGS = """\
scenarios = 20_000
seed = 7
price_volume_correlation = 0.2
"""

if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
