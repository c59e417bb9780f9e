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


def test_more_room_is_told_in_money_at_the_place_where_it_saves_most(run, studies):
    table = plan_tables.limits_table(studies.with_choices(run).plan)
    rows = {row["rule"].value: row["saves"].text.replace("\u00a0", " ") for row in table.rows if row["rule"].value}
    assert rows["band_min"] == "1.20 CNY k per 1,000 Mtok, Jul 2027"
    assert rows["credit_line"] == "1.50 CNY k per CNY k"
    assert rows["band_max"] == "nothing"


def test_limits_of_a_record_without_values_have_no_column_for_them(run):
    assert "saves" not in keys(plan_tables.limits_table(run.plan))
    assert all(row["saves"].text == "–" for row in plan_tables.limits_in_full(run).rows)


def test_a_limit_of_an_instrument_names_it_with_its_month():
    assert plan_tables.place("winter cap 2027-02") == "winter cap Feb 2027"
    assert plan_tables.place("2027-02") == "Feb 2027"
    assert plan_tables.place("") == "whole plan"
