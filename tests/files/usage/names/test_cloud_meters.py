"""Names of meters as clouds write them, and their units."""

from __future__ import annotations

import pytest

from hedgedesk.files.usage.names.cloud_meters import read_description, read_meter, tokens_per_unit


@pytest.mark.parametrize(
    ("name", "family", "model", "meter", "tier"),
    [
        ("gpt 4o 1120 Inp glbl Tokens", "Azure OpenAI", "gpt-4o-2024-11-20", "uncached_input", "standard"),
        ("gpt 4o 1120 cached Inp glbl Tokens", "Azure OpenAI", "gpt-4o-2024-11-20", "cache_read", "standard"),
        ("gpt-4o-0806-Batch-Outp-glbl Tokens", "Azure OpenAI", "gpt-4o-2024-08-06", "output", "batch"),
        ("5.4 opt Dz 1M Tokens", "Azure OpenAI GPT5", "gpt-5.4", "output", "standard"),
        ("GPT 5 Mini cchd Inpt Glbl 1M Tokens", "Azure OpenAI GPT5", "gpt-5-mini", "cache_read", "standard"),
        ("gpt-5-codex-ccchd-inp-glbl Tokens", "Azure OpenAI GPT5", "gpt-5-codex", "cache_read", "standard"),
        ("codex mini inp cchd glbl Tokens", "Azure OpenAI Reasoning", "codex-mini", "cache_read", "standard"),
        ("4.1 pp cd inp Dz", "Azure OpenAI PP FT GPT4s", "gpt-4.1", "cache_read", "priority"),
        ("o3 mini 0131 output glbl Tokens", "Azure OpenAI", "o3-mini-2025-01-31", "output", "standard"),
        ("V4 Pro cached glbl Tokens", "Azure Deepseek Models", "deepseek-v4-pro", "cache_read", "standard"),
        ("text-embedding-3-small glbl Tokens", "", "text-embedding-3-small", "uncached_input", "standard"),
        ("gpt-4-32K-Inp-glbl Tokens", "Azure OpenAI", "gpt-4-32k", "uncached_input", "standard"),
        ("USE1-Claude4.6Sonnet-input-tokens", "", "claude-sonnet-4.6", "uncached_input", "standard"),
        ("USE1-NovaPro-cache-read-input-token-count", "", "nova-pro", "cache_read", "standard"),
        ("EUC1-Nova2.0Lite-output-tokens-flex", "", "nova-2-lite", "output", "flex"),
        (
            "USE1-openai.gpt-oss-120b-mantle-input-tokens-standard",
            "",
            "openai.gpt-oss-120b",
            "uncached_input",
            "standard",
        ),
        ("USE1-MP:USE1_CacheWriteInputTokenCount-Units", "", "", "cache_write", "standard"),
        ("USW2-MP:USW2_output_tokens_global_standard-Units", "", "", "output", "standard"),
        ("Gemini 3.7 Flash Global Text Input - Predictions", "", "gemini-3.7-flash", "uncached_input", "standard"),
        ("Gemini 2.5 Flash GA Input Text Caching", "", "gemini-2.5-flash", "cache_read", "standard"),
    ],
)
def test_a_name_says_model_direction_and_tier(name: str, family: str, model: str, meter: str, tier: str) -> None:
    read = read_meter(name, family)
    assert (read.model, read.meter, read.tier, read.item) == (model, meter, tier, "tokens")


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("Provisioned Managed Regional Unit", "provisioned"),
        ("gpt-4o-0806-FT-Hstng-glbl Unit", "hosting"),
        ("gpt 4.1 dev ft training glbl Tokens", "training"),
        ("Gemini 3 Flash Text Input Caching Storage", "storage"),
        ("LLM Grounding with Google Search tool - Predictions", "web_search"),
        ("file-search-tool-calls-glbl Calls", "tool_calls"),
    ],
)
def test_what_buys_no_tokens_is_an_item_of_its_own(name: str, item: str) -> None:
    assert read_meter(name).item == item


def test_thinking_is_output_and_a_memo() -> None:
    read = read_meter("Gemini 2.5 Flash GA Thinking Text Output - Predictions")
    assert (read.meter, read.reasoning, read.model) == ("output", True, "gemini-2.5-flash")


def test_a_write_kept_an_hour_says_so() -> None:
    read = read_meter("USE1-Claude4.6Sonnet-cache-write-1h-input-token-count")
    assert (read.meter, read.kept_an_hour) == ("cache_write", True)


@pytest.mark.parametrize(
    ("text", "meter"),
    [
        ("$0.003 per 1K input tokens for Claude in US East (N. Virginia)", "uncached_input"),
        ("$0.0003 per 1K cache read input tokens for Nova Pro", "cache_read"),
        ("$15.00 per million output tokens", "output"),
        ("$0.023 per GB-month of storage in", None),
    ],
)
def test_a_sentence_of_prices_says_the_direction_alone(text: str, meter: str | None) -> None:
    read = read_description(text)
    assert (read.meter, read.model) == (meter, "")


@pytest.mark.parametrize(
    ("unit", "tokens"),
    [
        ("1K", 1e3),
        ("1M", 1e6),
        ("1 Thousand", 1e3),
        ("1000", 1e3),
        ("1,000", 1e3),
        ("1K Tokens", 1e3),
        ("M tokens", 1e6),
        ("Million Tokens", 1e6),
        ("Tokens", 1.0),
        ("token", 1.0),
        ("1 Hour", None),
        ("1/Month", None),
        ("GB", None),
        ("Requests", None),
        ("1 GB", None),
        ("1.2.3", None),
        ("", None),
    ],
)
def test_a_unit_is_a_count_of_tokens_or_none(unit: str, tokens: float | None) -> None:
    assert tokens_per_unit(unit) == tokens
