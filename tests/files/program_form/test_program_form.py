"""The programme as a form of texts: shown, read back, grown, written into its file."""

import dataclasses
import tomllib

import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.instruments import InstrumentTerms
from hedgedesk.domain.program import Band, HedgeProgram, StateRules
from hedgedesk.files import program_form
from hedgedesk.files.program import read_program

FULL = HedgeProgram(
    currency="USD",
    budget=None,
    budget_by_month={"2027-01": 50_000.0, "2027-02": 61_500.25},
    level=0.975,
    risk_weight=0.3,
    over_hedge=0.9,
    credit_line=200_000.0,
    position_limit_by_month={"2027-02": 200.0, "2027-04": 150.0},
    transaction_cost_per_mtok=0.01,
    lots="fractional",
    instruments=("winter cap", "batch v1.5"),
    bands=(Band(1, 12, 0.5, 0.75), Band(13, 24, 0.07, 0.29)),
    terms=(
        InstrumentTerms("winter cap", "cap", {"dealer_spread": 0.07, "financing_rate": 0.03}),
        InstrumentTerms("batch v1.5", "batch", {"eligible_share": 0.3}, {"first_month": "2027-03"}),
    ),
    objective="cheapest",
    budget_at_risk=12_345.67,
    credit_line_level=0.9,
    premium_budget=5_000.0,
    turnover_mtok=4_000.0,
    quota=300.0,
    nearby_quota_by_month={"2027-02": 120.0},
    common_control_lots={"2027-02": 30.0},
    trading_days=5,
    depth_share=0.03,
    average_daily_lots=1_234.5,
    state_rules=StateRules(0.8, 10, rolls_count=True, traded_mtok={"2026": 1_200.0}),
)
FILE = """# What the board allows.
currency = "USD"
level = 0.95   # of the tail
lots = "whole"
bands = [
  {months_ahead = [1, 12], min = 0.50, max = 0.75},  # the first year
]

[instrument."winter cap"]
kind = "cap"
dealer_spread = 0.05  # as quoted
"""


@pytest.fixture
def texts() -> dict[str, str]:
    return program_form.texts_of(HedgeProgram("USD", bands=(Band(1, 12, 0.5, 0.75),)))


@pytest.mark.parametrize(
    "program",
    [
        FULL,
        HedgeProgram("CNY"),
        dataclasses.replace(FULL, state_rules=None, bands=()),
        HedgeProgram("USD", level=0.999),
    ],
)
def test_a_programme_comes_back_from_its_texts_as_it_was(program):
    assert program_form.program_of(program_form.texts_of(program), program.currency) == program


def test_every_field_of_a_programme_can_be_typed():
    typed = program_form.texts_of(FULL)
    table = program_form.table_of(typed, "USD")
    asked = {field.name for field in dataclasses.fields(HedgeProgram)} - {"terms"}  # under keys of their own
    assert {name.removesuffix("_by_month") for name in asked} <= set(table)


def test_every_fault_is_told_at_once_under_the_key_of_its_field_as_it_was_typed(texts):
    texts |= {
        "level": "ninety",
        "credit_line": "-5",
        "bands[1].min": "90",
        "quota": "2027-13: 20",
        "instrument.a cap.kind": "cap",
        "instrument.a cap.dealer_spread": "9.5.1",
        "instruments.a cap": "true",
    }
    with pytest.raises(InputError) as refused:
        program_form.program_of(texts, "USD")
    told = {fault.column: fault.found for fault in refused.value.faults}
    assert told["level"] == "ninety"
    assert told["credit_line"] == "-5"
    assert told["bands[1].min"] == "90"
    assert told["instrument.a cap.dealer_spread"] == "9.5.1"
    assert "quota.2027-13" in told
    assert all(fault.expected for fault in refused.value.faults)


def test_percent_signs_thousands_and_spans_are_read_as_people_write_them(texts):
    texts |= {"level": "97.5 %", "credit_line": "1,250,000", "bands[1].months_ahead": "1–18"}
    program = program_form.program_of(texts, "USD")
    assert (program.level, program.credit_line, program.bands[0].last_month_ahead) == (0.975, 1_250_000.0, 18)


def test_a_form_that_is_too_long_is_refused(texts):
    with pytest.raises(InputError, match="at most"):
        program_form.program_of(texts | {"objective": "x" * 3_000}, "USD")


def test_the_form_knows_what_differs_from_the_run(texts):
    form = program_form.form_of(texts | {"risk_weight": "2"}, texts, "USD", "CNY")
    assert [field.key for field in form.fields if field.moved] == ["risk_weight"]
    assert form.moved == 1


def test_a_band_that_is_added_follows_the_last_and_one_taken_out_lets_the_others_move_up(texts):
    two = program_form.with_band(texts)
    assert two["bands[2].months_ahead"] == "13 to 24"
    one = program_form.without_band(two, "1")
    assert one["bands[1].months_ahead"] == "13 to 24"
    assert "bands[2].months_ahead" not in one


def test_an_instrument_is_added_allowed_and_taken_out_without_its_neighbours(texts):
    both = program_form.with_instrument(program_form.with_instrument(texts, "cap", "cap"), "cap.b", "floor")
    assert both["instruments.cap"] == "true"
    left = program_form.without_instrument(both, "cap")
    assert left["instrument.cap.b.kind"] == "floor"
    assert "instruments.cap" not in left


@pytest.mark.parametrize(("name", "kind"), [("", "cap"), ("futures", "cap"), ("taken", "cap"), ("new", "swap")])
def test_an_instrument_needs_a_name_of_its_own_and_a_kind(texts, name, kind):
    texts |= {"instrument.taken.kind": "cap"}
    with pytest.raises(InputError) as refused:
        program_form.with_instrument(texts, name, kind)
    assert {fault.column for fault in refused.value.faults} <= {"new.name", "new.kind"}


def written(text: str, texts: dict[str, str]) -> str:
    implied = program_form.table_of(program_form.texts_of(HedgeProgram("USD")), "USD")
    return program_form.rewritten(text, program_form.table_of(texts, "USD"), implied)


def test_what_did_not_change_stays_in_the_file_with_its_comments(tmp_path):
    path = tmp_path / "program.toml"
    path.write_text(FILE)
    texts = program_form.texts_of(read_program(path)) | {
        "level": "97.5",
        "bands[1].min": "40",
        "quota": "2027-02: 200",
        "instrument.b.kind": "batch",
        "instrument.b.eligible_share": "30",
        "instruments.b": "true",
    }
    path.write_text(written(FILE, texts))
    assert read_program(path) == program_form.program_of(texts, "USD")
    for comment in ("# What the board allows.", "# of the tail", "# the first year", "# as quoted"):
        assert comment in path.read_text()
    assert "objective" not in path.read_text()


def test_a_rule_that_is_emptied_leaves_the_file():
    texts = {"instruments.futures": "true", "level": "95", "lots": "whole"}
    table = tomllib.loads(written(FILE, texts))
    assert set(table) == {"currency", "level", "lots"}
