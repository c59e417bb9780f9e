"""OpenRouter's exports: prompts that include the cache, money that is no token's, keys of one's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.domain.usage import UsageKey
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage.recognise import recognise
from hedgedesk.files.usage.vendors.openrouter import EXPORTS

REQUEST = {
    "generation_id": "gen-1782618417-a",
    "created_at": "2026-06-28 03:46:57.713",
    "cost_total": "0.0123",
    "cost_web_search": "0",
    "cost_cache": "-0.002",
    "cost_file_processing": "0",
    "byok_usage_inference": "0",
    "tokens_prompt": "10389",
    "tokens_completion": "137",
    "tokens_reasoning": "37",
    "tokens_cached": "8000",
    "model_permaslug": "anthropic/claude-4.5-sonnet-20250929",
    "provider_name": "Anthropic",
    "variant": "standard",
    "cancelled": "false",
    "streamed": "true",
    "user": "",
    "finish_reason_raw": "end_turn",
    "finish_reason_normalized": "stop",
    "generation_time_ms": "2940",
    "time_to_first_token_ms": "1016",
    "api_key_disabled": "false",
    "api_key_name": "search",
    "app_name": "Desk",
}
DAY = {
    "Date": "2026-05-12 00:00:00",
    "Slug": "anthropic/claude-opus-4.7",
    "Usage": "430.07",
    "BYOK Usage": "0",
    "Requests": "4115",
    "Prompt Tokens": "70965665",
    "Completion Tokens": "3009973",
    "Reasoning Tokens": "1000",
}


def test_a_request_has_its_cached_part_taken_off_the_prompt(exports: Any) -> None:
    measured = exports.obey_the_laws([REQUEST], [2389, 8000, 0, 137], 0.0123)
    assert measured.usage.keys == (UsageKey("openrouter", "anthropic/claude-4.5-sonnet-20250929", "search"),)
    assert measured.usage.reasoning.tolist() == [37]
    assert measured.usage.requests.tolist() == [1]
    assert str(measured.usage.starts[0]) == "2026-06-28T00:00:00"
    assert measured.files[0].unknown_columns == ()
    assert (measured.files[0].vendor, measured.files[0].export) == ("openrouter", "requests")


def test_a_column_of_cache_writes_is_taken_off_the_prompt_too(exports: Any) -> None:
    exports.obey_the_laws([REQUEST | {"tokens_cache_write": "389"}], [2000, 8000, 389, 137], 0.0123)


def test_more_cached_than_prompted_is_a_fault_at_its_line(exports: Any) -> None:
    measured = exports.read([REQUEST, REQUEST | {"generation_id": "b", "tokens_cached": "10390"}])
    assert [fault.row for fault in measured.faults] == [3]
    assert "double subtraction" in measured.faults[0].expected
    assert measured.usage.tokens.sum() == 10389 + 137


def test_web_searches_and_files_are_items_of_their_own_inside_the_total(exports: Any) -> None:
    row = REQUEST | {"cost_total": "0.05", "cost_web_search": "0.02", "cost_file_processing": "0.01"}
    usage = exports.obey_the_laws([row], [2389, 8000, 0, 137], 0.05).usage
    money = {key.item: float(usage.billed[usage.key == i].sum()) for i, key in enumerate(usage.keys)}
    assert money == {"tokens": pytest.approx(0.02), "web_search": 0.02, "other": 0.01}


def test_extras_above_the_total_are_left_in_it(exports: Any) -> None:
    usage = exports.read([REQUEST | {"cost_total": "0.01", "cost_web_search": "0.02"}]).usage
    assert [key.item for key in usage.keys] == ["tokens"]
    assert usage.billed.tolist() == [0.01]


def test_a_request_with_ones_own_key_is_billed_the_fee_alone_and_says_so(exports: Any) -> None:
    measured = exports.read([REQUEST | {"cost_total": "0.0006", "byok_usage_inference": "0.012"}])
    assert measured.usage.billed.tolist() == [0.0006]
    assert measured.usage.listed.tolist() == [0.012]
    assert any("(BYOK)" in notice and notice.endswith("twice: 1 row (USD 0.01)") for notice in measured.notices)


def test_a_cancelled_request_counts_what_it_billed(exports: Any) -> None:
    exports.obey_the_laws([REQUEST | {"cancelled": "true"}], [2389, 8000, 0, 137], 0.0123)


@pytest.mark.parametrize(("variant", "model"), [("free", "openai/gpt-oss-120b:free"), ("nitro", "openai/gpt-oss-120b")])
def test_a_variant_with_its_own_price_is_part_of_the_models_name(exports: Any, variant: str, model: str) -> None:
    usage = exports.read([REQUEST | {"model_permaslug": "openai/gpt-oss-120b", "variant": variant}]).usage
    assert usage.keys[0].model == model


def test_the_app_names_the_team_where_the_key_has_no_name(exports: Any) -> None:
    assert exports.read([REQUEST | {"api_key_name": ""}]).usage.keys[0].team == "Desk"


def test_a_generation_that_comes_again_counts_once_and_with_other_numbers_is_a_fault(exports: Any) -> None:
    measured = exports.read([REQUEST, REQUEST | {"app_name": "Renamed"}, REQUEST | {"cost_total": "9"}])
    assert measured.files[0].repeated == 1
    assert [fault.row for fault in measured.faults] == [4]
    assert measured.usage.billed.sum() == pytest.approx(0.0123)


def test_a_day_does_not_know_what_was_cached(exports: Any) -> None:
    second = DAY | {"Date": "2026-05-13 00:00:00", "Usage": "505.87", "Prompt Tokens": "87199493"}
    measured = exports.obey_the_laws([DAY, second], [158165158, 0, 0, 6019946], 935.94)
    assert measured.usage.keys == (UsageKey("openrouter", "anthropic/claude-opus-4.7", cache_known=False),)
    assert measured.usage.requests.tolist() == [4115, 4115]
    assert measured.files[0].cache_unknown == 158165158
    assert measured.files[0].first_day == "2026-05-12"


def test_days_as_the_interface_names_them_are_read_as_well(exports: Any) -> None:
    row = {
        "date": "2025-08-24",
        "model": "openai/gpt-4.1",
        "model_permaslug": "openai/gpt-4.1-2025-04-14",
        "endpoint_id": "ep1",
        "provider_name": "OpenAI",
        "usage": "0.1",
        "byok_usage_inference": "0.05",
        "requests": "1",
        "prompt_tokens": "10",
        "completion_tokens": "20",
        "reasoning_tokens": "5",
    }
    measured = exports.obey_the_laws([row, row | {"endpoint_id": "ep2"}], [20, 0, 0, 40], 0.2)
    assert measured.usage.keys[0].model == "openai/gpt-4.1-2025-04-14"


@st.composite
def _requests(draw: st.DrawFn) -> dict[str, object]:
    cached, rest = draw(st.integers(0, 10**6)), draw(st.integers(0, 10**6))
    return REQUEST | {
        "tokens_prompt": cached + rest,
        "tokens_cached": cached,
        "tokens_completion": draw(st.integers(0, 10**6)),
        "cost_total": draw(st.integers(0, 10**9)) / 1e9,
        "cost_web_search": draw(st.sampled_from([0, 0.02])),
        "model_permaslug": draw(st.sampled_from(["openai/gpt-5", "z-ai/glm-4.6"])),
        "created_at": f"2026-06-{draw(st.integers(1, 30)):02d}T{draw(st.integers(0, 23)):02d}:00:00Z",
    }


@settings(max_examples=15, deadline=None)
@given(st.lists(_requests(), min_size=1, max_size=12))
def test_tokens_and_money_are_conserved(exports: Any, rows: list[dict[str, Any]]) -> None:
    named = [row | {"generation_id": f"gen-{number}"} for number, row in enumerate(rows)]
    cached = sum(row["tokens_cached"] for row in rows)
    prompt = sum(row["tokens_prompt"] for row in rows)
    output = sum(row["tokens_completion"] for row in rows)
    exports.obey_the_laws(named, [prompt - cached, cached, 0, output], float(np.sum([r["cost_total"] for r in rows])))


def test_no_documented_column_is_unknown(reference_data: Path) -> None:
    documented = json.loads((reference_data / "export_formats" / "columns.json").read_text(encoding="utf-8"))
    wanted = {
        "requests": documented["openrouter_generation_csv"]["columns"],
        "activity by day": documented["openrouter_activity_daily_csv"]["columns"],
    }
    for export, columns in wanted.items():
        found = recognise(columns, 1, EXPORTS, FileFindings("e.csv"))
        assert found is not None
        assert (found.export.name, found.unknown) == (export, ())
