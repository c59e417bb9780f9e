"""Every chart has a table that says the same."""

from __future__ import annotations

from hedgedesk.reports.tables import twins


def texts(table, key):
    return [row[key].text for row in table.rows]


def test_the_distribution_has_a_row_a_bin(run):
    table = twins.cost_distribution(run.report)
    assert len(table.rows) == run.report.distribution.hedged.size
    assert table.columns[0].title == "From, CNY\u00a0m"
    assert table.rows[0]["from"].text == "5.00"
    assert texts(table, "to")[:-1] == texts(table, "from")[1:]


def test_the_fan_has_a_row_a_month_and_the_curve_where_a_contract_delivers(run):
    table = twins.price_fan(run.fan)
    assert texts(table, "month")[:2] == ["Dec 2026", "Jan 2027"]
    assert texts(table, "curve")[:2] == ["9.70", "9.64"]
    assert texts(table, "curve")[12:] == [""] * 12
    assert [c.title for c in table.columns][1:8] == ["5%", "15%", "25%", "50%", "75%", "85%", "95%"]


def test_cover_has_a_row_a_month_with_its_band_in_words(run):
    rows = twins.cover_by_month(run.report).rows
    assert [rows[0][k].text for k in ("fixed", "cover", "low", "high", "state")] == [
        "20%",
        "37%",
        "46%",
        "62%",
        "▼ under 9\u00a0pp",
    ]
    assert rows[23]["state"].text == "no contract"
