"""One name for a model, whatever its vendor's files call it."""

from __future__ import annotations

import pytest

from hedgedesk.domain.model_names import model_slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Claude Opus 4.6", "claude-opus-4-6"),
        ("claude-opus-4-6-20260115", "claude-opus-4-6"),
        ("claude-opus-4-5@20251101", "claude-opus-4-5"),
        ("us.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4"),
        ("claude-opus-4-0", "claude-opus-4"),
        ("Claude Sonnet 4", "claude-sonnet-4"),
        ("Claude Haiku 3", "claude-3-haiku"),
        ("claude-3-haiku-20240307", "claude-3-haiku"),
        ("Claude Sonnet 3.7", "claude-3-7-sonnet"),
        ("claude-3-7-sonnet-latest", "claude-3-7-sonnet"),
        ("gpt-5-2025-08-07", "gpt-5"),
        ("GPT 4.1 mini", "gpt-4.1-mini"),
        ("anthropic/claude-sonnet-4.5", "claude-sonnet-4-5"),
        ("claude-opus-4-6[1m]", "claude-opus-4-6"),
        ("openai/gpt-5.1-2025-11-13:free", "gpt-5.1:free"),
        ("gemini-2.5-pro", "gemini-2.5-pro"),
        ("grok-4-0709", "grok-4-0709"),
        ("qwen3-max", "qwen3-max"),
        ("", ""),
    ],
)
def test_one_name_for_one_model(name, slug):
    assert model_slug(name) == slug
    assert model_slug(slug) == slug
