"""The sample desk is what make.py builds, and what its README says."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import io
import runpy
import tomllib
from pathlib import Path

import numpy as np
import pytest

from hedgedesk import pipeline
from hedgedesk.desk.indices import make_index
from hedgedesk.domain.changes import Changes
from hedgedesk.domain.market import ListPrices
from hedgedesk.exposure.reconciliation.reconcile import reconcile
from hedgedesk.files import read_desk, read_market
from hedgedesk.files.price_books import default_book
from hedgedesk.files.usage import read_usage
from hedgedesk.index import list_price_panel, matched_index

SAMPLE = Path(__file__).resolve().parents[1] / "sample_data"


@pytest.fixture
def model_prices():
    """The library whose prices the sample rests on: all of them, and of batches."""
    return pytest.importorskip("model_prices", reason="the optional library model-prices is not installed")


KINDS = {".csv", ".toml", ".gz"}


def content(path: Path) -> bytes:
    """Of a compressed file what is in it: zlib packs differently from version to version."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(SAMPLE / name).decode(), newline="")))


def exports(part: str) -> list[dict[str, str]]:
    (name,) = (path.name for path in (SAMPLE / "usage").iterdir() if path.name.startswith(part))
    return rows(f"usage/{name}")


def test_the_script_builds_every_file_again_byte_for_byte(tmp_path, model_prices):
    runpy.run_path(str(SAMPLE / "make.py"))["build"](tmp_path)
    built = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(SAMPLE) for path in SAMPLE.rglob("*") if path.suffix in KINDS}
    assert built == kept
    assert [str(name) for name in sorted(built) if content(tmp_path / name) != content(SAMPLE / name)] == []


def test_the_index_follows_from_the_list_prices_beside_it():
    listed = rows("market/list_prices.csv")
    prices = ListPrices(
        "USD",
        np.array([row["effective_date"] for row in listed], dtype="M8[D]"),
        *(tuple(row[name] for row in listed) for name in ("provider", "model", "meter")),
        np.array([float(row["price_usd_per_mtok"]) for row in listed]),
    )
    published = rows("market/index.csv")
    dates = np.array([row["date"] for row in published], dtype="M8[D]")
    index = matched_index(list_price_panel(prices, dates), base=float(published[0]["price_cny_per_mtok"]))
    # Four decimals are written.
    assert index.level == pytest.approx([float(row["price_cny_per_mtok"]) for row in published], abs=5e-5)
    assert index.matched.min() > 0
    assert np.count_nonzero(index.changed) == 8


def test_no_list_price_stands_before_the_package_knows_it():
    listed = rows("market/list_prices.csv")
    assert min(row["effective_date"] for row in listed) >= "2025-06-01"
    assert max(row["effective_date"] for row in listed) <= "2026-10-23"


def test_the_futures_history_can_identify_two_factors():
    quotes = rows("market/futures.csv")
    dates = sorted({row["as_of"] for row in quotes})
    newest = [row["delivery_month"] for row in quotes if row["as_of"] == dates[-1]]
    assert len(dates) >= 130
    assert set(np.diff(np.array(dates, dtype="M8[D]")).astype(int)) == {7}
    assert len(newest) == 12
    assert dates[-1] == rows("market/index.csv")[-1]["date"]


def test_the_newest_contracts_reach_the_last_month_of_the_forecast():
    months = sorted({row["month"] for row in rows("consumption.csv")})
    assert len(months) == 24
    assert (months[0], months[-1]) == ("2026-11", "2028-10")
    assert max(row["delivery_month"] for row in rows("market/futures.csv")) == "2028-10"


def test_every_model_that_is_used_has_a_list_price():
    listed = {(row["model"], row["meter"]) for row in rows("market/list_prices.csv")}
    assert {(row["model"], row["meter"]) for row in rows("consumption.csv")} <= listed
    assert {(row["model"], row["meter"]) for row in rows("commitments.csv")} <= {
        (row["model"], row["meter"]) for row in rows("consumption.csv")
    }


def test_held_lots_were_bought_at_that_days_settlement():
    settled = {(q["as_of"], q["delivery_month"]): q["settlement_cny_per_mtok"] for q in rows("market/futures.csv")}
    for trade in rows("book.csv"):
        assert settled[trade["trade_date"], trade["contract"]] == trade["price_cny_per_mtok"]


def test_the_contract_is_not_listed_and_says_so():
    terms = tomllib.loads((SAMPLE / "market/contract.toml").read_text(encoding="utf-8"))
    assert terms["status"] == "not_listed"
    assert terms["currency"] == "CNY"


def test_the_readme_names_every_file_and_the_source():
    text = (SAMPLE / "README.md").read_text(encoding="utf-8")
    for path in SAMPLE.rglob("*"):
        if path.suffix in {*KINDS, ".py"}:
            assert path.relative_to(SAMPLE).as_posix() in text
    assert "MIT" in text
    assert "hypothetical" in text


def test_the_files_stay_small():
    assert (SAMPLE / "market/futures.csv").stat().st_size < 150_000
    assert (SAMPLE / "market/list_prices.csv").stat().st_size < 120_000
    assert sum(path.stat().st_size for path in (SAMPLE / "usage").iterdir()) < 600_000


