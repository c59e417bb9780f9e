"""Every commitment of a run by itself: what it costs, how much of the forecast it is, and whether that is too much."""

from __future__ import annotations

import dataclasses

import numpy as np

from hedgedesk.domain.commitments import Commitment
from hedgedesk.reports.tables.commitments import commitments_table

FIRST, LAST = np.datetime64("2026-12"), np.datetime64("2027-02")


def with_commitments(run, *items, fixed=0.1):
    use = run.exposure
    exposure = dataclasses.replace(use, commitments=items, fixed_mtok=use.forecast_mtok * fixed)
    return dataclasses.replace(run, exposure=exposure)


def deal(**parts):
    base = Commitment("deal", FIRST, LAST, "kimi-k2", "output", 400.0, 3.5, "CNY", "take_or_pay")
    return dataclasses.replace(base, **parts)


def test_a_commitment_tells_kind_months_volume_price_and_cost(run):
    (row,) = commitments_table(with_commitments(run, deal())).rows
    assert (row["kind"].text, row["months"].text) == ("Take or pay", "Dec 2026 – Feb 2027")
    assert (row["volume"].value, row["price"].value, row["cost"].value) == (400.0, 3.5, 4_200.0)
    assert row["used"].value == 1_200.0 / run.exposure.forecast_mtok[:3, 1].sum()
    assert row["state"].text == "within forecast"


def test_more_than_the_forecast_is_marked_with_its_months(run):
    (row,) = commitments_table(with_commitments(run, deal(), fixed=1.2)).rows
    assert (row["state"].text, row["state"].tone) == ("▲ over, 3 months", "over")


def test_the_one_that_ends_first_comes_first_and_one_outside_the_run_says_so(run):
    past = deal(name="old", first_month=np.datetime64("2025-01"), last_month=np.datetime64("2025-06"))
    rows = commitments_table(with_commitments(run, deal(), past)).rows
    assert [row["name"].text for row in rows] == ["old", "deal"]
    assert rows[0]["state"].text == "not in these months"


def test_no_commitment_and_a_record_without_them_are_told_apart(run):
    none = commitments_table(with_commitments(run, fixed=0.0)).rows[0]["name"].text
    old = commitments_table(with_commitments(run)).rows[0]["name"].text
    assert none == "Nothing is committed at a fixed price"
    assert "run the desk again" in old
