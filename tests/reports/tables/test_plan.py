"""Trades in both currencies, and limits that say what binds."""

from __future__ import annotations

import dataclasses

import pytest

from hedgedesk.reports.tables import plan as plan_tables


def foreign(run, rate):
    program = dataclasses.replace(run.plan.program, currency="USD")
    return dataclasses.replace(run, plan=dataclasses.replace(run.plan, program=program, rate_today=rate))


def keys(table):
    return [column.key for column in table.columns]


def test_a_notional_in_another_currency_is_shown_in_the_programmes_too(run):
    table = plan_tables.plan_table(foreign(run, 0.14))
    assert keys(table)[5:8] == ["notional", "notional_own", "margin"]
    titles = {column.key: column.title for column in table.columns}
    assert (titles["notional"], titles["notional_own"]) == ("Notional, CNY", "Notional, USD")
    for row in (*table.rows, table.total):
        assert row["notional_own"].value == pytest.approx(0.14 * row["notional"].value)


def test_one_currency_has_one_notional(run):
    assert "notional_own" not in keys(plan_tables.plan_table(run))


def test_a_record_without_todays_rate_shows_the_contracts_currency_alone(run):
    assert "notional_own" not in keys(plan_tables.plan_table(foreign(run, None)))


def test_a_rule_that_binds_in_two_places_is_told_once_with_their_count(run):
    rows = {row["rule"].value or row["rule"].text: row for row in plan_tables.limits_table(run.plan).rows}
    assert rows["band_min"]["where"].text == "2 places"
    assert rows["band_min"]["state"].text == "binds"
    assert rows["band_max"]["state"].text == "inside"
