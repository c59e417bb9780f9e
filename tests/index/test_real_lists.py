"""The matched list on real price lists: beside an independent slow reading, and beside the published series."""

from __future__ import annotations

import dataclasses
import itertools
import re

import numpy as np
import pandas as pd
import pytest

from hedgedesk.domain.market import ListPrices
from hedgedesk.domain.price_index import IndexSettings, IndexStudy
from hedgedesk.index import study

METERS = {"input": "uncached_input", "output": "output", "cached_input": "cache_read", "cache_write": "cache_write"}
US_EU = ("openai", "anthropic", "google", "xai", "mistral")
CN = (
    *("deepseek", "alibaba", "moonshotai", "zai", "minimax", "xiaomi"),
    *("stepfun", "tencent", "byteplus", "longcat", "bailing"),
)
MOVES_ELSEWHERE = {
    ("2024-06-30", "us_eu"): -0.065,
    ("2025-03-31", "us_eu"): -0.025,
    ("2025-06-30", "us_eu"): 0.005,
    ("2026-05-31", "us_eu"): -0.008,
    ("2026-06-30", "cn"): -0.014,
}
"""Where the publisher's families moved otherwise than these rows' by more than 0.2% of the index, in logarithms."""
CORRECTIONS = (
    "google/gemini-1.5-pro 2024-06-17",
    "google/gemini-1.5-pro 2024-07-18",
    "google/gemini-2.5-flash-preview-09-2025 2025-10-15",
    "mistral/mistral-tiny 2024-06-06",
    "alibaba/qwen3-32b 2026-01-16",
    "alibaba/qwen-vl-ocr 2026-02-10",
    "alibaba/qwen3.7-plus 2026-06-03",
    "alibaba/qwen3.7-plus 2026-06-10",
    "openai/o1-mini 2025-06-11",
)
"""Of the data's README, those up to 2026-06."""
JOINED = np.datetime64("2025-06-30")
"""The published series changes from the one price list to the other here."""


@pytest.fixture(scope="module")
def lists(reference_data) -> dict[str, pd.DataFrame]:
    """Both histories of list prices; the mirror's models without the seller that some names begin with."""
    folder = reference_data / "token_prices"
    catalogue = pd.read_csv(folder / "list_price_changes_modelsdev.csv").rename(columns={"effective_date": "date"})
    mirror = pd.read_csv(folder / "list_price_changes_litellm_mirror.csv").rename(columns={"observed_date": "date"})
    mirror = mirror.assign(mode="standard", model=mirror.model.str.rpartition("/")[2])
    return {"catalogue": catalogue, "mirror": mirror}


def as_list(rows: pd.DataFrame) -> ListPrices:
    return ListPrices(
        "USD",
        rows.date.to_numpy("M8[D]"),
        tuple(rows.provider),
        tuple(rows.model),
        tuple(rows.direction.map(METERS)),
        rows.price_usd_per_mtok.to_numpy(float),
        tuple(rows["mode"]),
    )


# --- An independent reading: plain, slow, and with nothing of the package in it ---------------------------------------


def plain_reading(rows: pd.DataFrame, average: str, dates: pd.DatetimeIndex) -> list[float]:
    """Levels of the matched list on ``dates``, base 100."""
    words = ("latest", "-exp", "omni", "audio", "image", "tts", "embed", "rerank", "realtime")
    rows = rows[rows["mode"].eq("standard") & rows.direction.isin(["input", "output"])]
    rows = rows[~rows.provider.isin(["azure", "google-vertex", "openrouter", "together", "fireworks"])]
    rows = rows[~rows.model.map(lambda name: any(word in name for word in words))]
    rows = rows.assign(date=pd.to_datetime(rows.date))
    prices: dict[tuple[str, str], pd.Series] = {}
    first: dict[tuple[str, str], pd.Timestamp] = {}
    for (provider, model), of_model in rows.groupby(["provider", "model"]):
        sides = {side: part.groupby("date").price_usd_per_mtok.last() for side, part in of_model.groupby("direction")}
        if len(sides) < 2:
            continue
        paid, made = (sides[side].reindex(dates, method="ffill") for side in ("input", "output"))
        prices[provider, model] = 0.75 * paid + 0.25 * made
        family = provider, family_name(model)
        start = max(side.index.min() for side in sides.values())
        first[family] = min(first.get(family, start), start)
    levels = [100.0]
    for before, now in itertools.pairwise(dates):
        relatives: dict[tuple[str, str], list[float]] = {}
        for (provider, model), price in prices.items():
            family = provider, family_name(model)
            if (now - first[family]).days <= 540 and price[before] > 0 and price[now] > 0:
                relatives.setdefault(family, []).append(np.log(price[now] / price[before]))
        families = {family: sum(moves) / len(moves) for family, moves in relatives.items()}
        levels.append(levels[-1] * np.exp(mean_move(families, average)))
    return levels


