"""The sample desk is what make.py builds, and what its README says."""

from __future__ import annotations

import csv
import dataclasses
import runpy
import tomllib
from pathlib import Path

import numpy as np
import pytest

from hedgedesk import pipeline
from hedgedesk.domain.changes import Changes
from hedgedesk.domain.market import ListPrices
from hedgedesk.files import read_desk
from hedgedesk.index import list_price_panel, matched_index

SAMPLE = Path(__file__).resolve().parents[1] / "sample_data"


def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_script_builds_every_file_again_byte_for_byte(tmp_path):
    runpy.run_path(str(SAMPLE / "make.py"))["build"](tmp_path)
    built = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(SAMPLE) for path in SAMPLE.rglob("*") if path.suffix in {".csv", ".toml"}}
    assert built == kept
    assert [str(name) for name in sorted(built) if (tmp_path / name).read_bytes() != (SAMPLE / name).read_bytes()] == []


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
        if path.suffix in {".csv", ".toml", ".py"}:
            assert path.relative_to(SAMPLE).as_posix() in text
    assert "MIT" in text
    assert "hypothetical" in text


def test_the_files_stay_small():
    assert (SAMPLE / "market/futures.csv").stat().st_size < 150_000
    assert (SAMPLE / "market/list_prices.csv").stat().st_size < 120_000


def test_the_volume_can_grow_by_half_while_the_credit_line_and_bands_still_bind():
    inputs = read_desk(SAMPLE)
    run = pipeline.run(dataclasses.replace(inputs, settings=dataclasses.replace(inputs.settings, scenarios=2_000)))
    assert {"credit_line", "band_max"} <= {use.rule for use in run.plan.limits if use.binds}
    assert pipeline.replan(run, run.scenarios, Changes(volume=0.5)).plan.lots.sum() > 0
