"""Usage and cost exports of the sample desk, as the consoles of OpenAI and Anthropic write them, and a plain table.

The use is hypothetical and follows the forecast backwards; the prices are the real list prices beside it. ``make.py``
calls :func:`write_exports`; one seed, so that a second run writes the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SEED = 29
FIRST_DAY, LAST_DAY = np.datetime64("2026-01-01"), np.datetime64("2026-10-31")
SLEEPING = np.datetime64("2026-01-01")
"""Nobody worked: the exports have the day without figures."""
MONTHLY_GROWTH = 0.03
"""Of the use before the forecast begins; the forecast itself grows slower."""
WEEKEND = {"engineering": 0.45, "support": 0.85}
NOISE = 0.08
"""Standard deviation of a day's log use."""
LEAST_CACHED = 0.6
"""Of the cache reads of the newest month, what January already had; the rest was uncached input."""
HOUR_SHARE = 0.2
"""Of the cache writes, what is kept an hour, at twice the input price."""
BATCH_SHARE = {"engineering": 0.4, "support": 0.0}
"""Of a Monday's use, what is sent as a batch, at half price."""
BATCH_FACTOR = 0.5
PROMPT_TOKENS = 8_000
"""Of a request, on average."""
SEARCHES = 0.002
"""Web searches a request, of support."""
SEARCH_PRICE = 0.01
"""USD: both sellers ask 10 USD per 1,000 searches."""
DISCOUNT = (np.datetime64("2026-07-01"), 0.04)
"""What Anthropic takes off its list prices, and since when."""
MODELS = {
    # Seller: the models that were used, each since its first day.
    "openai": (
        ("2026-01-01", "gpt-5.2-2025-12-11"),
        ("2026-03-16", "gpt-5.4"),
        ("2026-08-03", "gpt-5.6-terra"),
        ("2026-10-01", "gpt-6.1-sol"),
    ),
    "anthropic": (
        ("2026-01-01", "claude-sonnet-4-5-20250929"),
        ("2026-03-02", "claude-sonnet-4-6"),
        ("2026-07-06", "claude-sonnet-5"),
        ("2026-10-01", "claude-sonnet-5-5"),
    ),
    "deepseek": (("2026-01-01", "deepseek-chat"), ("2026-05-04", "deepseek-v4-flash")),
}
NAMES = {
    # The cost export of Anthropic has names for people.
    "claude-sonnet-4-5-20250929": "Claude Sonnet 4.5",
    "claude-sonnet-4-6": "Claude Sonnet 4.6",
    "claude-sonnet-5": "Claude Sonnet 5",
    "claude-sonnet-5-5": "Claude Sonnet 5.5",
}
OPENAI_USAGE = (
    "start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,user_id,api_key_id,model,batch,"
    "service_tier,input_tokens,output_tokens,input_cached_tokens,input_uncached_tokens,input_text_tokens,"
    "output_text_tokens,input_cached_text_tokens,input_audio_tokens,input_cached_audio_tokens,output_audio_tokens,"
    "input_image_tokens,input_cached_image_tokens,output_image_tokens"
)
OPENAI_COST = (
    "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id,"
    "organization_id,organization_name"
)
ANTHROPIC_USAGE = (
    "usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,"
    "usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,"
    "usage_output_tokens,web_search_count,inference_geo,speed"
)
ANTHROPIC_COST = (
    "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,"
    "inference_geo,speed"
)
PLAIN = "date,seller,model,team,uncached_input_tokens,cache_read_tokens,output_tokens,cost_usd"

Prices = Mapping[tuple[str, str], Sequence[tuple[np.datetime64, float]]]
"""By model and meter: since when, USD per Mtok."""
Mix = Mapping[str, tuple[float, tuple[float, float, float, float]]]
"""By seller: share of the month's standard tokens, and its raw tokens by meter in proportion."""


