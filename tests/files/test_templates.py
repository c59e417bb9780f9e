"""Every template reads back without a fault, and all together are a desk that can be run."""

from __future__ import annotations

import dataclasses
import io
import tomllib

import pytest

from hedgedesk import pipeline
from hedgedesk.domain.errors import InputError
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.run import RunSettings
from hedgedesk.files import read_desk
from hedgedesk.files.contract import TERMS
from hedgedesk.files.documented import RULES, TABLES
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.rules.keys import CONTRACT, KEYS, PROGRAM, SETTINGS
from hedgedesk.files.templates import TEMPLATES, VENUE_TEMPLATES, template

PARSERS = {(stem.rpartition("/")[2], end): table.parse for stem, table in TABLES.items() for end in ("csv", "xlsx")}
PARSERS |= {(place.rpartition("/")[2].removesuffix(".toml"), "toml"): rules.parse for place, rules in RULES.items()}


def test_every_documented_file_has_a_template():
    assert set(TEMPLATES) == {name for name, _ in PARSERS}


@pytest.mark.parametrize(("name", "suffix"), PARSERS)
def test_a_template_reads_back_without_a_fault_or_a_notice(tmp_path, name, suffix):
    path = tmp_path / f"{name}.{suffix}"
    path.write_bytes(template(name, suffix))
    report = FileFindings(path.name)
    assert PARSERS[name, suffix](path, report) is not None
    assert (report.listed(), report.notices) == ([], [])


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_all_templates_together_are_a_desk_that_can_be_run(tmp_path, suffix):
    for place in (*TABLES, *RULES):
        path = tmp_path / (place if place in RULES else f"{place}.{suffix}")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(template(path.stem, path.suffix))
    inputs = read_desk(tmp_path)
    assert inputs.notices == ()
    if suffix == "csv":
        run = pipeline.run(dataclasses.replace(inputs, settings=RunSettings(scenarios=400)))
        assert run.report.hedged.mean > 0


@pytest.mark.parametrize("name", VENUE_TEMPLATES)
def test_the_terms_of_a_style_of_venue_make_a_desk_with_the_other_templates(tmp_path, name):
    for place in (*TABLES, *RULES):
        path = tmp_path / (place if place in RULES else f"{place}.csv")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(template(path.stem, path.suffix))
    terms = template(name, "toml").decode()
    # The other templates are in dollars and of 2027, which China has not announced yet.
    terms = terms.replace('currency = "CNY"', 'currency = "USD"').replace('"cn_exchange"', '"us_exchange"')
    (tmp_path / "market/contract.toml").write_text(terms, encoding="utf-8")
    assert read_desk(tmp_path).notices == ()


def test_numbers_in_a_workbook_are_numbers_and_text_stays_text():
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(template("consumption", "xlsx"))).active
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "s", "n", "s", "n", "n"]
    assert sheet.freeze_panes == "A2"


def test_every_key_that_can_be_read_is_explained():
    assert set(SETTINGS) == {field.name for field in dataclasses.fields(RunSettings)}
    assert set(TERMS) <= set(CONTRACT)
    assert {f.name.removesuffix("_by_month") for f in dataclasses.fields(HedgeProgram)} - {"terms"} == set(PROGRAM)
    for place, known in KEYS.items():
        text = template(place.rpartition("/")[2].removesuffix(".toml"), "toml").decode()
        assert all(f"# {key.meaning}" in text for key in known.values())


@pytest.mark.parametrize("place", KEYS)
def test_every_example_is_good_even_where_the_template_leaves_it_out(tmp_path, place):
    path = tmp_path / "all.toml"
    path.write_text("\n".join(f"{key} = {known.example}" for key, known in KEYS[place].items()), encoding="utf-8")
    report = FileFindings(path.name)
    assert set(tomllib.loads(path.read_text(encoding="utf-8"))) == set(KEYS[place])
    RULES[place].parse(path, report)
    assert report.listed() == []


@pytest.mark.parametrize(
    ("name", "suffix"), [("program", "csv"), ("book", "toml"), ("../book", "csv"), ("\u202ex", "csv")]
)
def test_a_template_that_does_not_exist_is_refused_with_those_that_do(name, suffix):
    with pytest.raises(InputError, match="there are consumption") as refusal:
        template(name, suffix)
    assert str(refusal.value).isprintable()
