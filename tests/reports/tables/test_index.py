"""The desk's own index as tables."""

from __future__ import annotations

import csv
import dataclasses
import io

import numpy as np
import pytest

from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.domain.price_index import AuditLine
from hedgedesk.reports.sheet import csv_bytes, sheet_bytes
from hedgedesk.reports.tables import index as tables
from hedgedesk.reports.tables import index_shelf


def texts(table, key):
    return [row[key].text for row in table.rows]


def test_prints_stand_newest_first_with_what_they_would_be_without_screens(make_index):
    table = tables.prints_table(make_index())
    assert texts(table, "date")[0] == "4 Oct 2026"
    assert texts(table, "value") == ["90.00", "90.00", "90.00", "100.00", "100.00"]
    assert texts(table, "unscreened")[:2] == ["120.00", "120.00"]
    assert texts(table, "change") == ["0.0%", "0.0%", "−10.0%", "0.0%", ""]
    assert texts(table, "state") == ["", "carried", "", "", ""]
    assert texts(table, "stale") == ["100%", "", "67%", "100%", ""]
    assert table.columns[1].unit.endswith("6 Sep 2026")


def test_constituents_stand_with_weight_and_move_the_largest_first(make_index):
    table = tables.constituents_table(make_index(), 2)
    assert texts(table, "constituent") == ["anthropic/claude-sonnet", "openai/gpt", "openai/o1"]
    assert texts(table, "weight") == ["50.0%", "25.0%", "25.0%"]
    assert texts(table, "move") == ["−19.0%", "0.0%", "0.0%"]
    assert table.rows[0]["move"].tone == "accent"


def test_what_is_not_in_a_print_is_not_listed(make_index):
    assert texts(tables.constituents_table(make_index()), "constituent") == ["anthropic/claude-sonnet", "openai/gpt"]
    assert tables.constituents_table(make_index(), 3).rows == ()


def test_the_file_of_constituents_has_every_weight_of_every_print(make_index):
    study = make_index()
    table = tables.weights_table(study)
    assert len(table.rows) == int(np.count_nonzero(study.weights))
    assert sum(row["weight"].value for row in table.rows) == pytest.approx(4.0)


def test_the_audit_stands_newest_first_with_its_rules_in_words(make_index):
    table = tables.audit_table(make_index())
    assert texts(table, "rule") == ["Unconfirmed move", "Minimum sample"]
    assert texts(table, "action") == ["left out", "last print carried"]
    odd = tables.audit_table(make_index(audit=(AuditLine("2026-10-04", "own_rule", "a", "b", "c"),)))
    assert texts(odd, "rule") == ["own rule"]


def test_verdicts_are_told_by_sign_and_word_and_not_by_colour_alone(make_index):
    table = tables.checks_table(make_index())
    assert texts(table, "verdict") == ["✗ no", "✓ yes", "◐ in part"]
    assert [row["verdict"].tone for row in table.rows] == ["breach", "accent", "under"]
    assert tables.checks_unit(make_index()) == "1 kept, 1 in part, 1 not"


def test_the_meaning_says_what_the_method_measures_and_what_was_noticed(make_index):
    told = tables.meaning(make_index(method="realised", notices=("3 Mtok of 2026-10-04 left out",)))
    assert told.startswith("Realised: what was spent over the tokens")
    assert told.replace("\u00a0", " ").endswith(" 3 Mtok of 4 Oct 2026 left out.")


def test_one_company_is_not_several(make_index):
    assert tables.constituents_unit(make_index(), 4) == "2 of 2 companies"
    alone = make_index(weights=np.array([[0, 0.5, 0.5]] * 5))
    assert tables.constituents_unit(alone, 4) == "2 of one company"


@pytest.mark.parametrize("name", sorted(index_shelf.TABLES))
def test_every_table_of_an_index_can_be_taken_away(make_index, name):
    study = make_index()
    rows = list(csv.reader(io.StringIO(csv_bytes(index_shelf.table(name, study)).decode("utf-8-sig"))))
    assert len(rows) == 1 + len(index_shelf.table(name, study).rows)
    about = index_shelf.about(name, study, "Larkspur")
    assert ("Desk", "Larkspur") in about
    assert any("Matched list" in text for _, text in about)
    assert sheet_bytes(index_shelf.table(name, study), "xlsx", about)[:2] == b"PK"


def test_an_unknown_table_is_refused_with_the_names_of_the_known(make_index):
    with pytest.raises(HedgeDeskError, match="audit, constituents, iosco, prints"):
        index_shelf.table("weights", make_index())


def test_texts_of_the_audit_leave_as_text(make_index, poison):
    lines = tuple(AuditLine("2026-10-04", "grubbs", name, name, name) for name in poison)
    table = index_shelf.table("audit", dataclasses.replace(make_index(), audit=lines))
    for row in list(csv.reader(io.StringIO(csv_bytes(table).decode("utf-8-sig"))))[1:]:
        assert all(cell[0] not in "=+-@\t＝" for cell in row if cell)
