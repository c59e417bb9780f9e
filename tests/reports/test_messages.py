"""Every text has a key, and every key that the code asks for exists."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import hedgedesk
from hedgedesk.reports.messages import catalogue, say

PACKAGE = Path(hedgedesk.__file__).parent


def asked_keys() -> set[str]:
    """First arguments of ``say`` that are plain text."""
    found = set()
    for path in [*PACKAGE.glob("reports/*.py"), *PACKAGE.glob("dashboard/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
            if named and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    return found


def test_every_key_that_the_code_names_is_in_the_catalogue():
    assert len(asked_keys()) > 50
    assert asked_keys() - set(catalogue()) == set()


def test_placeholders_are_filled_and_a_missing_value_is_an_error():
    assert say("kpi.budget", amount="3.50") == "budget 3.50"
    with pytest.raises(KeyError):
        say("kpi.budget")
    with pytest.raises(KeyError):
        say("no.such.key")


def test_no_text_shouts_or_pleads():
    for key, text in catalogue().items():
        assert "!" not in text, key
        assert not {"please", "oops", "successfully"} & set(text.lower().split()), key


def test_the_banner_has_the_words_of_the_market_rules():
    words = f"{say('banner.lead')} {say('banner.text', as_of='20 Nov 2026')}"
    assert words == (
        "Not listed. Indicative curve from a model or from quotes you typed. "
        "No exchange trades this contract as of 20 Nov 2026."
    )