def mean_move(families: dict[tuple[str, str], float], average: str) -> float:
    if not families:
        return 0.0
    if average == "family":
        return sum(families.values()) / len(families)
    by_provider: dict[str, list[float]] = {}
    for (provider, _), move in families.items():
        by_provider.setdefault(provider, []).append(move)
    return sum(sum(moves) / len(moves) for moves in by_provider.values()) / len(by_provider)


def family_name(model: str) -> str:
    """Without a snapshot's date at the end: 2024-08-06, 20240806, 0806, 08-2024 or 08-06."""
    for pattern in (r"-\d{4}-\d{2}-\d{2}$", r"-\d{8}$", r"-\d{2}-\d{4}$", r"-\d{2}-\d{2}$", r"-\d{4}$"):
        if re.search(pattern, model):
            return re.sub(pattern, "", model)
    return model


@pytest.mark.parametrize("frequency", ["month", "week"])
@pytest.mark.parametrize("average", ["provider", "family"])
@pytest.mark.parametrize("name", ["catalogue", "mirror"])
def test_the_matched_list_agrees_with_an_independent_reading(lists, name, average, frequency):
    settings = IndexSettings(average=average, frequency=frequency)
    made = study(settings, list_prices=as_list(lists[name]))
    read = np.array(plain_reading(lists[name], average, pd.DatetimeIndex(made.dates)))
    assert made.unscreened == pytest.approx(read, rel=1e-10)
    fired = {line.rule for line in made.audit} - {"large_move", "thin"}
    if not fired:
        assert made.values == pytest.approx(read, rel=1e-10)
    # One seller alone was listed in the first weeks of the catalogue, and then had most of the families.
    assert fired == ({"company_cap"} if (name, average, frequency) == ("catalogue", "family", "week") else set())


def test_the_index_knows_no_row_before_its_day(lists):
    rows = lists["catalogue"]
    whole = study(IndexSettings(frequency="month"), list_prices=as_list(rows))
    for t in (3, 6, 9):
        until = study(IndexSettings(frequency="month"), list_prices=as_list(rows[rows.date <= str(whole.dates[t])]))
        assert until.values[-1] == pytest.approx(whole.values[t], rel=1e-12)


# --- Beside the published series --------------------------------------------------------------------------------------


def rebuilt(lists: dict[str, pd.DataFrame], **settings: object) -> tuple[IndexStudy, IndexStudy]:
    chosen = IndexSettings(frequency="month", screens=False, **settings)
    return tuple(study(chosen, list_prices=as_list(lists[name])) for name in ("mirror", "catalogue"))


def level_at_the_end(studies: tuple[IndexStudy, IndexStudy]) -> float:
    """June 2026, base 100 = March 2024: the mirror up to JOINED, the catalogue from there."""
    early, late = studies
    joined = float(early.values[early.dates == JOINED][0])
    return joined * float(late.values[-1] / late.values[late.dates == JOINED][0])


def sums_by_group(studies: tuple[IndexStudy, IndexStudy]) -> dict[str, tuple[int, dict[str, float]]]:
    """By print: families compared, and the sum of their moves by the published groups of sellers."""
    found = {}
    for made, part in zip(studies, (lambda day: day <= JOINED, lambda day: day > JOINED), strict=True):
        for t in range(1, made.dates.size):
            if part(made.dates[t]):
                compared = np.flatnonzero(np.isfinite(made.moves[t]))
                sums = {"us_eu": 0.0, "cn": 0.0, "other": 0.0}
                for n in compared:
                    provider = made.constituents[n].partition("/")[0]
                    sums["us_eu" if provider in US_EU else "cn" if provider in CN else "other"] += made.moves[t, n]
                found[str(made.dates[t])] = compared.size, sums
    return found


