"""The tables of a usage study leave as files, say what is not known, and add up."""

from __future__ import annotations

import pytest

from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.sheet import sheet_bytes
from hedgedesk.reports.tables import usage, usage_shelf
from hedgedesk.reports.tables.fields import fields


@pytest.mark.parametrize("name", sorted(usage_shelf.TABLES))
def test_every_table_of_the_study_has_columns_with_unlike_titles_and_leaves_as_a_file(study, name):
    table = usage_shelf.table(name, study)
    assert table.rows
    titles = [field.title for field in fields(table)]
    assert len(titles) == len(set(titles))
    for suffix in ("csv", "xlsx"):
        assert sheet_bytes(table, suffix, usage_shelf.about(name, study, "Acme"), "")


def test_an_unknown_table_is_refused_with_the_names_there_are(study):
    with pytest.raises(HedgeDeskError, match=r"'nothing'.*formulas.*split"):
        usage_shelf.table("nothing", study)


def test_an_export_tells_vendor_days_tokens_money_and_repeated_rows(study):
    first, second, third = usage.files_table(study.files).rows
    assert (first["vendor"].text, first["days"].text) == ("OpenAI", "1 Jan 2026 – 31 Oct 2026")
    assert (first["mtok"].text, first["billed"].text, first["repeated"].text) == ("11,500.0", "no money", "12")
    assert (second["billed"].text, second["faults"].tone) == ("USD\u00a09,120.50", "breach")
    assert (second["unknown"].text, third["vendor"].text) == ("note", "not recognised")


def test_a_standard_error_that_nobody_can_tell_is_a_dash(study):
    known, unknown = usage.formulas_table(study).rows
    assert (known["beta"].text, known["beta_error"].text) == ("0.820", "0.050")
    assert unknown["beta_error"].text == "–"
    assert unknown["note"].text == "2 months, 3 needed"


def test_a_forecast_says_whether_it_beats_the_same_season_before(study):
    rows = {row["model"].text: row for row in usage.forecasts_table(study).rows}
    assert rows["gpt-5"]["state"].text == "better"
    assert rows["claude-sonnet-4-5"]["state"].text == "too short to test"


def test_the_twins_of_the_waterfalls_add_up(study):
    (ladder,) = usage.ladder_table(study.ladders).rows
    steps = ("index", "list_vs_index", "model_mix", "unit_ratio", "realised_vs_list")
    assert sum(ladder[step].value for step in steps) == pytest.approx(ladder["paid"].value)
    (split,) = usage.split_table(study.splits).rows
    parts = sum(split[name].value for name in study.splits[0].parts)
    assert split["before"].value + parts == pytest.approx(split["after"].value)


def test_the_history_is_told_in_one_line(study):
    assert usage.months_words(study) == "3 exports, Jan – Oct 2026: 17,000 Mtok, 48.35\u00a0USD\u00a0k"
