"""A forecast from usage as edits of the forecast's cells: its own lines replaced, all others left alone."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from hedgedesk.desk import Desk, sample
from hedgedesk.domain.draft import RawTable
from hedgedesk.domain.study import VolumeForecast
from hedgedesk.files.draft.adopting import edits_of
from hedgedesk.files.raw import Sheet, edit_sheet

HEADER = ("month", "model", "meter", "mtok")
ROWS = (
    ("2026-11", "GPT 5", "output", "1"),
    ("2026-11", "other", "output", "2"),
    ("2026-12", "GPT 5", "output", "3"),
    ("2027-06", "GPT 5", "output", "4"),
)


def forecast(mtok=(10.0, 20.0), spread=(0.1, 0.25), model="gpt-5", meter="output", team=""):
    months = np.array(["2026-11", "2026-12"], dtype="datetime64[M]")
    values = np.array(mtok)
    return VolumeForecast(
        model, meter, team, months, values, values, values, np.array(spread), "mean day", 0.1, 0.1, origins=1
    )


def adopted(header, rows, *forecasts):
    """The table after the edits, without the header, and the header."""
    table = RawTable("consumption.csv", tuple(header), tuple(range(2, len(rows) + 2)), tuple(rows))
    sheet = Sheet(list(header), lines=list(table.lines), rows=[list(row) for row in rows])
    edit_sheet(sheet, edits_of(table, forecasts))
    return sheet.header, [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]


def test_lines_of_the_same_model_and_month_are_replaced_and_others_stay():
    header, rows = adopted(HEADER, ROWS, forecast())
    assert header == ["month", "model", "meter", "mtok", "team", "spread"]
    assert [(row["month"], row["model"], row["mtok"]) for row in rows] == [
        ("2026-11", "other", "2"),
        ("2027-06", "GPT 5", "4"),
        ("2026-11", "GPT 5", "10"),
        ("2026-12", "GPT 5", "20"),
    ]


def test_new_lines_say_how_far_they_may_be_off_and_whose_they_are():
    _, rows = adopted(HEADER, ROWS, forecast(team="search"), forecast(spread=(float("nan"), 9.0), model="new"))
    told = [(row["model"], row["team"], row["spread"]) for row in rows if row["mtok"] in ("10", "20")]
    assert told == [("GPT 5", "search", "0.1"), ("GPT 5", "search", "0.25"), ("new", "", ""), ("new", "", "5")]


def test_further_columns_are_taken_from_the_lines_before():
    header = (*HEADER, "Beta", "index")
    rows = [(*ROWS[0], "0.8", "A"), ("2026-11", "gpt-5", "uncached_input", "1", "0.7", "B")]
    _, found = adopted(header, rows, forecast(meter="uncached_input"), forecast(meter="cache_read"))
    assert [(row["meter"], row["Beta"], row["index"]) for row in found][:3] == [
        ("uncached_input", "0.7", "B"),
        ("uncached_input", "0.7", "B"),
        ("cache_read", "0.8", "A"),
    ]


def test_an_empty_table_takes_the_forecast_as_it_is():
    _, rows = adopted(HEADER, (), forecast())
    assert [row["model"] for row in rows] == ["gpt-5", "gpt-5"]


@pytest.fixture
def drafts(tmp_path):
    desk = Desk(data=tmp_path / "data")
    yield desk.drafts
    desk.close()


def test_a_forecast_with_decimal_commas_is_read_and_written_with_them(drafts, tmp_path):
    text = "month;model;meter;mtok;team;spread\n2026-11;GPT 5;output;7,5;a;0,1\n2026-11;GPT 5;output;2,5;b;0,1\n"
    shutil.copytree(sample(), tmp_path / "desk")
    (tmp_path / "desk" / "consumption.csv").write_text(text, encoding="utf-8")
    draft = drafts.copy_of(tmp_path / "desk", "Commas")
    drafts.take_forecast(draft, [forecast(mtok=(12.345, 20.0), team="strange")], keep_teams=True)
    rows = drafts.table(draft, "consumption.csv").rows
    assert [row[3:] for row in rows if row[0] == "2026-11"] == [("9,25875", "a", "0,1"), ("3,08625", "b", "0,1")]
