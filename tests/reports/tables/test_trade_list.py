"""The list for whoever trades: one row a trade, what is held still is not in it."""

from __future__ import annotations

import dataclasses

import numpy as np

from hedgedesk.reports.sheet import csv_bytes
from hedgedesk.reports.tables.trade_list import trade_list


def test_only_what_is_traded_is_listed(run):
    lots = run.plan.lots.copy()
    lots[2:] = 0.0
    plan = dataclasses.replace(run.plan, lots=lots)
    rows = trade_list(dataclasses.replace(run, plan=plan)).rows
    assert [row["contract"].value for row in rows] == ["2026-12", "2027-01"]
    assert [row["side"].text for row in rows] == ["Sell", "Buy"]


def test_other_instruments_follow_the_futures_with_what_they_cost(run, studies):
    *_, cap, batch = trade_list(studies.with_choices(run)).rows
    assert (cap["instrument"].text, cap["quantity"].value, cap["unit"].text) == ("winter cap", 12_000.0, "Mtok")
    assert (cap["side"].text, cap["premium"].value, cap["reason"].text) == (
        "Buy",
        4_800.0,
        "Lowers the tail of Feb 2027",
    )
    assert (batch["side"].text, batch["unit"].text) == ("Take up", "share")


def test_whoever_trades_reads_the_price_as_the_venue_quotes_it(run):
    spec = dataclasses.replace(run.plan.contracts[0].spec, price_per_point=0.01, tick=0.5)
    contracts = tuple(dataclasses.replace(contract, spec=spec) for contract in run.plan.contracts)
    rows = trade_list(dataclasses.replace(run, plan=dataclasses.replace(run.plan, contracts=contracts))).rows
    assert [row["quote"].value for row in rows] == [round(row["price"].value / 0.005) * 0.5 for row in rows]
    assert rows[0]["quote"].value > 50.0 * rows[0]["price"].value


def test_the_notional_is_lots_times_size_times_price(run):
    first = trade_list(run).rows[0]
    assert first["notional"].value == first["quantity"].value * 100.0 * first["price"].value


def test_a_list_without_trades_has_its_header(run):
    plan = dataclasses.replace(run.plan, lots=np.zeros(run.plan.lots.size))
    text = csv_bytes(trade_list(dataclasses.replace(run, plan=plan))).decode("utf-8-sig")
    assert text.startswith("Instrument,Kind,Contract,Last trading day,Side,Quantity,Unit,")
    assert len(text.splitlines()) == 1


def test_a_file_has_whole_numbers_and_iso_dates_and_no_formula(poisoned, studies):
    text = csv_bytes(trade_list(studies.with_choices(poisoned))).decode("utf-8-sig")
    assert ",2026-12,2026-12-21,Sell,-20," in text
    assert "'=cmd|" in text
    assert "\n=cmd|" not in text
