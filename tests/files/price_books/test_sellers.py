"""One name for a seller, however an export spells it."""

from __future__ import annotations

import pytest

from hedgedesk.files.price_books.sellers import SPELLINGS, one_name


@pytest.mark.parametrize(
    ("spelled", "name"),
    [("OpenAI", "openai"), ("vertex_ai", "google"), ("Microsoft Azure", "azure"), (" x-ai ", "xai"), ("", "")],
)
def test_sellers_have_one_name(spelled: str, name: str) -> None:
    assert one_name(spelled) == name


def test_one_name_is_its_own_name() -> None:
    assert {one_name(name) for name in SPELLINGS.values()} == set(SPELLINGS.values())
