"""The bill in every unit: one amount of money, what a unit does not see, and words for people."""

from __future__ import annotations

import dataclasses

from hedgedesk.reports.tables.units import unit_name, units_table


def test_each_unit_tells_its_price_and_the_share_of_the_bill_that_it_does_not_see(study):
    own, output, blend = units_table(study).rows
    assert (own["unit"].text, own["volume"].text, own["price"].text) == ("Standard, M STU", "27,200", "1.50")
    assert [row["share"].text for row in (own, output, blend)] == ["20%", "50%", "75%"]
    assert blend["volume"].text == ""


def test_tokens_are_told_as_words_too_and_standard_tokens_are_not(study):
    own, output, _ = units_table(study).rows
    assert (output["words"].text, output["word_price"].text) == ("1,500", "27.20")
    assert "OpenAI" in output["words"].full
    assert own["words"].text == own["word_price"].text == ""


def test_a_bill_of_nothing_has_no_shares(study):
    bare = dataclasses.replace(study, units=tuple(dataclasses.replace(v, price=None, mtok=0.0) for v in study.units))
    assert {row["share"].text for row in units_table(bare).rows} == {""}


def test_a_unit_that_a_contract_brings_is_called_a_million_of_it():
    assert unit_name("acme") == "M\u00a0acme"
