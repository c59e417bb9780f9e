"""Anthropic's console exports: four meters as they stand, two names for one model."""

from __future__ import annotations

import json

import pytest

from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage.recognise import recognise
from hedgedesk.files.usage.vendors.anthropic import EXPORTS

USAGE = (
    "usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,"
    "usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,"
    "usage_output_tokens,web_search_count,inference_geo,speed\n"
)
OLDER = USAGE.replace(",context_window", "").replace(",inference_geo,speed", "")
COST = (
    "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,"
    "inference_geo,speed\n"
)


def test_uncached_input_stands_apart_and_the_two_cache_writes_are_added(read_exports):
    row = "2026-08-01,claude-opus-4-6,key,Search,standard,≤ 200k,100,20,3,4000,50,2,us,\n"
    measured = read_exports({"u.csv": USAGE + row})
    usage = measured.usage
    assert usage.tokens.tolist() == [[100.0, 4_000.0, 23.0, 50.0]]
    assert usage.cache_write_1h.tolist() == [3.0]
    key = usage.keys[0]
    assert (key.seller, key.model, key.team, key.region, key.tier) == (
        "anthropic",
        "claude-opus-4-6",
        "Search",
        "us",
        "standard",
    )
    assert not measured.faults
    assert measured.files[0].unknown_columns == ()


def test_the_older_columns_read_the_same(read_exports):
    row = "2025-06-03,claude-sonnet-4-20250514,key,Search,batch,100,20,3,4000,50,2\n"
    measured = read_exports({"u.csv": OLDER + row})
    assert measured.usage.tokens.tolist() == [[100.0, 4_000.0, 23.0, 50.0]]
    assert measured.usage.keys[0].tier == "batch"
    assert measured.usage.keys[0].model == "claude-sonnet-4"


@pytest.mark.parametrize(
    ("kind", "speed", "geo", "tier", "region"),
    [
        ("standard", "fast", "not_available", "fast", ""),
        ("batch", "fast", "eu", "batch", "eu"),
        ("standard", "", "", "standard", ""),
        ("priority", "", "global", "priority", "global"),
    ],
)
def test_type_of_use_speed_and_place_become_tier_and_region(read_exports, kind, speed, geo, tier, region):
    row = f"2026-08-01,claude-opus-4-6,key,Search,{kind},≤ 200k,100,0,0,0,50,0,{geo},{speed}\n"
    (key,) = read_exports({"u.csv": USAGE + row}).usage.keys
    assert (key.tier, key.region) == (tier, region)


def test_use_and_bill_meet_under_one_name_of_the_model(read_exports):
    used = "2026-08-01,claude-opus-4-6-20260115,key,Search,standard,≤ 200k,1000,0,0,0,50,0,not_available,\n"
    billed = (
        "2026-08-01,Claude Opus 4.6,Search,key,standard,≤ 200k,input_no_cache,0.0040,0.0050,token_usage,"
        "not_available,\n"
        "2026-08-01,Claude Opus 4.6,Search,key,standard,≤ 200k,output,0.0010,0.00125,token_usage,not_available,\n"
        "2026-08-01,,Search,key,standard,,,0.01,0.01,web_search,not_available,\n"
    )
    measured = read_exports({"u.csv": USAGE + used, "c.csv": COST + billed})
    usage = measured.usage
    assert [(usage.keys[k].model, usage.keys[k].item) for k in usage.key] == [
        ("", "web_search"),
        ("claude-opus-4-6", "tokens"),
    ]
    assert usage.billed.tolist() == pytest.approx([0.01, 0.005], rel=1e-15)
    assert usage.listed.tolist() == pytest.approx([0.01, 0.00625], rel=1e-15)
    assert usage.tokens.sum(axis=1).tolist() == [0.0, 1_050.0]
    assert not measured.faults


def test_negative_tokens_are_faults_at_their_cell(read_exports):
    rows = (
        "2026-08-01,claude-opus-4-6,key,Search,standard,≤ 200k,-1,0,0,0,50,0,us,\n"
        "2026-08-02,claude-opus-4-6,key,Search,standard,≤ 200k,1,0,0,0,many,0,us,\n"
        "31/31/2026,claude-opus-4-6,key,Search,standard,≤ 200k,1,0,0,0,1,0,us,\n"
    )
    measured = read_exports({"u.csv": USAGE + rows})
    assert [(f.row, f.column, f.found) for f in measured.faults] == [
        (2, "usage_input_tokens_no_cache", "-1"),
        (3, "usage_output_tokens", "many"),
        (4, "usage_date_utc", "31/31/2026"),
    ]
    assert measured.files[0].faults == 3
    assert measured.usage.starts.size == 0


def test_no_documented_column_is_unknown(reference_data):
    columns = json.loads((reference_data / "export_formats" / "columns.json").read_text(encoding="utf-8"))
    usage, cost = columns["anthropic_console_usage_csv"], columns["anthropic_console_cost_csv"]
    headers = (
        (usage["columns"], "usage"),
        (usage["older_columns_2025_06"], "usage"),
        (cost["columns"], "cost"),
        ([*cost["columns"], *cost["extra_columns_2026_08"]], "cost"),
    )
    for header, name in headers:
        found = recognise(header, 1, EXPORTS, FileFindings("x.csv"))
        assert found is not None
        assert (found.export.name, found.unknown) == (name, ())