def published_sums(row: pd.Series, before: pd.Series) -> dict[str, float]:
    """Sum of the moves behind a published print, by group: mean times count."""
    move = {
        group: row[f"matched_families_{group}"]
        * np.log(row[f"index_equal_family_{group}"] / before[f"index_equal_family_{group}"])
        for group in ("all", "us_eu", "cn")
    }
    return {"us_eu": move["us_eu"], "cn": move["cn"], "other": move["all"] - move["us_eu"] - move["cn"]}


def explained(lists: dict[str, pd.DataFrame], published: pd.DataFrame) -> pd.DataFrame:
    """The gap to the published equal-family index in logarithms, by date, group of sellers and rule.

    correction: a move of these rows that the publisher calls a correction; moves: what the publisher's families did
    and these rows' did not; spread: the same moves averaged over more families.
    """
    bare = sums_by_group(rebuilt(lists, average="family"))
    mended = sums_by_group(rebuilt(lists, average="family", not_compared=CORRECTIONS))
    before = pd.Series({name: 100.0 for name in published.columns if name.startswith("index_")})
    lines = []
    for _, row in published.iterrows():
        (bare_count, bare_sums), (count, sums) = bare[row.date], mended[row.date]
        theirs, families = published_sums(row, before), row.matched_families_all
        for group in ("us_eu", "cn", "other"):
            lines += [
                (row.date, group, "correction", sums[group] / count - bare_sums[group] / bare_count),
                (row.date, group, "moves", (theirs[group] - sums[group]) / families),
                (row.date, group, "spread", sums[group] / families - sums[group] / count),
            ]
        before = row
    return pd.DataFrame(lines, columns=["date", "group", "rule", "gap"])


@pytest.fixture(scope="module")
def published(reference_data) -> pd.DataFrame:
    return pd.read_csv(reference_data / "token_prices/token_index_matched_list_monthly.csv")


def test_beside_the_published_series_these_rows_fall_less(lists, published):
    last = published.iloc[-1]
    assert (last.index_equal_family_all, last.index_equal_provider_all) == (74.38, 65.66)
    assert level_at_the_end(rebuilt(lists, average="family")) == pytest.approx(84.08, abs=0.01)
    assert level_at_the_end(rebuilt(lists, average="provider")) == pytest.approx(82.17, abs=0.01)
    mended = {"not_compared": CORRECTIONS}
    assert level_at_the_end(rebuilt(lists, average="family", **mended)) == pytest.approx(81.20, abs=0.01)
    assert level_at_the_end(rebuilt(lists, average="provider", **mended)) == pytest.approx(73.77, abs=0.01)


def test_the_gap_to_the_published_series_is_explained_by_date_seller_and_rule(lists, published):
    lines = explained(lists, published)
    ours = level_at_the_end(rebuilt(lists, average="family"))
    assert lines.gap.sum() == pytest.approx(np.log(published.index_equal_family_all.iloc[-1] / ours), abs=1e-9)
    by_rule = lines.groupby("rule").gap.sum()
    assert by_rule.to_dict() == pytest.approx({"correction": -0.0349, "moves": -0.1049, "spread": 0.0172}, abs=2e-4)
    large = lines[(lines.rule == "moves") & (lines.gap.abs() > 0.002)]
    assert {(line.date, line.group): round(line.gap, 3) for line in large.itertuples()} == MOVES_ELSEWHERE


def test_where_the_publisher_saw_more_sellers_these_rows_have_none_of_them(lists, published):
    """Most of the gap is of two months in which European and US families moved that are in neither list of rows."""
    sellers = set(lists["mirror"].provider) | set(lists["catalogue"].provider)
    assert sellers.isdisjoint({"mistral", "xai", "minimax", "xiaomi", "stepfun"})
    mended = sums_by_group(rebuilt(lists, average="family", not_compared=CORRECTIONS))
    assert all(mended[row.date][0] <= row.matched_families_all for _, row in published.iterrows())


def test_a_correction_that_is_taken_for_news_lifts_the_index(lists):
    bare, mended = (
        dataclasses.replace(IndexSettings(frequency="month"), not_compared=moves) for moves in ((), CORRECTIONS)
    )
    prices = as_list(lists["mirror"])
    with_it, without = (study(settings, list_prices=prices) for settings in (bare, mended))
    t = int(np.flatnonzero(with_it.dates == np.datetime64("2024-07-31"))[0])
    assert with_it.values[t] > 1.1 * without.values[t]
    assert [line.date for line in without.audit if line.rule == "correction"] == [
        "2024-06-30",
        "2024-07-31",
        "2025-06-30",
    ]
