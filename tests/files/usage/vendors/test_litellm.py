"""LiteLLM's tables: prompts with the cache inside, its own cache, failures, and what metadata tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.domain.usage import UsageKey
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage.recognise import recognise
from hedgedesk.files.usage.vendors.litellm import EXPORTS

LOG = {
    "request_id": "chatcmpl-1",
    "call_type": "acompletion",
    "api_key": "hash",
    "spend": "0.0125",
    "total_tokens": "1100",
    "prompt_tokens": "1000",
    "completion_tokens": "100",
    "startTime": "2026-07-01 23:59:59.5",
    "endTime": "2026-07-02 00:00:04",
    "model": "anthropic/claude-sonnet-4-5",
    "custom_llm_provider": "anthropic",
    "metadata": "{}",
    "cache_hit": "False",
    "team_id": "support",
    "status": "success",
}
DAY = {
    "id": "6a",
    "user_id": "u",
    "date": "2026-07-01",
    "api_key": "hash",
    "model": "gpt-4.1",
    "model_group": "gpt-4.1",
    "custom_llm_provider": "azure",
    "prompt_tokens": "1000",
    "completion_tokens": "50",
    "cache_read_input_tokens": "600",
    "cache_creation_input_tokens": "100",
    "spend": "0.2",
    "api_requests": "7",
    "successful_requests": "6",
    "failed_requests": "1",
}


def _metadata(**values: object) -> dict[str, object]:
    return LOG | {"metadata": json.dumps(values)}


def test_without_a_word_of_the_cache_the_split_is_unknown_not_0(exports: Any) -> None:
    measured = exports.obey_the_laws([LOG], [1000, 0, 0, 100], 0.0125)
    assert measured.usage.keys == (UsageKey("anthropic", "claude-sonnet-4-5", "support", cache_known=False),)
    assert measured.files[0].cache_unknown == 1000
    assert str(measured.usage.starts[0]) == "2026-07-01T00:00:00"


@pytest.mark.parametrize(
    "metadata",
    [
        {"additional_usage_values": {"cache_read_input_tokens": 600, "cache_creation_input_tokens": 300}},
        {"usage_object": {"cache_read_input_tokens": 600, "cache_creation_input_tokens": 300}},
        {"usage_object": {"prompt_tokens_details": {"cached_tokens": 600, "cache_creation_tokens": 300}}},
        {"additional_usage_values": {"prompt_tokens_details": {"cached_tokens": 600, "cache_write_tokens": 300}}},
    ],
)
def test_metadata_tells_the_cache_inside_the_prompt(exports: Any, metadata: dict[str, object]) -> None:
    measured = exports.obey_the_laws([_metadata(**metadata)], [100, 600, 300, 100], 0.0125)
    assert measured.usage.keys[0].cache_known


def test_a_prompt_smaller_than_its_cache_parts_stands_apart_from_them(exports: Any) -> None:
    row = _metadata(additional_usage_values={"cache_read_input_tokens": 9000}) | {"prompt_tokens": "12"}
    exports.obey_the_laws([row], [12, 9000, 0, 100], 0.0125)


def test_reasoning_and_writes_kept_an_hour_are_memos(exports: Any) -> None:
    details = {"cache_creation_tokens": 300, "cache_creation_token_details": {"ephemeral_1h_input_tokens": 250}}
    row = _metadata(
        usage_object={"prompt_tokens_details": details, "completion_tokens_details": {"reasoning_tokens": 80}}
    )
    usage = exports.read([row]).usage
    assert usage.cache_write_1h.tolist() == [250]
    assert usage.reasoning.tolist() == [80]
    assert usage.tokens.tolist() == [[700, 0, 300, 100]]


def test_answers_from_litellms_own_cache_are_no_purchase(exports: Any) -> None:
    hit = LOG | {"request_id": "2", "cache_hit": "True", "spend": "0"}
    measured = exports.obey_the_laws([LOG, hit], [1000, 0, 0, 100], 0.0125)
    assert measured.files[0].rows == 2
    assert any(notice.endswith("own cache were not bought and are left out: 1 row") for notice in measured.notices)


def test_a_failure_without_cost_is_left_out_and_one_with_cost_counts(exports: Any) -> None:
    failed = LOG | {"status": "failure"}
    measured = exports.read([failed | {"request_id": "2", "spend": "0"}, failed])
    assert measured.usage.billed.tolist() == [0.0125]
    assert any("failed requests that cost nothing are left out: 1 row" in notice for notice in measured.notices)


def test_metadata_that_cannot_be_read_leaves_the_row_good(exports: Any) -> None:
    measured = exports.read([LOG | {"metadata": "{'python': None}"}])
    assert measured.faults == ()
    assert measured.usage.tokens.tolist() == [[1000, 0, 0, 100]]
    assert any("metadata that is no JSON map" in notice for notice in measured.notices)


def test_a_negative_count_in_metadata_is_a_fault(exports: Any) -> None:
    measured = exports.read([_metadata(additional_usage_values={"cache_read_input_tokens": -1})])
    assert [(fault.row, fault.column) for fault in measured.faults] == [(2, "metadata")]


def test_a_batch_call_is_of_the_batch_tier(exports: Any) -> None:
    assert exports.read([LOG | {"call_type": "aretrieve_batch"}]).usage.keys[0].tier == "batch"


@pytest.mark.parametrize(
    ("provider", "model", "key"),
    [
        ("azure", "gpt-4o", ("azure", "gpt-4o")),
        ("openrouter", "openrouter/z-ai/glm-4.6", ("openrouter", "z-ai/glm-4.6")),
        ("openrouter", "z-ai/glm-4.6", ("openrouter", "z-ai/glm-4.6")),
        ("", "gemini/gemini-2.5-pro", ("gemini", "gemini-2.5-pro")),
        ("", "house-model", ("litellm", "house-model")),
    ],
)
def test_the_provider_is_the_seller(exports: Any, provider: str, model: str, key: tuple[str, str]) -> None:
    found = exports.read([LOG | {"custom_llm_provider": provider, "model": model}]).usage.keys[0]
    assert (found.seller, found.model) == key


def test_the_prompt_of_a_day_includes_its_cache_columns(exports: Any) -> None:
    measured = exports.obey_the_laws([DAY], [300, 600, 100, 50], 0.2)
    assert measured.files[0].export == "daily spend"
    assert measured.usage.requests.tolist() == [7]


def test_a_day_of_a_version_without_cache_columns_does_not_know_the_split(exports: Any) -> None:
    old = {name: value for name, value in DAY.items() if not name.startswith("cache_")}
    assert exports.read([old]).usage.keys[0].cache_known is False


_COUNTS = st.integers(0, 10**6)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(_COUNTS, _COUNTS, _COUNTS, _COUNTS, st.integers(0, 10**6)), min_size=1, max_size=10))
def test_tokens_and_money_are_conserved(exports: Any, counts: list[tuple[int, ...]]) -> None:
    rows = [
        _metadata(additional_usage_values={"cache_read_input_tokens": read, "cache_creation_input_tokens": written})
        | {
            "request_id": str(n),
            "prompt_tokens": fresh + read + written,
            "completion_tokens": out,
            "spend": cents / 1e6,
        }
        for n, (fresh, read, written, out, cents) in enumerate(counts)
    ]
    exports.obey_the_laws(rows, [sum(each[i] for each in counts) for i in range(4)], sum(c[4] for c in counts) / 1e6)


def test_no_documented_column_is_unknown(reference_data: Path) -> None:
    documented = json.loads((reference_data / "export_formats" / "columns.json").read_text(encoding="utf-8"))
    wanted = {
        "spend logs": [name for name, _ in documented["litellm_spend_logs"]["columns"]],
        "daily spend": [name for name, _ in documented["litellm_daily_user_spend"]["columns"]],
    }
    for export, columns in wanted.items():
        found = recognise(columns, 1, EXPORTS, FileFindings("e.csv"))
        assert found is not None
        assert (found.export.name, found.unknown) == (export, ())


def test_a_table_by_day_needs_neither_keys_nor_sellers(exports: Any) -> None:
    day = {name: DAY[name] for name in ("date", "model", "prompt_tokens", "completion_tokens", "spend")}
    measured = exports.read([day])
    assert (measured.files[0].vendor, measured.files[0].export) == ("litellm", "daily spend")
    assert measured.usage.tokens.tolist() == [[1000.0, 0.0, 0.0, 50.0]]
    assert measured.files[0].cache_unknown == 1000.0
