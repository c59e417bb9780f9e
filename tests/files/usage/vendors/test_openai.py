"""OpenAI's exports: cached tokens are inside the input, empty buckets are rows, money and tokens come in two files."""

from __future__ import annotations

import json

import pytest

from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage.recognise import recognise
from hedgedesk.files.usage.vendors.openai import EXPORTS, line_item

USAGE = (
    "start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,user_id,api_key_id,model,batch,"
    "service_tier,input_tokens,output_tokens,input_cached_tokens,input_uncached_tokens,input_text_tokens,"
    "output_text_tokens,input_cached_text_tokens,input_audio_tokens,input_cached_audio_tokens,output_audio_tokens,"
    "input_image_tokens,input_cached_image_tokens,output_image_tokens\n"
)
DAY = "1759276800,1759363200,2025-10-01T00:00:00+00:00,2025-10-02T00:00:00+00:00"
NEXT_DAY = "1759363200,1759449600,2025-10-02T00:00:00+00:00,2025-10-03T00:00:00+00:00"
ROW = f"{DAY},proj_a,7.0,,,gpt-5-2025-08-07,FALSE,default,59200.0,1200.0,53440.0,5760.0,59200,1200,53440,0,0,0,0,0,0\n"
EMPTY = f"{NEXT_DAY}{',' * 20}\n"

COST_2025 = (
    "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id,"
    "organization_id,organization_name\n"
)
COST_2026 = (
    "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,quantity,quantity_unit,line_item,"
    "user_id,api_key_id,project_id,organization_id,project_name,organization_name,user_email,api_source\n"
)


def test_cached_tokens_are_taken_off_the_input_once(read_exports):
    measured = read_exports({"completions_usage.csv": USAGE + ROW})
    usage = measured.usage
    assert usage.tokens.tolist() == [[5_760.0, 53_440.0, 0.0, 1_200.0]]
    assert usage.requests.tolist() == [7.0]
    assert (usage.keys[0].seller, usage.keys[0].model, usage.keys[0].team) == ("openai", "gpt-5-2025-08-07", "proj_a")
    assert str(usage.starts[0]) == "2025-10-01T00:00:00"
    assert measured.files[0].billed is None
    assert not measured.faults


def test_tokens_written_to_the_cache_are_taken_off_too_where_they_are_told(read_exports):
    header = USAGE.rstrip("\n") + ",input_cache_write_tokens\n"
    row = ROW.rstrip("\n") + ",760\n"
    measured = read_exports({"u.csv": header + row})
    assert measured.usage.tokens.tolist() == [[5_000.0, 53_440.0, 760.0, 1_200.0]]
    assert measured.files[0].unknown_columns == ()


def test_an_empty_bucket_is_no_row(read_exports):
    measured = read_exports({"u.csv": USAGE + ROW + EMPTY + NEXT_DAY + "\n"})
    assert measured.files[0].rows == 1
    assert measured.usage.starts.size == 1
    assert not measured.faults


def test_an_export_with_the_time_columns_alone_is_valid_and_empty(read_exports):
    measured = read_exports({"u.csv": f"start_time,end_time,start_time_iso,end_time_iso\n{DAY}\n{NEXT_DAY}\n"})
    file = measured.files[0]
    assert (file.vendor, file.rows, file.faults, file.first_day) == ("openai", 0, 0, None)
    assert measured.usage.starts.size == 0


def test_batch_and_service_tier_become_the_tier(read_exports):
    rows = "".join(
        ROW.replace("FALSE,default", f"{batch},{tier}").replace("proj_a", f"p{i}")
        for i, (batch, tier) in enumerate((("TRUE", "default"), ("FALSE", "priority"), ("FALSE", "flex"), ("", "")))
    )
    measured = read_exports({"u.csv": USAGE + rows})
    assert {key.team: key.tier for key in measured.usage.keys} == {
        "p0": "batch",
        "p1": "priority",
        "p2": "flex",
        "p3": "standard",
    }


def test_more_cached_tokens_than_input_are_a_double_subtraction(read_exports):
    bad = ROW.replace("53440.0,5760.0", "59201,0")
    measured = read_exports({"u.csv": USAGE + ROW + bad.replace("proj_a", "proj_b")})
    (fault,) = measured.faults
    assert (fault.file, fault.row, fault.column) == ("u.csv", 3, "input_cached_tokens")
    assert fault.found == "59,201 cached of 59,200 input tokens"
    assert "double subtraction" in fault.expected
    assert measured.files[0].rows == 2
    assert measured.usage.tokens.sum() == 59_200.0 + 1_200.0


