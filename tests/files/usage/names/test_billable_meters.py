"""The registry of meters says what the readers do, for every export."""

from __future__ import annotations

import re

import pytest

from hedgedesk.files.usage.names.billable_meters import RULES, Rule, item_of, tier_of, token_item
from hedgedesk.files.usage.vendors import EXPORTS

FORMULAS = ("uncached_input", "cache_read", "cache_write", "output", "cache_write_1h", "reasoning", "billed")


def test_every_export_has_one_rule_and_every_rule_an_export():
    read = {(export.vendor, export.name) for export in EXPORTS if not export.alone}
    assert sorted((rule.vendor, rule.export) for rule in RULES) == sorted(read)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.vendor}-{rule.export}")
def test_a_rule_names_columns_that_its_export_knows(rule: Rule):
    (export,) = (e for e in EXPORTS if (e.vendor, e.name) == (rule.vendor, rule.export) and not e.alone)
    known = {name for wanted in (*export.required, *export.optional) for name in wanted.split("|")}
    named = {name for formula in FORMULAS for name in re.split(r"\s*[-+*|]\s*", getattr(rule, formula))}
    assert named - known <= {"", "1000000"}


@pytest.mark.parametrize(
    ("word", "tier"),
    [("", "standard"), ("Default", "standard"), ("FLEX", "flex"), (" batch ", "batch"), ("scale", "scale")],
)
def test_tiers_have_one_name_whatever_the_vendor(word, tier):
    assert tier_of(word) == tier


@pytest.mark.parametrize(
    ("text", "item"),
    [("Web search", "web_search"), ("VAT 19%", "tax"), ("promotional credit", "credit"), ("seat licence", "other")],
)
def test_what_is_no_token_has_one_of_four_names(text, item):
    assert item_of(text) == item
    assert token_item(text) == item


def test_words_of_tokens_are_tokens():
    assert [token_item(text) for text in ("cached input", "output", "input_tokens", "tokens")] == ["tokens"] * 4