def test_openais_cached_tokens_are_part_of_its_input_tokens_and_an_empty_day_has_only_its_time():
    first, *filled = exports("completions_usage")
    assert {name for name, value in first.items() if value} == {
        "start_time",
        "end_time",
        "start_time_iso",
        "end_time_iso",
    }
    for row in filled:
        whole, read, fresh = (float(row[f"input_{part}"]) for part in ("tokens", "cached_tokens", "uncached_tokens"))
        assert whole == read + fresh > read > 0


def test_the_exports_cover_every_day_of_the_year_so_far_and_both_ways_of_sending():
    for part, column, sent in (
        ("completions_usage", "start_time_iso", "batch"),
        ("claude_api_tokens", "usage_date_utc", "usage_type"),
    ):
        found = exports(part)
        days = {row[column][:10] for row in found}
        assert len(days) in (303, 304)
        assert max(days) == "2026-10-31"
        assert len({row[sent] for row in found} - {""}) == 2


def test_anthropics_bill_is_its_list_price_less_a_discount_since_july():
    bill = [row for row in exports("claude_api_cost") if row["cost_type"] == "token"]
    for since, until, kept in (("2026-01-01", "2026-07-01", 1.0), ("2026-07-01", "2026-12-31", 0.96)):
        of_time = [row for row in bill if since <= row["usage_date_utc"] < until]
        paid, listed = (sum(float(row[f"{name}_usd"]) for row in of_time) for name in ("cost", "list_price"))
        assert paid / listed == pytest.approx(kept, abs=1e-5)


def test_openais_bill_is_its_use_at_list_prices_and_its_web_searches():
    october = [row for row in exports("cost_") if row["start_time_iso"] >= "2026-10-01"]
    billed = {
        item: sum(float(row["amount_value"]) for row in october if row["line_item"] == f"gpt-6.1-sol, {item}")
        for item in ("input", "cached input", "output")
    }
    used = [row for row in exports("completions_usage") if row["start_time_iso"] >= "2026-10-01"]
    standard = [row for row in used if row["batch"] == "FALSE"]
    for item, column, price in (
        ("input", "input_uncached_tokens", 2.0),
        ("cached input", "input_cached_tokens", 0.1),
        ("output", "output_tokens", 10.0),
    ):
        assert billed[item] == pytest.approx(sum(float(row[column]) for row in standard) * price / 1e6, abs=0.2)
    assert sum(float(row["amount_value"]) for row in october if row["line_item"] == "web search tool calls") > 0


def test_the_use_of_october_leads_to_the_forecast_of_november():
    weights = {"uncached_input": 1.0, "cache_read": 0.2, "cache_write": 1.0, "output": 4.21}
    november = sum(
        float(row["mtok"]) * weights[row["meter"]]
        for row in rows("consumption.csv")
        if row["month"] == "2026-11" and row["model"] == "claude-sonnet-5-5"
    )
    columns = {"no_cache": 1.0, "cache_write_5m": 1.0, "cache_write_1h": 1.0, "cache_read": 0.2}
    october = sum(
        sum(float(row[f"usage_input_tokens_{name}"]) * weight for name, weight in columns.items())
        + 4.21 * float(row["usage_output_tokens"])
        for row in exports("claude_api_tokens")
        if row["usage_date_utc"] >= "2026-10-01"
    )
    assert november * 1e6 / october == pytest.approx(1.03, abs=1e-3)


def test_every_model_that_was_used_or_scored_has_list_prices():
    listed = {row["model"] for row in rows("market/list_prices.csv")}
    used = {row["model"].removesuffix("-2025-12-11") for row in exports("completions_usage")} - {""}
    used |= {row["model_version"] for row in exports("claude_api_tokens")}
    used |= {row["model"] for row in exports("deepseek")}
    assert used | {row["model"] for row in rows("market/scores.csv")} <= listed


def test_the_volume_can_grow_by_half_while_the_credit_line_and_bands_still_bind():
    inputs = read_desk(SAMPLE)
    run = pipeline.run(dataclasses.replace(inputs, settings=dataclasses.replace(inputs.settings, scenarios=2_000)))
    assert {"credit_line", "band_max"} <= {use.rule for use in run.plan.limits if use.binds}
    assert pipeline.replan(run, run.scenarios, Changes(volume=0.5)).plan.lots.sum() > 0


@pytest.mark.parametrize("method", ["matched_list", "quality_constant", "realised"])
def test_every_method_makes_an_index_of_the_sample_though_its_models_change(method):
    made = make_index(SAMPLE, {"method": method})
    assert not made.failed
    assert {line.rule for line in made.audit}.isdisjoint({"minimum_sample", "index_failure"})
    assert made.values[-1] < made.values[0]


def test_billed_and_priced_meet_but_for_searches_a_discount_and_cents(model_prices):
    prices = read_market(SAMPLE / "market").list_prices
    measured = read_usage(sorted((SAMPLE / "usage").iterdir()), book=default_book(prices))
    assert (measured.faults, [file.vendor for file in measured.files if not file.vendor]) == ((), [])
    found = reconcile(measured.usage, currency="USD", cny_per_usd=7.0)
    told = {cause for cause, amount in found.causes.items() if abs(amount) > 0.1}
    assert found.reconciled
    assert told == {"discount", "non_token", "rounding"}
    assert found.causes["discount"] == pytest.approx(-0.04 / 0.96 * discounted_bill(), rel=1e-3)


def discounted_bill() -> float:
    bill = (row for row in exports("claude_api_cost") if row["cost_type"] == "token")
    return sum(float(row["cost_usd"]) for row in bill if row["usage_date_utc"] >= "2026-07-01")