@dataclass(frozen=True)
class Bucket:
    """A day's use of one team, sent in one way."""

    day: np.datetime64
    model: str
    team: str
    batch: bool
    uncached: int
    read: int
    written: int
    output: int

    @property
    def requests(self) -> int:
        """How many it took."""
        return max(1, (self.uncached + self.read + self.written) // PROMPT_TOKENS)

    @property
    def searches(self) -> int:
        """Web searches."""
        return int(self.requests * SEARCHES) if self.team == "support" else 0


def write_exports(
    folder: Path,
    changes: Sequence[tuple[str, str, str, str, float]],
    monthly: Mapping[np.datetime64, float],
    mix: Mix,
    teams: Mapping[str, float],
    weights: Sequence[float],
) -> None:
    """Write the exports into ``folder``.

    Parameters
    ----------
    changes
        Rows of ``list_prices.csv``.
    monthly
        M STU of every seller together by month, from FIRST_DAY's to LAST_DAY's.
    mix
        How a seller's part is made up in the newest month.
    teams
        Share of each team.
    weights
        Standard tokens of a token by meter.
    """
    folder.mkdir(parents=True, exist_ok=True)
    prices = _prices(changes)
    random = np.random.default_rng(SEED)
    openai, anthropic, deepseek = (
        list(_buckets(seller, random, monthly, mix[seller], teams, weights)) for seller in MODELS
    )
    year = f"{FIRST_DAY}_{LAST_DAY}"
    for name, header, rows in (
        (f"completions_usage_{year}.csv", OPENAI_USAGE, _openai_usage(openai)),
        (f"cost_{year}.csv", OPENAI_COST, _openai_cost(openai, prices)),
        (f"claude_api_tokens_{year}.csv", ANTHROPIC_USAGE, _anthropic_usage(anthropic)),
        (f"claude_api_cost_{year}.csv.gz", ANTHROPIC_COST, _anthropic_cost(anthropic, prices)),
        (f"deepseek_{year}.csv", PLAIN, _plain(deepseek, prices)),
    ):
        _write(folder / name, header, rows)


def _write(path: Path, header: str, rows: Iterator[Sequence[object]]) -> None:
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(header.split(","))
    table.writerows(rows)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


# --- Use --------------------------------------------------------------------------------------------------------------


def _buckets(
    seller: str,
    random: np.random.Generator,
    monthly: Mapping[np.datetime64, float],
    part: tuple[float, tuple[float, float, float, float]],
    teams: Mapping[str, float],
    weights: Sequence[float],
) -> Iterator[Bucket]:
    """Every bucket of a seller, day by day."""
    share, tokens = part
    units = sum(weight * amount for weight, amount in zip(weights, tokens, strict=True))
    busy = {team: _busy(random, monthly, WEEKEND[team]) for team in teams}
    for day in _days():
        month = day.astype("datetime64[M]")
        for team, of_team in teams.items():
            mtok = monthly[month] * share * of_team * busy[team][day] / units
            amounts = _cached_less(month, [amount * mtok * 1e6 for amount in tokens])
            batch = BATCH_SHARE[team] if _weekday(day) == 0 and seller != "deepseek" else 0.0
            for sent, sent_as_batch in ((1.0 - batch, False), (batch, True)):
                if sent > 0 and day != SLEEPING:
                    yield Bucket(day, _model(seller, day), team, sent_as_batch, *(round(sent * a) for a in amounts))


def _busy(
    random: np.random.Generator, monthly: Mapping[np.datetime64, float], weekend: float
) -> dict[np.datetime64, float]:
    """Share of its month that each day has."""
    days = _days()
    raw = {
        day: (weekend if _weekday(day) >= 5 else 1.0) * float(np.exp(NOISE * random.standard_normal())) for day in days
    }
    raw[SLEEPING] = 0.0
    whole = {month: sum(raw[day] for day in days if day.astype("datetime64[M]") == month) for month in monthly}
    return {day: amount / whole[day.astype("datetime64[M]")] for day, amount in raw.items()}


def _cached_less(month: np.datetime64, amounts: Sequence[float]) -> tuple[float, float, float, float]:
    """Earlier months read less from the cache: the difference was uncached input."""
    uncached, read, written, output = amounts
    first, last = (day.astype("datetime64[M]") for day in (FIRST_DAY, LAST_DAY))
    kept = LEAST_CACHED + (1 - LEAST_CACHED) * ((month - first) / (last - first))
    return uncached + (1 - kept) * read, kept * read, written, output


def _days() -> list[np.datetime64]:
    return list(np.arange(FIRST_DAY, LAST_DAY + np.timedelta64(1, "D")))


def _weekday(day: np.datetime64) -> int:
    """0 is Monday; 1970-01-01 was a Thursday."""
    return int((day.astype(int) + 3) % 7)


def _model(seller: str, day: np.datetime64) -> str:
    return [model for since, model in MODELS[seller] if np.datetime64(since) <= day][-1]


# --- Prices -----------------------------------------------------------------------------------------------------------


def _prices(changes: Sequence[tuple[str, str, str, str, float]]) -> Prices:
    found: dict[tuple[str, str], list[tuple[np.datetime64, float]]] = {}
    for day, _, model, meter, price in changes:
        found.setdefault((model, meter), []).append((np.datetime64(day), price))
    return found


def _price(prices: Prices, bucket: Bucket, meter: str) -> float:
    """USD for a token, a batch at half."""
    model = bucket.model if (bucket.model, meter) in prices else bucket.model.rsplit("-", 3)[0]
    price = [price for since, price in prices[model, meter] if since <= bucket.day][-1]
    return price / 1e6 * (BATCH_FACTOR if bucket.batch else 1.0)


# --- OpenAI: its input tokens include what came from the cache; the bill is not split by project ----------------------


def _span(day: np.datetime64) -> tuple[object, ...]:
    after = day + np.timedelta64(1, "D")
    seconds = [int(each.astype("datetime64[s]").astype(int)) for each in (day, after)]
    return (*seconds, f"{day}T00:00:00+00:00", f"{after}T00:00:00+00:00")


def _openai_usage(buckets: Sequence[Bucket]) -> Iterator[Sequence[object]]:
    yield (*_span(SLEEPING), *[""] * (OPENAI_USAGE.count(",") - 3))
    for b in buckets:
        fresh = b.uncached + b.written  # this export does not tell what was written to the cache
        whole, read, made = (f"{amount}.0" for amount in (fresh + b.read, b.read, b.output))
        head = (*_span(b.day), f"proj_{b.team}", f"{b.requests}.0", "", "", b.model, str(b.batch).upper(), "default")
        yield (*head, whole, made, read, f"{fresh}.0", whole, made, read, *["0.0"] * 6)


def _openai_cost(buckets: Sequence[Bucket], prices: Prices) -> Iterator[Sequence[object]]:
    yield (*_span(SLEEPING), "", "usd", "", "", "org-larkspur", "Larkspur Software")
    for day in _days():
        items: dict[str, float] = {}
        for b in (bucket for bucket in buckets if bucket.day == day):
            for name, tokens, meter in (
                ("input", b.uncached + b.written, "uncached_input"),
                ("cached input", b.read, "cache_read"),
                ("output", b.output, "output"),
            ):
                item = f"{b.model}, {'batch ' if b.batch else ''}{name}"
                items[item] = items.get(item, 0.0) + tokens * _price(prices, b, meter)
            if b.searches:
                items["web search tool calls"] = items.get("web search tool calls", 0.0) + b.searches * SEARCH_PRICE
        for item, amount in items.items():
            yield (*_span(day), f"{amount:.2f}", "usd", item, "", "org-larkspur", "Larkspur Software")


# --- Anthropic: its input tokens are without the cache; a discount stands beside the list price -----------------------


def _anthropic_usage(buckets: Sequence[Bucket]) -> Iterator[Sequence[object]]:
    for b in buckets:
        hour = round(HOUR_SHARE * b.written)
        head = (b.day, b.model, f"larkspur-{b.team}", b.team, _sent(b), "≤ 200k")
        yield (*head, b.uncached, b.written - hour, hour, b.read, b.output, b.searches, "not_available", "")


def _sent(b: Bucket) -> str:
    return "batch" if b.batch else "standard"


def _anthropic_cost(buckets: Sequence[Bucket], prices: Prices) -> Iterator[Sequence[object]]:
    for b in buckets:
        head = (b.day, NAMES[b.model], b.team, f"larkspur-{b.team}", _sent(b), "≤ 200k")
        hour = round(HOUR_SHARE * b.written)
        charge = 2 * _price(prices, b, "uncached_input")  # of a write that is kept an hour
        for kind, listed in (
            ("input_no_cache", b.uncached * _price(prices, b, "uncached_input")),
            ("input_cache_write_5m", (b.written - hour) * _price(prices, b, "cache_write")),
            ("input_cache_write_1h", hour * charge),
            ("input_cache_read", b.read * _price(prices, b, "cache_read")),
            ("output", b.output * _price(prices, b, "output")),
        ):
            paid = listed * (1 - DISCOUNT[1]) if b.day >= DISCOUNT[0] else listed
            yield (*head, kind, f"{paid:.2f}", f"{listed:.2f}", "token", "not_available", "")
        if b.searches:
            fee = f"{b.searches * SEARCH_PRICE:.2f}"
            yield (*head[:5], "", "", fee, fee, "web_search", "not_available", "")


# --- DeepSeek: a plain table, use and bill in one row -----------------------------------------------------------------


def _plain(buckets: Sequence[Bucket], prices: Prices) -> Iterator[Sequence[object]]:
    for b in buckets:
        amounts = (("uncached_input", b.uncached), ("cache_read", b.read), ("output", b.output))
        cost = sum(tokens * _price(prices, b, meter) for meter, tokens in amounts)
        yield (b.day, "deepseek", b.model, b.team, b.uncached, b.read, b.output, f"{cost:.2f}")
