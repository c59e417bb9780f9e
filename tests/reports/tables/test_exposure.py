"""What is open as tables, in all three units."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.reports.tables import exposure as tables
from hedgedesk.reports.tables import exposure_twins as twins


def column(table, key):
    return np.array([row[key].value for row in table.rows])


def titles(table):
    return [column.title for column in table.columns]


def test_the_months_hold_the_forecast_its_range_and_what_is_open_in_three_units(run):
    table, m = tables.months_table(run), run.report.months
    assert column(table, "tokens") == pytest.approx(m.raw_open_mtok)
    assert column(table, "standard") == pytest.approx(m.open_mtok)
    assert column(table, "money") == pytest.approx(m.open_value)
    assert titles(table)[7:10] == ["Open, Mtok", "Open, M\u00a0STU", "Open, CNY"]
    assert table.total["money"].value == pytest.approx(m.open_value.sum())


def test_the_range_of_a_month_is_of_a_lognormal_volume_whose_mean_is_the_forecast(run):
    table, m = tables.months_table(run), run.report.months
    drawn = np.exp(np.random.default_rng(5).standard_normal(400_000) * np.sqrt(np.log1p(0.01)))
    drawn *= m.forecast_mtok[0] / np.sqrt(1.01)
    low, high = np.quantile(drawn, [0.1, 0.9])
    assert drawn.mean() == pytest.approx(m.forecast_mtok[0], rel=1e-3)
    assert (table.rows[0]["p10"].value, table.rows[0]["p90"].value) == pytest.approx((low, high), rel=2e-3)


def test_a_month_says_how_it_stands_to_its_band(run):
    table = tables.months_table(run)
    assert table.rows[-1]["state"].text == "no contract"
    assert table.rows[0]["cover"].cover.low == pytest.approx(0.46)


def test_lines_are_sorted_by_what_is_open_and_their_shares_add_up(run):
    table = tables.lines_table(run)
    assert list(column(table, "standard")) == sorted(column(table, "standard"), reverse=True)
    assert column(table, "share").sum() == pytest.approx(1.0)
    assert column(table, "money").sum() == pytest.approx(run.report.months.open_value.sum())
    assert table.rows[0]["meter"].text == "Uncached input"
    assert table.rows[1]["weight"].text == "4.21"


def test_a_line_with_a_fixed_price_says_in_which_months_and_for_how_much_of_them(run):
    fixed = np.zeros_like(run.exposure.fixed_mtok)
    fixed[2:5, 1] = run.exposure.forecast_mtok[2:5, 1] * 1.25
    bought = dataclasses.replace(run, exposure=dataclasses.replace(run.exposure, fixed_mtok=fixed))
    rows = {row["meter"].value: row for row in tables.lines_table(bought).rows}
    assert rows["output"]["months"].text == "Feb – Apr 2027"
    assert (rows["output"]["of_forecast"].text, rows["output"]["of_forecast"].tone) == ("125%", "over")
    assert rows["uncached_input"]["months"].text == ""


def test_the_unit_line_says_what_is_committed_in_its_own_currency(run):
    assert tables.lines_unit(run) == (
        "sum of Dec 2026 – Nov 2028, the largest first · fixed price: 960.0\u00a0CNY\u00a0k committed"
    )
    free = dataclasses.replace(run.exposure, commitment_currency="", committed_cost=np.zeros(24))
    assert tables.lines_unit(dataclasses.replace(run, exposure=free)).endswith("nothing is committed")


def test_without_commitments_there_are_no_columns_for_them(run, edges):
    free = dataclasses.replace(run.exposure, fixed_mtok=run.exposure.fixed_mtok * 0.0)
    assert not {"Fixed in", "Fixed of forecast"} & set(
        titles(tables.lines_table(dataclasses.replace(run, exposure=free)))
    )
    assert {"Fixed in", "Fixed of forecast"} <= set(titles(tables.lines_table(run)))


def test_a_contract_in_raw_tokens_shows_them_once(run):
    raw = dataclasses.replace(run, fan=dataclasses.replace(run.fan, unit="tokens"))
    assert len(set(titles(tables.months_table(raw)))) == len(titles(tables.months_table(raw))) == 11
    assert "Weight" not in titles(tables.lines_table(raw))


def test_a_record_without_values_leaves_money_out_and_does_not_call_it_nothing(run, edges):
    old = edges.before_quantiles(run)
    table = tables.months_table(old)
    assert table.rows[0]["money"].text == "–"
    assert "money" not in table.total


def test_the_twin_of_the_stack_adds_up_to_the_forecast(run):
    table = twins.open_by_month(run)
    whole = sum(column(table, f"{part}_tokens") for part in twins.PARTS)
    assert whole == pytest.approx(run.report.months.raw_forecast_mtok)
    assert "fixed_money" not in table.rows[0]
    assert titles(table)[1] == "Fixed price, Mtok"


def test_the_twin_of_the_heat_map_has_a_row_a_model_and_month(run):
    table = twins.open_by_model(run)
    assert len(table.rows) == 24
    assert column(table, "money").sum() == pytest.approx(run.report.months.open_value.sum())


def test_edges_have_tables(run, edges):
    for case in (edges.of_months(run, 1), edges.of_months(run, 60), edges.nothing_open(run)):
        count = case.report.months.months.size
        assert len(tables.months_table(case).rows) == count
        assert len(twins.open_by_month(case).rows) == count
    closed = tables.lines_table(edges.nothing_open(run))
    assert {row["share"].text for row in closed.rows} == {"0.0%"}
    assert len(tables.months_table(edges.without_contracts(run)).rows) == 24
