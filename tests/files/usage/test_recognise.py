"""Whose export a file is: by its columns in any order and case, or by what the caller says."""

from __future__ import annotations

import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage.recognise import missing, normalised, recognise
from hedgedesk.files.usage.rows.export import Chunk, Export


def _nothing(_chunk: Chunk) -> None:
    return None


def export(vendor: str, *required: str, optional: tuple[str, ...] = (), alone: bool = False) -> Export:
    return Export(vendor, "usage", required, optional, None, _nothing, alone=alone)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("\ufeffPrompt Tokens ", "prompt_tokens"),
        ("startTime", "starttime"),
        ("Categoría del medidor (MeterCategory)", "metercategory"),
        ("BYOK Usage", "byok_usage"),
        ("cost-usd", "cost_usd"),
    ],
)
def test_names_are_compared_without_case_gaps_and_marks(written, name):
    assert normalised(written) == name


def test_the_export_with_most_required_columns_wins():
    few, many = export("a", "x"), export("b", "x", "y")
    found = recognise(["Y", "X", "z"], 1, [few, many], FileFindings("u.csv"))
    assert found is not None
    assert found.export is many
    assert found.position == {"y": 0, "x": 1, "z": 2}
    assert found.labels["y"] == "Y"
    assert found.unknown == ("z",)


def test_of_two_that_fit_as_well_the_one_that_knows_more_columns_wins():
    plain, fuller = export("a", "x"), export("b", "x", optional=("z",))
    found = recognise(["x", "z"], 1, [plain, fuller], FileFindings("u.csv"))
    assert found is not None
    assert found.export is fuller


def test_alternatives_and_patterns_count_as_one_column():
    either = export("a", "date|time", "cost_???")
    assert missing(either, ["time", "cost_usd"]) == []
    assert missing(either, ["time", "cost_total"]) == ["cost_???"]


def test_an_export_that_stands_alone_takes_no_other_columns():
    bare = export("a", "start_time", alone=True)
    assert missing(bare, ["start_time"]) == []
    assert missing(bare, ["start_time", "notes"]) == ["notes"]


def test_a_wrong_vendor_is_one_fault_that_names_what_is_missing(read_exports):
    text = "date,model,output_tokens\n2026-10-01,m,1\n"
    with pytest.raises(InputError) as refused:
        read_exports({"u.csv": text}, vendor="anthropic")
    (fault,) = refused.value.faults
    assert (fault.file, fault.row, fault.found) == ("u.csv", 1, "the columns date, model, output_tokens")
    assert fault.expected == "the columns of anthropic's cost export: usage_date_utc, token_type, cost_usd missing"


def test_a_right_vendor_that_is_said_reads_what_another_would_have_taken(read_exports):
    text = "start_time,num_model_requests,input_tokens,output_tokens,date,model\n1759276800,1,5,1,2025-10-01,m\n"
    assert read_exports({"u.csv": text}).files[0].vendor == "openai"
    assert read_exports({"u.csv": text}, vendor="generic").files[0].vendor == "generic"


def test_columns_that_nobody_knows_name_the_nearest_export_and_all_vendors(read_exports):
    with pytest.raises(InputError) as refused:
        read_exports({"u.csv": "usage_date_utc,model_version,usage_output_tokens\n2026-10-01,m,1\n"})
    (fault,) = refused.value.faults
    assert "nearest is anthropic's usage export, without usage_input_tokens_no_cache" in fault.expected
    assert "openai" in fault.expected


def test_a_column_that_is_there_twice_is_a_fault(read_exports):
    with pytest.raises(InputError) as refused:
        read_exports({"u.csv": "date,model,output_tokens,Output Tokens\n2026-10-01,m,1,2\n"})
    assert [(f.column, f.found) for f in refused.value.faults] == [("Output Tokens", "the column twice")]
