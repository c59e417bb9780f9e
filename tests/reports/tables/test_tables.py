"""Tables hold the report's numbers with their units; totals are sums of what is shown."""

from __future__ import annotations

import pytest

from hedgedesk.domain.errors import Fault
from hedgedesk.reports import tables
from hedgedesk.reports.tables import plan as plan_tables
from hedgedesk.reports.tables.table import Cover


def column(table, key):
    return [row[key] for row in table.rows]


def test_a_trade_says_side_lots_volume_and_money_with_units(run):
    table = plan_tables.plan_table(run)
    first, second = table.rows[:2]
    assert [first[k].text for k in ("contract", "side", "lots", "held")] == ["Dec 2026", "Sell", "−20", "+120"]
    assert second["side"].text == "Buy"
    assert second["mtok"].value == 124 * 100
    assert second["notional"].value == pytest.approx(124 * 100 * run.plan.price_per_mtok[1])
    titles = [c.title for c in table.columns]
    assert "Notional, CNY" in titles
    assert "Volume, M\u00a0STU" in titles


def test_the_total_is_the_sum_of_the_rows(run):
    table = plan_tables.plan_table(run)
    for key in ("lots", "held", "mtok", "notional", "margin", "cost"):
        assert table.total[key].value == pytest.approx(sum(cell.value for cell in column(table, key)))
    assert table.total["lots"].text == "+2,884"


def test_the_cover_of_a_trade_is_that_of_its_delivery_month(run):
    cells = column(plan_tables.plan_table(run), "cover")
    assert [cell.value for cell in cells] == pytest.approx(run.report.months.coverage[:12].tolist())


@pytest.mark.parametrize(
    ("cover", "state", "words"),
    [
        (Cover(0.55, 0.5, 0.75), "in", "in band"),
        (Cover(0.31, 0.5, 0.75), "under", "▼ under 19\u00a0pp"),
        (Cover(0.77, 0.5, 0.75), "over", "▲ over 2\u00a0pp"),
        (Cover(0.49999, 0.5, 0.75), "in", "in band"),
        (Cover(0.31, None, None), "none", "no band"),
    ],
)
def test_cover_is_told_in_words_and_not_by_colour_alone(cover, state, words):
    assert (cover.state, cover.words) == (state, words)


def test_months_show_raw_tokens_beside_the_contracts_unit(run):
    row = tables.months_table(run).rows[0]
    assert row["raw"].value == pytest.approx(run.report.months.raw_forecast_mtok[0])
    assert row["forecast"].value == pytest.approx(run.report.months.forecast_mtok[0])
    assert tables.months_table(run).rows[20]["state"].text == "no contract"
    assert "M\u00a0STU" in tables.months_unit(run)


def test_limits_show_every_rule_once_at_its_tightest_place(run):
    rows = plan_tables.limits_table(run.plan).rows
    told = {row["rule"].text: (row["where"].text, row["used"].text, row["state"].text) for row in rows}
    assert told["Least cover"] == ("2 places", "25,000, least 25,000 Mtok", "binds")
    assert told["Most cover"] == ("Dec 2026", "36,000 of 43,000 Mtok", "inside")
    assert told["Credit line"] == ("whole plan", "419,950 of 420,000 CNY", "binds")
    assert told["No short position"] == ("every contract", "kept", "inside")


def test_a_rule_without_words_of_its_own_still_has_a_name():
    assert plan_tables.rule_title("some_new_rule") == "some new rule"


def test_stresses_put_losses_of_the_hedge_in_brackets(run):
    row = tables.stress_table(run.report).rows[0]
    assert (row["gain"].text, row["gain"].tone) == ("(3.10)", "breach")
    assert row["total"].text == "5.80"


def test_parameters_come_with_their_errors_and_an_unknown_error_is_a_dash(run):
    rows = {row["name"].text: row for row in tables.parameters_table(run.model).rows}
    assert (rows["kappa"]["value"].text, rows["kappa"]["error"].text) == ("1.49", "0.03")
    assert rows["mu_xi"]["error"].text == "–"


def test_faults_are_listed_where_they_stand():
    table = tables.faults_table([Fault("a.csv", 3, "mtok", "x", "a number"), Fault("b.csv", None, None, "", "rows")])
    assert [row["row"].text for row in table.rows] == ["3", ""]
    assert table.rows[0]["expected"].text == "a number"