def test_an_uncached_count_that_does_not_add_up_is_told_and_the_difference_is_taken(read_exports):
    measured = read_exports({"u.csv": USAGE + ROW.replace("5760.0", "5000")})
    assert measured.usage.tokens[0, 0] == 5_760.0
    assert measured.notices == (
        "u.csv: input_uncached_tokens are not input_tokens less the cached ones; that difference was taken: 1 row",
    )


def test_the_bill_of_2025_gives_money_and_no_tokens(read_exports):
    rows = (
        f'{DAY},1.2500000000001,usd,"gpt-5-2025-08-07, input",proj_a,org-1,Org\n'
        f'{DAY},0.25,usd,"gpt-5-2025-08-07, output",proj_a,org-1,Org\n'
        f'{DAY},0.03,usd,"web search tool calls | gpt-5",proj_a,org-1,Org\n'
        f"{NEXT_DAY},,usd,,,org-1,Org\n"
    )
    measured = read_exports({"cost.csv": COST_2025 + rows})
    file, usage = measured.files[0], measured.usage
    assert (file.export, file.rows, file.currency, file.faults) == ("cost", 3, "USD", 0)
    assert file.billed == pytest.approx(1.5300000000001, rel=1e-15)
    assert usage.tokens.sum() == 0.0
    billed = {
        (usage.keys[k].model, usage.keys[k].item): money for k, money in zip(usage.key, usage.billed, strict=True)
    }
    assert billed == {("gpt-5-2025-08-07", "tokens"): 1.5000000000001, ("gpt-5", "web_search"): 0.03}


def test_the_quantities_of_the_bill_of_2026_are_not_counted_as_tokens(read_exports):
    row = f'{DAY},0.5,usd,400000,tokens,"gpt-5-2025-08-07, input",,,proj_a,org-1,Search,Org,,api\n'
    measured = read_exports({"cost.csv": COST_2026 + row, "u.csv": USAGE + ROW})
    assert [file.export for file in measured.files] == ["cost", "usage"]
    usage = measured.usage
    assert usage.starts.size == 1, "money and tokens of one day and model meet in one row"
    assert usage.billed.tolist() == [0.5]
    assert usage.tokens.sum() == 60_400.0
    assert not measured.notices


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gpt-5-2025-08-07, cached input", ("gpt-5-2025-08-07", "tokens", "standard")),
        ("gpt-4o-mini-2024-07-18, batch output", ("gpt-4o-mini-2024-07-18", "tokens", "batch")),
        ("web search tool calls | gpt-4o", ("gpt-4o", "web_search", "standard")),
        ("gpt-5-mini", ("gpt-5-mini", "tokens", "standard")),
        ("Code interpreter sessions", ("", "other", "standard")),
        ("Promotional credit", ("", "credit", "standard")),
        ("", ("", "other", "standard")),
    ],
)
def test_a_line_of_the_bill_tells_model_item_and_tier(text, expected):
    assert line_item(text) == expected


def test_no_documented_column_is_unknown(reference_data):
    columns = json.loads((reference_data / "export_formats" / "columns.json").read_text(encoding="utf-8"))
    headers = (
        columns["openai_usage_completions_csv"]["columns"],
        columns["openai_cost_csv"]["columns_2025_10"],
        columns["openai_cost_csv"]["columns_2026"],
    )
    for header, name in zip(headers, ("usage", "cost", "cost"), strict=True):
        found = recognise(header, 1, EXPORTS, FileFindings("x.csv"))
        assert found is not None
        assert (found.export.name, found.unknown) == (name, ())


def test_a_file_cut_down_to_tokens_and_the_cached_ones_is_still_a_usage_export(read_exports):
    text = "start_time,model,input_tokens,output_tokens,input_cached_tokens\n1759276800,gpt-4o,100,7,40\n"
    measured = read_exports({"u.csv": text})
    assert (measured.files[0].vendor, measured.files[0].export) == ("openai", "usage")
    assert measured.usage.tokens.tolist() == [[60.0, 40.0, 0.0, 7.0]]
