"""Which documented file is this: by name at any depth, else by columns or keys."""

from __future__ import annotations

import pytest

from hedgedesk.files.draft.recognise import LOADABLE, recognise
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.templates import template


@pytest.fixture
def recognised(tmp_path):
    """Stem and faults of content under a name."""

    def call(name, content):
        path = tmp_path / f"0001{name[name.rfind('.') :] if '.' in name else '.bin'}"
        path.write_bytes(content)
        report = FileFindings(name)
        return recognise(name, path, report), [(fault.found, fault.expected) for fault in report.listed()]

    return call


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("consumption.csv", "consumption"),
        ("mydesk/Market/Index.CSV", "market/index"),
        ("desk\\market\\list prices.xlsx", "market/list_prices"),
        ("book (1).csv", "book"),
        ("book.tsv", "book"),
        ("a/b/c/contract.toml", "market/contract.toml"),
        ("program.toml", "program.toml"),
    ],
)
def test_a_documented_name_decides_at_any_depth(recognised, name, stem):
    assert recognised(name, b"whatever") == (stem, [])


@pytest.mark.parametrize(
    ("table", "stem"),
    [
        ("consumption", "consumption"),
        ("commitments", "commitments"),
        ("book", "book"),
        ("index", "market/index"),
        ("futures", "market/futures"),
        ("list_prices", "market/list_prices"),
        ("fx", "market/fx"),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_table_of_another_name_is_known_by_its_columns(recognised, table, stem, suffix):
    assert recognised(f"forecast_2027.{suffix}", template(table, suffix)) == (stem, [])


@pytest.mark.parametrize(
    ("rules", "stem"),
    [("contract", "market/contract.toml"), ("program", "program.toml"), ("settings", "settings.toml")],
)
def test_rules_of_another_name_are_known_by_their_keys(recognised, rules, stem):
    assert recognised("mine.toml", template(rules, "toml")) == (stem, [])


def test_a_forecast_that_lacks_a_column_is_still_a_forecast(recognised):
    assert recognised("plan.csv", b"month,model,mtok\n2027-01,m,5\n")[0] == "consumption"


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("x.csv", b"a,b\n1,2\n", "a table with the columns a, b"),
        ("x.csv", b"date,other\n1,2\n", "a table with the columns date, other"),
        ("x.csv", b"", "an empty file"),
        ("x.csv", b"PK\x03\x04", "a zip archive"),
        ("x.xlsx", b"a,b", "text or unknown bytes"),
        ("x.toml", b"colour = 1", "the keys colour"),
        ("x.toml", b"", "the keys (none)"),
        ("x.toml", b"= 1", "Invalid statement"),
        ("x.toml", b'currency = "USD"', "the keys currency"),
    ],
)
def test_what_is_not_recognised_is_a_fault_that_says_what_was_found(recognised, name, content, found):
    stem, faults = recognised(name, content)
    assert stem is None
    assert [fault[0] for fault in faults] == [found]


@pytest.mark.parametrize("suffix", ["xls", "ods", "pdf", "numbers", "xlsm", "xlsb"])
def test_other_sheets_are_asked_for_as_xlsx_or_csv(recognised, suffix):
    stem, faults = recognised(f"consumption.{suffix}", b"whatever")
    assert stem is None
    assert faults[0][1] == "a table saved as .xlsx or .csv"


def test_a_file_of_no_kind_is_told_what_can_be_loaded(recognised):
    assert recognised("run", b"")[1] == [("a file without ending", LOADABLE)]
