"""Part of the forecast multiplied: the cells that fit, as if typed, all in one step to take back."""

from __future__ import annotations

import pytest

from hedgedesk.desk import Desk, sample
from hedgedesk.domain.errors import InputError
from hedgedesk.files.draft.growing import growth_of, written

FILE = "consumption.csv"


@pytest.fixture
def drafts(tmp_path):
    desk = Desk(data=tmp_path)
    yield desk.drafts
    desk.close()


@pytest.fixture
def draft(drafts):
    return drafts.copy_of(sample(), "Copy")


def volumes(drafts, draft, **wanted):
    """Numbers of the lines whose cells are as ``wanted``."""
    table = drafts.table(draft, FILE)
    at = {name: k for k, name in enumerate(table.header)}
    rows = [row for row in table.rows if all(row[at[name]] == text for name, text in wanted.items())]
    return [float(row[at["mtok"]]) for row in rows]


def test_one_team_in_some_months_grows_and_nothing_else(drafts, draft):
    table = drafts.table(draft, FILE)
    at = {name: k for k, name in enumerate(table.header)}
    team, month = table.rows[0][at["team"]], table.rows[0][at["month"]]
    before, whole = volumes(drafts, draft, team=team, month=month), sum(volumes(drafts, draft))
    preview, cells = drafts.grow(draft, 0.1, team=team, first=month, last=month)
    after = volumes(drafts, draft, team=team, month=month)
    assert cells == len(before) > 0
    assert after == pytest.approx([value * 1.1 for value in before])
    assert sum(volumes(drafts, draft)) - whole == pytest.approx(sum(after) - sum(before))
    assert (preview.changes, preview.ready) == (1, True)


def test_one_step_takes_it_back_to_the_letter(drafts, draft):
    before = drafts.table(draft, FILE).rows
    drafts.grow(draft, 0.25)
    assert drafts.table(draft, FILE).rows != before
    assert drafts.undo(draft).changes == 0
    assert drafts.table(draft, FILE).rows == before


@pytest.mark.parametrize(
    "chosen", [{"team": "nobody"}, {"first": "2199-01"}, {"first": "soon"}, {"first": "2027-05", "last": "2027-01"}]
)
def test_a_choice_that_nothing_fits_changes_nothing(drafts, draft, chosen):
    before = drafts.table(draft, FILE).rows
    with pytest.raises(InputError):
        drafts.grow(draft, 0.1, **chosen)
    assert drafts.table(draft, FILE).rows == before


def test_a_growth_below_all_is_refused(drafts, draft):
    with pytest.raises(InputError):
        drafts.grow(draft, -1.5)


def test_a_number_is_written_as_its_column_writes_them():
    assert written(20_000 * 1.1, ".") == "22000"
    assert written(0.1 + 0.2, ",") == "0,3"
    assert written(0.0, ".") == "0"
    assert "e" not in written(1e-7, ".")


def test_empty_choices_are_everything():
    growth = growth_of(0.1, "", "", "", "")
    assert (growth.team, growth.model, growth.first_month, growth.last_month) == ("", "", None, None)


def test_a_forecast_too_long_to_be_edited_is_never_multiplied_in_part(drafts, draft, monkeypatch):
    before = drafts.table(draft, FILE).rows
    monkeypatch.setattr("hedgedesk.files.raw.MOST_ROWS", len(before) - 1)
    with pytest.raises(InputError, match="spreadsheet"):
        drafts.grow(draft, 0.1)
    monkeypatch.undo()
    assert drafts.table(draft, FILE).rows == before
