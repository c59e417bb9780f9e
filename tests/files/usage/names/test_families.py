"""Whose model a bare name is."""

from __future__ import annotations

import pytest

from hedgedesk.files.usage.names.families import seller_and_model


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gpt-5", ("openai", "gpt-5")),
        ("O3-mini", ("openai", "o3-mini")),
        ("claude-opus-5", ("anthropic", "claude-opus-5")),
        ("grok-4", ("xai", "grok-4")),
        ("kimi-k3", ("moonshotai", "kimi-k3")),
        ("Google/gemini-2.5-pro", ("google", "gemini-2.5-pro")),
        ("accounts/fireworks/models/x", ("accounts", "fireworks/models/x")),
        ("house", ("nobody", "house")),
        ("", ("nobody", "")),
        ("/x", ("nobody", "/x")),
    ],
)
def test_a_prefix_or_the_family_says_it(name: str, expected: tuple[str, str]) -> None:
    assert seller_and_model(name, "nobody") == expected
