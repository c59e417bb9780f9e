"""Every table that a page offers as a file is there by its name, in the units that its header says."""

from __future__ import annotations

import re

import pytest

from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.tables import shelf
from hedgedesk.reports.tables.fields import fields

NUMBER = re.compile(r"\(?[+−]?([\d,]+(?:\.\d+)?)(%|\u00a0pp)?\)?")


@pytest.fixture(scope="session")
def filled(run, studies):
    """The run with something in every table."""
    return studies.with_options(studies.with_choices(run))


@pytest.mark.parametrize("name", sorted(shelf.TABLES))
def test_every_table_on_the_shelf_has_columns_with_unlike_titles(filled, name):
    table = shelf.table(name, filled)
    assert table.rows
    titles = [field.title for field in fields(table)]
    assert len(titles) == len(set(titles))
    assert all(titles)


@pytest.mark.parametrize("name", sorted(shelf.TABLES))
def test_the_number_behind_a_cell_is_in_the_unit_that_the_title_says(filled, name):
    table = shelf.table(name, filled)
    for column in table.columns:
        if column.kind != "number" or column.unit:
            continue  # with a unit of its own the text may be cut to another scale
        for row in table.rows:
            cell = row.get(column.key)
            shown = NUMBER.fullmatch(cell.text) if cell else None
            if shown is None or not isinstance(cell.value, (int, float)):
                continue
            text = float(shown[1].replace(",", "")) / (100.0 if shown[2] else 1.0)
            places = len(shown[1].partition(".")[2]) + (2 if shown[2] else 0)
            assert abs(text - abs(cell.value)) <= 0.51 * 10.0**-places + 0.005 * text, (column.title, cell)


def test_an_unknown_name_is_refused_with_the_names_there_are(run):
    with pytest.raises(HedgeDeskError, match=r"'plan\.nothing'.*overview\.fan.*plan\.trades"):
        shelf.table("plan.nothing", run)


def test_a_file_says_which_desk_run_and_day_its_table_is_of(run):
    about = dict(shelf.about("plan.trades", run, "Acme"))
    assert about["Desk"] == "Acme"
    assert about["Run"] == "7f3a9c2e51d04b86"
    assert about["As of"] == "20 Nov 2026"
